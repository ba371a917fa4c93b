use std::time::Duration;

/// Sorted draws, and what can be said of them.
#[derive(Debug)]
pub(super) struct Sample {
    /// In seconds.
    draws: Vec<f64>,
}

impl Sample {
    pub(super) fn of(count: u32, mut draw: impl FnMut() -> Duration) -> Self {
        let mut draws: Vec<_> = (0..count).map(|_| draw().as_secs_f64()).collect();
        draws.sort_by(f64::total_cmp);
        Self { draws }
    }

    fn len(&self) -> f64 {
        f64::from(u32::try_from(self.draws.len()).unwrap())
    }

    pub(super) fn mean(&self) -> f64 {
        self.draws.iter().sum::<f64>() / self.len()
    }

    pub(super) fn least(&self) -> f64 {
        self.draws[0]
    }

    pub(super) fn greatest(&self) -> f64 {
        self.draws[self.draws.len() - 1]
    }

    /// The draw below which `tenths` tenths of all lie.
    pub(super) fn decile(&self, tenths: usize) -> f64 {
        self.draws[self.draws.len() * tenths / 10]
    }

    /// The part of the draws that is at least `bound`.
    pub(super) fn fraction_from(&self, bound: f64) -> f64 {
        let below = self.draws.partition_point(|draw| *draw < bound);
        f64::from(u32::try_from(self.draws.len() - below).unwrap()) / self.len()
    }

    /// Chi squared of 20 bins against the uniform law on `low ..= high`: 19 degrees of freedom, so that 43.8 is passed
    /// by one honest sample in a thousand.
    pub(super) fn chi_squared(&self, low: f64, high: f64) -> f64 {
        const BINS: u32 = 20;
        let expected = self.len() / f64::from(BINS);
        let width = (high - low) / f64::from(BINS);
        (0..BINS)
            .map(|bin| {
                let from = low + width * f64::from(bin);
                let next = if bin + 1 == BINS { f64::INFINITY } else { from + width };
                let seen = (self.fraction_from(from) - self.fraction_from(next)) * self.len();
                (seen - expected).powi(2) / expected
            })
            .sum()
    }
}
