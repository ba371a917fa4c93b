use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use crate::{BlockingSleeper, Clock, Entropy, Seeded, Sleeper, Time};

/// A clock that stands still until it is told to go on; clones share the time. For tests of any runtime, or of none.
///
/// [`run`](Self::run) drives a future and lets the time jump to the next wake-up whenever nothing else is to do, so that a
/// schedule of days takes no time. Under another executor, waits end when [`advance`](Self::advance) passes them. A blocking
/// sleep advances the clock at once. Randomness is seeded, so a run can be repeated.
///
/// ```
/// use retry_core::test_util::VirtualClock;
/// use retry_core::{Clock, Policy, Retry};
/// use std::time::Duration;
///
/// let clock = VirtualClock::new();
/// let retry = Retry::with_sleeper(Policy::constant(Duration::from_secs(86_400)).attempts(3), clock.clone());
/// let end = clock.run(retry.call(async || Err::<(), _>("no"))).unwrap_err();
/// assert_eq!(end.elapsed(), Duration::from_secs(2 * 86_400));
/// ```
#[derive(Clone)]
pub struct VirtualClock {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
}

struct State {
    now: Time,
    readings: u64,
    draws: u64,
    entropy: Box<dyn Entropy + Send>,
    /// Who sleeps, by the time of waking and in order of registration.
    sleepers: BTreeMap<(Time, u64), Waker>,
    registered: u64,
}

impl Default for VirtualClock {
    fn default() -> Self {
        Self::with_entropy(Seeded::new(0))
    }
}

impl VirtualClock {
    /// At its epoch, with the randomness of seed 0.
    ///
    /// ```
    /// # use retry_core::{Clock, Time, test_util::VirtualClock};
    /// assert_eq!(VirtualClock::new().now(), Time::default());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// At its epoch, drawing from `entropy`.
    ///
    /// ```
    /// # use retry_core::{Clock, test_util::{Scripted, VirtualClock}};
    /// assert_eq!(VirtualClock::with_entropy(Scripted::bits(&[9])).random(), 9);
    /// ```
    #[must_use]
    pub fn with_entropy(entropy: impl Entropy + Send + 'static) -> Self {
        let state = State {
            now: Time::default(),
            readings: 0,
            draws: 0,
            entropy: Box::new(entropy),
            sleepers: BTreeMap::new(),
            registered: 0,
        };
        Self { shared: Arc::new(Shared { state: Mutex::new(state) }) }
    }

    /// Goes on by `duration` and wakes whoever slept until then.
    ///
    /// ```
    /// # use retry_core::{Clock, test_util::VirtualClock};
    /// # use std::time::Duration;
    /// let clock = VirtualClock::new();
    /// clock.advance(Duration::from_nanos(7));
    /// assert_eq!(clock.now().as_nanos(), 7);
    /// ```
    pub fn advance(&self, duration: Duration) {
        let now = self.state().now.after(duration);
        self.go_to(now);
    }

    fn go_to(&self, now: Time) {
        let mut state = self.state();
        state.now = now;
        let later = state.sleepers.split_off(&(now, u64::MAX));
        let due = std::mem::replace(&mut state.sleepers, later);
        drop(state);
        for waker in due.into_values() {
            waker.wake();
        }
    }

    /// Drives `future` to its end; whenever it waits, the time jumps to the next wake-up.
    ///
    /// # Panics
    /// If the future waits for something that is not this clock, where a test would otherwise hang.
    ///
    /// ```
    /// # use retry_core::{Clock, Sleeper, test_util::VirtualClock};
    /// # use std::time::Duration;
    /// let clock = VirtualClock::new();
    /// clock.run(clock.sleep(Duration::from_secs(5)));
    /// assert_eq!(clock.now().as_nanos(), 5_000_000_000);
    /// ```
    pub fn run<F: Future>(&self, future: F) -> F::Output {
        let mut future = pin!(future);
        let woken = Arc::new(Flag(AtomicBool::new(true)));
        let waker = Waker::from(woken.clone());
        let mut cx = Context::from_waker(&waker);
        loop {
            while woken.0.swap(false, Ordering::Relaxed) {
                if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
                    return output;
                }
            }
            let next = self.state().sleepers.keys().next().map(|(wake, _)| *wake);
            assert!(next.is_some(), "the future waits for something that is not this clock");
            self.go_to(next.unwrap_or_default());
        }
    }

    /// How often the time has been read.
    ///
    /// ```
    /// # use retry_core::{Clock, test_util::VirtualClock};
    /// let clock = VirtualClock::new();
    /// clock.now();
    /// assert_eq!(clock.readings(), 1);
    /// ```
    #[must_use]
    pub fn readings(&self) -> u64 {
        self.state().readings
    }

    /// How often random bits have been drawn.
    ///
    /// ```
    /// # use retry_core::test_util::VirtualClock;
    /// assert_eq!(VirtualClock::new().draws(), 0);
    /// ```
    #[must_use]
    pub fn draws(&self) -> u64 {
        self.state().draws
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Time {
        let mut state = self.state();
        state.readings += 1;
        state.now
    }

    fn random(&self) -> u64 {
        let mut state = self.state();
        state.draws += 1;
        state.entropy.next_u64()
    }
}

impl Sleeper for VirtualClock {
    type Sleep = VirtualSleep;

    fn sleep(&self, delay: Duration) -> VirtualSleep {
        let wake = self.state().now.after(delay);
        VirtualSleep { clock: self.clone(), wake, key: None }
    }
}

impl BlockingSleeper for VirtualClock {
    fn sleep_blocking(&self, delay: Duration) {
        self.advance(delay);
    }
}

impl fmt::Debug for VirtualClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VirtualClock").field("now", &self.state().now).finish_non_exhaustive()
    }
}

/// A wait on a [`VirtualClock`].
///
/// # Cancel safety
/// Dropping it ends the wait; the clock forgets it.
///
/// ```
/// use retry_core::test_util::{VirtualClock, VirtualSleep};
/// use retry_core::{Clock, Sleeper};
/// use std::time::Duration;
///
/// let clock = VirtualClock::new();
/// let sleep: VirtualSleep = clock.sleep(Duration::from_secs(1));
/// clock.advance(Duration::from_secs(1));
/// clock.run(sleep);
/// assert_eq!(clock.now().as_nanos(), 1_000_000_000);
/// ```
#[derive(Debug)]
#[must_use = "futures do nothing unless you `.await` or poll them"]
pub struct VirtualSleep {
    clock: VirtualClock,
    wake: Time,
    key: Option<(Time, u64)>,
}

impl Future for VirtualSleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let clock = self.clock.clone();
        let mut state = clock.state();
        if state.now >= self.wake {
            return Poll::Ready(());
        }
        let wake = self.wake;
        let key = *self.key.get_or_insert_with(|| {
            state.registered += 1;
            (wake, state.registered)
        });
        state.sleepers.insert(key, cx.waker().clone());
        Poll::Pending
    }
}

impl Drop for VirtualSleep {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            self.clock.state().sleepers.remove(&key);
        }
    }
}
