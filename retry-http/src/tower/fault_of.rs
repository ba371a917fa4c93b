//! From a service's errors to faults.

use std::error::Error;
use std::fmt;
use std::io::{self, ErrorKind};

use crate::Fault;

/// Tells what went wrong by a service's error.
///
/// ```
/// use retry_http::Fault;
/// use retry_http::tower::{AnyFault, FaultOf};
///
/// assert_eq!(AnyFault.fault(&"what was that?"), Fault::Other);
/// ```
pub trait FaultOf<E: ?Sized> {
    /// What it was; [`Fault::Other`] where that cannot be told, which counts as "may have happened".
    fn fault(&self, error: &E) -> Fault;
}

/// Tells nothing: every error is [`Fault::Other`]. The default.
///
/// ```
/// # use retry_http::{Fault, tower::{AnyFault, FaultOf}};
/// assert_eq!(AnyFault.fault(&1), Fault::Other);
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "a unit")]
pub struct AnyFault;

impl<E: ?Sized> FaultOf<E> for AnyFault {
    fn fault(&self, _: &E) -> Fault {
        Fault::Other
    }
}

/// Tells by the first [`io::Error`] among an error and its sources.
///
/// Refused and unreachable mean that no connection stood; a timeout, a reset or an end of the stream may have come after the
/// request.
///
/// ```
/// use retry_http::Fault;
/// use retry_http::tower::{FaultOf, IoFault};
/// use std::io::{Error, ErrorKind};
///
/// assert_eq!(IoFault.fault(&Error::from(ErrorKind::ConnectionRefused)), Fault::Refused);
/// assert_eq!(IoFault.fault(&Error::from(ErrorKind::ConnectionReset)), Fault::Closed);
/// assert_eq!(IoFault.fault(&std::fmt::Error), Fault::Other);
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "a unit")]
pub struct IoFault;

impl<E: Error + 'static> FaultOf<E> for IoFault {
    fn fault(&self, error: &E) -> Fault {
        let mut link: Option<&(dyn Error + 'static)> = Some(error);
        while let Some(error) = link {
            if let Some(io) = error.downcast_ref::<io::Error>() {
                return by_kind(io.kind());
            }
            link = error.source();
        }
        Fault::Other
    }
}

fn by_kind(kind: ErrorKind) -> Fault {
    match kind {
        ErrorKind::ConnectionRefused
        | ErrorKind::HostUnreachable
        | ErrorKind::NetworkUnreachable
        | ErrorKind::NetworkDown
        | ErrorKind::AddrNotAvailable => Fault::Refused,
        ErrorKind::TimedOut => Fault::Timeout,
        ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::NotConnected
        | ErrorKind::BrokenPipe
        | ErrorKind::UnexpectedEof => Fault::Closed,
        ErrorKind::InvalidData => Fault::Protocol,
        _ => Fault::Other,
    }
}

/// Tells by a function. See [`RetryLayer::faults`](super::RetryLayer::faults).
///
/// ```
/// # use retry_http::{Fault, tower::{FaultFn, FaultOf}};
/// let faults = FaultFn::new(|error: &&str| error.parse().unwrap_or(Fault::Other));
/// assert_eq!(faults.fault(&"connection refused"), Fault::Refused);
/// ```
#[derive(Clone, Copy)]
pub struct FaultFn<F>(F);

impl<F> FaultFn<F> {
    /// By `f`.
    ///
    /// ```
    /// # use retry_http::{Fault, tower::{FaultFn, FaultOf}};
    /// assert_eq!(FaultFn::new(|_: &u8| Fault::Timeout).fault(&1), Fault::Timeout);
    /// ```
    pub const fn new<E: ?Sized>(f: F) -> Self
    where
        F: Fn(&E) -> Fault,
    {
        Self(f)
    }
}

impl<E: ?Sized, F: Fn(&E) -> Fault> FaultOf<E> for FaultFn<F> {
    fn fault(&self, error: &E) -> Fault {
        (self.0)(error)
    }
}

impl<F> fmt::Debug for FaultFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FaultFn").finish_non_exhaustive()
    }
}
