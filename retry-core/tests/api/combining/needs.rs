use retry_core::{Backoff, Class, Constant, Needs, Never, Policy, RetryPolicy, Segments};

use crate::support::facts::{HOUR, SECOND};
use crate::support::gate::Gate;

/// A policy that says nothing of its needs.
struct Silent;

impl RetryPolicy for Silent {
    fn decide(&self, _: &retry_core::Failure, _: &mut dyn retry_core::Entropy) -> retry_core::Decision {
        retry_core::Decision::retry(SECOND)
    }
}

const TIME: Needs = Needs { time: true, ..Needs::NOTHING };
const OUTCOMES: Needs = Needs { outcomes: true, ..Needs::NOTHING };

fn needing(needs: Needs) -> Box<dyn RetryPolicy> {
    match needs {
        TIME => Box::new(Policy::constant(SECOND).within(HOUR)),
        OUTCOMES => Box::new(Gate::listener(SECOND)),
        Needs::NOTHING => Box::new(Policy::constant(SECOND)),
        _ => Box::new(Silent),
    }
}

#[test]
fn a_policy_that_says_nothing_needs_everything() {
    assert_eq!(Silent.needs(), Needs::EVERYTHING);
    assert_eq!(Never.needs(), Needs::NOTHING);
    assert_eq!(Policy::constant(SECOND).needs(), Needs::NOTHING);
}

#[test]
fn combined_policies_need_what_either_needs() {
    let all = [Needs::NOTHING, TIME, OUTCOMES, Needs::EVERYTHING];
    for a in all {
        assert_eq!(needing(a).needs(), a);
        for b in all {
            let either = Needs {
                time: a.time || b.time,
                failure_times: a.failure_times || b.failure_times,
                admission: a.admission || b.admission,
                outcomes: a.outcomes || b.outcomes,
            };
            assert_eq!(a.or(b), either);
            assert_eq!(needing(a).and(needing(b)).needs(), either);
            assert_eq!(needing(a).or_else(needing(b)).needs(), either);
            assert_eq!(needing(a).for_class(Class::Throttled, needing(b)).needs(), either);
        }
    }
}

#[test]
fn a_policy_over_a_backoff_needs_the_time_if_the_backoff_or_its_limit_does() {
    assert_eq!(Constant::new(SECOND).into_policy().needs(), Needs::NOTHING);
    assert_eq!(Constant::new(SECOND).into_policy().within(HOUR).needs(), TIME);
    assert_eq!(Segments::from_static(&[]).into_policy().needs(), TIME);
    // a backoff of one's own that says nothing
    struct Own;
    impl Backoff for Own {
        fn delay(&self, _: &retry_core::Failure, _: &mut dyn retry_core::Entropy) -> Option<std::time::Duration> {
            None
        }
    }
    assert_eq!(Own.into_policy().needs(), TIME);
    assert_eq!((Own.cap(), Own.ends_after()), (std::time::Duration::MAX, None));
}
