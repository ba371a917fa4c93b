//! Destinations and the registry that keeps them.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, RwLock};
use std::thread;
use std::time::Duration;

use retry_core::test_util::VirtualClock;
use retry_core::{
    BreakerRule, BudgetRule, Charge, Class, Clock, Destination, DestinationRule, Destinations, Policy, Retry,
    RetryBudget, RetryPolicy, Seeded, StopReason, Time, Verdict, classify_fn,
};

use crate::support::doors::{Door, failing};
use crate::support::facts::{HOUR, MINUTE, SECOND};

fn at(since: Duration) -> Time {
    Time::default().after(since)
}

fn everything() -> DestinationRule {
    let breaker = BreakerRule::consecutive(100).cool_down(Policy::constant(MINUTE));
    DestinationRule::DEFAULT.paced_by_cubic().breaker(breaker)
}

#[test]
fn behind_every_door_a_destination_hears_all() {
    for door in Door::ALL {
        let (host, clock) = (Destination::new(&everything(), at(Duration::ZERO)), VirtualClock::new());
        let retry = Retry::with_sleeper(Policy::constant(Duration::ZERO).toward(&host), clock.clone());
        assert_eq!(door.run(&retry, failing(2)).unwrap(), 3, "{door:?}");
        // 3 - 2 + 0.5; the mean of two failures and a success: 0.81 + 0.019
        assert_eq!((host.balance(Time::default()), host.average().percent()), (Some(150), 82), "{door:?}");
        let end = door.run(&retry, failing(9)).unwrap_err();
        assert_eq!((end.reason, end.attempts), (StopReason::Budget, 2), "{door:?}");
        // throttled: half an attempt a second
        let throttled = retry.classify(classify_fn(|_: &&str| Verdict::THROTTLED));
        door.run(&throttled, failing(9)).unwrap_err();
        door.run(&throttled, failing(0)).unwrap();
        assert!(clock.now() > at(SECOND), "{door:?}");
        let breaker = host.breaker().unwrap();
        for _ in 0..100 {
            breaker.failed(&Verdict::TRANSIENT, clock.now(), &mut Seeded::new(0));
        }
        assert_eq!(door.run(&throttled, failing(0)).unwrap_err().reason, StopReason::Breaker, "{door:?}");
    }
}

#[test]
fn what_one_destination_suffers_is_not_the_others() {
    let hosts: Destinations<u32> = Destinations::new(DestinationRule::DEFAULT);
    let clock = VirtualClock::new();
    let call = |host: u32, failures| {
        let policy = Policy::constant(Duration::ZERO).toward(hosts.at(&host, clock.now()));
        Retry::with_sleeper(policy, clock.clone()).call_blocking(failing(failures)).is_ok()
    };
    assert!(!call(1, 99) && !call(1, 1));
    assert!((2..100).all(|host| call(host, 3)));
}

/// The policy is replaced at run time; budget, breaker and average are the destination's.
#[test]
fn a_new_policy_finds_what_was_learnt() {
    let hosts: Destinations<String> = Destinations::new(everything());
    let clock = VirtualClock::new();
    let current = RwLock::new(Arc::new(Policy::constant(Duration::ZERO).attempts(3)));
    let call = |failures| {
        let policy = current.read().unwrap().clone();
        let host = hosts.at("mx1.example.org", clock.now());
        Retry::with_sleeper(policy.toward(host), clock.clone()).call_blocking(failing(failures))
    };
    assert_eq!(call(9).unwrap_err().reason, StopReason::Attempts);
    *current.write().unwrap() = Arc::new(Policy::constant(Duration::ZERO).attempts(10));
    // one of the three retries was left
    let end = call(9).unwrap_err();
    assert_eq!((end.reason, end.attempts), (StopReason::Budget, 2));
    // five failures: 0.9^5 = 59 %
    assert_eq!(hosts.at("mx1.example.org", clock.now()).average().percent(), 59);
}

#[test]
fn one_key_is_one_destination_for_all_threads() {
    let hosts: Destinations<u32> = Destinations::new(DestinationRule::DEFAULT);
    let seen: Vec<Vec<Arc<Destination>>> = thread::scope(|scope| {
        let threads: Vec<_> =
            (0..4).map(|_| scope.spawn(|| (0..500).map(|key| hosts.at(&key, at(SECOND))).collect())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(hosts.len(), 500);
    for key in 0..500 {
        assert!(seen.iter().all(|destinations| Arc::ptr_eq(&destinations[key], &seen[0][key])));
    }
    let distinct: HashSet<_> = seen[0].iter().map(Arc::as_ptr).collect();
    assert_eq!(distinct.len(), 500);
}

#[test]
fn a_registry_is_bounded_and_forgets_only_what_is_at_rest() {
    let hosts: Destinations<u32> = Destinations::new(DestinationRule::DEFAULT).capacity(160).idle(10 * MINUTE);
    let retry = Charge::new(Class::Transient);
    // all of them are in use, and some have paid
    for key in 0..2000 {
        let host = hosts.at(&key, at(SECOND));
        host.withdraw(retry, at(SECOND));
    }
    assert!(hosts.len() <= 160 && hosts.is_crowded());
    // nothing is forgotten before it is idle
    let held = hosts.at(&0, at(SECOND));
    let before = hosts.len();
    hosts.evict(at(9 * MINUTE));
    assert_eq!(hosts.len(), before);
    // then all but the one that somebody holds and the one that is still owed a retry
    let owing = hosts.at(&1, at(11 * MINUTE));
    (0..3).for_each(|_| assert!(owing.withdraw(retry, at(20 * MINUTE + 50 * SECOND))));
    drop(owing);
    hosts.evict(at(21 * MINUTE + SECOND));
    assert_eq!(hosts.len(), 2);
    assert!(Arc::ptr_eq(&held, &hosts.at(&0, at(22 * MINUTE))));
    drop(held);
    hosts.evict(at(HOUR));
    assert!(hosts.is_empty());
}

/// A new host a second for half a day, through a registry with room for 40 minutes of them: it forgets in time.
#[test]
fn a_registry_of_passing_keys_stays_within_its_bounds_and_is_never_crowded() {
    let hasher = BuildHasherDefault::<DefaultHasher>::default();
    let hosts = Destinations::<u32, _>::with_hasher(DestinationRule::DEFAULT, hasher).capacity(2400).idle(10 * MINUTE);
    let mut most = 0;
    for second in 0..43_200 {
        let now = at(second * SECOND);
        let host = hosts.at(&second, now);
        host.withdraw(Charge::new(Class::Transient), now);
        if second % 100 == 0 {
            most = most.max(hosts.len());
        }
    }
    // what somebody could miss is there: the last ten minutes
    assert!((600..=2400).contains(&most) && !hosts.is_crowded(), "{most}");
}

/// A key that is compared while a meeting is called waits within the comparison for a second one.
#[derive(Clone)]
struct Meeting {
    called: Arc<AtomicBool>,
    inside: Arc<(Mutex<u32>, Condvar)>,
}

impl PartialEq for Meeting {
    fn eq(&self, _: &Self) -> bool {
        if self.called.load(Ordering::Relaxed) {
            let (count, changed) = &*self.inside;
            let mut count = count.lock().unwrap();
            *count += 1;
            changed.notify_all();
            drop(changed.wait_timeout_while(count, MINUTE, |count| *count < 2).unwrap());
        }
        true
    }
}

impl Eq for Meeting {}

impl Hash for Meeting {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}

/// Both are within the registry's look-up at the same time; were it exclusive, the first would wait in vain.
#[test]
fn two_readers_of_one_key_do_not_wait_for_each_other() {
    let hosts: Destinations<Meeting> = Destinations::new(DestinationRule::DEFAULT);
    let key = Meeting { called: Arc::default(), inside: Arc::default() };
    hosts.at(&key, at(SECOND));
    key.called.store(true, Ordering::Relaxed);
    let met = || {
        hosts.at(&key, at(SECOND));
        *key.inside.0.lock().unwrap()
    };
    let met: Vec<u32> =
        thread::scope(|scope| [0, 1].map(|_| scope.spawn(met)).map(|reader| reader.join().unwrap()).into());
    assert_eq!(met, [2, 2]);
    assert_eq!(hosts.len(), 1);
}

#[test]
fn keys_without_room_share_one_budget_and_no_breaker() {
    let rule = DestinationRule::DEFAULT.budget(BudgetRule::DEFAULT.floor(7)).breaker(BreakerRule::consecutive(1));
    let hosts: Destinations<u32> = Destinations::new(rule).capacity(0);
    let (a, b) = (hosts.at(&1, at(SECOND)), hosts.at(&2, at(SECOND)));
    assert!(Arc::ptr_eq(&a, &b) && a.breaker().is_none());
    assert_eq!(a.balance(at(SECOND)), Some(700));
}

#[test]
fn an_open_breaker_and_a_pacer_that_paces_are_not_at_rest() {
    let breaker = BreakerRule::consecutive(1).cool_down(Policy::constant(HOUR));
    let host = Destination::new(&DestinationRule::DEFAULT.breaker(breaker), at(SECOND));
    host.breaker().unwrap().failed(&Verdict::TRANSIENT, at(SECOND), &mut Seeded::new(0));
    assert!(!host.is_at_rest(MINUTE, at(HOUR)) && host.is_at_rest(MINUTE, at(HOUR + SECOND)));
    for rule in [DestinationRule::DEFAULT.paced_by_aimd(), DestinationRule::DEFAULT.paced_by_cubic()] {
        let host = Destination::new(&rule, at(SECOND));
        assert!(host.is_at_rest(HOUR, at(SECOND)));
        host.pacer().unwrap().failed(Class::Throttled, at(SECOND));
        assert!(!host.is_at_rest(HOUR, at(HOUR)) && host.is_at_rest(HOUR, at(HOUR + SECOND)));
    }
}

#[test]
fn adaptive_delays_follow_the_average_and_leave_hints_alone() {
    let host = Destination::default();
    let delay = |verdict| {
        let policy = Policy::constant(SECOND).toward(&host).adaptive();
        policy.decide(&retry_core::Failure::first(verdict), &mut Seeded::new(0)).delay()
    };
    // the failure itself counts: 1 / 0.9
    assert_eq!(delay(Verdict::TRANSIENT), Some(Duration::from_millis(1110)));
    assert_eq!(delay(Verdict::THROTTLED.after(MINUTE)), Some(MINUTE));
    // failures of one request are answers
    for _ in 0..200 {
        host.average().record(true);
    }
    assert_eq!(host.average().percent(), 100);
    assert_eq!(delay(Verdict::TRANSIENT.scope(retry_core::Scope::Request)), Some(SECOND));
}
