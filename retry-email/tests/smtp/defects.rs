//! What lettre's own transport gets wrong, each done by our sender.
//!
//! | lettre 0.11.23 (measured; as our adapter sees it: `tests/lettre/limits.rs`)      | here                                       |
//! |----------------------------------------------------------------------------------|--------------------------------------------|
//! | 571, 591, 585, 499: no status, neither transient nor permanent                   | `a_code_that_nobody_knows_..`              |
//! | a Latin-1 byte in a 550: "network error"                                         | `a_refusal_in_latin_1_..`                  |
//! | a bare 550: no reply at all                                                      | `a_bare_code_..`                           |
//! | 550 and 554 in one reply: no reply at all                                        | `codes_that_differ_..`                     |
//! | a reply that ends in LF: hangs                                                   | `a_reply_that_ends_in_lf_alone_..`         |
//! | a timeout does not say that it is one                                            | `a_timeout_is_called_so_..`                |
//! | after a timeout at the dot it waits for QUIT as well                             | `after_a_timeout_at_the_dot_..`            |
//! | closed at DATA, closed after the dot: the same error                             | `a_close_at_data_..`                       |
//! | 250 in answer to DATA: the mail is lost and reported as sent                     | `a_250_in_answer_to_data_..`               |
//! | the first recipient's 550: the others are never offered                          | `the_first_recipients_refusal_..`          |
//! | each refusal costs a connection                                                  | `three_450s_cost_one_connection`           |
//! | async: a server that hangs at MAIL is waited for without a limit                 | `a_timeout_is_called_so_..`                |

use std::time::Duration;

use futures::future::{Either, select};
use retry_core::{Class, Policy, Sleeper, TokioSleeper};
use retry_email::{Action, Endpoint, Envelope, Reason, Sender, Sent, Stage, State, Timeouts, Tls, WhenInDoubt};
use testkit::smtp::{Dialogue, Reaction, Reply, Script, SmtpServer, Stage as At};

use crate::server::{MESSAGE, to};

const AT_ONCE: Policy = Policy::constant(Duration::ZERO).attempts(3);
const SHORT: Duration = Duration::from_millis(50);

/// On its first connection it goes so, and well on any other.
fn server(first: Dialogue) -> SmtpServer {
    SmtpServer::start(Script::new().connection(first).otherwise(Dialogue::new())).unwrap()
}

fn endpoint(server: &SmtpServer) -> Endpoint {
    Endpoint::new(server.host(), server.port()).tls(Tls::Off)
}

async fn send(sender: &Sender, envelope: &Envelope) -> Sent {
    let sent = sender.send(envelope, MESSAGE).await;
    sender.close().await;
    sent
}

fn states(sent: &Sent) -> Vec<State> {
    sent.recipients.iter().map(|one| one.state).collect()
}

/// The first recipient meets this reply to RCPT at a server that takes the second; the end must be right for both.
async fn refused_by(reply: Reply, state: State) -> Sent {
    let server = server(Dialogue::new().on(At::Rcpt.recipient("r0@example.net"), reply));
    let sender = Sender::new(AT_ONCE.attempts(1)).host(endpoint(&server));
    let sent = send(&sender, &to(2)).await;
    assert_eq!(states(&sent), [state, State::Delivered], "{sent:?}");
    assert_eq!((server.connections(), server.accepted().len()), (1, 1));
    sent
}

#[tokio::test]
async fn a_code_that_nobody_knows_counts_by_its_first_digit() {
    for (code, state) in [(571, State::Failed), (591, State::Failed), (585, State::Failed), (499, State::Deferred)] {
        refused_by(Reply::new(format!("{code} something")), state).await;
    }
}

#[tokio::test]
async fn a_refusal_in_latin_1_is_a_refusal() {
    let sent = refused_by(Reply::raw(b"550 5.1.1 Utilisateur inconnu \xe9\r\n"), State::Failed).await;
    assert!(sent.recipients[0].attempts[0].text.ends_with("inconnu \u{e9}"));
}

#[tokio::test]
async fn a_bare_code_is_a_refusal() {
    refused_by(Reply::raw(b"550\r\n"), State::Failed).await;
}

#[tokio::test]
async fn codes_that_differ_in_one_reply_are_a_refusal() {
    refused_by(Reply::raw(b"550-5.7.1 first\r\n554 5.7.1 last\r\n"), State::Failed).await;
}

#[tokio::test]
async fn a_reply_that_ends_in_lf_alone_is_a_reply() {
    refused_by(Reply::raw(b"550 5.1.1 no user\n"), State::Failed).await;
}

#[tokio::test]
async fn a_timeout_is_called_so_and_stands_with_its_stage() {
    let patient = Timeouts::default();
    for (at, stage, timeouts) in [
        (At::Mail, Stage::Mail, Timeouts { mail: SHORT, ..patient }),
        (At::Rcpt, Stage::Rcpt, Timeouts { rcpt: SHORT, ..patient }),
        (At::Data, Stage::Data, Timeouts { data: SHORT, ..patient }),
    ] {
        let server = server(Dialogue::new().on(at, Reaction::hang()));
        let sent = send(&Sender::new(AT_ONCE.attempts(1)).host(endpoint(&server).timeouts(timeouts)), &to(1)).await;
        let tried = &sent.recipients[0].attempts;
        assert_eq!((states(&sent), tried.len()), (vec![State::Deferred], 1));
        let expected = (stage, Reason::Timeout, Some(Class::Transient));
        assert_eq!((tried[0].stage, tried[0].reason, tried[0].class), expected);
        // Before the dot it is safe to repeat.
        let sent = send(&Sender::new(AT_ONCE).host(endpoint(&server)), &to(1)).await;
        assert_eq!((states(&sent), server.accepted().len()), (vec![State::Delivered], 1));
    }
}

#[tokio::test]
async fn after_a_timeout_at_the_dot_nobody_waits_for_a_quit() {
    let server = server(Dialogue::new().on(At::Dot, Reaction::hang()));
    let timeouts = Timeouts { dot: SHORT, quit: Duration::MAX, ..Timeouts::default() };
    let sender = Sender::new(AT_ONCE).host(endpoint(&server).timeouts(timeouts));
    let envelope = to(1);
    let sending = std::pin::pin!(send(&sender, &envelope));
    match select(sending, std::pin::pin!(TokioSleeper.sleep(Duration::from_secs(60)))).await {
        Either::Left((sent, _)) => assert_eq!(states(&sent), [State::Unknown], "{sent:?}"),
        Either::Right(_) => panic!("it waits for the reply to a QUIT"),
    }
    assert!(!server.transcript().iter().any(|event| event.bytes.starts_with(b"QUIT")));
}

#[tokio::test]
async fn a_close_at_data_is_repeated_and_a_close_after_the_dot_is_not() {
    let closing = |at: At| server(Dialogue::new().on(at, Reaction::drop_connection()));
    let (before, after) = (closing(At::Data), closing(At::Dot));
    let sent = send(&Sender::new(AT_ONCE).host(endpoint(&before)), &to(2)).await;
    assert_eq!((states(&sent), before.accepted().len()), (vec![State::Delivered; 2], 1));
    let sent = send(&Sender::new(AT_ONCE).host(endpoint(&after)), &to(2)).await;
    assert_eq!((states(&sent), after.accepted().len()), (vec![State::Unknown; 2], 1));
    assert_eq!(sent.recipients[0].attempts[0].action, Action::UnknownOutcome);
}

#[tokio::test]
async fn a_250_in_answer_to_data_is_no_delivery() {
    let server = server(Dialogue::new().on(At::Data, "250 2.0.0 what"));
    let once = Sender::new(AT_ONCE.attempts(1)).host(endpoint(&server));
    assert_eq!((states(&send(&once, &to(1)).await), server.accepted().len()), (vec![State::Deferred], 0));
    // Not a byte of the message was taken for a command.
    let body = |event: &testkit::smtp::Event| event.bytes.windows(7).any(|seven| seven == b"Subject");
    assert!(!server.transcript().iter().any(body));
    // And the next connection delivers it.
    assert_eq!((states(&send(&once, &to(1)).await), server.accepted().len()), (vec![State::Delivered], 1));
}

#[tokio::test]
async fn the_first_recipients_refusal_is_his_alone() {
    let server = server(Dialogue::new().on(At::Rcpt.nth(1), "550 5.1.1 no such user"));
    let sender = Sender::new(AT_ONCE).host(endpoint(&server)).in_doubt(WhenInDoubt::Hold);
    let sent = send(&sender, &to(3)).await;
    assert_eq!(states(&sent), [State::Failed, State::Delivered, State::Delivered]);
    let accepted = server.accepted();
    assert_eq!((accepted.len(), accepted[0].recipients.len()), (1, 2));
}

#[tokio::test]
async fn three_450s_cost_one_connection() {
    let busy = "450 4.3.0 later";
    let server = server(Dialogue::new().on(At::Rcpt.nth(1), busy).on(At::Rcpt.nth(2), busy).on(At::Rcpt.nth(3), busy));
    let sent = send(&Sender::new(AT_ONCE.attempts(4)).host(endpoint(&server)), &to(1)).await;
    assert_eq!((states(&sent), sent.recipients[0].attempts.len()), (vec![State::Delivered], 4));
    assert_eq!((server.connections(), server.accepted().len()), (1, 1));
}
