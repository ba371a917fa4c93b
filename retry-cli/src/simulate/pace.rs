use std::rc::Rc;

use clap::ValueEnum;
use retry_core::{Aimd, Cubic, Pacer, Time};

/// By which law the senders of a destination are paced.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(super) enum Pace {
    /// not at all
    None,
    /// careful, where excess is punished
    Aimd,
    /// soon back, where excess is just refused
    Cubic,
}

/// Reads a rate a second; no number before anything was throttled.
type Rate = Box<dyn Fn() -> f64>;

impl Pace {
    /// As on the command line.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Aimd => "aimd",
            Self::Cubic => "cubic",
        }
    }

    /// A pacer that measures from `start`, and its rate.
    pub(super) fn pacer(self, start: Time) -> Option<(Rc<dyn Pacer>, Rate)> {
        match self {
            Self::None => None,
            Self::Aimd => {
                let pacer = Rc::new(Aimd::new(start));
                let read = Rc::clone(&pacer);
                Some((pacer, Box::new(move || if read.is_engaged() { read.rate() } else { f64::NAN })))
            }
            Self::Cubic => {
                let pacer = Rc::new(Cubic::new(start));
                let read = Rc::clone(&pacer);
                Some((pacer, Box::new(move || if read.is_engaged() { read.rate() } else { f64::NAN })))
            }
        }
    }
}
