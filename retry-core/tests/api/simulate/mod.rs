//! The simulator itself, and what policies do in it.

mod arrivals;
mod contention;
mod fleets;
mod listening;
mod overload;
mod parameters;
mod providers;
mod queueing;
mod recovery;
mod runs;
mod success_budget;
mod support;
