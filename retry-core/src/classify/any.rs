use crate::{ErrorClassifier, Verdict};

/// The default classifier: every error is transient, possibly with effect, and of the destination.
///
/// ```
/// use retry_core::{AnyError, ErrorClassifier, Verdict};
///
/// assert_eq!(AnyError.classify("whatever"), Verdict::TRANSIENT);
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "a unit")]
pub struct AnyError;

impl<E: ?Sized> ErrorClassifier<E> for AnyError {
    #[inline]
    fn classify(&self, _: &E) -> Verdict {
        Verdict::TRANSIENT
    }
}
