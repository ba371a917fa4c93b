//! Names for policies, beyond the engine's own words.

use crate::Policy;

/// Policies by name: what an adapter adds to the words of the text form. See [`Policy::parse_with`].
///
/// One required method; object safe. `()` has no names; a pair asks its first, then its second; [`PolicyTable`] is
/// a table.
///
/// ```
/// use retry_core::{Policy, PolicyNames};
/// use std::time::Duration;
///
/// /// `every_3m` and the like.
/// struct Every;
///
/// impl PolicyNames for Every {
///     fn policy(&self, name: &str) -> Option<Policy> {
///         let minutes: u64 = name.strip_prefix("every_")?.strip_suffix('m')?.parse().ok()?;
///         Some(Policy::constant(Duration::from_secs(60 * minutes)))
///     }
/// }
///
/// let policy = Policy::parse_with(&Every, "every_3m full, 8 attempts").unwrap();
/// assert_eq!(policy.to_string(), "const 3m full, 8 attempts");
/// ```
pub trait PolicyNames {
    /// The policy of that name, in lower case. A name is a letter, then letters, digits, `_`, and `-` before a letter; where it is
    /// also a word of the engine's (`exp`), that wins.
    fn policy(&self, name: &str) -> Option<Policy>;

    /// The names, for messages. None by default.
    fn names(&self) -> Vec<&str> {
        Vec::new()
    }
}

impl PolicyNames for () {
    fn policy(&self, _: &str) -> Option<Policy> {
        None
    }
}

impl<A: PolicyNames, B: PolicyNames> PolicyNames for (A, B) {
    fn policy(&self, name: &str) -> Option<Policy> {
        self.0.policy(name).or_else(|| self.1.policy(name))
    }
    fn names(&self) -> Vec<&str> {
        let mut names = self.0.names();
        names.extend(self.1.names());
        names
    }
}

impl<N: PolicyNames + ?Sized> PolicyNames for &N {
    fn policy(&self, name: &str) -> Option<Policy> {
        (**self).policy(name)
    }
    fn names(&self) -> Vec<&str> {
        (**self).names()
    }
}

/// A table of names in lower case with their policies, for constants. `-` and `_` are the same in it.
///
/// ```
/// use retry_core::{Policy, PolicyTable};
/// use std::time::Duration;
///
/// static SLOW: Policy = Policy::constant(Duration::from_secs(3600)).attempts(24);
/// static NAMES: PolicyTable = PolicyTable::new(&[("very_slow", &SLOW)]);
///
/// let policy = Policy::parse_with(&NAMES, "very-slow, 3 attempts").unwrap();
/// assert_eq!(policy, SLOW.clone().attempts(3));
/// let error = Policy::parse_with(&NAMES, "very_slo").unwrap_err();
/// assert_eq!(error.suggestion(), Some("very_slow"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct PolicyTable {
    rows: &'static [(&'static str, &'static Policy)],
}

impl PolicyTable {
    /// The names of `rows`; of two that are the same, the first counts.
    ///
    /// ```
    /// # use retry_core::{PolicyNames, PolicyTable};
    /// const NONE: PolicyTable = PolicyTable::new(&[]);
    /// assert!(NONE.names().is_empty());
    /// ```
    #[must_use]
    pub const fn new(rows: &'static [(&'static str, &'static Policy)]) -> Self {
        Self { rows }
    }
}

impl PolicyNames for PolicyTable {
    fn policy(&self, name: &str) -> Option<Policy> {
        let plain = |name: &str| name.replace('-', "_").to_ascii_lowercase();
        self.rows.iter().find(|(known, _)| plain(known) == plain(name)).map(|(_, policy)| (*policy).clone())
    }
    fn names(&self) -> Vec<&str> {
        self.rows.iter().map(|(name, _)| *name).collect()
    }
}
