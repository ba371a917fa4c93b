//! The loops that are measured. What the caller holds is made once, before the loop.

use std::fmt::Debug;
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use tokio::runtime::{Builder, Runtime};

use crate::caller::Caller;
use crate::work::{Script, rewound};

/// Calls `n` times without a runtime: each call must be ready at its first poll.
///
/// # Panics
/// If a call gives up, or waits.
pub fn polled<C: Caller>(make: impl Fn() -> C, failures: u32, n: u64) {
    let mut caller = make();
    for _ in 0..n {
        let script = rewound(failures);
        let mut call = pin!(caller.call(script));
        match call.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(result) => black_box(value(result)),
            Poll::Pending => panic!("a call without a timer has to wait"),
        };
    }
}

/// Calls `n` times on a tokio runtime whose time is paused: timers are set and fire, nobody waits.
///
/// # Panics
/// If a call gives up.
pub fn awaited<C: Caller>(make: impl Fn() -> C, failures: u32, n: u64) {
    let mut caller = make();
    runtime(true).block_on(async {
        for _ in 0..n {
            let script = rewound(failures);
            black_box(value(caller.call(script).await));
        }
    });
}

/// Calls `n` times, blocking.
///
/// # Panics
/// If a call gives up.
pub fn blocking<B, E>(make: impl Fn() -> B, failures: u32, n: u64)
where
    B: FnMut(&'static Script) -> Result<u64, E>,
    E: Debug,
{
    let mut call = make();
    for _ in 0..n {
        let script = rewound(failures);
        black_box(value(call(script)));
    }
}

/// The bytes of one call's future.
pub fn future_bytes<C: Caller>(make: impl Fn() -> C) -> usize {
    size_of_val(&make().call(rewound(0)))
}

/// A runtime of the calling thread, with timers only.
#[expect(clippy::expect_used, reason = "a runtime without I/O driver asks the system for nothing that can be refused")]
pub(crate) fn runtime(paused: bool) -> Runtime {
    Builder::new_current_thread().enable_time().start_paused(paused).build().expect("a runtime")
}

#[inline(always)]
pub(crate) fn value<E: Debug>(result: Result<u64, E>) -> u64 {
    match result {
        Ok(value) => value,
        Err(error) => panic!("gave up: {error:?}"),
    }
}
