//! `exp 1s..1h x2` and the other simple schedules.

use super::Parser;
use crate::text::cursor::{Place, is};
use crate::text::error::ParseError;
use crate::time::duration;
use crate::{
    ByAge, Constant, Decorrelated, DecorrelatedV2, Exponential, Fibonacci, Invalid, Linear, Polynomial, Ratio, Schedule,
};

/// A schedule that is being read.
pub(in crate::text) struct Tree {
    pub(in crate::text) schedule: Schedule,
    /// How many schedules lie inside each other.
    pub(super) depth: usize,
    /// The end of its range, which becomes the policy's cap, and where that stands.
    pub(in crate::text) cap: Option<(u64, Place)>,
}

impl Tree {
    pub(super) fn leaf(schedule: impl Into<Schedule>) -> Self {
        Self { schedule: schedule.into(), depth: 1, cap: None }
    }
}

/// The words that schedules begin with; long forms as people know them.
pub(super) const WORDS: [&str; 13] = [
    "exp",
    "exponential",
    "const",
    "constant",
    "linear",
    "fib",
    "fibonacci",
    "poly",
    "polynomial",
    "decorrelated",
    "decorrelated-v2",
    "age",
    "ages",
];

impl Parser<'_> {
    /// Whether a schedule begins here, and no preset.
    pub(super) fn at_schedule(&self) -> bool {
        let word = self.cursor.word();
        self.cursor.at_digit()
            || self.at_duration()
            || self.cursor.peek().is_some_and(|c| c == '(' || c == '[')
            || WORDS.iter().any(|known| is(word, known))
    }

    pub(super) fn leaf(&mut self) -> Result<Tree, ParseError> {
        if self.cursor.eat("[") {
            return self.list();
        }
        if self.eat_either("exp", "exponential") {
            self.exponential()
        } else if self.eat_either("const", "constant") {
            Ok(Tree::leaf(Constant::new(duration(self.duration()?))))
        } else if self.cursor.eat_word("linear") {
            self.linear()
        } else if self.eat_either("fib", "fibonacci") {
            let (base, cap) = self.growing()?;
            Ok(Tree { cap, ..Tree::leaf(Fibonacci::new(duration(base))) })
        } else if self.eat_either("poly", "polynomial") {
            self.polynomial()
        } else if self.cursor.eat_word("decorrelated") {
            let (base, top, place) = self.bounded()?;
            let schedule = Decorrelated::new(duration(base), duration(top));
            schedule.map(Tree::leaf).map_err(|invalid| self.contradiction(place, invalid))
        } else if self.cursor.eat_word("decorrelated-v2") {
            let (base, top, _) = self.bounded()?;
            Ok(Tree::leaf(DecorrelatedV2::new(duration(base), duration(top))))
        } else if self.cursor.eat_word("age") {
            let (shortest, longest, place) = self.bounded()?;
            let schedule = ByAge::new(duration(shortest), duration(longest));
            schedule.map(Tree::leaf).map_err(|invalid| self.contradiction(place, invalid))
        } else if self.cursor.eat_word("ages") {
            self.ages()
        } else if self.cursor.at_digit() || self.at_duration() {
            Err(self.misplaced(
                "a list that is a part of a schedule needs brackets: `[5m 10m]`; one delay for ever is `const 5m`",
            ))
        } else if self.names.policy(&self.cursor.word().to_ascii_lowercase()).is_some() {
            Err(self.misplaced("a preset is a whole policy, and cannot be a part of a schedule"))
        } else {
            Err(self.no_schedule(false))
        }
    }

    fn eat_either(&mut self, short: &str, long: &str) -> bool {
        self.cursor.eat_word(short) || self.cursor.eat_word(long)
    }

    /// `1s..1h x2`
    fn exponential(&mut self) -> Result<Tree, ParseError> {
        let (base, cap) = self.growing()?;
        let factor = self.times_sign()?.unwrap_or(Ratio::TWO);
        Ok(Tree { cap, ..Tree::leaf(Exponential::new(duration(base)).factor(factor)) })
    }

    /// `5m..1h step 10m`
    fn linear(&mut self) -> Result<Tree, ParseError> {
        let (first, cap) = self.growing()?;
        let step = if self.eat_word("step") { self.duration()? } else { first };
        Ok(Tree { cap, ..Tree::leaf(Linear::new(duration(step)).starting_at(duration(first))) })
    }

    /// `15s..1h + 2s n^4`
    fn polynomial(&mut self) -> Result<Tree, ParseError> {
        const SECOND: u64 = 1_000_000_000;
        let (base, cap) = self.growing()?;
        let unit = if self.eat("+") { self.duration()? } else { SECOND };
        self.cursor.skip_space();
        if !self.cursor.eat_word("n") {
            return Err(self.unexpected(&["the power, such as `n^4`"]));
        }
        self.require("^")?;
        let exponent = self.integer("an exponent", 0, u32::MAX)?;
        Ok(Tree { cap, ..Tree::leaf(Polynomial::new(duration(base), duration(unit), exponent)) })
    }

    /// A duration, and the end of its range if it has one.
    fn growing(&mut self) -> Result<(u64, Option<(u64, Place)>), ParseError> {
        let base = self.duration()?;
        if !self.eat("..") {
            return Ok((base, None));
        }
        self.cursor.skip_space();
        let place = self.cursor.place();
        Ok((base, Some((self.duration()?, place))))
    }

    /// A range, and where its end stands.
    fn bounded(&mut self) -> Result<(u64, u64, Place), ParseError> {
        let (from, to) = self.growing()?;
        match to {
            Some((to, place)) => Ok((from, to, place)),
            None => Err(self.unexpected(&["`..` and the longest delay, as in `1s..1h`"])),
        }
    }

    /// `x2`, if it stands here.
    pub(super) fn times_sign(&mut self) -> Result<Option<Ratio>, ParseError> {
        self.cursor.skip_space();
        let mut ahead = self.cursor;
        let sign = ahead.eat("x") || ahead.eat("X") || ahead.eat("\u{d7}");
        ahead.skip_space();
        if !sign || !ahead.at_digit() {
            return Ok(None);
        }
        self.cursor = ahead;
        self.factor().map(Some)
    }

    /// A [`ratio`](Self::ratio) other than 0.
    pub(super) fn factor(&mut self) -> Result<Ratio, ParseError> {
        self.cursor.skip_space();
        let place = self.cursor.place();
        let factor = self.ratio()?;
        if factor.times() == 0 { Err(self.contradiction(place, Invalid::Factor)) } else { Ok(factor) }
    }
}
