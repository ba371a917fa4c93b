//! One logical request after another, over scripted responses.

use std::time::Duration;

use retry_core::{
    AwsQuota, Budgeted, Charge, Decision, RetryBudget as _, RetryPolicy as _, Session, StopReason, Time, Verdict,
};

use super::{Standard, is_newer, response, standard};
use crate::conformance::case::Case;
use crate::conformance::draws::{self, Draw};
use crate::conformance::expectation::Expectation;
use crate::conformance::fault::{Fault, Outcome, same};
use crate::conformance::fields::Fields;

pub(super) fn run(case: &Case) -> Outcome {
    let steps = case.all().need_list("responses")?;
    let (client, quota) = (Client::of(case)?, quota(case)?);
    let mut request = Request::begin(Time::default());
    for step in steps {
        client.step(case, case.all().within(step), &mut request, &quota)?;
    }
    Ok(())
}

/// As it is at the beginning; what it begins with is all that it holds.
pub(super) fn quota(case: &Case) -> Result<AwsQuota, Fault> {
    Ok(standard::quota(is_newer(case)?, case.input().count("initial_retry_tokens")?.unwrap_or(500)))
}

/// What all requests have in common.
pub(super) struct Client {
    policy: Standard,
    /// Polls that the server answers late by design wait before they give an error back, so that they do not come at once again.
    long_polling: bool,
    random: f64,
}

/// A logical request, and what its last retry was charged.
#[derive(Clone, Copy)]
pub(super) struct Request {
    session: Session,
    now: Time,
    charge: Option<Charge>,
}

impl Request {
    pub(super) const fn begin(now: Time) -> Self {
        Self { session: Session::begin(now), now, charge: None }
    }
}

impl Client {
    pub(super) fn of(case: &Case) -> Result<Self, Fault> {
        let given = case.input();
        given.only(&[
            "max_attempts",
            "initial_retry_tokens",
            "exponential_base",
            "exponential_power",
            "max_backoff_time",
            "service",
            "long_polling",
        ])?;
        let random = given.number("exponential_base")?.unwrap_or(1.0);
        Ok(Self { policy: Standard::of(case)?, long_polling: given.flag("long_polling")?, random })
    }

    /// One response, and what is expected then.
    pub(super) fn step(&self, case: &Case, step: Fields<'_>, request: &mut Request, quota: &AwsQuota) -> Outcome {
        step.only(&["response", "expected", "explicit_delay"])?;
        let expected = step.object("expected");
        expected.only(&["outcome", "retry_quota", "delay"])?;
        let (outcome, delay) = match response::verdict(step)? {
            Some(verdict) => self.failed(verdict, request, quota),
            None => {
                quota.succeeded(request.charge, Some(request.now));
                *request = Request::begin(request.now);
                ("success", None)
            }
        };
        same(expected.need_text("outcome")?, outcome)?;
        if let Some(left) = expected.whole("retry_quota")? {
            same(left, u64::from(quota.available()))?;
        }
        match expected.get("delay") {
            Some(expected) => Expectation::read(expected, case.unit)?.check(case, delay),
            None if outcome == "retry_request" => Ok(()),
            None => same(None, delay),
        }
    }

    fn failed(&self, verdict: Verdict, request: &mut Request, quota: &AwsQuota) -> (&'static str, Option<Duration>) {
        let policy: Budgeted<&Standard, &AwsQuota> = (&self.policy).budgeted(quota);
        let mut rng: Draw = draws::always(self.random);
        let (mut before, now) = (request.session, request.now);
        match request.session.on_failure(request.now, verdict, &policy, &mut rng) {
            Decision::Retry(wait) => {
                request.now = request.now.after(wait.delay());
                let charge = Charge::new(verdict.class).costing(policy.retry_cost(verdict.class));
                request.charge = Some(charge);
                ("retry_request", Some(wait.delay()))
            }
            Decision::Stop(reason) => {
                *request = Request::begin(request.now);
                let outcome = match reason {
                    StopReason::Attempts => "max_attempts_exceeded",
                    StopReason::Budget => "retry_quota_exceeded",
                    _ => "fail_request",
                };
                // As long as the retry would have waited.
                let waits = self.long_polling && reason == StopReason::Budget;
                let delay = waits.then(|| before.on_failure(now, verdict, &self.policy, &mut rng).delay());
                (outcome, delay.flatten())
            }
        }
    }
}
