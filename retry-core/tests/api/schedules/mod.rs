//! The delays of each schedule as numbers.

mod bounds;
mod by_age;
mod check;
mod combined;
mod growing;
mod lists;
mod overall;
mod polly;
