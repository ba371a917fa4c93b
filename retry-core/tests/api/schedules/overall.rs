//! Bounds with hints and classes counted in, and of combined policies.

use std::num::NonZeroU32;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use retry_core::{
    Backoff, Bounds, Class, Constant, Exponential, HintRule, Law, Never, Policy, RetryPolicy, Retryable, Staggered,
};

use crate::support::facts::{DAY, HOUR, MINUTE, SECOND};
use crate::support::tokens::Tokens;

fn attempts(bounds: Bounds) -> Option<u32> {
    bounds.max_attempts().map(NonZeroU32::get)
}

fn deaf(policy: Policy) -> Policy {
    policy.hints(HintRule::Ignore, Duration::ZERO)
}

fn list(delays: usize) -> Policy {
    deaf(Policy::new(Staggered::new(vec![SECOND; delays]).unwrap().into()))
}

static THROTTLED: Policy = Policy::constant(Duration::from_secs(60)).attempts(4);
static MAPPED: Policy = Policy::constant(Duration::from_secs(1)).attempts(9).on_class(Retryable::Throttled, &THROTTLED);
const BOUNDS: Bounds = MAPPED.bounds();

#[test]
fn overall_bounds_are_known_at_compile_time() {
    assert_eq!(attempts(BOUNDS), Some(9));
}

#[test]
fn each_class_adds_its_own_retries_up_to_the_limit_in_total() {
    // 2 retries by the list, 3 more of the throttled
    let mapped = list(2).on_class_owned(Retryable::Throttled, deaf(THROTTLED.clone()));
    assert_eq!(attempts(mapped.bounds()), Some(6));
    assert_eq!(mapped.bounds().max_total_delay(), Some(2 * SECOND + 3 * MINUTE));
    assert_eq!(attempts(mapped.clone().attempts(5).bounds()), Some(5));
    // 4 more of the persistent
    let both = mapped.on_class_owned(Retryable::Persistent, list(4));
    assert_eq!(attempts(both.bounds()), Some(10));
    // one class without limit leaves the limit in total
    let endless = both.on_class_owned(Retryable::Misconfigured, Policy::constant(SECOND));
    assert_eq!(attempts(endless.bounds()), None);
    assert_eq!(attempts(endless.attempts(50).bounds()), Some(50));
}

#[test]
fn a_default_policy_that_decides_nothing_adds_nothing() {
    let mapped = Policy::constant(SECOND)
        .on_class_owned(Retryable::Transient, list(2))
        .on_class_owned(Retryable::Throttled, list(3));
    assert_eq!(attempts(mapped.bounds()), Some(6));
    assert_eq!(mapped.bounds().max_total_delay(), Some(5 * SECOND));
}

#[test]
fn a_limit_in_time_holds_over_all_classes() {
    let mapped = list(2).within(MINUTE).on_class_owned(Retryable::Throttled, deaf(THROTTLED.clone()));
    assert_eq!(mapped.bounds().max_total_delay(), Some(MINUTE));
    // and that of a class over its own delays
    let own = list(2).on_class_owned(Retryable::Throttled, deaf(THROTTLED.clone()).within(90 * SECOND));
    assert_eq!(own.bounds().max_total_delay(), Some(92 * SECOND));
}

#[test]
fn hints_lengthen_delays_as_their_rule_allows() {
    let total = |rule, max| {
        let policy = Policy::exponential(10 * SECOND, HOUR).attempts(4).hints(rule, max);
        policy.bounds().max_total_delay().unwrap()
    };
    // 10, 20, 40 s
    assert_eq!(total(HintRule::Ignore, DAY), 70 * SECOND);
    assert_eq!(total(HintRule::AtLeast, DAY), 3 * DAY);
    assert_eq!(total(HintRule::AtLeast, 30 * SECOND), (30 + 30 + 40) * SECOND);
    assert_eq!(total(HintRule::Exactly, 30 * SECOND), (30 + 30 + 40) * SECOND);
    assert_eq!(total(HintRule::Clamp(5 * SECOND), DAY), 85 * SECOND);
    assert_eq!(total(HintRule::Clamp(5 * SECOND), 22 * SECOND), (15 + 22 + 40) * SECOND);
    // an eighth above the hint
    let jittered = Policy::constant(SECOND).jitter(Law::FULL).attempts(3).hints(HintRule::AtLeast, 80 * SECOND);
    assert_eq!(jittered.bounds().max_total_delay(), Some(180 * SECOND));
    assert_eq!(jittered.bounds().max_delay(), Some(90 * SECOND));
    assert_eq!(jittered.bounds().max_elapsed(SECOND), Some(183 * SECOND));
}

#[test]
fn both_of_a_pair_bound_it() {
    let pair = list(4).and(deaf(Policy::constant(MINUTE)));
    assert_eq!(attempts(pair.bounds()), Some(5));
    assert_eq!(pair.bounds().max_delay(), Some(MINUTE));
    assert_eq!(pair.bounds().max_total_delay(), Some(4 * MINUTE));
    // of one that says nothing, only the other's number of attempts is left
    let unknown = list(4).and(Tokens::new(5, SECOND));
    assert_eq!((attempts(unknown.bounds()), unknown.bounds().max_total_delay()), (Some(5), None));
}

#[test]
fn a_second_goes_on_where_the_first_has_ended() {
    let policy = list(2).or_else(list(6));
    assert_eq!(attempts(policy.bounds()), Some(7));
    assert_eq!(attempts(list(6).or_else(list(2)).bounds()), Some(7));
    assert_eq!(attempts(list(2).or_else(Policy::constant(SECOND)).bounds()), None);
    // where a class counts apart in the first, its retries may come after those of the second
    let first = list(2).on_class_owned(Retryable::Throttled, list(3));
    assert_eq!(attempts(first.or_else(list(6)).bounds()), Some(1 + 2 + 3 + 6));
}

#[test]
fn the_retries_of_a_class_come_on_top() {
    let policy = list(2).for_class(Class::Throttled, list(3));
    assert_eq!(attempts(policy.bounds()), Some(6));
    assert_eq!(policy.bounds().max_total_delay(), Some(5 * SECOND));
}

#[test]
fn wrappers_and_pointers_pass_bounds_on_and_never_has_none_left() {
    let bounds = list(3).bounds();
    assert_eq!(list(3).at_most_once().bounds(), bounds);
    assert_eq!(RetryPolicy::bounds(&&list(3)), bounds);
    assert_eq!(RetryPolicy::bounds(&Rc::new(list(3))), bounds);
    assert_eq!(RetryPolicy::bounds(&Arc::new(list(3))), bounds);
    assert_eq!(list(3).boxed().bounds(), bounds);
    assert_eq!((attempts(Never.bounds()), Never.bounds().max_total_delay()), (Some(1), Some(Duration::ZERO)));
    assert_eq!(Tokens::new(1, SECOND).bounds(), Bounds::UNKNOWN);
}

#[test]
fn a_backoff_is_bounded_by_what_it_promises() {
    let open = |attempts| Exponential::new(SECOND).capped(MINUTE).up_to(attempts).bounds();
    assert_eq!(attempts(open(4)), Some(4));
    // a hint may be a day
    assert_eq!(open(4).max_total_delay(), Some(3 * DAY));
    let uncapped = Exponential::new(SECOND).up_to(4).bounds();
    assert_eq!((attempts(uncapped), uncapped.max_delay(), uncapped.max_total_delay()), (Some(4), None, None));
    let in_time = Exponential::new(SECOND).into_policy().within(HOUR).bounds();
    assert_eq!((attempts(in_time), in_time.max_total_delay()), (None, Some(HOUR)));
    let taken = Constant::new(SECOND).take(3).into_policy().bounds();
    assert_eq!(attempts(taken), Some(4));
}
