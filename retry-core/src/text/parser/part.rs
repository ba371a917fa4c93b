//! `SCHEDULE [JITTER] {, CLAUSE}`: a policy without classes.

use super::clause::{Draft, SETTINGS, Setting};
use super::{Parser, Role, combined, jitter, leaf};
use crate::text::cursor::{Place, is};
use crate::text::error::ParseError;
use crate::time::duration;
use crate::{Invalid, Policy, Retryable};

const CLASSES: [Retryable; 4] =
    [Retryable::Transient, Retryable::Throttled, Retryable::Persistent, Retryable::Misconfigured];

impl Parser<'_> {
    pub(super) fn part(&mut self, role: Role) -> Result<Draft, ParseError> {
        self.cursor.skip_space();
        let start = self.cursor.place();
        let mut draft = self.preset_or_schedule(role)?;
        self.cursor.skip_space();
        let place = self.cursor.place();
        if let Some(law) = self.jitter()? {
            draft.policy = draft.policy.jitter(law);
            draft.jitter = Some(place);
        }
        while self.eat(",") {
            draft = self.clause(draft)?;
        }
        self.check(&draft, start)?;
        Ok(draft)
    }

    fn preset_or_schedule(&mut self, role: Role) -> Result<Draft, ParseError> {
        if self.at_schedule() {
            let tree = if self.cursor.at_digit() || self.at_duration() { self.bare_list()? } else { self.chain()? };
            let mut draft = Draft::new(Policy::new(tree.schedule), role);
            if let Some((cap, place)) = tree.cap {
                self.once(&mut draft, Setting::Cap, place)?;
                draft.policy = draft.policy.capped(duration(cap));
            }
            return Ok(draft);
        }
        match self.names.policy(&self.cursor.word().to_ascii_lowercase()) {
            Some(policy) if !self.cursor.word().is_empty() => {
                self.cursor.take_word();
                Ok(Draft::new(policy, role))
            }
            _ if role != Role::Class && CLASSES.iter().any(|class| self.cursor.at_word(class.as_str())) => {
                Err(self.misplaced("the policy of a class follows the default one: `exp 1s..1h; throttled: const 30s`"))
            }
            _ => Err(self.no_schedule(true)),
        }
    }

    /// What should have stood here is a schedule, or a preset where those are allowed.
    pub(super) fn no_schedule(&self, presets: bool) -> ParseError {
        let names = if presets { self.names.names() } else { Vec::new() };
        let words = leaf::WORDS.iter().copied().chain(names.iter().copied());
        let preset = format!("a preset ({})", names.join(", "));
        let mut expected =
            vec!["a schedule (exp, const, linear, fib, poly, decorrelated, age, ages)", "a list of delays"];
        if !names.is_empty() {
            expected.push(&preset);
        }
        self.unexpected_among(&expected, words)
    }

    /// Whether the settings agree; if not, the error is at the part to change.
    fn check(&self, draft: &Draft, start: Place) -> Result<(), ParseError> {
        if draft.role == Role::Class && CLASSES.iter().any(|class| draft.policy.class_policy(*class).is_some()) {
            return Err(self.contradiction(start, Invalid::Nested));
        }
        let Err(invalid) = draft.policy.check() else { return Ok(()) };
        let cap = draft.place_of(Setting::Cap);
        let place = match invalid {
            Invalid::Bounds => cap,
            Invalid::Spread => draft.jitter.or(cap),
            Invalid::Jitter => draft.jitter,
            _ => None,
        };
        Err(self.contradiction(place.unwrap_or(start), invalid))
    }

    /// Something stands behind a part where it should have ended; `bare`: a part without jitter and clauses.
    pub(super) fn after_part(&self, bare: bool) -> ParseError {
        const END: &str = "the end";
        let word = self.cursor.word();
        if combined::WORDS.iter().any(|combinator| is(word, combinator)) {
            return self.misplaced(
                "`take`, `then`, `floor` and `times` follow a schedule and stand before jitter; a list needs brackets for them, a preset takes none",
            );
        }
        if word.strip_prefix(['x', 'X', '\u{d7}']).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
            return self.misplaced("a factor follows the delays of `exp`, before jitter: `exp 1s..1h x2 full`");
        }
        let jitter = jitter::WORDS.iter().any(|(name, _)| is(word, name));
        if jitter || self.cursor.rest().starts_with(['+', '-', '\u{b1}']) {
            return self.misplaced("jitter is given once, before the first comma");
        }
        if bare && self.at_duration() {
            return self.misplaced("a duration is one word (`1h30m`); the delays of a list have commas between them");
        }
        if bare && self.at_percentage() {
            return self.misplaced("a percentage needs a sign to be jitter: `+-15%`, `+15%` or `-15%`");
        }
        if self.cursor.at_digit() && !self.at_duration() || SETTINGS.iter().any(|(name, _)| is(word, name)) {
            return self.misplaced("a clause needs a comma before it");
        }
        if bare {
            let words = jitter::WORDS.iter().map(|(name, _)| *name).chain(combined::WORDS);
            return self.unexpected_among(
                &["jitter (`full`, `equal`, `+-15%`)", "`,` and a clause", "`;` and a class", END],
                words,
            );
        }
        self.unexpected(&["`,` and a clause", "`;` and a class", END])
    }
}
