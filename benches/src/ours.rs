//! `retry-core`, door by door: each with its policy static and boxed, with and without an observer.
//!
//! Unlike the peers all our rows have full jitter on. The caller holds the retrier, and the optimiser sees nothing of it
//! but its type. All uses of the engine's API in this crate are below this module.

mod blocking;
mod delays;
mod doors;
mod guards;
mod layer;
mod noop;
mod observer;
mod retriers;

use retry_core::TokioSleeper;

pub use guards::ALL as GUARDS;

use crate::row::Row;
use noop::AtOnce;

/// The row that the crowd's gate is about, and most others.
pub const CALL: &str = "retry-core call";

/// How all our rows' names begin.
pub const OURS: &str = "retry-core ";

/// Four rows of one async door.
macro_rules! door {
    ($rows:ident, $name:literal, $door:path) => {
        door!($rows, $name, $door, plain);
        door!($rows, concat!($name, " + observer"), $door, observed);
        door!($rows, concat!($name, ", boxed policy"), $door, boxed);
        door!($rows, concat!($name, ", boxed policy + observer"), $door, boxed_observed);
    };
    ($rows:ident, $name:expr, $door:path, $retrier:ident) => {
        let row = Row::named(concat!("retry-core ", $name));
        $rows.push(row.at_once(|| $door(retriers::$retrier(AtOnce))).tokio(|| $door(retriers::$retrier(TokioSleeper))));
    };
}

/// Four rows of one blocking door.
macro_rules! blocking_door {
    ($rows:ident, $name:literal, $door:path) => {
        $rows.push(Row::named(concat!("retry-core ", $name)).blocking(|| $door(retriers::plain(AtOnce))));
        $rows.push(
            Row::named(concat!("retry-core ", $name, " + observer")).blocking(|| $door(retriers::observed(AtOnce))),
        );
        $rows.push(
            Row::named(concat!("retry-core ", $name, ", boxed policy")).blocking(|| $door(retriers::boxed(AtOnce))),
        );
        $rows.push(
            Row::named(concat!("retry-core ", $name, ", boxed policy + observer"))
                .blocking(|| $door(retriers::boxed_observed(AtOnce))),
        );
    };
}

/// All rows of `retry-core`.
pub(crate) fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    door!(rows, "call", doors::call);
    door!(rows, "call + classes", doors::call, classes);
    door!(rows, "call + classes + observer", doors::call, observed_classes);
    door!(rows, "call, timeout", doors::call_timed, timed);
    door!(rows, "call_with", doors::call_with);
    door!(rows, "call_mut", doors::call_mut);
    door!(rows, "loop", doors::looped);
    door!(rows, "tower layer", layer::plain, owned);
    blocking_door!(rows, "call_blocking", blocking::call);
    blocking_door!(rows, "blocking loop", blocking::looped);
    rows.push(Row::named("retry-core delay").delays(delays::doubling));
    rows.push(Row::named("retry-core delay x3/2").delays(delays::three_halves));
    rows.push(Row::named("retry-core decide (session)").delays(delays::session));
    rows.push(Row::named("retry-core delay (traits)").delays(delays::traits));
    rows.extend(guards::rows());
    rows
}
