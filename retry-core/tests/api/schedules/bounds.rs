use std::num::NonZeroU32;
use std::time::Duration;

use retry_core::{
    ByAge, Decision, DecorrelatedV2, Exponential, Law, Linear, Nested, Policy, Proportional, Ratio, Retryable,
    Schedule, Staggered, StopReason,
};

use crate::support::facts::{DAY, HOUR, MS, SECOND, Simulation, ns};
use crate::support::strategies::Dice;

static SLOW: Policy = Policy::constant(Duration::from_secs(1)).attempts(9);
static POLICY: Policy = Policy::exponential(Duration::from_millis(100), Duration::from_secs(1))
    .jitter(Law::FULL)
    .attempts(6)
    .on_class(Retryable::Throttled, &SLOW);
static NESTED: Policy = Policy::new(Schedule::Staggered(Staggered::from_static(
    const { &[Duration::from_secs(5), Duration::from_secs(1)] },
)));
const TAIL: Nested = Nested::from_static(&Schedule::Exponential(Exponential::new(Duration::from_secs(1))));

const _: () = assert!(POLICY.check().is_ok());
const ATTEMPTS: NonZeroU32 = POLICY.max_attempts().unwrap();
const TOTAL: Duration = POLICY.max_total_delay().unwrap();
const ELAPSED: Duration = POLICY.max_elapsed(Duration::from_secs(5)).unwrap();
const LIST: Duration = NESTED.max_total_delay().unwrap();

#[test]
fn bounds_are_known_at_compile_time() {
    assert_eq!(ATTEMPTS.get(), 6);
    assert_eq!(TOTAL, (100 + 200 + 400 + 800 + 1000) * MS);
    // 6 attempts of 5 s
    assert_eq!(ELAPSED, 30 * SECOND + TOTAL);
    assert_eq!(LIST, 6 * SECOND);
    assert_eq!(retry_core::Backoff::ends_after(&TAIL), None);
}

#[test]
fn bounds_count_attempts_and_schedule_whichever_ends_first() {
    let attempts = |policy: Policy| policy.max_attempts().map(NonZeroU32::get);
    assert_eq!(attempts(Policy::constant(SECOND)), None);
    assert_eq!(attempts(Policy::constant(SECOND).attempts(0)), Some(1));
    let list = Policy::new(Staggered::new(vec![SECOND; 3]).unwrap().into());
    assert_eq!(attempts(list.clone()), Some(4));
    assert_eq!(attempts(list.clone().attempts(3)), Some(3));
    assert_eq!(attempts(list.attempts(9)), Some(4));
    let cut =
        Schedule::from(Exponential::new(SECOND)).taken(2).followed_by(Schedule::from(Linear::new(SECOND)).taken(2));
    assert_eq!(attempts(Policy::new(cut.clone())), Some(5));
    // 1 + 2, 1 + 2
    assert_eq!(Policy::new(cut).max_total_delay(), Some(6 * SECOND));
}

#[test]
fn a_run_without_end_has_no_bound() {
    assert_eq!(Policy::exponential(MS, SECOND).max_total_delay(), None);
    assert_eq!(Policy::exponential(MS, SECOND).max_elapsed(SECOND), None);
    assert_eq!(Policy::constant(Duration::ZERO).max_total_delay(), Some(Duration::ZERO));
    assert_eq!(Policy::constant(Duration::ZERO).max_elapsed(SECOND), None);
}

#[test]
fn proportional_jitter_lengthens_what_is_below_the_cap() {
    let half = Law::from(Proportional::percent(50).unwrap());
    let policy = Policy::exponential(100 * MS, SECOND).jitter(half).attempts(6);
    // 150, 300, 600, then v' = 1000 / 1.5 = 666.666666, and half of it: twice 999.999999
    assert_eq!(policy.max_total_delay(), Some(1050 * MS + 2 * ns(999_999_999)));
}

#[test]
fn a_limit_in_time_bounds_the_waits_and_the_last_start() {
    let policy = Policy::constant(4 * SECOND).within(10 * SECOND);
    // the last attempt starts by then, and may take its time
    assert_eq!(policy.max_elapsed(30 * SECOND), Some(40 * SECOND));
    assert!(policy.max_total_delay() <= Some(10 * SECOND));
    assert_eq!(policy.clone().attempts(2).max_total_delay(), Some(4 * SECOND));
    assert_eq!(policy.attempts(2).max_elapsed(SECOND), Some(6 * SECOND));
}

/// Beyond 4,096 attempts where the delays have levelled out: 1, 2, 4, .. 512 s, and then always the cap.
#[test]
fn bounds_of_very_many_attempts_are_exact_at_the_cap() {
    let policy = Policy::exponential(SECOND, 1000 * SECOND).attempts(100_001);
    // 1 + 2 + .. + 512 = 1023; 100,000 delays less 10
    assert_eq!(policy.max_total_delay(), Some((1023 + 99_990 * 1000) * SECOND));
    let run = Simulation::idle(&policy, &mut Dice::High.rng(), 200_000);
    assert_eq!(
        (run.last(), Some(run.session.slept())),
        (Decision::Stop(StopReason::Attempts), policy.max_total_delay())
    );
    let falling = Schedule::from(Staggered::new(vec![9 * SECOND, SECOND]).unwrap().last_repeats());
    assert_eq!(Policy::new(falling).attempts(10_001).max_total_delay(), Some(10_008 * SECOND));
}

/// Beyond 4,096 attempts where a list is as long.
#[test]
fn bounds_of_long_lists_are_exact() {
    let mut delays = vec![SECOND; 5000];
    delays.extend([9 * SECOND, 2 * SECOND]);
    let list = Policy::new(Staggered::new(delays).unwrap().into());
    // 5,000 + 9 + 2 s
    assert_eq!(list.max_total_delay(), Some(5011 * SECOND));
    let run = Simulation::idle(&list, &mut Dice::High.rng(), 6000);
    assert_eq!(Some(run.session.slept()), list.max_total_delay());
    let then: Policy = "const 1s take 5000 then const 3s, 6001 attempts".parse().unwrap();
    // 5,000 s, and 1,000 times 3 s
    assert_eq!(then.max_total_delay(), Some(8000 * SECOND));
}

/// Beyond 4,096 attempts where they go on to change, no run waits longer.
#[test]
fn bounds_of_very_many_attempts_hold_where_they_are_not_exact() {
    let shrinking = Exponential::new(SECOND).factor(Ratio::new(9_999, 10_000).unwrap());
    let schedules: [Schedule; 3] = [shrinking.into(), Linear::new(MS).into(), ByAge::new(SECOND, HOUR).unwrap().into()];
    for schedule in schedules {
        let policy = Policy::new(schedule).capped(DAY).attempts(10_000);
        let run = Simulation::idle(&policy, &mut Dice::High.rng(), 20_000);
        assert_eq!(run.session.attempt(), 10_000);
        assert!(policy.max_total_delay() >= Some(run.session.slept()), "{policy:?}");
    }
}

/// The delays of V2 are differences of one curve, so their sum is at most its height, and reaches it: each draw at its
/// end. Once frozen, a draw from the top of the curve less one from its bottom is the longest.
#[test]
fn the_bound_of_v2_is_the_height_of_its_curve() {
    let policy = Policy::new(DecorrelatedV2::new(SECOND, 365 * DAY).into()).attempts(9);
    let run = Simulation::idle(&policy, &mut Dice::High.rng(), 9);
    let height = 8_f64.exp2() * 32_f64.sqrt().tanh() / 1.4;
    assert!((run.session.slept().as_secs_f64() - height).abs() < 1e-6, "{:?}", run.session.slept());
    let bound = policy.max_total_delay().unwrap();
    assert!((bound.as_secs_f64() - height).abs() < 1e-6, "{bound:?} for {height}");
}
