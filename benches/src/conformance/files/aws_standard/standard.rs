//! The policy and the quota of the standard mode.

use std::time::Duration;

use retry_core::{AwsQuota, Class, Decision, Entropy, Failure, HintRule, Policy, RetryPolicy};

use super::{exponential, is_newer};
use crate::conformance::case::Case;
use crate::conformance::fault::Fault;
use crate::conformance::runs::drawn_then_hinted;

/// Backs off by another base where it is throttled, but counts all failures alike: so a policy of its own for the class, whose
/// count would be the class's, is not what is meant.
pub(super) struct Standard {
    ordinary: Policy,
    throttled: Policy,
    hints: HintRule,
    /// In percent of an ordinary retry.
    timeout_cost: u16,
}

/// A timeout is not what a failure of the server is, for it costs more by 2.0; both are transient. Of a timeout nobody knows
/// what happened.
pub(super) const TIMEOUT: Class = Class::Unknown;

impl Standard {
    /// 2.0 waits a second first, 2.1 50 ms (25 ms for DynamoDB, which has four attempts) but a second where it is throttled.
    pub(super) fn of(case: &Case) -> Result<Self, Fault> {
        let given = case.input();
        let newer = is_newer(case)?;
        let dynamodb = newer && given.text("service")?.is_some_and(|service| service.eq_ignore_ascii_case("dynamodb"));
        let attempts = given.count("max_attempts")?.unwrap_or(if dynamodb { 4 } else { 3 });
        let max = given.duration("max_backoff_time")?.unwrap_or(Duration::from_secs(20));
        let factor = given.number("exponential_power")?.unwrap_or(2.0);
        let hints = if newer { HintRule::Clamp(Duration::from_secs(5)) } else { HintRule::Exactly };
        let from = |base| -> Result<Policy, Fault> { Ok(exponential(base, factor, max)?.attempts(attempts)) };
        let second = Duration::from_secs(1);
        let base = match (newer, dynamodb) {
            (false, _) => second,
            (true, false) => Duration::from_millis(50),
            (true, true) => Duration::from_millis(25),
        };
        Ok(Self { ordinary: from(base)?, throttled: from(second)?, hints, timeout_cost: if newer { 100 } else { 200 } })
    }

    /// As many attempts as the quota allows.
    pub(super) fn without_limit(case: &Case) -> Result<Self, Fault> {
        let Self { ordinary, throttled, hints, timeout_cost } = Self::of(case)?;
        Ok(Self { ordinary: ordinary.attempts(u32::MAX), throttled: throttled.attempts(u32::MAX), hints, timeout_cost })
    }

    fn of_class(&self, class: Class) -> &Policy {
        if class == Class::Throttled { &self.throttled } else { &self.ordinary }
    }
}

impl RetryPolicy for Standard {
    fn decide(&self, failure: &Failure, rng: &mut dyn Entropy) -> Decision {
        drawn_then_hinted(self.of_class(failure.verdict().class), self.hints, failure, rng)
    }

    fn retry_cost(&self, class: Class) -> u16 {
        if class == TIMEOUT { self.timeout_cost } else { 100 }
    }
}

/// Full.
pub(super) fn quota(newer: bool, capacity: u32) -> AwsQuota {
    AwsQuota::new(capacity, if newer { 14 } else { 5 }, 5)
}
