//! Every way to run an operation, behind one call.

use std::convert::Infallible;
use std::future::ready;
use std::time::Duration;

use retry_core::test_util::VirtualClock;
use retry_core::{
    BlockingSleeper, Clock, Cut, ErrorClassifier, GaveUp, Keep, ObserveError, Retry, RetryPolicy, Sleeper, StopSignal,
    Time, With,
};

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Door {
    Call,
    CallWith,
    CallMut,
    Loop,
    CallBlocking,
    CallBlockingWith,
    BlockingLoop,
}

impl Door {
    pub(crate) const ALL: [Self; 7] = [
        Self::Call,
        Self::CallWith,
        Self::CallMut,
        Self::Loop,
        Self::CallBlocking,
        Self::CallBlockingWith,
        Self::BlockingLoop,
    ];

    /// Those whose future owns the attempt and can cut it.
    pub(crate) const CUTTING: [Self; 3] = [Self::Call, Self::CallWith, Self::CallMut];

    /// Runs `op` through this door, on the clock that the retrier has.
    pub(crate) fn run<T, E, P, S, C, O, L, H, G>(
        self,
        retry: &Retry<P, S, C, O, With<L, (), H, G>>,
        mut op: impl FnMut() -> Result<T, E>,
    ) -> Result<T, GaveUp<E, Infallible, H>>
    where
        P: RetryPolicy,
        S: Virtual,
        C: ErrorClassifier<E>,
        O: ObserveError<E>,
        L: Cut<S>,
        H: Keep,
        G: StopSignal,
    {
        let clock = retry.time().clock();
        match self {
            Self::Call => clock.run(retry.call(|| ready(op()))),
            Self::CallWith => clock.run(retry.call_with(|_| ready(op()))),
            Self::CallMut => clock.run(retry.call_mut(async |_| op())),
            Self::Loop => clock.run(async {
                let mut run = retry.begin();
                run.admitted().await?;
                loop {
                    match op() {
                        Ok(value) => break Ok(run.succeeded(value)),
                        Err(error) => run.failed(error).await?,
                    }
                }
            }),
            Self::CallBlocking => retry.call_blocking(op),
            Self::CallBlockingWith => retry.call_blocking_with(|_| op()),
            Self::BlockingLoop => {
                let mut run = retry.begin();
                run.admitted_blocking()?;
                loop {
                    match op() {
                        Ok(value) => break Ok(run.succeeded(value)),
                        Err(error) => run.failed_blocking(error)?,
                    }
                }
            }
        }
    }
}

/// A sleeper of either kind on a virtual clock.
pub(crate) trait Virtual: Sleeper + BlockingSleeper {
    fn clock(&self) -> &VirtualClock;
}

impl Virtual for VirtualClock {
    fn clock(&self) -> &VirtualClock {
        self
    }
}

/// Sleeps twice as long as it should, as a machine does that is suspended meanwhile.
#[derive(Clone, Debug, Default)]
pub(crate) struct Oversleeping(VirtualClock);

impl Clock for Oversleeping {
    fn now(&self) -> Time {
        self.0.now()
    }
}

impl Sleeper for Oversleeping {
    type Sleep = <VirtualClock as Sleeper>::Sleep;
    fn sleep(&self, delay: Duration) -> Self::Sleep {
        self.0.sleep(delay.saturating_mul(2))
    }
}

impl BlockingSleeper for Oversleeping {
    fn sleep_blocking(&self, delay: Duration) {
        self.0.sleep_blocking(delay.saturating_mul(2));
    }
}

impl Virtual for Oversleeping {
    fn clock(&self) -> &VirtualClock {
        &self.0
    }
}

/// An operation that fails `failures` times and then gives the number of the attempt.
pub(crate) fn failing(failures: u32) -> impl FnMut() -> Result<u32, &'static str> {
    let mut attempt = 0;
    move || {
        attempt += 1;
        if attempt > failures { Ok(attempt) } else { Err("busy") }
    }
}
