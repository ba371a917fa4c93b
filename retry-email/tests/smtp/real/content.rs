//! Messages that Postfix refuses as a whole: at their sender, and at their end.

use retry_email::{Stage, State};

use super::support::{TWICE, codes, endpoint, mail, sender, servers, states, to};

#[tokio::test]
async fn a_refusal_at_the_end_is_everybodys_and_leaves_no_copy() {
    let Some(servers) = servers() else { return };
    for (name, state, replies) in
        [("scanner4", State::Deferred, vec![451, 451]), ("scanner5", State::Failed, vec![554])]
    {
        let mail = mail();
        let sender = sender(TWICE).host(endpoint(&servers, name));
        let sent = sender.send(&to(["ok", "other"]), &mail.bytes).await;
        sender.close().await;
        assert_eq!(states(&sent), [state; 2], "{sent:?}");
        assert_eq!((codes(&sent, 0), codes(&sent, 1)), (replies.clone(), replies));
        assert!(sent.recipients.iter().flat_map(|one| &one.attempts).all(|tried| tried.stage == Stage::Dot));
        assert!(servers.delivered(&mail.id).unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_full_disk_at_the_sender_defers_all() {
    let Some(servers) = servers() else { return };
    let mail = mail();
    let sender = sender(TWICE).host(endpoint(&servers, "full"));
    let sent = sender.send(&to(["ok", "other"]), &mail.bytes).await;
    sender.close().await;
    assert_eq!(states(&sent), [State::Deferred; 2], "{sent:?}");
    assert!(sent.recipients.iter().all(|one| one.attempts[0].stage == Stage::Mail));
    assert!(codes(&sent, 1).iter().all(|&code| code == 452));
    assert!(servers.delivered(&mail.id).unwrap().is_empty());
}
