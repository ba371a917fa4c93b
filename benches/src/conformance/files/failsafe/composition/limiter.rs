//! A rate limiter of a composition.

use std::time::Duration;

use retry_core::{Time, TokenBucket};

use super::layer::{Arguments, time};

/// So many executions in a period.
pub(super) struct RateLimiter {
    kind: Kind,
    pub(super) refused: usize,
}

enum Kind {
    /// All at once, at any time of the period, and the same again in the next. A user's own: the engine paces.
    Bursty { most: u32, period: Duration, begun: Option<Time>, taken: u32 },
    /// One after another, evenly.
    Smooth(TokenBucket),
}

impl RateLimiter {
    /// `3/s`, `3 per 100ms`, or `max_executions=3, period=1s`.
    pub(super) fn parse(arguments: &Arguments<'_>, smooth: bool) -> Option<Self> {
        let (mut most, mut period, mut smooth) = (None, Duration::from_secs(1), smooth);
        for (key, value) in arguments.iter() {
            match key {
                "" if value == "smooth" => smooth = true,
                "" if value == "bursty" => {}
                "" | "rate" | "bursty" | "smooth" | "max_executions" | "permits" | "limit" => {
                    smooth |= key == "smooth";
                    let (number, each) = value.split_once('/').or_else(|| value.split_once(" per ")).unzip();
                    most = Some(number.unwrap_or(value).trim().parse::<u32>().ok()?);
                    if let Some(each) = each {
                        period = each_of(each)?;
                    }
                }
                "period" | "per" => period = each_of(value)?,
                _ => return None,
            }
        }
        let most = most?;
        let kind = match smooth {
            true => Kind::Smooth(TokenBucket::full(f64::from(most) / period.as_secs_f64(), 1.0, Time::default())),
            false => Kind::Bursty { most, period, begun: None, taken: 0 },
        };
        Some(Self { kind, refused: 0 })
    }

    /// Whether one more may be executed.
    pub(super) fn admit(&mut self, now: Time) -> bool {
        let admitted = match &mut self.kind {
            Kind::Smooth(bucket) => bucket.try_acquire(1.0, now).is_ok(),
            Kind::Bursty { most, period, begun, taken } => {
                if begun.is_none_or(|begun| now.since(begun) >= *period) {
                    (*begun, *taken) = (Some(now), 0);
                }
                *taken = taken.saturating_add(1);
                *taken <= *most
            }
        };
        self.refused += usize::from(!admitted);
        admitted
    }
}

/// `s`, `second`, `1s`.
fn each_of(text: &str) -> Option<Duration> {
    match text.trim() {
        "s" | "sec" | "second" => Some(Duration::from_secs(1)),
        "min" | "minute" => Some(Duration::from_secs(60)),
        text => time(text).filter(|period| !period.is_zero()),
    }
}
