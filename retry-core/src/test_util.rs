//! A virtual clock, scripted randomness and a recorder, for tests of code that retries. Feature `test-util`.

mod recorder;
mod scripted;
mod virtual_clock;

pub use recorder::{Event, Recorder};
pub use scripted::Scripted;
pub use virtual_clock::{VirtualClock, VirtualSleep};
