/// Successes and failures of the last while, by tenths of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Window {
    /// The tenth to which the newest counts belong, from the clock's epoch.
    newest: u64,
    counts: [Count; TENTHS],
}

const TENTHS: usize = 10;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Count {
    pub(super) all: u64,
    pub(super) failed: u64,
}

impl Count {
    const NONE: Self = Self { all: 0, failed: 0 };
}

impl Window {
    pub(super) const EMPTY: Self = Self { newest: 0, counts: [Count::NONE; TENTHS] };

    /// Counts an attempt; the sums of the window of `length` that ends at `now`. A time that runs backwards counts as
    /// the latest.
    #[expect(clippy::cast_possible_truncation, reason = "a remainder of ten")]
    pub(super) fn count(&mut self, failed: bool, now: u64, length: u64) -> Count {
        self.move_to(now, length);
        let count = &mut self.counts[(self.newest % TENTHS as u64) as usize];
        count.all += 1;
        count.failed += u64::from(failed);
        self.sum()
    }

    fn sum(&self) -> Count {
        self.counts
            .iter()
            .fold(Count::NONE, |sum, count| Count { all: sum.all + count.all, failed: sum.failed + count.failed })
    }

    /// Forgets what is too old.
    #[expect(clippy::cast_possible_truncation, reason = "a remainder of ten")]
    fn move_to(&mut self, now: u64, length: u64) {
        let tenth = now / (length / TENTHS as u64).max(1);
        let moved = tenth.saturating_sub(self.newest).min(TENTHS as u64);
        for step in 1..=moved {
            self.counts[((self.newest + step) % TENTHS as u64) as usize] = Count::NONE;
        }
        if moved == TENTHS as u64 {
            self.counts = [Count::NONE; TENTHS];
        }
        self.newest = self.newest.max(tenth);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_older_than_the_window_is_forgotten_by_tenths() {
        let mut window = Window::EMPTY;
        for now in 0..10 {
            window.count(now % 2 == 0, now * 100, 1000);
        }
        assert_eq!(window.sum(), Count { all: 10, failed: 5 });
        // at 1000 the first tenth is over, and with it a failure
        assert_eq!(window.count(false, 1000, 1000), Count { all: 10, failed: 4 });
        assert_eq!(window.count(false, 1899, 1000), Count { all: 3, failed: 0 });
        assert_eq!(window.count(true, u64::MAX, 1000), Count { all: 1, failed: 1 });
        // backwards
        assert_eq!(window.count(true, 0, 1000), Count { all: 2, failed: 2 });
    }
}
