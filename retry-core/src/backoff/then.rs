use std::time::Duration;

use crate::{Backoff, Entropy, Failure};

/// One schedule after another. See [`Backoff::then`].
///
/// The second begins with its own first delay, if the first ends after a known number of delays
/// ([`Backoff::ends_after`]); after one that ends by age it goes on with the count. Where both are so, as in the first six delays
/// of a schedule that ends by age, it keeps to its first delay until the number is reached.
///
/// ```
/// use retry_core::{Backoff, Constant, Exponential, Failure, Seeded, Verdict};
/// use std::num::NonZeroU32;
/// use std::time::Duration;
///
/// let schedule = Constant::new(Duration::from_secs(5)).take(2).then(Exponential::new(Duration::from_secs(60)));
/// let delays = (1..=4).map(|n| {
///     let failure = Failure::new(NonZeroU32::new(n).unwrap(), Duration::ZERO, Verdict::TRANSIENT);
///     schedule.delay(&failure, &mut Seeded::new(0)).unwrap().as_secs()
/// });
/// assert_eq!(delays.collect::<Vec<_>>(), [5, 5, 60, 120]);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Then<A, B> {
    first: A,
    next: B,
}

impl<A, B> Then<A, B> {
    pub(crate) const fn new(first: A, next: B) -> Self {
        Self { first, next }
    }
    pub(crate) const fn first(&self) -> &A {
        &self.first
    }
    pub(crate) const fn next(&self) -> &B {
        &self.next
    }
}

impl<A: Backoff, B: Backoff> Backoff for Then<A, B> {
    fn delay(&self, failure: &Failure, rng: &mut dyn Entropy) -> Option<Duration> {
        if let Some(delay) = self.first.delay(failure, rng) {
            return Some(delay);
        }
        self.next.delay(&failure.after_delays(self.first.ends_after().unwrap_or(0)), rng)
    }
    fn delay_below(&self, cap: Duration, failure: &Failure, rng: &mut dyn Entropy) -> Option<Duration> {
        if let Some(delay) = self.first.delay_below(cap, failure, rng) {
            return Some(delay);
        }
        self.next.delay_below(cap, &failure.after_delays(self.first.ends_after().unwrap_or(0)), rng)
    }
    fn cap(&self) -> Duration {
        self.first.cap().max(self.next.cap())
    }
    fn needs_time(&self) -> bool {
        self.first.needs_time() || self.next.needs_time()
    }
    fn ends_after(&self) -> Option<u32> {
        Some(self.first.ends_after()?.saturating_add(self.next.ends_after()?))
    }
}
