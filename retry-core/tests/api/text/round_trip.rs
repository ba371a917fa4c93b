//! Whatever can be built can be written, and whatever can be written can be read.

use proptest::prelude::*;
use retry_core::{BudgetShare, Interval, Law, LimitedPolicy, Policy, Ratio, Schedule, Segment, Segments, Staggered};

use crate::support::strategies::{cases, law, policy, ratio, schedule, span};

/// With what only text and adapters set.
fn priced() -> BoxedStrategy<Policy> {
    (policy(), prop_oneof![Just(100_u16), any::<u16>()]).prop_map(|(policy, cost)| policy.budget_cost(cost)).boxed()
}

fn share() -> impl Strategy<Value = Option<BudgetShare>> {
    let part = (1..=u32::MAX, 1..=u32::MAX).prop_map(|(a, b)| Ratio::new(a.min(b), a.max(b)).unwrap());
    let percent = (1..=100_u32).prop_map(|percent| Ratio::new(percent, 100).unwrap());
    prop_oneof![
        Just(None),
        Just(Some(BudgetShare::NONE)),
        prop_oneof![part, percent].prop_map(|ratio| BudgetShare::new(ratio).ok()),
    ]
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn every_policy_that_passes_its_check_reads_back_equal(policy in priced()) {
        let text = policy.to_string();
        match (policy.check(), text.parse::<Policy>()) {
            (Ok(()), read) => prop_assert_eq!(read, Ok(policy), "{}", text),
            (Err(_), read) => prop_assert!(read.is_err(), "{} is contradictory, and read", text),
        }
    }

    #[test]
    fn the_canonical_form_is_the_canonical_form_of_itself(policy in priced()) {
        if let Ok(read) = policy.to_string().parse::<Policy>() {
            prop_assert_eq!(read.to_string(), policy.to_string());
        }
    }

    #[test]
    fn every_limited_policy_reads_back_equal(policy in priced(), timeout in span(), share in share()) {
        let limited = LimitedPolicy::new(policy).timeout(timeout);
        let limited = if let Some(share) = share { limited.budget(share) } else { limited };
        let text = limited.to_string();
        match limited.check() {
            Ok(()) => prop_assert_eq!(text.parse(), Ok(limited), "{}", text),
            Err(_) => prop_assert!(text.parse::<LimitedPolicy>().is_err(), "{}", text),
        }
    }

    #[test]
    fn every_schedule_reads_back_equal(schedule in schedule()) {
        let text = schedule.to_string();
        if Policy::new(schedule.clone()).check().is_ok() {
            prop_assert_eq!(text.parse(), Ok(schedule), "{}", text);
        }
    }

    #[test]
    fn every_law_reads_back_equal(law in law()) {
        prop_assert_eq!(law.to_string().parse::<Law>(), Ok(law));
    }

    #[test]
    fn every_factor_reads_back_equal(ratio in ratio()) {
        let text = format!("const 1s times {ratio}");
        match text.parse::<Schedule>() {
            Ok(read) => prop_assert_eq!(read, "const 1s".parse::<Schedule>().unwrap().times(ratio)),
            Err(error) => prop_assert_eq!(ratio.times(), 0, "{}", error),
        }
    }
}

/// Constants are not made by `new`, which would have cut them to what the engine works with.
#[test]
fn spans_beyond_the_engines_read_back_as_its_longest() {
    const MAX: std::time::Duration = std::time::Duration::MAX;
    static DELAYS: [std::time::Duration; 2] = [std::time::Duration::ZERO, MAX];
    static SEGMENTS: [Segment; 2] = [
        Segment::new(std::time::Duration::ZERO, Interval::Fixed(MAX)),
        Segment::new(MAX, Interval::Geometric { first: MAX, factor: Ratio::TWO }),
    ];
    let policies = [
        Policy::new(Staggered::from_static(&DELAYS).into()),
        Policy::new(Segments::from_static(&SEGMENTS).into()),
        Policy::new(Schedule::from(Staggered::from_static(&DELAYS)).at_least(MAX)),
        Policy::constant(MAX).hints(retry_core::HintRule::Clamp(MAX), MAX).within(MAX).capped(MAX),
    ];
    for policy in policies {
        assert_eq!(policy.check(), Ok(()));
        assert_eq!(policy.to_string().parse(), Ok(policy));
    }
}
