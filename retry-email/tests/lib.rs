//! The adapters from outside, against scripted servers on 127.0.0.1.

#[cfg(test)]
#[cfg(feature = "classify")]
mod classify;
#[cfg(test)] // always so, but it tells clippy that the helpers are test code
#[cfg(feature = "lettre")]
mod lettre;
