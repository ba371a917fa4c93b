//! Mail that may have arrived.

use retry_core::{Retry, RetryPolicy, StopReason};
use retry_email::lettre::{Guarded, LettreClassifier, RetryTransport, UnknownOutcome};
use testkit::smtp::{Dialogue, Outcome, Reaction, Stage};

use super::support::{AT_ONCE, ID, MESSAGE, envelope, server, then_accept, unpooled, upstream};
use upstream::AsyncTransport;
use upstream::message::Message;

#[tokio::test]
async fn a_connection_lost_at_data_is_held_because_lettre_cannot_tell() {
    let server = server(then_accept(Dialogue::new().on(Stage::Data, Reaction::drop_connection())));
    let mailer = RetryTransport::new(unpooled(server.addr()).build(), AT_ONCE);

    let end = mailer.send_raw(&envelope(), MESSAGE).await.unwrap_err();

    assert_eq!((end.reason, end.attempts), (StopReason::UnknownOutcome, 1));
    assert_eq!(server.copies(ID), 0);
}

#[tokio::test]
async fn a_connection_lost_at_data_is_made_good_by_resending() {
    let server = server(then_accept(Dialogue::new().on(Stage::Data, Reaction::drop_connection())));
    let mailer = RetryTransport::new(unpooled(server.addr()).build(), AT_ONCE).unknown_outcome(UnknownOutcome::Resend);

    mailer.send_raw(&envelope(), MESSAGE).await.unwrap();

    assert_eq!((server.connections(), server.copies(ID)), (2, 1));
}

#[tokio::test]
async fn mail_whose_acknowledgement_is_lost_is_held_and_arrives_once() {
    let server = server(then_accept(Dialogue::new().on(Stage::Dot, Reaction::drop_connection())));
    let mailer = RetryTransport::new(unpooled(server.addr()).build(), AT_ONCE).unknown_outcome(UnknownOutcome::Hold);

    let end = mailer.send_raw(&envelope(), MESSAGE).await.unwrap_err();

    assert_eq!((end.reason, end.attempts), (StopReason::UnknownOutcome, 1));
    assert!(end.into_error().unwrap().is_response());
    assert_eq!(server.copies(ID), 1);
}

#[tokio::test]
async fn mail_whose_acknowledgement_is_lost_arrives_twice_by_resending_byte_for_byte() {
    let server = server(then_accept(Dialogue::new().on(Stage::Dot, Reaction::drop_connection())));
    let mailer = RetryTransport::new(unpooled(server.addr()).build(), AT_ONCE).unknown_outcome(UnknownOutcome::Resend);

    mailer.send_raw(&envelope(), MESSAGE).await.unwrap();

    let copies = server.accepted();
    assert_eq!(server.copies(ID), 2);
    assert_eq!((copies[0].outcome, copies[1].outcome), (Outcome::ReplyLost, Outcome::Acknowledged));
    assert_eq!(copies[0].message, copies[1].message);
}

#[tokio::test]
async fn a_message_is_formatted_once_for_all_attempts() {
    let server = server(then_accept(Dialogue::new().on(Stage::Dot, Reaction::drop_connection())));
    let mailer = RetryTransport::new(unpooled(server.addr()).build(), AT_ONCE).unknown_outcome(UnknownOutcome::Resend);
    let message = Message::builder()
        .message_id(None)
        .from("alice@example.org".parse().unwrap())
        .to("bob@example.org".parse().unwrap())
        .body(String::from("Hello, Bob"))
        .unwrap();

    mailer.send(message).await.unwrap();

    let [first, second] = &server.accepted()[..] else { panic!("two copies") };
    assert!(first.message_id.is_some());
    assert_eq!(first.message, second.message);
}

#[tokio::test]
async fn a_retrier_by_hand_holds_if_its_policy_says_so() {
    for policy in [AT_ONCE.at_most_once().boxed(), Guarded::new(AT_ONCE, UnknownOutcome::Hold).boxed()] {
        let server = server(Dialogue::new().on(Stage::Dot, Reaction::drop_connection()));
        let retry = Retry::new(policy).classify(LettreClassifier);
        let end = RetryTransport::with_retry(unpooled(server.addr()).build(), retry)
            .send_raw(&envelope(), MESSAGE)
            .await
            .unwrap_err();
        assert_eq!((end.reason, server.copies(ID)), (StopReason::UnknownOutcome, 1));
    }
}

#[tokio::test]
async fn a_retrier_by_hand_repeats_what_may_have_arrived_if_nothing_forbids_it() {
    let server = server(Dialogue::new().on(Stage::Dot, Reaction::drop_connection()));
    let mailer =
        RetryTransport::with_retry(unpooled(server.addr()).build(), Retry::new(AT_ONCE).classify(LettreClassifier));
    let end = mailer.send_raw(&envelope(), MESSAGE).await.unwrap_err();
    assert_eq!((end.reason, end.attempts, server.copies(ID)), (StopReason::Attempts, 3, 3));
}
