//! `RetryTransport` as an `AsyncTransport`.

use std::sync::Arc;
use std::time::Duration;

use retry_core::test_util::{Event, Recorder};
use retry_core::{
    Because, Class, Effect, GaveUp, HintSource, Last, ObserveError, Observer, Policy, Retry, Scheduled, StopReason,
    TokioSleeper, Verdict, classify_fn,
};
use retry_email::lettre::{Guarded, LettreClassifier, RetryTransport};
use testkit::smtp::{Dialogue, Script, Stage};
use tokio_util::sync::CancellationToken;

use super::support::{
    AT_ONCE, ID, Impatient, MESSAGE, Smtp, canned, envelope, nobody, server, then_accept, unpooled, upstream,
};
use upstream::AsyncTransport;
use upstream::transport::smtp::Error;
use upstream::transport::smtp::authentication::Credentials;
use upstream::transport::smtp::response::Response;
use upstream::transport::stub::AsyncStubTransport;

#[tokio::test]
async fn deferred_mail_is_delivered_once() {
    let server = server(then_accept(Dialogue::new().on(Stage::Rcpt, "450 4.2.0 not now")));
    let recorder = Recorder::default();
    let mailer =
        RetryTransport::new(unpooled(server.addr()).build(), AT_ONCE).map_retry(|retry| retry.observe(&recorder));

    mailer.send_raw(&envelope(), MESSAGE).await.unwrap();

    assert_eq!((server.connections(), server.copies(ID)), (2, 1));
    assert!(matches!(recorder.events().last(), Some(Event::Succeeded(end)) if end.attempts == 2));
}

#[tokio::test]
async fn a_refusal_for_good_stops_at_once() {
    let server = server(Dialogue::new().on(Stage::Rcpt, "550 5.1.1 no such user"));
    let mailer = RetryTransport::new(unpooled(server.addr()).build(), AT_ONCE);

    let end = mailer.send_raw(&envelope(), MESSAGE).await.unwrap_err();

    assert_eq!((end.reason, end.attempts, server.connections()), (StopReason::Permanent, 1, 1));
    assert_eq!(u16::from(end.into_error().unwrap().status().unwrap()), 550);
}

#[tokio::test]
async fn bad_credentials_stop_at_once_as_misconfigured() {
    let (addr, _) = canned(&[b"220 hello\r\n", b"250-hello\r\n250 AUTH PLAIN\r\n", b"535 5.7.8 bad credentials\r\n"]);
    let credentials = Credentials::new(String::from("alice"), String::from("secret"));
    let mailer = RetryTransport::new(unpooled(addr).credentials(credentials).build(), AT_ONCE);

    let end = mailer.send_raw(&envelope(), MESSAGE).await.unwrap_err();

    assert_eq!((end.reason, end.attempts), (StopReason::Misconfigured, 1));
}

#[tokio::test]
async fn an_absent_server_is_tried_until_the_policy_ends() {
    let mailer = RetryTransport::new(unpooled(nobody()).build(), AT_ONCE);
    let end = mailer.send_raw(&envelope(), MESSAGE).await.unwrap_err();
    assert_eq!((end.reason, end.attempts), (StopReason::Attempts, 3));
}

#[tokio::test]
async fn the_observer_sees_each_attempt_and_why_it_waits() {
    let script = Script::new()
        .connection(Dialogue::new().on(Stage::Rcpt, "450 4.2.0 Greylisted, try again in 300 seconds"))
        .connection(Dialogue::new().on(Stage::Mail, "421 4.7.0 too many connections"))
        .otherwise(Dialogue::new());
    let server = server(script);
    let recorder = Recorder::default();
    let retry = Retry::with_sleeper(Policy::constant(Duration::from_secs(60)), Impatient)
        .classify(LettreClassifier)
        .observe(&recorder);
    let mailer = RetryTransport::with_retry(unpooled(server.addr()).build(), retry);

    mailer.send_raw(&envelope(), MESSAGE).await.unwrap();

    let seen: Vec<_> = recorder.events().into_iter().map(|event| format!("{}", Short(event))).collect();
    assert_eq!(
        seen,
        [
            "started 1",
            "failed 1 transient none: transient error (450): 4.2.0 Greylisted, try again in 300 seconds",
            "scheduled 300s by hint in text",
            "started 2",
            "failed 2 throttled none: transient error (421): 4.7.0 too many connections",
            "scheduled 60s by schedule",
            "started 3",
            "succeeded 3",
        ]
    );
}

struct Short(Event);

impl std::fmt::Display for Short {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Event::Started(event) => write!(f, "started {}", event.attempt),
            Event::Failed { attempt, error, verdict, .. } => {
                write!(f, "failed {attempt} {} {}: {error}", verdict.class, verdict.effect.as_str())
            }
            Event::Scheduled(event) => match event.because {
                Because::Hint(HintSource::Text) => write!(f, "scheduled {:?} by hint in text", event.delay),
                because => write!(f, "scheduled {:?} by {}", event.delay, because.as_str()),
            },
            Event::Succeeded(event) => write!(f, "succeeded {}", event.attempts),
            other => write!(f, "{other:?}"),
        }
    }
}

/// What a program has that knows of no retry.
async fn deliver<T>(transport: T) -> Result<Response, T::Error>
where
    T: AsyncTransport<Ok = Response> + Sync,
{
    transport.send_raw(&envelope(), MESSAGE).await
}

#[tokio::test]
async fn it_goes_where_a_transport_goes() {
    let server = server(then_accept(Dialogue::new().on(Stage::Rcpt, "450 4.2.0 not now")));
    let mailer = RetryTransport::new(unpooled(server.addr()).build(), AT_ONCE);
    assert!(deliver(mailer).await.unwrap().is_positive());
    assert_eq!(server.copies(ID), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_goes_into_a_box_and_into_spawned_tasks() {
    let server = server(then_accept(Dialogue::new().on(Stage::Rcpt, "450 4.2.0 not now")));
    let mailer = RetryTransport::new(unpooled(server.addr()).build(), AT_ONCE)
        .map_retry(|retry| retry.timeout(Duration::from_secs(60)).deadline(Duration::from_secs(60)));
    let mailer: Arc<dyn AsyncTransport<Ok = Response, Error = GaveUp<Error>> + Send + Sync> = Arc::new(mailer);

    let tasks = [1, 2].map(|_| {
        let mailer = Arc::clone(&mailer);
        tokio::spawn(async move { mailer.send_raw(&envelope(), MESSAGE).await.map(drop) })
    });
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    mailer.shutdown().await;

    assert_eq!(server.copies(ID), 2);
    let end = mailer.send_raw(&envelope(), MESSAGE).await.unwrap_err();
    assert!(end.error().unwrap().is_transport_shutdown(), "shutdown reaches the transport");
}

#[tokio::test]
async fn a_stop_ends_it_between_attempts() {
    let server = server(Dialogue::new().on(Stage::Rcpt, "450 4.2.0 not now"));
    let token = CancellationToken::new();
    let retry = Retry::new(Policy::constant(Duration::from_secs(3_600)))
        .classify(LettreClassifier)
        .observe(StopsAtFirstWait(token.clone()))
        .stop_on(|| token.cancelled());
    let mailer = RetryTransport::with_retry(unpooled(server.addr()).build(), retry);

    let end = mailer.send_raw(&envelope(), MESSAGE).await.unwrap_err();
    assert_eq!((end.reason, end.attempts), (StopReason::Cancelled, 1));
    let end = mailer.send_raw(&envelope(), MESSAGE).await.unwrap_err();
    assert_eq!((end.reason, end.attempts), (StopReason::Cancelled, 0));
}

struct StopsAtFirstWait(CancellationToken);

impl Observer for StopsAtFirstWait {
    fn scheduled(&self, _: Scheduled) {
        self.0.cancel();
    }
}

impl<E: ?Sized> ObserveError<E> for StopsAtFirstWait {}

#[tokio::test]
async fn any_transport_is_retried_by_any_classifier() {
    let stub = AsyncStubTransport::new_error();
    let everything = RetryTransport::with_retry(stub.clone(), Retry::new(AT_ONCE).history::<3>());
    let end = everything.send_raw(&envelope(), MESSAGE).await.unwrap_err();
    assert_eq!((end.attempts, stub.messages().await.len()), (3, 3));
    assert!(end.history.iter().all(|entry| entry.class() == Class::Transient));

    let permanent = classify_fn(|_: &upstream::transport::stub::Error| Verdict::PERMANENT.effect(Effect::None));
    let nothing = RetryTransport::with_retry(stub, Retry::new(AT_ONCE).classify(permanent));
    assert_eq!(nothing.send_raw(&envelope(), MESSAGE).await.unwrap_err().attempts, 1);
}

#[tokio::test]
async fn an_answer_can_be_rejected() {
    let server = server(Dialogue::new().on(Stage::Dot, "250 2.0.0 queued, perhaps"));
    let retry = Retry::new(AT_ONCE).classify(LettreClassifier).reject(|response: &Response| {
        let is_doubtful = response.message().any(|line| line.contains("perhaps"));
        is_doubtful.then_some(Verdict::PERMANENT)
    });
    let mailer = RetryTransport::with_retry(unpooled(server.addr()).build(), retry);
    let end = mailer.send_raw(&envelope(), MESSAGE).await.unwrap_err();
    assert!(matches!(end.last, Last::Rejected(response) if response.has_code(250)));
}

#[test]
fn a_transport_that_retries_is_send_sync_and_clone() {
    fn check<T: Send + Sync + Clone>() {}
    check::<RetryTransport<Smtp, Retry<Guarded<Policy>, TokioSleeper, LettreClassifier>>>();
}
