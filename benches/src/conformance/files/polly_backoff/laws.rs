//! Polly's properties, over many delays, attempts and seeds.

use std::time::Duration;

use retry_core::{Backoff as _, Entropy, Exponential, Failure, Ratio, Seeded};

use super::{after, policy};
use crate::conformance::case::Case;
use crate::conformance::draws;
use crate::conformance::fault::{Fault, Outcome};
use crate::conformance::law;
use crate::conformance::runs;
use crate::conformance::unit::{GREATEST, Unit};

const JITTER: &str = "forall d in [#ms,#min], u in [0,1): # d <= jitter(d,u) <= # d";
const V2: &str = "forall attempt in [#,#], base in [#ms,#min]: 0 <= delay <= min(max, base*#^attempt*#)";
/// Values drawn for each variable.
const VALUES: u64 = 200;

pub(super) fn run(case: &Case) -> Outcome {
    if let Some(numbers) = law::numbers(case, JITTER)? {
        return jitter(&numbers);
    }
    if let Some(numbers) = law::numbers(case, V2)? {
        return v2(&numbers);
    }
    Err(Fault::unreadable("the runner knows no such law"))
}

/// A delay between some milliseconds and some minutes: the ends, and between them by order of magnitude.
fn delays(from_ms: f64, to_min: f64) -> impl Iterator<Item = Duration> {
    let (from, to) = (Unit::Milliseconds.duration(from_ms), Unit::Seconds.duration(to_min * 60.0));
    let mut rng = Seeded::new(1);
    let drawn = move |_| {
        // 12 bits of the number, some orders of magnitude down.
        let part = (to / 4096).saturating_mul(1 + (rng.next_u64() >> 52) as u32);
        (part / (1 << (rng.next_u64() % 24))).clamp(from, to)
    };
    [from, to].into_iter().chain((0..VALUES).map(drawn))
}

/// The proportional spread of constant and linear delays.
fn jitter(numbers: &[f64]) -> Outcome {
    let [from, to, least, most] = *numbers else { return Err(Fault::unreadable("the law has other numbers")) };
    for base in delays(from, to) {
        let d = Unit::Seconds.count(base);
        for kind in ["constant", "linear"] {
            let policy = policy(kind, true, base, None)?;
            for mut draw in draws::many() {
                let got = Unit::Seconds.count(after(&policy, 0, &mut draw));
                let slack = Unit::Seconds.tick();
                if got < least * d - slack || got > most * d + slack {
                    return Err(Fault::differs(format!("{least} d to {most} d for d = {d} s"), got));
                }
            }
        }
    }
    Ok(())
}

/// V2 delays with and without a cap, each alone and in a run.
fn v2(numbers: &[f64]) -> Outcome {
    let [first, last, from, to, factor, times] = *numbers else {
        return Err(Fault::unreadable("the law has other numbers"));
    };
    let (first, last) = (whole(first)?, whole(last)?);
    let factor = crate::conformance::quantity::ratio(factor)?;
    let times = crate::conformance::quantity::ratio(times)?;
    let mut rng = Seeded::new(2);
    for base in delays(from, to) {
        for max in [None, Some(base / 2), Some(base.saturating_mul(10)), Some(Duration::from_secs(30))] {
            let policy = policy("exponential", true, base, max)?;
            let span = last.saturating_sub(first).saturating_add(1);
            for attempt in [first, last, first + rng.next_u64() % span] {
                let most = bound(base, factor, attempt, times).min(max.unwrap_or(GREATEST));
                for mut draw in draws::many().take(24) {
                    let got = after(&policy, attempt, &mut draw);
                    if got > most {
                        return Err(Fault::differs(
                            format!("at most {most:?} at attempt {attempt}"),
                            format!("{got:?}"),
                        ));
                    }
                }
            }
        }
    }
    Ok(())
}

/// `base * factor^attempt * times`, as great as the engine's time goes.
fn bound(base: Duration, factor: Ratio, attempt: u64, times: Ratio) -> Duration {
    let failure: Failure = runs::failure(attempt.saturating_add(1));
    let schedule = Exponential::new(base).factor(factor).scaled(times);
    schedule.delay(&failure, &mut draws::always(0.0)).unwrap_or(GREATEST)
}

fn whole(number: f64) -> Result<u64, Fault> {
    format!("{number:.0}").parse().map_err(|_| Fault::unreadable(format!("{number} is no number of attempts")))
}
