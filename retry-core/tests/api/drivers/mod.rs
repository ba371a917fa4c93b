//! The drivers, on a clock that stands still unless told.

mod admission;
mod blocking_stop;
mod cancel;
mod clock;
mod deadline;
mod doors;
mod history;
mod outcomes;
mod reject;
mod sleepers;
mod stop;
#[cfg(feature = "stream")]
mod stream;
mod timeout;
mod tokio_time;
mod waiting;
