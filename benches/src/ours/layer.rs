//! The layer over a `tower` service. The caller keeps the service, as in the rows of the peers' layers.

use retry_core::Retry;
use tower::{Layer, Service, service_fn};

use super::retriers::{Policy, Timer};
use crate::caller::Caller;
use crate::held::held_mut;
use crate::work::attempt;

pub(super) fn plain<P: Policy, S: Timer>(retrier: Retry<P, S>) -> impl Caller {
    let service = held_mut(retrier.into_layer().layer(service_fn(attempt)));
    move |script| service.call(script)
}
