//! The `tower` layer.

mod admission;
mod calls;
mod dropped;
mod readiness;
mod requests;

use std::task::{Context, Poll, Waker};

use retry_core::test_util::VirtualClock;
use retry_core::tower::tower_service::Service;

/// Makes the service ready, as whoever calls it must, and calls it.
fn call<S: Service<&'static str>>(clock: &VirtualClock, service: &mut S) -> Result<S::Response, S::Error> {
    clock.run(async {
        std::future::poll_fn(|cx| service.poll_ready(cx)).await?;
        service.call("GET /").await
    })
}

/// The call, not polled yet, of a service that is ready at once.
fn begin<S: Service<&'static str>>(service: &mut S) -> S::Future {
    assert!(matches!(service.poll_ready(&mut Context::from_waker(Waker::noop())), Poll::Ready(Ok(()))));
    service.call("GET /")
}
