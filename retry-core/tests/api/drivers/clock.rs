use retry_core::test_util::VirtualClock;
use retry_core::{ByAge, Law, Policy, Retry};

use crate::support::doors::{Door, failing};
use crate::support::facts::{HOUR, SECOND};

/// Readings and draws of a run that fails `failures` times.
fn work(door: Door, policy: &Policy, failures: u32) -> (u64, u64) {
    let clock = VirtualClock::new();
    let retry = Retry::with_sleeper(policy, clock.clone());
    let _ = door.run(&retry, failing(failures));
    (clock.readings(), clock.draws())
}

fn jittered() -> Policy {
    Policy::constant(SECOND).jitter(Law::FULL).attempts(6)
}

#[test]
fn a_success_reads_no_clock_and_draws_nothing() {
    for door in Door::ALL {
        assert_eq!(work(door, &jittered(), 0), (0, 0), "{door:?}");
    }
}

#[test]
fn timeout_history_and_observer_read_no_clock_on_success() {
    for door in Door::ALL {
        let clock = VirtualClock::new();
        let recorder = retry_core::test_util::Recorder::default();
        let retry = Retry::with_sleeper(jittered(), clock.clone()).timeout(SECOND).history::<4>().observe(&recorder);
        door.run(&retry, failing(0)).unwrap();
        assert_eq!((clock.readings(), clock.draws()), (0, 0), "{door:?}");
    }
    let clock = VirtualClock::new();
    let retry = Retry::with_sleeper(jittered(), clock.clone()).reject(|_: &u32| None).stop_on(std::future::pending);
    clock.run(retry.call(async || Ok::<_, ()>(1))).unwrap();
    assert_eq!(clock.readings(), 0);
}

#[test]
fn a_policy_that_looks_at_the_time_has_it_read_once_on_success() {
    let aged = Policy::new(ByAge::new(SECOND, HOUR).unwrap().into());
    for door in Door::ALL {
        assert_eq!(work(door, &jittered().within(HOUR), 0), (1, 0), "{door:?}");
        assert_eq!(work(door, &aged, 0), (1, 0), "{door:?}");
    }
}

#[test]
fn the_clock_is_read_at_the_first_failure_and_at_the_end() {
    for door in Door::ALL {
        // a success after failures: the first failure alone; a draw for each retry
        assert_eq!(work(door, &jittered(), 1), (1, 1), "{door:?}");
        assert_eq!(work(door, &jittered(), 5), (1, 5), "{door:?}");
        // the end of a run that gave up is read too; the sixth failure draws nothing
        assert_eq!(work(door, &jittered(), 9), (2, 5), "{door:?}");
        assert_eq!(work(door, &jittered().attempts(1), 9), (2, 0), "{door:?}");
    }
}

#[test]
fn a_policy_that_looks_at_the_time_has_it_read_at_each_failure() {
    for door in Door::ALL {
        // the beginning, 5 failures
        assert_eq!(work(door, &jittered().within(HOUR), 5), (6, 5), "{door:?}");
        // the beginning, 6 failures, the end
        assert_eq!(work(door, &jittered().within(HOUR), 9), (8, 5), "{door:?}");
    }
}

#[test]
fn without_jitter_nothing_is_drawn() {
    for door in Door::ALL {
        assert_eq!(work(door, &Policy::exponential(SECOND, HOUR).attempts(6), 9), (2, 0), "{door:?}");
    }
}

/// Where nobody looks at the time, it counts from the first failure.
#[test]
fn elapsed_counts_from_the_first_failure_unless_somebody_looks() {
    for door in Door::ALL {
        let elapsed = |policy: Policy| {
            let clock = VirtualClock::new();
            let retry = Retry::with_sleeper(policy.attempts(2), clock.clone());
            let end = door.run(&retry, || {
                clock.advance(10 * SECOND);
                Err::<(), _>("slow")
            });
            end.unwrap_err().elapsed()
        };
        // a wait of 1 s and an attempt of 10 s after the first
        assert_eq!(elapsed(Policy::constant(SECOND)), 11 * SECOND, "{door:?}");
        assert_eq!(elapsed(Policy::constant(SECOND).within(HOUR)), 21 * SECOND, "{door:?}");
    }
}
