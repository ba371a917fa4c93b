use super::Policy;
use crate::Class;
use crate::node::Node;

/// The classes that can have a policy of their own. Permanent cannot: retrying it is what the word excludes.
///
/// ```
/// use retry_core::{Class, Retryable};
///
/// assert_eq!(Class::from(Retryable::Throttled), Class::Throttled);
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Retryable {
    /// [`Class::Transient`], and with it [`Class::Unknown`].
    Transient,
    /// [`Class::Throttled`].
    Throttled,
    /// [`Class::Persistent`].
    Persistent,
    /// [`Class::Misconfigured`].
    Misconfigured,
}

impl Retryable {
    /// The name in lower case, as in text.
    ///
    /// ```
    /// assert_eq!(retry_core::Retryable::Throttled.as_str(), "throttled");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Transient => "transient",
            Self::Throttled => "throttled",
            Self::Persistent => "persistent",
            Self::Misconfigured => "misconfigured",
        }
    }
}

impl From<Retryable> for Class {
    fn from(class: Retryable) -> Self {
        match class {
            Retryable::Transient => Self::Transient,
            Retryable::Throttled => Self::Throttled,
            Retryable::Persistent => Self::Persistent,
            Retryable::Misconfigured => Self::Misconfigured,
        }
    }
}

/// Policies by class.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct ByClass {
    /// A bit for each class, by its number, that does not go to the default policy.
    special: u8,
    transient: Option<Node<Policy>>,
    throttled: Option<Node<Policy>>,
    persistent: Option<Node<Policy>>,
    misconfigured: Option<Node<Policy>>,
}

const fn bit(class: Class) -> u8 {
    1 << class as u8
}

impl ByClass {
    pub(super) const NONE: Self = Self {
        special: bit(Class::Persistent) | bit(Class::Misconfigured) | bit(Class::Permanent),
        transient: None,
        throttled: None,
        persistent: None,
        misconfigured: None,
    };

    /// Whether failures of `class` have a policy of their own, or end the run.
    #[inline(always)]
    pub(super) const fn is_special(&self, class: Class) -> bool {
        self.special & bit(class) != 0
    }

    pub(super) const fn get(&self, class: Class) -> Option<&Policy> {
        let node = match class {
            Class::Transient | Class::Unknown => &self.transient,
            Class::Throttled => &self.throttled,
            Class::Persistent => &self.persistent,
            Class::Misconfigured => &self.misconfigured,
            Class::Permanent => return None,
        };
        match node {
            Some(policy) => Some(policy.get()),
            None => None,
        }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.transient.is_none()
            && self.throttled.is_none()
            && self.persistent.is_none()
            && self.misconfigured.is_none()
    }

    const fn slot(&mut self, class: Retryable) -> &mut Option<Node<Policy>> {
        self.special |= match class {
            Retryable::Transient => bit(Class::Transient) | bit(Class::Unknown),
            Retryable::Throttled => bit(Class::Throttled),
            Retryable::Persistent => bit(Class::Persistent),
            Retryable::Misconfigured => bit(Class::Misconfigured),
        };
        match class {
            Retryable::Transient => &mut self.transient,
            Retryable::Throttled => &mut self.throttled,
            Retryable::Persistent => &mut self.persistent,
            Retryable::Misconfigured => &mut self.misconfigured,
        }
    }

    pub(super) const fn set_static(&mut self, class: Retryable, policy: &'static Policy) {
        // A `const fn` can run no destructor, so the old one is let go; in a `const` it owns nothing.
        std::mem::forget(self.slot(class).replace(Node::Static(policy)));
    }

    pub(super) fn set(&mut self, class: Retryable, policy: Policy) {
        *self.slot(class) = Some(Node::Owned(Box::new(policy)));
    }

    pub(super) const fn looks_at_time(&self) -> bool {
        const fn timed(node: Option<&Node<Policy>>) -> bool {
            match node {
                Some(policy) => policy.get().timed,
                None => false,
            }
        }
        timed(self.transient.as_ref())
            || timed(self.throttled.as_ref())
            || timed(self.persistent.as_ref())
            || timed(self.misconfigured.as_ref())
    }
}
