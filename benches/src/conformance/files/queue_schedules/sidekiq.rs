//! Sidekiq: `count^4 + 15` seconds and up to `10 * (count + 1)` more, the last of them left out; counted from 0.

use std::time::Duration;

use retry_core::{Backoff as _, Entropy, Failure, Jitter};

use super::{Both, Seconds};
use crate::conformance::case::Case;
use crate::conformance::draws;
use crate::conformance::fault::{Fault, Outcome, same};
use crate::conformance::line;
use crate::conformance::runs::{self, AnyBackoff, Delays, check_delay};

/// Uniform below the delay.
struct Below;

impl Jitter for Below {
    fn apply(&self, delay: Duration, cap: Duration, rng: &mut dyn Entropy) -> Duration {
        retry_core::Full.apply(delay.saturating_sub(Duration::from_nanos(1)), cap, rng)
    }
}

fn schedule() -> Result<AnyBackoff, Fault> {
    let spread = line::schedule("linear 10s")?.jittered(Below);
    Ok(Box::new(Seconds(Both(line::schedule("poly 15s n^4")?, spread))))
}

pub(super) fn delay(case: &Case) -> Outcome {
    case.input().only(&["count", "random"])?;
    let failure: Failure = runs::failure(case.input().need_whole("count")?.saturating_add(1));
    let schedule = schedule()?;
    check_delay(case, |draw| schedule.delay(&failure, draw))
}

/// The sum of so many delays, if each is the least, and if each is the greatest.
pub(super) fn total(case: &Case) -> Outcome {
    let retries = case.input().need_count("retries")?;
    let policy = schedule()?.up_to(retries.saturating_add(1));
    let expected = case.all().object("expect");
    let sum = |u| Delays::new(&policy, draws::always(u)).fold(Duration::ZERO, Duration::saturating_add).as_secs();
    for key in expected.keys() {
        match key {
            "min_total" => same(expected.need_whole(key)?, sum(0.0))?,
            "max_total" => same(expected.need_whole(key)?, sum(1.0))?,
            _ => return Err(Fault::unreadable(format!("`{key}` in `expect`"))),
        }
    }
    Ok(())
}
