//! No retry is left.

use std::fmt;

use crate::{Category, SpentOn};

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
