//! As many deliveries to a host as its window allows; the others wait in line.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::{Semaphore, SemaphorePermit};

use super::ConcurrencyWindow;

/// NOTE: permits out and in are `window + debt`: a window that shrinks under deliveries that are under way owes permits, which are
/// taken back as those end.
#[derive(Debug)]
pub(super) struct Gate {
    line: Semaphore,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    window: ConcurrencyWindow,
    /// Whether the window follows what is heard.
    follows: bool,
    under_way: u32,
    debt: usize,
}

impl Gate {
    /// Lets `window` through, or always `most` if there is none.
    pub(super) fn new(window: Option<ConcurrencyWindow>, most: usize) -> Self {
        let most = u32::try_from(most.clamp(1, Semaphore::MAX_PERMITS)).unwrap_or(u32::MAX);
        let (follows, window) = (window.is_some(), window.unwrap_or_else(|| ConcurrencyWindow::new(most, most)));
        let window = window.within(most);
        let state = State { window, follows, under_way: 0, debt: 0 };
        Self { line: Semaphore::new(size(window)), state: Mutex::new(state) }
    }

    /// Waits for a place. A gate is never closed, so that there is always one in the end.
    pub(super) async fn enter(&self) -> Place<'_> {
        let permit = self.line.acquire().await.ok();
        self.lock().under_way += 1;
        Place { gate: self, permit }
    }

    /// Window, and deliveries under way.
    pub(super) fn shown(&self) -> (u32, u32) {
        let state = self.lock();
        (state.window.size(), state.under_way)
    }

    /// A delivery ended, for which the host was fit or not.
    pub(super) fn heard(&self, fit: bool) {
        self.change(|state| if fit { state.window.succeeded(state.under_way) } else { state.window.failed() });
    }

    /// The host is up again.
    pub(super) fn reset(&self) {
        self.change(|state| state.window.reset());
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.lock();
        if !state.follows {
            return;
        }
        let before = size(state.window);
        change(&mut state);
        let after = size(state.window);
        if after > before {
            let more = after - before;
            let paid = more.min(state.debt);
            state.debt -= paid;
            self.line.add_permits(more - paid);
        } else {
            let fewer = before - after;
            state.debt += fewer - self.line.forget_permits(fewer);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn size(window: ConcurrencyWindow) -> usize {
    usize::try_from(window.size()).unwrap_or(Semaphore::MAX_PERMITS).min(Semaphore::MAX_PERMITS)
}

/// A delivery's place, until it is dropped.
#[derive(Debug)]
pub(super) struct Place<'g> {
    gate: &'g Gate,
    permit: Option<SemaphorePermit<'g>>,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut state = self.gate.lock();
        state.under_way = state.under_way.saturating_sub(1);
        if state.debt > 0 {
            state.debt -= 1;
            if let Some(permit) = self.permit.take() {
                permit.forget();
            }
        }
        // Before the lock is let go: who counts permits counts this one.
        self.permit = None;
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    #[test]
    fn a_window_that_shrinks_under_deliveries_takes_their_places_back_as_they_end() {
        let gate = Gate::new(Some(ConcurrencyWindow::new(3, 20)), 20);
        let enter = || gate.enter().now_or_never();
        let mut places: Vec<Place<'_>> = std::iter::from_fn(enter).collect();
        assert_eq!((places.len(), gate.shown()), (3, (3, 3)));
        // 3 - 1, and after 2 more failures 2 - 1
        (0..3).for_each(|_| gate.heard(false));
        assert_eq!(gate.shown(), (1, 3));
        places.pop();
        places.pop();
        assert!(enter().is_none(), "one is under way, and one may be");
        places.pop();
        let only = enter().unwrap();
        assert!(enter().is_none());
        drop(only);
        // 1 + 1/1, 2 + 1/2 + 1/2; nobody is under way, and 3 is the initial window
        (0..9).for_each(|_| gate.heard(true));
        let places: Vec<Place<'_>> = std::iter::from_fn(enter).collect();
        assert_eq!((places.len(), gate.shown()), (3, (3, 3)));
    }

    #[test]
    fn a_window_that_grows_while_it_owes_pays_first() {
        let gate = Gate::new(Some(ConcurrencyWindow::new(2, 20)), 20);
        let places: Vec<Place<'_>> = std::iter::from_fn(|| gate.enter().now_or_never()).collect();
        gate.heard(false);
        gate.heard(true);
        assert_eq!(gate.shown(), (2, 2));
        assert!(gate.enter().now_or_never().is_none(), "two are under way");
        drop(places);
        let places: Vec<Place<'_>> = std::iter::from_fn(|| gate.enter().now_or_never()).collect();
        assert_eq!(places.len(), 2);
    }

    #[test]
    fn without_feedback_it_stays_as_it_is() {
        let gate = Gate::new(None, 4);
        (0..9).for_each(|_| gate.heard(false));
        gate.reset();
        assert_eq!(gate.shown(), (4, 0));
        // The pool's bound holds for the window as well.
        assert_eq!(Gate::new(Some(ConcurrencyWindow::default()), 1).shown(), (1, 0));
        assert_eq!(Gate::new(None, 0).shown(), (1, 0));
    }
}
