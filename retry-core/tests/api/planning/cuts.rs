//! Limits in time and hints that only some runs meet.

use std::time::Duration;

use retry_core::{Decorrelated, Hint, HintRule, HintSource, Law, Policy, Preview, StopReason};

use crate::support::facts::SECOND;

/// Of `n` uniform delays of 0 to 1 s the sum is at most a second with a probability of 1 / n!.
#[test]
fn the_part_of_the_runs_that_come_in_time_is_that_of_the_sum_of_their_delays() {
    let policy = Policy::constant(SECOND).jitter(Law::FULL).within(SECOND);
    let plan = policy.plan_with(&Preview::new().samples(20_000).attempts(6));
    let reached: Vec<_> = plan.attempts().iter().map(|attempt| attempt.reached().value).collect();
    for (reached, expected) in reached.iter().zip([1.0, 1.0, 1.0 / 2.0, 1.0 / 6.0, 1.0 / 24.0, 1.0 / 120.0]) {
        // five standard errors of 20,000 runs are at most 0.018
        assert!((reached - expected).abs() < 0.018, "{reached} {expected}");
    }
    let sure: Vec<_> = plan.attempts().iter().map(|attempt| attempt.reached().is_exact).collect();
    assert_eq!(sure, [true, true, false, false, false, false]);
    // of those that make it, the third comes at 2/3 s on the average
    let third = plan.attempts()[2].at();
    assert!((third.mean().value.as_secs_f64() - 2.0 / 3.0).abs() < 0.02);
    assert!(!third.mean().is_exact && third.min().is_exact && third.max().is_exact);
    assert_eq!((third.min().value, third.max().value), (Duration::ZERO, SECOND));
}

#[test]
fn the_longest_delay_in_time_follows_the_shortest_ones() {
    let policy = Policy::constant(4 * SECOND).jitter(Law::EQUAL).within(7 * SECOND);
    let plan = policy.plan();
    // 2 to 4 s each: the second at 2 to 4, the third at 4 to 7, the fourth at 6 to 7, and no fifth
    let ends: Vec<_> =
        plan.attempts().iter().map(|attempt| (attempt.at().min().value, attempt.at().max().value)).collect();
    let seconds = |a: u32, b: u32| (a * SECOND, b * SECOND);
    assert_eq!(ends, [seconds(0, 0), seconds(2, 4), seconds(4, 7), seconds(6, 7)]);
    // after two delays of 2 s the next is at most 3 s
    assert_eq!(plan.attempts()[3].delay().max().value, 3 * SECOND);
    assert_eq!(plan.ends(), Some(StopReason::Deadline));
}

#[test]
fn where_delays_hang_on_each_other_the_ends_of_a_cut_are_sampled() {
    let policy = Policy::new(Decorrelated::new(SECOND, 60 * SECOND).unwrap().into()).within(10 * SECOND);
    let plan = policy.plan();
    let cut = plan.attempts().iter().find(|attempt| !attempt.reached().is_exact).unwrap();
    assert!(!cut.at().max().is_exact && cut.at().max().value <= 10 * SECOND);
    // 3 + 9 s are too late, and 1 + 1 + .. are not: 1 to 3 s is the only sure delay
    assert_eq!(cut.number(), 3);
}

#[test]
fn a_hint_too_far_ends_the_runs_that_would_have_come_before_it() {
    let hint = Hint::new(6 * SECOND, HintSource::Text);
    let policy = Policy::constant(10 * SECOND).jitter(Law::FULL).attempts(2).hints(HintRule::AtLeast, 5 * SECOND);
    let plan = policy.plan_with(&Preview::new().hint(hint));
    let second = &plan.attempts()[1];
    // two fifths of the delays are longer than the hint
    assert!((second.reached().value - 0.4).abs() < 0.06, "{:?}", second.reached());
    assert_eq!((second.delay().min().value, second.delay().max().value), (6 * SECOND, 10 * SECOND));
    assert!(second.delay().min().is_exact);
}

#[test]
fn a_limit_of_nothing_leaves_one_attempt_and_those_at_once() {
    assert_eq!(Policy::constant(SECOND).within(Duration::ZERO).plan().attempts().len(), 1);
    let at_once = Policy::constant(Duration::ZERO).within(Duration::ZERO);
    assert_eq!((at_once.plan().attempts().len(), at_once.plan().ends()), (20, None));
    let slow = Preview::new().attempts_take(SECOND);
    assert_eq!(at_once.plan_with(&slow).ends(), Some(StopReason::Deadline));
}
