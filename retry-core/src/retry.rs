//! The retrier: everything that stays the same from call to call.

use std::future::Future;
use std::marker::PhantomData;
use std::time::Duration;

use crate::extra::{Plain, With};
use crate::history::History;
use crate::limit::Limits;
use crate::reject::RejectFn;
use crate::stop::StopFn;
use crate::{AnyError, BySelf, RetryPolicy, Verdict};

mod blocking;
mod doors;
mod function;
mod limited;
mod step;

#[cfg(feature = "tokio")]
pub use function::retry;
#[cfg(feature = "thread")]
pub use function::retry_blocking;
pub use limited::LimitedRetry;
pub(crate) use step::{Gate, Miss};

/// Policy, time source, classifier and observer: runs any number of operations, one after another or at once, by `&self`.
///
/// # Doors
///
/// | door | operation | use it |
/// |---|---|---|
/// | [`call`](Self::call) | `FnMut() -> impl Future` | first: works in spawned tasks, borrows by `&`, has a nameable future |
/// | [`call_with`](Self::call_with) | `FnMut(Attempt) -> impl Future` | the same, if the operation wants the attempt's number or time left |
/// | [`call_mut`](Self::call_mut) | `AsyncFnMut(Attempt)` | an `async` closure that captures by `&mut`, in code that is not spawned |
/// | [`begin`](Self::begin) | your own loop | anything else: `&mut` in a spawned task, `break` and `?` out of the loop |
/// | [`call_blocking`](Self::call_blocking) | `FnMut()` | no async at all |
/// | `stream` (feature `stream`) | `FnMut() -> impl Stream` | streams that break and are opened again |
/// | `into_layer` (feature `tower`) | a `tower` service | requests of any service, in a stack of layers |
///
/// # Defaults
/// Every error is [transient](AnyError); nothing is observed; attempts may run as long as they like; every Ok-value is
/// accepted; no history is kept; nothing stops it. What is not asked for costs no byte and no instruction.
///
/// # Examples
/// ```
/// use retry_core::{Law, Policy, Retry};
/// use std::time::Duration;
///
/// # async fn fetch() -> Result<&'static str, std::io::Error> { Ok("page") }
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let policy = Policy::exponential(Duration::from_millis(100), Duration::from_secs(10)).jitter(Law::FULL).attempts(5);
/// let retry = Retry::new(policy);
/// assert_eq!(retry.call(|| fetch()).await.unwrap(), "page");
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Retry<P, S, C = AnyError, O = (), X = Plain> {
    pub(crate) policy: P,
    pub(crate) time: S,
    pub(crate) classifier: C,
    pub(crate) observer: O,
    pub(crate) extra: X,
}

#[cfg(feature = "tokio")]
impl<P: RetryPolicy> Retry<P, crate::TokioSleeper> {
    /// Runs by `policy` and tokio's time.
    ///
    /// ```
    /// # use retry_core::{Policy, Retry, TokioSleeper};
    /// # use std::time::Duration;
    /// static RETRY: Retry<Policy, TokioSleeper> = Retry::new(Policy::constant(Duration::from_secs(1)));
    /// assert_eq!(RETRY.policy().max_attempts(), None);
    /// ```
    pub const fn new(policy: P) -> Self {
        Self::with_sleeper(policy, crate::TokioSleeper)
    }
}

impl<P: RetryPolicy, S> Retry<P, S> {
    /// Runs by `policy` and any time source.
    ///
    /// ```
    /// # use retry_core::{Policy, Retry, ThreadSleeper};
    /// # use std::time::Duration;
    /// static RETRY: Retry<Policy, ThreadSleeper> = Retry::with_sleeper(Policy::constant(Duration::ZERO), ThreadSleeper);
    /// assert_eq!(RETRY.call_blocking(|| Ok::<_, ()>(1)).unwrap(), 1);
    /// ```
    pub const fn with_sleeper(policy: P, time: S) -> Self {
        Self { policy, time, classifier: AnyError, observer: (), extra: Plain::NONE }
    }
}

impl<P, S, C, O, X> Retry<P, S, C, O, X> {
    /// Replaces the classifier. See [`ErrorClassifier`](crate::ErrorClassifier) for which to choose.
    ///
    /// ```
    /// # use retry_core::{Policy, Retry, StopReason, ThreadSleeper, Verdict, classify_fn};
    /// # use std::time::Duration;
    /// let retry = Retry::with_sleeper(Policy::constant(Duration::ZERO), ThreadSleeper)
    ///     .classify(classify_fn(|_: &&str| Verdict::PERMANENT));
    /// assert_eq!(retry.call_blocking(|| Err::<(), _>("no")).unwrap_err().reason, StopReason::Permanent);
    /// ```
    #[must_use]
    pub fn classify<D>(self, classifier: D) -> Retry<P, S, D, O, X> {
        let Self { policy, time, observer, extra, .. } = self;
        Retry { policy, time, classifier, observer, extra }
    }

    /// Asks the errors themselves, which must be [`Classified`](crate::Classified). Replaces the classifier.
    ///
    /// ```
    /// # use retry_core::{Classified, Policy, Retry, ThreadSleeper, Verdict};
    /// # use std::time::Duration;
    /// # #[derive(Debug)]
    /// struct Gone;
    /// impl Classified for Gone {
    ///     fn verdict(&self) -> Verdict {
    ///         Verdict::PERMANENT
    ///     }
    /// }
    /// let retry = Retry::with_sleeper(Policy::constant(Duration::ZERO), ThreadSleeper).by_self();
    /// assert_eq!(retry.call_blocking(|| Err::<(), _>(Gone)).unwrap_err().attempts, 1);
    /// ```
    #[must_use]
    pub fn by_self(self) -> Retry<P, S, BySelf, O, X> {
        self.classify(BySelf)
    }

    /// Replaces the observer. A pair of observers is one, and so is a reference.
    ///
    /// ```
    /// # use retry_core::{Never, Retry, ThreadSleeper, test_util::Recorder};
    /// let (a, b) = (Recorder::default(), Recorder::default());
    /// let retry = Retry::with_sleeper(Never, ThreadSleeper).observe((&a, &b));
    /// retry.call_blocking(|| Ok::<_, String>(1)).unwrap();
    /// assert_eq!(a.events(), b.events());
    /// ```
    #[must_use]
    pub fn observe<N>(self, observer: N) -> Retry<P, S, C, N, X> {
        let Self { policy, time, classifier, extra, .. } = self;
        Retry { policy, time, classifier, observer, extra }
    }

    /// Replaces the policy by what `f` makes of it.
    ///
    /// ```
    /// # use retry_core::{Never, Policy, Retry, RetryPolicy, ThreadSleeper};
    /// # use std::time::Duration;
    /// let retry = Retry::with_sleeper(Policy::constant(Duration::ZERO), ThreadSleeper).map_policy(|policy| policy.and(Never));
    /// assert_eq!(retry.call_blocking(|| Err::<(), _>("no")).unwrap_err().attempts, 1);
    /// ```
    #[must_use]
    pub fn map_policy<Q>(self, f: impl FnOnce(P) -> Q) -> Retry<Q, S, C, O, X> {
        let Self { policy, time, classifier, observer, extra } = self;
        Retry { policy: f(policy), time, classifier, observer, extra }
    }

    /// The policy.
    ///
    /// ```
    /// # use retry_core::{Policy, Retry, ThreadSleeper};
    /// # use std::time::Duration;
    /// let retry = Retry::with_sleeper(Policy::constant(Duration::ZERO).attempts(3), ThreadSleeper);
    /// assert_eq!(retry.policy().max_attempts().unwrap().get(), 3);
    /// ```
    pub const fn policy(&self) -> &P {
        &self.policy
    }

    /// The time source.
    ///
    /// ```
    /// # use retry_core::{Clock, Never, Retry, ThreadSleeper};
    /// let retry = Retry::with_sleeper(Never, ThreadSleeper);
    /// assert!(retry.time().now() <= ThreadSleeper.now());
    /// ```
    pub const fn time(&self) -> &S {
        &self.time
    }

    fn extra<Y>(self, f: impl FnOnce(X) -> Y) -> Retry<P, S, C, O, Y> {
        let Self { policy, time, classifier, observer, extra } = self;
        Retry { policy, time, classifier, observer, extra: f(extra) }
    }
}

impl<P, S, C, O, L: Into<Limits>, V, H, G> Retry<P, S, C, O, With<L, V, H, G>> {
    /// Cuts each attempt after `limit`: it then counts as transient, possibly with effect, and no classifier sees it.
    /// Replaces the timeout.
    ///
    /// The loop and blocking doors own no future to cut; there the attempt is told what is left
    /// ([`Attempt::remaining`](crate::Attempt::remaining)).
    ///
    /// ```
    /// # use retry_core::{Last, Policy, Retry};
    /// # use std::{future::pending, time::Duration};
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let retry = Retry::new(Policy::constant(Duration::ZERO).attempts(2)).timeout(Duration::from_secs(5));
    /// let end = retry.call(|| pending::<Result<(), ()>>()).await.unwrap_err();
    /// assert_eq!((end.last, end.attempts), (Last::TimedOut, 2));
    /// # }
    /// ```
    #[must_use]
    pub fn timeout(self, limit: Duration) -> Retry<P, S, C, O, With<Limits, V, H, G>> {
        self.limited_by(|limits| limits.timeout(limit))
    }

    /// Ends the run `limit` after its beginning: cuts the attempt in progress as [`timeout`](Self::timeout) does, and
    /// starts none that could not begin before. Replaces the deadline.
    ///
    /// ```
    /// # use retry_core::{Policy, Retry, StopReason};
    /// # use std::time::Duration;
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let retry = Retry::new(Policy::constant(Duration::from_secs(4))).deadline(Duration::from_secs(10));
    /// let end = retry.call(async || Err::<(), _>("no")).await.unwrap_err();
    /// assert_eq!((end.reason, end.attempts, end.elapsed().as_secs()), (StopReason::Deadline, 3, 8));
    /// # }
    /// ```
    #[must_use]
    pub fn deadline(self, limit: Duration) -> Retry<P, S, C, O, With<Limits, V, H, G>> {
        self.limited_by(|limits| limits.deadline(limit))
    }

    fn limited_by(self, f: impl FnOnce(Limits) -> Limits) -> Retry<P, S, C, O, With<Limits, V, H, G>> {
        self.extra(|x| With { limit: f(x.limit.into()), reject: x.reject, history: x.history, stop: x.stop })
    }
}

impl<P, S, C, O, L, V, H, G> Retry<P, S, C, O, With<L, V, H, G>> {
    /// Takes the Ok-values for which `f` has a verdict as failures. Replaces the function.
    ///
    /// For the `call` doors and their blocking twin; the loop looks at the value itself, so
    /// [`begin`](Self::begin) does not exist on a retrier that rejects.
    ///
    /// ```
    /// # use retry_core::{Policy, Retry, ThreadSleeper, Verdict};
    /// # use std::time::Duration;
    /// let retry = Retry::with_sleeper(Policy::constant(Duration::ZERO), ThreadSleeper)
    ///     .reject(|status: &u16| (*status >= 500).then_some(Verdict::TRANSIENT));
    /// let mut statuses = [503, 500, 200].into_iter();
    /// assert_eq!(retry.call_blocking(|| Ok::<_, ()>(statuses.next().unwrap())).unwrap(), 200);
    /// ```
    #[must_use]
    pub fn reject<T, F: Fn(&T) -> Option<Verdict>>(self, f: F) -> Retry<P, S, C, O, With<L, RejectFn<F>, H, G>> {
        self.extra(|x| With { limit: x.limit, reject: RejectFn::new(f), history: x.history, stop: x.stop })
    }

    /// Keeps the last `N` failures of each run, without allocation, and hands them out with
    /// [`GaveUp`](crate::GaveUp).
    ///
    /// ```
    /// # use retry_core::{Policy, Retry, ThreadSleeper};
    /// # use std::time::Duration;
    /// let retry = Retry::with_sleeper(Policy::constant(Duration::ZERO).attempts(3), ThreadSleeper).history::<8>();
    /// let end = retry.call_blocking(|| Err::<(), _>("no")).unwrap_err();
    /// assert_eq!(end.history.iter().count(), 3);
    /// ```
    #[must_use]
    pub fn history<const N: usize>(self) -> Retry<P, S, C, O, With<L, V, History<N>, G>> {
        self.extra(|x| With { limit: x.limit, reject: x.reject, history: PhantomData, stop: x.stop })
    }

    /// Starts no further attempt once a future of `stopped` has completed; a running attempt may finish, and its
    /// success counts. For a graceful shutdown. Replaces the function.
    ///
    /// `stopped` is called for each wait and must answer with a future that completes at once when the stop has been
    /// asked for before: `|| token.cancelled()` of a `CancellationToken` that is borrowed,
    /// `move || token.clone().cancelled_owned()` of one that is owned, or a clone of a shared future. The
    /// blocking doors look at it at least every 100 ms while they wait.
    ///
    /// ```
    /// # use retry_core::{Policy, Retry, StopReason};
    /// # use std::time::Duration;
    /// # use tokio_util::sync::CancellationToken;
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let token = CancellationToken::new();
    /// let retry = Retry::new(Policy::constant(Duration::from_secs(3600))).stop_on(|| token.cancelled());
    /// let run = retry.call(async || Err::<(), _>("no"));
    /// let (end, ()) = tokio::join!(run, async { token.cancel() });
    /// assert_eq!(end.unwrap_err().reason, StopReason::Cancelled);
    /// # }
    /// ```
    #[must_use]
    pub fn stop_on<F, Fut>(self, stopped: F) -> Retry<P, S, C, O, With<L, V, H, StopFn<F>>>
    where
        F: Fn() -> Fut,
        Fut: Future<Output = ()>,
    {
        self.extra(|x| With { limit: x.limit, reject: x.reject, history: x.history, stop: StopFn::new(stopped) })
    }
}
