//! The retry quota by itself, and what a client does with it.

use retry_core::{AwsQuota, Charge, Decision, RetryBudget as _, RetryPolicy as _, Session, StopReason, Time, Verdict};

use super::response::kind;
use super::{Standard, is_newer, standard};
use crate::conformance::case::Case;
use crate::conformance::draws;
use crate::conformance::fault::{Fault, Outcome, same};

/// What is in a quota unless the case says otherwise.
const CAPACITY: u32 = 500;

pub(super) fn steps(case: &Case) -> Outcome {
    let given = case.input();
    given.only(&["capacity", "available"])?;
    let capacity = given.need_count("capacity")?;
    let quota = standard::quota(is_newer(case)?, capacity).starting_with(given.count("available")?.unwrap_or(capacity));
    for step in case.all().need_list("steps")? {
        let step = case.all().within(step);
        step.only(&["acquire", "release", "expect", "available"])?;
        if let Some(tokens) = step.count("acquire")? {
            let acquired = quota.acquire(tokens);
            if let Some(expected) = step.get("expect") {
                same(expected, acquired)?;
            }
        }
        if let Some(tokens) = step.count("release")? {
            quota.release(tokens);
        }
        if let Some(expected) = step.whole("available")? {
            same(expected, u64::from(quota.available()))?;
        }
    }
    Ok(())
}

pub(super) fn cost(case: &Case) -> Outcome {
    let word = case.all().need_text("input")?;
    let (policy, class) = (Standard::of(case)?, kind(word)?.class);
    let charge = Charge::new(class).costing(policy.retry_cost(class));
    same(case.expect()?, standard::quota(is_newer(case)?, CAPACITY).cost(charge))
}

/// What happens to one request, and beside it to others, in words: `fail:server_error`, `expect:495`; ` x3` behind one repeats it.
pub(super) fn events(case: &Case) -> Outcome {
    let given = case.input();
    given.only(&["capacity", "available"])?;
    let capacity = given.count("capacity")?.unwrap_or(CAPACITY);
    let quota = standard::quota(is_newer(case)?, capacity).starting_with(given.count("available")?.unwrap_or(capacity));
    let mut request = Request { policy: Standard::without_limit(case)?, charge: None, session: begun(), last: None };
    for event in case.all().need_list("events")? {
        let event = event.as_str().ok_or_else(|| Fault::unreadable(format!("{event} in `events`")))?;
        let (word, times) = match event.rsplit_once(" x") {
            Some((word, times)) => (word, times.parse().map_err(Fault::unreadable)?),
            None => (event, 1_u32),
        };
        (0..times).try_for_each(|_| request.event(word, &quota))?;
    }
    Ok(())
}

fn begun() -> Session {
    Session::begin(Time::default())
}

struct Request {
    policy: Standard,
    session: Session,
    charge: Option<Charge>,
    last: Option<Decision>,
}

impl Request {
    fn event(&mut self, word: &str, quota: &AwsQuota) -> Outcome {
        match word.split_once(':') {
            Some(("fail", failure)) => self.failed(kind(failure)?, quota),
            Some(("expect", tokens)) => return same(tokens, quota.available().to_string().as_str()),
            Some(("acquired", expected)) => {
                return same(expected, matches!(self.last, Some(Decision::Retry(_))).to_string().as_str());
            }
            Some(("metadata", expected)) => return same(Some(expected), self.last.and_then(metadata)),
            None if word.starts_with("non_retryable") => self.failed(Verdict::PERMANENT, quota),
            None => match word {
                "success_after_retry" | "success" => {
                    quota.succeeded(self.charge.take(), None);
                    self.session = begun();
                }
                "other_request_first_try_success" | "first_try_success" => quota.succeeded(None, None),
                // The error goes to the caller.
                "give_up" => (self.charge, self.session) = (None, begun()),
                _ => return Err(Fault::unreadable(format!("there is no event `{word}`"))),
            },
            Some(_) => return Err(Fault::unreadable(format!("there is no event `{word}`"))),
        }
        Ok(())
    }

    fn failed(&mut self, verdict: Verdict, quota: &AwsQuota) {
        let policy = (&self.policy).budgeted(quota);
        let decision = self.session.on_failure(Time::default(), verdict, &policy, &mut draws::always(1.0));
        if let Decision::Retry(_) = decision {
            self.charge = Some(Charge::new(verdict.class).costing(policy.retry_cost(verdict.class)));
        }
        self.last = Some(decision);
    }
}

/// What botocore writes into a response's metadata.
fn metadata(decision: Decision) -> Option<&'static str> {
    match decision {
        Decision::Stop(StopReason::Budget) => Some("RetryQuotaReached"),
        Decision::Stop(StopReason::Attempts) => Some("MaxAttemptsReached"),
        _ => None,
    }
}
