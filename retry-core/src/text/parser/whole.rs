//! `PART {; CLASS: PART}`: a whole policy.

use super::Parser;
use crate::text::error::{ParseError, ParseErrorKind};
use crate::{LimitedPolicy, Retryable};

/// Whose text it is: who can have a timeout and a budget.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::text) enum Role {
    Limited,
    Policy,
    Class,
}

impl Parser<'_> {
    /// A policy with its classes, up to the end of the text.
    pub(in crate::text) fn limited(&mut self, role: Role) -> Result<LimitedPolicy, ParseError> {
        let mut draft = self.part(role)?;
        let mut seen = [None; 4];
        let mut last_bare = draft.is_bare();
        while self.eat(";") {
            self.cursor.skip_space();
            let place = self.cursor.place();
            let class = self.class()?;
            if let Some(first) = seen[class as usize].replace(place) {
                let first = self.cursor.column(first);
                return Err(self.error(place, ParseErrorKind::Twice { what: "this class", first }));
            }
            let own = self.part(Role::Class)?;
            last_bare = own.is_bare();
            draft.policy = draft.policy.on_class_owned(class, own.policy);
        }
        self.cursor.skip_space();
        if self.cursor.peek().is_some() {
            return Err(self.after_part(last_bare));
        }
        Ok(draft.finish())
    }

    /// `CLASS:`
    fn class(&mut self) -> Result<Retryable, ParseError> {
        if self.cursor.at_word("permanent") {
            return Err(self.misplaced("permanent failures are never retried; those that pass slowly are `persistent`"));
        }
        if self.cursor.at_word("unknown") {
            return Err(self.misplaced("unknown failures count as transient; write `transient`"));
        }
        let classes = [Retryable::Throttled, Retryable::Persistent, Retryable::Misconfigured, Retryable::Transient];
        for class in classes {
            if self.cursor.eat_word(class.as_str()) {
                self.require(":")?;
                return Ok(class);
            }
        }
        Err(self.unexpected(&["`throttled`", "`persistent`", "`misconfigured`", "`transient`"]))
    }
}
