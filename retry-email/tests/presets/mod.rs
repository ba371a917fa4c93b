//! Every preset, delay by delay, under a virtual clock.

mod default;
mod facts;
mod jittered;
mod names;
mod run;
mod schedules;
