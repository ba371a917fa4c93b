//! A retry policy of a composition.

use std::time::Duration;

use retry_core::{Policy, Session, Time};

use super::super::settings::limited;
use super::layer::{Arguments, Handles, time};
use crate::conformance::fault::Fault;

/// A retry policy, and its state in this execution.
pub(super) struct Retried {
    pub(super) policy: Policy,
    pub(super) session: Session,
    pub(super) failed: usize,
    pub(super) exhausted: usize,
    /// What it retries.
    pub(super) handles: Handles,
}

impl Retried {
    /// Two retries at once, unless it says otherwise. A number alone is the retries.
    pub(super) fn parse(arguments: &Arguments<'_>) -> Option<Result<Self, Fault>> {
        let (mut retries, mut delay, mut within, mut handles) = (2_i64, Duration::ZERO, None, Handles::default());
        for (key, value) in arguments.iter() {
            match key {
                "" if value == "default" => {}
                "" | "max_retries" | "retries" => retries = value.parse().ok()?,
                "max_attempts" | "attempts" => match value.parse().ok()? {
                    -1 => retries = -1,
                    attempts => retries = i64::checked_sub(attempts, 1).filter(|retries| *retries >= 0)?,
                },
                "max_duration" => within = Some(time(value)?),
                "delay" => delay = time(value)?,
                _ => handles.take(key, value)?,
            }
        }
        let mut policy = Policy::constant(delay);
        if let Some(within) = within {
            policy = policy.within(within);
        }
        let session = Session::begin(Time::default());
        let retried = |policy| Self { policy, session, failed: 0, exhausted: 0, handles };
        Some(limited(policy, retries).map(retried))
    }
}
