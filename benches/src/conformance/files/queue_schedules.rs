//! Delays of the job queues Sidekiq, Oban and Celery. They count whole seconds, so what the engine draws is rounded down to one.

use std::time::Duration;

use retry_core::{Backoff, Entropy, Failure};

use crate::conformance::case::Case;
use crate::conformance::fault::{Fault, Outcome};
use crate::conformance::unit::Unit;

mod celery;
mod oban;
mod sidekiq;

pub(crate) fn run(case: &Case) -> Outcome {
    match case.op.as_str() {
        "sidekiq_delay" => sidekiq::delay(case),
        "total" => sidekiq::total(case),
        "oban_delay" => oban::delay(case),
        "oban_exponential" => oban::exponential(case),
        "oban_jitter" => oban::jitter(case),
        "celery_backoff" => celery::backoff(case),
        "celery_jitter_range" => celery::jitter_range(case),
        "celery_autoretry" => celery::autoretry(case),
        "job_fate" => Err(Fault::NotBuilt("retry-queue: what becomes of a job")),
        _ => Err(Fault::UnknownOp),
    }
}

/// Whole seconds of a schedule.
struct Seconds<B>(B);

impl<B: Backoff> Backoff for Seconds<B> {
    fn delay(&self, failure: &Failure, rng: &mut dyn Entropy) -> Option<Duration> {
        self.0.delay(failure, rng).map(|delay| Unit::Seconds.floor(delay))
    }
    fn needs_time(&self) -> bool {
        self.0.needs_time()
    }
}

/// The delays of two schedules together: one that pads or spreads the other.
struct Both<A, B>(A, B);

impl<A: Backoff, B: Backoff> Backoff for Both<A, B> {
    fn delay(&self, failure: &Failure, rng: &mut dyn Entropy) -> Option<Duration> {
        Some(self.0.delay(failure, rng)?.saturating_add(self.1.delay(failure, rng)?))
    }
    fn needs_time(&self) -> bool {
        self.0.needs_time() || self.1.needs_time()
    }
}
