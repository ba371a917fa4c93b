//! The sleeper of the rows without a timer: time stands still and every sleep is over at once.

use std::future::{Ready, ready};
use std::hint::black_box;
use std::time::Duration;

use retry_core::{BlockingSleeper, Clock, Sleeper, Time};

#[derive(Clone, Copy, Debug)]
pub(super) struct AtOnce;

impl Clock for AtOnce {
    #[inline]
    fn now(&self) -> Time {
        Time::from_nanos(1)
    }
}

impl Sleeper for AtOnce {
    type Sleep = Ready<()>;

    #[inline]
    fn sleep(&self, delay: Duration) -> Ready<()> {
        black_box(delay);
        ready(())
    }
}

impl BlockingSleeper for AtOnce {
    #[inline]
    fn sleep_blocking(&self, delay: Duration) {
        black_box(delay);
    }
}
