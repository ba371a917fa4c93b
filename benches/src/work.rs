//! The work that every row does: an operation that fails as often as its script says, and the settings of the policy.

use std::error::Error;
use std::fmt::{self, Display};
use std::hint::black_box;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

/// The first delay.
pub const BASE: Duration = Duration::from_millis(2);
/// The longest delay.
pub const CAP: Duration = Duration::from_millis(10);
/// The longest delay where only delays are computed, so that eight of them keep growing.
pub const LONG_CAP: Duration = Duration::from_secs(60);
/// Retries after the first call.
pub const RETRIES: u32 = 5;
/// Calls in all.
pub const ATTEMPTS: u32 = RETRIES + 1;
/// The same number for the peers that count by `usize`.
pub const RETRIES_USIZE: usize = 5;
/// Delays that one run of a row's delay loop computes.
pub const DELAYS_A_RUN: u32 = 8;

/// The error of the operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused(pub u32);

impl Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "refused attempt {}", self.0)
    }
}

impl Error for Refused {}

/// Fails the first `failures` attempts, then succeeds.
///
/// Atomics, so that every peer may share it whatever its bounds ask for, and so that no optimiser sees the outcome.
#[derive(Debug)]
pub struct Script {
    failed: AtomicU32,
    failures: AtomicU32,
}

impl Script {
    /// Of so many failures.
    #[must_use]
    pub const fn new(failures: u32) -> Self {
        Self { failed: AtomicU32::new(0), failures: AtomicU32::new(failures) }
    }
}

/// The one script that the loops reuse, rewound to `failures` failures.
#[inline(always)]
pub fn rewound(failures: u32) -> &'static Script {
    static SCRIPT: Script = Script::new(0);
    SCRIPT.failed.store(0, Relaxed);
    SCRIPT.failures.store(failures, Relaxed);
    black_box(&SCRIPT)
}

/// One attempt: two loads, and a store if it fails.
///
/// # Errors
/// As often as the script says.
#[inline(always)]
pub fn attempt_blocking(script: &Script) -> Result<u64, Refused> {
    let failed = script.failed.load(Relaxed);
    if failed < script.failures.load(Relaxed) {
        script.failed.store(failed + 1, Relaxed);
        Err(Refused(failed))
    } else {
        Ok(u64::from(failed))
    }
}

/// The same attempt, as users write it.
///
/// # Errors
/// As often as the script says.
#[inline(always)]
pub async fn attempt(script: &'static Script) -> Result<u64, Refused> {
    attempt_blocking(script)
}
