//! Whether to retry, and when.

use std::borrow::Borrow;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use crate::breaker::{Breaker, Guarded};
use crate::budget::{Budgeted, Under};
use crate::combine::{And, AtMostOnce, ForClass, OrElsePolicy};
use crate::destination::{Destination, Toward};
use crate::pace::{Paced, Pacer};
use crate::{Bounds, Class, Clock, Decision, Entropy, Failure, Grant, RetryBudget, StopReason, Time};

/// Decides about retries. One required method; object safe; shared by `&self`.
///
/// It has no type parameter: classifiers turn errors into [`Verdict`](crate::Verdict)s, and a policy looks at those.
/// So one policy serves any operation, and a boxed one can come from configuration.
///
/// # Examples
/// ```
/// use retry_core::{Decision, Effect, Entropy, Failure, Policy, RetryPolicy, Seeded, StopReason, Verdict};
/// use std::time::Duration;
///
/// /// Refuses what may have happened already.
/// struct NoDuplicates;
///
/// impl RetryPolicy for NoDuplicates {
///     fn decide(&self, failure: &Failure, _: &mut dyn Entropy) -> Decision {
///         match failure.verdict().effect {
///             Effect::None => Decision::retry(Duration::ZERO),
///             _ => Decision::Stop(StopReason::Permanent),
///         }
///     }
/// }
///
/// let policy = Policy::constant(Duration::from_secs(1)).and(NoDuplicates);
/// let decide = |verdict| policy.decide(&Failure::first(verdict), &mut Seeded::new(0));
/// assert_eq!(decide(Verdict::THROTTLED).delay(), Some(Duration::from_secs(1)));
/// assert_eq!(decide(Verdict::TRANSIENT), Decision::Stop(StopReason::Permanent));
/// ```
pub trait RetryPolicy {
    /// Decides after `failure`.
    fn decide(&self, failure: &Failure, rng: &mut dyn Entropy) -> Decision;

    /// Asked before each attempt, the first included: breakers, pacing, budgets. Admits by default.
    ///
    /// `clock` is there for those who need it; it is not read otherwise. After [`Admission::Wait`] the driver waits and
    /// then starts the attempt without asking again: the place is reserved. After [`Admission::Later`] it asks again.
    #[inline]
    fn admit(&self, attempt: u32, clock: &dyn Clock) -> Admission {
        let _ = (attempt, clock);
        Admission::Go
    }

    /// Told how a run ended, so that budgets and breakers can learn. Ignores it by default.
    #[inline]
    fn outcome(&self, outcome: Outcome) {
        let _ = outcome;
    }

    /// A retry that this policy granted will not be made. By default it hears [`Outcome::Withdrawn`].
    ///
    /// For combinators: hand `grant` to the one that granted it.
    #[inline]
    fn withdrawn(&self, grant: &mut Grant) {
        let _ = grant;
        self.outcome(Outcome::Withdrawn);
    }

    /// What a driver must do for this policy beyond [`decide`](Self::decide). Everything, unless it says less.
    #[inline]
    fn needs(&self) -> Needs {
        Needs::EVERYTHING
    }

    /// What a retry after a failure of `class` costs a retry budget around this policy, in percent of a token. 100 by
    /// default.
    ///
    /// ```
    /// # use retry_core::{Backoff, Class, Constant, RetryPolicy};
    /// # use std::time::Duration;
    /// assert_eq!(Constant::new(Duration::ZERO).up_to(3).retry_cost(Class::Transient), 100);
    /// ```
    #[inline]
    fn retry_cost(&self, class: Class) -> u16 {
        let _ = class;
        100
    }

    /// What no run by this policy exceeds. Unknown, unless it says more; the combinators say what follows from their parts.
    ///
    /// A promise for every failure, hint and draw, and for waits that other policies lengthen. Waits for admission are not
    /// counted.
    ///
    /// ```
    /// # use retry_core::{Bounds, Decision, Entropy, Failure, Policy, RetryPolicy};
    /// # use std::time::Duration;
    /// struct AtOnce;
    /// impl RetryPolicy for AtOnce {
    ///     fn decide(&self, _: &Failure, _: &mut dyn Entropy) -> Decision {
    ///         Decision::retry(Duration::ZERO)
    ///     }
    /// }
    /// assert_eq!(AtOnce.bounds(), Bounds::UNKNOWN);
    /// let both = AtOnce.and(Policy::constant(Duration::ZERO).attempts(3));
    /// assert_eq!(both.bounds().max_attempts().unwrap().get(), 3);
    /// assert_eq!(both.bounds().max_delay(), None);
    /// ```
    fn bounds(&self) -> Bounds {
        Bounds::UNKNOWN
    }

    /// Retries only if both do, after the longer delay. Asks `self`, then `other`; where `other` refuses, `self` hears
    /// [`Outcome::Withdrawn`], so that a token it gave comes back.
    ///
    /// Each looks at its own delay alone: a limit by [`Policy::within`](crate::Policy::within) on one side does not see that
    /// the other side waits longer. Give both the limit, or the retrier a
    /// [deadline](crate::Retry::deadline).
    ///
    /// ```
    /// # use retry_core::{Failure, Policy, RetryPolicy, Seeded, Verdict};
    /// # use std::time::Duration;
    /// let (short, long) = (Policy::constant(Duration::from_secs(1)), Policy::constant(Duration::from_secs(9)));
    /// let decision = short.and(long).decide(&Failure::first(Verdict::TRANSIENT), &mut Seeded::new(0));
    /// assert_eq!(decision.delay(), Some(Duration::from_secs(9)));
    /// ```
    fn and<P: RetryPolicy>(self, other: P) -> And<Self, P>
    where
        Self: Sized,
    {
        And::new(self, other)
    }

    /// Asks `other` where `self` ended by attempts or schedule. Permanent, misconfigured, deadline, budget and
    /// cancelled are final.
    ///
    /// ```
    /// # use retry_core::{Failure, Policy, RetryPolicy, Seeded, Verdict};
    /// # use std::time::Duration;
    /// let policy = Policy::constant(Duration::ZERO).attempts(1).or_else(Policy::constant(Duration::from_secs(60)));
    /// let decide = |verdict| policy.decide(&Failure::first(verdict), &mut Seeded::new(0)).delay();
    /// assert_eq!(decide(Verdict::TRANSIENT), Some(Duration::from_secs(60)));
    /// assert_eq!(decide(Verdict::PERMANENT), None);
    /// ```
    fn or_else<P: RetryPolicy>(self, other: P) -> OrElsePolicy<Self, P>
    where
        Self: Sized,
    {
        OrElsePolicy::new(self, other)
    }

    /// Uses `policy` for failures of `class`, of which it counts only those, and `self` for the rest.
    ///
    /// ```
    /// # use retry_core::{Class, Failure, Policy, RetryPolicy, Seeded, Verdict};
    /// # use std::time::Duration;
    /// let policy = Policy::constant(Duration::ZERO).for_class(Class::Throttled, Policy::constant(Duration::from_secs(5)));
    /// let decision = policy.decide(&Failure::first(Verdict::THROTTLED), &mut Seeded::new(0));
    /// assert_eq!(decision.delay(), Some(Duration::from_secs(5)));
    /// ```
    fn for_class<P: RetryPolicy>(self, class: Class, policy: P) -> ForClass<Self, P>
    where
        Self: Sized,
    {
        ForClass::new(self, class, policy)
    }

    /// Stops with [`StopReason::UnknownOutcome`] where the failed attempt may have taken effect, so that nothing is
    /// done twice: retries only [`Effect::None`](crate::Effect::None). The mail and HTTP adapters do so by default.
    ///
    /// ```
    /// # use retry_core::{Decision, Effect, Failure, Policy, RetryPolicy, Seeded, StopReason, Verdict};
    /// # use std::time::Duration;
    /// let policy = Policy::constant(Duration::ZERO).at_most_once();
    /// let decide = |verdict| policy.decide(&Failure::first(verdict), &mut Seeded::new(0));
    /// assert_eq!(decide(Verdict::TRANSIENT), Decision::Stop(StopReason::UnknownOutcome));
    /// assert_eq!(decide(Verdict::TRANSIENT.effect(Effect::None)).delay(), Some(Duration::ZERO));
    /// ```
    fn at_most_once(self) -> AtMostOnce<Self>
    where
        Self: Sized,
    {
        AtMostOnce::new(self)
    }

    /// Makes retries only while `budget` grants them: stops with [`StopReason::Budget`] where it is empty. Share one
    /// budget, by reference or `Arc`, among all that call one destination; see [`RetryBudget`] for which.
    ///
    /// ```
    /// # use retry_core::{Decision, Failure, Policy, RetryPolicy, Seeded, StopReason, SuccessBudget, Verdict};
    /// # use std::time::Duration;
    /// let budget = SuccessBudget::default();
    /// let policy = Policy::constant(Duration::ZERO).budgeted(&budget);
    /// let decide = || policy.decide(&Failure::first(Verdict::TRANSIENT), &mut Seeded::new(0));
    /// assert!((0..3).all(|_| decide().delay().is_some()));
    /// assert_eq!(decide(), Decision::Stop(StopReason::Budget));
    /// ```
    fn budgeted<B: RetryBudget>(self, budget: B) -> Budgeted<Self, B>
    where
        Self: Sized,
    {
        Budgeted::new(self, budget)
    }

    /// Lets each attempt wait for its place, so that a destination which throttles is not sent more than it takes.
    /// Share one pacer, by reference or `Arc`, among all that call one destination; see [`Pacer`] for which.
    ///
    /// ```
    /// # use retry_core::{Admission, Class, Cubic, Pacer, Policy, RetryPolicy, Time, test_util::VirtualClock};
    /// # use std::time::Duration;
    /// let (pacer, clock) = (Cubic::new(Time::default()), VirtualClock::new());
    /// let policy = Policy::constant(Duration::ZERO).paced(&pacer);
    /// assert_eq!(policy.admit(1, &clock), Admission::Go);
    /// pacer.failed(Class::Throttled, Time::default());
    /// let later = Admission::Later { wait: Duration::from_secs(2), at_most: Duration::MAX };
    /// assert_eq!(policy.admit(1, &clock), later);
    /// ```
    fn paced<Q: Pacer>(self, pacer: Q) -> Paced<Self, Q>
    where
        Self: Sized,
    {
        Paced::new(self, pacer)
    }

    /// Makes attempts only while `breaker` lets them through: refuses them with [`StopReason::Breaker`] where it is
    /// open. Share one breaker, by reference or `Arc`, among all that call one destination; see [`Breaker`] for its
    /// price.
    ///
    /// ```
    /// # use retry_core::{Admission, Breaker, BreakerRule, Policy, RetryPolicy, ThreadSleeper};
    /// # use std::time::Duration;
    /// let breaker = Breaker::new(BreakerRule::consecutive(5));
    /// let policy = Policy::constant(Duration::ZERO).guarded(&breaker);
    /// assert_eq!(policy.admit(1, &ThreadSleeper), Admission::Go);
    /// ```
    fn guarded<B: Borrow<Breaker>>(self, breaker: B) -> Guarded<Self, B>
    where
        Self: Sized,
    {
        Guarded::new(self, breaker)
    }

    /// Puts the policy behind all that `destination` has: its budget, and its pacer and breaker if it has them.
    ///
    /// ```
    /// # use retry_core::{Destination, Failure, Policy, RetryBudget, RetryPolicy, Seeded, Time, Verdict};
    /// # use std::time::Duration;
    /// let host = Destination::default();
    /// let policy = Policy::constant(Duration::ZERO).toward(&host);
    /// assert!(policy.decide(&Failure::first(Verdict::TRANSIENT), &mut Seeded::new(0)).delay().is_some());
    /// assert_eq!(host.balance(Time::default()), Some(200));
    /// ```
    fn toward<D: Borrow<Destination>>(self, destination: D) -> Toward<Self, D>
    where
        Self: Sized,
    {
        Toward::new(self, destination)
    }

    /// For a retrier within an attempt of another one, whose number is `outer`: does not retry within a retry, so that
    /// the attempts of layers add up and do not multiply. See [`Under`].
    ///
    /// ```
    /// # use retry_core::{Failure, Policy, RetryPolicy, Seeded, Verdict};
    /// # use std::time::Duration;
    /// let policy = Policy::constant(Duration::ZERO);
    /// let first = Failure::first(Verdict::TRANSIENT);
    /// let delay = |outer| policy.clone().under(outer).decide(&first, &mut Seeded::new(0)).delay();
    /// assert_eq!((delay(1), delay(2)), (Some(Duration::ZERO), None));
    /// ```
    fn under(self, outer: u32) -> Under<Self>
    where
        Self: Sized,
    {
        Under::new(self, outer)
    }

    /// Erases the type. For a policy that is not `Send`, write `Box::new(policy) as Box<dyn RetryPolicy>`.
    ///
    /// ```
    /// # use retry_core::{Policy, Retry, RetryPolicy, ThreadSleeper};
    /// # use std::time::Duration;
    /// let policy: Box<dyn RetryPolicy + Send + Sync> = Policy::constant(Duration::ZERO).attempts(2).boxed();
    /// assert!(Retry::with_sleeper(policy, ThreadSleeper).call_blocking(|| Err::<(), _>("no")).is_err());
    /// ```
    fn boxed<'a>(self) -> Box<dyn RetryPolicy + Send + Sync + 'a>
    where
        Self: Sized + Send + Sync + 'a,
    {
        Box::new(self)
    }
}

/// Whether an attempt may begin. See [`RetryPolicy::admit`].
///
/// ```
/// use retry_core::{Admission, Policy, RetryPolicy, ThreadSleeper};
/// use std::time::Duration;
///
/// assert_eq!(Policy::constant(Duration::ZERO).admit(1, &ThreadSleeper), Admission::Go);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[must_use]
#[expect(clippy::exhaustive_enums, reason = "a driver must handle every answer")]
pub enum Admission {
    /// At once.
    Go,
    /// After this wait, for which its place is reserved.
    Wait(Duration),
    /// Not yet, and nothing is reserved: ask again after a wait, which is a nanosecond at the least.
    Later {
        /// How long until it is worth asking.
        wait: Duration,
        /// Where the waits for this attempt would come to more than this, to a part in 256, the run ends with
        /// [`StopReason::Pacing`].
        at_most: Duration,
    },
    /// No: the run ends.
    Refuse(StopReason),
}

impl Admission {
    /// Whether the attempt is let in, now or after a wait.
    pub(crate) const fn is_given(self) -> bool {
        matches!(self, Self::Go | Self::Wait(_))
    }
}

/// How a run ended. See [`RetryPolicy::outcome`].
///
/// ```
/// use retry_core::{Decision, Entropy, Failure, Outcome, Retry, RetryPolicy, StopReason, ThreadSleeper};
/// use std::cell::Cell;
///
/// /// Remembers how its last run ended.
/// struct Last(Cell<Option<Outcome>>);
///
/// impl RetryPolicy for Last {
///     fn decide(&self, _: &Failure, _: &mut dyn Entropy) -> Decision {
///         Decision::Stop(StopReason::Schedule)
///     }
///     fn outcome(&self, outcome: Outcome) {
///         self.0.set(Some(outcome));
///     }
/// }
///
/// let last = Last(Cell::new(None));
/// Retry::with_sleeper(&last, ThreadSleeper).call_blocking(|| Err::<(), _>("no")).unwrap_err();
/// assert_eq!(last.0.get(), Some(Outcome::GaveUp(StopReason::Schedule)));
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// An attempt succeeded.
    #[non_exhaustive]
    Succeeded {
        /// Attempts made.
        attempts: u32,
        /// When, where the policy [needs](Needs) the time.
        now: Option<Time>,
        /// What the policy granted for the attempt that succeeded, if it was a retry.
        grant: Option<Grant>,
    },
    /// The run ended without success.
    GaveUp(StopReason),
    /// A retry that this policy granted by [`decide`](RetryPolicy::decide) will not be made: another policy or a limit
    /// refused it, or a stop came while it waited. Whoever took a token for it takes it back.
    Withdrawn,
    /// An attempt that this policy let in by [`admit`](RetryPolicy::admit) will not be made, for the same reasons.
    AdmissionWithdrawn,
}

/// What a policy needs from a driver beyond [`decide`](RetryPolicy::decide), in one answer.
///
/// The default of a policy is everything. One that says less saves the driver the work: where no policy needs the
/// time, the clock is read at the first failure and at the end only, and a success reads no clock at all.
///
/// ```
/// use retry_core::{Needs, Policy, RetryPolicy};
/// use std::time::Duration;
///
/// let policy = Policy::constant(Duration::ZERO);
/// assert_eq!(policy.needs(), Needs::NOTHING);
/// assert!(policy.within(Duration::from_secs(1)).needs().time);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "policies of users make it; `..Needs::NOTHING` survives a new field")]
pub struct Needs {
    /// The time: the clock is read before the first attempt and at each failure, and at a success if outcomes are
    /// needed, too.
    pub time: bool,
    /// The time of each failure, and of nothing else: the clock is read at each failure. Contained in `time`.
    pub failure_times: bool,
    /// [`admit`](RetryPolicy::admit) before each attempt.
    pub admission: bool,
    /// [`outcome`](RetryPolicy::outcome) at the end.
    pub outcomes: bool,
}

impl Needs {
    /// Only [`decide`](RetryPolicy::decide).
    pub const NOTHING: Self = Self { time: false, failure_times: false, admission: false, outcomes: false };
    /// All of it.
    pub const EVERYTHING: Self = Self { time: true, failure_times: true, admission: true, outcomes: true };

    /// What either needs.
    ///
    /// ```
    /// # use retry_core::Needs;
    /// assert_eq!(Needs::NOTHING.or(Needs::EVERYTHING), Needs::EVERYTHING);
    /// ```
    #[must_use]
    #[inline]
    pub const fn or(self, other: Self) -> Self {
        Self {
            time: self.time | other.time,
            failure_times: self.failure_times | other.failure_times,
            admission: self.admission | other.admission,
            outcomes: self.outcomes | other.outcomes,
        }
    }
}

macro_rules! forward {
    ($($pointer:ty),*) => {$(
        impl<P: RetryPolicy + ?Sized> RetryPolicy for $pointer {
            #[inline]
            fn decide(&self, failure: &Failure, rng: &mut dyn Entropy) -> Decision {
                (**self).decide(failure, rng)
            }
            #[inline]
            fn admit(&self, attempt: u32, clock: &dyn Clock) -> Admission {
                (**self).admit(attempt, clock)
            }
            #[inline]
            fn outcome(&self, outcome: Outcome) {
                (**self).outcome(outcome);
            }
            #[inline]
            fn withdrawn(&self, grant: &mut Grant) {
                (**self).withdrawn(grant);
            }
            #[inline]
            fn needs(&self) -> Needs {
                (**self).needs()
            }
            fn retry_cost(&self, class: Class) -> u16 {
                (**self).retry_cost(class)
            }
            fn bounds(&self) -> Bounds {
                (**self).bounds()
            }
        }
    )*};
}
forward!(&P, Box<P>, Arc<P>, Rc<P>);
