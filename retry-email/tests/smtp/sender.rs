//! Several hosts on the loopback interface, several attempts: who got the mail, how often, and what is said of it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use retry_core::{Policy, Retryable};
use retry_email::{Action, Endpoint, Envelope, Sender, Sent, SmtpHost, State, Tls, WhenInDoubt};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::connection::{FINE, Line, serve};
use crate::server::{
    Log, MESSAGE,
    Reaction::{self, Accept, Close, Say, SayAndClose},
    Server, to,
};

const AT_ONCE: Policy = Policy::constant(Duration::ZERO).attempts(4);

/// A host whose n-th connection is served by the n-th script; all after that accept.
pub(crate) struct Host {
    port: u16,
    task: JoinHandle<()>,
    accepted: Arc<AtomicUsize>,
    served: Arc<Mutex<Vec<Server>>>,
    /// A connection is served to its end.
    done: Arc<Notify>,
}

impl Host {
    async fn new(scripts: Vec<(Vec<Reaction>, Line)>) -> Self {
        Self::start(scripts, true, None).await
    }

    /// Offers PIPELINING or not; its servers write into `log`.
    pub(crate) async fn start(scripts: Vec<(Vec<Reaction>, Line)>, pipelining: bool, log: Option<Log>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let served = Arc::new(Mutex::new(Vec::new()));
        let (all, accepted) = (Arc::clone(&served), Arc::new(AtomicUsize::new(0)));
        let counter = Arc::clone(&accepted);
        let done = Arc::new(Notify::new());
        let one_done = Arc::clone(&done);
        let task = tokio::spawn(async move {
            let mut scripts = scripts.into_iter();
            while let Ok((stream, _)) = listener.accept().await {
                counter.fetch_add(1, Ordering::SeqCst);
                // It writes reply by reply, and a client's delayed ACK would hold each back.
                let _ = stream.set_nodelay(true);
                let (reactions, line) = scripts.next().unwrap_or((Vec::new(), FINE));
                let (all, done) = (Arc::clone(&all), Arc::clone(&one_done));
                let server = Server::new(reactions);
                let server = if let Some(log) = &log { server.logged(Arc::clone(log)) } else { server };
                tokio::spawn(async move {
                    let server = serve(stream, server, line, pipelining).await;
                    all.lock().unwrap().push(server);
                    done.notify_one();
                });
            }
        });
        Self { port, task, accepted, served, done }
    }

    pub(crate) async fn saying(scripts: impl IntoIterator<Item = Vec<Reaction>>) -> Self {
        Self::new(scripts.into_iter().map(|script| (script, FINE)).collect()).await
    }

    pub(crate) fn endpoint(&self) -> Endpoint {
        Endpoint::new("127.0.0.1", self.port).tls(Tls::Off)
    }

    pub(crate) fn at(&self, priority: u16) -> SmtpHost {
        let mut host = SmtpHost::from(self.endpoint());
        host.priority = priority;
        host
    }

    /// The messages that were sent up to their final dots, in order.
    pub(crate) async fn messages(self) -> Vec<Vec<u8>> {
        self.drained().await;
        let served = self.served.lock().unwrap();
        served.iter().flat_map(|server| &server.dots).map(|dot| dot.message.clone()).collect()
    }

    /// How many commands were heard, and on how many connections.
    pub(crate) async fn heard(self) -> (usize, usize) {
        self.drained().await;
        let served = self.served.lock().unwrap();
        (served.iter().map(|server| server.commands.len() + server.dots.len()).sum(), served.len())
    }

    /// The sender has closed its connections: each is served to its end.
    async fn drained(&self) {
        while self.served.lock().unwrap().len() < self.accepted.load(Ordering::SeqCst) {
            self.done.notified().await;
        }
        self.task.abort();
    }

    /// How often each recipient's mail was taken, and on how many connections it was tried.
    pub(crate) async fn end(self) -> (BTreeMap<String, usize>, usize) {
        self.drained().await;
        let served = self.served.lock().unwrap();
        let mut taken = BTreeMap::new();
        for address in served.iter().flat_map(|server| &server.dots).flat_map(|dot| &dot.taken) {
            *taken.entry(address.clone()).or_insert(0) += 1;
        }
        (taken, served.len())
    }
}

/// Nobody listens there: port 1 is for the superuser, and out of use.
pub(crate) fn refusing() -> Endpoint {
    Endpoint::new("127.0.0.1", 1).tls(Tls::Off)
}

pub(crate) fn states(sent: &Sent) -> Vec<State> {
    sent.recipients.iter().map(|recipient| recipient.state).collect()
}

async fn send(sender: &Sender, envelope: &Envelope) -> Sent {
    let sent = sender.send(envelope, MESSAGE).await;
    sender.close().await;
    sent
}

pub(crate) fn once(recipients: impl IntoIterator<Item = usize>) -> BTreeMap<String, usize> {
    recipients.into_iter().map(|n| (format!("r{n}@example.net"), 1)).collect()
}

#[tokio::test]
async fn a_later_attempt_carries_only_those_who_were_deferred() {
    let first = vec![Accept, Accept, Say(450, "4.2.0 Greylisted"), Say(550, "5.1.1 No such user"), Accept, Accept];
    let host = Host::saying([first]).await;
    let sender = Sender::new(AT_ONCE).host(host.endpoint());
    let sent = send(&sender, &to(3)).await;
    assert_eq!(states(&sent), [State::Delivered, State::Delivered, State::Failed]);
    assert_eq!(sent.recipients.iter().map(|one| one.attempts.len()).collect::<Vec<_>>(), [1, 2, 1]);
    // One connection for both attempts.
    assert_eq!(host.end().await, (once([0, 1]), 1));
}

/// The scripts on which the Perl module loses recipients or never ends.
#[tokio::test]
async fn what_a_client_that_replays_half_a_transaction_loses_is_delivered_once() {
    for (script, connections) in [
        (vec![], 1),
        (vec![Accept, Accept, Say(450, "4.7.1 later")], 1),
        (vec![Accept, Accept, Close], 2),
        (vec![Accept, Accept, Accept, Close], 2),
    ] {
        let host = Host::saying([script.clone()]).await;
        let sent = send(&Sender::new(AT_ONCE).host(host.endpoint()), &to(2)).await;
        assert_eq!(states(&sent), [State::Delivered, State::Delivered], "{script:?}");
        assert_eq!(host.end().await, (once([0, 1]), connections), "{script:?}");
    }
    // A constant 550 ends, at once.
    let host = Host::saying([vec![Accept, Accept, Say(550, "5.1.1 no such user")]]).await;
    let sent = send(&Sender::new(AT_ONCE).host(host.endpoint()), &to(2)).await;
    assert_eq!(states(&sent), [State::Delivered, State::Failed]);
    assert_eq!(host.end().await, (once([0]), 1));
}

#[tokio::test]
async fn the_next_host_takes_what_the_first_cannot() {
    let up = Host::saying([]).await;
    let sender = Sender::new(AT_ONCE.attempts(1)).host(refusing()).host(up.at(1));
    let sent = send(&sender, &to(1)).await;
    assert_eq!(states(&sent), [State::Delivered], "within one attempt");
    assert_eq!(sent.recipients[0].attempts.len(), 2);
    assert_eq!(sent.recipients[0].attempts[0].action, Action::TryOtherHostThenLater);
    // The first one rests now.
    let sent = send(&sender, &to(1)).await;
    assert_eq!(sent.recipients[0].attempts.len(), 1);
    assert_eq!(up.end().await.0, [("r0@example.net".to_owned(), 2)].into());
}

#[tokio::test]
async fn a_host_that_cannot_at_all_does_not_outweigh_one_that_cannot_now() {
    // It takes no 8-bit text, which is no fault of the mail.
    let unfit = Host::saying([]).await;
    let eight_bit = "Subject: x\r\n\r\né\r\n".as_bytes();
    let sender = Sender::new(AT_ONCE.attempts(1)).host(unfit.at(0));
    assert_eq!(states(&sender.send(&to(1), eight_bit).await), [State::Failed]);
    let sender = Sender::new(AT_ONCE.attempts(1)).host(refusing()).host(unfit.at(1));
    assert_eq!(states(&sender.send(&to(1), eight_bit).await), [State::Deferred]);
    // A refusal of the recipient does outweigh it: nobody asks for that mailbox again.
    let knows = Host::saying([vec![Accept, Say(550, "5.1.1 No such user")]]).await;
    let sender = Sender::new(AT_ONCE).host(refusing()).host(knows.at(1));
    let sent = send(&sender, &to(1)).await;
    assert_eq!((states(&sent), sent.recipients[0].attempts.len()), (vec![State::Failed], 2));
}

#[tokio::test]
async fn what_may_have_arrived_is_held_resent_or_taken_for_sent() {
    for (what, state, copies) in [
        (WhenInDoubt::Hold, State::Unknown, 0),
        (WhenInDoubt::Resend, State::Delivered, 1),
        (WhenInDoubt::AssumeSent, State::Delivered, 0),
    ] {
        let host = Host::saying([vec![Accept, Accept, Accept, Close]]).await;
        let sender = Sender::new(AT_ONCE).host(host.endpoint()).in_doubt(what);
        let sent = send(&sender, &to(1)).await;
        assert_eq!(states(&sent), [state]);
        assert_eq!(sent.recipients[0].attempts[0].action, Action::UnknownOutcome);
        assert_eq!(host.end().await.0.len(), copies, "{what:?}");
    }
}

#[tokio::test]
async fn a_connection_that_died_while_idle_is_no_attempt() {
    // It carries one message and closes on the next: 503, 421, or without a word.
    for end in [Say(503, "5.5.1 out of order"), SayAndClose(421, "4.4.2 idle"), Close] {
        let host = Host::saying([vec![Accept, Accept, Accept, Accept, end.clone()]]).await;
        let sender = Sender::new(AT_ONCE.attempts(1)).host(host.endpoint());
        assert_eq!(states(&sender.send(&to(1), MESSAGE).await), [State::Delivered]);
        let sent = send(&sender, &to(1)).await;
        assert_eq!(states(&sent), [State::Delivered], "{end:?}");
        assert_eq!(sent.recipients[0].attempts.len(), 1);
        assert_eq!(host.end().await, ([("r0@example.net".to_owned(), 2)].into(), 2));
    }
}

#[tokio::test]
async fn each_class_has_its_own_policy() {
    // Throttled may go on, mailbox full (persistent) is not mapped and stops.
    let policy = AT_ONCE.attempts(3).on_class_owned(Retryable::Throttled, AT_ONCE.attempts(2));
    let slow = Say(450, "4.7.28 Too many messages from you, slow down");
    let full = Say(452, "4.2.2 Mailbox full");
    let host = Host::saying([vec![Accept, slow.clone(), full, Say(554, "5.5.1 nobody"), Accept, Accept, slow]]).await;
    let sent = send(&Sender::new(policy).host(host.endpoint()), &to(2)).await;
    assert_eq!(states(&sent), [State::Deferred, State::Deferred]);
    assert_eq!(sent.recipients.iter().map(|one| one.attempts.len()).collect::<Vec<_>>(), [2, 1]);
}

#[tokio::test]
async fn a_message_that_a_host_cannot_carry_goes_to_the_next_or_fails() {
    let host = Host::saying([]).await;
    let sender = Sender::new(AT_ONCE).host(host.endpoint());
    let sent = sender.send(&to(1), "Subject: x\r\n\r\né\r\n".as_bytes()).await;
    assert_eq!(states(&sent), [State::Failed]);
    assert!(sent.recipients[0].attempts[0].text.contains("quoted-printable"));
}

#[test]
fn hosts_come_from_urls() {
    for (url, host, port) in [
        ("smtp://mail.example.org", "mail.example.org", 587),
        ("smtp://mail.example.org:25?tls=off", "mail.example.org", 25),
        ("smtps://a%40b:p%3Aw@mail.example.org", "mail.example.org", 465),
        ("lmtp://[::1]:2424", "::1", 2424),
    ] {
        let parsed: SmtpHost = url.parse().unwrap();
        assert_eq!((parsed.endpoint.host(), parsed.endpoint.port()), (host, port), "{url}");
        assert!(!format!("{parsed:?}").contains("p:w"));
    }
    for (url, message) in [
        ("mail.example.org", "write it like smtp://"),
        ("http://mail.example.org", "use smtp://"),
        ("smtp://", "host"),
        ("smtp://h?tls=maybe", "tls=maybe"),
        ("smtp://h?weight=70000", "weight=70000"),
    ] {
        let error = url.parse::<SmtpHost>().unwrap_err().to_string();
        assert!(error.contains(message), "{url}: {error}");
    }
}
