//! By lettre's traits: our sender, and lettre's own transport with our retry, before the same servers.

use retry_core::Retryable;
use retry_email::lettre::RetryTransport;
use retry_email::lettre::lettre::message::MessageBuilder;
use retry_email::lettre::lettre::transport::smtp::client::Tls as LettreTls;
use retry_email::lettre::lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, SmtpTransport, Tokio1Executor, Transport,
};
use retry_email::{BlockingSender, State};

use super::support::{PATIENT, TWICE, copies, endpoint, fresh, host, once, sender, servers, states};
use crate::sender::refusing;

fn message(recipients: &[&str]) -> (String, Message) {
    let id = format!("<{}@test.invalid>", fresh("lettre"));
    let from = Message::builder().from("a@test.invalid".parse().unwrap()).message_id(Some(id.clone())).subject("real");
    let to = |all: MessageBuilder, name: &&str| all.to(format!("{name}@test.invalid").parse().unwrap());
    (id, recipients.iter().fold(from, to).body("Hello\r\n".to_owned()).unwrap())
}

#[tokio::test]
async fn our_sender_behind_its_async_trait_delivers_by_the_second_host_and_through_greylisting() {
    let Some(servers) = servers() else { return };
    let name = fresh("async");
    let (id, message) = message(&["fast", &name]);
    let sender = sender(PATIENT).host(refusing()).host(host(&servers, "greylist", 1));
    let sent = AsyncTransport::send(&sender, message).await.unwrap();
    AsyncTransport::shutdown(&sender).await;
    assert_eq!(states(&sent), [State::Delivered; 2]);
    assert_eq!(copies(&servers.delivered(&id).unwrap()), once(["fast", &name]));
}

#[test]
fn our_sender_behind_its_blocking_trait_tells_each_recipients_end() {
    let Some(servers) = servers() else { return };
    let (id, message) = message(&["ok", "nouser", "other"]);
    let sender = BlockingSender::new(sender(TWICE).host(endpoint(&servers, "plain"))).unwrap();
    let error = Transport::send(&sender, &message).unwrap_err();
    Transport::shutdown(&sender);
    assert_eq!(states(error.sent().unwrap()), [State::Delivered, State::Failed, State::Delivered]);
    assert_eq!(copies(&servers.delivered(&id).unwrap()), once(["ok", "other"]));
}

#[tokio::test]
async fn its_own_async_transport_with_our_retry_gets_through_greylisting() {
    let Some(servers) = servers() else { return };
    let name = fresh("theirs");
    let (id, message) = message(&[&name]);
    let addr = servers.addr("greylist").unwrap();
    let theirs = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(addr.ip().to_string()).port(addr.port());
    let policy = PATIENT.on_class_owned(Retryable::Throttled, PATIENT);
    let mailer = RetryTransport::new(theirs.tls(LettreTls::None).build(), policy);
    mailer.send(message).await.unwrap();
    assert_eq!(copies(&servers.delivered(&id).unwrap()), once([&*name]));
}

#[test]
fn its_own_blocking_transport_with_our_retry_gets_through_greylisting() {
    let Some(servers) = servers() else { return };
    let name = fresh("theirs");
    let (id, message) = message(&[&name]);
    let addr = servers.addr("greylist").unwrap();
    let theirs = SmtpTransport::builder_dangerous(addr.ip().to_string()).port(addr.port());
    let policy = PATIENT.on_class_owned(Retryable::Throttled, PATIENT);
    let mailer = RetryTransport::blocking(theirs.tls(LettreTls::None).build(), policy);
    Transport::send(&mailer, &message).unwrap();
    assert_eq!(copies(&servers.delivered(&id).unwrap()), once([&*name]));
}
