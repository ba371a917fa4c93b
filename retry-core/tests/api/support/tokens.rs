//! A policy that counts tokens, as a retry budget does.

use std::cell::Cell;
use std::time::Duration;

use retry_core::{Decision, Entropy, Failure, Needs, Outcome, RetryPolicy, StopReason};

/// Gives a token for each retry and takes it back when the retry is withdrawn.
#[derive(Debug)]
pub(crate) struct Tokens {
    left: Cell<i64>,
    delay: Duration,
}

impl Tokens {
    pub(crate) fn new(tokens: i64, delay: Duration) -> Self {
        Self { left: Cell::new(tokens), delay }
    }

    pub(crate) fn left(&self) -> i64 {
        self.left.get()
    }
}

impl RetryPolicy for Tokens {
    fn decide(&self, _: &Failure, _: &mut dyn Entropy) -> Decision {
        if self.left.get() <= 0 {
            return Decision::Stop(StopReason::Budget);
        }
        self.left.set(self.left.get() - 1);
        Decision::retry(self.delay)
    }

    fn outcome(&self, outcome: Outcome) {
        if outcome == Outcome::Withdrawn {
            self.left.set(self.left.get() + 1);
        }
    }

    fn needs(&self) -> Needs {
        Needs { outcomes: true, ..Needs::NOTHING }
    }
}
