use std::time::Duration;

use super::{seconds, wait};
use crate::Time;
use crate::time::nanos;

/// A token bucket that fills with time: plain state, for whoever holds it.
///
/// Rates are tokens a second. A rate, capacity or number that is negative or no number counts as 0, but for the rate:
/// that is at least one in ten years, so that every wait ends.
///
/// Source: the token buckets of botocore, smithy-rs and smithy-kotlin, whose numbers it gives; unlike the first
/// versions of those, its capacity is never negative after [`try_acquire`](Self::try_acquire), and no wait is zero.
///
/// ```
/// use retry_core::{Time, TokenBucket};
/// use std::time::Duration;
///
/// let mut bucket = TokenBucket::full(10.0, 10.0, Time::default());
/// assert_eq!(bucket.try_acquire(7.0, Time::default()), Ok(()));
/// // 3 are there; 4 more take 0.4 s
/// assert_eq!(bucket.try_acquire(7.0, Time::default()), Err(Duration::from_millis(400)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TokenBucket {
    rate: f64,
    capacity: f64,
    tokens: f64,
    last: Time,
}

/// Slower than that is not told apart from never.
const SLOWEST: f64 = 3e-9;

/// A number that is none, or negative, is 0.
const fn count(number: f64) -> f64 {
    number.max(0.0)
}

impl TokenBucket {
    /// A bucket of `capacity` tokens, full at `now`.
    ///
    /// ```
    /// # use retry_core::{Time, TokenBucket};
    /// assert_eq!(TokenBucket::full(1.0, 5.0, Time::default()).tokens(), 5.0);
    /// ```
    #[must_use]
    pub const fn full(rate: f64, capacity: f64, now: Time) -> Self {
        let capacity = count(capacity);
        Self { rate: rate.max(SLOWEST), capacity, tokens: capacity, last: now }
    }

    /// The same with nothing in it.
    ///
    /// ```
    /// # use retry_core::{Time, TokenBucket};
    /// assert_eq!(TokenBucket::empty(1.0, 5.0, Time::default()).tokens(), 0.0);
    /// ```
    #[must_use]
    pub const fn empty(rate: f64, capacity: f64, now: Time) -> Self {
        Self { tokens: 0.0, ..Self::full(rate, capacity, now) }
    }

    /// The tokens at the last time it was asked; negative by what was [reserved](Self::reserve) ahead.
    ///
    /// ```
    /// # use retry_core::{Time, TokenBucket};
    /// assert_eq!(TokenBucket::full(f64::NAN, f64::NAN, Time::default()).tokens(), 0.0);
    /// ```
    #[must_use]
    pub const fn tokens(&self) -> f64 {
        self.tokens
    }

    /// Tokens a second.
    ///
    /// ```
    /// # use retry_core::{Time, TokenBucket};
    /// assert_eq!(TokenBucket::full(2.0, 5.0, Time::default()).rate(), 2.0);
    /// ```
    #[must_use]
    pub const fn rate(&self) -> f64 {
        self.rate
    }

    /// The most it holds.
    ///
    /// ```
    /// # use retry_core::{Time, TokenBucket};
    /// assert_eq!(TokenBucket::full(2.0, 5.0, Time::default()).capacity(), 5.0);
    /// ```
    #[must_use]
    pub const fn capacity(&self) -> f64 {
        self.capacity
    }

    /// Takes `tokens` or nothing.
    ///
    /// # Errors
    /// How long it takes until there are enough, if nobody else comes; never zero. More than the capacity are never
    /// there at once: whoever wants them may [`reserve`](Self::reserve).
    ///
    /// ```
    /// # use retry_core::{Time, TokenBucket};
    /// # use std::time::Duration;
    /// let mut bucket = TokenBucket::empty(0.5, 1.0, Time::default());
    /// let soon = Time::default().after(Duration::from_millis(100));
    /// // 0.05 are there: 0.95 / 0.5
    /// assert_eq!(bucket.try_acquire(1.0, soon), Err(Duration::from_millis(1_900)));
    /// ```
    pub fn try_acquire(&mut self, tokens: f64, now: Time) -> Result<(), Duration> {
        let tokens = count(tokens);
        self.refill(now);
        if tokens > self.tokens {
            return Err(self.until(tokens));
        }
        self.tokens -= tokens;
        Ok(())
    }

    /// Takes `tokens`, also those that are yet to come, and tells how long to wait for them; zero only if all are
    /// there. So those who come at the same time wait one behind the other.
    ///
    /// # Errors
    /// How long it would be, if that is more than `at_most`; then nothing is taken.
    ///
    /// ```
    /// # use retry_core::{Time, TokenBucket};
    /// # use std::time::Duration;
    /// let mut bucket = TokenBucket::full(1.0, 1.0, Time::default());
    /// let mut reserve = || bucket.reserve(1.0, Duration::from_secs(1), Time::default());
    /// assert_eq!(reserve(), Ok(Duration::ZERO));
    /// assert_eq!(reserve(), Ok(Duration::from_secs(1)));
    /// assert_eq!(reserve(), Err(Duration::from_secs(2)));
    /// ```
    pub fn reserve(&mut self, tokens: f64, at_most: Duration, now: Time) -> Result<Duration, Duration> {
        let tokens = count(tokens);
        self.refill(now);
        let left = self.tokens - tokens;
        let delay = if left < 0.0 { wait(-left / self.rate) } else { Duration::ZERO };
        if delay > at_most {
            return Err(delay);
        }
        self.tokens = left;
        Ok(delay)
    }

    /// Puts `tokens` back, up to the capacity.
    ///
    /// ```
    /// # use retry_core::{Time, TokenBucket};
    /// let mut bucket = TokenBucket::full(1.0, 5.0, Time::default());
    /// bucket.give(3.0);
    /// assert_eq!(bucket.tokens(), 5.0);
    /// ```
    pub const fn give(&mut self, tokens: f64) {
        self.tokens = (self.tokens + count(tokens)).min(self.capacity);
    }

    /// Fills by the old rate up to `now`, and then goes on by the new one. What is beyond the new capacity is lost.
    ///
    /// ```
    /// # use retry_core::{Time, TokenBucket};
    /// let mut bucket = TokenBucket::full(10.0, 10.0, Time::default());
    /// bucket.set_rate(0.5, 1.0, Time::default());
    /// assert_eq!((bucket.rate(), bucket.tokens()), (0.5, 1.0));
    /// ```
    pub fn set_rate(&mut self, rate: f64, capacity: f64, now: Time) {
        self.refill(now);
        (self.rate, self.capacity) = (rate.max(SLOWEST), count(capacity));
        self.tokens = self.tokens.min(self.capacity);
    }

    /// How long it takes until there are so many `tokens`.
    fn until(&self, tokens: f64) -> Duration {
        let due = wait((tokens - self.tokens) / self.rate);
        // Rounding must not send somebody away again who comes when he was told.
        let there = self.tokens + seconds(nanos(due)) * self.rate;
        if there < tokens { due.saturating_add(Duration::from_nanos(1)) } else { due }
    }

    fn refill(&mut self, now: Time) {
        let passed = seconds(now.nanos_since(self.last));
        self.tokens = (self.tokens + passed * self.rate).min(self.capacity);
        self.last = self.last.max(now);
    }
}
