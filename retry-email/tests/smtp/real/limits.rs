//! Limits that Postfix sets: on rates, sessions, recipients, errors and sizes.

use std::io::Read;
use std::net::TcpStream;

use retry_email::{PoolLimits, Reason, Stage, State};
use testkit::real::RealServers;

use super::support::{PATIENT, TWICE, codes, copies, endpoint, mail, once, sender, servers, states, to, with_body};

/// Sends mails over connections for one mail each until one is refused with `code` on the way; each must arrive once.
async fn all_arrive_though(servers: &RealServers, name: &str, code: u16) {
    let pool = PoolLimits { messages: 1, ..PoolLimits::default() };
    let sender = sender(PATIENT).pool(pool).host(endpoint(servers, name));
    // The limit is one or two in two seconds: however slow this machine is, one of these comes too early.
    for _ in 0..50 {
        let mail = mail();
        let sent = sender.send(&to(["ok"]), &mail.bytes).await;
        assert_eq!(states(&sent), [State::Delivered], "{sent:?}");
        assert_eq!(copies(&servers.delivered(&mail.id).unwrap()), once(["ok"]));
        if codes(&sent, 0).contains(&code) {
            return;
        }
    }
    panic!("no mail met a {code}");
}

#[tokio::test]
async fn too_many_messages_in_a_span_are_sent_in_the_next() {
    let Some(servers) = servers() else { return };
    // "450 4.7.1 Error: too much mail from 127.0.0.1"
    all_arrive_though(&servers, "messages", 450).await;
}

#[tokio::test]
async fn too_many_connections_in_a_span_are_made_in_the_next() {
    let Some(servers) = servers() else { return };
    // "421 4.7.0 Error: too many connections" for a greeting
    all_arrive_though(&servers, "connections", 421).await;
}

#[tokio::test]
async fn where_one_session_at_a_time_is_allowed_the_end_of_another_is_waited_for() {
    let Some(servers) = servers() else { return };
    let mut held = TcpStream::connect(servers.addr("sessions").unwrap()).unwrap();
    // Its greeting says that it is counted.
    held.read_exact(&mut [0; 3]).unwrap();
    let (mail, mut held) = (mail(), Some(held));
    let sender = sender(PATIENT).host(endpoint(&servers, "sessions"));
    // "421 4.7.0 Error: too many connections", at which the other one ends.
    let sent = sender.send_observed(&to(["ok"]), &mail.bytes, |_, _| drop(held.take())).await;
    sender.close().await;
    assert_eq!((states(&sent), codes(&sent, 0)[0]), (vec![State::Delivered], 421), "{sent:?}");
    assert_eq!(copies(&servers.delivered(&mail.id).unwrap()), once(["ok"]));
}

#[tokio::test]
async fn recipients_beyond_a_rate_have_the_mail_in_the_next_span() {
    let Some(servers) = servers() else { return };
    // Three in two seconds: "450 4.7.1 Error: too many recipients from 127.0.0.1".
    for _ in 0..20 {
        let mail = mail();
        let names = ["first", "second", "third", "fourth", "fifth"];
        let sender = sender(PATIENT).host(endpoint(&servers, "recipients"));
        let sent = sender.send(&to(names), &mail.bytes).await;
        sender.close().await;
        assert_eq!(states(&sent), [State::Delivered; 5], "{sent:?}");
        assert_eq!(copies(&servers.delivered(&mail.id).unwrap()), once(names));
        if (0..5).any(|n| codes(&sent, n).contains(&450)) {
            return;
        }
    }
    panic!("nobody met a 450");
}

#[tokio::test]
async fn more_recipients_than_a_message_may_have_are_split_within_one_attempt() {
    let Some(servers) = servers() else { return };
    // Five a message: "452 4.5.3 Error: too many recipients". 12 are 5 + 5 + 2.
    let mail = mail();
    let names: Vec<String> = (0..12).map(|n| format!("crowd{n}")).collect();
    let names: Vec<&str> = names.iter().map(|name| &**name).collect();
    let sender = sender(TWICE.attempts(1)).host(endpoint(&servers, "crowd"));
    let sent = sender.send(&to(names.iter().copied()), &mail.bytes).await;
    sender.close().await;
    assert_eq!(states(&sent), [State::Delivered; 12], "{sent:?}");
    assert_eq!(copies(&servers.delivered(&mail.id).unwrap()), once(names));
}

#[tokio::test]
async fn a_server_that_has_seen_too_many_errors_takes_the_rest_next_time() {
    let Some(servers) = servers() else { return };
    // It closes at the third: "421 4.7.0 Error: too many errors".
    let mail = mail();
    let sender = sender(PATIENT).host(endpoint(&servers, "errors"));
    let sent = sender.send(&to(["ok", "nouser", "nouser2", "nouser3", "nouser4", "other"]), &mail.bytes).await;
    sender.close().await;
    use State::{Delivered, Failed};
    assert_eq!(states(&sent), [Delivered, Failed, Failed, Failed, Failed, Delivered], "{sent:?}");
    assert_eq!(copies(&servers.delivered(&mail.id).unwrap()), once(["ok", "other"]));
}

#[tokio::test]
async fn what_is_too_big_is_refused_before_it_is_sent_or_at_its_end() {
    let Some(servers) = servers() else { return };
    // 2,000 bytes at most; one server says so in its greeting, the other only when it has seen them.
    for (name, stage) in [("small", Stage::Mail), ("small_silent", Stage::Dot)] {
        let mail = with_body(&"12345678\r\n".repeat(400));
        let sender = sender(TWICE).host(endpoint(&servers, name));
        let sent = sender.send(&to(["ok"]), &mail.bytes).await;
        assert_eq!(states(&sent), [State::Failed], "{sent:?}");
        let tried = &sent.recipients[0].attempts;
        assert_eq!((tried.len(), tried[0].stage, tried[0].reason), (1, stage, Reason::MessageTooBig));
        assert!(servers.delivered(&mail.id).unwrap().is_empty());
        // And a small one still gets through, on the same connection.
        let small = with_body("12345678\r\n");
        assert_eq!(states(&sender.send(&to(["ok"]), &small.bytes).await), [State::Delivered]);
        sender.close().await;
        assert_eq!(copies(&servers.delivered(&small.id).unwrap()), once(["ok"]));
    }
}
