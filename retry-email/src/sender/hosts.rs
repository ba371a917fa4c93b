//! Where mail is handed in: several hosts, and in which order now.

use retry_core::Entropy;

use super::host::Host;

/// The hosts, best first: by priority, and among equals by weight and chance.
pub(super) fn route<S>(hosts: &[Host<S>], rng: &mut dyn Entropy) -> Vec<usize> {
    let mut order: Vec<(u16, f64, usize)> =
        hosts.iter().enumerate().map(|(at, host)| (host.priority, -weighted(host.weight, rng), at)).collect();
    order.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    order.into_iter().map(|(.., at)| at).collect()
}

/// The greatest comes first: each host with a chance in proportion to its weight (Efraimidis and Spirakis 2006). A weight of 0
/// comes after all others.
fn weighted(weight: u16, rng: &mut dyn Entropy) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "53 bits are exact")]
    let unit = ((rng.next_u64() >> 11) + 1) as f64 / (1_u64 << 53) as f64;
    if weight == 0 { unit - 2.0 } else { unit.powf(1.0 / f64::from(weight)) }
}
