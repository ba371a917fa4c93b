//! Calls one after another against a server that answers by the number of the call it sees.

use std::time::Duration;

use retry_core::test_util::VirtualClock;
use retry_core::{Policy, Retry, Verdict, classify_fn};
use serde_json::Value;

use crate::conformance::case::Case;
use crate::conformance::fault::{Fault, Outcome, same};
use crate::conformance::fields::Fields;

/// Which calls of the server end how.
struct Server<'a> {
    given: Fields<'a>,
    seen: u64,
}

impl<'a> Server<'a> {
    fn call(&mut self) -> Result<(), &'a str> {
        let number = Value::from(self.seen);
        self.seen += 1;
        let is_in = |key| self.given.get(key).and_then(Value::as_array).is_some_and(|calls| calls.contains(&number));
        if is_in("server_ok_calls") {
            Ok(())
        } else if is_in("server_internal_calls") {
            Err("INTERNAL")
        } else {
            Err(self.given.get("else_code").and_then(Value::as_str).unwrap_or("UNAVAILABLE"))
        }
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
    if given.get("throttle").is_some() || given.get("max_tokens").is_some() {
        // To be wired to the engine's retry budget.
        return Err(Fault::NotBuilt("the gRPC retry throttle"));
    }
    let retryable: Vec<_> = match given.list("retryable")? {
        Some(codes) => codes.iter().filter_map(Value::as_str).collect(),
        None => vec!["UNAVAILABLE"],
    };
    let policy = Policy::constant(Duration::ZERO).attempts(given.count("max_attempts")?.unwrap_or(5));
    let verdict = |code: &&str| if retryable.contains(code) { Verdict::TRANSIENT } else { Verdict::PERMANENT };
    let retry = Retry::with_sleeper(policy, VirtualClock::new()).classify(classify_fn(verdict));
    let mut server = Server { given, seen: 0 };
    for call in case.all().need_list("calls")? {
        let call = case.all().within(call);
        call.only(&["expect_code", "expect_last_server_call"])?;
        let code = match retry.call_blocking(|| server.call()) {
            Ok(()) => "OK",
            Err(end) => end.into_error().unwrap_or("no error"),
        };
        let expected =
            (call.need_text("expect_code")?, call.whole("expect_last_server_call")?.unwrap_or(server.seen - 1));
        same(expected, (code, server.seen - 1))?;
    }
    Ok(())
}
