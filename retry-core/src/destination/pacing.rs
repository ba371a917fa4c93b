use std::time::Duration;

use crate::{Aimd, Class, Cubic, Pacer, Time};

/// The pacer of one destination, if it has one.
#[derive(Debug)]
pub(super) enum Pacing {
    None,
    Aimd(Aimd),
    Cubic(Cubic),
}

impl Pacing {
    /// The rate to which it holds, if it does.
    pub(super) fn rate(&self) -> Option<f64> {
        match self {
            Self::None => None,
            Self::Aimd(pacer) => pacer.is_engaged().then(|| pacer.rate()),
            Self::Cubic(pacer) => pacer.is_engaged().then(|| pacer.rate()),
        }
    }

    /// Whether nothing was throttled for `quiet`.
    pub(super) fn is_at_rest(&self, quiet: Duration, now: Time) -> bool {
        match self {
            Self::None => true,
            Self::Aimd(pacer) => pacer.is_at_rest(quiet, now),
            Self::Cubic(pacer) => pacer.is_at_rest(quiet, now),
        }
    }
}

impl Pacer for Pacing {
    #[inline]
    fn acquire(&self, now: Time) -> Result<(), Duration> {
        match self {
            Self::None => Ok(()),
            Self::Aimd(pacer) => pacer.acquire(now),
            Self::Cubic(pacer) => pacer.acquire(now),
        }
    }

    fn release(&self) {
        match self {
            Self::None => {}
            Self::Aimd(pacer) => pacer.release(),
            Self::Cubic(pacer) => pacer.release(),
        }
    }

    fn succeeded(&self, now: Time) {
        match self {
            Self::None => {}
            Self::Aimd(pacer) => pacer.succeeded(now),
            Self::Cubic(pacer) => pacer.succeeded(now),
        }
    }

    fn failed(&self, class: Class, now: Time) {
        match self {
            Self::None => {}
            Self::Aimd(pacer) => pacer.failed(class, now),
            Self::Cubic(pacer) => pacer.failed(class, now),
        }
    }
}
