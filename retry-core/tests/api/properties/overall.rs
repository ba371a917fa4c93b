use std::rc::Rc;
use std::time::Duration;

use proptest::prelude::*;
use retry_core::test_util::Scripted;
use retry_core::{
    Additive, Bounds, Breaker, BreakerRule, BudgetRule, Class, Cubic, Destination, DestinationRule, Failure, HintRule,
    HintSource, Law, Policy, RetryPolicy, Retryable, SuccessBudget, Time, Verdict,
};

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
    /// Behind one of the guards.
    Behind(Guard, Box<Self>),
}

#[derive(Clone, Copy, Debug)]
enum Guard {
    Budget,
    Pacer,
    Breaker,
    Destination,
    Adaptive,
    /// Within so many attempts of another retrier.
    Under(u32),
}

fn guard() -> impl Strategy<Value = Guard> {
    let guards = vec![Guard::Budget, Guard::Pacer, Guard::Breaker, Guard::Destination, Guard::Adaptive];
    prop_oneof![5 => prop::sample::select(guards), 1 => (1..3_u32).prop_map(Guard::Under)]
}

impl Guard {
    fn before(self, policy: Rc<dyn RetryPolicy>) -> Rc<dyn RetryPolicy> {
        let breaker = BreakerRule::consecutive(9);
        match self {
            // lenient ones, so that runs come near the bounds
            Self::Budget => Rc::new(policy.budgeted(SuccessBudget::new(BudgetRule::DEFAULT.floor(20)))),
            Self::Pacer => Rc::new(policy.paced(Cubic::new(Time::default()))),
            Self::Breaker => Rc::new(policy.guarded(Breaker::new(breaker))),
            Self::Destination => Rc::new(policy.toward(Destination::new(&lenient().breaker(breaker), Time::default()))),
            Self::Adaptive => Rc::new(policy.toward(Destination::new(&lenient(), Time::default())).adaptive()),
            Self::Under(outer) => Rc::new(policy.under(outer)),
        }
    }
}

fn lenient() -> DestinationRule {
    DestinationRule::DEFAULT.budget(BudgetRule::DEFAULT.floor(20))
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
            1 => inner.clone().prop_map(|a| Tree::AtMostOnce(Box::new(a))),
            2 => (guard(), inner).prop_map(|(guard, a)| Tree::Behind(guard, Box::new(a))),
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
            Self::Behind(guard, a) => guard.before(a.grow()),
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
        let mut session = retry_core::Session::begin(Time::default());
        let mut next = |verdict| {
            let rng = &mut Dice::High.rng();
            session.on_failure(Time::default(), verdict, &policy, rng).delay().is_some()
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

/// A guard only ever refuses, so what is known of a policy is known behind one; a policy that says nothing still says so.
#[test]
fn guards_pass_the_bounds_of_a_policy_on() {
    let policy: Rc<dyn RetryPolicy> =
        Rc::new(Policy::exponential(SECOND, 60 * SECOND).attempts(5).hints(HintRule::Ignore, Duration::ZERO));
    // 1 + 2 + 4 + 8
    let own = policy.bounds();
    assert_eq!((own.max_attempts().unwrap().get(), own.max_total_delay()), (5, Some(15 * SECOND)));
    for guard in [Guard::Budget, Guard::Pacer, Guard::Breaker, Guard::Destination, Guard::Under(1)] {
        assert_eq!(guard.before(policy.clone()).bounds(), own, "{guard:?}");
        let unknown: Rc<dyn RetryPolicy> = Rc::new(Tokens::new(5, SECOND));
        assert_eq!(guard.before(unknown).bounds(), Bounds::UNKNOWN, "{guard:?}");
    }
    let adaptive = Guard::Adaptive.before(policy.clone()).bounds();
    assert_eq!((adaptive.max_attempts().unwrap().get(), adaptive.max_total_delay()), (5, Some(120 * SECOND)));
    let within = Guard::Under(2).before(policy).bounds();
    assert_eq!((within.max_attempts().unwrap().get(), within.max_total_delay()), (1, Some(Duration::ZERO)));
}

/// Eight times is reached where all fails, and never passed.
#[test]
fn an_adaptive_run_reaches_its_bounds_and_no_more() {
    let host = Destination::new(&lenient(), Time::default());
    (0..100).for_each(|_| host.average().record(false));
    let policy = Policy::constant(SECOND).attempts(5).hints(HintRule::Ignore, Duration::ZERO).toward(&host).adaptive();
    let run = Simulation::idle(&policy, &mut Dice::Low.rng(), MOST);
    // 4 retries of 8 s
    assert_eq!((run.starts.len(), run.session.slept()), (5, 32 * SECOND));
    assert_eq!(policy.bounds().max_total_delay(), Some(32 * SECOND));
}
