use proptest::prelude::*;
use retry_core::{Plan, Policy, Preview, Retryable, Verdict};
use std::time::Duration;

use crate::support::facts::Simulation;
use crate::support::strategies::{cases, dice, hint, policy, span};

fn preview() -> impl Strategy<Value = Preview> {
    let class = prop::sample::select(vec![
        None,
        Some(Retryable::Transient),
        Some(Retryable::Throttled),
        Some(Retryable::Persistent),
        Some(Retryable::Misconfigured),
    ]);
    (span(), class, prop::option::of(hint()), any::<u64>(), 0..8_u32).prop_map(
        |(takes, class, hint, seed, attempts)| {
            let preview = Preview::new().attempts_take(takes).seed(seed).attempts(attempts).samples(20);
            let preview = class.map_or(preview, |class| preview.class(class));
            hint.map_or(preview, |hint| preview.hint(hint))
        },
    )
}

/// What holds of every plan.
fn is_sound(plan: &Plan) -> Result<(), TestCaseError> {
    let first = &plan.attempts()[0];
    prop_assert_eq!((first.number(), first.at().max().value, first.reached().value), (1, Duration::ZERO, 1.0));
    for pair in plan.attempts().windows(2) {
        let [before, after] = pair else { unreachable!() };
        prop_assert_eq!(after.number(), before.number() + 1);
        prop_assert!(after.reached().value <= before.reached().value && after.reached().value > 0.0);
        prop_assert!(before.reached().is_exact || !after.reached().is_exact);
        prop_assert!(before.at().min().value <= after.at().min().value);
    }
    for attempt in plan.attempts() {
        prop_assert!(!attempt.reached().is_exact || attempt.reached().value >= 1.0);
        for spread in [attempt.at(), attempt.delay()] {
            let percentiles: Vec<_> = [0.0, 5.0, 50.0, 95.0, 99.9, 100.0].map(|p| spread.percentile(p).value).to_vec();
            prop_assert!(percentiles.is_sorted(), "{percentiles:?} {spread:?}");
            prop_assert!(spread.min().value <= spread.mean().value && spread.mean().value <= spread.max().value);
        }
    }
    if let (Some(most), true) = (plan.max_attempts(), plan.ends().is_some()) {
        prop_assert!(plan.attempts().len() <= usize::try_from(most.get()).unwrap());
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn every_policy_has_a_plan_that_is_sound_and_repeats((policy, preview) in (policy(), preview())) {
        let plan = policy.plan_with(&preview);
        is_sound(&plan)?;
        prop_assert_eq!(&policy.plan_with(&preview), &plan);
        is_sound(&preview.sample(&policy))?;
    }

    /// From another seed, and from the ends of the range.
    #[test]
    fn no_run_leaves_the_exact_ends_of_its_plan(
        policy in policy(),
        (takes, hint, dice) in (span(), prop::option::of(hint()), dice()),
    ) {
        // of the default policy, whatever the classes
        let policy = Policy::new(policy.schedule().clone())
            .jitter(policy.law())
            .capped(policy.cap().unwrap_or(Duration::MAX))
            .attempts(policy.attempt_limit().map_or(u32::MAX, u32::from))
            .within(policy.time_limit().unwrap_or(Duration::MAX))
            .hints(policy.hint_rule(), policy.hint_max());
        let preview = Preview::new().attempts_take(takes).attempts(8).samples(20);
        let (preview, verdict) = match hint {
            Some(hint) => (preview.hint(hint), Verdict::TRANSIENT.hinted(hint)),
            None => (preview, Verdict::TRANSIENT),
        };
        let plan = policy.plan_with(&preview);
        let run = Simulation::run(&policy, &mut dice.rng(), 8, |_| (takes, verdict));
        let sure = plan.attempts().iter().filter(|attempt| attempt.reached().is_exact).count();
        prop_assert!(run.starts.len() >= sure, "{run:?} {plan:?}");
        if plan.samples() == 0 {
            prop_assert_eq!(run.starts.len(), sure, "{:?} {:?}", run, plan);
        }
        let delays = std::iter::once(Duration::ZERO).chain(run.delays());
        let forever = Duration::from_nanos(u64::MAX);
        for ((attempt, start), delay) in plan.attempts().iter().zip(&run.starts).zip(delays) {
            let start = (*start).min(forever);
            for (spread, value) in [(attempt.at(), start), (attempt.delay(), delay)] {
                // once 584 years are reached, the rest of a wait is not waited
                if start < forever {
                    prop_assert!(!spread.min().is_exact || spread.min().value <= value, "{value:?} {spread:?} {run:?}");
                    prop_assert!(!spread.max().is_exact || value <= spread.max().value, "{value:?} {spread:?} {run:?}");
                }
            }
        }
        if let (Some(most), true) = (plan.max_total_delay(), run.session.slept() < forever) {
            prop_assert!(run.session.slept() <= most, "{run:?} {most:?}");
        }
    }
}
