//! What holds for every input.

mod arithmetic;
mod bounds;
mod caps;
mod hints;
mod laws;
mod nesting;
mod open_traits;
mod overall;
mod panics;
mod runs;
