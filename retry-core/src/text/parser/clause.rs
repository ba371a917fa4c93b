//! `8 attempts`, `within 72h` and the other clauses.

use std::time::Duration;

use super::{Parser, Role, jitter};
use crate::text::cursor::{Place, is};
use crate::text::error::{ParseError, ParseErrorKind};
use crate::text::number::Misfit;
use crate::time::duration;
use crate::{BudgetShare, LimitedPolicy, Policy};

/// What a clause sets.
#[derive(Clone, Copy, Debug)]
pub(super) enum Setting {
    Cap,
    Attempts,
    Within,
    Hint,
    Cost,
    Timeout,
    Budget,
}

/// The words that clauses begin with.
pub(super) const SETTINGS: [(&str, Setting); 7] = [
    ("cap", Setting::Cap),
    ("within", Setting::Within),
    ("hint", Setting::Hint),
    ("hints", Setting::Hint),
    ("cost", Setting::Cost),
    ("timeout", Setting::Timeout),
    ("budget", Setting::Budget),
];

/// A policy that is being read.
pub(super) struct Draft {
    pub(super) policy: Policy,
    pub(super) role: Role,
    /// Where jitter was given.
    pub(super) jitter: Option<Place>,
    timeout: Option<Duration>,
    budget: Option<BudgetShare>,
    /// Whether it has a clause.
    pub(super) clauses: bool,
    /// Where each [`Setting`] stands.
    seen: [Option<Place>; 7],
}

impl Draft {
    pub(super) const fn new(policy: Policy, role: Role) -> Self {
        Self { policy, role, jitter: None, timeout: None, budget: None, clauses: false, seen: [None; 7] }
    }

    /// Whether a schedule is all it has.
    pub(super) const fn is_bare(&self) -> bool {
        self.jitter.is_none() && !self.clauses
    }

    pub(super) const fn place_of(&self, setting: Setting) -> Option<Place> {
        self.seen[setting as usize]
    }

    pub(super) fn finish(self) -> LimitedPolicy {
        let limited = LimitedPolicy::new(self.policy);
        let limited = if let Some(limit) = self.timeout { limited.timeout(limit) } else { limited };
        if let Some(share) = self.budget { limited.budget(share) } else { limited }
    }
}

impl Parser<'_> {
    pub(super) fn once(&self, draft: &mut Draft, setting: Setting, place: Place) -> Result<(), ParseError> {
        let what = match setting {
            Setting::Cap => "the cap",
            Setting::Attempts => "the number of attempts",
            Setting::Within => "the time limit",
            Setting::Hint => "the hint rule",
            Setting::Cost => "the cost",
            Setting::Timeout => "the timeout",
            Setting::Budget => "the budget",
        };
        match draft.seen[setting as usize].replace(place) {
            Some(first) => Err(self.error(place, ParseErrorKind::Twice { what, first: self.cursor.column(first) })),
            None => Ok(()),
        }
    }

    /// What follows a comma.
    pub(super) fn clause(&mut self, mut draft: Draft) -> Result<Draft, ParseError> {
        self.cursor.skip_space();
        let place = self.cursor.place();
        let word = self.cursor.word();
        let setting = SETTINGS.iter().find(|(name, _)| is(word, name)).map(|(_, setting)| *setting);
        let Some(setting) = setting.or_else(|| self.cursor.at_digit().then_some(Setting::Attempts)) else {
            return Err(self.no_clause());
        };
        if setting_is_limit(setting) && draft.role != Role::Limited {
            return Err(self.misplaced(match draft.role {
                Role::Class => "a class has no timeout or budget of its own; they stand in the first part",
                _ => "a timeout or budget is no part of a `Policy`; parse a `LimitedPolicy`",
            }));
        }
        self.once(&mut draft, setting, place)?;
        draft.clauses = true;
        if !matches!(setting, Setting::Attempts) {
            self.cursor.take_word();
        }
        let policy = draft.policy;
        draft.policy = match setting {
            Setting::Cap => policy.capped(duration(self.duration()?)),
            Setting::Attempts => policy.attempts(self.attempts()?),
            Setting::Within => policy.within(duration(self.duration()?)),
            Setting::Hint => self.hint(policy)?,
            Setting::Cost => policy.budget_cost(self.cost()?),
            Setting::Timeout => {
                draft.timeout = Some(duration(self.timeout()?));
                policy
            }
            Setting::Budget => {
                draft.budget = Some(self.budget()?);
                policy
            }
        };
        Ok(draft)
    }

    /// No clause begins like this.
    fn no_clause(&self) -> ParseError {
        let word = self.cursor.word();
        if jitter::WORDS.iter().any(|(name, _)| is(word, name)) || self.cursor.rest().starts_with(['+', '-', '\u{b1}'])
        {
            return self.misplaced("jitter stands before the first comma");
        }
        let words = SETTINGS.iter().map(|(name, _)| *name);
        self.unexpected_among(
            &["a clause (8 attempts, 7 retries, cap 1h, within 72h, hint at-least max 24h, cost 50%, timeout 30s, budget 50%)"],
            words,
        )
    }

    /// `8 attempts` or `7 retries`, as attempts.
    fn attempts(&mut self) -> Result<u32, ParseError> {
        if self.at_duration() {
            return Err(self.misplaced("a list of delays stands first, and `+` ends it"));
        }
        let place = self.cursor.place();
        let number = self.decimal().integer();
        self.cursor.skip_space();
        let counted = if self.cursor.eat_word("attempts") || self.cursor.eat_word("attempt") {
            attempts
        } else if self.cursor.eat_word("retries") || self.cursor.eat_word("retry") {
            retries
        } else {
            return Err(self.unexpected(&["`attempts`", "`retries`"]));
        };
        let misfit = |misfit| if misfit == Misfit::TooFine { "a whole number" } else { MOST_ATTEMPTS };
        number.map_err(misfit).and_then(counted).map_err(|expected| self.number(place, expected))
    }

    /// Percent of a token.
    pub(in crate::text) fn cost(&mut self) -> Result<u16, ParseError> {
        const EXPECTED: &str = "a whole percentage from 0% to 65535%";
        self.cursor.skip_space();
        let place = self.cursor.place();
        if !self.cursor.at_digit() {
            return Err(self.unexpected(&["a percentage such as `50%`"]));
        }
        let number = self.decimal().integer();
        self.require("%")?;
        number.ok().and_then(|number| u16::try_from(number).ok()).ok_or_else(|| self.number(place, EXPECTED))
    }

    fn timeout(&mut self) -> Result<u64, ParseError> {
        self.cursor.skip_space();
        let place = self.cursor.place();
        match self.duration()? {
            0 => Err(self.contradiction(place, crate::Invalid::Timeout)),
            nanos => Ok(nanos),
        }
    }

    /// `none`, or retries per call.
    pub(in crate::text) fn budget(&mut self) -> Result<BudgetShare, ParseError> {
        self.cursor.skip_space();
        let place = self.cursor.place();
        if self.cursor.eat_word("none") {
            return Ok(BudgetShare::NONE);
        }
        if !self.cursor.at_digit() {
            return Err(self.unexpected(&["a percentage such as `50%`", "`none`"]));
        }
        let (times, per) = self.fraction()?;
        self.require("%")?;
        let share = self.lowest(place, times, per.saturating_mul(100))?;
        BudgetShare::new(share).map_err(|invalid| self.contradiction(place, invalid))
    }
}

const fn setting_is_limit(setting: Setting) -> bool {
    matches!(setting, Setting::Timeout | Setting::Budget)
}

/// The greatest number of all stands for no limit, which is written by leaving the clause out.
const MOST_ATTEMPTS: &str = "at most 4294967294 attempts, or no such clause for no limit";

/// A limit on attempts; refused is what is none. The error says what would be right.
pub(in crate::text) fn attempts(number: u64) -> Result<u32, &'static str> {
    match u32::try_from(number) {
        Ok(0) => Err("at least 1 attempt: the first call is one"),
        Ok(number) if number < u32::MAX => Ok(number),
        _ => Err(MOST_ATTEMPTS),
    }
}

/// The same limit in retries.
pub(in crate::text) fn retries(number: u64) -> Result<u32, &'static str> {
    attempts(number.saturating_add(1))
}
