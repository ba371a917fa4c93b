use std::fmt;

use crate::{ErrorClassifier, Verdict};

/// A classifier from a closure. See [`classify_fn`].
///
/// ```
/// use retry_core::{ClassifyFn, ErrorClassifier, Verdict, classify_fn};
///
/// let classifier: ClassifyFn<fn(&u8) -> Verdict> = classify_fn(|_: &u8| Verdict::PERMANENT);
/// assert_eq!(classifier.classify(&0), Verdict::PERMANENT);
/// ```
#[derive(Clone, Copy)]
pub struct ClassifyFn<F>(F);

/// Makes a classifier of a closure.
///
/// A wrapper, and no blanket impl for closures: with one, the compiler could not infer the closure's argument.
///
/// ```
/// use retry_core::{Policy, Retry, StopReason, ThreadSleeper, Verdict, classify_fn};
/// use std::time::Duration;
///
/// let retry = Retry::with_sleeper(Policy::constant(Duration::ZERO), ThreadSleeper)
///     .classify(classify_fn(|error: &i32| if *error < 3 { Verdict::TRANSIENT } else { Verdict::PERMANENT }));
/// let mut error = 0;
/// let end = retry.call_blocking(|| {
///     error += 1;
///     Err::<(), _>(error)
/// });
/// assert_eq!(end.unwrap_err().into_error(), Some(3));
/// ```
pub const fn classify_fn<E, F>(f: F) -> ClassifyFn<F>
where
    E: ?Sized,
    F: Fn(&E) -> Verdict,
{
    ClassifyFn(f)
}

/// Makes a classifier of a condition: what meets it is transient, the rest permanent.
///
/// ```
/// use retry_core::{ErrorClassifier, Verdict, retry_if};
/// use std::io::{Error, ErrorKind};
///
/// let classifier = retry_if(|error: &Error| error.kind() == ErrorKind::TimedOut);
/// assert_eq!(classifier.classify(&ErrorKind::TimedOut.into()), Verdict::TRANSIENT);
/// assert_eq!(classifier.classify(&ErrorKind::NotFound.into()), Verdict::PERMANENT);
/// ```
pub fn retry_if<E, F>(f: F) -> ClassifyFn<impl Fn(&E) -> Verdict + Clone>
where
    E: ?Sized,
    F: Fn(&E) -> bool + Clone,
{
    ClassifyFn(move |error: &E| if f(error) { Verdict::TRANSIENT } else { Verdict::PERMANENT })
}

impl<E: ?Sized, F: Fn(&E) -> Verdict> ErrorClassifier<E> for ClassifyFn<F> {
    #[inline]
    fn classify(&self, error: &E) -> Verdict {
        (self.0)(error)
    }
}

impl<F> fmt::Debug for ClassifyFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ClassifyFn").finish_non_exhaustive()
    }
}
