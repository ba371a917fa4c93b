use proptest::prelude::*;
use retry_core::{Backoff, Policy, Schedule, Seeded};

use crate::support::facts::nanos;
use crate::support::strategies::{cases, count, failure, ratio, schedule, span};

/// One step from a schedule to another, as a method of [`Schedule`] and of [`Backoff`].
#[derive(Clone, Debug)]
enum Step {
    Take(u32),
    Then(Schedule),
    Floor(std::time::Duration),
    Scale(retry_core::Ratio),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (0..6_u32).prop_map(Step::Take),
        count().prop_map(Step::Take),
        schedule().prop_map(Step::Then),
        span().prop_map(Step::Floor),
        ratio().prop_map(Step::Scale),
    ]
}

fn as_data(schedule: Schedule, steps: &[Step]) -> Schedule {
    steps.iter().cloned().fold(schedule, |schedule, step| match step {
        Step::Take(delays) => schedule.taken(delays),
        Step::Then(next) => schedule.followed_by(next),
        Step::Floor(min) => schedule.at_least(min),
        Step::Scale(factor) => schedule.times(factor),
    })
}

fn as_traits(schedule: Schedule, steps: &[Step]) -> Box<dyn Backoff> {
    let first: Box<dyn Backoff> = Box::new(schedule);
    steps.iter().cloned().fold(first, |backoff, step| match step {
        Step::Take(delays) => Box::new(Backoff::take(backoff, delays)),
        Step::Then(next) => Box::new(backoff.then(next)),
        Step::Floor(min) => Box::new(backoff.floored(min)),
        Step::Scale(factor) => Box::new(backoff.scaled(factor)),
    })
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn nesting_as_data_is_nesting_by_traits(
        schedule in schedule(),
        steps in prop::collection::vec(step(), 1..4),
        failure in failure(),
        seed in any::<u64>(),
    ) {
        let (data, traits) = (as_data(schedule.clone(), &steps), as_traits(schedule, &steps));
        prop_assert_eq!(
            data.delay(&failure, &mut Seeded::new(seed)).map(nanos),
            traits.delay(&failure, &mut Seeded::new(seed)).map(nanos)
        );
        prop_assert_eq!(data.ends_after(), traits.ends_after());
        prop_assert_eq!(data.needs_time(), traits.needs_time());
    }

    /// A cap over any nesting is that of a policy: what is drawn is drawn below it, and the rest is cut.
    #[test]
    fn a_cap_over_a_nesting_by_traits_is_that_of_a_policy(
        (schedule, cap) in (schedule(), span()),
        steps in prop::collection::vec(step(), 0..4),
        failure in failure(),
        seed in any::<u64>(),
    ) {
        let data = Policy::new(as_data(schedule.clone(), &steps)).capped(cap);
        let traits = as_traits(schedule, &steps).capped(cap);
        let twice = Box::new(&traits).capped(cap.saturating_mul(2));
        let expected = data.delay(&failure, &mut Seeded::new(seed)).map(nanos);
        prop_assert_eq!(traits.delay(&failure, &mut Seeded::new(seed)).map(nanos), expected);
        prop_assert_eq!(twice.delay(&failure, &mut Seeded::new(seed)).map(nanos), expected);
    }

    /// A list of delays and the schedule that it lists are the same.
    #[test]
    fn taking_is_the_beginning_and_then_nothing(schedule in schedule(), delays in 0..9_u32, failure in failure()) {
        let whole = schedule.delay(&failure, &mut Seeded::new(3));
        let taken = schedule.taken(delays).delay(&failure, &mut Seeded::new(3));
        prop_assert_eq!(taken, if failure.count() <= delays { whole } else { None });
    }
}
