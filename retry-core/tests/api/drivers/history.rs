use retry_core::test_util::VirtualClock;
use retry_core::{Class, Entry, History, Policy, Retry, Retryable, Verdict, classify_fn};

use crate::support::doors::{Door, failing};
use crate::support::facts::{MINUTE, SECOND};

/// What is kept of a run that fails `failures` times before attempts run out at six.
fn kept<const N: usize>(door: Door) -> Vec<(u32, Class, Option<u64>)> {
    let policy = Policy::exponential(SECOND, MINUTE).attempts(6);
    let retry = Retry::with_sleeper(policy, VirtualClock::new()).history::<N>();
    let end = door.run(&retry, failing(99)).unwrap_err();
    let entry = |entry: &Entry| (entry.attempt(), entry.class(), entry.delay().map(|delay| delay.as_secs()));
    end.history.iter().map(entry).collect()
}

#[test]
fn the_last_few_failures_are_kept_oldest_first() {
    use Class::Transient;
    for door in Door::ALL {
        assert_eq!(kept::<3>(door), [(4, Transient, Some(8)), (5, Transient, Some(16)), (6, Transient, None)]);
        assert_eq!(kept::<1>(door), [(6, Transient, None)]);
    }
}

#[test]
fn all_are_kept_where_there_is_room() {
    let delays = |kept: Vec<(u32, Class, Option<u64>)>| kept.into_iter().map(|(_, _, delay)| delay).collect::<Vec<_>>();
    let all = [Some(1), Some(2), Some(4), Some(8), Some(16), None];
    assert_eq!(delays(kept::<6>(Door::Call)), all);
    assert_eq!(delays(kept::<99>(Door::CallMut)), all);
}

#[test]
fn a_history_of_none_keeps_none() {
    for door in Door::ALL {
        assert_eq!(kept::<0>(door), []);
    }
}

#[test]
fn classes_and_their_delays_are_kept() {
    let policy = Policy::constant(SECOND).on_class_owned(Retryable::Throttled, Policy::constant(MINUTE));
    let retry = Retry::with_sleeper(policy, VirtualClock::new())
        .classify(classify_fn(|class: &Class| Verdict::new(*class)))
        .history::<8>();
    let mut classes = [Class::Throttled, Class::Unknown, Class::Persistent].into_iter();
    let end = Door::Loop.run(&retry, || Err::<(), _>(classes.next().unwrap())).unwrap_err();
    let kept: Vec<_> = end.history.iter().map(|entry| (entry.class(), entry.delay())).collect();
    assert_eq!(kept, [(Class::Throttled, Some(MINUTE)), (Class::Unknown, Some(SECOND)), (Class::Persistent, None)]);
}

/// Each run has its own.
#[test]
fn a_run_does_not_see_the_history_of_another() {
    let retry = Retry::with_sleeper(Policy::constant(SECOND).attempts(2), VirtualClock::new()).history::<8>();
    for _ in 0..3 {
        assert_eq!(Door::Call.run(&retry, failing(9)).unwrap_err().history.iter().count(), 2);
    }
    assert_eq!(History::<4>::default().iter().count(), 0);
}
