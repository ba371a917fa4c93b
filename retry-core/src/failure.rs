//! The facts a decision rests on.

use std::num::NonZeroU32;
use std::time::Duration;

use crate::time::{FOREVER, duration, nanos};
use crate::{Class, Session, StopReason, Time, Verdict};

/// Plain facts about a failed attempt: all a policy may look at.
///
/// Drivers make it from their [`Session`]; a store that keeps the facts in columns makes it by [`new`](Self::new) and
/// the `with_` setters, and gets the same decision.
///
/// ```
/// use retry_core::{Failure, Policy, Seeded, Verdict};
/// use std::num::NonZeroU32;
/// use std::time::Duration;
///
/// let third = Failure::new(NonZeroU32::new(3).unwrap(), Duration::from_secs(9), Verdict::TRANSIENT);
/// let policy = Policy::exponential(Duration::from_secs(1), Duration::from_secs(60));
/// assert_eq!(policy.delay(&third, &mut Seeded::new(0)), Some(Duration::from_secs(4)));
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Failure {
    session: Session,
    now: Time,
    first_failure: u64,
    verdict: Verdict,
    skipped: u32,
    in_class: bool,
}

impl Failure {
    /// The failure of attempt `attempt`, `elapsed` after the first attempt began (or the job was enqueued).
    ///
    /// Unless the setters say otherwise, all failures were of this class, nothing was slept, the delay before this
    /// attempt was zero, and the first failure happened when the first attempt began.
    ///
    /// ```
    /// # use retry_core::{Failure, Verdict};
    /// # use std::{num::NonZeroU32, time::Duration};
    /// let failure = Failure::new(NonZeroU32::new(2).unwrap(), Duration::from_secs(1), Verdict::THROTTLED);
    /// assert_eq!((failure.attempt(), failure.class_failures()), (2, 2));
    /// ```
    #[must_use]
    pub const fn new(attempt: NonZeroU32, elapsed: Duration, verdict: Verdict) -> Self {
        let session = Session::resumed(attempt, verdict.class);
        Self::at(session, Time::from_nanos(nanos(elapsed)), verdict)
    }

    /// The failure of the first attempt, at once.
    ///
    /// ```
    /// # use retry_core::{Failure, Verdict};
    /// assert_eq!(Failure::first(Verdict::TRANSIENT).previous_delay(), None);
    /// ```
    #[must_use]
    pub const fn first(verdict: Verdict) -> Self {
        Self::new(NonZeroU32::MIN, Duration::ZERO, verdict)
    }

    #[inline(always)]
    pub(crate) const fn at(session: Session, now: Time, verdict: Verdict) -> Self {
        Self { session, now, first_failure: 0, verdict, skipped: 0, in_class: false }
    }

    /// Sets how many failures were of this class, this one included; 0 counts as 1, and no more than attempts.
    ///
    /// ```
    /// # use retry_core::{Failure, Verdict};
    /// # use std::{num::NonZeroU32, time::Duration};
    /// let fifth = Failure::new(NonZeroU32::new(5).unwrap(), Duration::ZERO, Verdict::THROTTLED);
    /// assert_eq!(fifth.with_class_failures(2).class_failures(), 2);
    /// ```
    #[must_use]
    pub const fn with_class_failures(mut self, failures: u32) -> Self {
        let before = failures.saturating_sub(1);
        let most = self.attempt() - 1;
        self.session.set_failures(self.verdict.class, if before < most { before } else { most });
        self
    }

    /// Sets the delay before the failed attempt. It has no meaning for the first attempt, and is ignored there.
    ///
    /// ```
    /// # use retry_core::{Failure, Verdict};
    /// # use std::{num::NonZeroU32, time::Duration};
    /// let second = Failure::new(NonZeroU32::new(2).unwrap(), Duration::ZERO, Verdict::TRANSIENT);
    /// let slept = second.with_previous_delay(Duration::from_secs(3));
    /// assert_eq!(slept.previous_delay(), Some(Duration::from_secs(3)));
    /// ```
    #[must_use]
    pub const fn with_previous_delay(mut self, delay: Duration) -> Self {
        self.session.set_previous(nanos(delay));
        self
    }

    /// Sets the time waited so far.
    ///
    /// ```
    /// # use retry_core::{Failure, Verdict};
    /// # use std::time::Duration;
    /// let failure = Failure::first(Verdict::TRANSIENT).with_slept(Duration::from_secs(3));
    /// assert_eq!(failure.slept(), Duration::from_secs(3));
    /// ```
    #[must_use]
    pub const fn with_slept(mut self, slept: Duration) -> Self {
        self.session.set_slept(nanos(slept));
        self
    }

    /// Sets when the first failure happened, counted like `elapsed`.
    ///
    /// ```
    /// # use retry_core::{Failure, Verdict};
    /// # use std::{num::NonZeroU32, time::Duration};
    /// let failure = Failure::new(NonZeroU32::new(2).unwrap(), Duration::from_secs(100), Verdict::TRANSIENT)
    ///     .with_first_failure(Duration::from_secs(30));
    /// assert_eq!(failure.since_first_failure(), Duration::from_secs(70));
    /// ```
    #[must_use]
    pub const fn with_first_failure(mut self, elapsed: Duration) -> Self {
        self.first_failure = nanos(elapsed);
        self
    }

    /// Attempts made so far, the failed one included; at least 1.
    ///
    /// ```
    /// # use retry_core::{Failure, Verdict};
    /// assert_eq!(Failure::first(Verdict::PERMANENT).attempt(), 1);
    /// ```
    #[must_use]
    #[inline]
    pub const fn attempt(&self) -> u32 {
        self.session.attempt()
    }

    /// Failures that count for whoever is asked: those of its class in a class's policy, else all; at least 1.
    ///
    /// A schedule takes its n-th delay for a count of n.
    ///
    /// ```
    /// # use retry_core::{Failure, Verdict};
    /// # use std::{num::NonZeroU32, time::Duration};
    /// let failure = Failure::new(NonZeroU32::new(5).unwrap(), Duration::ZERO, Verdict::THROTTLED).with_class_failures(2);
    /// assert_eq!((failure.count(), failure.in_class().count()), (5, 2));
    /// ```
    #[must_use]
    #[inline]
    pub const fn count(&self) -> u32 {
        let count = if self.in_class { self.class_failures() } else { self.attempt() };
        count - self.skipped
    }

    /// Failures of this class so far, this one included.
    ///
    /// ```
    /// # use retry_core::{Failure, Verdict};
    /// assert_eq!(Failure::first(Verdict::THROTTLED).class_failures(), 1);
    /// ```
    #[must_use]
    #[inline]
    pub const fn class_failures(&self) -> u32 {
        self.session.failures(self.verdict.class).saturating_add(1)
    }

    /// From the beginning of the first attempt to this failure. For a policy that does not say it needs the time, a
    /// driver begins to count at the first failure; see [`Needs`](crate::Needs).
    ///
    /// ```
    /// # use retry_core::{Failure, Verdict};
    /// assert!(Failure::first(Verdict::TRANSIENT).elapsed().is_zero());
    /// ```
    #[must_use]
    pub const fn elapsed(&self) -> Duration {
        duration(self.elapsed_nanos())
    }

    #[inline]
    pub(crate) const fn elapsed_nanos(&self) -> u64 {
        self.now.nanos_since(self.session.begun())
    }

    /// From the first failure to this one. In memory a run keeps only its beginning, and this is
    /// [`elapsed`](Self::elapsed); a store sets it apart.
    ///
    /// ```
    /// # use retry_core::{Failure, Verdict};
    /// assert!(Failure::first(Verdict::TRANSIENT).since_first_failure().is_zero());
    /// ```
    #[must_use]
    pub const fn since_first_failure(&self) -> Duration {
        duration(self.elapsed_nanos().saturating_sub(self.first_failure))
    }

    /// When it happened, by the driver's clock; for a failure made of stored facts, `elapsed` after the clock's
    /// epoch, unless [`with_now`](Self::with_now) says otherwise. The same condition holds as for
    /// [`elapsed`](Self::elapsed).
    ///
    /// ```
    /// # use retry_core::{Failure, Time, Verdict};
    /// assert_eq!(Failure::first(Verdict::TRANSIENT).now(), Time::default());
    /// ```
    #[must_use]
    #[inline]
    pub const fn now(&self) -> Time {
        self.now
    }

    /// Sets when it happened, for budgets and breakers; the elapsed time stays the same.
    ///
    /// ```
    /// # use retry_core::{Failure, Time, Verdict};
    /// # use std::{num::NonZeroU32, time::Duration};
    /// let failure = Failure::new(NonZeroU32::MIN, Duration::from_secs(5), Verdict::TRANSIENT);
    /// let now = Time::default().after(Duration::from_secs(90));
    /// assert_eq!(failure.with_now(now).now(), now);
    /// assert_eq!(failure.with_now(now).elapsed(), Duration::from_secs(5));
    /// ```
    #[must_use]
    pub const fn with_now(mut self, now: Time) -> Self {
        self.session.set_begun(Time::from_nanos(now.as_nanos().saturating_sub(self.elapsed_nanos())));
        self.now = now;
        self
    }

    /// Time waited so far.
    ///
    /// ```
    /// # use retry_core::{Failure, Verdict};
    /// assert!(Failure::first(Verdict::TRANSIENT).slept().is_zero());
    /// ```
    #[must_use]
    pub const fn slept(&self) -> Duration {
        duration(self.slept_nanos())
    }

    #[inline]
    pub(crate) const fn slept_nanos(&self) -> u64 {
        self.session.slept_nanos()
    }

    /// The exact delay after the last failure, of whatever class; `None` at the first.
    ///
    /// ```
    /// # use retry_core::{Failure, Verdict};
    /// assert_eq!(Failure::first(Verdict::TRANSIENT).previous_delay(), None);
    /// ```
    #[must_use]
    pub const fn previous_delay(&self) -> Option<Duration> {
        match self.previous_nanos() {
            Some(nanos) => Some(duration(nanos)),
            None => None,
        }
    }

    #[inline]
    pub(crate) const fn previous_nanos(&self) -> Option<u64> {
        self.session.previous()
    }

    /// The classifier's view of the error.
    ///
    /// ```
    /// # use retry_core::{Failure, Verdict};
    /// assert_eq!(Failure::first(Verdict::THROTTLED).verdict(), &Verdict::THROTTLED);
    /// ```
    #[must_use]
    #[inline]
    pub const fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    /// As the policy of this failure's class sees it: only failures of the class count, and classes that stop
    /// unless mapped are retried.
    ///
    /// ```
    /// # use retry_core::{Failure, Policy, RetryPolicy, Seeded, Verdict};
    /// # use std::time::Duration;
    /// let (policy, full) = (Policy::constant(Duration::ZERO), Failure::first(Verdict::PERSISTENT));
    /// assert_eq!(policy.decide(&full, &mut Seeded::new(0)).delay(), None);
    /// assert_eq!(policy.decide(&full.in_class(), &mut Seeded::new(0)).delay(), Some(Duration::ZERO));
    /// ```
    #[must_use]
    pub const fn in_class(mut self) -> Self {
        self.in_class = true;
        // What was skipped of all failures may be more than the class has.
        let most = self.class_failures() - 1;
        self.skipped = if self.skipped < most { self.skipped } else { most };
        self
    }

    /// As a schedule sees it that begins after `delays` delays of another; the caller knows that they are over.
    #[must_use]
    pub(crate) const fn after_delays(mut self, delays: u32) -> Self {
        let most = self.count() - 1;
        self.skipped += if delays < most { delays } else { most };
        self
    }

    /// The reason for which this class stops where no policy was chosen for it.
    #[inline]
    pub(crate) const fn stops(&self) -> Option<StopReason> {
        match self.verdict.class {
            Class::Permanent => Some(StopReason::Permanent),
            Class::Persistent if !self.in_class => Some(StopReason::Persistent),
            Class::Misconfigured if !self.in_class => Some(StopReason::Misconfigured),
            _ => None,
        }
    }

    /// Whether an attempt after `wait` would begin later than `limit` after the beginning of the run.
    #[inline]
    pub(crate) const fn is_too_late(&self, wait: u64, limit: u64) -> bool {
        limit != FOREVER && self.elapsed_nanos().saturating_add(wait) > limit
    }
}
