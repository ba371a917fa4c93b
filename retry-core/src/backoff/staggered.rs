use std::borrow::Cow;
use std::time::Duration;

use crate::time::nanos;
use crate::{Backoff, Entropy, Failure, Invalid};

/// An explicit list of delays, which ends after its last entry unless the last repeats.
///
/// Five delays make six attempts. Two lists are equal if the engine cannot tell their delays apart: 584 years stand for more.
///
/// ```
/// use retry_core::{Backoff, Failure, Seeded, Staggered, Verdict};
/// use std::num::NonZeroU32;
/// use std::time::Duration;
///
/// const MAIL: Staggered = Staggered::from_static(
///     const { &[Duration::from_secs(300), Duration::from_secs(600), Duration::from_secs(3600)] },
/// );
/// let fourth = Failure::new(NonZeroU32::new(4).unwrap(), Duration::ZERO, Verdict::TRANSIENT);
/// assert_eq!(MAIL.delay(&fourth, &mut Seeded::new(0)), None);
/// assert_eq!(MAIL.last_repeats().delay(&fourth, &mut Seeded::new(0)), Some(Duration::from_secs(3600)));
/// ```
#[derive(Clone, Debug)]
pub struct Staggered {
    delays: Cow<'static, [Duration]>,
    last_repeats: bool,
}

impl Staggered {
    /// From a table. An empty one never retries.
    ///
    /// ```
    /// # use retry_core::{Backoff, Staggered};
    /// assert_eq!(Staggered::from_static(&[]).ends_after(), Some(0));
    /// ```
    #[must_use]
    pub const fn from_static(table: &'static [Duration]) -> Self {
        Self { delays: Cow::Borrowed(table), last_repeats: false }
    }

    /// From a list made at run time.
    ///
    /// # Errors
    /// [`Invalid::Empty`] if it has no entry.
    ///
    /// ```
    /// # use retry_core::{Backoff, Invalid, Staggered};
    /// # use std::time::Duration;
    /// assert_eq!(Staggered::new(vec![Duration::ZERO; 2]).unwrap().ends_after(), Some(2));
    /// assert_eq!(Staggered::new(vec![]), Err(Invalid::Empty));
    /// ```
    pub fn new(delays: Vec<Duration>) -> Result<Self, Invalid> {
        if delays.is_empty() { Err(Invalid::Empty) } else { Ok(Self { delays: delays.into(), last_repeats: false }) }
    }

    /// The last entry repeats for ever.
    ///
    /// ```
    /// # use retry_core::{Backoff, Staggered};
    /// # use std::time::Duration;
    /// assert_eq!(Staggered::new(vec![Duration::ZERO]).unwrap().last_repeats().ends_after(), None);
    /// ```
    #[must_use]
    pub const fn last_repeats(mut self) -> Self {
        self.last_repeats = true;
        self
    }

    #[inline]
    pub(crate) const fn nanos(&self, failure: &Failure, _: &mut dyn Entropy) -> Option<u64> {
        self.greatest(failure.count())
    }

    pub(crate) const fn greatest(&self, count: u32) -> Option<u64> {
        let delays = self.delays();
        let at = count.saturating_sub(1) as usize;
        if at < delays.len() {
            Some(nanos(delays[at]))
        } else if self.last_repeats && !delays.is_empty() {
            Some(nanos(delays[delays.len() - 1]))
        } else {
            None
        }
    }

    pub(crate) const fn length(&self) -> Option<u32> {
        let length = self.delays().len();
        if self.last_repeats && length > 0 || length > u32::MAX as usize {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, reason = "checked")]
        Some(length as u32)
    }

    /// From which count on every delay is the same.
    pub(crate) const fn levels_at(&self) -> usize {
        self.delays().len()
    }

    /// Whether the last entry repeats.
    ///
    /// ```
    /// # use retry_core::Staggered;
    /// assert!(!Staggered::from_static(&[]).repeats_last());
    /// ```
    #[must_use]
    pub const fn repeats_last(&self) -> bool {
        self.last_repeats
    }

    /// The entries.
    ///
    /// ```
    /// # use retry_core::Staggered;
    /// # use std::time::Duration;
    /// assert_eq!(Staggered::from_static(const { &[Duration::ZERO] }).delays(), [Duration::ZERO]);
    /// ```
    #[must_use]
    pub const fn delays(&self) -> &[Duration] {
        match &self.delays {
            Cow::Borrowed(delays) => delays,
            Cow::Owned(delays) => delays.as_slice(),
        }
    }
}

impl PartialEq for Staggered {
    fn eq(&self, other: &Self) -> bool {
        let (a, b) = (self.delays().iter().copied(), other.delays().iter().copied());
        self.last_repeats == other.last_repeats && a.map(nanos).eq(b.map(nanos))
    }
}

impl Eq for Staggered {}

impl Backoff for Staggered {
    #[inline]
    fn delay(&self, failure: &Failure, rng: &mut dyn Entropy) -> Option<Duration> {
        self.nanos(failure, rng).map(crate::time::duration)
    }
    fn needs_time(&self) -> bool {
        false
    }
    fn ends_after(&self) -> Option<u32> {
        self.length()
    }
}
