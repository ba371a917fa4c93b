//! Whole fleets of clients against a server model, under virtual time: what a policy does to a service, before it is deployed.
//!
//! A [`Scenario`] says who asks how often, what the server can take and what befalls it; a [`Fleet`] says which policy each
//! client runs; [`Scenario::run`] gives a [`Report`]. The same seed gives the same report, byte for byte, on any machine.
//! Policies are driven by a [`Session`](crate::Session) and heard in full (decision, admission, outcome, withdrawal), as by
//! [`Retry`](crate::Retry), so that any policy or budget runs unchanged.
//!
//! ```
//! use retry_core::simulate::{Fleet, Scenario};
//! use retry_core::{Law, Never, Policy};
//! use std::time::Duration;
//!
//! const POLICY: Policy =
//!     Policy::exponential(Duration::from_millis(100), Duration::from_secs(20)).jitter(Law::FULL).attempts(3);
//!
//! // A fifth of all requests fail at random: retrying pays.
//! let scenario = &Scenario::named("errors-20")[0];
//! assert!(scenario.run(&Fleet::of(|_| Never), 1)?.success() < 0.82);
//! assert!(scenario.run(&Fleet::of(|_| POLICY), 1)?.success() > 0.98);
//!
//! // Ten seconds of a tenth of the capacity: without a budget, retrying keeps the service down for good.
//! let scenario = &Scenario::named("metastable")[0];
//! assert!(scenario.run(&Fleet::of(|_| Never), 1)?.recovery().is_some());
//! assert_eq!(scenario.run(&Fleet::of(|_| POLICY), 1)?.recovery(), None);
//! # Ok::<(), retry_core::simulate::SimulationError>(())
//! ```
//!
//! # The model
//! Clients are open-loop: requests come as a Poisson process, whatever became of the ones before (or from a backlog that workers
//! drain, see [`Load`]). Each goes to one of the destinations at random. A destination serves first in, first out, at its
//! capacity; it answers 503 at once where its queue is full, and goes on working on requests whose client has timed out, which is
//! what makes overload last. Random errors and outages answer before any work is done. A client that waits longer than its
//! timeout cuts the attempt and asks its policy.
//!
//! | answer | verdict |
//! |---|---|
//! | served in time | success |
//! | timed out | transient, effect possible |
//! | random error, outage | transient, no effect |
//! | queue full, rate limit | throttled, no effect, with a hint if [`RateLimit::hinted`] |

mod bin;
mod clock;
mod contention;
mod disturbance;
mod draws;
mod error;
mod events;
mod fleet;
mod latencies;
mod load;
mod number;
mod rate_limit;
mod report;
mod requests;
mod run;
mod scenario;
mod server;
mod summary;
mod tally;

pub use bin::Bin;
pub use clock::SimClock;
pub use contention::{Contended, Contention, Mean, Trials};
pub use disturbance::Disturbance;
pub use error::SimulationError;
pub use fleet::{Fleet, Seat};
pub use latencies::Latencies;
pub use load::Load;
pub use rate_limit::RateLimit;
pub use report::Report;
pub use scenario::Scenario;
pub use summary::Summary;
pub use tally::Tally;
