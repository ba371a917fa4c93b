use std::collections::BTreeMap;
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::Request;

/// What all connections of a server share.
#[derive(Default)]
pub(super) struct Ledger {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    connections: usize,
    open: BTreeMap<usize, Arc<TcpStream>>,
    stopped: bool,
    requests: Vec<Request>,
    processed: BTreeMap<String, usize>,
}

impl Ledger {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note of a connection; `None`: the server has stopped.
    pub(super) fn open(&self, stream: &Arc<TcpStream>) -> Option<usize> {
        let mut state = self.state();
        if state.stopped {
            return None;
        }
        state.connections += 1;
        let connection = state.connections;
        state.open.insert(connection, Arc::clone(stream));
        Some(connection)
    }

    /// The socket closes with the last `Arc`, so that `stream` has to go before the connection counts as closed.
    pub(super) fn close(&self, connection: usize, stream: Arc<TcpStream>) {
        let listed = self.state().open.remove(&connection);
        drop((listed, stream));
        self.changed.notify_all();
    }

    pub(super) fn stop(&self) {
        let mut state = self.state();
        state.stopped = true;
        for stream in state.open.values() {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.state().stopped
    }

    pub(super) fn receive(&self, request: Request) {
        self.state().requests.push(request);
    }

    /// Does a request's work, unless it is `once` only and done.
    pub(super) fn process(&self, id: String, once: bool) {
        let mut state = self.state();
        let count = state.processed.entry(id).or_insert(0);
        if !(once && *count > 0) {
            *count += 1;
        }
    }

    pub(super) fn connections(&self) -> usize {
        self.state().connections
    }

    pub(super) fn requests(&self) -> Vec<Request> {
        self.state().requests.clone()
    }

    pub(super) fn processed(&self, id: &str) -> usize {
        self.state().processed.get(id).copied().unwrap_or(0)
    }

    pub(super) fn wait_until_closed(&self, connections: usize, limit: Duration) -> bool {
        let is_busy = |state: &mut State| state.connections < connections || !state.open.is_empty();
        let waited = self.changed.wait_timeout_while(self.state(), limit, is_busy);
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }
}
