//! What a retrier may have beyond the essentials; absent, each part costs no byte and no instruction.

use std::marker::PhantomData;

use crate::history::Keep;
use crate::limit::Limit;
use crate::sealed::Sealed;
use crate::stop::StopSignal;

/// Limit, rejection of Ok-values, history, stop signal: each `()` where it is absent.
///
/// ```
/// use retry_core::{History, Limits, Policy, Retry, TokioSleeper, AnyError, With};
/// use std::time::Duration;
///
/// // The type of a field that holds a retrier with a timeout and a history.
/// type Mine = Retry<Policy, TokioSleeper, AnyError, (), With<Limits, (), History<4>, ()>>;
/// let retry: Mine = Retry::new(Policy::constant(Duration::ZERO)).timeout(Duration::from_secs(1)).history::<4>();
/// assert!(format!("{retry:?}").contains("Limits"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct With<L, V, H, G> {
    pub(crate) limit: L,
    pub(crate) reject: V,
    pub(crate) history: PhantomData<fn() -> H>,
    pub(crate) stop: G,
}

/// None of them: what [`Retry::new`](crate::Retry::new) begins with.
///
/// ```
/// assert_eq!(size_of::<retry_core::Plain>(), 0);
/// ```
pub type Plain = With<(), (), (), ()>;

impl Plain {
    pub(crate) const NONE: Self = Self { limit: (), reject: (), history: PhantomData, stop: () };
}

/// The parts of a [`With`]. Sealed.
///
/// ```
/// use retry_core::{Extra, Plain};
///
/// fn size_of_parts<X: Extra>() -> usize {
///     size_of::<X>()
/// }
/// assert_eq!(size_of_parts::<Plain>(), 0);
/// ```
pub trait Extra: Sealed {
    /// Limits an attempt.
    type Limit: Limit;
    /// Rejects Ok-values.
    type Reject;
    /// Remembers failures.
    type History: Keep;
    /// Tells when to stop.
    type Stop: StopSignal;
    #[doc(hidden)]
    fn limit(&self) -> &Self::Limit;
    #[doc(hidden)]
    fn reject(&self) -> &Self::Reject;
    #[doc(hidden)]
    fn stop(&self) -> &Self::Stop;
}

impl<L: Limit, V, H: Keep, G: StopSignal> Extra for With<L, V, H, G> {
    type Limit = L;
    type Reject = V;
    type History = H;
    type Stop = G;

    #[inline]
    fn limit(&self) -> &L {
        &self.limit
    }
    #[inline]
    fn reject(&self) -> &V {
        &self.reject
    }
    #[inline]
    fn stop(&self) -> &G {
        &self.stop
    }
}

impl<L, V, H, G> Sealed for With<L, V, H, G> {}
