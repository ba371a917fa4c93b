use std::rc::Rc;

use retry_core::simulate::{Fleet, Scenario, Seat};
use retry_core::{
    Breaker, BreakerRule, BudgetRule, Clock, LimitedPolicy, Never, RetryBudget, RetryPolicy, SuccessBudget,
};

use super::pace::Pace;
use crate::exit::{Exit, Failure};

/// The policy that never retries.
pub(super) const NONE: &str = "none";

/// A policy of the command line, and what stands before the destination.
#[derive(Debug)]
pub(super) struct Spec {
    /// As it was given.
    pub(super) text: String,
    pub(super) pace: Pace,
    /// After how many failures in a row a breaker opens.
    pub(super) breaker: Option<u32>,
    limited: Option<LimitedPolicy>,
}

/// What is read of each client while it runs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Gauge {
    /// The retries that its budget would grant.
    Budget,
    /// The rate that its pacer lets through.
    Pace,
}

type Reading = Box<dyn Fn() -> f64>;

impl Spec {
    pub(super) fn parse(text: &str, pace: Pace, breaker: Option<u32>) -> Result<Self, Failure> {
        let limited = match text.trim() {
            NONE => None,
            policy => Some(
                policy
                    .parse()
                    .map_err(|error| Failure::new(Exit::Usage, format!("cannot read the policy '{text}': {error}")))?,
            ),
        };
        Ok(Self { text: text.trim().to_owned(), pace, breaker, limited })
    }

    /// The policy and all that stands before it, for people.
    pub(super) fn name(&self) -> String {
        let pace = if self.pace == Pace::None { String::new() } else { format!(" + {}", self.pace.name()) };
        let breaker = self.breaker.map_or_else(String::new, |failures| format!(" + breaker {failures}"));
        format!("{}{pace}{breaker}", self.text)
    }

    /// What it retries by.
    pub(super) fn policy(&self) -> Box<dyn RetryPolicy + '_> {
        match &self.limited {
            Some(limited) => Box::new(limited.policy()),
            None => Box::new(Never),
        }
    }

    /// `scenario` with what the text says of timeout and attempts.
    pub(super) fn adapt(&self, scenario: &Scenario) -> Scenario {
        let scenario = scenario.clone();
        let Some(limited) = &self.limited else { return scenario };
        let scenario = match limited.timeout_limit() {
            Some(timeout) => scenario.timeout(timeout),
            None => scenario,
        };
        // A limit of its own holds instead of the scenario's.
        match limited.policy().attempt_limit() {
            Some(_) => scenario.attempts(u32::MAX),
            None => scenario,
        }
    }

    pub(super) fn budget(&self) -> Option<BudgetRule> {
        self.limited.as_ref()?.budget_rule()
    }

    /// What there is to read; the budget where there are both.
    pub(super) fn gauge(&self) -> Option<Gauge> {
        if self.budget().is_some() {
            return Some(Gauge::Budget);
        }
        (self.pace != Pace::None).then_some(Gauge::Pace)
    }

    /// Every client with this policy, and with a budget, a pacer and a breaker of its own if they are asked for.
    pub(super) fn fleet(&self) -> Fleet<'_> {
        match self.gauge() {
            None => Fleet::of(|seat| self.seated(seat).0),
            Some(_) => Fleet::gauged(|seat| self.seated(seat)),
        }
    }

    /// The policy of one client.
    fn seated(&self, seat: &Seat) -> (Box<dyn RetryPolicy + '_>, Reading) {
        let (mut policy, mut reading): (_, Reading) = (self.policy(), Box::new(|| f64::NAN));
        if let Some((pacer, rate)) = self.pace.pacer(seat.clock().now()) {
            (policy, reading) = (Box::new(policy.paced(pacer)), rate);
        }
        if let Some(rule) = self.budget() {
            let (budget, clock) = (Rc::new(SuccessBudget::new(rule)), seat.clock());
            let read = Rc::clone(&budget);
            reading = Box::new(move || retries(read.balance(clock.now())));
            policy = Box::new(policy.budgeted(budget));
        }
        if let Some(failures) = self.breaker {
            policy = Box::new(policy.guarded(Rc::new(Breaker::new(BreakerRule::consecutive(failures)))));
        }
        (policy, reading)
    }
}

/// A balance in percent of a retry as retries.
fn retries(percent: Option<u64>) -> f64 {
    f64::from(u32::try_from(percent.unwrap_or(0)).unwrap_or(u32::MAX)) / 100.0
}
