//! `full`, `+-15%`, `+30s` and the other laws.

use std::time::Duration;

use super::Parser;
use crate::text::error::ParseError;
use crate::time::duration;
use crate::{Additive, Invalid, Law, Proportional};

pub(super) const WORDS: [(&str, Law); 3] = [("full", Law::FULL), ("equal", Law::EQUAL), ("none", Law::None)];

const PERCENTAGE: &str = "a percentage such as `15%`";
const MILLION: u32 = 1_000_000;

impl Parser<'_> {
    /// The law that stands here, if one does.
    pub(in crate::text) fn jitter(&mut self) -> Result<Option<Law>, ParseError> {
        self.cursor.skip_space();
        if let Some((_, law)) = WORDS.into_iter().find(|(word, _)| self.cursor.eat_word(word)) {
            return Ok(Some(law));
        }
        if self.cursor.eat("+-") || self.cursor.eat("\u{b1}") {
            self.spread(Additive::around, |ppm| (ppm, ppm)).map(Some)
        } else if self.cursor.eat("+") {
            self.spread(Additive::new, |ppm| (0, ppm)).map(Some)
        } else if self.cursor.eat("-") {
            self.sooner().map(Some)
        } else {
            Ok(None)
        }
    }

    /// A duration or a percentage behind a sign.
    fn spread(&mut self, fixed: fn(Duration) -> Additive, part: fn(u32) -> (u32, u32)) -> Result<Law, ParseError> {
        self.cursor.skip_space();
        if self.at_percentage() {
            let (below, above) = part(self.percentage()?);
            return self.proportional(below, above);
        }
        if !self.cursor.at_digit() && !self.at_duration() {
            return Err(self.unexpected(&[PERCENTAGE, "a duration such as `30s`"]));
        }
        Ok(fixed(duration(self.duration()?)).into())
    }

    /// `20%`, or `10%+20%`, behind a minus.
    fn sooner(&mut self) -> Result<Law, ParseError> {
        self.cursor.skip_space();
        if !self.at_percentage() && self.at_duration() {
            return Err(self.misplaced("a fixed time is added, `+30s`, or goes both ways, `+-30s`"));
        }
        let below = self.percentage()?;
        let above = if self.eat("+") { self.percentage()? } else { 0 };
        self.proportional(below, above)
    }

    fn proportional(&self, below: u32, above: u32) -> Result<Law, ParseError> {
        let law = Proportional::between(below, above);
        law.map(Law::from).map_err(|invalid| self.contradiction(self.cursor.place(), invalid))
    }

    pub(super) fn at_percentage(&self) -> bool {
        let mut ahead = self.cursor;
        !ahead.take_while(|c| c.is_ascii_digit() || c == '.').is_empty() && {
            ahead.skip_space();
            ahead.peek() == Some('%')
        }
    }

    /// A percentage in millionths.
    fn percentage(&mut self) -> Result<u32, ParseError> {
        self.cursor.skip_space();
        if !self.cursor.at_digit() {
            return Err(self.unexpected(&[PERCENTAGE]));
        }
        let place = self.cursor.place();
        let number = self.decimal();
        self.require("%")?;
        match number.times(10_000).map(u32::try_from) {
            Ok(Ok(ppm)) if ppm <= MILLION => Ok(ppm),
            Err(crate::text::number::Misfit::TooFine) => Err(self.number(place, "at most four decimal places")),
            _ => Err(self.contradiction(place, Invalid::Proportion)),
        }
    }
}
