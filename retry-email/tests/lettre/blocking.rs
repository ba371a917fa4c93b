//! `RetryTransport` as a `Transport`.

use std::cell::Cell;
use std::time::Duration;

use retry_core::test_util::{Recorder, VirtualClock};
use retry_core::{Clock, GaveUp, Policy, Retry, RetryPolicy, StopReason, Verdict, classify_fn};
use retry_email::lettre::{LettreClassifier, RetryTransport, UnknownOutcome};
use testkit::smtp::{Dialogue, Reaction, Stage};

use super::support::{AT_ONCE, ID, MESSAGE, blocking, envelope, nobody, server, then_accept, upstream};
use upstream::Transport;
use upstream::address::Envelope;
use upstream::transport::smtp::response::Response;
use upstream::transport::stub::StubTransport;

#[test]
fn deferred_mail_is_delivered_once_without_a_runtime() {
    let server = server(then_accept(Dialogue::new().on(Stage::Dot, "451 4.3.0 not now")));
    let clock = VirtualClock::new();
    let recorder = Recorder::default();
    let retry = Retry::with_sleeper(Policy::constant(Duration::from_secs(3_600)), clock.clone())
        .classify(LettreClassifier)
        .observe(&recorder);
    let mailer = RetryTransport::with_retry(blocking(server.addr()).build(), retry);

    mailer.send_raw(&envelope(), MESSAGE).unwrap();

    assert_eq!((server.connections(), server.copies(ID)), (2, 1));
    assert_eq!(clock.now().as_nanos(), 3_600_000_000_000);
    assert_eq!(recorder.delays(), [Duration::from_secs(3_600)]);
}

#[test]
fn mail_whose_acknowledgement_is_lost_is_held_or_resent() {
    for (choice, attempts, copies) in [(UnknownOutcome::Hold, 1, 1), (UnknownOutcome::Resend, 3, 3)] {
        let server = server(Dialogue::new().on(Stage::Dot, Reaction::drop_connection()));
        let mailer = RetryTransport::blocking(blocking(server.addr()).build(), AT_ONCE).unknown_outcome(choice);
        let end = mailer.send_raw(&envelope(), MESSAGE).unwrap_err();
        assert_eq!((end.attempts, server.copies(ID)), (attempts, copies), "{choice:?}");
        assert_eq!(end.reason == StopReason::UnknownOutcome, choice == UnknownOutcome::Hold);
    }
}

#[test]
fn a_hint_beyond_the_policy_ends_it() {
    let server = server(Dialogue::new().on(Stage::Rcpt, "450 4.2.0 try again in 48 hours"));
    let mailer = RetryTransport::blocking(blocking(server.addr()).build(), AT_ONCE);
    let end = mailer.send_raw(&envelope(), MESSAGE).unwrap_err();
    assert_eq!((end.reason, end.attempts), (StopReason::HintTooFar, 1));
}

/// What a program has that knows of no retry.
fn deliver<T: Transport<Ok = Response>>(transport: &T) -> Result<Response, T::Error> {
    transport.send_raw(&envelope(), MESSAGE)
}

#[test]
fn it_goes_where_a_transport_goes() {
    let server = server(then_accept(Dialogue::new().on(Stage::Mail, "421 4.3.2 closing")));
    let mailer = RetryTransport::blocking(blocking(server.addr()).build(), AT_ONCE);
    assert!(deliver(&mailer).unwrap().is_positive());
    assert_eq!(server.copies(ID), 1);

    mailer.shutdown();
    let end = deliver(&mailer).unwrap_err();
    assert!(end.error().unwrap().is_transport_shutdown(), "shutdown reaches the transport");
}

#[test]
fn it_goes_into_a_box() {
    let mailer = RetryTransport::with_retry(StubTransport::new_ok(), Retry::with_sleeper(AT_ONCE, VirtualClock::new()));
    let mailer: Box<dyn Transport<Ok = (), Error = GaveUp<upstream::transport::stub::Error>>> = Box::new(mailer);
    mailer.send_raw(&envelope(), MESSAGE).unwrap();
}

/// A user's own transport: succeeds at the third attempt.
struct Moody(Cell<u32>);

#[derive(Debug, PartialEq)]
struct NotYet(u32);

impl Transport for Moody {
    type Ok = u32;
    type Error = NotYet;

    fn send_raw(&self, _: &Envelope, _: &[u8]) -> Result<u32, NotYet> {
        self.0.set(self.0.get() + 1);
        if self.0.get() < 3 { Err(NotYet(self.0.get())) } else { Ok(self.0.get()) }
    }
}

#[test]
fn a_transport_of_ones_own_is_retried_by_a_classifier_of_ones_own() {
    let retry = |policy: Policy| Retry::with_sleeper(policy.at_most_once(), VirtualClock::new());
    let refused = classify_fn(|_: &NotYet| Verdict::THROTTLED);
    let mailer = RetryTransport::with_retry(Moody(Cell::new(0)), retry(AT_ONCE).classify(refused));
    assert_eq!(mailer.send_raw(&envelope(), MESSAGE), Ok(3));

    // By default nobody knows whether it happened.
    let mailer = RetryTransport::with_retry(Moody(Cell::new(0)), retry(AT_ONCE));
    let end = mailer.send_raw(&envelope(), MESSAGE).unwrap_err();
    assert_eq!((end.reason, end.into_error()), (StopReason::UnknownOutcome, Some(NotYet(1))));
}

#[test]
fn a_stop_asked_for_before_leaves_the_mail_unsent() {
    let mailer = RetryTransport::blocking(blocking(nobody()).build(), AT_ONCE)
        .map_retry(|retry| retry.stop_on(|| std::future::ready(())));
    let end = mailer.send_raw(&envelope(), MESSAGE).unwrap_err();
    assert_eq!((end.reason, end.attempts), (StopReason::Cancelled, 0));
}
