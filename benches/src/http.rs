//! What retrying costs an HTTP request that succeeds at once: four ways to send, each bare, with the copy of the request
//! that sending again needs, with retry by ours, and with retry by a peer.

use std::fmt::{self, Debug};

pub mod figures;
pub mod gate;

mod chain;
mod loopback;
mod service;

/// What the figures of a row are compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Sends, and no more: what is added is counted from here.
    Bare,
    /// Copies the request and sends it: what any retry needs.
    Copying,
    /// Of this workspace.
    Ours,
    /// Of somebody else.
    Peer,
}

/// One way to send a request.
pub struct Way {
    /// As printed, and as `measure` knows it.
    pub name: &'static str,
    /// The rows with the same transport are one group, and are compared with its bare and its copying row.
    pub transport: Transport,
    /// What it stands for.
    pub kind: Kind,
    /// Sends so many requests.
    pub run: fn(u64),
}

/// What a request goes over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Transport {
    /// `reqwest`, to a server on 127.0.0.1 on the same thread.
    Loopback,
    /// The same by a request builder.
    Builder,
    /// A chain of `reqwest-middleware` that ends in an answer made up.
    Chain,
    /// A `tower` service that answers at once.
    Service,
}

impl Transport {
    /// As printed.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Loopback => "loopback",
            Self::Builder => "builder",
            Self::Chain => "chain",
            Self::Service => "service",
        }
    }
}

impl Way {
    const fn new(name: &'static str, transport: Transport, kind: Kind, run: fn(u64)) -> Self {
        Self { name, transport, kind, run }
    }
}

impl Debug for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Way").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Every row.
#[must_use]
pub fn ways() -> Vec<Way> {
    [&loopback::WAYS[..], &loopback::BUILDERS, &chain::WAYS[..], &service::WAYS[..]]
        .into_iter()
        .flatten()
        .map(Way::copied)
        .collect()
}

impl Way {
    const fn copied(&self) -> Self {
        Self { ..*self }
    }
}

/// The policy of all rows of ours: that of the other benches, with jitter.
fn policy() -> retry_core::Policy {
    use crate::work::{ATTEMPTS, BASE, CAP};

    retry_core::Policy::exponential(BASE, CAP).jitter(retry_core::Law::FULL).attempts(ATTEMPTS)
}

/// Budget, pacer and breaker.
fn all_guards() -> retry_http::Guards {
    let breaker = retry_core::BreakerRule::consecutive(5);
    retry_http::Guards::new(retry_core::DestinationRule::DEFAULT.paced_by_cubic().breaker(breaker))
}
