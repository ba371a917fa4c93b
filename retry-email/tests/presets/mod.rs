//! Every preset, delay by delay, under a virtual clock.

mod default;
mod facts;
mod jittered;
mod names;
mod planned;
// The same file as retry-core's own tests use: what a plan is compared with must not drift apart.
#[path = "../../../retry-core/tests/api/support/preview.rs"]
mod preview;
mod run;
mod schedules;
mod text;
