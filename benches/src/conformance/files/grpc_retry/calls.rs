//! Calls one after another against a server that answers by the number of the call it sees.

use std::cell::RefCell;
use std::time::Duration;

use retry_core::test_util::VirtualClock;
use retry_core::{
    GrpcThrottle, ObserveError, Observer, Policy, Retry, RetryBudget, RetryPolicy as _, Scheduled, Verdict, classify_fn,
};
use serde_json::{Value, json};

use super::{DEFAULT_CAP, throttle};
use crate::conformance::case::Case;
use crate::conformance::fault::{Outcome, same};
use crate::conformance::fields::Fields;
use crate::conformance::measures::equal;

/// Which calls of the server end how.
struct Server<'a> {
    given: Fields<'a>,
    /// How those that it has seen ended.
    seen: Vec<&'a str>,
}

impl<'a> Server<'a> {
    fn call(&mut self) -> Result<(), &'a str> {
        let number = Value::from(self.seen.len());
        let is_in = |key| self.given.get(key).and_then(Value::as_array).is_some_and(|calls| calls.contains(&number));
        let code = if is_in("server_ok_calls") {
            "OK"
        } else if is_in("server_internal_calls") {
            "INTERNAL"
        } else {
            self.given.get("else_code").and_then(Value::as_str).unwrap_or("UNAVAILABLE")
        };
        self.seen.push(code);
        if code == "OK" { Ok(()) } else { Err(code) }
    }
}

/// Notes the tokens that are there when a retry was granted.
struct Tokens<'a> {
    throttle: Option<&'a GrpcThrottle>,
    after: RefCell<Vec<Option<f64>>>,
}

impl Tokens<'_> {
    fn note(&self) {
        let tokens = self.throttle.map(|throttle| f64::from(throttle.thousandths()) / 1000.0);
        self.after.borrow_mut().push(tokens);
    }
}

impl Observer for Tokens<'_> {
    fn scheduled(&self, _: Scheduled) {
        self.note();
    }
}
impl<E: ?Sized> ObserveError<E> for Tokens<'_> {}

/// No throttle.
struct Boundless;

impl RetryBudget for Boundless {
    fn withdraw(&self, _: retry_core::Charge, _: retry_core::Time) -> bool {
        true
    }
}

pub(super) fn run(case: &Case) -> Outcome {
    let given = case.input();
    given.only(&[
        "throttle",
        "max_tokens",
        "token_ratio",
        "max_attempts",
        "server_ok_calls",
        "server_internal_calls",
        "else_code",
        "retryable",
    ])?;
    let written = given.object("throttle");
    written.only(&["max_tokens", "token_ratio"])?;
    let given_as = |key| written.get(key).or_else(|| given.get(key));
    let throttle = match (given_as("max_tokens"), given_as("token_ratio")) {
        (None, None) => None,
        (tokens, ratio) => Some(throttle(tokens, ratio)?),
    };
    let budget: &dyn RetryBudget = throttle.as_ref().map_or(&Boundless, |throttle| throttle);
    let retryable: Vec<_> = match given.list("retryable")? {
        Some(codes) => codes.iter().filter_map(Value::as_str).collect(),
        None => vec!["UNAVAILABLE"],
    };
    let policy = Policy::constant(Duration::ZERO).attempts(given.count("max_attempts")?.unwrap_or(DEFAULT_CAP));
    let verdict = |code: &&str| if retryable.contains(code) { Verdict::TRANSIENT } else { Verdict::PERMANENT };
    let tokens = Tokens { throttle: throttle.as_ref(), after: RefCell::default() };
    let retry = Retry::with_sleeper(policy.budgeted(budget), VirtualClock::new())
        .classify(classify_fn(verdict))
        .observe(&tokens);
    let mut server = Server { given, seen: Vec::new() };
    for call in case.all().need_list("calls")? {
        let call = case.all().within(call);
        call.only(&["expect_code", "expect_last_server_call", "attempts"])?;
        let first = server.seen.len();
        tokens.after.borrow_mut().clear();
        let code = match retry.call_blocking(|| server.call()) {
            Ok(()) => "OK",
            Err(end) => end.into_error().unwrap_or("no error"),
        };
        tokens.note();
        let last = server.seen.len() - 1;
        let expected_last = call.whole("expect_last_server_call")?.map_or_else(|| last.into(), Value::from);
        same((call.need_text("expect_code")?, expected_last), (code, Value::from(last)))?;
        if let Some(expected) = call.list("attempts")? {
            let after = tokens.after.borrow();
            let seen = (first..).zip(server.seen.iter().skip(first)).zip(after.iter());
            let got: Vec<_> = seen.map(|((number, code), tokens)| json!([number, code, tokens])).collect();
            attempts(case, expected, &got)?;
        }
    }
    Ok(())
}

/// The number that the server gave each attempt, how it ended, and the tokens that were there then.
fn attempts(case: &Case, expected: &[Value], got: &[Value]) -> Outcome {
    same(expected.len(), got.len())?;
    for (expected, got) in expected.iter().zip(got) {
        let expected = case.all().within(expected);
        expected.only(&["server_call", "result", "tokens"])?;
        for (at, key) in ["server_call", "result", "tokens"].into_iter().enumerate() {
            if let (Some(expected), Some(got)) = (expected.get(key), got.get(at)) {
                equal(case, key, expected, got)?;
            }
        }
    }
    Ok(())
}
