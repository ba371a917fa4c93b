use std::rc::Rc;

use retry_core::simulate::{Fleet, Scenario};
use retry_core::{BudgetRule, Clock, LimitedPolicy, Never, Policy, RetryBudget, RetryPolicy, SuccessBudget};

use crate::exit::{Exit, Failure};

/// The policy that never retries.
pub(super) const NONE: &str = "none";

/// A policy of the command line.
#[derive(Debug)]
pub(super) struct Spec {
    /// As it was given.
    pub(super) text: String,
    limited: Option<LimitedPolicy>,
}

impl Spec {
    pub(super) fn parse(text: &str) -> Result<Self, Failure> {
        let limited = match text.trim() {
            NONE => None,
            policy => Some(
                policy
                    .parse()
                    .map_err(|error| Failure::new(Exit::Usage, format!("cannot read the policy '{text}': {error}")))?,
            ),
        };
        Ok(Self { text: text.trim().to_owned(), limited })
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
        let ratio = self.limited.as_ref()?.budget_share()?.ratio()?;
        let percent = u64::from(ratio.times()) * 100 / u64::from(ratio.per());
        Some(BudgetRule::DEFAULT.ratio_percent(u16::try_from(percent).unwrap_or(u16::MAX)))
    }

    /// Every client with this policy, and with a budget of its own if the text says so.
    pub(super) fn fleet(&self) -> Fleet<'_> {
        match (&self.limited, self.budget()) {
            (Some(limited), Some(rule)) => {
                let policy: &Policy = limited.policy();
                Fleet::gauged(move |seat| {
                    let (budget, clock) = (Rc::new(SuccessBudget::new(rule)), seat.clock());
                    let gauge = Rc::clone(&budget);
                    (policy.budgeted(budget), move || retries(gauge.balance(clock.now())))
                })
            }
            _ => Fleet::of(|_| self.policy()),
        }
    }
}

/// A balance in percent of a retry as retries.
fn retries(percent: Option<u64>) -> f64 {
    f64::from(u32::try_from(percent.unwrap_or(0)).unwrap_or(u32::MAX)) / 100.0
}
