//! A previewed schedule equals what a run under the virtual clock does: all schedules, laws and limits.

use std::time::Duration;

use retry_core::{
    Additive, ByAge, Class, Constant, Decorrelated, DecorrelatedV2, Exponential, Fibonacci, Hint, HintRule, HintSource,
    Interval, Law, Linear, Policy, Polynomial, Preview, Proportional, Ratio, Retryable, Schedule, Segment, Segments,
    Staggered, Verdict,
};

use crate::support::facts::{HOUR, MINUTE, SECOND};
use crate::support::preview::assert_runs_as_planned;

const RUNS: u32 = 300;

fn schedules() -> Vec<Schedule> {
    let exponential = Schedule::from(Exponential::new(SECOND));
    let random = Schedule::from(Decorrelated::new(SECOND, MINUTE).unwrap());
    let list = Schedule::from(Staggered::new(vec![5 * SECOND, SECOND, MINUTE]).unwrap());
    vec![
        Constant::new(5 * SECOND).into(),
        Constant::new(Duration::ZERO).into(),
        Linear::new(SECOND).into(),
        exponential.clone(),
        Exponential::new(MINUTE).factor(Ratio::new(1, 2).unwrap()).into(),
        Fibonacci::new(SECOND).into(),
        Polynomial::new(SECOND, SECOND, 4).into(),
        list.clone(),
        Staggered::new(vec![SECOND, 9 * SECOND]).unwrap().last_repeats().into(),
        ByAge::new(5 * SECOND, MINUTE).unwrap().into(),
        segments(Interval::Geometric { first: SECOND, factor: Ratio::new(3, 2).unwrap() }),
        segments(Interval::Random { first: SECOND, factor: Ratio::TWO }),
        random.clone(),
        DecorrelatedV2::new(SECOND, 20 * SECOND).into(),
        exponential.clone().taken(2).followed_by(list.clone()),
        list.followed_by(random.at_least(3 * SECOND)),
        exponential.at_least(3 * SECOND).times(Ratio::new(3, 2).unwrap()),
    ]
}

fn segments(later: Interval) -> Schedule {
    Segments::new(vec![Segment::new(9 * SECOND, Interval::Fixed(4 * SECOND)), Segment::new(MINUTE, later)])
        .unwrap()
        .into()
}

fn laws() -> Vec<Law> {
    vec![
        Law::None,
        Law::FULL,
        Law::EQUAL,
        Proportional::percent(20).unwrap().into(),
        Proportional::later(30).unwrap().into(),
        Proportional::sooner(30).unwrap().into(),
        Additive::new(3 * SECOND).into(),
        Additive::around(2 * SECOND).into(),
    ]
}

/// With every law under every schedule.
#[track_caller]
fn all_run_as_planned(limited: impl Fn(Policy) -> Policy, takes: Duration) {
    let preview = Preview::new().attempts(6).samples(1_000).attempts_take(takes);
    for schedule in schedules() {
        for law in laws() {
            let policy = limited(Policy::new(schedule.clone()).jitter(law));
            assert_runs_as_planned(&policy, &preview, takes, Verdict::TRANSIENT, RUNS);
        }
    }
}

#[test]
fn runs_are_as_planned_under_a_limit_on_attempts() {
    all_run_as_planned(|policy| policy.attempts(5), Duration::ZERO);
}

#[test]
fn runs_are_as_planned_without_a_limit_where_attempts_take_time() {
    all_run_as_planned(|policy| policy, 2 * SECOND);
}

#[test]
fn runs_are_as_planned_under_a_cap() {
    all_run_as_planned(|policy| policy.capped(4 * SECOND).attempts(6), SECOND);
}

#[test]
fn runs_are_as_planned_under_a_limit_in_time() {
    all_run_as_planned(|policy| policy.within(12 * SECOND), Duration::ZERO);
    all_run_as_planned(|policy| policy.within(12 * SECOND).attempts(4), SECOND);
}

#[test]
fn runs_are_as_planned_with_hints_by_every_rule() {
    let rules = [HintRule::AtLeast, HintRule::Clamp(2 * SECOND), HintRule::Exactly, HintRule::Ignore];
    for asked in [SECOND / 2, 3 * SECOND, 6 * SECOND, MINUTE, HOUR] {
        let hint = Hint::new(asked, HintSource::Text);
        let preview = Preview::new().hint(hint).samples(1_000);
        for (rule, law) in rules.into_iter().flat_map(|rule| laws().into_iter().map(move |law| (rule, law))) {
            let policy = Policy::exponential(SECOND, 20 * SECOND).jitter(law).attempts(5).hints(rule, 10 * MINUTE);
            assert_runs_as_planned(&policy, &preview, Duration::ZERO, Verdict::TRANSIENT.hinted(hint), RUNS);
            let in_time = policy.within(30 * SECOND);
            assert_runs_as_planned(&in_time, &preview, Duration::ZERO, Verdict::TRANSIENT.hinted(hint), RUNS);
        }
    }
}

#[test]
fn runs_are_as_planned_by_class() {
    let own = Policy::exponential(10 * SECOND, HOUR).jitter(Law::EQUAL).attempts(4);
    for class in [Retryable::Transient, Retryable::Throttled, Retryable::Persistent, Retryable::Misconfigured] {
        let preview = Preview::new().class(class);
        let verdict = Verdict::new(Class::from(class));
        // without a policy of its own, with one, and with one under limits in total
        let plain = Policy::constant(SECOND).jitter(Law::FULL).attempts(7);
        assert_runs_as_planned(&plain, &preview, Duration::ZERO, verdict, RUNS);
        let mapped = plain.on_class_owned(class, own.clone());
        assert_runs_as_planned(&mapped, &preview.attempts_take(SECOND), SECOND, verdict, RUNS);
        assert_runs_as_planned(&mapped.clone().attempts(3), &preview, Duration::ZERO, verdict, RUNS);
        assert_runs_as_planned(&mapped.within(25 * SECOND), &preview, Duration::ZERO, verdict, RUNS);
    }
}

/// The check itself finds a plan that does not hold.
#[test]
#[should_panic(expected = "is sooner than")]
fn a_plan_of_another_policy_is_found_out() {
    let preview = Preview::new().hint(Hint::new(9 * SECOND, HintSource::Text));
    let policy = Policy::constant(10 * SECOND).jitter(Law::FULL).attempts(3);
    // the runs carry no hint
    assert_runs_as_planned(&policy, &preview, Duration::ZERO, Verdict::TRANSIENT, 2_000);
}
