//! Random variates by additions, comparisons and multiplications alone, so that every machine draws the same.

use std::time::Duration;

use crate::entropy::{unit, up_to};
use crate::time::{duration, nanos};
use crate::{Entropy, Seeded};

/// One stream of draws.
#[derive(Debug)]
pub(super) struct Draws(Seeded);

/// An exponential variate of mean 1, as a fixed-point number.
struct Exponential {
    whole: u64,
    /// In 2^-64.
    fraction: u64,
}

impl Draws {
    /// The `stream`th of the streams of `seed`, which have nothing to do with each other.
    pub(super) fn new(seed: u64, stream: u64) -> Self {
        let mut root = Seeded::new(seed ^ stream.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        Self(Seeded::new(root.next_u64()))
    }

    /// A number below `n`; 0 for 0.
    pub(super) fn below(&mut self, n: u32) -> u32 {
        // At most n - 1, a u32.
        u32::try_from(up_to(u64::from(n).saturating_sub(1), &mut self.0)).unwrap_or(u32::MAX)
    }

    /// True with this probability. Certainties draw nothing.
    pub(super) fn chance(&mut self, probability: f64) -> bool {
        probability > 0.0 && (probability >= 1.0 || unit(&mut self.0) < probability)
    }

    /// Uniform in zero ..= `most`.
    pub(super) fn within(&mut self, most: Duration) -> Duration {
        duration(up_to(nanos(most), &mut self.0))
    }

    /// Von Neumann's method ("Various techniques used in connection with random digits", 1951): a descending run of
    /// odd length accepts its first draw as the fraction; each one of even length adds 1.
    fn exponential(&mut self) -> Exponential {
        let mut whole = 0;
        loop {
            let fraction = self.0.next_u64();
            let (mut least, mut odd) = (fraction, true);
            loop {
                let next = self.0.next_u64();
                if next >= least {
                    break;
                }
                (least, odd) = (next, !odd);
            }
            if odd {
                return Exponential { whole, fraction };
            }
            whole += 1;
        }
    }

    /// Exponentially distributed with this mean: the gaps of a Poisson process.
    pub(super) fn gap(&mut self, mean: Duration) -> Duration {
        let Exponential { whole, fraction } = self.exponential();
        let mean = nanos(mean);
        let part = (u128::from(mean) * u128::from(fraction)) >> 64;
        // The product with a fraction is less than the mean.
        duration(mean.saturating_mul(whole).saturating_add(u64::try_from(part).unwrap_or(u64::MAX)))
    }

    #[expect(clippy::cast_precision_loss, reason = "53 bits of a random fraction will do")]
    fn exponential_f64(&mut self) -> f64 {
        let Exponential { whole, fraction } = self.exponential();
        whole as f64 + (fraction >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Standard normal: the half-normal law by rejection from the exponential one (von Neumann 1951), and a sign.
    pub(super) fn normal(&mut self) -> f64 {
        loop {
            let (x, y) = (self.exponential_f64(), self.exponential_f64());
            if 2.0 * y >= (x - 1.0) * (x - 1.0) {
                return if self.0.next_u64() >> 63 == 0 { x } else { -x };
            }
        }
    }
}

impl Entropy for Draws {
    fn next_u64(&mut self) -> u64 {
        self.0.next_u64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAWS: u32 = 200_000;

    /// Mean and variance of many draws.
    fn moments(mut draw: impl FnMut() -> f64) -> (f64, f64) {
        let draws: Vec<f64> = (0..DRAWS).map(|_| draw()).collect();
        let mean = draws.iter().sum::<f64>() / f64::from(DRAWS);
        let variance = draws.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / f64::from(DRAWS);
        (mean, variance)
    }

    #[test]
    fn gaps_are_exponential() {
        let mut draws = Draws::new(1, 0);
        let (mean, variance) = moments(|| draws.gap(Duration::from_secs(2)).as_secs_f64());
        // Mean 2 and variance 4; their standard errors are 2 / sqrt(200,000) = 0.0045 and 4 sqrt(8 / 200,000) = 0.025.
        assert!((mean - 2.0).abs() < 0.02 && (variance - 4.0).abs() < 0.12, "{mean} {variance}");
        // P(gap > 2 means) = e^-2 = 0.1353, standard error 0.0008.
        let long = (0..DRAWS).filter(|_| draws.gap(Duration::from_secs(1)) > Duration::from_secs(2)).count();
        let part = f64::from(u32::try_from(long).unwrap()) / f64::from(DRAWS);
        assert!((part - 0.1353).abs() < 0.004, "{part}");
    }

    #[test]
    fn normals_have_mean_zero_variance_one_and_the_tails_of_a_normal() {
        let mut draws = Draws::new(1, 0);
        let (mean, variance) = moments(|| draws.normal());
        assert!(mean.abs() < 0.01 && (variance - 1.0).abs() < 0.015, "{mean} {variance}");
        // P(|z| > 1.96) = 0.05, standard error 0.0005.
        let tail = (0..DRAWS).filter(|_| draws.normal().abs() > 1.96).count();
        let part = f64::from(u32::try_from(tail).unwrap()) / f64::from(DRAWS);
        assert!((part - 0.05).abs() < 0.0025, "{part}");
    }

    #[test]
    fn the_greatest_mean_saturates() {
        let mut draws = Draws::new(1, 0);
        assert!((0..100).any(|_| draws.gap(Duration::MAX) == Duration::from_nanos(u64::MAX)));
    }

    #[test]
    fn streams_of_a_seed_differ() {
        assert_ne!(Draws::new(1, 0).next_u64(), Draws::new(1, 1).next_u64());
        assert_eq!(Draws::new(1, 0).next_u64(), Draws::new(1, 0).next_u64());
    }
}
