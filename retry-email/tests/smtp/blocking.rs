//! The blocking sender, outside and inside of async code.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use retry_core::{Policy, Retryable};
use retry_email::{BlockingSender, Endpoint, Sender, State, Tls};
use testkit::smtp::{Dialogue, Script, SmtpServer, Stage};

use crate::server::{MESSAGE, to};

const AT_ONCE: Policy = Policy::constant(Duration::ZERO).attempts(3);

fn deferring_once() -> SmtpServer {
    let trouble = Dialogue::new().on(Stage::Rcpt.nth(1), "450 4.2.0 not now");
    SmtpServer::start(Script::new().connection(trouble).otherwise(Dialogue::new())).unwrap()
}

fn sender(server: &SmtpServer) -> BlockingSender {
    let policy = AT_ONCE.on_class_owned(Retryable::Throttled, AT_ONCE);
    let endpoint = Endpoint::new(server.host(), server.port()).tls(Tls::Off);
    BlockingSender::new(Sender::new(policy).host(endpoint)).unwrap()
}

#[test]
fn it_retries_and_delivers_without_async() {
    let server = deferring_once();
    let sent = sender(&server).send(&to(2), MESSAGE);
    assert!(sent.is_delivered(), "{sent:?}");
    assert_eq!(sent.recipients[0].attempts.len() + sent.recipients[1].attempts.len(), 3);
    assert_eq!(server.accepted().len(), 2, "one for each attempt");
}

#[test]
fn inside_a_runtime_of_either_kind_it_sends_and_is_dropped_without_a_panic() {
    for runtime in [
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap(),
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap(),
    ] {
        let server = deferring_once();
        runtime.block_on(async {
            let sender = sender(&server);
            assert!(sender.send(&to(1), MESSAGE).is_delivered());
            // Also on a worker, and where blocking is welcome.
            let sender = tokio::spawn(async move {
                assert!(sender.send(&to(1), MESSAGE).is_delivered());
                sender
            });
            let sender = sender.await.unwrap();
            let inside = tokio::task::spawn_blocking(move || {
                assert!(sender.send(&to(1), MESSAGE).is_delivered());
                sender.close();
                sender
            });
            drop(inside.await.unwrap());
        });
        assert_eq!(server.accepted().len(), 3);
        assert_eq!(server.connections(), 1, "the connection outlives the calls, whatever thread made them");
    }
}

#[test]
fn several_threads_share_it() {
    let server = SmtpServer::start(Script::new()).unwrap();
    let sender = sender(&server);
    let tries = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                let sent = sender.send_observed(&to(1), MESSAGE, |_, _| {
                    tries.fetch_add(1, Ordering::SeqCst);
                });
                assert!(sent.is_delivered());
            });
        }
    });
    assert_eq!((tries.into_inner(), server.accepted().len()), (8, 8));
}

#[test]
fn a_panic_of_the_callers_own_code_reaches_the_caller() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let server = SmtpServer::start(Script::new()).unwrap();
    let sender = sender(&server);
    let send = || sender.send_observed(&to(1), MESSAGE, |_, _| panic!("mine"));
    let outside = std::panic::catch_unwind(std::panic::AssertUnwindSafe(send)).unwrap_err();
    let inside = std::panic::AssertUnwindSafe(|| runtime.block_on(async { send() }));
    let inside = std::panic::catch_unwind(inside).unwrap_err();
    for panic in [outside, inside] {
        assert_eq!(panic.downcast_ref::<&str>(), Some(&"mine"));
    }
    // It works on.
    assert!(sender.send(&to(1), MESSAGE).is_delivered());
}

#[test]
fn without_a_host_all_are_deferred() {
    let sender = BlockingSender::new(Sender::new(AT_ONCE)).unwrap();
    let sent = sender.send(&to(2), MESSAGE);
    assert!(sent.recipients.iter().all(|one| one.state == State::Deferred && one.attempts.is_empty()));
}
