//! The sender behind lettre's traits, and what it takes of lettre's.

use std::time::Duration;

use retry_core::Policy;
use retry_email::lettre::NotSent;
use retry_email::lettre::lettre::address::{Address, Envelope as LettreEnvelope};
use retry_email::lettre::lettre::{AsyncTransport, Message, Transport};
use retry_email::{BlockingSender, Endpoint, Envelope, InvalidAddress, Sender, Sent, State, Tls};
use testkit::smtp::{Dialogue, Script, SmtpServer, Stage};

const AT_ONCE: Policy = Policy::constant(Duration::ZERO).attempts(3);
const NOBODY: &str = "550 5.1.1 no such user";

fn server(dialogue: Dialogue) -> SmtpServer {
    SmtpServer::start(Script::new().connection(dialogue).otherwise(Dialogue::new())).unwrap()
}

fn sender(server: &SmtpServer) -> Sender {
    Sender::new(AT_ONCE).host(Endpoint::new(server.host(), server.port()).tls(Tls::Off))
}

fn message() -> Message {
    Message::builder()
        .message_id(Some("<1@example.org>".to_owned()))
        .from("Alice <alice@example.org>".parse().unwrap())
        .to("bob@example.net".parse().unwrap())
        .cc("carol@example.net".parse().unwrap())
        .bcc("dave@example.net".parse().unwrap())
        .subject("hello")
        .body(String::from(".Hello\r\n"))
        .unwrap()
}

/// What any program has that takes some transport of lettre's.
async fn send_by<T: AsyncTransport + Sync>(transport: &T, message: Message) -> Result<T::Ok, T::Error> {
    transport.send(message).await
}

fn send_blocking_by<T: Transport>(transport: &T, message: &Message) -> Result<T::Ok, T::Error> {
    transport.send(message)
}

fn states(sent: &Sent) -> Vec<State> {
    sent.recipients.iter().map(|one| one.state).collect()
}

#[test]
fn envelopes_go_in_as_they_are() {
    let envelope = Envelope::try_from(message().envelope()).unwrap();
    assert_eq!(envelope.sender().unwrap().as_str(), "alice@example.org");
    let to: Vec<_> = envelope.recipients().iter().map(|one| one.address().as_str()).collect();
    assert_eq!(to, ["bob@example.net", "carol@example.net", "dave@example.net"]);

    let bounce = LettreEnvelope::new(None, vec!["\"a b\"@[127.0.0.1]".parse().unwrap()]).unwrap();
    let bounce = Envelope::try_from(&bounce).unwrap();
    assert_eq!((bounce.sender(), bounce.recipients()[0].address().as_str()), (None, "\"a b\"@[127.0.0.1]"));
}

#[test]
fn an_address_that_no_command_can_carry_is_refused_by_name_wherever_it_stands() {
    for (user, domain, odd) in [("\"a\tb\"", "example.org", '\t'), ("bob", "[a>b]", '>')] {
        let bad = Address::new(user, domain).unwrap();
        let good: Address = "bob@example.net".parse().unwrap();
        for envelope in [
            LettreEnvelope::new(Some(bad.clone()), vec![good.clone()]),
            LettreEnvelope::new(None, vec![good.clone(), bad.clone()]),
        ] {
            let error = Envelope::try_from(&envelope.unwrap()).unwrap_err();
            assert_eq!(error.address, format!("{user}@{domain}"));
            assert_eq!(error.source, InvalidAddress::Forbidden(odd));
        }
    }
}

#[tokio::test]
async fn ok_says_that_every_recipient_was_delivered() {
    let server = server(Dialogue::new().on(Stage::Rcpt.nth(2), "450 4.2.0 not now"));
    let sender = sender(&server);
    let sent = send_by(&sender, message()).await.unwrap();
    assert_eq!(states(&sent), [State::Delivered; 3]);
    assert_eq!(sent.recipients[1].attempts.len(), 2, "Carol was deferred once");
    // Nobody has it twice, and nobody sees Dave.
    let accepted = server.accepted();
    let mut to: Vec<_> = accepted.iter().flat_map(|mail| &mail.recipients).map(|one| one.address.clone()).collect();
    to.sort();
    assert_eq!(to, ["bob@example.net", "carol@example.net", "dave@example.net"]);
    assert_eq!(accepted[0].message, message().formatted());
    AsyncTransport::shutdown(&sender).await;
}

#[tokio::test]
async fn a_partial_delivery_is_an_error_that_carries_each_recipients_end() {
    let trouble = Dialogue::new()
        .on(Stage::Rcpt.recipient("carol@example.net"), NOBODY)
        .on(Stage::Rcpt.recipient("dave@example.net"), "450 4.2.0 not now");
    let server = server(trouble);
    let error = send_by(&sender(&server), message()).await.unwrap_err();
    assert_eq!(states(error.sent().unwrap()), [State::Delivered, State::Failed, State::Deferred]);
    assert_eq!(
        error.to_string(),
        "not delivered to 2 of 3 recipients; carol@example.net is failed: 550 5.1.1 no such user"
    );
    assert_eq!(server.accepted().len(), 1);
    // As any error goes.
    let _: Box<dyn std::error::Error + Send + Sync> = Box::new(error);
}

#[tokio::test]
async fn a_mail_in_doubt_is_no_success() {
    let server = server(Dialogue::new().on(Stage::Dot, testkit::smtp::Reaction::drop_connection()));
    let error = send_by(&sender(&server), message()).await.unwrap_err();
    assert_eq!(states(error.sent().unwrap()), [State::Unknown; 3]);
}

#[tokio::test]
async fn an_address_that_cannot_be_sent_ends_it_before_anything_is_tried() {
    let server = server(Dialogue::new());
    let envelope = LettreEnvelope::new(None, vec![Address::new("bob", "[a>b]").unwrap()]).unwrap();
    let error = sender(&server).send_raw(&envelope, b"").await.unwrap_err();
    assert!(matches!(error, NotSent::Unfit(_)) && error.sent().is_none());
    assert!(error.to_string().contains("bob@[a>b]"), "{error}");
    assert_eq!(server.connections(), 0);
}

#[test]
fn the_blocking_sender_is_lettres_blocking_transport() {
    let server = server(Dialogue::new().on(Stage::Rcpt.recipient("carol@example.net"), NOBODY));
    let sender = BlockingSender::new(sender(&server)).unwrap();
    let error = send_blocking_by(&sender, &message()).unwrap_err();
    assert_eq!(states(error.sent().unwrap()), [State::Delivered, State::Failed, State::Delivered]);
    // The next connection knows them all.
    Transport::shutdown(&sender);
    assert_eq!(states(&send_blocking_by(&sender, &message()).unwrap()), [State::Delivered; 3]);
    assert_eq!(states(&sender.send_message(&message()).unwrap()), [State::Delivered; 3]);
    assert_eq!(server.accepted().len(), 3);
}
