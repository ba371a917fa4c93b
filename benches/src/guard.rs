//! What may refuse or delay an attempt: made once, and asked by one thread, or by two at the same time.

use std::fmt::{self, Debug};
use std::thread;

use crate::row::Loop;

/// The loops over one guard.
pub struct Guard {
    /// One thread asks.
    pub alone: Loop,
    /// Two threads ask the same guard, each as often.
    pub together: Loop,
}

impl Guard {
    /// `make` makes the guard, and the loop over it.
    #[must_use]
    pub fn new<F: Fn(u64) + Sync>(make: impl Fn() -> F + Copy + Sync + 'static) -> Self {
        let together = move |n| {
            let run = make();
            thread::scope(|scope| {
                scope.spawn(|| run(n));
                run(n);
            });
        };
        Self { alone: Box::new(move |n| make()(n)), together: Box::new(together) }
    }
}

impl Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard").finish_non_exhaustive()
    }
}
