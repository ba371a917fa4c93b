//! `retry-core`, door by door.
//!
//! Unlike the peers all our rows have full jitter on. The caller holds the retrier, and the optimiser sees nothing of it
//! but its type. All uses of the engine's API in this crate are below this module.

mod blocking;
mod calls;
mod delays;
mod doors;
mod noop;
mod observer;
mod retriers;

use retry_core::TokioSleeper;

use crate::row::Row;
use noop::AtOnce;

/// The row that the crowd's gate is about, and most others.
pub const CALL: &str = "retry-core call";

/// All rows of `retry-core`; their names begin with it.
pub(crate) fn rows() -> Vec<Row> {
    use {calls as c, doors as d};

    vec![
        Row::named(CALL).at_once(|| c::plain(AtOnce)).tokio(|| c::plain(TokioSleeper)),
        Row::named("retry-core call + observer").at_once(|| c::observed(AtOnce)).tokio(|| c::observed(TokioSleeper)),
        Row::named("retry-core call + classes").at_once(|| c::classes(AtOnce)).tokio(|| c::classes(TokioSleeper)),
        Row::named("retry-core call + classes + observer")
            .at_once(|| c::observed_classes(AtOnce))
            .tokio(|| c::observed_classes(TokioSleeper)),
        Row::named("retry-core call, boxed policy").at_once(|| c::boxed(AtOnce)).tokio(|| c::boxed(TokioSleeper)),
        Row::named("retry-core call, timeout").at_once(|| c::timed(AtOnce)).tokio(|| c::timed(TokioSleeper)),
        Row::named("retry-core call_with").at_once(|| d::call_with(AtOnce)).tokio(|| d::call_with(TokioSleeper)),
        Row::named("retry-core call_mut").at_once(|| d::call_mut(AtOnce)).tokio(|| d::call_mut(TokioSleeper)),
        Row::named("retry-core call_mut, boxed policy")
            .at_once(|| d::call_mut_boxed(AtOnce))
            .tokio(|| d::call_mut_boxed(TokioSleeper)),
        Row::named("retry-core loop").at_once(|| d::looped(AtOnce)).tokio(|| d::looped(TokioSleeper)),
        Row::named("retry-core loop, boxed policy")
            .at_once(|| d::looped_boxed(AtOnce))
            .tokio(|| d::looped_boxed(TokioSleeper)),
        Row::named("retry-core call_blocking").blocking(blocking::call),
        Row::named("retry-core blocking loop").blocking(blocking::looped),
        Row::named("retry-core delay").delays(delays::doubling),
        Row::named("retry-core delay x3/2").delays(delays::three_halves),
        Row::named("retry-core decide (session)").delays(delays::session),
        Row::named("retry-core delay (traits)").delays(delays::traits),
    ]
}
