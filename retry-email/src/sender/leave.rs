use retry_core::{Breaker, BreakerState, Charge, Class, Destination, Entropy, RetryBudget, Scope, Time, Verdict};

use super::answered::Answered;
use super::gate::{Gate, Place};

/// Leave for one try at a host. Where it is not used, what was taken for it goes back.
#[derive(Debug)]
pub(super) struct Leave<'h> {
    destination: &'h Destination,
    gate: &'h Gate,
    /// Let go when this is dropped.
    _place: Place<'h>,
    pub(super) probes: bool,
    pub(super) charge: Option<Charge>,
    pub(super) is_paced: bool,
    is_used: bool,
}

/// What a try says of its host.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heard {
    /// It took the mail for somebody.
    delivered: bool,
    /// What ails the host, if anything does. What ails recipients, messages or our account says nothing of it.
    fault: Option<Verdict>,
    /// It is up, and takes mail or throttles.
    is_up: bool,
}

impl Heard {
    pub(super) fn of<'a>(answers: impl Iterator<Item = &'a Answered> + Clone) -> Self {
        let delivered = answers.clone().any(|answered| answered.class.is_none());
        let faults = answers.filter(|answered| answered.class.is_some()).map(|answered| answered.verdict);
        let faults = faults.filter(|verdict| match verdict.scope {
            Scope::Request => false,
            // A quota is used up; but a relay that is denied to one sender is open to others.
            Scope::Account => verdict.class == Class::Throttled,
            _ => true,
        });
        // Throttling is the lesser one, and the window's and the pacer's to answer.
        let fault = faults.min_by_key(|verdict| verdict.class == Class::Throttled);
        Self { delivered, fault, is_up: fault.is_none_or(|verdict| verdict.class == Class::Throttled) }
    }

    /// It let nobody in.
    pub(super) const fn not_opened(verdict: Verdict) -> Self {
        Self { delivered: false, fault: Some(verdict), is_up: false }
    }
}

impl<'h> Leave<'h> {
    pub(super) const fn new(destination: &'h Destination, gate: &'h Gate, place: Place<'h>) -> Self {
        Self { destination, gate, _place: place, probes: false, charge: None, is_paced: false, is_used: false }
    }

    /// The try begins: from now on it counts, also if nobody hears how it ended.
    pub(super) const fn begin(&mut self) {
        self.is_used = true;
    }

    /// It said nothing of the host, and was no load to it.
    pub(super) const fn unused(&mut self) {
        self.is_used = false;
    }

    /// It ended.
    pub(super) fn heard(self, heard: Heard, now: Time, rng: &mut dyn Entropy) {
        let Heard { delivered, fault, is_up } = heard;
        self.destination.average().record(fault.is_none());
        if let Some(breaker) = self.destination.breaker() {
            match fault {
                Some(verdict) if !is_up => breaker.failed(&verdict, now, rng),
                _ => self.is_up(breaker, now),
            }
        }
        if let Some(pacer) = self.destination.pacer() {
            match fault {
                Some(verdict) => pacer.failed(verdict.class, now),
                None => pacer.succeeded(now),
            }
        }
        self.gate.heard(fault.is_none());
        if delivered {
            self.destination.succeeded(self.charge, Some(now));
        }
        if let Some(charge) = self.charge.filter(|_| fault.is_some_and(|verdict| verdict.is_unreached())) {
            self.destination.refund(charge);
        }
    }

    fn is_up(&self, breaker: &Breaker, now: Time) {
        let was_down = breaker.trips() > 0;
        breaker.succeeded(now);
        if was_down && breaker.state(now) == BreakerState::Closed {
            self.gate.reset();
        }
    }
}

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        if self.is_used {
            return;
        }
        if let Some(breaker) = self.destination.breaker().filter(|_| self.probes) {
            breaker.withdrawn();
        }
        if let Some(charge) = self.charge {
            self.destination.refund(charge);
        }
        if let Some(pacer) = self.destination.pacer().filter(|_| self.is_paced) {
            pacer.release();
        }
    }
}
