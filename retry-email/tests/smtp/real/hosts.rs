//! Several hosts, of which some are down.

use retry_email::{BlockingSender, Stage, State};

use super::support::{TWICE, copies, endpoint, host, mail, once, sender, servers, states, to};
use crate::sender::refusing;

#[tokio::test]
async fn the_second_host_delivers_what_the_first_cannot_take() {
    let Some(servers) = servers() else { return };
    // Nobody there; "521 This host accepts no mail" for a greeting; 421 at MAIL; hung up at a command.
    for first in ["nobody", "gone", "sink_421_mail", "sink_drop_rcpt", "sink_drop_data"] {
        let mail = mail();
        let first = if first == "nobody" { refusing() } else { endpoint(&servers, first) };
        let sender = sender(TWICE).host(first).host(host(&servers, "plain", 1));
        let sent = sender.send(&to(["ok", "nouser", "other"]), &mail.bytes).await;
        sender.close().await;
        assert_eq!(states(&sent), [State::Delivered, State::Failed, State::Delivered], "{sent:?}");
        assert_eq!(copies(&servers.delivered(&mail.id).unwrap()), once(["ok", "other"]));
    }
}

#[test]
fn without_async_the_second_host_delivers_as_well() {
    let Some(servers) = servers() else { return };
    let mail = mail();
    let sender = sender(TWICE).host(refusing()).host(host(&servers, "plain", 1));
    let sender = BlockingSender::new(sender).unwrap();
    let sent = sender.send(&to(["ok"]), &mail.bytes);
    sender.close();
    let tried = &sent.recipients[0].attempts;
    assert_eq!((states(&sent), tried[0].stage), (vec![State::Delivered], Stage::Connect));
    assert_eq!(copies(&servers.delivered(&mail.id).unwrap()), once(["ok"]));
}

#[tokio::test]
async fn where_no_host_takes_it_it_is_deferred_and_there_is_no_copy() {
    let Some(servers) = servers() else { return };
    let mail = mail();
    let sender = sender(TWICE).host(refusing()).host(host(&servers, "sink_drop_rcpt", 1));
    let sent = sender.send(&to(["ok"]), &mail.bytes).await;
    assert_eq!(states(&sent), [State::Deferred], "{sent:?}");
    assert!(servers.dumped("sink_drop_rcpt", &mail.id).unwrap().is_empty());
}
