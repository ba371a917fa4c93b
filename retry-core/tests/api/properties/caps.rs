use proptest::prelude::*;
use retry_core::{Backoff, Decision, HintRule, Policy, RetryPolicy};

use crate::support::strategies::{cases, dice, failure, law, schedule, span};

proptest! {
    #![proptest_config(cases())]

    /// Rule 6, for a policy's delay: schedule, law and cap alone.
    #[test]
    fn no_delay_exceeds_the_cap(
        (schedule, law, cap) in (schedule(), law(), span()),
        failure in failure(),
        dice in dice(),
    ) {
        let policy = Policy::new(schedule).jitter(law).capped(cap);
        let delay = policy.delay(&failure, &mut dice.rng());
        prop_assert!(delay.is_none_or(|delay| delay <= cap), "{delay:?} > {cap:?}");
    }

    /// Rule 6, for a decision. Hints are ignored: they have a limit of their own.
    #[test]
    fn no_decision_waits_longer_than_the_cap(
        (schedule, law, cap) in (schedule(), law(), span()),
        (failure, slack) in (failure(), span()),
        dice in dice(),
    ) {
        let policy = Policy::new(schedule).jitter(law).capped(cap).hints(HintRule::Ignore, slack);
        if let Decision::Retry(wait) = policy.decide(&failure, &mut dice.rng()) {
            prop_assert!(wait.delay() <= cap, "{wait:?} > {cap:?}");
        }
    }

    /// Rule 6, for the open traits.
    #[test]
    fn no_open_schedule_exceeds_its_cap(
        (schedule, law, cap) in (schedule(), law(), span()),
        (floor, failure) in (span(), failure()),
        dice in dice(),
    ) {
        let jittered = schedule.clone().jittered(law).capped(cap);
        let under_jitter = schedule.clone().capped(cap).jittered(law);
        let floored = schedule.capped(cap).floored(floor);
        let open: [&dyn Backoff; 3] = [&jittered, &under_jitter, &floored];
        for backoff in open {
            prop_assert!(backoff.cap() <= cap);
            let delay = backoff.delay(&failure, &mut dice.rng());
            prop_assert!(delay.is_none_or(|delay| delay <= cap), "{delay:?} > {cap:?}");
        }
    }
}
