//! `[5m 5m*2 30m 1h+]`, and the same with commas alone.

use std::time::Duration;

use super::Parser;
use super::leaf::Tree;
use crate::text::cursor::Place;
use crate::text::error::{ParseError, ParseErrorKind};
use crate::time::duration;
use crate::{Invalid, Staggered};

impl Parser<'_> {
    /// A list behind its opening bracket: spaces, commas or both between the entries.
    pub(super) fn list(&mut self) -> Result<Tree, ParseError> {
        let (start, mut delays, mut repeats) = (self.cursor.place(), Vec::new(), false);
        while !self.eat("]") {
            if repeats {
                return Err(self.unexpected(&["`]`: `+` stands behind the last entry"]));
            }
            if !self.cursor.at_digit() && !self.at_duration() {
                return Err(self.unexpected(&["a duration such as `30s`", "`]`"]));
            }
            self.entry(&mut delays)?;
            repeats = self.eat("+");
            self.eat(",");
        }
        self.staggered(start, delays, repeats)
    }

    /// A list without brackets, up to a comma that no duration follows.
    pub(super) fn bare_list(&mut self) -> Result<Tree, ParseError> {
        let (start, mut delays) = (self.cursor.place(), Vec::new());
        loop {
            self.entry(&mut delays)?;
            if self.at_repeat() {
                self.cursor.eat("+");
                return self.staggered(start, delays, true);
            }
            let before = self.cursor;
            if !self.eat(",") {
                return self.staggered(start, delays, false);
            }
            self.cursor.skip_space();
            if !self.at_duration() {
                self.cursor = before;
                return self.staggered(start, delays, false);
            }
        }
    }

    /// A `+` right behind an entry repeats it; one with something behind it is jitter.
    fn at_repeat(&self) -> bool {
        let mut ahead = self.cursor;
        ahead.eat("+") && !ahead.peek().is_some_and(|c| c.is_ascii_digit() || c == '-')
    }

    /// `5m` or `5m*2`
    fn entry(&mut self, delays: &mut Vec<Duration>) -> Result<(), ParseError> {
        let delay = self.duration()?;
        let mut ahead = self.cursor;
        ahead.skip_space();
        let mut times = 1;
        let mut place = self.cursor.place();
        if ahead.eat("*") {
            self.cursor = ahead;
            self.cursor.skip_space();
            place = self.cursor.place();
            times = self.integer("how many times", 1, u32::MAX)? as usize;
        }
        self.take_room(place, times)?;
        delays.extend(std::iter::repeat_n(duration(delay), times));
        Ok(())
    }

    /// Of the room for entries that a text has.
    pub(super) fn take_room(&mut self, place: Place, entries: usize) -> Result<(), ParseError> {
        self.room = self.room.checked_sub(entries).ok_or_else(|| {
            self.error(
                place,
                ParseErrorKind::TooLarge { what: "the lists have too many entries", most: super::MOST_ENTRIES },
            )
        })?;
        Ok(())
    }

    fn staggered(&self, start: Place, delays: Vec<Duration>, repeats: bool) -> Result<Tree, ParseError> {
        let list = Staggered::new(delays).map_err(|invalid: Invalid| self.contradiction(start, invalid))?;
        Ok(Tree::leaf(if repeats { list.last_repeats() } else { list }))
    }
}
