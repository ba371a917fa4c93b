use std::future::Future;

use super::Retry;
use crate::call::{Call, NoArg, WithAttempt};
use crate::extra::{Extra, With};
use crate::history::Keep;
use crate::limit::{Cut, Limit};
use crate::reject::Reject;
use crate::run::Run;
use crate::stop::StopSignal;
use crate::{Attempt, Clock, ErrorClassifier, GaveUp, ObserveError, Observer, RetryPolicy, Sleeper};

/// What a call returns when it ends without success.
pub(crate) type Stop<E, T, X> = GaveUp<E, <<X as Extra>::Reject as Reject<T>>::Rejected, <X as Extra>::History>;

impl<P: RetryPolicy, S, C, O, X: Extra> Retry<P, S, C, O, X> {
    /// Calls `op` until it succeeds or the policy stops.
    ///
    /// The future has a name ([`Call`]), allocates nothing, does nothing until polled, and is `Send` whenever its parts
    /// are, also when `op` borrows. Where `op` must capture by `&mut`, use [`call_mut`](Self::call_mut) or
    /// [`begin`](Self::begin).
    ///
    /// # Errors
    /// [`GaveUp`]: the last error, why it ended, and after how many attempts.
    ///
    /// # Cancel safety
    /// Dropping the future drops the attempt or the wait in progress; see [`Call`].
    ///
    /// ```
    /// # use retry_core::{Policy, Retry};
    /// # use std::{sync::atomic::{AtomicU32, Ordering}, time::Duration};
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let retry = Retry::new(Policy::constant(Duration::from_secs(1)).attempts(5));
    /// let tries = AtomicU32::new(0);
    /// let third = retry
    ///     .call(async || match tries.fetch_add(1, Ordering::Relaxed) {
    ///         2 => Ok("third time lucky"),
    ///         _ => Err("no"),
    ///     })
    ///     .await;
    /// assert_eq!(third.unwrap(), "third time lucky");
    /// # }
    /// ```
    #[inline]
    pub fn call<T, E, F, Fut>(&self, op: F) -> Call<'_, P, S, C, O, X, NoArg<F>>
    where
        F: FnMut() -> Fut,
        Fut: Future<Output = Result<T, E>>,
        S: Sleeper,
        X::Limit: Cut<S>,
    {
        Call::new(self, NoArg::new(op))
    }

    /// Like [`call`](Self::call), and tells `op` which attempt it is and how much time it has.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    ///
    /// # Cancel safety
    /// As [`call`](Self::call).
    ///
    /// ```
    /// # use retry_core::{Policy, Retry};
    /// # use std::time::Duration;
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let retry = Retry::new(Policy::constant(Duration::from_secs(1)).attempts(5));
    /// let done = retry.call_with(async |attempt| if attempt.number < 3 { Err("no") } else { Ok(attempt.number) });
    /// assert_eq!(done.await.unwrap(), 3);
    /// # }
    /// ```
    #[inline]
    pub fn call_with<T, E, F, Fut>(&self, op: F) -> Call<'_, P, S, C, O, X, WithAttempt<F>>
    where
        F: FnMut(Attempt) -> Fut,
        Fut: Future<Output = Result<T, E>>,
        S: Sleeper,
        X::Limit: Cut<S>,
    {
        Call::new(self, WithAttempt::new(op))
    }

    /// Like [`call_with`](Self::call_with), for `async` closures that capture by `&mut`.
    ///
    /// On Rust 1.95 the future is `Send`, and so can be spawned, only if the closure owns what it captures
    /// (rust-lang/rust#138207 and its kin); [`begin`](Self::begin) has no such limit.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    ///
    /// # Cancel safety
    /// As [`call`](Self::call).
    ///
    /// ```
    /// # use retry_core::{Policy, Retry};
    /// # use std::time::Duration;
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let retry = Retry::new(Policy::constant(Duration::from_secs(1)).attempts(5));
    /// let mut log = Vec::new();
    /// let done = retry.call_mut(async |attempt| {
    ///     log.push(attempt.number);
    ///     if log.len() < 3 { Err("no") } else { Ok(()) }
    /// });
    /// done.await.unwrap();
    /// assert_eq!(log, [1, 2, 3]);
    /// # }
    /// ```
    pub async fn call_mut<T, E, F>(&self, mut op: F) -> Result<T, Stop<E, T, X>>
    where
        F: AsyncFnMut(Attempt) -> Result<T, E>,
        S: Sleeper,
        X: Extra<Reject: Reject<T>>,
        X::Limit: Cut<S>,
        C: ErrorClassifier<E>,
        O: ObserveError<E>,
    {
        let mut run = Run::new(self);
        run.admitted().await?;
        loop {
            let running = run.limit(op(run.attempt()));
            match self.check(running.await) {
                Ok(value) => return Ok(run.succeeded(value)),
                Err(miss) => run.wait(miss).await?,
            }
        }
    }
}

impl<P: RetryPolicy, S: Clock, C, O: Observer, L: Limit, H: Keep, G: StopSignal> Retry<P, S, C, O, With<L, (), H, G>> {
    /// Begins a run in the caller's own loop, with no closure at all: borrows anything, is `Send`, and leaves `?`,
    /// `break` and `return` to the caller.
    ///
    /// Call [`Run::failed`] after each failure and [`Run::succeeded`] in the end; where the policy has a say in
    /// admission (breaker, pacing, budget), await [`Run::admitted`] first.
    ///
    /// ```
    /// # use retry_core::{GaveUp, Policy, Retry};
    /// # use std::time::Duration;
    /// # struct Connection { sent: u32 }
    /// # impl Connection {
    /// #     async fn send(&mut self, _: &str) -> Result<u32, &'static str> {
    /// #         self.sent += 1;
    /// #         if self.sent < 3 { Err("busy") } else { Ok(self.sent) }
    /// #     }
    /// # }
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() -> Result<(), GaveUp<&'static str>> {
    /// let retry = Retry::new(Policy::constant(Duration::from_secs(1)).attempts(5));
    /// let mut connection = Connection { sent: 0 };
    /// let mut run = retry.begin();
    /// let sent = loop {
    ///     match connection.send("hello").await {
    ///         Ok(sent) => break run.succeeded(sent),
    ///         Err(error) => run.failed(error).await?,
    ///     }
    /// };
    /// assert_eq!(sent, 3);
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn begin(&self) -> Run<'_, P, S, C, O, With<L, (), H, G>> {
        Run::new(self)
    }
}
