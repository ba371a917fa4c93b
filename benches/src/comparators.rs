//! What others do against overload, as policies for the simulator: exact for every setting, without the defects of the
//! crates that have them (tower 0.5.3 rounds its percentage: 51 to 99 % all grant every retry).

use std::time::Duration;

use retry_core::simulate::{Fleet, Seat};
use retry_core::{GrpcThrottle, Law, Never, Policy, Ratio, RetryPolicy, SuccessBudget};

mod aws;
mod brooker;
mod decorrelated;
mod finagle;
mod guarded;
mod sre;
mod stretched;

pub use aws::Aws;
pub use brooker::Brooker;
pub use decorrelated::CutDecorrelated;
pub use finagle::Finagle;
pub use guarded::{Allowance, Guarded};
pub use sre::Sre;
pub use stretched::Stretched;

/// The schedule of all of them: 100 ms, doubling to 20 s, full jitter, 3 attempts.
pub const SCHEDULE: Policy =
    Policy::exponential(Duration::from_millis(100), Duration::from_secs(20)).jitter(Law::FULL).attempts(3);

/// A policy with a name.
#[derive(Clone, Copy, Debug)]
pub struct Comparator {
    /// Its name.
    pub name: &'static str,
    make: fn(&Seat) -> Box<dyn RetryPolicy>,
}

impl Comparator {
    /// Every client with this policy, and a state of its own.
    #[must_use]
    pub fn fleet(&self) -> Fleet<'static> {
        Fleet::of(self.make)
    }
}

/// The name of the row that others are measured by.
pub const NONE: &str = "no retry";
/// The name of our row.
pub const OURS: &str = "retry-core budget";

/// All of them: no retry first, ours last.
#[must_use]
pub fn all() -> Vec<Comparator> {
    let row = |name, make| Comparator { name, make };
    vec![
        row(NONE, |_| Box::new(Never)),
        row("exponential, full jitter", |_| Box::new(SCHEDULE)),
        row("AWS standard 2.0", |_| Box::new(Aws::v2_0(SCHEDULE))),
        row("AWS standard 2.1", |_| Box::new(Aws::v2_1(SCHEDULE))),
        row("Finagle, tower: 20 %, 10/s", |seat| guarded(seat, Finagle::default())),
        row("gRPC throttle 10, 0.1", |_| Box::new(SCHEDULE.budgeted(grpc()))),
        row("Brooker 0.1, cap 10", |seat| guarded(seat, Brooker::default())),
        row(OURS, |_| Box::new(SCHEDULE.budgeted(SuccessBudget::default()))),
    ]
}

/// gRPC's example: 10 tokens, a tenth of one for each success (A6).
const fn grpc() -> GrpcThrottle {
    match Ratio::new(1, 10) {
        Ok(tenth) => match GrpcThrottle::new(10, tenth) {
            Ok(throttle) => throttle,
            Err(_) => panic!("10 tokens and a tenth are valid"),
        },
        Err(_) => panic!("1 / 10 is a ratio"),
    }
}

fn guarded<A: Allowance + 'static>(seat: &Seat, allowance: A) -> Box<dyn RetryPolicy> {
    Box::new(Guarded::new(SCHEDULE, allowance, seat.clock()))
}
