//! The loops of a row, by name: what a child process is told to run.

use clap::ValueEnum;

use crate::row::Row;
use crate::work::DELAYS_A_RUN;

/// One of the loops of a [`Row`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[non_exhaustive]
pub enum Mode {
    /// Succeeds at once.
    Happy,
    /// Three failures, sleeper ready at once.
    F3,
    /// Three failures, tokio's timer.
    F3Tokio,
    /// Delays alone.
    Delays,
    /// A success told to a budget and a retry drawn from it.
    Budget,
    /// A place taken from a pacer, and a success told.
    Pacer,
    /// A circuit breaker asked, and a success told.
    Breaker,
    /// A call that fails once, through all three.
    Guards,
}

impl Mode {
    /// All of them.
    pub const ALL: [Self; 8] =
        [Self::Happy, Self::F3, Self::F3Tokio, Self::Delays, Self::Budget, Self::Pacer, Self::Breaker, Self::Guards];
    /// Those that ask a guard.
    pub const GUARDS: [Self; 4] = [Self::Budget, Self::Pacer, Self::Breaker, Self::Guards];

    /// As it stands on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Happy => "happy",
            Self::F3 => "f3",
            Self::F3Tokio => "f3-tokio",
            Self::Delays => "delays",
            Self::Budget => "budget",
            Self::Pacer => "pacer",
            Self::Breaker => "breaker",
            Self::Guards => "guards",
        }
    }

    /// The loop of `row`, if it has this one.
    #[must_use]
    pub fn of(self, row: &Row) -> Option<&dyn Fn(u64)> {
        let run = match self {
            Self::Happy => &row.happy,
            Self::F3 => &row.f3,
            Self::F3Tokio => &row.f3_tokio,
            Self::Delays => &row.delays,
            guard => return row.guard(guard).map(|guard| &*guard.alone as _),
        };
        run.as_ref().map(|run| &**run as _)
    }

    /// What one iteration has of the thing that is counted.
    #[must_use]
    pub fn units(self) -> f64 {
        if self == Self::Delays { f64::from(DELAYS_A_RUN) } else { 1.0 }
    }
}
