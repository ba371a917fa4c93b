//! What a reason brings with it.

use retry_core::Class;

use super::rules::{OutcomeEntry, ReasonEntry};
use super::{Action, FaultScope, Reason};

/// What a reason brings, by the severity of the reply.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outcomes {
    pub(super) scope: FaultScope,
    pub(super) alert: bool,
    pub(super) transient: Outcome,
    pub(super) permanent: Outcome,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Outcome {
    pub(super) class: Option<Class>,
    pub(super) action: Action,
}

impl Outcomes {
    /// By the first digit alone (RFC 5321 section 4.2.1).
    pub(super) const BY_DIGIT: Self = Self {
        scope: FaultScope::Message,
        alert: false,
        transient: Outcome { class: Some(Class::Transient), action: Action::RetryLater },
        permanent: Outcome { class: Some(Class::Permanent), action: Action::FailMessage },
    };

    /// For a severity of 4, or any other.
    pub(super) const fn of(&self, severity: u16) -> Outcome {
        if severity == 4 { self.transient } else { self.permanent }
    }
}

impl From<&ReasonEntry> for Outcomes {
    fn from(entry: &ReasonEntry) -> Self {
        Self {
            scope: entry.scope.0,
            alert: entry.alert,
            transient: entry.transient.into(),
            permanent: entry.permanent.into(),
        }
    }
}

impl From<OutcomeEntry> for Outcome {
    fn from(entry: OutcomeEntry) -> Self {
        Self { class: entry.class.0, action: entry.action.0 }
    }
}

/// What each reason brings.
#[derive(Clone, Debug)]
pub(super) struct ReasonTable {
    outcomes: Vec<Outcomes>,
}

impl Default for ReasonTable {
    fn default() -> Self {
        Self { outcomes: vec![Outcomes::BY_DIGIT; Reason::ALL.len()] }
    }
}

impl ReasonTable {
    pub(super) fn get(&self, reason: Reason) -> Outcomes {
        self.outcomes.get(reason.index()).copied().unwrap_or(Outcomes::BY_DIGIT)
    }

    pub(super) fn change(&mut self, reason: Reason, change: impl FnOnce(&mut Outcomes)) {
        if let Some(outcomes) = self.outcomes.get_mut(reason.index()) {
            change(outcomes);
        }
    }
}
