use std::borrow::Cow;
use std::num::NonZeroU32;
use std::time::Duration;

use super::Preview;
use crate::policy::Facing;
use crate::time::{duration, nanos};
use crate::{Class, Failure, Policy, Retryable, Session, Time, Verdict};

/// What of a policy a preview sees.
pub(super) struct View<'a> {
    /// What is asked.
    asked: Cow<'a, Policy>,
    /// Whose schedule, jitter and hint rule then count; `None`: the class stops.
    deciding: Option<Policy>,
    in_class: bool,
    verdict: Verdict,
    pub(super) takes: u64,
}

impl<'a> View<'a> {
    pub(super) fn new(preview: &Preview, policy: &'a Policy) -> Self {
        let (verdict, takes) = (preview.verdict(), preview.takes);
        let own = preview.class.map(|class| policy.class_policy(class));
        let (asked, deciding, in_class) = match (preview.class, own) {
            (Some(_), Some(Some(own))) => (Cow::Borrowed(policy), Some(policy.limiting(own)), true),
            (Some(Retryable::Persistent | Retryable::Misconfigured), _) => (Cow::Borrowed(policy), None, false),
            // The default policy.
            _ => (Cow::Owned(policy.without_classes()), Some(policy.without_classes()), false),
        };
        Self { asked, deciding, in_class, verdict, takes }
    }

    pub(super) fn asked(&self) -> &Policy {
        &self.asked
    }

    pub(super) const fn deciding(&self) -> Option<&Policy> {
        self.deciding.as_ref()
    }

    pub(super) const fn class(&self) -> Class {
        self.verdict.class
    }

    /// What the hint asks for.
    pub(super) fn hint(&self) -> Option<u64> {
        self.verdict.hint().map(|hint| nanos(hint.not_before))
    }

    /// The failure of a session's attempt that began at `start`.
    pub(super) fn failure(&self, session: Session, start: u64) -> Failure {
        let failure = Failure::at(session, Time::from_nanos(start.saturating_add(self.takes)), self.verdict);
        if self.in_class { failure.in_class() } else { failure }
    }

    pub(super) fn max_attempts(&self) -> Option<NonZeroU32> {
        let Some(policy) = &self.deciding else { return Some(NonZeroU32::MIN) };
        // A hint may shorten delays, and then more of them fit into a limit in time.
        if self.hint().is_some() { policy.attempts_by_number() } else { policy.max_attempts() }
    }

    pub(super) fn max_total_delay(&self) -> Option<Duration> {
        let Some(policy) = &self.deciding else { return Some(Duration::ZERO) };
        policy.waits(Facing { hint: self.hint(), ..Facing::ALONE }).total.map(duration)
    }
}
