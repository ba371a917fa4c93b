use std::time::Duration;

use proptest::prelude::*;
use retry_core::{
    Backoff, Decision, Exponential, HintRule, Policy, RetryPolicy, Schedule, Seeded, StopReason, Verdict,
};

use crate::support::facts::{DAY, FOREVER};
use crate::support::strategies::{aged, cases, class, count, failure, failure_of, law, nested, ratio, span, steady};

fn outcome(decision: Decision) -> Result<Duration, StopReason> {
    match decision {
        Decision::Retry(wait) => Ok(wait.delay()),
        Decision::Stop(reason) => Err(reason),
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn an_exponential_made_of_open_traits_draws_what_a_policy_draws(
        (base, factor, cap) in (span(), ratio(), span()),
        (law, failure, seed) in (law(), failure(), any::<u64>()),
    ) {
        let schedule = Exponential::new(base).factor(factor);
        let policy = Policy::new(schedule.into()).jitter(law).capped(cap);
        let open = schedule.jittered(law).capped(cap);
        prop_assert_eq!(
            open.delay(&failure, &mut Seeded::new(seed)),
            policy.delay(&failure, &mut Seeded::new(seed))
        );
    }

    /// The same for every schedule that does not draw its delays below the cap.
    #[test]
    fn a_schedule_made_of_open_traits_draws_what_a_policy_draws(
        (schedule, law, cap) in (nested(prop_oneof![steady(), aged()]), law(), span()),
        (failure, seed) in (failure(), any::<u64>()),
    ) {
        let policy = Policy::new(schedule.clone()).jitter(law).capped(cap);
        let open = schedule.jittered(law).capped(cap);
        prop_assert_eq!(
            open.delay(&failure, &mut Seeded::new(seed)),
            policy.delay(&failure, &mut Seeded::new(seed))
        );
    }

    /// A cap put around jitter goes under it, however deep it lies; the lowest of several holds.
    #[test]
    fn a_cap_around_jitter_goes_under_it(
        (schedule, law) in (nested(prop_oneof![steady(), aged()]), law()),
        (inner, outer, delays) in (span(), span(), count()),
        (failure, seed) in (failure(), any::<u64>()),
    ) {
        let policy = Policy::new(schedule.clone().taken(delays)).jitter(law).capped(inner.min(outer));
        let open = Backoff::take(schedule.capped(inner).jittered(law), delays).capped(outer);
        prop_assert_eq!(
            open.delay(&failure, &mut Seeded::new(seed)),
            policy.delay(&failure, &mut Seeded::new(seed))
        );
    }

    /// `BackoffPolicy` is the open counterpart of `Policy`: the same limits, and the same classes stop.
    #[test]
    fn a_policy_over_a_backoff_decides_as_a_policy_does(
        (schedule, law, cap) in (nested(steady()), law(), span()),
        (attempts, within) in (count(), span()),
        (failure, seed) in (failure_of(class().prop_map(Verdict::new)), any::<u64>()),
    ) {
        // 584 years count as no limit for a policy, and as 584 years for a backoff.
        let within = if within == FOREVER { Duration::MAX } else { within };
        let policy = Policy::new(schedule.clone()).jitter(law).capped(cap).attempts(attempts).within(within);
        let open = schedule.jittered(law).capped(cap).up_to(attempts).within(within);
        prop_assert_eq!(
            outcome(open.decide(&failure, &mut Seeded::new(seed))),
            outcome(policy.decide(&failure, &mut Seeded::new(seed)))
        );
        prop_assert_eq!(open.needs(), policy.needs());
    }

    /// Hints are a least delay of up to a day there; what jitter adds above them is a matter of `Policy` alone.
    #[test]
    fn a_policy_over_a_backoff_takes_hints_as_a_policy_does(
        (schedule, failure) in (nested(prop_oneof![steady(), aged()]), failure()),
        seed in any::<u64>(),
    ) {
        let policy = Policy::new(schedule.clone()).hints(HintRule::AtLeast, DAY);
        prop_assert_eq!(
            schedule.into_policy().decide(&failure, &mut Seeded::new(seed)),
            policy.decide(&failure, &mut Seeded::new(seed))
        );
    }

    /// Each variant of `Schedule` is the very schedule it is made of.
    #[test]
    fn a_boxed_schedule_is_the_schedule(schedule in nested(prop_oneof![steady(), aged()]), failure in failure()) {
        let boxed: Box<dyn Backoff> = Box::new(schedule.clone());
        prop_assert_eq!(boxed.delay(&failure, &mut Seeded::new(1)), schedule.delay(&failure, &mut Seeded::new(1)));
        prop_assert_eq!(boxed.needs_time(), schedule.needs_time());
        prop_assert_eq!(boxed.ends_after(), schedule.ends_after());
        prop_assert_eq!(boxed.cap(), Backoff::cap(&&schedule));
        let again: Schedule = schedule.clone();
        prop_assert_eq!(again, schedule);
    }
}
