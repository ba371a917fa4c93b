use std::time::Duration;

use crate::time::{duration, nanos};

/// How long successful requests took, all their attempts and waits included: a histogram of bounded size.
///
/// Percentiles are exact to 1/64 of their value and never too low; least, greatest and mean are exact.
///
/// ```
/// use retry_core::Never;
/// use retry_core::simulate::{Fleet, Scenario};
/// use std::time::Duration;
///
/// let report = Scenario::new().run(&Fleet::of(|_| Never), 1)?;
/// // A queue with Poisson arrivals and a fixed service time of 1 ms at 80 %: 1 + 0.8 / (2 (1 - 0.8)) = 3 ms
/// let mean = report.latencies().mean().unwrap();
/// assert!(mean > Duration::from_micros(2800) && mean < Duration::from_micros(3200));
/// # Ok::<(), retry_core::simulate::SimulationError>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Latencies {
    counts: Vec<u64>,
    count: u64,
    sum: u128,
    least: u64,
    greatest: u64,
}

/// Each power of two is divided into 64.
const BITS: u32 = 6;
const PARTS: u64 = 1 << BITS;

impl Latencies {
    pub(super) fn record(&mut self, latency: Duration) {
        let nanos = nanos(latency);
        let slot = slot(nanos);
        if slot >= self.counts.len() {
            self.counts.resize(slot + 1, 0);
        }
        self.counts[slot] += 1;
        self.least = if self.count == 0 { nanos } else { self.least.min(nanos) };
        self.greatest = self.greatest.max(nanos);
        self.count += 1;
        self.sum += u128::from(nanos);
    }

    pub(super) fn merge(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        if other.counts.len() > self.counts.len() {
            self.counts.resize(other.counts.len(), 0);
        }
        for (count, more) in self.counts.iter_mut().zip(&other.counts) {
            *count += more;
        }
        self.least = if self.count == 0 { other.least } else { self.least.min(other.least) };
        self.greatest = self.greatest.max(other.greatest);
        self.count += other.count;
        self.sum += other.sum;
    }

    /// How many there are.
    ///
    /// ```
    /// # assert_eq!(retry_core::simulate::Latencies::default().count(), 0);
    /// ```
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// The least; `None` where nothing succeeded.
    ///
    /// ```
    /// # assert_eq!(retry_core::simulate::Latencies::default().min(), None);
    /// ```
    #[must_use]
    pub fn min(&self) -> Option<Duration> {
        (self.count > 0).then(|| duration(self.least))
    }

    /// The greatest; `None` where nothing succeeded.
    ///
    /// ```
    /// # assert_eq!(retry_core::simulate::Latencies::default().max(), None);
    /// ```
    #[must_use]
    pub fn max(&self) -> Option<Duration> {
        (self.count > 0).then(|| duration(self.greatest))
    }

    /// The mean; `None` where nothing succeeded.
    ///
    /// ```
    /// # assert_eq!(retry_core::simulate::Latencies::default().mean(), None);
    /// ```
    #[must_use]
    pub fn mean(&self) -> Option<Duration> {
        let mean = self.sum.checked_div(u128::from(self.count))?;
        Some(duration(u64::try_from(mean).unwrap_or(u64::MAX)))
    }

    /// The latency that `percent` of all do not exceed; 0 and less is the least, 100 and more the greatest.
    ///
    /// ```
    /// # use retry_core::{Never, simulate::{Fleet, Scenario}};
    /// let report = Scenario::named("metastable")[0].run(&Fleet::of(|_| Never), 1).unwrap();
    /// let [p50, p99] = [50.0, 99.0].map(|percent| report.latencies().percentile(percent).unwrap());
    /// assert!(p50 < p99 && Some(p99) < report.latencies().max());
    /// ```
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the cast saturates, and NaN becomes 0"
    )]
    pub fn percentile(&self, percent: f64) -> Option<Duration> {
        let rank = (super::number::real(self.count) * percent / 100.0).ceil() as u64;
        if rank == 0 {
            return self.min();
        }
        let mut seen = 0;
        let slot = self.counts.iter().position(|count| {
            seen += count;
            seen >= rank
        });
        match slot {
            Some(slot) => Some(duration(top(slot).min(self.greatest))),
            None => self.max(),
        }
    }
}

/// Where a latency is counted: below 64 by itself, above by its power of two and the next six bits.
fn slot(nanos: u64) -> usize {
    let shift = (63 - (nanos | 1).leading_zeros()).saturating_sub(BITS);
    let slot = u64::from(shift) * PARTS + (nanos >> shift);
    // At most 58 * 64 + 127.
    usize::try_from(slot).unwrap_or(usize::MAX)
}

/// The greatest latency that is counted at `slot`.
fn top(slot: usize) -> u64 {
    let slot = slot as u64;
    let shift = (slot / PARTS).saturating_sub(1);
    let least = u128::from(slot - shift * PARTS) << shift;
    u64::try_from(least + (1 << shift) - 1).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_in_order_and_a_64th_wide() {
        for nanos in [0, 1, 63, 64, 65, 127, 128, 129, 1_000, 999_999_937, u64::MAX / 3, u64::MAX] {
            let top = top(slot(nanos));
            assert!(top >= nanos && top - nanos <= nanos / 64, "{nanos} is in a slot that ends at {top}");
        }
        let slots: Vec<_> = (0..100_000).map(slot).collect();
        assert!(slots.windows(2).all(|pair| pair[0] <= pair[1] && pair[1] - pair[0] <= 1));
    }

    #[test]
    fn percentiles_are_those_of_the_sorted_latencies() {
        let mut latencies = Latencies::default();
        for nanos in 1..=1000 {
            latencies.record(duration(nanos * 1_000_000));
        }
        for (percent, exact) in [(1.0, 10), (50.0, 500), (99.0, 990), (100.0, 1000)] {
            let found = nanos(latencies.percentile(percent).unwrap());
            let exact = exact * 1_000_000;
            assert!(found >= exact && found - exact <= exact / 64, "{percent}: {found}");
        }
        assert_eq!(latencies.percentile(f64::NAN), latencies.min());
        assert_eq!(latencies.percentile(1e300), latencies.max());
        // (1 + 1000) / 2
        assert_eq!(latencies.mean(), Some(Duration::from_micros(500_500)));
    }

    #[test]
    fn merged_ones_are_those_of_both() {
        let (mut all, mut halves) = (Latencies::default(), [Latencies::default(), Latencies::default()]);
        for nanos in 0..1000_u64 {
            all.record(duration(nanos * nanos));
            halves[usize::from(nanos > 300)].record(duration(nanos * nanos));
        }
        let [mut low, high] = halves;
        low.merge(&high);
        low.merge(&Latencies::default());
        assert_eq!(low, all);
    }
}
