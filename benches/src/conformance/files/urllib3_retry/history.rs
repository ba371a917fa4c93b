//! The history of a request: what an observer was shown, attempt by attempt.

use std::cell::RefCell;
use std::time::Duration;

use retry_core::test_util::VirtualClock;
use retry_core::{Failed, ObserveError, Observer, Policy, Retry, Verdict, What, classify_fn};
use retry_http::{SpentOn, Tally};
use serde_json::{Value, json};

use super::counters::classifier;
use super::event::{Event, broken};
use super::{SETTINGS, limits};
use crate::conformance::case::Case;
use crate::conformance::fault::{Fault, Outcome, same};
use crate::conformance::fields::Fields;
use crate::conformance::headers::status;

/// The requests that failed, as `[method, url, error, status, redirect location]`.
#[derive(Default)]
struct History(RefCell<Vec<Value>>);

impl Observer for History {}
impl ObserveError<Failure<'_>> for History {
    fn failed(&self, event: Failed<'_, Failure<'_>>) {
        if let What::Error(failure) = event.what {
            self.0.borrow_mut().push(failure.entry.clone());
        }
    }
}

struct Failure<'a> {
    event: Event<'a>,
    entry: Value,
}

impl<'a> Failure<'a> {
    fn read(step: Fields<'a>) -> Result<Self, Fault> {
        step.only(&["method", "url", "error", "status", "redirect_location"])?;
        let (method, error, to) = (step.text("method")?, step.text("error")?, step.text("redirect_location")?);
        let status = status(step, "status")?;
        let spent_on = match (error, status, to) {
            (Some(error), ..) => {
                let broken = broken(error).ok_or_else(|| Fault::unreadable(format!("there is no error `{error}`")))?;
                SpentOn::Fault(broken)
            }
            (None, _, Some(_)) => SpentOn::Redirect,
            (None, Some(status), None) => SpentOn::Status(status),
            (None, None, None) => SpentOn::Unknown,
        };
        let entry = json!([method, step.text("url")?, error, status, to]);
        Ok(Self { event: Event::new(error.unwrap_or("answer"), method, spent_on), entry })
    }
}

/// Each event is an attempt that fails, and the one after the last succeeds.
pub(super) fn run(case: &Case) -> Outcome {
    let given = case.input();
    given.only(&SETTINGS)?;
    let (classifier, tally) = (classifier(given)?, RefCell::new(Tally::new(limits(given)?)));
    let events = case.all().need_list("events")?.iter().map(|event| Failure::read(case.all().within(event)));
    let mut events = events.collect::<Result<Vec<_>, _>>()?.into_iter();
    let history = History::default();
    let retry = Retry::with_sleeper(Policy::constant(Duration::ZERO), VirtualClock::new())
        .classify(classify_fn(|failure: &Failure<'_>| {
            let last = failure.event.is_final(&classifier) || tally.borrow_mut().spend(failure.event.spent_on).is_err();
            if last { Verdict::PERMANENT } else { Verdict::TRANSIENT }
        }))
        .observe(&history);
    // A run that ends sooner has a shorter history, which differs.
    let _ = retry.call_blocking(|| events.next().map_or(Ok(()), Err));
    same(case.expect()?, &Value::from(history.0.into_inner()))
}
