//! A server that does what it likes, and what a client must never do about it.
//!
//! The server answers at random, breaks off, lies about headers, takes its time and redirects; it counts what it processed.
//! Time is staged: a wait passes at once, and a limit falls where the server says that so much time has passed.

mod case;
mod deed;
mod door;
mod laws;

use proptest::test_runner::{TestCaseResult, TestRunner};
use testkit::StagedClock;
use testkit::http::{HttpServer, Script};

use case::Case;
use door::Door;
use laws::Log;

/// Runs a case through one way to send.
fn run(case: &Case, door: &Door) -> (HttpServer, Log, door::Outcome) {
    let (clock, log) = (StagedClock::new(), Log::default());
    let time = clock.clone();
    let script = Script::of(case.answers(door.is_cut())).identify(|request| Some(request.method.clone()));
    let script = if case.keyed { script.remembers_keys() } else { script };
    let server = HttpServer::start(script.time(move |taken| time.pass(taken))).unwrap();
    let outcome = door.send(case, case.retry(&clock, &log), &server.url("/"));
    log.end(&clock);
    (server, log, outcome)
}

fn cases() -> proptest::prelude::ProptestConfig {
    let cases = std::env::var("RETRY_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(256_u32);
    // Each starts a server and several connections.
    proptest::prelude::ProptestConfig { cases: cases.div_ceil(4), failure_persistence: None, ..Default::default() }
}

fn whatever_the_server_does(door: &Door, law: impl Fn(&Case, &HttpServer, &Log, &door::Outcome) -> TestCaseResult) {
    let checked = |case: Case| {
        let (server, log, outcome) = run(&case, door);
        law(&case, &server, &log, &outcome)
    };
    TestRunner::new(cases()).run(&case::any_case(), checked).unwrap_or_else(|error| panic!("{door:?}: {error}"));
}

fn what_may_be_repeated_gets_through(door: &Door) {
    let checked = |case: Case| {
        let (server, _, outcome) = run(&case, door);
        laws::got_through(&case, &server, &outcome)
    };
    TestRunner::new(cases()).run(&case::passing_case(), checked).unwrap_or_else(|error| panic!("{door:?}: {error}"));
}

macro_rules! doors {
    ($($name:ident => $door:expr;)*) => {$(
        mod $name {
            use super::*;

            #[test]
            fn keeps_the_laws_whatever_the_server_does() {
                whatever_the_server_does(&$door, laws::all);
            }

            #[test]
            fn gets_through_with_what_may_be_repeated() {
                what_may_be_repeated_gets_through(&$door);
            }
        }
    )*};
}

doors! {
    a_request_builder => Door::builder();
    a_client_that_reads => Door::reading();
    a_middleware => Door::middleware();
    a_tower_layer => Door::tower();
    a_blocking_builder => Door::blocking();
}
