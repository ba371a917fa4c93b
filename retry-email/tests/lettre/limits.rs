//! What no wrapper can cure: the rows of the table in `retry_email::lettre`, each as lettre does it today. A test that
//! fails here after an update of lettre is good news: take the row out.

use std::time::Duration;

use retry_core::{Last, Policy, StopReason};
use retry_email::lettre::RetryTransport;
use testkit::smtp::{Dialogue, Reaction, Reply, SmtpServer, Stage};
use tokio::task::yield_now;

use super::support::{ID, MESSAGE, Smtp, envelope, pooled, server, to, unpooled, upstream};
use upstream::AsyncTransport;

const ONCE: Policy = Policy::constant(Duration::ZERO).attempts(1);

#[tokio::test]
async fn one_refused_recipient_holds_back_the_others() {
    let server = server(Dialogue::new().on(Stage::Rcpt.recipient("carol@example.org"), "550 5.1.1 no such user"));
    let mailer = RetryTransport::new(unpooled(server.addr()).build(), ONCE);
    let end = mailer.send_raw(&to(&["bob@example.org", "carol@example.org", "dan@example.org"]), MESSAGE).await;
    assert_eq!(end.unwrap_err().reason, StopReason::Permanent);
    assert_eq!(server.accepted().len(), 0);
}

#[tokio::test]
async fn a_250_in_answer_to_data_is_taken_for_a_354() {
    let server = server(Dialogue::new().on(Stage::Data, "250 2.0.0 what"));
    let mailer = RetryTransport::new(unpooled(server.addr()).build(), ONCE);
    // Each line of the body is a command now, and the first may be one that the server likes.
    let sent = mailer.send_raw(&envelope(), b"NOOP\r\n\r\nHello").await;
    assert!(sent.unwrap().is_positive());
    assert_eq!(server.accepted().len(), 0);
}

#[tokio::test]
async fn a_message_that_ends_in_crlf_arrives_with_another() {
    let server = server(Dialogue::new());
    let mailer = RetryTransport::new(unpooled(server.addr()).build(), ONCE);
    for message in [&b"A: b\r\n\r\nHello\r\n"[..], b"A: b\r\n\r\nHello"] {
        mailer.send_raw(&envelope(), message).await.unwrap();
    }
    let arrived: Vec<_> = server.accepted().into_iter().map(|one| one.message).collect();
    assert_eq!(arrived, [&b"A: b\r\n\r\nHello\r\n\r\n"[..], b"A: b\r\n\r\nHello\r\n"]);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_falls_silent_is_left_by_the_retriers_timeout_only() {
    let server = server(Dialogue::new().on(Stage::Mail, Reaction::hang()));
    let smtp = unpooled(server.addr()).timeout(Some(Duration::from_secs(60))).build();
    let mailer = RetryTransport::new(smtp, ONCE).map_retry(|retry| retry.timeout(Duration::from_secs(300)));
    let end = mailer.send_raw(&envelope(), MESSAGE).await.unwrap_err();
    assert!(matches!(end.last, Last::TimedOut));
}

#[tokio::test(start_paused = true)]
async fn an_attempt_cut_by_the_timeout_may_have_arrived() {
    let server = server(Dialogue::new().on(Stage::Dot, Reaction::hang()));
    let mailer = RetryTransport::new(unpooled(server.addr()).build(), Policy::constant(Duration::ZERO))
        .map_retry(|retry| retry.timeout(Duration::from_secs(30)));
    let end = mailer.send_raw(&envelope(), MESSAGE).await.unwrap_err();
    assert_eq!((end.reason, end.attempts), (StopReason::UnknownOutcome, 1));
}

/// A server that takes a first message, slow in saying so, and refuses the second.
fn slow_then_refusing() -> SmtpServer {
    let slow = Reaction::accept().delayed(Duration::from_millis(300));
    server(Dialogue::new().on(Stage::Dot.nth(1), slow).on(Stage::Dot, "552 5.3.4 too big"))
}

/// Drops a call while it waits for the reply to its message.
async fn drop_at_dot(mailer: &Smtp, server: &SmtpServer) {
    let envelope = envelope();
    tokio::select! {
        sent = mailer.send_raw(&envelope, MESSAGE) => panic!("{sent:?}"),
        () = async { while server.copies(ID) == 0 { yield_now().await } } => {}
    }
    // lettre parks the connection in a task of its own.
    for _ in 0..10 {
        yield_now().await;
    }
}

#[tokio::test]
async fn a_dropped_call_leaves_its_connection_in_the_pool_out_of_step() {
    let server = slow_then_refusing();
    let mailer = pooled(server.addr()).build();
    drop_at_dot(&mailer, &server).await;
    // NOOP reads the reply to the first message, MAIL that to NOOP, and so on; the message reads that to DATA.
    let sent = mailer.send_raw(&envelope(), b"Message-ID: <2@example.org>").await;
    assert!(sent.unwrap().has_code(354), "and the server refused it");
    assert_eq!((server.connections(), server.copies("<2@example.org>")), (1, 0));
}

#[tokio::test]
async fn a_dropped_call_harms_nobody_where_nothing_is_parked() {
    let server = slow_then_refusing();
    let mailer = unpooled(server.addr()).build();
    drop_at_dot(&mailer, &server).await;
    // Its own connection: the first message of that is slow, and taken.
    let sent = mailer.send_raw(&envelope(), b"Message-ID: <2@example.org>").await;
    assert!(sent.unwrap().has_code(250));
    assert_eq!((server.connections(), server.copies("<2@example.org>")), (2, 1));
}

#[tokio::test]
async fn a_line_of_blanks_in_the_answer_to_ehlo_panics() {
    let server = server(Dialogue::new().on(Stage::Ehlo, Reply::lines(["250-hello", "250- ", "250 SIZE"])));
    let mailer = RetryTransport::new(unpooled(server.addr()).build(), ONCE);
    let sent = tokio::spawn(async move { mailer.send_raw(&envelope(), MESSAGE).await.map(drop) });
    assert!(sent.await.unwrap_err().is_panic());
}
