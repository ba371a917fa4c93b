//! Where mail is handed in: several hosts, and which of them now.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use retry_core::{Entropy, Time};

use super::host::Host;

/// How long a host rests after its n-th failure in a row: 30 s, doubled each time, at most 10 minutes.
const REST: Duration = Duration::from_secs(30);
const LONGEST_REST: Duration = Duration::from_secs(600);

/// A host's health: whether connections to it have failed of late.
#[derive(Debug, Default)]
pub(super) struct Health {
    state: Mutex<Rest>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Rest {
    failures: u32,
    until: Time,
}

impl Health {
    fn get(&self) -> Rest {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn succeeded(&self) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = Rest::default();
    }

    pub(super) fn failed(&self, now: Time) {
        let mut rest = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let length = REST.saturating_mul(1 << rest.failures.min(10)).min(LONGEST_REST);
        *rest = Rest { failures: rest.failures.saturating_add(1), until: now.after(length) };
    }

    /// Takes the turn to probe a host whose rest is over: only one asks, the others see it rest until the answer is there.
    fn probe(&self, now: Time) -> bool {
        let mut rest = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let free = rest.failures == 0 || rest.until <= now;
        if free && rest.failures > 0 {
            rest.until = now.after(REST);
        }
        free
    }
}

/// The hosts to try now, best first: by priority, and among equals by weight and chance. Those that rest are left out, unless
/// all do: then the one that will be up first is tried all the same.
pub(super) fn route<S>(hosts: &[Host<S>], now: Time, rng: &mut dyn Entropy) -> Vec<usize> {
    let mut order: Vec<(u16, f64, usize)> =
        hosts.iter().enumerate().map(|(at, host)| (host.priority, -weighted(host.weight, rng), at)).collect();
    order.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let awake: Vec<usize> = order.iter().map(|&(.., at)| at).filter(|&at| hosts[at].health.probe(now)).collect();
    if awake.is_empty() {
        return order.iter().map(|&(.., at)| at).min_by_key(|&at| hosts[at].health.get().until).into_iter().collect();
    }
    awake
}

/// The greatest comes first: each host with a chance in proportion to its weight (Efraimidis and Spirakis 2006). A weight of 0
/// comes after all others.
fn weighted(weight: u16, rng: &mut dyn Entropy) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "53 bits are exact")]
    let unit = ((rng.next_u64() >> 11) + 1) as f64 / (1_u64 << 53) as f64;
    if weight == 0 { unit - 2.0 } else { unit.powf(1.0 / f64::from(weight)) }
}
