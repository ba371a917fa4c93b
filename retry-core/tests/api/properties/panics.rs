use std::num::NonZeroU32;
use std::time::Duration;

use proptest::prelude::*;
use retry_core::{Backoff, Failure, Jitter, RetryPolicy};

use crate::support::strategies::{
    cases, count, dice, drawn, failure, law, nested, plain, policy, schedule, span, steady,
};

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn no_schedule_panics_whatever_the_facts(schedule in schedule(), failure in failure(), dice in dice()) {
        let delay = schedule.delay(&failure, &mut dice.rng());
        if schedule.ends_after().is_some_and(|length| failure.count() > length) {
            prop_assert_eq!(delay, None);
        }
    }

    /// Where no age plays a part, a schedule has as many delays as it says, and then none.
    #[test]
    fn a_schedule_ends_after_the_delays_it_says(
        schedule in nested(prop_oneof![3 => steady(), 1 => drawn()]),
        failure in failure(),
        dice in dice(),
    ) {
        let length = schedule.ends_after().unwrap_or(u32::MAX);
        prop_assert_eq!(schedule.delay(&failure, &mut dice.rng()).is_some(), failure.count() <= length);
    }

    #[test]
    fn no_law_panics(law in law(), delay in span(), cap in span(), dice in dice()) {
        prop_assert!(law.apply(delay, cap, &mut dice.rng()) <= cap);
    }

    #[test]
    fn no_policy_panics_whatever_the_facts(policy in policy(), failure in failure(), dice in dice(), timeout in span()) {
        let decision = policy.decide(&failure, &mut dice.rng());
        prop_assert_eq!(policy.decide(&failure, &mut dice.rng()), decision);
        let total = policy.max_total_delay();
        prop_assert!(policy.max_elapsed(timeout).is_none_or(|elapsed| Some(elapsed) >= total));
        let _ = policy.check();
    }

    #[test]
    fn no_policy_retries_beyond_its_attempts(policy in plain(), failure in failure(), dice in dice()) {
        // Of any failure: what fits into a limit in time supposes that the facts agree with each other.
        let ends = policy.schedule().ends_after().map_or(u32::MAX, |delays| delays.saturating_add(1));
        let most = policy.attempt_limit().map_or(u32::MAX, NonZeroU32::get).min(ends);
        let decision = policy.decide(&failure, &mut dice.rng());
        prop_assert!(decision.delay().is_none() || failure.count() < most, "{decision:?}");
    }

    #[test]
    fn the_facts_of_a_failure_agree_with_each_other(failure in failure(), count in count()) {
        prop_assert!((1..=failure.attempt()).contains(&failure.class_failures()));
        prop_assert!((1..=failure.attempt()).contains(&failure.count()));
        prop_assert!(failure.since_first_failure() <= failure.elapsed());
        prop_assert_eq!(failure.in_class().count(), failure.class_failures());
        prop_assert_eq!(failure.previous_delay().is_none(), failure.attempt() == 1);
        let asked = Failure::with_class_failures(failure, count);
        prop_assert_eq!(asked.class_failures(), count.clamp(1, failure.attempt()));
        prop_assert!(asked.slept() <= Duration::from_nanos(u64::MAX));
    }
}
