//! A policy with a say in admission, which remembers what it was asked and told.

use std::cell::RefCell;
use std::time::Duration;

use retry_core::{Admission, Clock, Decision, Entropy, Failure, Needs, Outcome, RetryPolicy};

/// Retries for ever after `delay`; answers for admission come from `admissions`, the first attempt's first, and then it
/// lets everybody in.
#[derive(Debug)]
pub(crate) struct Gate {
    delay: Duration,
    admissions: Vec<Admission>,
    needs: Needs,
    asked: RefCell<Vec<u32>>,
    heard: RefCell<Vec<Outcome>>,
}

impl Gate {
    pub(crate) fn new(delay: Duration, admissions: &[Admission]) -> Self {
        Self {
            delay,
            admissions: admissions.to_vec(),
            needs: Needs { time: false, ..Needs::EVERYTHING },
            asked: RefCell::default(),
            heard: RefCell::default(),
        }
    }

    /// One that wants to hear outcomes, and no more.
    pub(crate) fn listener(delay: Duration) -> Self {
        let needs = Needs { outcomes: true, ..Needs::NOTHING };
        Self { needs, ..Self::new(delay, &[]) }
    }

    /// One that wants to hear nothing.
    pub(crate) fn deaf(delay: Duration) -> Self {
        Self { needs: Needs::NOTHING, ..Self::new(delay, &[]) }
    }

    /// The attempts it was asked about.
    pub(crate) fn asked(&self) -> Vec<u32> {
        self.asked.borrow().clone()
    }

    pub(crate) fn heard(&self) -> Vec<Outcome> {
        self.heard.borrow().clone()
    }
}

impl RetryPolicy for Gate {
    fn decide(&self, _: &Failure, _: &mut dyn Entropy) -> Decision {
        Decision::retry(self.delay)
    }

    fn admit(&self, attempt: u32, _: &dyn Clock) -> Admission {
        let mut asked = self.asked.borrow_mut();
        asked.push(attempt);
        *self.admissions.get(asked.len() - 1).unwrap_or(&Admission::Go)
    }

    fn outcome(&self, outcome: Outcome) {
        self.heard.borrow_mut().push(outcome);
    }

    fn needs(&self) -> Needs {
        self.needs
    }
}
