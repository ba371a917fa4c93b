use retry_core::BreakerState;

/// How a [`Sender`](crate::Sender) sees a host at the moment: for monitoring.
///
/// ```
/// use retry_core::{BreakerState, Policy};
/// use retry_email::{Endpoint, Sender};
/// use std::time::Duration;
///
/// let policy = Policy::constant(Duration::ZERO).attempts(5);
/// let sender = Sender::new(policy).host(Endpoint::new("mx.example.org", 25));
/// let host = &sender.host_states()[0];
/// assert_eq!((host.name.as_str(), host.breaker), ("mx.example.org:25", Some(BreakerState::Closed)));
/// // As many attempts as the policy may ask for.
/// assert_eq!(host.balance, Some(500));
/// assert_eq!((host.window, host.under_way, host.rate, host.success_percent), (5, 0, None, 100));
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct HostState {
    /// Host and port.
    pub name: String,
    /// What its breaker lets through; `None` without one.
    pub breaker: Option<BreakerState>,
    /// What its retry budget holds, in percent of a retry; `None` without one.
    pub balance: Option<u64>,
    /// How many deliveries a second its pacer lets through; `None` without one, and before anything was throttled.
    pub rate: Option<f64>,
    /// How many of the last deliveries it was fit for, in percent: a mean in which each weighs a tenth.
    pub success_percent: u32,
    /// How many deliveries may be under way.
    pub window: u32,
    /// How many are.
    pub under_way: u32,
    /// Idle connections.
    pub idle: usize,
}
