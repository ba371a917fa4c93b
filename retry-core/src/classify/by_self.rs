use crate::{ErrorClassifier, Verdict};

/// Implemented by errors that know their own verdict.
///
/// ```
/// use retry_core::{Classified, Policy, Retry, StopReason, ThreadSleeper, Verdict};
/// use std::time::Duration;
///
/// enum Lookup {
///     Busy,
///     NoSuchName,
/// }
///
/// impl Classified for Lookup {
///     fn verdict(&self) -> Verdict {
///         match self {
///             Self::Busy => Verdict::TRANSIENT,
///             Self::NoSuchName => Verdict::PERMANENT,
///         }
///     }
/// }
///
/// let retry = Retry::with_sleeper(Policy::constant(Duration::ZERO), ThreadSleeper).by_self();
/// let mut answers = [Lookup::NoSuchName, Lookup::Busy].into_iter().rev();
/// let end = retry.call_blocking(|| Err::<(), _>(answers.next().unwrap())).err().unwrap();
/// assert_eq!((end.attempts, end.reason), (2, StopReason::Permanent));
/// ```
pub trait Classified {
    /// The verdict on this error.
    fn verdict(&self) -> Verdict;
}

impl<E: Classified + ?Sized> Classified for Box<E> {
    fn verdict(&self) -> Verdict {
        (**self).verdict()
    }
}

/// Asks the error itself. See [`Classified`] and [`Retry::by_self`](crate::Retry::by_self).
///
/// ```
/// use retry_core::{BySelf, Classified, ErrorClassifier, Verdict};
///
/// struct Full;
/// impl Classified for Full {
///     fn verdict(&self) -> Verdict {
///         Verdict::PERSISTENT
///     }
/// }
/// assert_eq!(BySelf.classify(&Full), Verdict::PERSISTENT);
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "a unit")]
pub struct BySelf;

#[diagnostic::do_not_recommend]
impl<E: Classified + ?Sized> ErrorClassifier<E> for BySelf {
    #[inline]
    fn classify(&self, error: &E) -> Verdict {
        error.verdict()
    }
}
