//! Sets of status codes.

use std::fmt;
use std::ops::RangeInclusive;

/// A set of status codes from 0 to 999; 0 stands for an answer without one. Plain data, usable in a `const`.
///
/// Other numbers are in no set, and adding them adds nothing.
///
/// ```
/// use retry_http::StatusSet;
///
/// const SERVER_ERRORS: StatusSet = StatusSet::of(&[429]).with_range(500, 599).without(501);
/// assert!(SERVER_ERRORS.contains(503) && SERVER_ERRORS.contains(429));
/// assert!(!SERVER_ERRORS.contains(501) && !SERVER_ERRORS.contains(1503));
/// ```
#[derive(Clone, Copy, Default, Eq, Hash, PartialEq)]
pub struct StatusSet {
    bits: [u64; WORDS],
}

const WORDS: usize = 16;
const MOST: u16 = 999;

impl StatusSet {
    /// No status.
    ///
    /// ```
    /// # use retry_http::StatusSet;
    /// assert!(!StatusSet::NONE.contains(200));
    /// ```
    pub const NONE: Self = Self { bits: [0; WORDS] };

    /// Every status.
    ///
    /// ```
    /// # use retry_http::StatusSet;
    /// assert!(StatusSet::ALL.contains(0) && StatusSet::ALL.contains(999));
    /// ```
    pub const ALL: Self = Self::NONE.with_range(0, MOST);

    /// These.
    ///
    /// ```
    /// # use retry_http::StatusSet;
    /// assert!(StatusSet::of(&[418]).contains(418));
    /// ```
    #[must_use]
    pub const fn of(statuses: &[u16]) -> Self {
        let (mut set, mut at) = (Self::NONE, 0);
        while at < statuses.len() {
            set = set.with(statuses[at]);
            at += 1;
        }
        set
    }

    /// Adds one.
    ///
    /// ```
    /// # use retry_http::StatusSet;
    /// assert!(StatusSet::NONE.with(418).contains(418));
    /// ```
    #[must_use]
    pub const fn with(mut self, status: u16) -> Self {
        if status <= MOST {
            self.bits[status as usize / 64] |= 1 << (status % 64);
        }
        self
    }

    /// Adds those from `first` to `last`, both included; none if `last` is the smaller one.
    ///
    /// ```
    /// # use retry_http::StatusSet;
    /// assert!(StatusSet::NONE.with_range(500, u16::MAX).contains(999));
    /// ```
    #[must_use]
    pub const fn with_range(mut self, first: u16, last: u16) -> Self {
        let last = if last < MOST { last } else { MOST };
        let mut status = first;
        while status <= last {
            self = self.with(status);
            status += 1;
        }
        self
    }

    /// Takes one away.
    ///
    /// ```
    /// # use retry_http::StatusSet;
    /// assert!(!StatusSet::ALL.without(501).contains(501));
    /// ```
    #[must_use]
    pub const fn without(mut self, status: u16) -> Self {
        if status <= MOST {
            self.bits[status as usize / 64] &= !(1 << (status % 64));
        }
        self
    }

    /// What is in both.
    ///
    /// ```
    /// # use retry_http::StatusSet;
    /// assert_eq!(StatusSet::of(&[1, 2]).and(&StatusSet::of(&[2, 3])), StatusSet::of(&[2]));
    /// ```
    #[must_use]
    pub const fn and(mut self, other: &Self) -> Self {
        let mut word = 0;
        while word < WORDS {
            self.bits[word] &= other.bits[word];
            word += 1;
        }
        self
    }

    /// Whether it is one of them.
    ///
    /// ```
    /// # use retry_http::StatusSet;
    /// assert!(!StatusSet::ALL.contains(1000));
    /// ```
    #[must_use]
    pub const fn contains(&self, status: u16) -> bool {
        status <= MOST && self.bits[status as usize / 64] & (1 << (status % 64)) != 0
    }
}

impl FromIterator<u16> for StatusSet {
    fn from_iter<I: IntoIterator<Item = u16>>(statuses: I) -> Self {
        statuses.into_iter().fold(Self::NONE, Self::with)
    }
}

impl<const N: usize> From<[u16; N]> for StatusSet {
    fn from(statuses: [u16; N]) -> Self {
        Self::of(&statuses)
    }
}

impl From<RangeInclusive<u16>> for StatusSet {
    fn from(range: RangeInclusive<u16>) -> Self {
        Self::NONE.with_range(*range.start(), *range.end())
    }
}

impl fmt::Debug for StatusSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries((0..=MOST).filter(|status| self.contains(*status))).finish()
    }
}
