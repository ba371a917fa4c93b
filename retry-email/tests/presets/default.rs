//! The default: what it promises for every class, jitter and hints included.

use std::time::Duration;

use proptest::prelude::*;
use retry_core::test_util::Scripted;
use retry_core::{Class, Decision, Failure, RetryPolicy, Retryable, StopReason, Verdict};
use retry_email::preset::DEFAULT;

use crate::cases::cases;

use super::run::{DAY, HOUR, MINUTE, Run, SECOND, run};

const UNKNOWN: Verdict = Verdict::new(Class::Unknown);

fn runs(verdict: Verdict) -> impl Iterator<Item = Run> {
    (0..100).map(move |seed| run(&DEFAULT, verdict, seed, 1000))
}

/// Whether every n-th delay lies within 15 % of the n-th of these minutes (the last again and again), cut so that the
/// greatest stays at the last.
#[track_caller]
fn assert_minutes(verdict: Verdict, minutes: &[u32]) {
    let cap = f64::from(minutes[minutes.len() - 1]) * 60.0;
    for run in runs(verdict) {
        for (n, delay) in run.delays.iter().enumerate() {
            let centre = f64::from(minutes[n.min(minutes.len() - 1)]) * 60.0;
            let centre = centre.min(cap / 1.15);
            let secs = delay.as_secs_f64();
            assert!(centre * 0.85 - 1e-6 <= secs && secs <= centre * 1.15 + 1e-6, "delay {}: {secs} s", n + 1);
        }
    }
}

#[test]
fn transient_failures_double_up_to_two_hours_and_end_after_five_days() {
    assert_minutes(Verdict::TRANSIENT, &[6, 10, 20, 40, 80, 120]);
    assert_minutes(UNKNOWN, &[6, 10, 20, 40, 80, 120]);
    // 156 min, and then 104.35 min on average: (7,200 - 156) / 104.35 = 67.5, after 6 attempts; the jitter of 67 delays
    // is 104.35 * 0.15 / sqrt(3) * sqrt(67) = 74 min, which is less than one attempt
    for run in runs(Verdict::TRANSIENT) {
        assert!((70..=76).contains(&run.attempts()), "{}", run.attempts());
        assert_eq!(run.ended, Some(StopReason::Deadline));
        assert!(run.last_start() <= 5 * DAY);
    }
}

#[test]
fn throttling_makes_every_delay_four_times_as_long_and_a_quarter_of_an_hour_at_least() {
    assert_minutes(Verdict::THROTTLED, &[24, 40, 80, 160, 320, 480]);
    for run in runs(Verdict::THROTTLED) {
        assert!(run.delays.iter().all(|delay| *delay >= 15 * MINUTE));
        assert_eq!(run.ended, Some(StopReason::Deadline));
        assert!(run.last_start() <= 5 * DAY);
    }
}

#[test]
fn a_full_mailbox_is_tried_every_four_hours_for_three_days() {
    for run in runs(Verdict::PERSISTENT) {
        // 4 h -+ 15 %: 3 h 24 min to 4 h 36 min
        assert!(run.delays.iter().all(|delay| (204 * MINUTE..=276 * MINUTE).contains(delay)));
        // 72 h / 4 h = 18 retries, give or take the jitter
        assert!((17..=21).contains(&run.attempts()), "{}", run.attempts());
        assert_eq!(run.ended, Some(StopReason::Deadline));
        assert!(run.last_start() <= 3 * DAY);
    }
}

#[test]
fn what_nobody_can_wait_for_stops_at_once() {
    for (verdict, reason) in
        [(Verdict::PERMANENT, StopReason::Permanent), (Verdict::MISCONFIGURED, StopReason::Misconfigured)]
    {
        let run = run(&DEFAULT, verdict, 0, 10);
        assert_eq!((run.attempts(), run.ended), (1, Some(reason)));
    }
}

#[test]
fn a_greylisting_server_s_five_minutes_are_kept() {
    for seed in 0..100 {
        let greylisted = Verdict::TRANSIENT.after(300 * SECOND);
        assert!(run(&DEFAULT, greylisted, seed, 2).delays[0] >= 300 * SECOND);
    }
}

#[test]
fn hints_lengthen_a_delay_up_to_a_day_and_beyond_that_end_the_run() {
    let decide =
        |after: Duration| DEFAULT.decide(&Failure::first(Verdict::THROTTLED.after(after)), &mut Scripted::bits(&[0]));
    // 15 % above the hint at most
    let delay = decide(10 * HOUR).delay().unwrap();
    assert!(10 * HOUR <= delay && delay <= 11 * HOUR + 30 * MINUTE, "{delay:?}");
    assert_eq!(decide(DAY + SECOND), Decision::Stop(StopReason::HintTooFar));
}

#[test]
fn the_parts_can_be_read() {
    assert!(DEFAULT.check().is_ok());
    assert_eq!(DEFAULT.time_limit(), Some(5 * DAY));
    assert_eq!(DEFAULT.class_policy(Retryable::Persistent).unwrap().time_limit(), Some(3 * DAY));
    assert_eq!(DEFAULT.class_policy(Retryable::Throttled).unwrap().cap(), Some(8 * HOUR));
    assert_eq!(DEFAULT.class_policy(Retryable::Misconfigured), None);
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn no_two_attempts_are_less_than_five_minutes_apart(
        attempt in 1_u32..200,
        in_class in 1_u32..200,
        elapsed in 0_u64..5 * 86_400,
        previous in any::<u64>(),
        class in 0_usize..4,
        hint in proptest::option::of(any::<u64>()),
        near in proptest::option::of(0_u64..100_000),
        bits in proptest::collection::vec(any::<u64>(), 1..4),
    ) {
        let verdict = [Verdict::TRANSIENT, UNKNOWN, Verdict::THROTTLED, Verdict::PERSISTENT][class];
        // Any hint at all, and those of some hours more often.
        let verdict = match (near, hint) {
            (Some(secs), _) => verdict.after(Duration::from_secs(secs)),
            (None, Some(nanos)) => verdict.after(Duration::from_nanos(nanos)),
            (None, None) => verdict,
        };
        let failure = Failure::new(attempt.try_into().unwrap(), Duration::from_secs(elapsed), verdict)
            .with_class_failures(in_class)
            .with_previous_delay(Duration::from_nanos(previous));
        if let Some(delay) = DEFAULT.decide(&failure, &mut Scripted::bits(&bits)).delay() {
            prop_assert!(delay >= 5 * MINUTE, "{delay:?}");
            if let Some(hint) = verdict.hint() {
                prop_assert!(delay >= hint.not_before, "{delay:?}");
            }
            // At most the cap of its class, or the longest hint and 15 % of it.
            prop_assert!(delay <= DAY + DAY * 15 / 100, "{delay:?}");
        }
    }
}
