//! The sans-I/O state machine every driver shares.

use std::num::NonZeroU32;
use std::time::Duration;

use crate::grant::Trail;
use crate::put_off::PutOff;
use crate::time::{duration, nanos};
use crate::{Because, Class, Decision, Entropy, Failure, Grant, RetryPolicy, Time, Verdict, Wait};

/// One logical call: counts attempts and failures by class, remembers the last delay, asks the policy.
///
/// It knows no clock and draws from the source it is given, so the same calls give the same decisions: the async,
/// blocking and loop drivers, a durable queue and a simulator all drive this. It is `Copy`; with feature `serde` it can
/// be stored in mid-run and go on after a restart (the clock's epoch must then outlive the process).
///
/// ```
/// use retry_core::{Decision, Policy, Seeded, Session, Time, Verdict};
/// use std::time::Duration;
///
/// let second = Duration::from_secs(1);
/// let policy = Policy::exponential(second, 60 * second).attempts(3);
/// let mut session = Session::begin(Time::from_nanos(0));
/// let mut fail = |at| session.on_failure(Time::from_nanos(at), Verdict::TRANSIENT, &policy, &mut Seeded::new(7));
///
/// assert_eq!(fail(0).delay(), Some(second));
/// assert_eq!(fail(1_000_000_000).delay(), Some(2 * second));
/// assert!(matches!(fail(3_000_000_000), Decision::Stop(_)));
/// assert_eq!((session.attempt(), session.slept()), (3, 3 * second));
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Session {
    begun: Time,
    slept: u64,
    previous: u64,
    attempt: NonZeroU32,
    /// Failures of the first classes by number; all others are transient.
    failures: [u32; SLOTS],
    /// The policy has admitted the next attempt, for after the wait in progress.
    admitted: bool,
    /// How long the attempt in progress was put off.
    #[cfg_attr(feature = "serde", serde(default))]
    put_off: PutOff,
    /// What the policy granted for the attempt in progress, kept for policies that take grants back.
    #[cfg_attr(feature = "serde", serde(default))]
    trail: Trail,
    #[cfg_attr(feature = "serde", serde(default))]
    class: Class,
}

/// Throttled, persistent, misconfigured. NOTE: assumes that `Class` gives them the numbers from 0.
const SLOTS: usize = 3;

impl Session {
    /// A session in its first attempt, whose elapsed time counts from `now`.
    ///
    /// ```
    /// # use retry_core::{Session, Time};
    /// assert_eq!(Session::begin(Time::default()).attempt(), 1);
    /// ```
    #[must_use]
    #[inline]
    pub const fn begin(now: Time) -> Self {
        Self {
            begun: now,
            slept: 0,
            previous: 0,
            attempt: NonZeroU32::MIN,
            failures: [0; SLOTS],
            admitted: false,
            put_off: PutOff::NONE,
            trail: Trail::EMPTY,
            class: Class::Unknown,
        }
    }

    /// Records a failure of the attempt in progress and asks `policy` what to do.
    ///
    /// On [`Decision::Retry`] the session is in its next attempt, and the delay counts as slept; on
    /// [`Decision::Stop`] it is unchanged. The number of attempts saturates at `u32::MAX`.
    ///
    /// ```
    /// # use retry_core::{Policy, Seeded, Session, Time, Verdict};
    /// # use std::time::Duration;
    /// let policy = Policy::constant(Duration::from_secs(5));
    /// let mut session = Session::begin(Time::default());
    /// let decision = session.on_failure(Time::default(), Verdict::THROTTLED, &policy, &mut Seeded::new(0));
    /// assert_eq!((decision.delay(), session.attempt()), (Some(Duration::from_secs(5)), 2));
    /// ```
    #[inline(always)]
    pub fn on_failure<P: RetryPolicy + ?Sized, R: Entropy>(
        &mut self,
        now: Time,
        verdict: Verdict,
        policy: &P,
        rng: &mut R,
    ) -> Decision {
        let decision = policy.decide(&Failure::at(*self, now, verdict), rng);
        if let Decision::Retry(wait) = decision {
            self.retry(verdict.class, wait.nanos());
        }
        decision
    }

    /// Enters the next attempt.
    #[inline(always)]
    pub(crate) fn retry(&mut self, class: Class, delay: u64) {
        if let Some(failures) = self.failures.get_mut(class as usize) {
            *failures = failures.saturating_add(1);
        }
        self.attempt = self.attempt.saturating_add(1);
        self.put_off = PutOff::NONE;
        self.slept = self.slept.saturating_add(delay);
        self.previous = delay;
    }

    /// Number of the attempt in progress, from 1.
    ///
    /// ```
    /// # use retry_core::{Session, Time};
    /// assert_eq!(Session::begin(Time::from_nanos(3)).attempt(), 1);
    /// ```
    #[must_use]
    #[inline]
    pub const fn attempt(&self) -> u32 {
        self.attempt.get()
    }

    /// Time waited so far: after failures, and for admission.
    ///
    /// ```
    /// # use retry_core::{Session, Time};
    /// assert!(Session::begin(Time::default()).slept().is_zero());
    /// ```
    #[must_use]
    pub const fn slept(&self) -> Duration {
        duration(self.slept)
    }

    /// From the beginning of the session to `now`.
    ///
    /// ```
    /// # use retry_core::{Session, Time};
    /// # use std::time::Duration;
    /// let session = Session::begin(Time::from_nanos(10));
    /// assert_eq!(session.elapsed(Time::from_nanos(15)), Duration::from_nanos(5));
    /// ```
    #[must_use]
    pub const fn elapsed(&self, now: Time) -> Duration {
        now.since(self.begun)
    }

    /// Remembers what the policy granted for the attempt in progress.
    pub(crate) const fn keep_grant(&mut self, wait: Wait, class: Class) {
        (self.trail, self.class) = (wait.trail(), class);
    }

    /// The grant of the attempt in progress, if it is a retry.
    pub(crate) fn grant(&self) -> Option<Grant> {
        let wait = Wait::of(self.previous, Because::Schedule).by(self.trail);
        (self.attempt.get() > 1).then(|| Grant::new(wait, self.class))
    }

    #[inline]
    pub(crate) const fn begun(&self) -> Time {
        self.begun
    }

    /// Failures of `class` before the attempt in progress.
    #[inline]
    pub(crate) const fn failures(&self, class: Class) -> u32 {
        if (class as usize) < SLOTS {
            return self.failures[class as usize];
        }
        let [a, b, c] = self.failures;
        (self.attempt.get() - 1).saturating_sub(a.saturating_add(b).saturating_add(c))
    }

    /// The delay after the last failure before the attempt in progress.
    #[inline]
    pub(crate) const fn previous(&self) -> Option<u64> {
        if self.attempt.get() > 1 { Some(self.previous) } else { None }
    }

    #[inline]
    pub(crate) const fn slept_nanos(&self) -> u64 {
        self.slept
    }

    /// The policy admitted the attempt in progress, but only after `wait`.
    pub(crate) const fn admitted_after(&mut self, wait: Duration) {
        self.slept = self.slept.saturating_add(nanos(wait));
        self.admitted = true;
    }

    /// The policy puts the attempt in progress off for `wait`; `false` if that is more than `at_most` in all.
    pub(crate) fn put_off(&mut self, wait: Duration, at_most: Duration) -> bool {
        let put_off = self.put_off.and(wait);
        if !put_off.is_within(at_most) {
            return false;
        }
        self.put_off = put_off;
        self.slept = self.slept.saturating_add(nanos(wait));
        true
    }

    /// Whether there was a wait before the attempt in progress.
    pub(crate) const fn has_waited(&self) -> bool {
        self.attempt.get() > 1 || self.admitted || !self.put_off.is_none()
    }

    /// Whether the attempt in progress was admitted; forgets it.
    pub(crate) const fn take_admitted(&mut self) -> bool {
        let admitted = self.admitted;
        self.admitted = false;
        admitted
    }

    /// In attempt `attempt`, all before it failures of `class`: for facts that were stored one by one.
    pub(crate) const fn resumed(attempt: NonZeroU32, class: Class) -> Self {
        let mut session = Self { attempt, ..Self::begin(Time::from_nanos(0)) };
        session.set_failures(class, attempt.get() - 1);
        session
    }

    pub(crate) const fn set_failures(&mut self, class: Class, failures: u32) {
        if (class as usize) < SLOTS {
            self.failures[class as usize] = failures;
        } else {
            // The transient ones are what the others leave.
            self.failures = [(self.attempt.get() - 1).saturating_sub(failures), 0, 0];
        }
    }

    pub(crate) const fn set_begun(&mut self, begun: Time) {
        self.begun = begun;
    }

    pub(crate) const fn set_slept(&mut self, slept: u64) {
        self.slept = slept;
    }

    pub(crate) const fn set_previous(&mut self, previous: u64) {
        self.previous = previous;
    }
}
