use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};

use super::clock::{Moment, until};

/// Holds what all threads of a proxy share: which sockets are open, and whether to stop.
#[derive(Debug, Default)]
pub(super) struct Links {
    state: Mutex<State>,
    /// Notified when the proxy stops.
    stopped: Condvar,
}

#[derive(Debug, Default)]
struct State {
    is_stopped: bool,
    connections: usize,
    sockets: Vec<Weak<TcpStream>>,
}

impl Links {
    /// Counts a connection and keeps both its ends; returns false when the proxy is stopping.
    pub(super) fn open(&self, ends: [&Arc<TcpStream>; 2]) -> bool {
        let mut state = self.state();
        if state.is_stopped {
            return false;
        }
        state.connections += 1;
        state.sockets.retain(|socket| socket.strong_count() > 0);
        state.sockets.extend(ends.map(Arc::downgrade));
        true
    }

    /// Ends all connections and all waits, now and for ever.
    pub(super) fn stop(&self) {
        let mut state = self.state();
        state.is_stopped = true;
        for socket in state.sockets.iter().filter_map(Weak::upgrade) {
            // An error means that the connection is gone already.
            let _ = socket.shutdown(Shutdown::Both);
        }
        drop(state);
        self.stopped.notify_all();
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.state().is_stopped
    }

    pub(super) fn connections(&self) -> usize {
        self.state().connections
    }

    /// Waits; returns false when the proxy stopped meanwhile.
    pub(super) fn wait_until(&self, moment: Moment) -> bool {
        let mut state = self.state();
        loop {
            let left = until(moment);
            if state.is_stopped || left.is_zero() {
                return !state.is_stopped;
            }
            state = self.stopped.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// A thread that panicked leaves the state whole: nothing is half done between two statements under the lock.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
