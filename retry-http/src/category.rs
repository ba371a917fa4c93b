//! Limits by kind of failure, as urllib3 has them.

use std::fmt;

use crate::{Exchange, Fault, Seen};

/// The kinds of failure that urllib3 counts apart.
///
/// ```
/// use retry_http::{Category, Fault};
///
/// assert_eq!(Category::from(Fault::ConnectTimeout), Category::Connect);
/// assert_eq!(Category::from(Fault::Timeout), Category::Read);
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Category {
    /// No connection.
    Connect,
    /// The request was sent, and no whole answer came.
    Read,
    /// A redirect that the caller follows.
    Redirect,
    /// An answer whose status is retried.
    Status,
    /// Anything else.
    Other,
}

impl From<Fault> for Category {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Dns | Fault::NameNotFound | Fault::Refused | Fault::ConnectTimeout => Self::Connect,
            Fault::Timeout | Fault::Closed | Fault::Protocol | Fault::Body | Fault::GoAway | Fault::RefusedStream => {
                Self::Read
            }
            Fault::TooManyRedirects => Self::Redirect,
            Fault::Tls | Fault::BadCertificate | Fault::PoolTimeout | Fault::BadRequest | Fault::Other => Self::Other,
        }
    }
}

/// How many retries a request may spend, by category and in total; `None` is no limit. Retries, as with urllib3: 3 retries
/// are 4 attempts.
///
/// ```
/// use retry_http::CategoryLimits;
///
/// const LIMITS: CategoryLimits = CategoryLimits::NONE.total(10).connect(3).read(0);
/// assert_eq!((LIMITS.total, LIMITS.read, LIMITS.status), (Some(10), Some(0), None));
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub struct CategoryLimits {
    /// Of all kinds.
    pub total: Option<u32>,
    /// Of [`Category::Connect`].
    pub connect: Option<u32>,
    /// Of [`Category::Read`].
    pub read: Option<u32>,
    /// Of [`Category::Redirect`].
    pub redirect: Option<u32>,
    /// Of [`Category::Status`].
    pub status: Option<u32>,
    /// Of [`Category::Other`].
    pub other: Option<u32>,
}

/// One setter per limit.
macro_rules! setters {
    ($($name:ident),*) => {$(
        #[doc = concat!("Replaces the limit `", stringify!($name), "`.")]
        ///
        /// ```
        #[doc = concat!("let limits = retry_http::CategoryLimits::NONE.", stringify!($name), "(2);")]
        #[doc = concat!("assert_eq!(limits.", stringify!($name), ", Some(2));")]
        /// ```
        #[must_use]
        pub const fn $name(mut self, retries: u32) -> Self {
            self.$name = Some(retries);
            self
        }
    )*};
}

impl CategoryLimits {
    /// No limit at all.
    ///
    /// ```
    /// assert_eq!(retry_http::CategoryLimits::NONE.total, None);
    /// ```
    pub const NONE: Self = Self { total: None, connect: None, read: None, redirect: None, status: None, other: None };

    setters!(total, connect, read, redirect, status, other);

    const fn of(&self, category: Category) -> Option<u32> {
        match category {
            Category::Connect => self.connect,
            Category::Read => self.read,
            Category::Redirect => self.redirect,
            Category::Status => self.status,
            Category::Other => self.other,
        }
    }
}

/// What one logical request has spent of its [`CategoryLimits`]: plain data.
///
/// ```
/// use retry_http::{CategoryLimits, SpentOn, Fault, Tally};
///
/// let mut tally = Tally::new(CategoryLimits::NONE.total(10).connect(1));
/// assert!(tally.spend(SpentOn::Fault(Fault::ConnectTimeout)).is_ok());
/// let exhausted = tally.spend(SpentOn::Fault(Fault::ConnectTimeout)).unwrap_err();
/// assert_eq!(exhausted.to_string(), "connect timed out, and no connect retry is left");
/// assert_eq!(tally.consecutive_failures(), 2);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Tally {
    limits: CategoryLimits,
    spent: [u32; 5],
    total: u32,
    consecutive: u32,
}

/// What a retry is spent on.
///
/// ```
/// use retry_http::{Category, SpentOn};
///
/// assert_eq!(SpentOn::Status(503).category(), Some(Category::Status));
/// assert_eq!(SpentOn::Unknown.category(), None);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum SpentOn {
    /// No whole answer.
    Fault(Fault),
    /// An answer with this status.
    Status(u16),
    /// A redirect.
    Redirect,
    /// Nobody knows; counts in total only.
    Unknown,
}

impl SpentOn {
    /// Where it counts beside the total.
    ///
    /// ```
    /// # use retry_http::{Category, SpentOn};
    /// assert_eq!(SpentOn::Redirect.category(), Some(Category::Redirect));
    /// ```
    #[must_use]
    pub fn category(self) -> Option<Category> {
        match self {
            Self::Fault(fault) => Some(fault.into()),
            Self::Status(_) => Some(Category::Status),
            Self::Redirect => Some(Category::Redirect),
            Self::Unknown => None,
        }
    }
}

impl From<&Exchange<'_>> for SpentOn {
    fn from(exchange: &Exchange<'_>) -> Self {
        match exchange.seen {
            Seen::Fault(fault) => Self::Fault(fault),
            Seen::Answer(0, _) => Self::Unknown,
            Seen::Answer(status, _) => Self::Status(status),
        }
    }
}

impl fmt::Display for SpentOn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fault(fault) => fault.fmt(f),
            Self::Status(status) => write!(f, "too many {status} error responses"),
            Self::Redirect => f.write_str("too many redirects"),
            Self::Unknown => f.write_str("too many error responses"),
        }
    }
}

/// A limit by category, or in total, is used up.
///
/// ```
/// use retry_http::{CategoryLimits, Exhausted, SpentOn, Tally};
///
/// let exhausted: Exhausted = Tally::new(CategoryLimits::NONE.total(0)).spend(SpentOn::Status(400)).unwrap_err();
/// assert_eq!(exhausted.category, None);
/// assert_eq!(exhausted.to_string(), "too many 400 error responses, and no retry is left in total");
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Exhausted {
    /// The last failure.
    pub last: SpentOn,
    /// Whose limit it was; `None` for the total.
    pub category: Option<Category>,
}

impl fmt::Display for Exhausted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.category {
            None => return write!(f, "{}, and no retry is left in total", self.last),
            Some(Category::Connect) => "connect",
            Some(Category::Read) => "read",
            Some(Category::Redirect) => "redirect",
            Some(Category::Status) => "status",
            Some(Category::Other) => "other",
        };
        write!(f, "{}, and no {name} retry is left", self.last)
    }
}

impl std::error::Error for Exhausted {}

impl Tally {
    /// Nothing spent.
    ///
    /// ```
    /// # use retry_http::{CategoryLimits, Tally};
    /// assert_eq!(Tally::new(CategoryLimits::NONE.total(10)).left(), Some(10));
    /// ```
    #[must_use]
    pub const fn new(limits: CategoryLimits) -> Self {
        Self { limits, spent: [0; 5], total: 0, consecutive: 0 }
    }

    /// Spends a retry on a failure, in total and in its category.
    ///
    /// # Errors
    /// [`Exhausted`] where a limit allows no such retry. It is counted all the same.
    ///
    /// ```
    /// # use retry_http::{CategoryLimits, SpentOn, Fault, Tally};
    /// let mut tally = Tally::new(CategoryLimits::NONE.read(0));
    /// assert!(tally.spend(SpentOn::Fault(Fault::Timeout)).is_err());
    /// ```
    pub fn spend(&mut self, failed: SpentOn) -> Result<(), Exhausted> {
        self.consecutive = if failed == SpentOn::Redirect { 0 } else { self.consecutive.saturating_add(1) };
        self.total = self.total.saturating_add(1);
        let category = failed.category();
        if let Some(category) = category {
            let spent = &mut self.spent[category as usize];
            *spent = spent.saturating_add(1);
            if self.limits.of(category).is_some_and(|limit| *spent > limit) {
                return Err(Exhausted { last: failed, category: Some(category) });
            }
        }
        match self.limits.total {
            Some(limit) if self.total > limit => Err(Exhausted { last: failed, category: None }),
            _ => Ok(()),
        }
    }

    /// What is left in total; `None` without a limit.
    ///
    /// ```
    /// # use retry_http::{CategoryLimits, SpentOn, Tally};
    /// let mut tally = Tally::new(CategoryLimits::NONE.total(10));
    /// let _ = tally.spend(SpentOn::Unknown);
    /// assert_eq!(tally.left(), Some(9));
    /// ```
    #[must_use]
    pub const fn left(&self) -> Option<u32> {
        match self.limits.total {
            Some(limit) => Some(limit.saturating_sub(self.total)),
            None => None,
        }
    }

    /// Failures since the beginning or the last redirect: what urllib3's backoff counts.
    ///
    /// ```
    /// # use retry_http::{CategoryLimits, SpentOn, Tally};
    /// let mut tally = Tally::new(CategoryLimits::NONE);
    /// for failed in [SpentOn::Status(503), SpentOn::Redirect, SpentOn::Status(503)] {
    ///     assert!(tally.spend(failed).is_ok());
    /// }
    /// assert_eq!(tally.consecutive_failures(), 1);
    /// ```
    #[must_use]
    pub const fn consecutive_failures(&self) -> u32 {
        self.consecutive
    }
}
