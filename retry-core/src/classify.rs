//! From an error to a verdict.

use std::rc::Rc;
use std::sync::Arc;

use crate::Verdict;

mod any;
mod by_self;
mod closure;
mod or_else;
mod source;

pub use any::AnyError;
pub use by_self::{BySelf, Classified};
pub use closure::{ClassifyFn, classify_fn, retry_if};
pub use or_else::OrElse;
pub use source::{BoxedSource, ClassifySource, ErrorObject, classify_source};

/// Maps errors of type `E` to [`Verdict`]s.
///
/// | your error | write |
/// |---|---|
/// | any, all worth a retry | nothing: [`AnyError`] is the default |
/// | is your own type | implement [`Classified`], then `.by_self()` |
/// | is somebody else's type | `.classify(classify_fn(\|error: &Theirs\| ..))` |
/// | is worth a retry or not | `.classify(retry_if(\|error: &Theirs\| ..))` |
/// | hides in `source()`s | `.classify(classify_source(\|error: &io::Error\| ..))` |
/// | is a `Box<dyn Error>` | `.classify(classify_source(\|error: &io::Error\| ..).boxed())` |
/// | several of these | join them by [`or_else`](Self::or_else) |
///
/// ```
/// use retry_core::{ErrorClassifier, Verdict, classify_fn};
/// use std::io;
///
/// let classifier = classify_fn(|error: &io::Error| match error.kind() {
///     io::ErrorKind::ConnectionReset => Verdict::TRANSIENT,
///     _ => Verdict::PERMANENT,
/// });
/// assert_eq!(classifier.classify(&io::ErrorKind::NotFound.into()), Verdict::PERMANENT);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot classify errors of type `{E}`",
    label = "no classifier for this operation's error",
    note = "implement `Classified` for `{E}`, or call `.classify(classify_fn(|error: &{E}| ..))` on the retrier"
)]
pub trait ErrorClassifier<E: ?Sized> {
    /// Classifies `error`. [`Class::Unknown`](crate::Class::Unknown), as in `Verdict::default()`, means "no opinion".
    fn classify(&self, error: &E) -> Verdict;

    /// Asks `next` where `self` has no opinion.
    ///
    /// ```
    /// # use retry_core::{ErrorClassifier, Verdict, classify_fn};
    /// let classifier = classify_fn(|n: &u8| if *n == 0 { Verdict::PERMANENT } else { Verdict::default() })
    ///     .or_else(classify_fn(|_| Verdict::THROTTLED));
    /// assert_eq!(classifier.classify(&1), Verdict::THROTTLED);
    /// ```
    fn or_else<C>(self, next: C) -> OrElse<Self, C>
    where
        Self: Sized,
        C: ErrorClassifier<E>,
    {
        OrElse::new(self, next)
    }
}

/// `or_else` without the error's type, which the trait's own could not infer in a chain.
macro_rules! chained {
    ($($classifier:ident $(<$($parameter:ident),*>)?),*) => {$(
        impl $(<$($parameter),*>)? $classifier $(<$($parameter),*>)? {
            /// Asks `next` where this has no opinion.
            ///
            /// ```
            /// # use retry_core::{AnyError, ErrorClassifier, Verdict, classify_source};
            /// # use std::{fmt, io};
            /// let classifier = classify_source(|_: &io::Error| Verdict::THROTTLED).or_else(AnyError);
            /// assert_eq!(classifier.classify(&fmt::Error), Verdict::TRANSIENT);
            /// ```
            pub fn or_else<Next>(self, next: Next) -> OrElse<Self, Next> {
                OrElse::new(self, next)
            }
        }
    )*};
}
chained!(AnyError, BySelf, ClassifyFn<F>, ClassifySource<T, F>, BoxedSource<C>, OrElse<A, B>);

macro_rules! forward {
    ($($pointer:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<E: ?Sized, C: ErrorClassifier<E> + ?Sized> ErrorClassifier<E> for $pointer {
            #[inline]
            fn classify(&self, error: &E) -> Verdict {
                (**self).classify(error)
            }
        }
    )*};
}
forward!(&C, Box<C>, Arc<C>, Rc<C>);
