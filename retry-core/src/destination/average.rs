use std::sync::atomic::{AtomicU32, Ordering};

/// How much of the last attempts succeeded: a mean in which each weighs a tenth, and what came before the rest.
///
/// Failures of a scope wider than [`Scope::Request`](crate::Scope::Request) count. It begins at 100 %.
///
/// ```
/// use retry_core::SuccessAverage;
///
/// let average = SuccessAverage::new();
/// (0..7).for_each(|_| average.record(false));
/// // 0.9^7 = 47.8 %
/// assert_eq!((average.percent(), average.multiplier_percent()), (47, 209));
/// ```
#[derive(Debug)]
pub struct SuccessAverage {
    /// 1 is 2^24.
    mean: AtomicU32,
}

const ONE: u32 = 1 << 24;

/// How many times longer delays get at the most.
pub(super) const MULTIPLIER_MAX: u32 = 8;

impl Default for SuccessAverage {
    fn default() -> Self {
        Self::new()
    }
}

impl SuccessAverage {
    /// 100 %.
    ///
    /// ```
    /// # use retry_core::SuccessAverage;
    /// assert_eq!(SuccessAverage::new().percent(), 100);
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self { mean: AtomicU32::new(ONE) }
    }

    /// Counts an attempt.
    ///
    /// ```
    /// # use retry_core::SuccessAverage;
    /// let average = SuccessAverage::new();
    /// average.record(false);
    /// average.record(true);
    /// // 0.9, and a tenth of the way back
    /// assert_eq!(average.percent(), 91);
    /// ```
    pub fn record(&self, success: bool) {
        let next = |mean: u32| {
            let next = mean - mean / 10 + if success { ONE / 10 } else { 0 };
            Some(if success && mean + ONE / 10_000 > ONE { ONE } else { next.min(ONE) })
        };
        // The usual case writes nothing.
        if !success || self.mean.load(Ordering::Relaxed) != ONE {
            self.mean.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).ok();
        }
    }

    /// The mean in percent, rounded down.
    ///
    /// ```
    /// # use retry_core::SuccessAverage;
    /// assert_eq!(SuccessAverage::new().percent(), 100);
    /// ```
    #[must_use]
    pub fn percent(&self) -> u32 {
        // 2^24 times 100 fits.
        self.mean.load(Ordering::Relaxed) * 100 / ONE
    }

    /// By how much delays are lengthened, in percent: `1 / mean`, from 100 to 800.
    ///
    /// ```
    /// # use retry_core::SuccessAverage;
    /// let average = SuccessAverage::new();
    /// assert_eq!(average.multiplier_percent(), 100);
    /// (0..100).for_each(|_| average.record(false));
    /// assert_eq!(average.multiplier_percent(), 800);
    /// ```
    #[must_use]
    pub fn multiplier_percent(&self) -> u32 {
        let mean = self.mean.load(Ordering::Relaxed).max(ONE / MULTIPLIER_MAX);
        ONE * 100 / mean
    }
}
