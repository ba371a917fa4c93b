//! urllib3's counters: connect, read, redirect, status and other each have a limit, and `total` holds over all.
//!
//! Four classes have counters in a session, so five categories of somebody's own have theirs in a policy that is made for one
//! run, and joined to the shared one by `and`. A verdict's own words tell them apart.

use std::cell::Cell;
use std::num::NonZeroU32;
use std::time::Duration;

use retry_core::test_util::VirtualClock;
use retry_core::{
    Decision, Effect, Entropy, Exponential, Failure, Needs, Policy, Retry, RetryPolicy, Schedule, Scope, Staggered,
    StopReason, Verdict, classify_fn,
};

use crate::support::facts::MS;
use crate::support::gate::Gate;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Category {
    Connect,
    Read,
    Redirect,
    Status,
    Other,
}
use Category::{Connect, Other, Read, Redirect, Status};

const ALL: [Category; 5] = [Connect, Read, Redirect, Status, Other];

/// Never sent; sent, and perhaps done; sent elsewhere; answered; anything else.
fn verdict(category: &Category) -> Verdict {
    match category {
        Connect => Verdict::TRANSIENT.effect(Effect::None),
        Read => Verdict::TRANSIENT,
        Redirect => Verdict::TRANSIENT.effect(Effect::None).scope(Scope::Request),
        Status => Verdict::THROTTLED,
        Other => Verdict::default(),
    }
}

/// Retries left by category; `None`: only `total` limits it.
#[derive(Debug, Default)]
struct Counters {
    left: [Cell<Option<u32>>; 5],
}

impl Counters {
    fn new(limits: &[(Category, u32)]) -> Self {
        let counters = Self::default();
        for (category, retries) in limits {
            counters.left[*category as usize].set(Some(*retries));
        }
        counters
    }
}

impl RetryPolicy for Counters {
    fn decide(&self, failure: &Failure, _: &mut dyn Entropy) -> Decision {
        let category = ALL.into_iter().find(|category| verdict(category) == *failure.verdict()).unwrap();
        let left = &self.left[category as usize];
        match left.get() {
            Some(0) => Decision::Stop(StopReason::Attempts),
            some => {
                left.set(some.map(|retries| retries - 1));
                Decision::retry(Duration::ZERO)
            }
        }
    }

    fn needs(&self) -> Needs {
        Needs::NOTHING
    }
}

/// At which failure it gives up; `None`: it never does.
fn exhausted_at(total: Option<u32>, limits: &[(Category, u32)], events: &[Category]) -> Option<u32> {
    // `total` retries are one attempt more
    let total = total.map_or(u32::MAX, |retries| retries + 1);
    let policy = Policy::constant(Duration::ZERO).attempts(total).and(Counters::new(limits));
    let retry = Retry::with_sleeper(policy, VirtualClock::new()).classify(classify_fn(verdict));
    let mut events = events.iter();
    retry.call_blocking(|| events.next().map_or(Ok(()), |event| Err(*event))).err().map(|end| {
        assert_eq!(end.reason, StopReason::Attempts);
        end.attempts
    })
}

#[test]
fn each_category_has_a_limit_of_its_own_and_total_holds_over_all() {
    // 3 connects are allowed, and 2 retries in all
    assert_eq!(exhausted_at(Some(2), &[(Connect, 3)], &[Connect; 4]), Some(3));
    assert_eq!(exhausted_at(None, &[(Connect, 2)], &[Connect; 4]), Some(3));
    assert_eq!(exhausted_at(Some(10), &[(Connect, 1)], &[Connect; 1]), None);
    assert_eq!(exhausted_at(Some(10), &[(Read, 0)], &[Connect, Read]), Some(2));
    assert_eq!(exhausted_at(Some(0), &[], &[Other]), Some(1));
    assert_eq!(exhausted_at(Some(10), &[], &[Status; 10]), None);
    assert_eq!(exhausted_at(Some(10), &[], &[Status; 11]), Some(11));
    for category in ALL {
        // the second of this category is one too many, and those between count for the others
        let others: Vec<_> = ALL.into_iter().filter(|other| *other != category).collect();
        let events = [&[category], &others[..], &[category]].concat();
        assert_eq!(exhausted_at(Some(10), &[(category, 1)], &events), Some(6), "{category:?}");
        assert_eq!(exhausted_at(Some(4), &[(category, 1)], &events), Some(5), "{category:?}");
        assert_eq!(exhausted_at(Some(10), &ALL.map(|each| (each, 1)), &events), Some(6), "{category:?}");
        assert_eq!(exhausted_at(Some(10), &ALL.map(|each| (each, 2)), &events), None, "{category:?}");
    }
}

/// Counts anew after each redirect.
struct SinceRedirect<P> {
    policy: P,
    failures: Cell<u32>,
}

impl<P: RetryPolicy> RetryPolicy for SinceRedirect<P> {
    fn decide(&self, failure: &Failure, rng: &mut dyn Entropy) -> Decision {
        if *failure.verdict() == verdict(&Redirect) {
            self.failures.set(0);
            return Decision::retry(Duration::ZERO);
        }
        self.failures.set(self.failures.get() + 1);
        let count = NonZeroU32::new(self.failures.get()).unwrap();
        self.policy.decide(&Failure::new(count, failure.elapsed(), *failure.verdict()), rng)
    }
}

/// `backoff_factor` f: nothing, then f * 2^(n - 1) for the n-th failure in a row; a redirect waits for nothing and begins anew.
#[test]
fn the_backoff_runs_over_all_categories_and_begins_anew_after_a_redirect() {
    let first = Staggered::new(vec![Duration::ZERO]).unwrap();
    let schedule = Schedule::from(first).followed_by(Exponential::new(400 * MS).into());
    let since = SinceRedirect { policy: Policy::new(schedule), failures: Cell::new(0) };
    let policy = since.and(Counters::new(&[(Redirect, 5)])).and(Policy::constant(Duration::ZERO).attempts(101));
    let events = [Connect, Read, Status, Redirect, Other, Connect, Redirect, Redirect];
    let delays = [0, 400, 800, 0, 0, 400, 0, 0].map(|ms| Some(ms * MS));
    let mut session = retry_core::Session::begin(retry_core::Time::default());
    let decided = events.map(|event| {
        let rng = &mut retry_core::Seeded::new(0);
        session.on_failure(retry_core::Time::default(), verdict(&event), &policy, rng).delay()
    });
    assert_eq!(decided, delays);
}

/// What the counters are joined to is shared; they themselves are of one run.
#[test]
fn a_shared_policy_is_joined_to_counters_made_for_each_run() {
    let shared = Gate::listener(MS);
    for _ in 0..2 {
        let policy = (&shared).and(Counters::new(&[(Read, 1)]));
        let retry = Retry::with_sleeper(policy, VirtualClock::new()).classify(classify_fn(verdict));
        let end = retry.call_blocking(|| Err::<(), _>(Read)).unwrap_err();
        assert_eq!((end.attempts, end.into_error()), (2, Some(Read)));
    }
}
