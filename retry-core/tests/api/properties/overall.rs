use std::rc::Rc;
use std::time::Duration;

use proptest::prelude::*;
use retry_core::test_util::Scripted;
use retry_core::{Additive, Class, Failure, HintRule, HintSource, Law, Policy, RetryPolicy, Retryable, Verdict};

use crate::support::facts::{FOREVER, SECOND, Simulation, nanos, ns};
use crate::support::strategies::{Dice, cases, class, dice, nested, policy, span, steady, verdict, wild};
use crate::support::tokens::Tokens;

const MOST: usize = 40;

/// By attempt: how long it takes, and what it ends with.
fn outcomes() -> impl Strategy<Value = Vec<(Duration, Verdict)>> {
    prop::collection::vec((span(), verdict()), MOST)
}

fn stays_within_bounds(
    policy: &dyn RetryPolicy,
    outcomes: &[(Duration, Verdict)],
    dice: Dice,
) -> Result<(), TestCaseError> {
    let bounds = policy.bounds();
    let run = Simulation::run(policy, &mut dice.rng(), MOST, |n| outcomes[n]);
    if let Some(most) = bounds.max_attempts() {
        prop_assert!(run.starts.len() <= usize::try_from(most.get()).unwrap(), "{bounds:?} {run:?}");
    }
    let longest = run.delays().into_iter().max().unwrap_or_default();
    prop_assert!(bounds.max_delay().is_none_or(|most| longest <= most), "{bounds:?} {run:?}");
    // 584 years stand for more
    let slept = run.session.slept();
    prop_assert!(bounds.max_total_delay().is_none_or(|most| slept <= most || most == FOREVER), "{bounds:?} {run:?}");
    Ok(())
}

/// A policy made of policies, some of which promise nothing.
#[derive(Clone, Debug)]
enum Tree {
    Leaf(Box<Policy>),
    Unknown(i64),
    And(Box<Self>, Box<Self>),
    OrElse(Box<Self>, Box<Self>),
    ForClass(Box<Self>, Class, Box<Self>),
    AtMostOnce(Box<Self>),
}

fn tree() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        6 => policy().prop_map(|policy| Tree::Leaf(Box::new(policy))),
        1 => (0..30_i64).prop_map(Tree::Unknown),
    ];
    leaf.prop_recursive(3, 6, 2, |inner| {
        let pair = (inner.clone().prop_map(Box::new), inner.clone().prop_map(Box::new));
        prop_oneof![
            2 => pair.clone().prop_map(|(a, b)| Tree::And(a, b)),
            2 => pair.clone().prop_map(|(a, b)| Tree::OrElse(a, b)),
            2 => (pair, class()).prop_map(|((a, b), class)| Tree::ForClass(a, class, b)),
            1 => inner.prop_map(|a| Tree::AtMostOnce(Box::new(a))),
        ]
    })
}

impl Tree {
    fn grow(&self) -> Rc<dyn RetryPolicy> {
        match self {
            Self::Leaf(policy) => Rc::new((**policy).clone()),
            Self::Unknown(tokens) => Rc::new(Tokens::new(*tokens, ns(5))),
            Self::And(a, b) => Rc::new(a.grow().and(b.grow())),
            Self::OrElse(a, b) => Rc::new(a.grow().or_else(b.grow())),
            Self::ForClass(a, class, b) => Rc::new(a.grow().for_class(*class, b.grow())),
            Self::AtMostOnce(a) => Rc::new(a.grow().at_most_once()),
        }
    }
}

/// The longest delay after failure `n` that any draw and hint give.
fn longest(policy: &Policy, n: u32, hint: Duration) -> Option<u64> {
    let failure = |verdict| Failure::new(n.try_into().unwrap(), Duration::ZERO, verdict);
    let (plain, hinted) =
        (Verdict::TRANSIENT, Verdict::TRANSIENT.hinted(retry_core::Hint::new(hint, HintSource::Text)));
    [0, u64::MAX]
        .into_iter()
        .flat_map(|first| [plain, hinted].map(|verdict| (first, verdict)))
        .filter_map(|(first, verdict)| {
            policy.decide(&failure(verdict), &mut Scripted::bits(&[first, u64::MAX])).delay()
        })
        .map(nanos)
        .max()
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn no_run_exceeds_its_overall_bounds(policy in policy(), outcomes in outcomes(), dice in dice()) {
        stays_within_bounds(&policy, &outcomes, dice)?;
    }

    #[test]
    fn no_run_of_combined_policies_exceeds_their_bounds(tree in tree(), outcomes in outcomes(), dice in dice()) {
        stays_within_bounds(&*tree.grow(), &outcomes, dice)?;
    }

    /// The default's failures first, and then those of each class.
    #[test]
    fn some_run_makes_as_many_attempts_as_the_classes_allow(
        (schedule, limit) in (nested(steady()), prop_oneof![1..30_u32, Just(u32::MAX)]),
        own in prop::collection::vec((nested(steady()), 1..8_u32), 4),
        mapped in any::<[bool; 4]>(),
    ) {
        let classes =
            [Retryable::Transient, Retryable::Throttled, Retryable::Persistent, Retryable::Misconfigured];
        let mut policy = Policy::new(schedule).attempts(limit);
        let mut order = Vec::new();
        for ((class, (schedule, attempts)), mapped) in classes.into_iter().zip(own).zip(mapped) {
            if mapped {
                policy = policy.on_class_owned(class, Policy::new(schedule).attempts(attempts));
                order.push(class);
            }
        }
        let Some(most) = policy.bounds().max_attempts() else { return Ok(()) };
        let default = if mapped[0] { Verdict::THROTTLED } else { Verdict::TRANSIENT };
        let mut session = retry_core::Session::begin(retry_core::Time::default());
        let mut next = |verdict| {
            let rng = &mut Dice::High.rng();
            session.on_failure(retry_core::Time::default(), verdict, &policy, rng).delay().is_some()
        };
        let mut attempts = 1;
        if !(mapped[0] && mapped[1]) {
            while attempts < 100 && next(default) {
                attempts += 1;
            }
        }
        for class in order {
            while attempts < 200 && next(Verdict::new(class.into())) {
                attempts += 1;
            }
        }
        prop_assert!(attempts == most.get() || attempts >= 100, "{attempts} of {most}: {policy:?}");
    }

    /// Where delays depend on their number alone, each can be as long as its bound.
    #[test]
    fn some_run_with_hints_waits_as_long_as_its_bounds(
        (schedule, cap, attempts) in (nested(steady()), span(), 1..20_u32),
        law in prop_oneof![
            Just(Law::None), Just(Law::FULL), Just(Law::EQUAL), span().prop_map(|spread| Additive::new(spread).into()),
        ],
        (rule, max) in (prop_oneof![Just(HintRule::AtLeast), Just(HintRule::Exactly), Just(HintRule::Ignore)], wild()),
    ) {
        let policy = Policy::new(schedule).jitter(law).capped(cap).attempts(attempts).hints(rule, ns(max));
        let delays: Vec<_> = (1..attempts).map_while(|n| longest(&policy, n, ns(max))).collect();
        let total = delays.iter().copied().fold(0_u64, u64::saturating_add);
        let bounds = policy.bounds();
        // a draw of all of 584 years falls short by one
        let bound = nanos(bounds.max_total_delay().unwrap());
        prop_assert!(total == bound || bound == u64::MAX && total >= u64::MAX - 20, "{total} of {bound}: {delays:?}");
        let (longest, bound) = (delays.into_iter().max().unwrap_or(0), bounds.max_delay().map_or(u64::MAX, nanos));
        prop_assert!(longest == bound || longest >= u64::MAX - 1, "{longest} of {bound}");
    }

    /// Under a limit in time as well: without jitter every delay is what it is.
    #[test]
    fn a_run_without_jitter_waits_as_long_as_its_bounds_under_a_limit_in_time(
        (schedule, cap, within) in (nested(steady()), span(), wild()),
        attempts in prop_oneof![1..30_u32, Just(u32::MAX)],
    ) {
        let policy = Policy::new(schedule).capped(cap).attempts(attempts).within(ns(within));
        let run = Simulation::idle(&policy, &mut Dice::High.rng(), 6_000);
        let (slept, bound) = (run.session.slept(), policy.max_total_delay());
        if run.starts.len() < 4_000 {
            prop_assert!(Some(slept) == bound || slept == FOREVER, "{slept:?} of {bound:?}");
        } else {
            prop_assert!(bound.is_none_or(|bound| slept <= bound), "{slept:?} of {bound:?}");
        }
    }

    /// With full jitter any delay up to the longest can come, and so any sum.
    #[test]
    fn some_run_with_full_jitter_waits_until_the_limit_in_time(
        (schedule, cap, within) in (nested(steady()), span(), wild()),
        attempts in 1..30_u32,
    ) {
        let policy = Policy::new(schedule).jitter(Law::FULL).capped(cap).attempts(attempts).within(ns(within));
        let mut slept = 0_u64;
        for n in 1..attempts {
            let failure = Failure::new(n.try_into().unwrap(), ns(slept), Verdict::TRANSIENT);
            let delay = |bits| policy.decide(&failure, &mut Scripted::bits(&[bits])).delay().map(nanos);
            // bits 0 is no delay: it is refused only where the schedule has ended
            if delay(0).is_none() {
                break;
            }
            // the greatest bits that are in time
            let (mut fits, mut late) = (0_u64, u64::MAX);
            if delay(late).is_some() {
                fits = late;
            }
            while fits < late && late - fits > 1 {
                let middle = fits + (late - fits) / 2;
                if delay(middle).is_some() { fits = middle } else { late = middle }
            }
            slept = slept.saturating_add(delay(fits).unwrap_or(0));
        }
        let bound = nanos(policy.max_total_delay().unwrap());
        prop_assert!(slept == bound || bound >= u64::MAX - 30 && slept >= u64::MAX - 30, "{slept} of {bound}");
    }
}

/// Half of 4 s at the least: 2 delays of 4 s are too late for 5 s, and of 3 and 2 s they are not.
#[test]
fn a_bound_under_a_limit_in_time_counts_the_draws_that_fit() {
    let policy = Policy::constant(4 * SECOND).jitter(Law::EQUAL).within(5 * SECOND);
    assert_eq!(policy.max_total_delay(), Some(5 * SECOND));
    // the top half is drawn downwards: 4 - 1 s, and 4 - 2 s
    let run = Simulation::idle(&policy, &mut Scripted::fractions(&[0.5, 1.0]), 9);
    assert_eq!(run.session.slept(), 5 * SECOND);
}
