//! The time that the whole is given: 60 s, or what the schedule says.

use std::process::Output;
use std::time::Duration;

use testkit::smtp::{Dialogue, Reaction, Stage};

use crate::support::{MESSAGE, begin, code, host, rows, server, stdout, to_b};

/// What a command of the conversation may take by RFC 5321 is five minutes and more; this is far less.
const LONG: Duration = Duration::from_secs(100);
const PAUSE: Duration = Duration::from_millis(20);

/// Runs it; it must end of itself within [`LONG`].
fn ended(args: &[&str]) -> Output {
    let mut child = begin(args, MESSAGE);
    let mut waited = Duration::ZERO;
    while child.try_wait().unwrap().is_none() {
        if waited > LONG {
            child.kill().unwrap();
            panic!("it did not end: {:?}", child.wait_with_output());
        }
        #[expect(clippy::disallowed_methods, reason = "another process runs in real time")]
        std::thread::sleep(PAUSE);
        waited += PAUSE;
    }
    child.wait_with_output().unwrap()
}

#[test]
fn a_server_that_hangs_at_any_stage_does_not_outlast_the_schedules_time() {
    for stage in [Stage::Greeting, Stage::Ehlo, Stage::Rcpt, Stage::Data, Stage::Dot] {
        let server = server(Dialogue::new().on(stage, Reaction::hang()));
        let host = host(&server);
        let output = ended(&[&to_b(&host)[..], &["--json", "--schedule", "const 0s, within 500ms"]].concat());
        assert_eq!(code(&output), 75, "{output:?}");
        // What the server has to its end may have arrived, as far as the client knows. A slow machine may not come so far.
        assert!(server.wait_until_closed(server.connections(), LONG));
        let state = if server.accepted().is_empty() { "deferred" } else { "unknown" };
        assert_eq!(rows(&output)[0]["state"], state, "{stage:?}");
    }
}

#[test]
fn a_mail_that_is_deferred_for_ever_is_reported_when_the_time_is_over() {
    let server = server(Dialogue::new().on(Stage::Rcpt, "450 4.2.0 later"));
    let host = host(&server);
    let output = ended(&[&to_b(&host)[..], &["--schedule", "const 50ms, within 1s"]].concat());
    assert_eq!(code(&output), 75);
    assert!(stdout(&output)[0].starts_with("b@test.invalid: deferred after "), "{output:?}");
    assert!(stdout(&output)[0].ends_with("450 4.2.0 later"), "{output:?}");
}

/// The default as it is written; what it does is shown above with a shorter time.
#[test]
fn unless_told_otherwise_it_is_a_minute() {
    let server = server(Dialogue::new().on(Stage::Rcpt, "450 4.2.0 Greylisted, try again in 61 seconds"));
    let output = ended(&to_b(&host(&server)));
    // A time that lies beyond the minute ends it at once.
    assert_eq!(code(&output), 75, "{output:?}");
    assert!(stdout(&output)[0].starts_with("b@test.invalid: deferred after 1 attempt:"), "{output:?}");
}
