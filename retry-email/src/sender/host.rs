//! A host in use, and what is known of it.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use retry_core::{Charge, Destination, RetryBudget, Sleeper, StopReason, Time};

use super::gate::Gate;
use super::leave::Leave;
use super::pool::Pool;
use super::{HostRule, HostState, PoolLimits, SmtpHost};
use crate::Endpoint;

#[derive(Debug)]
pub(super) struct Host<S> {
    pub(super) endpoint: Endpoint,
    pub(super) name: String,
    pub(super) priority: u16,
    pub(super) weight: u16,
    pub(super) pool: Pool<S>,
    pub(super) gate: Gate,
    pub(super) rule: HostRule,
    /// Made at the first use: its budget goes by policies that may be set after the host.
    pub(super) destination: OnceLock<Arc<Destination>>,
}

impl<S: Sleeper> Host<S> {
    pub(super) fn new(host: SmtpHost, limits: PoolLimits, rule: HostRule) -> Self {
        let SmtpHost { endpoint, priority, weight } = host;
        let name = format!("{}:{}", endpoint.host(), endpoint.port());
        let gate = Gate::new(rule.concurrency, limits.connections);
        Self { endpoint, name, priority, weight, pool: Pool::new(limits), gate, rule, destination: OnceLock::new() }
    }

    /// Asks for leave to try it. `charge` is what the try costs; where `forced`, the breaker has no say.
    ///
    /// # Cancel safety
    /// Dropping the future gives back what it has taken.
    pub(super) async fn leave<'h>(
        &'h self,
        destination: &'h Destination,
        charge: Option<Charge>,
        forced: bool,
        sleeper: &S,
    ) -> Result<Leave<'h>, StopReason> {
        let breaker = destination.breaker().filter(|_| !forced);
        // Nobody stands in line at a host that rests.
        if breaker.is_some_and(|breaker| up_at(breaker.state(sleeper.now())).is_some()) {
            return Err(StopReason::Breaker);
        }
        let mut leave = Leave::new(destination, &self.gate, self.gate.enter().await);
        if let Some(breaker) = breaker {
            if !breaker.admits(sleeper.now()) {
                return Err(StopReason::Breaker);
            }
            leave.probes = true;
        }
        if let Some(charge) = charge.filter(|_| self.rule.has_budget()) {
            if !destination.withdraw(charge, sleeper.now()) {
                return Err(StopReason::Budget);
            }
            leave.charge = Some(charge);
        }
        if let Some(pacer) = destination.pacer() {
            let mut waited = Duration::ZERO;
            while let Err(wait) = pacer.acquire(sleeper.now()) {
                waited = waited.saturating_add(wait);
                if waited > self.rule.max_wait {
                    return Err(StopReason::Pacing);
                }
                sleeper.sleep(wait).await;
            }
            leave.is_paced = true;
        }
        Ok(leave)
    }

    /// Whether a retry of `percent` could be paid at `then`, if nobody else draws until then.
    pub(super) fn can_pay(&self, destination: &Destination, percent: u16, then: Time) -> bool {
        !self.rule.has_budget() || destination.balance(then).is_none_or(|balance| balance >= u64::from(percent))
    }

    pub(super) fn shown(&self, destination: &Destination, now: Time) -> HostState {
        let (window, under_way) = self.gate.shown();
        HostState {
            name: self.name.clone(),
            breaker: destination.breaker().map(|breaker| breaker.state(now)),
            balance: destination.balance(now).filter(|_| self.rule.has_budget()),
            rate: destination.rate(),
            success_percent: destination.average().percent(),
            window,
            under_way,
            idle: self.pool.len(),
        }
    }
}

/// When a host that rests is up again; `None` if it does not rest.
pub(super) const fn up_at(state: retry_core::BreakerState) -> Option<Time> {
    match state {
        retry_core::BreakerState::Open { until } => Some(until),
        _ => None,
    }
}
