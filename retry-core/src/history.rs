//! The last few failures of a run, without allocation.

use std::time::Duration;

use crate::sealed::Sealed;
use crate::{Class, Verdict};

/// What a run remembers of its failures, as a part of a retrier. `()` remembers nothing and takes no space.
///
/// Sealed: it is set by [`Retry::history`](crate::Retry::history).
///
/// ```
/// use retry_core::{History, Keep};
///
/// fn keeps<H: Keep>() {}
/// keeps::<()>();
/// keeps::<History<8>>();
/// ```
pub trait Keep: Default + Sealed {
    /// Adds a failure.
    #[doc(hidden)]
    fn push(&mut self, attempt: u32, verdict: &Verdict, delay: Option<Duration>);
}

impl Keep for () {
    #[inline]
    fn push(&mut self, _: u32, _: &Verdict, _: Option<Duration>) {}
}

/// The last `N` failures of a run. See [`Retry::history`](crate::Retry::history).
///
/// ```
/// use retry_core::{Class, Policy, Retry, ThreadSleeper};
/// use std::time::Duration;
///
/// let retry = Retry::with_sleeper(Policy::constant(Duration::ZERO).attempts(5), ThreadSleeper).history::<2>();
/// let end = retry.call_blocking(|| Err::<(), _>("no")).unwrap_err();
/// let kept: Vec<_> = end.history.iter().map(|failure| (failure.attempt(), failure.class())).collect();
/// assert_eq!(kept, [(4, Class::Transient), (5, Class::Transient)]);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct History<const N: usize> {
    ring: [Entry; N],
    pushed: u32,
}

/// One failure of a [`History`].
///
/// ```
/// use retry_core::{Policy, Retry, ThreadSleeper};
/// use std::time::Duration;
///
/// let retry = Retry::with_sleeper(Policy::constant(Duration::from_nanos(5)).attempts(2), ThreadSleeper).history::<2>();
/// let end = retry.call_blocking(|| Err::<(), _>("no")).unwrap_err();
/// let delays: Vec<_> = end.history.iter().map(|failure| failure.delay()).collect();
/// assert_eq!(delays, [Some(Duration::from_nanos(5)), None]);
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Entry {
    attempt: u32,
    verdict: Verdict,
    delay: Option<Duration>,
}

impl Entry {
    /// The attempt that failed, from 1.
    ///
    /// ```
    /// assert_eq!(retry_core::Entry::default().attempt(), 0);
    /// ```
    #[must_use]
    pub const fn attempt(&self) -> u32 {
        self.attempt
    }

    /// Its class.
    ///
    /// ```
    /// assert_eq!(retry_core::Entry::default().class(), retry_core::Class::Unknown);
    /// ```
    #[must_use]
    pub const fn class(&self) -> Class {
        self.verdict.class
    }

    /// How it was classified, the peer's hint included.
    ///
    /// ```
    /// assert_eq!(retry_core::Entry::default().verdict(), &retry_core::Verdict::default());
    /// ```
    #[must_use]
    pub const fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    /// The delay after it; `None` where the run ended with it.
    ///
    /// ```
    /// assert_eq!(retry_core::Entry::default().delay(), None);
    /// ```
    #[must_use]
    pub const fn delay(&self) -> Option<Duration> {
        self.delay
    }
}

impl<const N: usize> Default for History<N> {
    fn default() -> Self {
        Self { ring: [Entry::default(); N], pushed: 0 }
    }
}

impl<const N: usize> History<N> {
    /// What is kept, oldest first.
    ///
    /// ```
    /// assert_eq!(retry_core::History::<3>::default().iter().count(), 0);
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        let kept = N.min(self.pushed as usize);
        let first = self.pushed as usize - kept;
        (first..first + kept).filter_map(|n| self.ring.get(n % N.max(1)))
    }
}

impl<const N: usize> Keep for History<N> {
    fn push(&mut self, attempt: u32, verdict: &Verdict, delay: Option<Duration>) {
        if let Some(entry) = self.ring.get_mut(self.pushed as usize % N.max(1)) {
            *entry = Entry { attempt, verdict: *verdict, delay };
        }
        self.pushed = self.pushed.saturating_add(1);
    }
}

impl<const N: usize> Sealed for History<N> {}
