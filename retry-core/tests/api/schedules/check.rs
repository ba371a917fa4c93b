use retry_core::{
    Additive, ByAge, Constant, Decorrelated, DecorrelatedV2, Interval, Invalid, Law, Policy, Proportional, Ratio,
    Retryable, Schedule, Segment, Segments,
};

use crate::support::facts::{HOUR, MINUTE, SECOND, ns};

const SPREAD: Law = Law::Additive(Additive::new(HOUR));

#[test]
fn contradictory_parts_are_refused_where_they_are_made() {
    assert_eq!(Decorrelated::new(SECOND, ns(999_999_999)), Err(Invalid::Bounds));
    assert!(Decorrelated::new(SECOND, SECOND).is_ok());
    assert_eq!(ByAge::new(SECOND, ns(999_999_999)), Err(Invalid::Bounds));
    assert!(ByAge::new(SECOND, SECOND).is_ok());
    assert_eq!(Proportional::percent(101), Err(Invalid::Proportion));
    assert_eq!(Proportional::percent(u32::MAX), Err(Invalid::Proportion));
    assert_eq!(Proportional::millionths(1_000_001), Err(Invalid::Proportion));
    assert_eq!(Ratio::new(1, 0), Err(Invalid::Denominator));
    assert_eq!(Ratio::new(0, 0), Err(Invalid::Denominator));
    let rule = |until| Segment::new(until, Interval::Fixed(SECOND));
    assert_eq!(Segments::new(vec![]), Err(Invalid::Empty));
    assert_eq!(Segments::new(vec![rule(HOUR), rule(HOUR)]), Err(Invalid::Order));
    assert_eq!(Segments::new(vec![rule(HOUR), rule(MINUTE)]), Err(Invalid::Order));
    assert!(Segments::new(vec![rule(MINUTE), rule(HOUR)]).is_ok());
}

#[test]
fn a_floor_above_the_cap_is_found() {
    let floored = Schedule::from(Constant::new(SECOND)).at_least(HOUR);
    assert_eq!(Policy::new(floored.clone()).capped(MINUTE).check(), Err(Invalid::Bounds));
    assert_eq!(Policy::new(floored.clone()).capped(HOUR).check(), Ok(()));
    // wherever it hides
    let nested = Schedule::from(Constant::new(SECOND)).taken(1).followed_by(floored.taken(2));
    assert_eq!(Policy::new(nested).capped(MINUTE).check(), Err(Invalid::Bounds));
}

/// Drawn from U(b, min(C, 3 previous)): with C below b there is nothing to draw.
#[test]
fn a_decorrelated_base_above_the_cap_is_found() {
    let policy = Policy::new(Decorrelated::new(MINUTE, HOUR).unwrap().into());
    assert_eq!(policy.clone().capped(MINUTE).check(), Ok(()));
    assert_eq!(policy.capped(SECOND).check(), Err(Invalid::Bounds));
}

#[test]
fn additive_jitter_wider_than_the_cap_is_found() {
    assert_eq!(Policy::constant(SECOND).jitter(SPREAD).capped(MINUTE).check(), Err(Invalid::Spread));
    assert_eq!(Policy::constant(SECOND).jitter(SPREAD).capped(HOUR).check(), Ok(()));
    assert_eq!(Policy::constant(SECOND).jitter(SPREAD).check(), Ok(()));
}

#[test]
fn jitter_on_a_random_schedule_is_found() {
    let decorrelated = Schedule::from(Decorrelated::new(SECOND, HOUR).unwrap());
    assert_eq!(Policy::new(decorrelated.clone()).check(), Ok(()));
    assert_eq!(Policy::new(decorrelated.clone()).jitter(Law::FULL).check(), Err(Invalid::Jitter));
    let nested = Schedule::from(Constant::new(SECOND)).taken(1).followed_by(decorrelated.at_least(SECOND));
    assert_eq!(Policy::new(nested).jitter(Law::EQUAL).check(), Err(Invalid::Jitter));
    let v2 = Schedule::from(DecorrelatedV2::new(SECOND, HOUR)).times(Ratio::TWO).taken(3);
    assert_eq!(Policy::new(v2).jitter(Law::EQUAL).check(), Err(Invalid::Jitter));
}

#[test]
fn the_policies_of_classes_are_checked_too() {
    let wrong = Policy::constant(SECOND).jitter(SPREAD).capped(MINUTE);
    for class in [Retryable::Transient, Retryable::Throttled, Retryable::Persistent, Retryable::Misconfigured] {
        let policy = Policy::constant(SECOND).on_class_owned(class, wrong.clone());
        assert_eq!(policy.check(), Err(Invalid::Spread), "{class:?}");
    }
    assert_eq!(Policy::constant(SECOND).on_class_owned(Retryable::Transient, Policy::constant(HOUR)).check(), Ok(()));
}

#[test]
fn what_is_refused_says_what_would_be_right() {
    let messages = [
        (Invalid::Denominator, "a ratio needs a denominator other than 0"),
        (Invalid::Proportion, "proportional jitter is at most 100 %"),
        (Invalid::Bounds, "the least delay is longer than the greatest; swap them or raise the cap"),
        (Invalid::Spread, "the additive jitter is wider than the cap; lower the jitter or raise the cap"),
        (Invalid::Jitter, "the schedule is random by itself; leave the jitter out"),
        (Invalid::Empty, "the list has no entry; give at least one"),
        (Invalid::Order, "each segment must end later than the one before it"),
    ];
    for (invalid, message) in messages {
        assert_eq!(invalid.to_string(), message);
    }
}
