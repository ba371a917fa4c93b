use std::borrow::Cow;
use std::time::Duration;

use crate::entropy::up_to;
use crate::time::{duration, nanos};
use crate::{Backoff, Entropy, Failure, Invalid, Ratio};

/// Rules by age: Exim's retry schedule. Ends once the first failure lies further back than the last segment.
///
/// The rule is the first whose segment has not ended, counted from the first failure.
///
/// ```
/// use retry_core::{Backoff, Failure, Interval, Ratio, Seeded, Segment, Segments, Verdict};
/// use std::num::NonZeroU32;
/// use std::time::Duration;
///
/// const HOUR: Duration = Duration::from_secs(3600);
/// const QUARTER: Duration = Duration::from_secs(900);
/// // F,2h,15m; G,16h,1h,1.5; F,4d,6h
/// let exim = Segments::new(vec![
///     Segment::new(2 * HOUR, Interval::Fixed(QUARTER)),
///     Segment::new(16 * HOUR, Interval::Geometric { first: HOUR, factor: Ratio::new(3, 2)? }),
///     Segment::new(96 * HOUR, Interval::Fixed(6 * HOUR)),
/// ])?;
/// let delay = |age, previous| {
///     let failure = Failure::new(NonZeroU32::new(9).unwrap(), age, Verdict::TRANSIENT).with_previous_delay(previous);
///     exim.delay(&failure, &mut Seeded::new(0))
/// };
/// assert_eq!(delay(HOUR, QUARTER), Some(QUARTER));
/// assert_eq!(delay(2 * HOUR, QUARTER), Some(HOUR));
/// assert_eq!(delay(3 * HOUR, HOUR), Some(HOUR * 3 / 2));
/// assert_eq!(delay(96 * HOUR, 6 * HOUR), None);
/// # Ok::<(), retry_core::Invalid>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Segments {
    segments: Cow<'static, [Segment]>,
}

/// A rule and the age at which it ends. See [`Segments`].
///
/// Two are equal if the engine cannot tell them apart: 584 years stand for more.
///
/// ```
/// use retry_core::{Interval, Segment};
/// use std::time::Duration;
///
/// let day = Segment::new(Duration::from_secs(86_400), Interval::Fixed(Duration::from_secs(600)));
/// assert_eq!(day.until, Duration::from_secs(86_400));
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Segment {
    /// The rule holds below this age.
    pub until: Duration,
    /// The rule.
    pub interval: Interval,
}

impl Segment {
    /// `interval` until the first failure lies `until` back.
    ///
    /// ```
    /// # use retry_core::{Interval, Segment};
    /// # use std::time::Duration;
    /// let rule = Interval::Fixed(Duration::ZERO);
    /// assert_eq!(Segment::new(Duration::MAX, rule).interval, rule);
    /// ```
    #[must_use]
    pub const fn new(until: Duration, interval: Interval) -> Self {
        Self { until, interval }
    }
}

/// How long a delay of a [`Segment`] is.
///
/// Two are equal if the engine cannot tell them apart: 584 years stand for more.
///
/// ```
/// use retry_core::{Interval, Ratio};
/// use std::time::Duration;
///
/// let growing = Interval::Geometric { first: Duration::from_secs(3600), factor: Ratio::TWO };
/// assert_ne!(growing, Interval::Fixed(Duration::from_secs(3600)));
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Interval {
    /// Always the same (Exim's `F`).
    Fixed(Duration),
    /// `first`, then the previous delay times `factor`, never below `first` (Exim's `G`).
    Geometric {
        /// The least delay.
        first: Duration,
        /// Growth.
        factor: Ratio,
    },
    /// Uniform between the middle of `first` and the geometric delay, and that delay (Exim's `H`).
    Random {
        /// The least delay.
        first: Duration,
        /// Growth of the greatest.
        factor: Ratio,
    },
}

impl PartialEq for Segment {
    fn eq(&self, other: &Self) -> bool {
        nanos(self.until) == nanos(other.until) && self.interval == other.interval
    }
}

impl Eq for Segment {}

impl PartialEq for Interval {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Fixed(a), Self::Fixed(b)) => nanos(*a) == nanos(*b),
            (Self::Geometric { first: a, factor: x }, Self::Geometric { first: b, factor: y })
            | (Self::Random { first: a, factor: x }, Self::Random { first: b, factor: y }) => {
                nanos(*a) == nanos(*b) && x == y
            }
            _ => false,
        }
    }
}

impl Eq for Interval {}

impl Interval {
    fn nanos(self, previous: u64, rng: &mut dyn Entropy) -> u64 {
        match self {
            Self::Fixed(delay) => nanos(delay),
            Self::Geometric { first, factor } => geometric(first, factor, previous),
            Self::Random { first, factor } => {
                let (first, top) = (nanos(first), geometric(first, factor, previous));
                top - up_to((top - first) / 2, rng)
            }
        }
    }

    /// Whether its factor is 0.
    const fn is_zeroed(self) -> bool {
        match self {
            Self::Fixed(_) => false,
            Self::Geometric { factor, .. } | Self::Random { factor, .. } => factor.times() == 0,
        }
    }

    /// The longest delay where the previous one was at most `previous`.
    pub(crate) const fn greatest(self, previous: u64) -> u64 {
        match self {
            Self::Fixed(delay) => nanos(delay),
            Self::Geometric { first, factor } | Self::Random { first, factor } => geometric(first, factor, previous),
        }
    }
}

const fn geometric(first: Duration, factor: Ratio, previous: u64) -> u64 {
    let (first, next) = (nanos(first), factor.of(previous));
    if previous < first || next < first { first } else { next }
}

impl Segments {
    /// From a table. Segments that are out of order are never reached.
    ///
    /// ```
    /// # use retry_core::{Backoff, Failure, Interval, Seeded, Segment, Segments, Verdict};
    /// # use std::time::Duration;
    /// const RULES: Segments = Segments::from_static(
    ///     const { &[Segment::new(Duration::from_secs(60), Interval::Fixed(Duration::from_secs(5)))] },
    /// );
    /// let delay = RULES.delay(&Failure::first(Verdict::TRANSIENT), &mut Seeded::new(0));
    /// assert_eq!(delay, Some(Duration::from_secs(5)));
    /// ```
    #[must_use]
    pub const fn from_static(segments: &'static [Segment]) -> Self {
        Self { segments: Cow::Borrowed(segments) }
    }

    /// From rules made at run time.
    ///
    /// # Errors
    /// [`Invalid::Empty`] without any; [`Invalid::Order`] if one does not end later than the one before it.
    ///
    /// ```
    /// # use retry_core::{Interval, Invalid, Segment, Segments};
    /// # use std::time::Duration;
    /// let rule = Segment::new(Duration::from_secs(60), Interval::Fixed(Duration::from_secs(5)));
    /// assert_eq!(Segments::new(vec![rule, rule]), Err(Invalid::Order));
    /// ```
    pub fn new(segments: Vec<Segment>) -> Result<Self, Invalid> {
        if segments.is_empty() {
            Err(Invalid::Empty)
        } else if segments.windows(2).any(|pair| pair[0].until >= pair[1].until) {
            Err(Invalid::Order)
        } else {
            Ok(Self { segments: segments.into() })
        }
    }

    pub(crate) fn nanos(&self, failure: &Failure, rng: &mut dyn Entropy) -> Option<u64> {
        let age = failure.since_first_failure();
        let segment = self.segments.iter().find(|segment| age < segment.until)?;
        Some(segment.interval.nanos(failure.previous_nanos().unwrap_or(0), rng))
    }

    /// The longest delay where the previous one was at most `previous`: attempts may take any time, so that any
    /// segment may come next.
    pub(crate) const fn greatest(&self, previous: u64) -> u64 {
        let segments = self.all();
        let (mut longest, mut at) = (0, 0);
        while at < segments.len() {
            let delay = segments[at].interval.greatest(previous);
            longest = if delay > longest { delay } else { longest };
            at += 1;
        }
        longest
    }

    /// The age at which the last ends.
    pub(crate) const fn until(&self) -> u64 {
        match self.all() {
            [.., last] => nanos(last.until),
            [] => 0,
        }
    }

    pub(crate) const fn invalid(&self) -> Option<Invalid> {
        let segments = self.all();
        if segments.is_empty() {
            return Some(Invalid::Empty);
        }
        let mut at = 0;
        while at < segments.len() {
            if at > 0 && nanos(segments[at - 1].until) >= nanos(segments[at].until) {
                return Some(Invalid::Order);
            }
            if segments[at].interval.is_zeroed() {
                return Some(Invalid::Factor);
            }
            at += 1;
        }
        None
    }

    /// The segments, the youngest first.
    ///
    /// ```
    /// # use retry_core::{Interval, Segment, Segments};
    /// # use std::time::Duration;
    /// let rule = Segment::new(Duration::from_secs(60), Interval::Fixed(Duration::from_secs(5)));
    /// assert_eq!(Segments::new(vec![rule])?.all(), [rule]);
    /// # Ok::<(), retry_core::Invalid>(())
    /// ```
    #[must_use]
    pub const fn all(&self) -> &[Segment] {
        match &self.segments {
            Cow::Borrowed(segments) => segments,
            Cow::Owned(segments) => segments.as_slice(),
        }
    }
}

impl Backoff for Segments {
    fn delay(&self, failure: &Failure, rng: &mut dyn Entropy) -> Option<Duration> {
        self.nanos(failure, rng).map(duration)
    }
}
