//! Every preset, delay by delay, under a virtual clock.

mod default;
mod facts;
mod jittered;
mod names;
mod planned;
mod preview;
mod run;
mod schedules;
mod text;
