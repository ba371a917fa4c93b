use crate::{Class, ErrorClassifier, Verdict};

/// Another classifier where the first has no opinion. See [`ErrorClassifier::or_else`].
///
/// ```
/// use retry_core::{AnyError, ErrorClassifier, OrElse, Verdict};
///
/// let classifier: OrElse<AnyError, AnyError> = AnyError.or_else(AnyError);
/// assert_eq!(classifier.classify("any"), Verdict::TRANSIENT);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct OrElse<A, B> {
    first: A,
    next: B,
}

impl<A, B> OrElse<A, B> {
    pub(super) const fn new(first: A, next: B) -> Self {
        Self { first, next }
    }
}

impl<E: ?Sized, A: ErrorClassifier<E>, B: ErrorClassifier<E>> ErrorClassifier<E> for OrElse<A, B> {
    fn classify(&self, error: &E) -> Verdict {
        match self.first.classify(error) {
            Verdict { class: Class::Unknown, .. } => self.next.classify(error),
            verdict => verdict,
        }
    }
}
