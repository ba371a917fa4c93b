//! The crate from outside; the adapters against scripted servers on 127.0.0.1.

#[cfg(test)] // always so, but it tells clippy that the helpers are test code
mod cases;
#[cfg(test)]
#[cfg(feature = "classify")]
mod classify;
#[cfg(test)]
mod exim;
#[cfg(test)]
#[cfg(feature = "lettre")]
mod lettre;
#[cfg(test)]
mod presets;
#[cfg(test)]
mod reply;
#[cfg(test)]
mod support;
