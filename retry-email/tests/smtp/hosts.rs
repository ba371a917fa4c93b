//! What a sender keeps of each host: budget, breaker, window, pacer; and who hears of it.

use std::future::{Future, Pending, Ready, pending, ready};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::future::{Either, join_all};
use retry_core::{
    BreakerRule, BreakerState, BudgetRule, Clock, DestinationRule, Destinations, Failed, ObserveError, Observer,
    Policy, Retryable, Scheduled, Sleeper, Started, StopReason, Stopped, Succeeded, Time,
};
use retry_email::{
    Action, ConcurrencyWindow, Endpoint, HostRule, Reason, Sender, Sent, SmtpHost, State, Timeouts, Tls, Tried,
    WhenInDoubt,
};

use crate::sender::{Host, once, refusing, states};
use crate::server::{
    MESSAGE,
    Reaction::{self, Accept, Close, Say, TakeAndClose},
    to,
};

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3600);
const GREYLISTED: Reaction = Say(450, "4.2.0 Greylisted");
const SLOW_DOWN: Reaction = Say(450, "4.7.28 Too many messages from you, slow down");
const NO_USER: Reaction = Say(550, "5.1.1 No such user");

/// A clock that only waits of less than an hour move, which end at once; longer ones, the limits of replies, never end.
#[derive(Clone, Debug, Default)]
struct Manual(Arc<AtomicU64>);

impl Manual {
    fn advance(&self, by: Duration) {
        self.0.fetch_add(u64::try_from(by.as_nanos()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for Manual {
    fn now(&self) -> Time {
        Time::from_nanos(self.0.load(Ordering::SeqCst))
    }
}

impl Sleeper for Manual {
    type Sleep = Either<Ready<()>, Pending<()>>;

    fn sleep(&self, delay: Duration) -> Self::Sleep {
        if delay >= HOUR {
            return Either::Right(pending());
        }
        self.advance(delay);
        Either::Left(ready(()))
    }
}

fn patient(endpoint: Endpoint) -> Endpoint {
    endpoint.tls(Tls::Off).timeouts(Timeouts {
        connect: HOUR,
        greeting: HOUR,
        ehlo: HOUR,
        tls: HOUR,
        auth: HOUR,
        mail: HOUR,
        rcpt: HOUR,
        data: HOUR,
        data_body: HOUR,
        dot: HOUR,
        rset: HOUR,
        quit: HOUR,
    })
}

fn at(host: &Host, priority: u16) -> SmtpHost {
    let mut smtp = SmtpHost::from(patient(host.endpoint()));
    smtp.priority = priority;
    smtp
}

/// Throttled is retried as well.
fn every(delay: Duration, attempts: u32) -> Policy {
    let policy = Policy::constant(delay).attempts(attempts);
    policy.clone().on_class_owned(Retryable::Throttled, policy)
}

fn sender(clock: &Manual, policy: Policy, rule: HostRule) -> Sender<Policy, Manual> {
    Sender::with_sleeper(policy, clock.clone()).host_rule(rule)
}

fn tries(sent: &Sent) -> usize {
    sent.recipients[0].attempts.len()
}

fn end(sent: &Sent) -> (State, Option<StopReason>, usize) {
    (sent.recipients[0].state, sent.recipients[0].stopped, tries(sent))
}

async fn closing(connections: usize) -> Host {
    Host::saying(std::iter::repeat_n(vec![Close], connections)).await
}

#[tokio::test]
async fn a_message_may_use_all_its_attempts_and_the_next_one_pays_from_what_is_left() {
    let (clock, host) = (Manual::default(), closing(100).await);
    let sender = sender(&clock, every(Duration::ZERO, 8), HostRule::default()).host(at(&host, 0));
    assert_eq!(sender.host_states()[0].balance, Some(800), "8 attempts are asked for");
    let sent = sender.send(&to(1), MESSAGE).await;
    assert_eq!(end(&sent), (State::Deferred, Some(StopReason::Attempts), 8));
    // 8 - 7 retries
    assert_eq!(sender.host_states()[0].balance, Some(100));
    let sent = sender.send(&to(1), MESSAGE).await;
    assert_eq!(end(&sent), (State::Deferred, Some(StopReason::Budget), 2));
    // A minute later, to within a part, one more has trickled in.
    clock.advance(62 * SECOND);
    assert_eq!(tries(&sender.send(&to(1), MESSAGE).await), 2);
}

#[tokio::test]
async fn where_the_wait_is_long_enough_for_the_budget_to_be_there_again_nobody_is_refused() {
    let (clock, host) = (Manual::default(), closing(100).await);
    let rule = HostRule::default().budget(BudgetRule::DEFAULT.floor(1));
    let sender = sender(&clock, every(61 * SECOND, 4), rule).host(at(&host, 0));
    for _ in 0..3 {
        assert_eq!(end(&sender.send(&to(1), MESSAGE).await), (State::Deferred, Some(StopReason::Attempts), 4));
    }
}

#[tokio::test]
async fn without_a_budget_each_message_has_its_attempts() {
    let (clock, host) = (Manual::default(), closing(100).await);
    let sender = sender(&clock, every(Duration::ZERO, 3), HostRule::default().without_budget()).host(at(&host, 0));
    for _ in 0..10 {
        assert_eq!(tries(&sender.send(&to(1), MESSAGE).await), 3);
    }
    assert_eq!(sender.host_states()[0].balance, None);
}

#[tokio::test]
async fn what_is_only_the_recipients_matter_costs_trips_and_slows_nothing() {
    let clock = Manual::default();
    // MAIL, RCPT, DATA for each message that nobody gets; one connection carries them all.
    let greylisted = |_| [Accept, GREYLISTED, Say(554, "5.5.1 nobody"), Accept, Accept, Accept, Accept, Accept];
    let host = Host::saying([(0..20).flat_map(greylisted).collect()]).await;
    let sender = sender(&clock, every(Duration::ZERO, 2), HostRule::default()).host(at(&host, 0));
    for _ in 0..20 {
        assert_eq!(end(&sender.send(&to(1), MESSAGE).await), (State::Delivered, None, 2));
    }
    let state = &sender.host_states()[0];
    assert_eq!((state.breaker, state.success_percent), (Some(BreakerState::Closed), 100));
    assert!(state.balance >= Some(300) && state.window >= 5, "{state:?}");
    sender.close().await;
    assert_eq!(host.end().await, ([("r0@example.net".to_owned(), 20)].into(), 1));
}

#[tokio::test]
async fn a_failover_is_paid_to_the_host_it_goes_to_and_a_refused_connect_by_nobody() {
    let (clock, up) = (Manual::default(), Host::saying([]).await);
    let sender =
        sender(&clock, every(Duration::ZERO, 4), HostRule::default()).host(patient(refusing())).host(at(&up, 1));
    assert!(sender.send(&to(1), MESSAGE).await.is_delivered());
    // 4 each; the second pays 1, and earns 1/2 by the success
    assert_eq!(sender.host_states().iter().map(|host| host.balance).collect::<Vec<_>>(), [Some(400), Some(350)]);
    // The first one rests: the second is the first choice, and that is free.
    assert!(sender.send(&to(1), MESSAGE).await.is_delivered());
    assert_eq!(sender.host_states()[1].balance, Some(400));
    sender.close().await;
    assert_eq!(up.end().await.0, [("r0@example.net".to_owned(), 2)].into());
}

#[tokio::test]
async fn attempts_that_are_refused_at_connect_leave_the_budget_as_it_is() {
    let clock = Manual::default();
    let sender = sender(&clock, every(Duration::ZERO, 4), HostRule::default()).host(patient(refusing()));
    for _ in 0..5 {
        assert_eq!(end(&sender.send(&to(1), MESSAGE).await), (State::Deferred, Some(StopReason::Attempts), 4));
    }
    assert_eq!(sender.host_states()[0].balance, Some(400));
}

#[tokio::test]
async fn rounds_of_connecting_that_are_asked_for_by_number_are_counted_in() {
    let sender = sender(&Manual::default(), every(SECOND, 6), HostRule::default());
    let sender = sender.connect_policy(Policy::constant(SECOND).attempts(3)).host(refusing());
    assert_eq!(sender.host_states()[0].balance, Some(1800), "6 * 3");
}

#[tokio::test]
async fn a_host_that_fails_rests_and_is_probed_by_one_delivery() {
    let clock = Manual::default();
    let (first, second) = (Host::saying([vec![Close], vec![Close], vec![]]).await, Host::saying([]).await);
    let rule =
        HostRule::default().breaker(BreakerRule::consecutive(1).cool_down(Policy::exponential(60 * SECOND, HOUR)));
    let sender = sender(&clock, every(Duration::ZERO, 2), rule).host(at(&first, 0)).host(at(&second, 1));
    let breaker = |sender: &Sender<Policy, Manual>| sender.host_states()[0].breaker.unwrap();
    // Fails at the first; its retry goes to the second, and so do all others.
    let sent = sender.send(&to(1), MESSAGE).await;
    assert_eq!(end(&sent), (State::Delivered, None, 2));
    assert_ne!(sent.recipients[0].attempts[0].host, sent.recipients[0].attempts[1].host);
    assert_eq!(breaker(&sender), BreakerState::Open { until: Time::default().after(60 * SECOND) });
    assert_eq!(tries(&sender.send(&to(1), MESSAGE).await), 1);
    // One probes, and fails: it rests for twice as long.
    clock.advance(60 * SECOND);
    assert_eq!(breaker(&sender), BreakerState::HalfOpen);
    assert_eq!(tries(&sender.send(&to(1), MESSAGE).await), 2);
    assert_eq!(breaker(&sender), BreakerState::Open { until: Time::default().after(180 * SECOND) });
    // The next probe succeeds.
    clock.advance(120 * SECOND);
    assert_eq!(tries(&sender.send(&to(1), MESSAGE).await), 1);
    assert_eq!(breaker(&sender), BreakerState::Closed);
    sender.close().await;
    assert_eq!((first.end().await.0, second.end().await.0), (once([0]), [("r0@example.net".to_owned(), 3)].into()));
}

#[tokio::test]
async fn a_single_host_is_tried_though_it_rests_unless_told_otherwise() {
    let (clock, host) = (Manual::default(), closing(2).await);
    let to_it = sender(&clock, every(SECOND, 3), HostRule::default()).host(at(&host, 0));
    assert_eq!(end(&to_it.send(&to(1), MESSAGE).await), (State::Delivered, None, 3));

    let (clock, host) = (Manual::default(), closing(2).await);
    let strict = sender(&clock, every(SECOND, 3), HostRule::default().refuse_at_rest()).host(at(&host, 0));
    assert_eq!(end(&strict.send(&to(1), MESSAGE).await), (State::Deferred, Some(StopReason::Breaker), 1));
    assert_eq!(end(&strict.send(&to(1), MESSAGE).await), (State::Deferred, Some(StopReason::Breaker), 0));
    // 5 to 10 minutes are the longest rest.
    clock.advance(600 * SECOND);
    assert_eq!(tries(&strict.send(&to(1), MESSAGE).await), 1);

    let without = HostRule::default().without_breaker();
    let sender = sender(&clock, every(SECOND, 1), without).host(patient(refusing())).host(patient(refusing()));
    for _ in 0..3 {
        assert_eq!(tries(&sender.send(&to(1), MESSAGE).await), 2, "nobody rests");
    }
    assert_eq!(sender.host_states()[0].breaker, None);
}

#[tokio::test]
async fn a_host_that_throttles_is_paced_and_gets_less_at_once_but_does_not_rest() {
    let clock = Manual::default();
    let host = Host::saying([vec![Accept, SLOW_DOWN, Say(554, "5.5.1 nobody")]]).await;
    let rule = HostRule::default().paced_by_aimd();
    let paced = sender(&clock, every(10 * SECOND, 2), rule.clone()).host(at(&host, 0));
    assert_eq!(paced.host_states()[0].rate, None);
    assert!(paced.send(&to(1), MESSAGE).await.is_delivered());
    let state = &paced.host_states()[0];
    assert!(state.rate.unwrap() >= 0.5);
    // 5 - 1, and a quarter of a step up
    assert_eq!((state.breaker, state.window), (Some(BreakerState::Closed), 4));
    let begun = clock.now();
    for _ in 0..20 {
        assert!(paced.send(&to(1), MESSAGE).await.is_delivered());
    }
    // Nothing else takes time here: 20 places at a rate that grows from 0.5/s.
    assert!(clock.now().since(begun) > SECOND, "{:?}", clock.now().since(begun));

    let host = Host::saying([vec![Accept, SLOW_DOWN, Say(554, "5.5.1 nobody")]]).await;
    let hasty = sender(&clock, every(Duration::ZERO, 2), rule.max_wait(Duration::ZERO)).host(at(&host, 0));
    assert_eq!(end(&hasty.send(&to(1), MESSAGE).await), (State::Deferred, Some(StopReason::Pacing), 1));
}

#[tokio::test]
async fn no_more_are_under_way_than_the_window_allows() {
    let host = Host::saying([]).await;
    let rule = HostRule::default().concurrency(ConcurrencyWindow::new(2, 2));
    let sender = Sender::new(every(Duration::ZERO, 1)).host_rule(rule).host(host.at(0));
    let (envelope, none) = (to(1), sender.host_states()[0].under_way);
    let all = join_all((0..20).map(|_| sender.send(&envelope, MESSAGE))).await;
    assert!(all.iter().all(Sent::is_delivered));
    assert_eq!((none, sender.host_states()[0].under_way), (0, 0));
    sender.close().await;
    let (taken, connections) = host.end().await;
    assert_eq!((taken["r0@example.net"], connections), (20, 2));
}

#[tokio::test]
async fn the_window_shrinks_as_a_host_fails_and_is_as_at_the_beginning_when_it_is_up_again() {
    let (clock, host) = (Manual::default(), closing(3).await);
    let sender = sender(&clock, every(HOUR - SECOND, 10), HostRule::default()).host(at(&host, 0));
    let window = |sender: &Sender<Policy, Manual>| sender.host_states()[0].window;
    assert_eq!(window(&sender), 5);
    // 5 - 1, and the next three are spared; then it is up, and probes say so.
    let sent = sender.send(&to(1), MESSAGE).await;
    assert_eq!(end(&sent), (State::Delivered, None, 4));
    assert_eq!(window(&sender), 5);
    let down = Sender::new(every(Duration::ZERO, 5)).host(refusing());
    down.send(&to(1), MESSAGE).await;
    assert_eq!(window_of(&down), 3, "5 failures: 4, three spared, 3");
    let fixed =
        Sender::new(every(Duration::ZERO, 5)).host_rule(HostRule::default().without_feedback()).host(refusing());
    fixed.send(&to(1), MESSAGE).await;
    assert_eq!(window_of(&fixed), 10, "the pool's connections");
}

fn window_of(sender: &Sender) -> u32 {
    sender.host_states()[0].window
}

#[tokio::test]
async fn senders_that_share_their_destinations_share_a_budget() {
    let (clock, host) = (Manual::default(), closing(100).await);
    let shared = Arc::new(Destinations::new(DestinationRule::DEFAULT));
    let [first, second] = [(); 2].map(|()| {
        sender(&clock, every(Duration::ZERO, 9), HostRule::default()).sharing(shared.clone()).host(at(&host, 0))
    });
    assert_eq!(end(&first.send(&to(1), MESSAGE).await), (State::Deferred, Some(StopReason::Budget), 4));
    assert_eq!(end(&second.send(&to(1), MESSAGE).await), (State::Deferred, Some(StopReason::Budget), 1));
}

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
