//! What is exact, against sums worked out by hand and by going through every draw.

use std::time::Duration;

use retry_core::{
    Additive, ByAge, Constant, Decorrelated, DecorrelatedV2, Exponential, Figure, Hint, HintRule, HintSource, Law,
    Plan, Policy, Preview, Proportional, Schedule, Spread, Staggered,
};

use crate::support::facts::{HOUR, MINUTE, SECOND, ns};

fn all(spread: &Spread) -> [Figure; 5] {
    [spread.min(), spread.mean(), spread.p50(), spread.p95(), spread.max()]
}

#[track_caller]
fn exact(figure: Figure, value: Duration) {
    assert_eq!((figure.value, figure.is_exact), (value, true));
}

/// Every figure is this one.
#[track_caller]
fn point(spread: &Spread, value: Duration) {
    for figure in all(spread) {
        exact(figure, value);
    }
}

#[test]
fn without_jitter_every_figure_is_exact() {
    let policies = [
        Policy::exponential(SECOND, 5 * SECOND).attempts(5),
        Policy::new(Staggered::new(vec![SECOND, 2 * SECOND, 4 * SECOND, 5 * SECOND]).unwrap().into()),
    ];
    for policy in policies {
        let plan = policy.plan();
        // 1, 2, 4, and 8 cut to 5 s
        for (attempt, (delay, at)) in plan.attempts().iter().zip([(0, 0), (1, 1), (2, 3), (4, 7), (5, 12)]) {
            point(attempt.delay(), delay * SECOND);
            point(attempt.at(), at * SECOND);
            assert!(attempt.reached().is_exact);
        }
        assert_eq!((plan.attempts().len(), plan.samples()), (5, 0));
        exact(plan.mean_total_delay(), 12 * SECOND);
        assert_eq!(plan.max_total_delay(), Some(12 * SECOND));
    }
}

#[test]
fn a_schedule_by_age_without_jitter_is_exact_to_the_end_of_its_time() {
    let postfix = Policy::new(ByAge::new(5 * MINUTE, 4000 * SECOND).unwrap().into()).within(4 * HOUR);
    let plan = postfix.plan();
    // 5, 10, 20, 40 and 80 minutes, and every 4,000 s then: 8,800 and 12,800 s, but not 16,800
    let at = [0, 300, 600, 1200, 2400, 4800, 8800, 12_800];
    assert_eq!(plan.attempts().len(), at.len());
    for (attempt, at) in plan.attempts().iter().zip(at) {
        point(attempt.at(), at * SECOND);
    }
}

#[test]
fn a_jittered_delay_is_exact_and_so_are_the_ends_and_the_mean_of_the_time() {
    let plan = Policy::exponential(8 * SECOND, HOUR).jitter(Law::EQUAL).attempts(3).plan();
    let [_, second, third] = plan.attempts() else { panic!("{plan:?}") };
    // 4 .. 8 s and 8 .. 16 s: 95 % of a width of 4 s are 3.8 s
    let [min, mean, p50, p95, max] = all(second.delay());
    exact(min, 4 * SECOND);
    exact(mean, 6 * SECOND);
    exact(p50, 6 * SECOND);
    exact(p95, Duration::from_millis(7800));
    exact(max, 8 * SECOND);
    // the one random delay is all there is in the time
    assert_eq!(all(second.at()), all(second.delay()));
    exact(third.at().min(), 12 * SECOND);
    exact(third.at().mean(), 18 * SECOND);
    exact(third.at().max(), 24 * SECOND);
    assert!(!third.at().p50().is_exact && !third.at().p95().is_exact);
    exact(plan.mean_total_delay(), 18 * SECOND);
}

#[test]
fn one_random_delay_among_fixed_ones_leaves_the_percentiles_exact() {
    let list = Staggered::new(vec![Duration::ZERO, Duration::ZERO, 10 * SECOND]).unwrap();
    let plan = Policy::new(list.into()).jitter(Law::FULL).plan_with(&Preview::new().attempts_take(SECOND));
    exact(plan.attempts()[3].at().p95(), 3 * SECOND + Duration::from_millis(9500));
}

/// At the cap: v' = min(v, C - j) and its like, to the nanosecond.
#[test]
fn the_ends_at_the_cap_are_those_of_each_law() {
    let ends = |law: Law| {
        let plan = Policy::constant(100 * SECOND).capped(10 * SECOND).jitter(law).attempts(2).plan();
        let delay = plan.attempts()[1].delay();
        assert!(all(delay).iter().all(|figure| figure.is_exact));
        (delay.min().value, delay.max().value)
    };
    assert_eq!(ends(Law::None), (10 * SECOND, 10 * SECOND));
    assert_eq!(ends(Law::FULL), (Duration::ZERO, 10 * SECOND));
    assert_eq!(ends(Law::EQUAL), (5 * SECOND, 10 * SECOND));
    // 7 - 7 / 2 = 4: half of what is odd, rounded up
    let odd = Policy::constant(ns(7)).jitter(Law::EQUAL).attempts(2).plan();
    assert_eq!((odd.attempts()[1].delay().min().value, odd.attempts()[1].delay().max().value), (ns(4), ns(7)));
    // 10 / 1.25 = 8, and a quarter of it either way
    assert_eq!(ends(Proportional::percent(25).unwrap().into()), (6 * SECOND, 10 * SECOND));
    // never later, so that nothing is cut: 10 - 25 %
    assert_eq!(ends(Proportional::sooner(25).unwrap().into()), (Duration::from_millis(7500), 10 * SECOND));
    assert_eq!(ends(Additive::new(3 * SECOND).into()), (7 * SECOND, 10 * SECOND));
    assert_eq!(ends(Additive::around(3 * SECOND).into()), (4 * SECOND, 10 * SECOND));
}

/// Nearest rank over every value that can be drawn.
fn rank(values: &[u64], percent: u64) -> u64 {
    let rank = (values.len() as u64 * percent).div_ceil(100);
    values[usize::try_from(rank.max(1) - 1).unwrap()]
}

#[test]
fn percentiles_and_means_are_those_of_every_draw_gone_through() {
    for (low, high) in [(0_u64, 0), (0, 1), (0, 7), (5, 5), (3, 12), (50, 1049)] {
        // additive jitter draws low ..= high
        let policy = Policy::constant(ns(low)).jitter(Law::Additive(Additive::new(ns(high - low)))).attempts(2);
        let plan = policy.plan();
        let delay = plan.attempts()[1].delay();
        let values: Vec<u64> = (low..=high).collect();
        for percent in 0..=100_u32 {
            let figure = delay.percentile(percent.into());
            exact(figure, ns(rank(&values, percent.into())));
        }
        exact(delay.mean(), ns(values.iter().sum::<u64>() / values.len() as u64));
    }
}

#[test]
fn a_percentile_has_a_meaning_for_every_number() {
    let plan = Policy::constant(SECOND).jitter(Law::FULL).attempts(4).plan();
    for spread in [plan.attempts()[1].at(), plan.attempts()[3].at()] {
        for low in [0.0, -0.0, -1.0, f64::NEG_INFINITY, f64::NAN, f64::MIN_POSITIVE] {
            assert_eq!(spread.percentile(low), spread.min());
        }
        for high in [100.0, 100.1, f64::INFINITY, f64::MAX] {
            assert_eq!(spread.percentile(high), spread.max());
        }
        assert!(spread.percentile(0.1).value <= spread.percentile(99.9).value);
    }
}

#[test]
fn the_ends_of_decorrelated_delays_follow_each_other() {
    let plan = Policy::new(Decorrelated::new(SECOND, 10 * SECOND).unwrap().into()).attempts(5).plan();
    // 3, 9, and then the cap; their sums 3, 12, 22, 32
    for (attempt, (delay, at)) in plan.attempts()[1..].iter().zip([(3, 3), (9, 12), (10, 22), (10, 32)]) {
        exact(attempt.delay().min(), SECOND);
        exact(attempt.delay().max(), delay * SECOND);
        exact(attempt.at().max(), at * SECOND);
        exact(attempt.at().min(), (attempt.number() - 1) * SECOND);
        assert!(!attempt.at().mean().is_exact);
    }
}

#[test]
fn the_ends_of_a_schedule_by_age_grow_with_its_jitter() {
    let policy = Policy::new(ByAge::new(SECOND, HOUR).unwrap().into()).jitter(Proportional::later(100).unwrap().into());
    let plan = policy.attempts(4).plan();
    // at the least 1, 1, 2 s; at the most 1 to 2, then 2 to 4, then 6 to 12 s
    let ends = |spread: &Spread| (spread.min().value.as_secs(), spread.max().value.as_secs());
    assert!(plan.attempts().iter().all(|attempt| attempt.at().min().is_exact && attempt.at().max().is_exact));
    let delays: Vec<_> = plan.attempts().iter().map(|attempt| ends(attempt.delay())).collect();
    assert_eq!(delays, [(0, 0), (1, 2), (1, 4), (2, 12)]);
    let at: Vec<_> = plan.attempts().iter().map(|attempt| ends(attempt.at())).collect();
    assert_eq!(at, [(0, 0), (1, 2), (2, 6), (4, 18)]);
}

/// f(t) = 2^t tanh(sqrt(4 t)), one unit of it base / 1.4: after n delays the curve stands between f(n - 1) and f(n).
#[test]
fn the_ends_of_v2_are_those_of_its_curve() {
    let plan = Policy::new(DecorrelatedV2::new(SECOND, HOUR).into()).attempts(5).plan();
    let curve = |t: f64| t.exp2() * (4.0 * t).sqrt().tanh() / 1.4;
    for (attempt, n) in plan.attempts()[1..].iter().zip(1..) {
        let (min, max) = (attempt.at().min(), attempt.at().max());
        assert!(min.is_exact && max.is_exact);
        assert!((min.value.as_secs_f64() - curve(f64::from(n - 1))).abs() < 1e-8, "{n}: {min:?}");
        assert!((max.value.as_secs_f64() - curve(f64::from(n))).abs() < 1e-8, "{n}: {max:?}");
        exact(attempt.delay().min(), Duration::ZERO);
    }
}

fn hinted(policy: Policy, asked: Duration) -> Plan {
    policy.plan_with(&Preview::new().hint(Hint::new(asked, HintSource::RetryAfter)))
}

#[test]
fn a_hint_that_sets_every_delay_is_exact_with_the_jitter_above_it() {
    let policy = Policy::constant(SECOND).jitter(Law::FULL).attempts(2);
    // an eighth above
    let plan = hinted(policy.clone(), 80 * SECOND);
    let [min, mean, .., max] = all(plan.attempts()[1].delay());
    exact(min, 80 * SECOND);
    exact(mean, 85 * SECOND);
    exact(max, 90 * SECOND);
    // half a second: sometimes the schedule is longer, and sometimes not
    let plan = hinted(policy, SECOND / 2);
    let [min, mean, .., max] = all(plan.attempts()[1].delay());
    exact(min, SECOND / 2);
    exact(max, SECOND);
    assert!(!mean.is_exact);
}

/// AWS: max(t, min(hint, t + 5)).
#[test]
fn a_clamped_hint_without_jitter_is_exact() {
    let policy = Policy::constant(10 * SECOND).attempts(2).hints(HintRule::Clamp(5 * SECOND), HOUR);
    for (asked, delay) in [(1, 10), (12, 12), (15, 15), (99, 15)] {
        point(hinted(policy.clone(), asked * SECOND).attempts()[1].delay(), delay * SECOND);
    }
}

#[test]
fn spans_beyond_584_years_stand_for_them_and_are_not_averaged() {
    let plan = Policy::constant(Duration::MAX).jitter(Law::FULL).attempts(4).plan();
    let last = plan.attempts()[3].at();
    exact(last.max(), ns(u64::MAX));
    assert!(!last.mean().is_exact);
    let fixed = Schedule::from(Constant::new(Duration::MAX)).followed_by(Exponential::new(SECOND).into());
    point(Policy::new(fixed).attempts(9).plan().attempts()[8].at(), ns(u64::MAX));
}
