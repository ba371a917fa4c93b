//! A policy that is planned, with the policies of its classes.

use std::time::Duration;

use retry_core::{LimitedPolicy, Plan, Policy, Preview, Retryable};
use retry_email::preset::Preset;

use super::spec;
use crate::exit::{Failure, printable};

/// What was asked for, and its plans.
#[derive(Debug)]
pub(super) struct Subject {
    /// As it was given.
    pub(super) label: String,
    /// The canonical text.
    pub(super) whole: String,
    pub(super) limited: LimitedPolicy,
    pub(super) preset: Option<&'static Preset>,
    parts: Vec<Part>,
}

/// The plan of the default policy, or of a class's own.
#[derive(Debug)]
pub(super) struct Part {
    /// `None`: the default.
    pub(super) class: Option<Retryable>,
    pub(super) text: String,
    pub(super) plan: Plan,
    pub(super) time_limit: Option<Duration>,
    /// How many attempts a table shows.
    pub(super) rows: usize,
}

const CLASSES: [Retryable; 4] =
    [Retryable::Transient, Retryable::Throttled, Retryable::Persistent, Retryable::Misconfigured];

/// As many as a plan can list.
const ALL: u32 = 1000;
/// As many as are read.
const ROWS: usize = 20;

impl Subject {
    pub(super) fn new(spec: &str, preview: Preview, asked: Option<u32>) -> Result<Self, Failure> {
        let limited = spec::parse(spec)?;
        let policy = limited.policy();
        let whole = limited.to_string();
        // The text of the default part comes first, and nothing in it has a semicolon.
        let default = whole.split(';').next().unwrap_or_default();
        let mut parts = vec![Part::new(policy, None, default.to_owned(), preview, asked)];
        for class in CLASSES {
            if let Some(own) = policy.class_policy(class) {
                parts.push(Part::new(policy, Some(class), own.to_string(), preview, asked));
            }
        }
        let label = printable(spec.trim());
        Ok(Self { preset: Preset::named(&label), label, whole, limited, parts })
    }

    /// The plans: of the default policy, and then of the classes that have one.
    pub(super) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The longest a run takes where each attempt is cut after a timeout.
    pub(super) fn longest(&self) -> Option<(Duration, Duration)> {
        let timeout = self.limited.timeout_limit()?;
        Some((timeout, self.limited.policy().max_elapsed(timeout)?))
    }
}

impl Part {
    fn new(policy: &Policy, class: Option<Retryable>, text: String, preview: Preview, asked: Option<u32>) -> Self {
        let preview = class.map_or(preview, |class| preview.class(class));
        let own = class.and_then(|class| policy.class_policy(class)).unwrap_or(policy);
        let time_limit = [own.time_limit(), policy.time_limit()].into_iter().flatten().min();
        // One without end is listed as far as the engine lists it by itself.
        let waits_for_ever = own.max_total_delay().is_none_or(|most| most.is_zero());
        let is_endless = own.max_attempts().is_none() && waits_for_ever && time_limit.is_none();
        let listed = asked.or_else(|| (!is_endless).then_some(ALL));
        let plan = policy.plan_with(&listed.map_or(preview, |listed| preview.attempts(listed)));
        let rows = asked.map_or(ROWS, |asked| usize::try_from(asked).unwrap_or(ROWS));
        Self { class, text, plan, time_limit, rows }
    }

    /// Its name where a policy has several.
    pub(super) fn name(&self) -> &'static str {
        self.class.map_or("default", Retryable::as_str)
    }

    /// Whether an attempt's time is left to chance.
    pub(super) fn varies(&self) -> bool {
        self.plan.attempts().iter().any(|attempt| attempt.at().min().value != attempt.at().max().value)
    }
}
