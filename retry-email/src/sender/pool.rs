use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use retry_core::{Sleeper, Time};

use crate::Connection;

/// How many connections a host gets, and how long they live.
///
/// ```
/// use retry_email::PoolLimits;
///
/// let limits = PoolLimits { connections: 2, ..PoolLimits::default() };
/// assert_eq!(limits.messages, 100);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "set by name; `..PoolLimits::default()` survives a new field")]
pub struct PoolLimits {
    /// Open at once, those in use included; at least 1. 10 unless set. The host's [window](crate::HostRule::concurrency) may allow
    /// fewer.
    pub connections: usize,
    /// Messages on one connection, at least 1. 100 unless set (nodemailer's and KumoMTA's limit).
    pub messages: u32,
    /// How long a connection may lie idle. 30 s unless set: many servers close after a minute.
    pub idle: Duration,
}

impl Default for PoolLimits {
    fn default() -> Self {
        Self { connections: 10, messages: 100, idle: Duration::from_secs(30) }
    }
}

/// The idle connections to one host.
#[derive(Debug)]
pub(super) struct Pool<S> {
    limits: PoolLimits,
    idle: Mutex<VecDeque<(Time, Connection<S>)>>,
}

impl<S: Sleeper> Pool<S> {
    pub(super) const fn new(limits: PoolLimits) -> Self {
        Self { limits, idle: Mutex::new(VecDeque::new()) }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// An idle connection that is alive, the one used last first: it is the least likely to be dead.
    pub(super) fn take(&self, now: Time) -> Option<Connection<S>> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some((since, mut connection)) = idle.pop_back() {
            if now.since(since) <= self.limits.idle && connection.is_alive() {
                return Some(connection);
            }
        }
        None
    }

    /// Keeps a connection for the next message; gives it back if it has carried enough.
    pub(super) fn put(&self, mut connection: Connection<S>, now: Time) -> Option<Connection<S>> {
        if connection.messages() >= self.limits.messages.max(1) || !connection.is_alive() {
            return Some(connection);
        }
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|(since, _)| now.since(*since) <= self.limits.idle);
        idle.push_back((now, connection));
        None
    }

    /// Takes all idle connections out, to end them.
    pub(super) fn drain(&self) -> Vec<Connection<S>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).drain(..).map(|(_, connection)| connection).collect()
    }
}
