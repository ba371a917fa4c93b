//! The simulator itself, and what policies do in it.

mod arrivals;
mod contention;
mod fleets;
mod formulas;
mod listening;
mod overload;
mod pacing;
mod parameters;
mod providers;
mod queueing;
mod recovery;
mod runs;
mod support;
