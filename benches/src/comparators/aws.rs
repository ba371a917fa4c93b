use std::cell::Cell;

use retry_core::{
    AwsQuota, Class, Decision, Effect, Entropy, Failure, Needs, Outcome, Policy, RetryPolicy, StopReason,
};

/// The standard mode of the AWS SDKs: a schedule and [`AwsQuota`], with the prices of the specification, where a timeout
/// may cost more than another failure. A verdict does not say that it was a timeout; in the simulator those are the transient
/// failures that may have had an effect.
///
/// The SDKs remember what each request paid last; this one what the client did.
#[derive(Debug)]
pub struct Aws {
    schedule: Policy,
    quota: AwsQuota,
    prices: Prices,
    last: Cell<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Prices {
    retry: u32,
    timeout: u32,
    throttled: u32,
}

impl Aws {
    /// Specification 2.0: 5, and 10 after a timeout.
    #[must_use]
    pub fn v2_0(schedule: Policy) -> Self {
        let prices = Prices { retry: 5, timeout: 10, throttled: 5 };
        Self { schedule, quota: AwsQuota::v2_0(), prices, last: Cell::new(0) }
    }

    /// Specification 2.1: 14, and 5 after throttling.
    #[must_use]
    pub fn v2_1(schedule: Policy) -> Self {
        let prices = Prices { retry: 14, timeout: 14, throttled: 5 };
        Self { schedule, quota: AwsQuota::v2_1(), prices, last: Cell::new(0) }
    }

    const fn price(&self, failure: &Failure) -> u32 {
        let verdict = failure.verdict();
        match (verdict.class, verdict.effect) {
            (Class::Throttled, _) => self.prices.throttled,
            (_, Effect::None) => self.prices.retry,
            _ => self.prices.timeout,
        }
    }
}

impl RetryPolicy for Aws {
    fn decide(&self, failure: &Failure, rng: &mut dyn Entropy) -> Decision {
        let decision = self.schedule.decide(failure, rng);
        if decision.delay().is_none() {
            return decision;
        }
        let price = self.price(failure);
        if !self.quota.acquire(price) {
            return Decision::Stop(StopReason::Budget);
        }
        self.last.set(price);
        decision
    }

    fn outcome(&self, outcome: Outcome) {
        if let Outcome::Succeeded { attempts, .. } = outcome {
            self.quota.release(if attempts > 1 { self.last.get() } else { 1 });
        }
    }

    fn needs(&self) -> Needs {
        Needs { outcomes: true, ..Needs::NOTHING }
    }
}
