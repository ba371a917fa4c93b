use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use retry_core::{
    BlockingSleeper, Clock, Entropy, Failed, ObserveError, Observer, Seeded, Sleeper, Started, Stopped, Succeeded, Time,
};

/// The time of a client that is tried with a real server: nobody waits, and limits hold all the same.
///
/// Between attempts a wait passes at once. While an attempt runs time stands still, but for what the server lets
/// [`pass`](Self::pass); a limit that falls within that cuts the attempt first. So a client with timeout and deadline does the
/// same in every run, however slow the machine is.
///
/// It has to know when an attempt runs: give it as sleeper and as observer. For one run at a time.
///
/// # Examples
///
/// ```
/// use retry_core::{Clock, Policy, Retry, Sleeper};
/// use std::time::Duration;
/// use testkit::StagedClock;
///
/// let clock = StagedClock::new();
/// let retry = Retry::with_sleeper(Policy::constant(Duration::from_secs(3600)).attempts(3), clock.clone()).observe(clock.clone());
/// let end = retry.call_blocking(|| Err::<(), _>("down"));
/// assert!(end.is_err());
/// assert_eq!(clock.now().as_nanos(), 2 * 3_600_000_000_000); // two waits
/// ```
#[derive(Clone, Default)]
pub struct StagedClock {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

impl Default for Shared {
    fn default() -> Self {
        let state = State {
            now: Time::default(),
            attempts: 0,
            runs: false,
            limits: BTreeMap::new(),
            made: 0,
            seed: Seeded::new(1),
        };
        Self { state: Mutex::new(state), changed: Condvar::new() }
    }
}

struct State {
    now: Time,
    attempts: u64,
    /// Whether an attempt is running.
    runs: bool,
    /// The running attempt's limits.
    limits: BTreeMap<u64, (Time, Option<Waker>)>,
    made: u64,
    seed: Seeded,
}

/// How long [`StagedClock::pass`] waits for a client that was cut, in real time: a bound for a client that is broken.
const PATIENCE: Duration = Duration::from_secs(60);

impl StagedClock {
    /// At time 0.
    ///
    /// ```
    /// # use retry_core::{Clock, Time};
    /// assert_eq!(testkit::StagedClock::new().now(), Time::default());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets `time` pass for the attempt that is running, up to its end if it is cut before.
    ///
    /// ```
    /// # use retry_core::{Clock, Retry, Policy};
    /// # use std::time::Duration;
    /// # use testkit::StagedClock;
    /// let clock = StagedClock::new();
    /// let retry = Retry::with_sleeper(Policy::constant(Duration::ZERO), clock.clone()).observe(clock.clone());
    /// retry.call_blocking(|| Ok::<_, ()>(clock.pass(Duration::from_secs(9)))).unwrap();
    /// clock.pass(Duration::from_secs(1)); // nothing runs any more
    /// assert_eq!(clock.now().as_nanos(), 9_000_000_000);
    /// ```
    pub fn pass(&self, time: Duration) {
        let mut state = self.state();
        let (attempt, end) = (state.attempts, state.now.after(time));
        while state.runs && state.attempts == attempt && state.now < end {
            let limit = state.limits.values().map(|(wake, _)| *wake).min();
            let due = limit.filter(|limit| *limit <= end);
            state.now = state.now.max(due.unwrap_or(end));
            if due.is_none() {
                return;
            }
            state.wake();
            // The client has to see it before time goes on.
            let now = state.now;
            let unseen = |state: &mut State| {
                state.runs && state.attempts == attempt && state.limits.values().any(|(wake, _)| *wake <= now)
            };
            let waited = self.shared.changed.wait_timeout_while(state, PATIENCE, unseen);
            let (seen, waited) = waited.unwrap_or_else(PoisonError::into_inner);
            if waited.timed_out() {
                return;
            }
            state = seen;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self) {
        let mut state = self.state();
        state.attempts += 1;
        state.runs = true;
    }

    fn end(&self) {
        self.state().runs = false;
        self.shared.changed.notify_all();
    }
}

impl State {
    fn wake(&mut self) {
        let now = self.now;
        for (wake, waker) in self.limits.values_mut() {
            if *wake <= now
                && let Some(waker) = waker.take()
            {
                waker.wake();
            }
        }
    }
}

impl Clock for StagedClock {
    fn now(&self) -> Time {
        self.state().now
    }

    fn random(&self) -> u64 {
        self.state().seed.next_u64()
    }
}

impl Sleeper for StagedClock {
    type Sleep = StagedSleep;

    fn sleep(&self, delay: Duration) -> StagedSleep {
        let mut state = self.state();
        let wake = state.now.after(delay);
        let limit = state.runs.then(|| {
            state.made += 1;
            let made = state.made;
            state.limits.insert(made, (wake, None));
            made
        });
        StagedSleep { clock: self.clone(), wake, limit }
    }
}

impl BlockingSleeper for StagedClock {
    fn sleep_blocking(&self, delay: Duration) {
        let mut state = self.state();
        state.now = state.now.after(delay);
    }
}

impl Observer for StagedClock {
    fn started(&self, _: Started) {
        self.begin();
    }

    fn gave_up(&self, _: Stopped) {
        self.end();
    }

    fn succeeded(&self, _: Succeeded) {
        self.end();
    }
}

impl<E: ?Sized> ObserveError<E> for StagedClock {
    fn failed(&self, _: Failed<'_, E>) {
        self.end();
    }
}

impl fmt::Debug for StagedClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StagedClock").field("now", &self.state().now).finish_non_exhaustive()
    }
}

/// A wait, or a limit, of a [`StagedClock`].
///
/// # Cancel safety
/// Dropping it loses nothing.
///
/// ```
/// use retry_core::Sleeper;
/// use std::time::Duration;
/// use testkit::{StagedClock, StagedSleep};
///
/// let _: StagedSleep = StagedClock::new().sleep(Duration::from_secs(1));
/// ```
#[derive(Debug)]
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct StagedSleep {
    clock: StagedClock,
    wake: Time,
    /// Its number, if it is a limit.
    limit: Option<u64>,
}

impl Future for StagedSleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = self.clock.state();
        let Some(limit) = self.limit else {
            state.now = state.now.max(self.wake);
            return Poll::Ready(());
        };
        if state.now >= self.wake {
            // The attempt is cut here and now, whenever the observer hears of it.
            state.runs = false;
            state.limits.remove(&limit);
            self.clock.shared.changed.notify_all();
            return Poll::Ready(());
        }
        state.limits.insert(limit, (self.wake, Some(cx.waker().clone())));
        Poll::Pending
    }
}

impl Drop for StagedSleep {
    fn drop(&mut self) {
        if let Some(limit) = self.limit {
            self.clock.state().limits.remove(&limit);
            self.clock.shared.changed.notify_all();
        }
    }
}
