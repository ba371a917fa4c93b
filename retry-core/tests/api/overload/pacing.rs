//! Pacers, by hand and behind every door.

use std::time::Duration;

use proptest::prelude::*;
use retry_core::test_util::VirtualClock;
use retry_core::{
    Admission, Aimd, AimdLimit, Class, Clock, Cubic, Last, Never, Pacer, Policy, Ratio, Retry, RetryPolicy, Scope,
    StopReason, Time, TokenBucket, Verdict, classify_fn,
};

use crate::support::doors::{Door, failing};
use crate::support::facts::{HOUR, MS, SECOND, ns};
use crate::support::gate::Gate;
use crate::support::strategies::{cases, wild};

fn at(ms: u64) -> Time {
    Time::default().after(MS * u32::try_from(ms).unwrap())
}

fn pacers() -> [(&'static str, Box<dyn Pacer>); 2] {
    [("cubic", Box::new(Cubic::new(at(0)))), ("aimd", Box::new(Aimd::new(at(0))))]
}

#[test]
fn nobody_is_paced_before_something_is_throttled() {
    for (name, pacer) in pacers() {
        for n in 0..1000 {
            assert_eq!(pacer.acquire(at(n)), Ok(()), "{name}");
            match n % 3 {
                0 => pacer.succeeded(at(n)),
                1 => pacer.failed(Class::Transient, at(n)),
                _ => pacer.failed(Class::Permanent, at(n)),
            }
        }
        pacer.failed(Class::Throttled, at(1000));
        assert!((0..1000).any(|_| pacer.acquire(at(1000)).is_err()), "{name}");
    }
}

/// A bucket of half a token a second.
#[test]
fn whoever_finds_no_place_is_told_when_the_next_one_comes_and_places_that_are_not_used_come_back() {
    for (name, pacer) in pacers() {
        pacer.failed(Class::Throttled, at(0));
        // all the same, for nothing is reserved
        assert_eq!([0; 3].map(|_| pacer.acquire(at(0))), [Err(2 * SECOND); 3], "{name}");
        assert_eq!(pacer.acquire(at(500)), Err(1500 * MS), "{name}");
        assert_eq!([0; 2].map(|_| pacer.acquire(at(2000))), [Ok(()), Err(2 * SECOND)], "{name}");
        pacer.release();
        assert_eq!([0; 2].map(|_| pacer.acquire(at(2000))), [Ok(()), Err(2 * SECOND)], "{name}");
    }
}

/// 100 a second for 10 s, then throttled.
fn throttled(pacer: &dyn Pacer) {
    (0..1000).for_each(|n| pacer.succeeded(at(n * 10)));
    pacer.failed(Class::Throttled, at(10_000));
}

#[test]
fn both_begin_at_seven_tenths_of_the_measured_rate() {
    let (cubic, aimd) = (Cubic::new(at(0)), Aimd::new(at(0)));
    throttled(&cubic);
    throttled(&aimd);
    assert!((cubic.rate() - 70.0).abs() < 0.8, "{}", cubic.rate());
    assert!((aimd.rate() - 70.0).abs() < 0.8, "{}", aimd.rate());
}

/// K = cbrt(100 * 0.3 / 0.4) = 4.22 s: flat there, at 0.4 * 4.22^3 above it after twice as long.
#[test]
fn cubic_comes_back_to_where_it_was_and_then_goes_beyond() {
    let pacer = Cubic::new(at(0));
    throttled(&pacer);
    let mut rates = Vec::new();
    for second in 1..=9_u64 {
        // as many as are let through
        (0..100).for_each(|n| pacer.succeeded(at(10_000 + second * 1000 + n * 10)));
        rates.push(pacer.rate());
    }
    assert!(rates.is_sorted(), "{rates:?}");
    assert!((rates[3] - 100.0).abs() < 2.0 && rates[8] > 120.0, "{rates:?}");
}

/// A second in which as much succeeds as is let through.
fn full_use(pacer: &Aimd, second: u64) {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a positive rate")]
    let attempts = pacer.rate() as u64;
    (0..attempts).for_each(|n| pacer.succeeded(at(1000 * second + n * 1000 / attempts)));
}

fn is_near(pacer: &Aimd, rate: f64) {
    assert!((pacer.rate() / rate - 1.0).abs() < 0.01, "{} {rate}", pacer.rate());
}

#[test]
fn aimd_grows_by_a_fifth_a_second_until_it_is_cut_again_and_then_by_a_fiftieth_of_the_limit() {
    let pacer = Aimd::new(at(0));
    throttled(&pacer);
    // after a second of nothing it takes a part of this one until half of the rate is used
    full_use(&pacer, 11);
    let before = pacer.rate();
    full_use(&pacer, 12);
    is_near(&pacer, 1.2 * before);

    let limit = pacer.rate();
    pacer.failed(Class::Throttled, at(13_000));
    is_near(&pacer, 0.7 * limit);
    (14..24).for_each(|second| full_use(&pacer, second));
    // ten seconds, but for the three that are as long as the first success took
    is_near(&pacer, (0.7 + 7.0 * 0.02) * limit);
}

#[test]
fn aimd_soon_finds_out_that_the_limit_is_far_higher_than_it_was() {
    let pacer = Aimd::new(at(0));
    throttled(&pacer);
    pacer.succeeded(at(10_600));
    pacer.failed(Class::Throttled, at(10_601));
    let limit = pacer.rate() / 0.7;
    let seconds = (12..200).find(|&second| {
        full_use(&pacer, second);
        pacer.rate() > 20.0 * limit
    });
    // (2 - 0.7) / 0.02 = 65 s to twice the limit, and ln 10 / ln 1.2 = 13 s to ten times that
    assert!(seconds.is_some_and(|second| (85..95).contains(&second)), "{seconds:?}");
}

#[test]
fn aimd_with_a_fixed_increase_adds_it_in_each_second_of_full_use() {
    let pacer = Aimd::new(at(0)).shaped(Ratio::TWO, Ratio::new(1, 2).unwrap());
    throttled(&pacer);
    is_near(&pacer, 50.0);
    full_use(&pacer, 11);
    let before = pacer.rate();
    full_use(&pacer, 12);
    is_near(&pacer, before + 2.0);
}

#[test]
fn aimd_is_cut_once_for_what_is_throttled_together_and_for_a_ban() {
    let pacer = Aimd::new(at(0));
    throttled(&pacer);
    pacer.succeeded(at(11_000));
    let before = pacer.rate();
    (0..50).for_each(|n| pacer.failed(Class::Throttled, at(12_000 + n)));
    is_near(&pacer, 0.7 * before);
    pacer.failed(Class::Throttled, at(12_501));
    is_near(&pacer, 0.49 * before);
    (0..100).for_each(|n| pacer.failed(Class::Throttled, at(20_000 + n * 1000)));
    // the floor
    is_near(&pacer, 0.5);
    // nothing has succeeded since 12 s: all but the first cut are undone
    pacer.succeeded(at(120_000));
    is_near(&pacer, 0.7 * before);
    // and stay so for 3 * 108 s
    (0..1000).for_each(|n| pacer.succeeded(at(443_000 + n)));
    is_near(&pacer, 0.7 * before);
    (0..1000).for_each(|n| pacer.succeeded(at(444_001 + n)));
    assert!(pacer.rate() > 0.8 * before);
}

#[test]
fn aimd_does_not_grow_beyond_what_is_used() {
    let pacer = Aimd::new(at(0));
    throttled(&pacer);
    // 10 a second for a quarter of an hour
    (0..9_000).for_each(|n| pacer.succeeded(at(11_000 + n * 100)));
    is_near(&pacer, 70.0);
}

#[test]
fn aimd_goes_by_what_has_come_so_far_if_it_is_throttled_in_its_first_half_second() {
    let pacer = Aimd::new(at(0));
    (0..100).for_each(|n| pacer.succeeded(at(n)));
    pacer.failed(Class::Throttled, at(120));
    // 100 / 0.5 s * 0.7
    is_near(&pacer, 140.0);
}

#[test]
fn cubic_never_lets_its_capacity_go_below_zero_for_those_who_ask_again() {
    let pacer = Cubic::new(at(0));
    pacer.failed(Class::Throttled, at(0));
    // 0.1 s * 0.5: 0.95 more take 1.9 s, for each of them
    for _ in 0..10 {
        assert_eq!(pacer.acquire(at(100)), Err(1900 * MS));
        assert!((pacer.tokens() - 0.05).abs() < 1e-9);
    }
    assert_eq!(pacer.acquire(at(2000)), Ok(()));
}

#[test]
fn behind_every_door_attempts_wait_for_their_place() {
    for door in Door::ALL {
        let (pacer, clock) = (Cubic::new(at(0)), VirtualClock::new());
        let retry = Retry::with_sleeper(Policy::constant(SECOND).paced(&pacer), clock.clone())
            .classify(classify_fn(|_: &&str| Verdict::THROTTLED));
        assert_eq!(door.run(&retry, failing(1)).unwrap(), 2, "{door:?}");
        // 1 s by schedule fills half a token, and a second more the rest
        assert_eq!(clock.now(), at(2000), "{door:?}");
        // the next run waits from its first attempt on
        let before = clock.now();
        door.run(&retry, failing(0)).unwrap();
        assert!(clock.now() > before, "{door:?}");
    }
}

/// Its waits add up over all that it asks, for each attempt by itself.
#[test]
fn an_attempt_is_put_off_for_no_longer_than_it_may() {
    /// Puts everybody off by a second, a given number of times.
    struct Second(std::cell::Cell<u32>);
    impl Pacer for Second {
        fn acquire(&self, _: Time) -> Result<(), Duration> {
            let left = self.0.get().checked_sub(1);
            left.map_or(Ok(()), |left| {
                self.0.set(left);
                Err(SECOND)
            })
        }
    }
    for door in Door::ALL {
        let run = |times: u32, failures: u32| {
            let pacer = Second(std::cell::Cell::new(times));
            let clock = VirtualClock::new();
            let policy = Policy::constant(MS).paced(&pacer).max_wait(3 * SECOND);
            let result = door.run(&Retry::with_sleeper(policy, clock.clone()), failing(failures));
            (result.map_err(|end| (end.reason, end.attempts)), clock.now())
        };
        assert_eq!(run(3, 0), (Ok(1), at(3000)), "{door:?}");
        assert_eq!(run(4, 0), (Err((StopReason::Pacing, 0)), at(3000)), "{door:?}");
        // a wait for an attempt ends with it
        assert_eq!(run(3, 1), (Ok(2), at(3001)), "{door:?}");
    }
}

/// A pacer that gives no time does not make a driver spin: time passes all the same.
#[test]
fn to_be_put_off_by_nothing_takes_a_nanosecond() {
    struct Impolite(std::cell::Cell<u32>);
    impl Pacer for Impolite {
        fn acquire(&self, _: Time) -> Result<(), Duration> {
            self.0.set(self.0.get() + 1);
            if self.0.get() > 100 { Ok(()) } else { Err(ns(0)) }
        }
    }
    for door in Door::ALL {
        let (pacer, clock) = (Impolite(std::cell::Cell::new(0)), VirtualClock::new());
        door.run(&Retry::with_sleeper(Never.paced(&pacer), clock.clone()), failing(0)).unwrap();
        assert_eq!(clock.now(), Time::from_nanos(100), "{door:?}");
    }
}

#[test]
fn other_failures_pace_nobody() {
    for door in Door::ALL {
        for (name, pacer) in pacers() {
            let clock = VirtualClock::new();
            let retry = Retry::with_sleeper(Policy::constant(SECOND).paced(pacer), clock.clone());
            door.run(&retry, failing(20)).unwrap();
            assert_eq!(clock.now(), at(20_000), "{door:?} {name}");
        }
    }
}

#[test]
fn what_throttles_one_request_alone_paces_nobody() {
    for (scope, is_engaged) in [(Scope::Request, false), (Scope::Destination, true), (Scope::Account, true)] {
        let pacer = Aimd::new(at(0));
        let verdict = Verdict::THROTTLED.scope(scope);
        let retry = Retry::with_sleeper(Policy::constant(SECOND).attempts(2).paced(&pacer), VirtualClock::new())
            .classify(classify_fn(|_: &()| verdict));
        retry.call_blocking(|| Err::<(), ()>(())).unwrap_err();
        assert_eq!(pacer.is_engaged(), is_engaged, "{scope:?}");
    }
}

#[test]
fn a_wait_that_would_be_too_long_ends_the_run_and_takes_no_place() {
    for door in Door::ALL {
        let (pacer, clock) = (Cubic::new(at(0)), VirtualClock::new());
        pacer.failed(Class::Throttled, at(0));
        let paced = |max_wait| Never.paced(&pacer).max_wait(max_wait);
        let retry = Retry::with_sleeper(paced(SECOND), clock.clone());
        for _ in 0..3 {
            let end = door.run(&retry, || -> Result<(), &str> { panic!("started") }).unwrap_err();
            assert_eq!((end.reason, end.attempts, end.last), (StopReason::Pacing, 0, Last::NotStarted), "{door:?}");
            assert_eq!((end.slept(), clock.now()), (ns(0), at(0)), "{door:?}");
        }
        // by the retrier's deadline as well
        let retry = Retry::with_sleeper(paced(HOUR), clock.clone()).deadline(SECOND);
        assert_eq!(door.run(&retry, failing(0)).unwrap_err().reason, StopReason::Deadline, "{door:?}");
        assert_eq!(pacer.acquire(at(0)), Err(2 * SECOND), "{door:?}");
        assert_eq!(pacer.acquire(at(2000)), Ok(()), "{door:?}");
    }
}

#[test]
fn the_place_of_a_call_that_another_policy_refuses_comes_back() {
    for door in Door::ALL {
        let (pacer, clock) = (Cubic::new(at(0)), VirtualClock::new());
        pacer.failed(Class::Throttled, at(0));
        clock.advance(2 * SECOND);
        let gate = Gate::new(SECOND, &[Admission::Refuse(StopReason::Breaker)]);
        let retry = Retry::with_sleeper((&gate).paced(&pacer), clock.clone());
        assert_eq!(door.run(&retry, failing(0)).unwrap_err().reason, StopReason::Breaker, "{door:?}");
        let gate = Gate::new(SECOND, &[Admission::Refuse(StopReason::Breaker)]);
        let pair = Policy::constant(SECOND).paced(&pacer).and(&gate);
        assert_eq!(door.run(&Retry::with_sleeper(pair, clock.clone()), failing(0)).unwrap_err().attempts, 0);
        // the one token is still there
        assert_eq!([0; 2].map(|_| pacer.acquire(at(2000)).is_ok()), [true, false], "{door:?}");
    }
}

#[test]
fn a_bucket_is_filled_by_time_and_by_no_more_than_it_holds() {
    let mut bucket = TokenBucket::full(10.0, 10.0, at(0));
    assert_eq!(bucket.try_acquire(5.0, at(0)), Ok(()));
    // 5 + 2.5 - 5
    assert_eq!((bucket.try_acquire(5.0, at(250)), Some(bucket.tokens())), (Ok(()), Some(2.5)));
    assert_eq!(bucket.try_acquire(11.0, at(10_000)), Err(100 * MS));
    assert_eq!(Some(bucket.tokens()), Some(10.0));
    // a lower rate cuts what is there
    bucket.set_rate(1.0, 4.0, at(10_000));
    assert_eq!((bucket.tokens(), bucket.rate(), bucket.capacity()), (4.0, 1.0, 4.0));
    // backwards nothing comes
    assert_eq!(bucket.try_acquire(4.0, at(10_000)), Ok(()));
    assert_eq!(bucket.try_acquire(1.0, at(0)), Err(SECOND));
    assert_eq!(bucket.try_acquire(1.0, at(10_500)), Err(500 * MS));
}

#[test]
fn the_limit_in_flight_goes_up_by_one_and_down_by_a_factor() {
    let limit = |n| AimdLimit::new(n).between(1, 1000);
    // 30 * 0.9, cut to a whole number: 27, 24
    let mut falling = limit(30);
    assert_eq!([0; 2].map(|_| falling.sample(ns(0), 1, true)), [27, 24]);
    assert_eq!(limit(10).sample(ns(0), 5, false), 11);
    assert_eq!(limit(10).sample(ns(0), 4, false), 10);
    assert_eq!(limit(10).timeout(SECOND).sample(SECOND, 10, false), 11);
    assert_eq!(limit(10).timeout(SECOND).sample(SECOND + ns(1), 10, false), 9);
    assert_eq!(limit(10).decrease(Ratio::TWO).sample(ns(0), 1, true), 10);
    // the default bounds
    assert_eq!(AimdLimit::new(20).sample(ns(0), 1, true), 20);
    assert_eq!(AimdLimit::new(200).sample(ns(0), 200, false), 200);
    assert_eq!(AimdLimit::new(u32::MAX).between(9, 5).sample(ns(0), 0, false), 5);
}

proptest! {
    #![proptest_config(cases())]

    /// No rate, time or order of events lets a caller spin or panic, and who comes when he was told to gets a place.
    #[test]
    fn a_place_that_is_not_there_is_never_zero_away(
        events in prop::collection::vec((wild(), 0..4_u8), 0..40),
        now in 0..u64::MAX / 2,
    ) {
        for (name, pacer) in pacers() {
            for (time, event) in &events {
                let time = Time::from_nanos(*time / 2);
                match event {
                    0 => pacer.succeeded(time),
                    1 => pacer.failed(Class::Throttled, time),
                    2 => pacer.failed(Class::Transient, time),
                    _ => { let _ = pacer.acquire(time); }
                }
            }
            let latest = events.iter().map(|(time, _)| *time / 2).max().unwrap_or(0).max(now);
            let mut now = Time::from_nanos(latest);
            for _ in 0..20 {
                if let Err(wait) = pacer.acquire(now) {
                    // the least rate is 0.5/s
                    prop_assert!(wait > ns(0) && wait <= 2 * SECOND, "{name}: {wait:?}");
                    now = now.after(wait);
                    prop_assert_eq!(pacer.acquire(now), Ok(()), "{}", name);
                }
            }
        }
    }

    #[test]
    fn a_bucket_gives_no_more_than_came(
        rate in prop_oneof![Just(f64::NAN), Just(-1.0), Just(0.0), Just(f64::INFINITY), 0.0..1e6],
        capacity in prop_oneof![Just(f64::NAN), Just(-1.0), Just(0.0), 0.0..100.0],
        asks in prop::collection::vec((0..10_000_u32, -1.0..20.0), 1..40),
    ) {
        let mut bucket = TokenBucket::full(rate, capacity, at(0));
        let (mut now, mut taken) = (0, 0.0);
        for (gap, tokens) in asks {
            now += gap;
            match bucket.try_acquire(tokens, at(now.into())) {
                Ok(()) => taken += f64::max(tokens, 0.0),
                Err(wait) => prop_assert!(wait > Duration::ZERO),
            }
            prop_assert!(bucket.tokens() >= 0.0);
        }
        let came = f64::max(capacity, 0.0) + f64::max(rate, 3e-9) * f64::from(now) / 1e3;
        prop_assert!(taken <= came * (1.0 + 1e-9), "{taken} {came}");
    }
}
