use std::collections::BTreeMap;
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use super::accepted::{Accepted, Outcome};
use super::event::Event;

/// Holds what all threads of a server share: what was seen, which connections are open, and whether to stop.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    state: Mutex<State>,
    /// Notified when the server stops and when a connection ends.
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    is_stopped: bool,
    connections: usize,
    /// Weak, since a socket with SO_LINGER 0 sends its RST when the last owner lets go of it: that is the session.
    open: BTreeMap<usize, Weak<TcpStream>>,
    accepted: Vec<Accepted>,
    transcript: Vec<Event>,
}

impl Ledger {
    /// Counts a connection and returns its number, `None` when the server is stopping.
    pub(super) fn open(&self, stream: &Arc<TcpStream>) -> Option<usize> {
        let mut state = self.state();
        if state.is_stopped {
            return None;
        }
        state.connections += 1;
        let connection = state.connections;
        state.open.insert(connection, Arc::downgrade(stream));
        Some(connection)
    }

    pub(super) fn close(&self, connection: usize) {
        self.state().open.remove(&connection);
        self.changed.notify_all();
    }

    /// Ends all connections and all waits, now and for ever.
    pub(super) fn stop(&self) {
        let mut state = self.state();
        state.is_stopped = true;
        for stream in state.open.values().filter_map(Weak::upgrade) {
            // An error means that the connection is gone already.
            let _ = stream.shutdown(Shutdown::Both);
        }
        drop(state);
        self.changed.notify_all();
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.state().is_stopped
    }

    /// Waits; returns false when the server stopped meanwhile.
    pub(super) fn pause(&self, duration: Duration) -> bool {
        let state = self.state();
        let waited = self.changed.wait_timeout_while(state, duration, |state| !state.is_stopped);
        !waited.unwrap_or_else(PoisonError::into_inner).0.is_stopped
    }

    /// Waits for `connections` connections to have come, and for all to be over; returns false after `limit`.
    pub(super) fn wait_until_closed(&self, connections: usize, limit: Duration) -> bool {
        let is_busy = |state: &mut State| state.connections < connections || !state.open.is_empty();
        let waited = self.changed.wait_timeout_while(self.state(), limit, is_busy);
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }

    pub(super) fn record(&self, event: Event) {
        self.state().transcript.push(event);
    }

    /// Adds a message and returns its place for [`settle`](Self::settle).
    pub(super) fn take(&self, message: Accepted) -> usize {
        let accepted = &mut self.state().accepted;
        accepted.push(message);
        accepted.len() - 1
    }

    pub(super) fn settle(&self, place: usize, outcome: Outcome) {
        if let Some(message) = self.state().accepted.get_mut(place) {
            message.outcome = outcome;
        }
    }

    pub(super) fn connections(&self) -> usize {
        self.state().connections
    }

    pub(super) fn accepted(&self) -> Vec<Accepted> {
        self.state().accepted.clone()
    }

    pub(super) fn count(&self, is_wanted: impl Fn(&Accepted) -> bool) -> usize {
        self.state().accepted.iter().filter(|one| is_wanted(one)).count()
    }

    pub(super) fn transcript(&self) -> Vec<Event> {
        self.state().transcript.clone()
    }

    /// A thread that panicked leaves the state whole: nothing is half done between two statements under the lock.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
