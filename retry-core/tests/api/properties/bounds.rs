use std::cell::Cell;
use std::num::NonZeroU32;
use std::rc::Rc;
use std::time::Duration;

use proptest::prelude::*;
use retry_core::{
    ByAge, Class, Decision, Decorrelated, DecorrelatedV2, Entropy, HintRule, Law, Policy, Schedule, Verdict,
};

use crate::support::facts::{FOREVER, Simulation, ns};
use crate::support::strategies::{Dice, cases, dice, hint_rule, law, nested, schedule, span, steady};

/// Classes that every policy retries.
const RETRIED: [Class; 3] = [Class::Transient, Class::Throttled, Class::Unknown];

/// Saturated: 584 years stand for more.
fn holds(spent: Duration, bound: Option<Duration>) -> bool {
    bound.is_none_or(|bound| spent <= bound || bound == FOREVER)
}

/// To the nanosecond, as far as 584 years; a draw of all of them falls short by one.
fn reaches(spent: Duration, bound: Option<Duration>) -> bool {
    bound.is_some_and(|bound| spent == bound || bound == FOREVER && spent >= FOREVER - ns(1))
}

/// What a law must draw for its longest delay.
fn longest(law: Law) -> Dice {
    if let Law::Equal(_) = law { Dice::Low } else { Dice::High }
}

/// What a law must draw for its shortest delay.
fn shortest(law: Law) -> Dice {
    if let Law::Equal(_) = law { Dice::High } else { Dice::Low }
}

/// The greatest bits first, and then the least, until it is told that it begins anew.
struct TopThenBottom(Rc<Cell<bool>>);

impl Entropy for TopThenBottom {
    fn next_u64(&mut self) -> u64 {
        if self.0.replace(false) { u64::MAX } else { 0 }
    }
}

/// Up to 292 years: of 584 the last nanosecond is never drawn.
fn decorrelated() -> impl Strategy<Value = Schedule> {
    let span = || span().prop_map(|span| span.min(FOREVER / 2));
    (span(), span()).prop_map(|(a, b)| Decorrelated::new(a.min(b), a.max(b)).unwrap().into())
}

/// By attempt: how many quarters of the timeout it takes, and what class it is.
fn takes() -> impl Strategy<Value = Vec<(u32, usize)>> {
    prop::collection::vec((0..=4_u32, 0..RETRIED.len()), 30)
}

fn stays_within_bounds(
    policy: &Policy,
    timeout: Duration,
    takes: &[(u32, usize)],
    dice: Dice,
) -> Result<(), TestCaseError> {
    let run = Simulation::run(policy, &mut dice.rng(), 30, |n| {
        let (quarters, class) = takes[n];
        (timeout / 4 * quarters, Verdict::new(RETRIED[class]))
    });
    prop_assert!(matches!(run.last(), Decision::Stop(_)));
    let most = policy.max_attempts().unwrap().get();
    prop_assert!(run.session.attempt() <= most, "{} attempts of {most}", run.session.attempt());
    let (slept, total) = (run.session.slept(), policy.max_total_delay());
    prop_assert!(holds(slept, total), "waited {slept:?} of {total:?}: {run:?}");
    let elapsed = policy.max_elapsed(timeout);
    prop_assert!(holds(run.ended, elapsed), "took {:?} of {elapsed:?}: {run:?}", run.ended);
    Ok(())
}

proptest! {
    #![proptest_config(cases())]

    /// Whatever attempts take, up to the timeout.
    #[test]
    fn no_run_exceeds_its_bounds(
        (schedule, law, cap) in (schedule(), law(), span()),
        (attempts, timeout) in (1..30_u32, span()),
        (takes, dice) in (takes(), dice()),
    ) {
        let policy = Policy::new(schedule).jitter(law).capped(cap).attempts(attempts);
        stays_within_bounds(&policy, timeout, &takes, dice)?;
    }

    /// Rule 8: nothing starts later than that, however short the wait.
    #[test]
    fn no_run_with_a_time_limit_exceeds_its_bounds(
        (schedule, law, cap) in (nested(steady()), law(), span()),
        (within, timeout) in (span(), span()),
        (takes, dice) in (takes(), dice()),
    ) {
        let policy = Policy::new(schedule).jitter(law).capped(cap).attempts(30).within(within);
        stays_within_bounds(&policy, timeout, &takes, dice)?;
    }

    /// Where nothing but the jitter is left to chance, some run is as long as the bounds allow.
    #[test]
    fn some_run_reaches_its_bounds(
        (schedule, law, cap) in (nested(steady()), law(), span()),
        (attempts, timeout) in (1..30_u32, span()),
    ) {
        let policy = Policy::new(schedule).jitter(law).capped(cap).attempts(attempts);
        let run = Simulation::run(&policy, &mut longest(law).rng(), 30, |_| (timeout, Verdict::TRANSIENT));
        prop_assert_eq!(run.session.attempt(), policy.max_attempts().unwrap().get());
        prop_assert!(reaches(run.session.slept(), policy.max_total_delay()), "{run:?}");
        prop_assert!(reaches(run.ended, policy.max_elapsed(timeout)), "{run:?}");
    }

    /// The shortest draws and attempts that take no time fit the most attempts into a limit in time, by count and by age.
    #[test]
    fn some_run_makes_as_many_attempts_as_fit_into_its_time(
        schedule in nested(steady()),
        (law, cap, within) in (law(), span(), span()),
        ages in proptest::option::of((span(), span())),
    ) {
        let schedule = match ages.and_then(|(a, b)| ByAge::new(a.min(b), a.max(b)).ok()) {
            Some(by_age) => by_age.into(),
            None => schedule,
        };
        let policy = Policy::new(schedule).jitter(law).capped(cap).within(within);
        let Some(most) = policy.max_attempts().map(NonZeroU32::get) else { return Ok(()) };
        // 300 failures, and so 301 attempts where there are more
        let run = Simulation::idle(&policy, &mut shortest(law).rng(), 300);
        prop_assert_eq!(run.session.attempt(), most.min(301), "{:?}", policy);
    }

    /// Decorrelated delays among them: their longest follows the longest before.
    #[test]
    fn some_decorrelated_run_reaches_its_bounds(
        schedule in nested(prop_oneof![steady(), decorrelated()]),
        (cap, attempts) in (span(), 1..30_u32),
    ) {
        let policy = Policy::new(schedule).capped(cap).attempts(attempts);
        // a base above the cap leaves nothing to draw
        if policy.check().is_err() {
            return Ok(());
        }
        let run = Simulation::idle(&policy, &mut Dice::High.rng(), 30);
        prop_assert_eq!(run.session.attempt(), policy.max_attempts().unwrap().get());
        prop_assert!(reaches(run.session.slept(), policy.max_total_delay()), "{run:?} {:?}", policy.max_total_delay());
    }

    /// Those of V2 are differences of one curve: from its top, and once frozen down to its bottom.
    #[test]
    fn some_run_of_v2_reaches_its_bounds((base, own, cap) in (span(), span(), span()), attempts in 1..40_u32) {
        let policy = Policy::new(DecorrelatedV2::new(base, own).into()).capped(cap).attempts(attempts);
        let first = Rc::new(Cell::new(true));
        let run = Simulation::run(&policy, &mut TopThenBottom(first.clone()), 40, |_| {
            first.set(true);
            (Duration::ZERO, Verdict::TRANSIENT)
        });
        prop_assert_eq!(run.session.attempt(), attempts);
        let (slept, bound) = (run.session.slept(), policy.max_total_delay().unwrap());
        // the top itself is never drawn, but for 2^-53 of it; and each delay is rounded down
        let slack = ns(u64::from(attempts)) + bound / 1_000_000_000;
        prop_assert!(slept <= bound && slept + slack >= bound, "{slept:?} of {bound:?}");
    }

    /// The bounds are those of schedule, jitter and limits: hints play no part.
    #[test]
    fn hints_do_not_move_the_bounds((schedule, rule, max) in (schedule(), hint_rule(), span())) {
        let policy = Policy::new(schedule).attempts(9);
        let hinted = policy.clone().hints(rule, max);
        prop_assert_eq!(hinted.max_attempts(), policy.max_attempts());
        prop_assert_eq!(hinted.max_total_delay(), policy.max_total_delay());
        prop_assert_eq!(policy.hints(HintRule::Ignore, ns(0)).max_elapsed(ns(5)), hinted.max_elapsed(ns(5)));
    }
}
