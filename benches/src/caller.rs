//! What a row hands to the loops: something that retries the work of a script.

use std::fmt::Debug;
use std::future::Future;

use crate::work::Script;

/// What a caller holds between calls (a retrier, a service, a builder), ready to make one call.
///
/// Implemented by closures; the trait is there because `impl FnMut(..) -> impl Future` cannot be written.
pub trait Caller {
    /// What the call ends with if it never succeeds.
    type Error: Debug + Send;
    /// The call. `Send`, so that it can be spawned.
    type Future: Future<Output = Result<u64, Self::Error>> + Send;

    /// Retries the work of `script` until it succeeds.
    fn call(&mut self, script: &'static Script) -> Self::Future;
}

impl<F, Fut, E> Caller for F
where
    F: FnMut(&'static Script) -> Fut,
    Fut: Future<Output = Result<u64, E>> + Send,
    E: Debug + Send,
{
    type Error = E;
    type Future = Fut;

    #[inline(always)]
    fn call(&mut self, script: &'static Script) -> Fut {
        self(script)
    }
}
