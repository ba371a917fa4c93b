//! Values for properties, the extremes of each type among them.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::time::Duration;

use proptest::prelude::*;
use retry_core::test_util::Scripted;
use retry_core::{
    Additive, ByAge, Class, Constant, Decorrelated, DecorrelatedV2, Effect, Entropy, Exponential, Failure, Fibonacci,
    Hint, HintRule, HintSource, Interval, Law, Linear, Policy, Polynomial, Proportional, Ratio, Retryable, Schedule,
    Scope, Seeded, Segment, Segments, Staggered, Verdict,
};

use super::facts::ns;

/// As many cases as the environment asks for in `RETRY_CASES`; `scripts/soak` asks for more than a test run can wait for.
pub(crate) fn cases() -> ProptestConfig {
    let cases = std::env::var("RETRY_CASES").ok().and_then(|text| text.parse().ok());
    let cases = cases.unwrap_or(2_000);
    ProptestConfig { cases, max_global_rejects: cases.saturating_mul(4), ..ProptestConfig::default() }
}

/// Any size, extremes included.
pub(crate) fn wild() -> impl Strategy<Value = u64> {
    prop_oneof![
        Just(0),
        Just(1),
        Just(u64::MAX),
        any::<u64>(),
        (0_u32..64, any::<u64>()).prop_map(|(shift, n)| n >> shift),
    ]
}

/// [`wild`] as a span, or one that 64 bits of nanoseconds cannot hold.
pub(crate) fn span() -> BoxedStrategy<Duration> {
    prop_oneof![
        8 => wild().prop_map(ns),
        1 => Just(Duration::MAX),
    ]
    .boxed()
}

/// Numbers of attempts, from 1.
pub(crate) fn count() -> impl Strategy<Value = u32> {
    prop_oneof![4 => 1..=40_u32, 1 => Just(u32::MAX), 1 => Just(u32::MAX - 1), 2 => 1..=u32::MAX]
}

pub(crate) fn ratio() -> BoxedStrategy<Ratio> {
    prop_oneof![
        Just((2, 1)),
        Just((3, 2)),
        Just((u32::MAX, 1)),
        Just((1, u32::MAX)),
        Just((0, 1)),
        Just((u32::MAX, u32::MAX - 1)),
        (any::<u32>(), 1..=u32::MAX),
        (0..100_u32, 1..100_u32),
    ]
    .prop_map(|(times, per)| Ratio::new(times, per).unwrap())
    .boxed()
}

pub(crate) fn law() -> BoxedStrategy<Law> {
    prop_oneof![
        Just(Law::None),
        Just(Law::FULL),
        Just(Law::EQUAL),
        (0..=1_000_000_u32).prop_map(|ppm| Law::from(Proportional::millionths(ppm).unwrap())),
        (0..=1_000_000_u32, 0..=1_000_000_u32).prop_map(|(b, a)| Law::from(Proportional::between(b, a).unwrap())),
        span().prop_map(|spread| Law::from(Additive::new(spread))),
        span().prop_map(|spread| Law::from(Additive::around(spread))),
    ]
    .boxed()
}

/// What draws nothing and looks at no time.
pub(crate) fn steady() -> BoxedStrategy<Schedule> {
    let exponent = prop_oneof![0..6_u32, Just(u32::MAX)];
    prop_oneof![
        span().prop_map(|delay| Constant::new(delay).into()),
        span().prop_map(|step| Linear::new(step).into()),
        (span(), span()).prop_map(|(first, step)| Linear::new(step).starting_at(first).into()),
        span().prop_map(|base| Exponential::new(base).into()),
        (span(), ratio()).prop_map(|(base, factor)| Exponential::new(base).factor(factor).into()),
        span().prop_map(|base| Fibonacci::new(base).into()),
        (span(), span(), exponent).prop_map(|(base, unit, exponent)| Polynomial::new(base, unit, exponent).into()),
        prop::collection::vec(span(), 1..6).prop_map(|list| Staggered::new(list).unwrap().into()),
        prop::collection::vec(span(), 1..6).prop_map(|list| Staggered::new(list).unwrap().last_repeats().into()),
        Just(Staggered::from_static(&[]).into()),
    ]
    .boxed()
}

/// What looks at the time.
pub(crate) fn aged() -> BoxedStrategy<Schedule> {
    prop_oneof![
        (span(), span()).prop_map(|(a, b)| ByAge::new(a.min(b), a.max(b)).unwrap().into()),
        prop::collection::btree_map(span(), interval(), 1..4).prop_map(segments),
        Just(Segments::from_static(&[]).into()),
    ]
    .boxed()
}

fn interval() -> impl Strategy<Value = Interval> {
    prop_oneof![
        span().prop_map(Interval::Fixed),
        (span(), ratio()).prop_map(|(first, factor)| Interval::Geometric { first, factor }),
        (span(), ratio()).prop_map(|(first, factor)| Interval::Random { first, factor }),
    ]
}

fn segments(rules: BTreeMap<Duration, Interval>) -> Schedule {
    let rules = rules.into_iter().map(|(until, rule)| Segment::new(until, rule));
    Segments::new(rules.collect()).unwrap().into()
}

/// What draws its delays itself.
pub(crate) fn drawn() -> BoxedStrategy<Schedule> {
    prop_oneof![
        (span(), span()).prop_map(|(a, b)| Decorrelated::new(a.min(b), a.max(b)).unwrap().into()),
        (span(), span()).prop_map(|(base, cap)| DecorrelatedV2::new(base, cap).into()),
    ]
    .boxed()
}

/// `leaf`, and what nests it up to three deep.
pub(crate) fn nested(leaf: impl Strategy<Value = Schedule> + 'static) -> BoxedStrategy<Schedule> {
    let delays = prop_oneof![8 => 0..6_u32, 1 => Just(u32::MAX)];
    leaf.prop_recursive(3, 8, 2, move |inner| {
        prop_oneof![
            (inner.clone(), delays.clone()).prop_map(|(schedule, delays)| schedule.taken(delays)),
            (inner.clone(), delays.clone(), inner.clone()).prop_map(|(a, delays, b)| a.taken(delays).followed_by(b)),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| a.followed_by(b)),
            (inner.clone(), span()).prop_map(|(schedule, min)| schedule.at_least(min)),
            (inner, ratio()).prop_map(|(schedule, factor)| schedule.times(factor)),
        ]
    })
    .boxed()
}

/// Every schedule of the engine.
pub(crate) fn schedule() -> BoxedStrategy<Schedule> {
    nested(prop_oneof![3 => steady(), 1 => aged(), 1 => drawn()])
}

pub(crate) fn class() -> impl Strategy<Value = Class> {
    prop::sample::select(vec![
        Class::Transient,
        Class::Throttled,
        Class::Persistent,
        Class::Misconfigured,
        Class::Permanent,
        Class::Unknown,
    ])
}

pub(crate) fn hint() -> BoxedStrategy<Hint> {
    let source = prop::sample::select(vec![
        HintSource::RetryAfter,
        HintSource::RateLimit,
        HintSource::PushBack,
        HintSource::Text,
    ]);
    (span(), source).prop_map(|(not_before, source)| Hint::new(not_before, source)).boxed()
}

pub(crate) fn verdict() -> BoxedStrategy<Verdict> {
    let effect = prop::sample::select(vec![Effect::None, Effect::Possible]);
    let scope = prop::sample::select(vec![Scope::Request, Scope::Destination, Scope::Account]);
    (class(), effect, scope, prop::option::of(hint()))
        .prop_map(|(class, effect, scope, hint)| {
            let verdict = Verdict::new(class).effect(effect).scope(scope);
            hint.map_or(verdict, |hint| verdict.hinted(hint))
        })
        .boxed()
}

/// Facts as they may come from a store, whether they can have happened or not.
pub(crate) fn failure() -> impl Strategy<Value = Failure> {
    failure_of(verdict())
}

pub(crate) fn failure_of(verdict: impl Strategy<Value = Verdict> + 'static) -> BoxedStrategy<Failure> {
    let spans = (span(), span(), span(), span());
    (count(), verdict, count(), any::<bool>(), spans)
        .prop_map(|(attempt, verdict, failures, in_class, spans)| {
            let (elapsed, previous, slept, first) = spans;
            let failure = Failure::new(NonZeroU32::new(attempt).unwrap(), elapsed, verdict)
                .with_class_failures(failures)
                .with_previous_delay(previous)
                .with_slept(slept)
                .with_first_failure(first);
            if in_class { failure.in_class() } else { failure }
        })
        .boxed()
}

pub(crate) fn hint_rule() -> impl Strategy<Value = HintRule> {
    prop_oneof![
        Just(HintRule::AtLeast),
        span().prop_map(HintRule::Clamp),
        Just(HintRule::Exactly),
        Just(HintRule::Ignore),
    ]
}

/// A schedule with jitter below a cap, without limits.
pub(crate) fn delaying() -> BoxedStrategy<Policy> {
    (schedule(), law(), span()).prop_map(|(schedule, law, cap)| Policy::new(schedule).jitter(law).capped(cap)).boxed()
}

/// Everything but classes.
pub(crate) fn plain() -> BoxedStrategy<Policy> {
    let attempts = prop_oneof![0..40_u32, Just(u32::MAX)];
    let within = prop_oneof![Just(Duration::MAX), span()];
    (delaying(), attempts, within, hint_rule(), span())
        .prop_map(|(policy, attempts, within, rule, max)| policy.attempts(attempts).within(within).hints(rule, max))
        .boxed()
}

/// Every policy that can be written down.
pub(crate) fn policy() -> BoxedStrategy<Policy> {
    let class = prop::sample::select(vec![
        Retryable::Transient,
        Retryable::Throttled,
        Retryable::Persistent,
        Retryable::Misconfigured,
    ]);
    let by_class = prop::collection::vec((class, plain()), 0..3);
    (plain(), by_class)
        .prop_map(|(policy, by_class)| {
            by_class.into_iter().fold(policy, |policy, (class, own)| policy.on_class_owned(class, own))
        })
        .boxed()
}

/// Where random bits come from: the ends of the range, or a seed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Dice {
    Low,
    High,
    Seed(u64),
}

impl Dice {
    pub(crate) fn rng(self) -> Box<dyn Entropy> {
        match self {
            Self::Low => Box::new(Scripted::bits(&[0])),
            Self::High => Box::new(Scripted::bits(&[u64::MAX])),
            Self::Seed(seed) => Box::new(Seeded::new(seed)),
        }
    }
}

pub(crate) fn dice() -> impl Strategy<Value = Dice> {
    prop_oneof![
        1 => Just(Dice::Low),
        1 => Just(Dice::High),
        4 => any::<u64>().prop_map(Dice::Seed),
    ]
}
