//! Over lettre's pool.

use retry_core::test_util::Recorder;
use retry_email::lettre::RetryTransport;
use testkit::smtp::{Dialogue, Reaction, Stage};

use super::support::{AT_ONCE, ID, MESSAGE, envelope, pooled, server, then_accept, upstream};
use upstream::AsyncTransport;

/// lettre parks a connection in a task of its own.
async fn parked() {
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_pooled_connection_is_reused_after_a_success_and_dropped_after_a_failure() {
    let script = then_accept(Dialogue::new().on(Stage::Rcpt, "450 4.2.0 not now"));
    let server = server(script);
    let mailer = RetryTransport::new(pooled(server.addr()).build(), AT_ONCE);
    for _ in 0..3 {
        mailer.send_raw(&envelope(), MESSAGE).await.unwrap();
        parked().await;
    }
    assert_eq!((server.connections(), server.copies(ID)), (2, 3));
}

#[tokio::test]
async fn a_pooled_connection_that_the_server_closed_costs_no_attempt() {
    let server = server(then_accept(Dialogue::new().on(Stage::Noop, Reaction::drop_connection())));
    let recorder = Recorder::default();
    let mailer =
        RetryTransport::new(pooled(server.addr()).build(), AT_ONCE).map_retry(|retry| retry.observe(&recorder));
    for _ in 0..2 {
        mailer.send_raw(&envelope(), MESSAGE).await.unwrap();
        parked().await;
    }
    assert_eq!((server.connections(), server.copies(ID)), (2, 2));
    assert_eq!(recorder.delays(), []);
}
