use std::time::Duration;

use proptest::prelude::*;
use retry_core::{
    Additive, Because, Class, Decision, Failure, Hint, HintRule, HintSource, Law, Policy, Proportional, RetryPolicy,
    StopReason, Verdict,
};

use crate::support::facts::{FOREVER, Simulation, nanos, ns};
use crate::support::strategies::{Dice, cases, delaying, dice, hint, hint_rule, span};

fn hinted(hint: Hint) -> Failure {
    Failure::first(Verdict::new(Class::Throttled).hinted(hint))
}

fn decide(policy: &Policy, hint: Hint, dice: Dice) -> Decision {
    policy.decide(&hinted(hint), &mut dice.rng())
}

/// The delay that the same draws give without a hint; `None` where the schedule has none.
fn scheduled(policy: &Policy, hint: Hint, dice: Dice) -> Option<Duration> {
    let deaf = policy.clone().hints(HintRule::Ignore, Duration::MAX);
    decide(&deaf, hint, dice).delay()
}

fn at_most_584_years(span: Duration) -> Duration {
    span.min(FOREVER)
}

/// A law, and by how much it exceeds a hint: an eighth of it, its proportion of it, its spread, or nothing.
fn exceeding() -> impl Strategy<Value = (Law, Above)> {
    prop_oneof![
        Just((Law::None, Above::Nothing)),
        Just((Law::FULL, Above::Eighth)),
        Just((Law::EQUAL, Above::Eighth)),
        (0..=1_000_000_u32).prop_map(|ppm| (Proportional::millionths(ppm).unwrap().into(), Above::Part(ppm))),
        span().prop_map(|spread| (Additive::new(spread).into(), Above::Spread(spread))),
    ]
}

#[derive(Clone, Copy, Debug)]
enum Above {
    Nothing,
    Eighth,
    /// In millionths.
    Part(u32),
    Spread(Duration),
}

impl Above {
    /// The latest for a hint, as far as 584 years.
    fn latest(self, hint: Duration) -> Duration {
        let hint = nanos(hint);
        let above = match self {
            Self::Nothing => 0,
            Self::Eighth => hint / 8,
            Self::Part(ppm) => u64::try_from(u128::from(hint) * u128::from(ppm) / 1_000_000).unwrap(),
            Self::Spread(spread) => nanos(spread),
        };
        ns(hint.saturating_add(above))
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn at_least_waits_for_the_longer_and_stops_where_the_hint_is_too_far(
        (policy, max) in (delaying(), span()),
        (hint, dice) in (hint(), dice()),
    ) {
        let policy = policy.hints(HintRule::AtLeast, max);
        let Some(by_schedule) = scheduled(&policy, hint, dice) else { return Ok(()) };
        let asked = at_most_584_years(hint.not_before);
        match decide(&policy, hint, dice) {
            Decision::Stop(reason) => {
                prop_assert_eq!(reason, StopReason::HintTooFar);
                prop_assert!(asked > by_schedule && asked > max);
            }
            Decision::Retry(wait) if asked <= by_schedule => {
                prop_assert_eq!(wait.delay(), by_schedule);
                prop_assert!(!matches!(wait.because(), Because::Hint(_)));
            }
            Decision::Retry(wait) => {
                prop_assert!(asked <= max && wait.delay() >= asked);
                prop_assert_eq!(wait.because(), Because::Hint(hint.source));
            }
        }
    }

    #[test]
    fn clamp_stays_between_the_schedule_and_its_slack(
        (policy, max, slack) in (delaying(), span(), span()),
        (hint, dice) in (hint(), dice()),
    ) {
        let policy = policy.hints(HintRule::Clamp(slack), max);
        let Some(low) = scheduled(&policy, hint, dice) else { return Ok(()) };
        let high = at_most_584_years(low.saturating_add(slack));
        let delay = decide(&policy, hint, dice).delay();
        prop_assert!(delay.is_some_and(|delay| low <= delay && delay <= high), "{low:?} {delay:?} {high:?}");
        // Never before the hint, as far as slack and the greatest hint allow.
        prop_assert!(delay >= Some(hint.not_before.min(max).min(high)));
    }

    #[test]
    fn exactly_waits_for_the_hint_or_the_greatest_there_is(
        (policy, max) in (delaying(), span()),
        (hint, dice) in (hint(), dice()),
    ) {
        let policy = policy.hints(HintRule::Exactly, max);
        if scheduled(&policy, hint, dice).is_some() {
            let delay = decide(&policy, hint, dice).delay();
            prop_assert!(delay >= Some(at_most_584_years(hint.not_before.min(max))), "{delay:?}");
        }
    }

    #[test]
    fn without_jitter_a_hint_is_kept_to_the_nanosecond((hint, dice) in (hint(), dice())) {
        let policy = Policy::constant(Duration::ZERO).hints(HintRule::Exactly, Duration::MAX);
        let asked = at_most_584_years(hint.not_before);
        prop_assert_eq!(decide(&policy, hint, dice).delay(), Some(asked));
        prop_assert_eq!(decide(&policy.hints(HintRule::AtLeast, Duration::MAX), hint, dice).delay(), Some(asked));
    }

    /// Rule 7: delay <= max(C, hint_max (1 + j)).
    #[test]
    fn no_delay_exceeds_both_cap_and_greatest_hint(
        (cap, (law, above), max) in (span(), exceeding(), span()),
        (rule, hint, dice) in (hint_rule(), hint(), dice()),
    ) {
        let policy = Policy::constant(Duration::MAX).capped(cap).jitter(law).hints(rule, max);
        let bound = cap.max(above.latest(max));
        let delay = decide(&policy, hint, dice).delay();
        prop_assert!(delay.is_none_or(|delay| delay <= bound), "{delay:?} > {bound:?}");
    }

    /// Never below the hint, and above it as far as `HintRule` says.
    #[test]
    fn jitter_is_added_above_a_hint_and_reaches_as_far_as_it_says(((law, above), hint) in (exceeding(), hint())) {
        // a schedule of nothing, and so below every hint
        let hint = Hint::new(hint.not_before.max(ns(1)), hint.source);
        let policy = Policy::constant(Duration::ZERO).capped(Duration::ZERO).jitter(law);
        let policy = policy.hints(HintRule::AtLeast, Duration::MAX);
        let at = |dice| decide(&policy, hint, dice).delay().unwrap();
        prop_assert_eq!(at(Dice::Low), at_most_584_years(hint.not_before));
        let latest = above.latest(hint.not_before);
        prop_assert!(at(Dice::High) == latest || at(Dice::High) + ns(1) == latest, "{:?} {latest:?}", at(Dice::High));
        prop_assert!(at(Dice::Seed(5)) >= at(Dice::Low) && at(Dice::Seed(5)) <= latest);
    }

    /// In any order, named twice or once; what the peer asks for before a limit it tells of, and then the later.
    #[test]
    fn several_hints_are_joined_in_any_order(a in hint(), b in hint(), c in hint()) {
        prop_assert_eq!(a.join(b), b.join(a));
        prop_assert_eq!(a.join(b).join(c), a.join(b.join(c)));
        prop_assert_eq!(a.join(a), a);
        let joined = a.join(b);
        prop_assert!(joined == a || joined == b);
        let requests: Vec<_> = [a, b].into_iter().filter(|hint| hint.source != HintSource::RateLimit).collect();
        let followed = if requests.is_empty() { vec![a, b] } else { requests };
        prop_assert!(followed.iter().all(|hint| at_most_584_years(hint.not_before) <= joined.not_before));
        prop_assert!(followed.contains(&joined));
    }

    /// Rules 7 over a whole run: never before the hint, unless the rule says so, and never later than both limits.
    #[test]
    fn every_delay_of_a_run_keeps_the_law_of_hints(
        (policy, max, rule) in (delaying(), span(), hint_rule()),
        hints in prop::collection::vec(prop::option::of(hint()), 1..12),
        dice in dice(),
    ) {
        let policy = policy.hints(rule, max);
        let cap = policy.cap().unwrap_or(Duration::MAX);
        let verdict = |n: usize| hints[n].map_or(Verdict::TRANSIENT, |hint| Verdict::TRANSIENT.hinted(hint));
        let run = Simulation::run(&policy, &mut dice.rng(), hints.len(), |n| (Duration::ZERO, verdict(n)));
        for (delay, hint) in run.delays().into_iter().zip(&hints) {
            let asked = hint.map_or(Duration::ZERO, |hint| at_most_584_years(hint.not_before));
            match rule {
                HintRule::AtLeast => prop_assert!(asked <= delay),
                HintRule::Exactly => prop_assert!(asked.min(max) <= delay),
                _ => {}
            }
            let above = above(policy.law(), max);
            prop_assert!(delay <= cap.max(above), "{delay:?} {cap:?} {above:?}");
        }
    }
}

/// hint_max (1 + j)
fn above(law: Law, max: Duration) -> Duration {
    let max = nanos(max);
    let part = |ppm: u32| u64::try_from(u128::from(max) * u128::from(ppm) / 1_000_000).unwrap();
    let spread = match law {
        Law::Full(_) | Law::Equal(_) => max / 8,
        Law::Proportional(law) => part(law.below().max(law.above())),
        Law::Additive(law) => nanos(law.above()),
        _ => 0,
    };
    ns(max.saturating_add(spread))
}
