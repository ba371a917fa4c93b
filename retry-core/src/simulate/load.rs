/// Who asks, and how often.
///
/// ```
/// use retry_core::simulate::{Load, Scenario};
///
/// assert_eq!(*Scenario::new().load(), Load::Open { clients: 100, rate: 8.0 });
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(clippy::exhaustive_enums, reason = "whoever draws a report must know both")]
pub enum Load {
    /// Clients that do not wait for one another: requests come as a Poisson process, whatever became of those before.
    Open {
        /// How many clients, each with its own policy.
        clients: u32,
        /// Requests of each client a second.
        rate: f64,
    },
    /// Workers of one process that share a policy and drain a backlog: each takes the next message when its last is done.
    Backlog {
        /// How many workers.
        workers: u32,
        /// How many messages.
        messages: u64,
    },
}

impl Load {
    /// How many policies of their own it has for each destination.
    pub(super) const fn clients(self) -> u32 {
        match self {
            Self::Open { clients, .. } => clients,
            Self::Backlog { .. } => 1,
        }
    }
}
