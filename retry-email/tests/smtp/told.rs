//! Who hears of a sender's work, who stops it, and what each attempt carries.

use std::future::{Future, pending, ready};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use retry_core::{Failed, ObserveError, Observer, Scheduled, Started, StopReason, Stopped, Succeeded};
use retry_email::{Action, Credentials, Endpoint, HostRule, Reason, Sender, State, Tls, Tried, WhenInDoubt};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufStream};
use tokio::net::TcpListener;

use crate::manual::{GREYLISTED, HOUR, Manual, NO_USER, SECOND, at, closing, end, every, sender, tries};
use crate::sender::{Host, once, states};
use crate::server::{
    MESSAGE,
    Reaction::{Accept, Say, TakeAndClose},
    to,
};

/// Writes down every step.
#[derive(Debug, Default)]
struct Log(Mutex<Vec<String>>);

impl Log {
    fn add(&self, line: String) {
        self.0.lock().unwrap().push(line);
    }

    fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

impl Observer for Log {
    fn started(&self, event: Started) {
        self.add(format!("started {}", event.attempt));
    }
    fn scheduled(&self, event: Scheduled) {
        self.add(format!("after {} wait {:?}", event.attempt, event.delay));
    }
    fn gave_up(&self, event: Stopped) {
        self.add(format!("gave up after {}: {}", event.attempts, event.reason.as_str()));
    }
    fn succeeded(&self, event: Succeeded) {
        self.add(format!("succeeded in {}", event.attempts));
    }
}

impl ObserveError<Tried> for Log {
    fn failed(&self, event: Failed<'_, Tried>) {
        self.add(format!("{} failed ({}): {}", event.attempt, event.verdict.class, event.what));
    }
}

#[tokio::test]
async fn an_observer_hears_of_every_step_of_every_recipient() {
    let host = Host::saying([vec![Accept, GREYLISTED, NO_USER, Say(554, "5.5.1 nobody")]]).await;
    let name = format!("127.0.0.1:{}", host.endpoint().port());
    let log = Arc::new(Log::default());
    let sender =
        sender(&Manual::default(), every(SECOND, 2), HostRule::default()).host(at(&host, 0)).observe(log.clone());
    sender.send(&to(2), MESSAGE).await;
    assert_eq!(
        log.lines(),
        [
            "started 1".to_owned(),
            "started 1".to_owned(),
            format!("1 failed (transient): r0@example.net: 450 4.2.0 Greylisted (rcpt at {name}, greylisted)"),
            format!("1 failed (permanent): r1@example.net: 550 5.1.1 No such user (rcpt at {name}, mailbox_unknown)"),
            "after 1 wait 1s".to_owned(),
            "gave up after 1: permanent".to_owned(),
            "started 2".to_owned(),
            "succeeded in 2".to_owned(),
        ]
    );
}

#[tokio::test]
async fn somebody_is_called_once_for_each_host_and_reason_that_is_no_ordinary_failure() {
    let listed = Say(554, "5.7.1 Service unavailable; client host [192.0.2.1] blocked using dnsbl.example");
    let scripts =
        [vec![Accept, listed.clone(), listed.clone(), Say(554, "nobody")], vec![Accept, listed.clone(), listed]];
    let (first, second) = (Host::saying([scripts[0].clone()]).await, Host::saying([scripts[1].clone()]).await);
    let alerts = Arc::new(Mutex::new(Vec::new()));
    let pager = Arc::clone(&alerts);
    let sender = sender(&Manual::default(), every(Duration::ZERO, 1), HostRule::default())
        .on_alert(move |tried| pager.lock().unwrap().push((tried.host.clone(), tried.reason)));
    let sent = sender.host(at(&first, 0)).host(at(&second, 1)).send(&to(2), MESSAGE).await;
    assert!(sent.recipients.iter().flat_map(|end| &end.attempts).all(|tried| tried.alert));
    let name = |host: &Host| format!("127.0.0.1:{}", host.endpoint().port());
    let expected = [(name(&first), Reason::Blocklisted), (name(&second), Reason::Blocklisted)];
    assert_eq!(*alerts.lock().unwrap(), expected);
}

#[tokio::test]
async fn greylisting_and_unknown_mailboxes_call_nobody() {
    let host = Host::saying([vec![Accept, GREYLISTED, NO_USER, Say(554, "nobody")]]).await;
    let sender = sender(&Manual::default(), every(SECOND, 2), HostRule::default()).host(at(&host, 0));
    sender.on_alert(|tried| panic!("{tried}")).send(&to(2), MESSAGE).await;
}

/// A stop that is asked for by a flag.
fn stop(flag: &Arc<AtomicBool>) -> impl Fn() -> Box<dyn Future<Output = ()> + Send + Unpin> + Send + Sync + 'static {
    let flag = Arc::clone(flag);
    move || if flag.load(Ordering::SeqCst) { Box::new(ready(())) } else { Box::new(pending()) }
}

#[tokio::test]
async fn a_stop_between_attempts_lets_the_running_one_finish_and_begins_no_other() {
    for (first, ends) in [
        // Stopped while the first attempt runs: what it brought counts.
        (vec![Accept, Accept, GREYLISTED], [State::Delivered, State::Deferred]),
        (vec![Accept, Accept, NO_USER], [State::Delivered, State::Failed]),
    ] {
        let (host, flag) = (Host::saying([first]).await, Arc::new(AtomicBool::new(false)));
        let sender = sender(&Manual::default(), every(SECOND, 5), HostRule::default());
        let sender = sender.host(at(&host, 0)).stop_on(stop(&flag));
        let sent = sender.send_observed(&to(2), MESSAGE, |_, _| flag.store(true, Ordering::SeqCst)).await;
        assert_eq!(states(&sent), ends);
        let why = if ends[1] == State::Failed { StopReason::Permanent } else { StopReason::Cancelled };
        assert_eq!((sent.recipients[0].stopped, sent.recipients[1].stopped), (None, Some(why)));
        sender.close().await;
        assert_eq!(host.end().await.0, once([0]));
        // And nothing is begun after it.
        assert_eq!(end(&sender.send(&to(1), MESSAGE).await), (State::Deferred, Some(StopReason::Cancelled), 0));
    }
}

#[tokio::test]
async fn a_stop_ends_a_wait_and_leaves_in_doubt_what_was_in_doubt() {
    let host = Host::saying([vec![Accept, Accept, Accept, TakeAndClose]]).await;
    let (asked, stopped) = tokio::sync::watch::channel(false);
    let stop = move || {
        let mut stopped = stopped.clone();
        async move { stopped.wait_for(|stop| *stop).await.map_or((), |_| ()) }
    };
    // Waits of an hour never end here.
    let sender = sender(&Manual::default(), every(HOUR, 5), HostRule::default()).in_doubt(WhenInDoubt::Resend);
    let sender = sender.host(at(&host, 0)).stop_on(stop);
    let sent = sender.send_observed(&to(1), MESSAGE, |_, _| asked.send(true).unwrap()).await;
    assert_eq!(end(&sent), (State::Unknown, Some(StopReason::Cancelled), 1));
}

#[tokio::test]
async fn what_was_once_in_doubt_is_unknown_unless_a_later_attempt_delivers_it() {
    let doubt = vec![Accept, Accept, Accept, TakeAndClose];
    for (second, state) in [
        (vec![], State::Delivered),
        (vec![Accept, NO_USER, Say(554, "nobody")], State::Unknown),
        (vec![Accept, GREYLISTED, Say(554, "nobody")], State::Unknown),
    ] {
        let host = Host::saying([doubt.clone(), second]).await;
        let sender = sender(&Manual::default(), every(SECOND, 2), HostRule::default()).in_doubt(WhenInDoubt::Resend);
        let sent = sender.host(at(&host, 0)).send(&to(1), MESSAGE).await;
        assert_eq!((states(&sent), tries(&sent)), (vec![state], 2));
        assert_eq!(sent.recipients[0].attempts[0].action, Action::UnknownOutcome);
    }
}

#[tokio::test]
async fn each_attempt_carries_the_same_message_id_and_date() {
    let later = vec![Accept, Accept, Accept, Say(451, "4.3.0 later")];
    let (first, second) = (Host::saying([later.clone()]).await, Host::saying([later]).await);
    let sender = sender(&Manual::default(), every(SECOND, 4), HostRule::default());
    let sender = sender.host(at(&first, 0)).host(at(&second, 1));
    assert!(sender.send(&to(1), MESSAGE).await.is_delivered());
    sender.close().await;
    let mut messages = first.messages().await;
    messages.extend(second.messages().await);
    assert!(messages.len() >= 2);
    let text = String::from_utf8(messages[0].clone()).unwrap();
    assert!(text.starts_with("Message-ID: <") && text.contains("@example.org>\r\nDate: "), "{text}");
    assert!(text.ends_with("Subject: hello\r\n\r\n..Hello\r\n"), "{text}");
    assert!(messages.iter().all(|message| *message == messages[0]));
}

#[tokio::test]
async fn another_sending_has_another_message_id_and_what_is_to_stay_as_it_is_does() {
    let host = Host::saying([]).await;
    let stamped = sender(&Manual::default(), every(SECOND, 1), HostRule::default()).host(at(&host, 0));
    stamped.send(&to(1), MESSAGE).await;
    stamped.send(&to(1), MESSAGE).await;
    stamped.close().await;
    let as_is = sender(&Manual::default(), every(SECOND, 1), HostRule::default()).as_is().host(at(&host, 0));
    as_is.send(&to(1), MESSAGE).await;
    as_is.close().await;
    let messages = host.messages().await;
    assert_ne!(messages[0], messages[1]);
    assert_eq!(messages[2], b"Subject: hello\r\n\r\n..Hello\r\n");
}

#[tokio::test]
async fn an_attempt_that_no_host_is_let_have_was_not_begun() {
    let (log, host) = (Arc::new(Log::default()), closing(9).await);
    let strict = sender(&Manual::default(), every(Duration::ZERO, 3), HostRule::default().refuse_at_rest());
    let strict = strict.host(at(&host, 0)).observe(log.clone());
    strict.send(&to(1), MESSAGE).await;
    let lines = log.lines();
    assert_eq!(lines[0], "started 1");
    assert!(lines[1].starts_with("1 failed (transient): r0@example.net: connection_closed"), "{lines:?}");
    assert_eq!(lines[2..], ["after 1 wait 0ns", "gave up after 1: breaker"]);
}

/// A server that refuses every login, and says what it was sent.
async fn refusing_logins() -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, logins) = (listener.local_addr().unwrap().port(), Arc::new(Mutex::new(Vec::new())));
    let all = Arc::clone(&logins);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let mut stream = BufStream::new(stream);
            let mut said = "220 hi\r\n";
            loop {
                let mut line = String::new();
                let written = stream.write_all(said.as_bytes()).await.and(stream.flush().await);
                if written.is_err() || !matches!(stream.read_line(&mut line).await, Ok(1..)) {
                    break;
                }
                said = if line.starts_with("EHLO") { "250-mx\r\n250 AUTH PLAIN\r\n" } else { "535 5.7.8 no\r\n" };
                all.lock().unwrap().push(line.trim_end().to_owned());
            }
        }
    });
    (port, logins)
}

#[tokio::test]
async fn a_refused_login_calls_somebody_and_no_secret_is_in_what_is_told() {
    let (port, logins) = refusing_logins().await;
    let (log, alerts) = (Arc::new(Log::default()), Arc::new(Mutex::new(Vec::new())));
    let pager = Arc::clone(&alerts);
    let endpoint = Endpoint::new("127.0.0.1", port).tls(Tls::Off).allow_clear_auth();
    let endpoint = endpoint.credentials(Credentials::password("alice", "hunter2"));
    let sender = Sender::new(every(Duration::ZERO, 3)).host(endpoint).observe(log.clone());
    let sender = sender.on_alert(move |tried| pager.lock().unwrap().push(tried.to_string()));
    let sent = sender.send(&to(2), MESSAGE).await;
    assert_eq!(states(&sent), [State::Failed, State::Failed]);
    assert_eq!(sent.recipients[0].attempts[0].reason, Reason::AuthFailed);
    assert_eq!(alerts.lock().unwrap().len(), 1, "once for the host and the reason");
    // base64 of "\0alice\0hunter2"
    let encoded = "AGFsaWNlAGh1bnRlcjI=";
    assert!(logins.lock().unwrap().contains(&format!("AUTH PLAIN {encoded}")));
    for shown in [format!("{sent:?}"), format!("{sender:?}"), log.lines().join("\n"), alerts.lock().unwrap().join("\n")]
    {
        assert!(!shown.contains("hunter2") && !shown.contains(encoded), "{shown}");
    }
}
