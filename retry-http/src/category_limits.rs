//! Limits by kind of failure, as urllib3 has them.

use crate::Category;

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

    pub(crate) const fn of(&self, category: Category) -> Option<u32> {
        match category {
            Category::Connect => self.connect,
            Category::Read => self.read,
            Category::Redirect => self.redirect,
            Category::Status => self.status,
            Category::Other => self.other,
        }
    }
}
