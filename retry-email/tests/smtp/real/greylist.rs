//! postgrey, which takes at the second time what it defers at the first.

use retry_email::{Action, BlockingSender, Reason, State};

use super::support::{PATIENT, copies, endpoint, fresh, mail, once, sender, servers, states, to};

#[tokio::test]
async fn who_is_greylisted_has_the_mail_once_after_a_wait() {
    let Some(servers) = servers() else { return };
    let mail = mail();
    let (first, second) = (fresh("first"), fresh("second"));
    let sender = sender(PATIENT).host(endpoint(&servers, "greylist"));
    let sent = sender.send(&to(["fast", &first, "nouser", &second]), &mail.bytes).await;
    sender.close().await;
    assert_eq!(states(&sent), [State::Delivered, State::Delivered, State::Failed, State::Delivered], "{sent:?}");
    assert_eq!(copies(&servers.delivered(&mail.id).unwrap()), once(["fast", &first, &second]));
    for n in [1, 3] {
        let tried = &sent.recipients[n].attempts;
        assert_eq!((tried[0].reason, tried.len() > 1), (Reason::Greylisted, true), "{tried:?}");
        // "please try again in 1 seconds", and so it was: at the policy's own pace there would be five tries before it.
        assert!(tried.len() <= 3, "{tried:?}");
        assert_eq!(tried.last().unwrap().action, Action::Done);
    }
    // Who was accepted or refused at first was left alone afterwards.
    assert_eq!((sent.recipients[0].attempts.len(), sent.recipients[2].attempts.len()), (1, 1));
}

#[test]
fn without_async_it_waits_as_well() {
    let Some(servers) = servers() else { return };
    let (mail, name) = (mail(), fresh("blocking"));
    let sender = BlockingSender::new(sender(PATIENT).host(endpoint(&servers, "greylist"))).unwrap();
    let sent = sender.send(&to([&*name]), &mail.bytes);
    sender.close();
    assert_eq!(states(&sent), [State::Delivered], "{sent:?}");
    assert_eq!(copies(&servers.delivered(&mail.id).unwrap()), once([&*name]));
}
