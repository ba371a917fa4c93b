//! smtp-sink: servers that hang up at each stage, answer late, or speak an older or another protocol.

use std::time::Duration;

use retry_email::{Action, Stage, State, Timeouts, WhenInDoubt};

use super::support::{TWICE, codes, copies, endpoint, mail, once, sender, servers, states, to, with_body};

#[tokio::test]
async fn a_drop_before_the_dot_is_safe_to_repeat() {
    let Some(servers) = servers() else { return };
    for (name, stage) in
        [("sink_drop_rcpt", Stage::Rcpt), ("sink_drop_data", Stage::Data), ("sink_421_mail", Stage::Mail)]
    {
        let mail = mail();
        let sender = sender(TWICE).host(endpoint(&servers, name));
        let sent = sender.send(&to(["ok", "other"]), &mail.bytes).await;
        assert_eq!(states(&sent), [State::Deferred; 2], "{name}: {sent:?}");
        for recipient in &sent.recipients {
            assert_eq!(recipient.attempts.len(), 2, "{name}: repeated");
            assert!(recipient.attempts.iter().all(|tried| tried.stage <= stage), "{name}: {sent:?}");
        }
        assert!(servers.dumped(name, &mail.id).unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_drop_at_the_dot_leaves_it_in_doubt_and_is_held_resent_or_taken_for_sent() {
    let Some(servers) = servers() else { return };
    for (what, state, offers) in [
        (WhenInDoubt::Hold, State::Unknown, 1),
        // It never answers: two attempts, in doubt to the end.
        (WhenInDoubt::Resend, State::Unknown, 2),
        (WhenInDoubt::AssumeSent, State::Delivered, 1),
    ] {
        let mail = mail();
        let sender = sender(TWICE).in_doubt(what).host(endpoint(&servers, "sink_drop_dot"));
        let sent = sender.send(&to(["ok"]), &mail.bytes).await;
        assert_eq!(states(&sent), [state], "{what:?}: {sent:?}");
        assert_eq!(sent.recipients[0].attempts[0].action, Action::UnknownOutcome);
        assert_eq!(servers.dumped("sink_drop_dot", &mail.id).unwrap().len(), offers, "{what:?}");
    }
}

#[tokio::test]
async fn a_clear_no_at_the_dot_is_no_doubt() {
    let Some(servers) = servers() else { return };
    for name in ["sink_421_dot", "sink_450_dot"] {
        let mail = mail();
        let sender = sender(TWICE).host(endpoint(&servers, name));
        let sent = sender.send(&to(["ok"]), &mail.bytes).await;
        sender.close().await;
        assert_eq!(states(&sent), [State::Deferred], "{name}: {sent:?}");
        assert_eq!(servers.dumped(name, &mail.id).unwrap().len(), 2, "{name}: offered in both attempts");
    }
}

#[tokio::test]
async fn a_reply_to_the_dot_that_comes_late_is_waited_for() {
    let Some(servers) = servers() else { return };
    // After a second, that is; the limit of RFC 5321 is ten minutes.
    let mail = mail();
    let sender = sender(TWICE).host(endpoint(&servers, "sink_slow_dot"));
    let sent = sender.send(&to(["ok"]), &mail.bytes).await;
    sender.close().await;
    assert_eq!((states(&sent), sent.recipients[0].attempts.len()), (vec![State::Delivered], 1));
    assert_eq!(copies(&servers.dumped("sink_slow_dot", &mail.id).unwrap()), once(["ok"]));
}

#[tokio::test]
async fn a_reply_to_the_dot_that_comes_too_late_leaves_it_in_doubt() {
    let Some(servers) = servers() else { return };
    let mail = mail();
    let timeouts = Timeouts { dot: Duration::from_millis(50), ..Timeouts::default() };
    let sender = sender(TWICE).host(endpoint(&servers, "sink_silent_dot").timeouts(timeouts));
    let sent = sender.send(&to(["ok"]), &mail.bytes).await;
    assert_eq!(states(&sent), [State::Unknown], "{sent:?}");
    assert_eq!(sent.recipients[0].attempts.len(), 1, "held, not sent again");
}

#[tokio::test]
async fn a_refusal_amid_the_message_is_heard_though_the_server_reads_no_further() {
    let Some(servers) = servers() else { return };
    // What is written at once, and what does not fit into any buffer.
    for lines in [1, 300_000] {
        let mail = with_body(&"12345678901234567890123456789012345678\r\n".repeat(lines));
        let sender = sender(TWICE).host(endpoint(&servers, "sink_abort_body"));
        let sent = sender.send(&to(["ok"]), &mail.bytes).await;
        assert_eq!((states(&sent), codes(&sent, 0)), (vec![State::Failed], vec![550]), "{sent:?}");
    }
}

#[tokio::test]
async fn refusals_at_mail_and_rcpt_are_told_apart_by_their_class() {
    let Some(servers) = servers() else { return };
    for (name, state) in [("sink_450_rcpt", State::Deferred), ("sink_500_mail", State::Failed)] {
        let mail = mail();
        let sender = sender(TWICE).host(endpoint(&servers, name));
        let sent = sender.send(&to(["ok"]), &mail.bytes).await;
        sender.close().await;
        assert_eq!(states(&sent), [state], "{name}: {sent:?}");
        assert!(servers.dumped(name, &mail.id).unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_server_that_knows_no_ehlo_is_spoken_to_by_helo() {
    let Some(servers) = servers() else { return };
    let mail = mail();
    let sender = sender(TWICE).host(endpoint(&servers, "sink_no_ehlo"));
    let sent = sender.send(&to(["ok"]), &mail.bytes).await;
    sender.close().await;
    assert_eq!(states(&sent), [State::Delivered], "{sent:?}");
    assert_eq!(copies(&servers.dumped("sink_no_ehlo", &mail.id).unwrap()), once(["ok"]));
}

#[tokio::test]
async fn lmtp_has_an_answer_for_each_recipient() {
    let Some(servers) = servers() else { return };
    let mail = mail();
    let sender = sender(TWICE).host(endpoint(&servers, "sink_lmtp").lmtp());
    let sent = sender.send(&to(["ok", "other", "third"]), &mail.bytes).await;
    // The connection carries another one.
    let second = super::support::mail();
    let again = sender.send(&to(["ok"]), &second.bytes).await;
    sender.close().await;
    assert_eq!((states(&sent), states(&again)), (vec![State::Delivered; 3], vec![State::Delivered]), "{sent:?}");
    assert_eq!(copies(&servers.dumped("sink_lmtp", &mail.id).unwrap()), once(["ok", "other", "third"]));
    assert_eq!(servers.dumped("sink_lmtp", &second.id).unwrap().len(), 1);
}
