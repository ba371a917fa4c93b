use std::fmt::Display;
use std::sync::Mutex;

use crate::{Failed, ObserveError, Observer, Scheduled, Started, Stopped, Succeeded, Verdict};

/// An observer that keeps every event, for tests.
///
/// ```
/// use retry_core::test_util::{Event, Recorder};
/// use retry_core::{Policy, Retry, StopReason, ThreadSleeper};
/// use std::time::Duration;
///
/// let recorder = Recorder::default();
/// let retry = Retry::with_sleeper(Policy::constant(Duration::ZERO).attempts(1), ThreadSleeper).observe(&recorder);
/// retry.call_blocking(|| Err::<(), _>("busy")).unwrap_err();
/// let events = recorder.events();
/// assert!(matches!(&events[1], Event::Failed { attempt: 1, error, .. } if error == "busy"));
/// assert!(matches!(events[2], Event::GaveUp(end) if end.reason == StopReason::Attempts));
/// ```
#[derive(Debug, Default)]
pub struct Recorder {
    events: Mutex<Vec<Event>>,
}

/// An event that a [`Recorder`] kept.
///
/// ```
/// use retry_core::test_util::{Event, Recorder};
/// use retry_core::{Never, Retry, ThreadSleeper};
///
/// let recorder = Recorder::default();
/// Retry::with_sleeper(Never, ThreadSleeper).observe(&recorder).call_blocking(|| Ok::<_, String>(1)).unwrap();
/// assert!(matches!(recorder.events()[..], [Event::Started(_), Event::Succeeded(_)]));
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// An attempt began.
    Started(Started),
    /// An attempt failed.
    #[non_exhaustive]
    Failed {
        /// The attempt, from 1.
        attempt: u32,
        /// The error's text.
        error: String,
        /// How it was classified.
        verdict: Verdict,
    },
    /// A wait began.
    Scheduled(Scheduled),
    /// The run ended without success.
    GaveUp(Stopped),
    /// The run ended with success.
    Succeeded(Succeeded),
}

impl Recorder {
    /// The events so far, oldest first.
    ///
    /// ```
    /// # use retry_core::test_util::Recorder;
    /// assert!(Recorder::default().events().is_empty());
    /// ```
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        self.events.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).clone()
    }

    /// The waits so far, oldest first.
    ///
    /// ```
    /// # use retry_core::test_util::Recorder;
    /// # use retry_core::{Policy, Retry, ThreadSleeper};
    /// # use std::time::Duration;
    /// let recorder = Recorder::default();
    /// let policy = Policy::constant(Duration::from_nanos(3)).attempts(3);
    /// Retry::with_sleeper(policy, ThreadSleeper).observe(&recorder).call_blocking(|| Err::<(), _>("no")).unwrap_err();
    /// assert_eq!(recorder.delays(), [Duration::from_nanos(3); 2]);
    /// ```
    #[must_use]
    pub fn delays(&self) -> Vec<std::time::Duration> {
        self.events()
            .iter()
            .filter_map(|event| if let Event::Scheduled(scheduled) = event { Some(scheduled.delay) } else { None })
            .collect()
    }

    fn keep(&self, event: Event) {
        self.events.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push(event);
    }
}

impl Observer for Recorder {
    fn started(&self, event: Started) {
        self.keep(Event::Started(event));
    }
    fn scheduled(&self, event: Scheduled) {
        self.keep(Event::Scheduled(event));
    }
    fn gave_up(&self, event: Stopped) {
        self.keep(Event::GaveUp(event));
    }
    fn succeeded(&self, event: Succeeded) {
        self.keep(Event::Succeeded(event));
    }
}

impl<E: Display + ?Sized> ObserveError<E> for Recorder {
    fn failed(&self, event: Failed<'_, E>) {
        self.keep(Event::Failed { attempt: event.attempt, error: event.what.to_string(), verdict: event.verdict });
    }
}
