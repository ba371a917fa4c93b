//! Several hostile hosts on the loopback interface, several attempts, in virtual time: whatever they say, however late, in
//! pieces or cut off at any byte, nobody is told wrongly, nobody is served twice, and it ends.

use std::time::Duration;

use proptest::prelude::*;
use retry_core::{BreakerRule, Clock, Law, Policy, Retryable, TokioSleeper};
use retry_email::{
    Action, ConcurrencyWindow, Envelope, HostRule, Notify, PoolLimits, Recipient, Sender, Sent, SentTo, Stage, State,
    Timeouts, Tls, Tried, WhenInDoubt,
};

use crate::connection::{FINE, Line, line};
use crate::hostile::{cases, reaction};
use crate::sender::{Host, refusing};
use crate::server::{
    Entry, Log, MESSAGE,
    Reaction::{self, Accept, Close, Hang, Say, TakeAndClose},
};

const ATTEMPTS: u32 = 4;

/// The longest that anything may take.
const LIMIT: Duration = Duration::from_secs(90);

/// Everything is retried, whatever it is; only refusals for good are not.
fn policy() -> Policy {
    let again = Policy::constant(Duration::ZERO).attempts(ATTEMPTS).jitter(Law::None);
    [Retryable::Throttled, Retryable::Persistent, Retryable::Misconfigured]
        .into_iter()
        .fold(again.clone(), |policy, class| policy.on_class_owned(class, again.clone()))
}

fn timeouts() -> Timeouts {
    let seconds = |seconds| Duration::from_secs(seconds);
    Timeouts {
        connect: seconds(20),
        greeting: seconds(50),
        ehlo: seconds(50),
        tls: seconds(20),
        auth: seconds(20),
        mail: seconds(50),
        rcpt: seconds(50),
        data: seconds(30),
        data_body: seconds(40),
        dot: LIMIT,
        rset: seconds(20),
        quit: seconds(5),
    }
}

/// Each with parameters of its own.
fn envelope(recipients: usize) -> Envelope {
    let notify = [Notify::NEVER, Notify::FAILURE, Notify::DELAY, Notify::SUCCESS.and(Notify::FAILURE)];
    (0..recipients).fold(Envelope::new("alice@example.org".parse().unwrap()), |envelope, n| {
        let recipient = Recipient::new(format!("r{n}@example.net").parse().unwrap());
        envelope.with(recipient.notify(notify[n % 4]).originally(format!("first{n}@example.com")))
    })
}

fn command(n: usize) -> String {
    let notify = ["NEVER", "FAILURE", "DELAY", "SUCCESS,FAILURE"][n % 4];
    format!("RCPT TO:<r{n}@example.net> NOTIFY={notify} ORCPT=rfc822;first{n}@example.com")
}

/// What is kept of each host must not change what is true.
fn rule() -> impl Strategy<Value = HostRule> {
    prop_oneof![
        Just(HostRule::default()),
        Just(HostRule::default().without_budget().without_breaker().without_feedback()),
        Just(HostRule::default().breaker(BreakerRule::consecutive(2)).refuse_at_rest().paced_by_aimd()),
        Just(HostRule::default().concurrency(ConcurrencyWindow::new(1, 1)).paced_by_cubic().max_wait(LIMIT)),
    ]
}

#[derive(Clone, Debug)]
struct Script {
    reactions: Vec<Reaction>,
    line: Line,
}

/// So many commands are fine, of one mail or several; what comes then decides whether the message is there, or seems to.
fn doubtful(recipients: usize) -> impl Strategy<Value = Vec<Reaction>> {
    let doubt =
        [TakeAndClose, Close, Hang, Say(199, "what"), Say(354, "go on"), Say(250, "ok"), Say(451, "4.3.0 later")];
    // DATA and the dot of a mail, the dot of a second one over the same connection, or anything.
    let fine = prop_oneof![Just(recipients + 1), Just(recipients + 2), Just(2 * recipients + 5), 2..16_usize];
    (fine, prop::sample::select(doubt.to_vec()))
        .prop_map(|(fine, doubt)| std::iter::repeat_n(Accept, fine).chain([doubt]).collect())
}

/// Some recipients now, some later, some never.
fn partial() -> impl Strategy<Value = Vec<Reaction>> {
    let said = [Accept, Say(450, "4.2.0 later"), Say(550, "5.1.1 no such user")];
    prop::collection::vec(prop::sample::select(said.to_vec()), 1..5)
        .prop_map(|recipients| std::iter::once(Accept).chain(recipients).collect())
}

fn script(recipients: usize) -> impl Strategy<Value = Script> {
    let greeting = prop_oneof![
        20 => Just(None),
        1 => Just(Some("")),
        1 => Just(Some("220 hi\r\n")),
        1 => Just(Some("421 4.7.0 too many connections\r\n")),
        1 => Just(Some("554 5.7.1 go away\r\n")),
        1 => Just(Some("SSH-2.0-OpenSSH_9.2\r\n")),
    ];
    let line = prop_oneof![2 => Just(FINE), 1 => line()];
    let reactions = prop_oneof![prop::collection::vec(reaction(), 0..14), doubtful(recipients), partial()];
    (reactions, line, greeting)
        .prop_map(|(reactions, line, greeting)| Script { reactions, line: Line { greeting, ..line } })
}

#[derive(Clone, Debug)]
struct Scene {
    /// Of each host, for its first connections; `None`: nobody listens there.
    hosts: Vec<Option<Vec<Script>>>,
    pipelining: bool,
    recipients: usize,
    in_doubt: WhenInDoubt,
    rule: HostRule,
    messages: u32,
}

fn scene() -> impl Strategy<Value = Scene> {
    (1..4_usize).prop_flat_map(|recipients| {
        let scripts = prop::collection::vec(script(recipients), 1..5);
        let host = prop_oneof![6 => scripts.prop_map(Some), 1 => Just(None)];
        let in_doubt = prop_oneof![Just(WhenInDoubt::Hold), Just(WhenInDoubt::Resend), Just(WhenInDoubt::AssumeSent)];
        (prop::collection::vec(host, 1..4), any::<bool>(), in_doubt, rule(), 1..4_u32).prop_map(
            move |(hosts, pipelining, in_doubt, rule, messages)| Scene {
                hosts,
                pipelining,
                recipients,
                in_doubt,
                rule,
                messages,
            },
        )
    })
}

struct Played {
    /// Of two sendings, one after the other over the same connections.
    sent: [Sent; 2],
    logs: [Vec<Entry>; 2],
    took: Duration,
    /// Commands and connections.
    heard: (usize, usize),
}

async fn play(scene: &Scene) -> Played {
    let log = Log::default();
    let limits = PoolLimits { messages: scene.messages, ..PoolLimits::default() };
    let mut sender = Sender::new(policy()).in_doubt(scene.in_doubt).pool(limits).host_rule(scene.rule.clone());
    let mut hosts = Vec::new();
    for scripts in &scene.hosts {
        let Some(scripts) = scripts else {
            sender = sender.host(refusing());
            continue;
        };
        let scripts = scripts.iter().map(|script| (script.reactions.clone(), script.line.clone())).collect();
        let host = Host::start(scripts, scene.pipelining, Some(Log::clone(&log))).await;
        sender = sender.host(host.endpoint().tls(Tls::Off).timeouts(timeouts()));
        hosts.push(host);
    }
    let envelope = envelope(scene.recipients);
    let begun = TokioSleeper.now();
    let first = sender.send(&envelope, MESSAGE).await;
    let logged = log.lock().unwrap().len();
    let second = sender.send(&envelope, MESSAGE).await;
    let took = TokioSleeper.now().since(begun);
    sender.close().await;
    let mut heard = (0, 0);
    for host in hosts {
        let (commands, connections) = host.heard().await;
        heard = (heard.0 + commands, heard.1 + connections);
    }
    let entries = log.lock().unwrap().clone();
    Played { sent: [first, second], logs: [entries[..logged].to_vec(), entries[logged..].to_vec()], took, heard }
}

fn virtual_time<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap().block_on(future)
}

/// How often a host had the message for this recipient.
fn kept(log: &[Entry], address: &str) -> usize {
    let one = |entry: &&Entry| matches!(entry, Entry::Kept(to) if to.iter().any(|to| to == address));
    log.iter().filter(one).count()
}

fn may_have_arrived(tried: &&Tried) -> bool {
    tried.action == Action::UnknownOutcome
}

/// `log` is of this sending, and its first entry's number is `begin`.
fn check(scene: &Scene, end: &SentTo, n: usize, log: &[Entry], begin: usize) -> Result<(), TestCaseError> {
    let address = end.address.as_str();
    let (times, doubts) = (kept(log, address), end.attempts.iter().filter(may_have_arrived).count());
    let told = end.attempts.iter().filter(|tried| tried.class.is_none()).count();
    // One end each, and it is true.
    match (end.state, scene.in_doubt) {
        (State::Delivered, WhenInDoubt::AssumeSent) => prop_assert!(told + doubts == 1 && times <= 1 && times >= told),
        (State::Delivered, _) => prop_assert!(told == 1 && (1..=1 + doubts).contains(&times)),
        (State::Unknown, WhenInDoubt::AssumeSent) => prop_assert!(false, "in doubt, and not assumed sent"),
        (State::Unknown, WhenInDoubt::Hold) => prop_assert!(doubts == 1 && times <= 1),
        (State::Unknown, _) => prop_assert!(told == 0 && doubts >= 1 && times <= doubts),
        _ => prop_assert_eq!((times, told, doubts), (0, 0, 0)),
    }
    prop_assert_eq!(end.stopped.is_none(), end.state == State::Delivered);
    // Nothing is tried after the end, and no attempt beyond the policy's.
    let last = end.attempts.len().saturating_sub(1);
    for (at, tried) in end.attempts.iter().enumerate() {
        let ends = tried.class.is_none() || may_have_arrived(&tried) && scene.in_doubt != WhenInDoubt::Resend;
        prop_assert!(!ends || at == last, "tried on after {}", tried);
        prop_assert!((1..=ATTEMPTS).contains(&tried.attempt));
    }
    // It is offered with its own parameters, and not once more after a host said that it has it.
    let told_at = end.attempts.iter().find(|tried| tried.class.is_none()).and_then(number).unwrap_or(usize::MAX);
    for (at, entry) in log.iter().enumerate().map(|(at, entry)| (begin + at, entry)) {
        if let Entry::Offered { line, .. } = entry
            && matches!(entry, Entry::Offered { address: to, .. } if to == address)
        {
            prop_assert!(at < told_at, "offered again after it was delivered");
            prop_assert_eq!(line, &command(n));
        }
    }
    // Each reply belongs to the command that it answers. One that ends the conversation holds for all who wait.
    let ends_all = |tried: &Tried| tried.text.starts_with("421") || tried.action == Action::ProtocolErrorClose;
    let answered = end.attempts.iter().filter(|tried| matches!(tried.stage, Stage::Rcpt | Stage::Dot));
    for tried in answered.filter(|tried| !ends_all(tried)) {
        let Some(Entry::Said { to, .. }) = number(tried).map(|at| &log[at - begin]) else { continue };
        prop_assert!(to.iter().any(|to| to == address), "this is not to {}", tried);
    }
    Ok(())
}

/// The number of the entry that a reply names.
fn number(tried: &Tried) -> Option<usize> {
    tried.text.rsplit_once('[')?.1.strip_suffix(']')?.parse().ok()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: (cases() / 8).max(20), ..ProptestConfig::default() })]

    #[test]
    fn through_several_hostile_hosts_nobody_is_told_wrongly(scene in scene()) {
        let played = virtual_time(play(&scene));
        let is_nonsense = |entry: &&Entry| matches!(entry, Entry::Nonsense(_));
        prop_assert_eq!(played.logs.iter().flatten().find(is_nonsense), None);
        for (sent, log, begin) in [
            (&played.sent[0], &played.logs[0], 0),
            (&played.sent[1], &played.logs[1], played.logs[0].len()),
        ] {
            prop_assert_eq!(sent.recipients.len(), scene.recipients);
            for (n, end) in sent.recipients.iter().enumerate() {
                check(&scene, end, n, log, begin)?;
            }
        }
        // Nothing hangs beyond its limit: a reply to each command, opening and QUIT, and what the pacer holds back.
        let (commands, connections) = played.heard;
        let tries: usize = played.sent.iter().flat_map(|sent| &sent.recipients).map(|end| end.attempts.len() + 1).sum();
        let waits = u32::try_from(commands + 5 * connections + 2 * tries).unwrap();
        prop_assert!(played.took <= LIMIT * waits, "{:?}", played.took);
    }
}
