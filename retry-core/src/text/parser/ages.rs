//! `ages [2h: 15m, 16h: 1h x1.5, 4d: 6h]`

use super::Parser;
use super::leaf::Tree;
use crate::text::error::ParseError;
use crate::time::duration;
use crate::{Interval, Invalid, Segment, Segments};

impl Parser<'_> {
    /// Segments by age, behind `ages`.
    pub(super) fn ages(&mut self) -> Result<Tree, ParseError> {
        self.require("[")?;
        let start = self.cursor.place();
        let mut segments: Vec<Segment> = Vec::new();
        while !self.eat("]") {
            self.cursor.skip_space();
            let place = self.cursor.place();
            let segment = self.segment()?;
            if segments.last().is_some_and(|before| before.until >= segment.until) {
                return Err(self.contradiction(place, Invalid::Order));
            }
            self.take_room(place, 1)?;
            segments.push(segment);
            if !self.eat(",") && !self.cursor.rest().starts_with(']') {
                return Err(self.unexpected(&["`,`", "`]`"]));
            }
        }
        Segments::new(segments).map(Tree::leaf).map_err(|invalid| self.contradiction(start, invalid))
    }

    /// `AGE: DELAY`, `AGE: FIRST xFACTOR` or `AGE: random FIRST xFACTOR`
    fn segment(&mut self) -> Result<Segment, ParseError> {
        let until = duration(self.duration_or("an age such as `2h`")?);
        self.require(":")?;
        let random = self.eat_word("random");
        let first = duration(self.duration()?);
        let interval = match self.times_sign()? {
            Some(factor) if random => Interval::Random { first, factor },
            Some(factor) => Interval::Geometric { first, factor },
            None if random => return Err(self.unexpected(&["a factor such as `x1.5`"])),
            None => Interval::Fixed(first),
        };
        Ok(Segment::new(until, interval))
    }
}
