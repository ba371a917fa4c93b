use std::error::Error;
use std::fmt;
use std::io;
use std::marker::PhantomData;
use std::ops::Deref;

use crate::sealed::Sealed;
use crate::{ErrorClassifier, Verdict};

/// A classifier that looks for an error of type `T` among sources. See [`classify_source`].
///
/// ```
/// use retry_core::{ClassifySource, Verdict, classify_source};
/// use std::io;
///
/// let classifier: ClassifySource<io::Error, _> = classify_source(|_: &io::Error| Verdict::TRANSIENT);
/// assert!(format!("{classifier:?}").contains("io::error::Error"));
/// ```
pub struct ClassifySource<T, F> {
    f: F,
    found: PhantomData<fn(&T)>,
}

/// Classifies by the first error of type `T` among an error and its [`source`](Error::source)s; without one it has
/// no opinion. What an [`io::Error`] wraps counts as its source.
///
/// ```
/// use retry_core::{Class, ErrorClassifier, GaveUp, Policy, Retry, ThreadSleeper, Verdict, classify_source};
/// use std::{io, time::Duration};
///
/// let classifier = classify_source(|error: &io::Error| match error.kind() {
///     io::ErrorKind::TimedOut => Verdict::TRANSIENT,
///     _ => Verdict::PERMANENT,
/// });
/// // An error whose source is an `io::Error`.
/// let retry = Retry::with_sleeper(Policy::constant(Duration::ZERO).attempts(1), ThreadSleeper);
/// let wrapped: GaveUp<io::Error> =
///     retry.call_blocking(|| Err::<(), _>(io::Error::from(io::ErrorKind::TimedOut))).unwrap_err();
/// assert_eq!(classifier.classify(&wrapped), Verdict::TRANSIENT);
/// assert_eq!(classifier.classify(&std::fmt::Error).class, Class::Unknown);
/// ```
pub const fn classify_source<T, F>(f: F) -> ClassifySource<T, F>
where
    T: Error + 'static,
    F: Fn(&T) -> Verdict,
{
    ClassifySource { f, found: PhantomData }
}

impl<T: Error + 'static, F: Fn(&T) -> Verdict> ClassifySource<T, F> {
    /// The same for errors behind a pointer: `Box<dyn Error + Send + Sync>` and its kin, and `anyhow::Error`.
    ///
    /// ```
    /// use retry_core::{Class, ErrorClassifier, Verdict, classify_source};
    /// use std::{error::Error, io};
    ///
    /// let classifier = classify_source(|_: &io::Error| Verdict::TRANSIENT).boxed();
    /// let io: Box<dyn Error + Send + Sync> = Box::new(io::Error::from(io::ErrorKind::TimedOut));
    /// assert_eq!(classifier.classify(&io), Verdict::TRANSIENT);
    /// let other: Box<dyn Error + Send + Sync> = "something else".into();
    /// assert_eq!(classifier.classify(&other).class, Class::Unknown);
    /// ```
    #[must_use]
    pub const fn boxed(self) -> BoxedSource<Self> {
        BoxedSource(self)
    }

    fn search(&self, head: &(dyn Error + 'static)) -> Verdict {
        let mut link = Some(head);
        while let Some(error) = link {
            if let Some(found) = error.downcast_ref::<T>() {
                return (self.f)(found);
            }
            // What an `io::Error` wraps is not its source.
            link = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
                Some(inner) => Some(inner),
                None => error.source(),
            };
        }
        Verdict::default()
    }
}

impl<E, T, F> ErrorClassifier<E> for ClassifySource<T, F>
where
    E: Error + 'static,
    T: Error + 'static,
    F: Fn(&T) -> Verdict,
{
    fn classify(&self, error: &E) -> Verdict {
        self.search(error)
    }
}

/// A [`ClassifySource`] for errors behind a pointer. See [`ClassifySource::boxed`].
///
/// ```
/// # use retry_core::{BoxedSource, ErrorClassifier, Verdict, classify_source};
/// # use std::{error::Error, fmt};
/// let classifier: BoxedSource<_> = classify_source(|_: &fmt::Error| Verdict::PERMANENT).boxed();
/// let error: Box<dyn Error> = Box::new(fmt::Error);
/// assert_eq!(classifier.classify(&error), Verdict::PERMANENT);
/// ```
#[derive(Clone, Debug)]
pub struct BoxedSource<C>(C);

impl<B, T, F> ErrorClassifier<B> for BoxedSource<ClassifySource<T, F>>
where
    B: Deref<Target: ErrorObject>,
    T: Error + 'static,
    F: Fn(&T) -> Verdict,
{
    fn classify(&self, error: &B) -> Verdict {
        self.0.search(error.head())
    }
}

/// `dyn Error`, with or without `Send` and `Sync`. Sealed.
///
/// ```
/// # use retry_core::ErrorObject;
/// # use std::error::Error;
/// let error: Box<dyn Error + Send + Sync> = "no".into();
/// assert_eq!(error.head().to_string(), "no");
/// ```
pub trait ErrorObject: Sealed {
    /// Itself, as the head of a chain.
    fn head(&self) -> &(dyn Error + 'static);
}

macro_rules! objects {
    ($($object:ty),*) => {$(
        impl Sealed for $object {}
        impl ErrorObject for $object {
            fn head(&self) -> &(dyn Error + 'static) {
                self
            }
        }
    )*};
}
objects!(dyn Error, dyn Error + Send, dyn Error + Send + Sync);

impl<T, F: Clone> Clone for ClassifySource<T, F> {
    fn clone(&self) -> Self {
        Self { f: self.f.clone(), found: PhantomData }
    }
}

impl<T, F> fmt::Debug for ClassifySource<T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClassifySource<{}>", std::any::type_name::<T>())
    }
}
