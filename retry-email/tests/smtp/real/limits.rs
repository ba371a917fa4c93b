//! Limits that Postfix sets: on rates, sessions, recipients, errors and sizes.

use futures::future::join_all;
use retry_email::{PoolLimits, Reason, Stage, State};
use testkit::real::RealServers;

use super::support::{
    PATIENT, TWICE, codes, copies, endpoint, fresh, mail, once, sender, servers, states, to, with_body,
};

/// Sends `mails` mails at the same time over connections for one mail each; each must arrive once. The replies of all tries.
async fn all_arrive(servers: &RealServers, name: &str, mails: usize) -> Vec<u16> {
    let pool = PoolLimits { messages: 1, ..PoolLimits::default() };
    let sender = sender(PATIENT).pool(pool).host(endpoint(servers, name));
    let mails: Vec<_> = (0..mails).map(|_| mail()).collect();
    let envelope = to(["ok"]);
    let ends = join_all(mails.iter().map(|mail| sender.send(&envelope, &mail.bytes))).await;
    for (mail, sent) in mails.iter().zip(&ends) {
        assert_eq!(states(sent), [State::Delivered], "{sent:?}");
        assert_eq!(copies(&servers.delivered(&mail.id).unwrap()), once(["ok"]));
    }
    ends.iter().flat_map(|sent| codes(sent, 0)).collect()
}

#[tokio::test]
async fn too_many_messages_in_a_span_are_sent_in_the_next() {
    let Some(servers) = servers() else { return };
    // Two in two seconds: "450 4.7.1 Error: too much mail from 127.0.0.1".
    let replies = all_arrive(&servers, "messages", 4).await;
    assert!(replies.contains(&450), "{replies:?}");
}

#[tokio::test]
async fn too_many_connections_in_a_span_are_made_in_the_next() {
    let Some(servers) = servers() else { return };
    // One in two seconds: "421 4.7.0 Error: too many connections" for a greeting.
    let replies = all_arrive(&servers, "connections", 2).await;
    assert!(replies.contains(&421), "{replies:?}");
}

#[tokio::test]
async fn too_many_sessions_at_once_come_one_after_the_other() {
    let Some(servers) = servers() else { return };
    let replies = all_arrive(&servers, "sessions", 6).await;
    assert!(replies.contains(&421), "{replies:?}");
}

#[tokio::test]
async fn recipients_beyond_a_rate_have_the_mail_in_the_next_span() {
    let Some(servers) = servers() else { return };
    // Three in two seconds: "450 4.7.1 Error: too many recipients from 127.0.0.1".
    let mail = mail();
    let names: Vec<String> = (0..5).map(|_| fresh("rate")).collect();
    let names: Vec<&str> = names.iter().map(|name| &**name).collect();
    let sender = sender(PATIENT).host(endpoint(&servers, "recipients"));
    let sent = sender.send(&to(names.iter().copied()), &mail.bytes).await;
    sender.close().await;
    assert_eq!(states(&sent), [State::Delivered; 5], "{sent:?}");
    assert_eq!(copies(&servers.delivered(&mail.id).unwrap()), once(names));
    assert!((0..5).any(|n| codes(&sent, n).contains(&450)), "{sent:?}");
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
