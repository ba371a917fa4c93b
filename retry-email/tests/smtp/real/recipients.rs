//! Recipients whom Postfix takes, defers and refuses, alone and together.

use retry_core::Class;
use retry_email::{BlockingSender, Reason, Stage, State};

use super::support::{PATIENT, TWICE, codes, copies, endpoint, mail, once, sender, servers, states, to};

#[tokio::test]
async fn who_is_accepted_has_one_copy_byte_for_byte() {
    let Some(servers) = servers() else { return };
    // With pipelining and all, and with nothing of it.
    for name in ["plain", "simple"] {
        let mail = mail();
        let sender = sender(TWICE).host(endpoint(&servers, name));
        let sent = sender.send(&to(["ok", "other"]), &mail.bytes).await;
        sender.close().await;
        assert_eq!(states(&sent), [State::Delivered; 2], "{sent:?}");
        let taken = servers.delivered(&mail.id).unwrap();
        assert_eq!(copies(&taken), once(["ok", "other"]));
        // Lines of dots arrive as they were.
        assert!(taken[0].content.ends_with("\n\nHello\n.\n..two dots\n"), "{:?}", taken[0].content);
    }
}

#[tokio::test]
async fn each_of_a_mixed_envelope_has_an_end_of_its_own() {
    let Some(servers) = servers() else { return };
    for name in ["plain", "simple"] {
        let mail = mail();
        let sender = sender(TWICE).host(endpoint(&servers, name));
        let envelope = to(["ok", "nouser", "defer", "policy", "full4", "full5", "other"]);
        let sent = sender.send(&envelope, &mail.bytes).await;
        sender.close().await;
        use State::{Deferred, Delivered, Failed};
        assert_eq!(states(&sent), [Delivered, Failed, Deferred, Failed, Deferred, Deferred, Delivered], "{sent:?}");
        assert_eq!(copies(&servers.delivered(&mail.id).unwrap()), once(["ok", "other"]));
        // Only who was deferred by a passing trouble was asked for again: a full mailbox is none.
        let all: Vec<Vec<u16>> = (0..7).map(|n| codes(&sent, n)).collect();
        assert_eq!(all, [vec![250], vec![550], vec![450, 450], vec![554], vec![452], vec![552], vec![250]]);
        let last = |n: usize| sent.recipients[n].attempts.last().unwrap();
        assert_eq!((last(1).reason, last(1).stage), (Reason::MailboxUnknown, Stage::Rcpt));
        assert_eq!((last(4).reason, last(4).class), (Reason::MailboxFull, Some(Class::Persistent)));
        assert_eq!((last(5).reason, last(5).class), (Reason::MailboxFull, Some(Class::Persistent)));
    }
}

#[test]
fn without_async_it_is_the_same() {
    let Some(servers) = servers() else { return };
    let mail = mail();
    let sender = BlockingSender::new(sender(TWICE).host(endpoint(&servers, "plain"))).unwrap();
    let sent = sender.send(&to(["nouser", "ok", "defer"]), &mail.bytes);
    sender.close();
    assert_eq!(states(&sent), [State::Failed, State::Delivered, State::Deferred]);
    assert_eq!(copies(&servers.delivered(&mail.id).unwrap()), once(["ok"]));
}

#[tokio::test]
async fn a_server_that_closes_amid_the_recipients_loses_and_doubles_nobody() {
    let Some(servers) = servers() else { return };
    let mail = mail();
    // Postfix says 421 for "busy", closes, and has forgotten "ok", whom it had accepted.
    let sender = sender(TWICE).host(endpoint(&servers, "plain"));
    let sent = sender.send(&to(["ok", "busy"]), &mail.bytes).await;
    assert_eq!(states(&sent), [State::Deferred; 2], "{sent:?}");
    assert!(servers.delivered(&mail.id).unwrap().is_empty());
    // Without it the other one gets through, over a new connection.
    assert_eq!(states(&sender.send(&to(["ok"]), &mail.bytes).await), [State::Delivered]);
    sender.close().await;
    assert_eq!(copies(&servers.delivered(&mail.id).unwrap()), once(["ok"]));
}

#[tokio::test]
async fn a_hundred_mails_at_once_arrive_once_each() {
    let Some(servers) = servers() else { return };
    let sender = sender(PATIENT).host(endpoint(&servers, "plain"));
    let mails: Vec<_> = (0..100).map(|_| mail()).collect();
    let envelope = to(["ok", "nouser", "other"]);
    let ends = futures::future::join_all(mails.iter().map(|mail| sender.send(&envelope, &mail.bytes))).await;
    sender.close().await;
    let mailboxes = servers.mailboxes().unwrap();
    for (mail, sent) in mails.iter().zip(&ends) {
        assert_eq!(states(sent), [State::Delivered, State::Failed, State::Delivered]);
        let taken: Vec<_> = mailboxes.iter().filter(|taken| taken.id.as_ref() == Some(&mail.id)).cloned().collect();
        assert_eq!(copies(&taken), once(["ok", "other"]));
    }
}
