use std::time::Duration;

use super::Allowance;

/// The token bucket of Marc Brooker, "Fixing retries with token buckets and circuit breakers" (2022): begins full, each
/// success deposits a part of a retry, and a retry takes a whole one.
#[derive(Clone, Debug)]
pub struct Brooker {
    part: f64,
    most: f64,
    tokens: f64,
}

impl Default for Brooker {
    /// A tenth of a retry a success, ten at most.
    fn default() -> Self {
        Self::new(0.1, 10.0)
    }
}

impl Brooker {
    /// `part` of a retry for each success, `most` at once.
    #[must_use]
    pub const fn new(part: f64, most: f64) -> Self {
        Self { part, most, tokens: most }
    }
}

impl Allowance for Brooker {
    fn succeeded(&mut self, _: Duration) {
        self.tokens = (self.tokens + self.part).min(self.most);
    }

    fn grants(&mut self, _: Duration) -> bool {
        let granted = self.tokens >= 1.0;
        if granted {
            self.tokens -= 1.0;
        }
        granted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_begins_full_and_is_paid_by_success() {
        let mut bucket = Brooker::new(0.25, 2.0);
        let mut grants = |successes| {
            (0..successes).for_each(|_| bucket.succeeded(Duration::ZERO));
            bucket.grants(Duration::ZERO)
        };
        assert!(grants(0) && grants(0) && !grants(0));
        // 3 * 0.25 < 1, and with one more just 1
        assert!(!grants(3) && grants(1) && !grants(0));
    }
}
