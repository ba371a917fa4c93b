//! Reads the text form: one method for each rule of the grammar, one file for each kind of them.

use super::cursor::{Cursor, Place};
use super::error::{ParseError, ParseErrorKind};
use super::names::PolicyNames;
use super::nearest::nearest;
use super::number::{Decimal, Misfit};
use crate::{Invalid, Ratio};

mod ages;
mod alone;
mod clause;
mod combined;
mod hint;
mod jitter;
mod leaf;
mod list;
mod part;
mod whole;

#[cfg(feature = "serde")]
pub(super) use clause::{attempts, retries};
pub(super) use whole::Role;

/// Bytes of a text.
const LONGEST: usize = 65_536;
/// Entries of all lists of a text together, since `1s*4000000000` is short to write.
const MOST_ENTRIES: usize = 65_536;
/// Schedules inside each other, and parentheses: the parser and the engine go down as deep.
const DEEPEST: usize = 32;

pub(super) struct Parser<'a> {
    pub(super) cursor: Cursor<'a>,
    names: &'a dyn PolicyNames,
    /// How many more entries the lists may have.
    room: usize,
    /// Parentheses that are open.
    open: usize,
}

impl<'a> Parser<'a> {
    /// What `read` makes of the whole of `text`.
    pub(super) fn run<T>(
        names: &'a dyn PolicyNames,
        text: &'a str,
        read: impl FnOnce(&mut Self) -> Result<T, ParseError>,
    ) -> Result<T, ParseError> {
        let mut parser = Self { cursor: Cursor::new(text), names, room: MOST_ENTRIES, open: 0 };
        if text.len() > LONGEST {
            return Err(parser.error(
                parser.cursor.place(),
                ParseErrorKind::TooLarge { what: "the text has too many bytes", most: LONGEST },
            ));
        }
        read(&mut parser)
    }

    pub(super) fn error(&self, place: Place, kind: ParseErrorKind) -> ParseError {
        ParseError::new(self.cursor.column(place), self.cursor.token(place), kind)
    }

    /// Something else than `expected` stands here. A near miss among its words in backticks is suggested.
    pub(super) fn unexpected(&self, expected: &[&str]) -> ParseError {
        let words = expected.iter().filter_map(|item| item.strip_prefix('`')?.strip_suffix('`'));
        self.unexpected_among(expected, words)
    }

    /// The same with words that are not all in the list.
    pub(super) fn unexpected_among<'b>(
        &self,
        expected: &[&str],
        words: impl IntoIterator<Item = &'b str>,
    ) -> ParseError {
        let suggestion = nearest(self.cursor.word(), words).map(str::to_owned);
        self.unexpected_with(self.cursor.place(), expected, suggestion)
    }

    pub(super) fn unexpected_with(&self, place: Place, expected: &[&str], suggestion: Option<String>) -> ParseError {
        let expected = expected.iter().map(|item| (*item).to_owned()).collect();
        self.error(place, ParseErrorKind::Unexpected { expected, suggestion })
    }

    pub(super) fn number(&self, place: Place, expected: &str) -> ParseError {
        self.error(place, ParseErrorKind::Number { expected: expected.to_owned() })
    }

    fn misplaced(&self, instead: &'static str) -> ParseError {
        self.error(self.cursor.place(), ParseErrorKind::Misplaced { instead })
    }

    fn contradiction(&self, place: Place, invalid: Invalid) -> ParseError {
        self.error(place, ParseErrorKind::Contradiction(invalid))
    }

    /// Goes past spaces and then `symbol`, if it stands there; else past the spaces only.
    fn eat(&mut self, symbol: &str) -> bool {
        self.cursor.skip_space();
        self.cursor.eat(symbol)
    }

    fn eat_word(&mut self, keyword: &str) -> bool {
        self.cursor.skip_space();
        self.cursor.eat_word(keyword)
    }

    /// Goes past `symbol`, which must stand here.
    fn require(&mut self, symbol: &str) -> Result<(), ParseError> {
        if self.eat(symbol) { Ok(()) } else { Err(self.unexpected(&[&format!("`{symbol}`")])) }
    }

    /// The digits that stand here, and those after a point.
    pub(super) fn decimal(&mut self) -> Decimal<'a> {
        let whole = self.cursor.take_while(|c| c.is_ascii_digit());
        let mut ahead = self.cursor;
        // The two points of a range are none.
        if ahead.eat(".") && ahead.at_digit() {
            self.cursor = ahead;
            return Decimal::new(whole, self.cursor.take_while(|c| c.is_ascii_digit()));
        }
        Decimal::new(whole, "")
    }

    /// A whole number from `least` to `most`; `what` says which.
    fn integer(&mut self, what: &str, least: u32, most: u32) -> Result<u32, ParseError> {
        self.cursor.skip_space();
        if !self.cursor.at_digit() {
            return Err(self.unexpected(&[what]));
        }
        let place = self.cursor.place();
        let number = self.decimal().integer().ok().and_then(|number| u32::try_from(number).ok());
        number
            .filter(|number| (least..=most).contains(number))
            .ok_or_else(|| self.number(place, &format!("a whole number from {least} to {most}")))
    }

    /// A factor: `2`, `1.5` or `3/2`.
    fn ratio(&mut self) -> Result<Ratio, ParseError> {
        self.cursor.skip_space();
        let place = self.cursor.place();
        let (times, per) = self.fraction()?;
        self.lowest(place, times, per)
    }

    /// A number as a fraction, not yet in lowest terms.
    fn fraction(&mut self) -> Result<(u128, u128), ParseError> {
        const EXACT: &str = "a factor of at most 18 decimal places";
        if !self.cursor.at_digit() {
            return Err(self.unexpected(&["a factor such as `2`, `1.5` or `3/2`"]));
        }
        let place = self.cursor.place();
        let (times, per) = self.decimal().fraction().map_err(|_| self.number(place, EXACT))?;
        if !self.cursor.eat("/") {
            return Ok((times, per));
        }
        if !self.cursor.at_digit() {
            return Err(self.unexpected(&["a whole number"]));
        }
        let below = self.cursor.place();
        match self.decimal().integer() {
            Ok(0) => Err(self.contradiction(below, Invalid::Denominator)),
            // At most 10^18 * 2^64, which is below 2^128.
            Ok(divisor) => Ok((times, per * u128::from(divisor))),
            Err(Misfit::TooGreat | Misfit::TooFine) => Err(self.number(below, "a whole number below 2^32")),
        }
    }

    fn lowest(&self, place: Place, times: u128, per: u128) -> Result<Ratio, ParseError> {
        let (mut a, mut b) = (times, per);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        // `a` is the greatest common divisor, not 0 since `per` is not.
        let part = |n: u128| u32::try_from(n / a.max(1)).ok();
        part(times)
            .zip(part(per))
            .and_then(|(times, per)| Ratio::new(times, per).ok())
            .ok_or_else(|| self.number(place, "a factor that is a ratio of numbers below 2^32"))
    }
}
