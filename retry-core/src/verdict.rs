//! What a failure was, as far as a retry is concerned.

use std::fmt;
use std::time::Duration;

use crate::time::{duration, nanos};
use crate::{Hint, HintSource};

/// What kind of failure it was: how likely it is to pass, and who can make it pass.
///
/// | class | passes | in memory, unless the policy maps it |
/// |---|---|---|
/// | `Transient` | by itself, soon | retried |
/// | `Throttled` | when there is less traffic | retried |
/// | `Unknown` | the classifier has no opinion | counts as `Transient` |
/// | `Persistent` | slowly, or when somebody acts (mailbox full, quota until midnight) | stops |
/// | `Misconfigured` | when we mend our side (bad credentials, relay denied, TLS) | stops |
/// | `Permanent` | never | always stops |
///
/// ```
/// use retry_core::Class;
///
/// assert_eq!(Class::Throttled.to_string(), "throttled");
/// assert_eq!(Class::default(), Class::Unknown);
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Class {
    // NOTE: the first numbers are those of the classes whose failures a `Session` counts apart.
    /// Likely to pass by itself.
    Transient = 3,
    /// The peer asked for less traffic.
    Throttled = 0,
    /// Passes slowly, or when somebody acts.
    Persistent = 1,
    /// Ours to fix.
    Misconfigured = 2,
    /// Retrying the same request cannot succeed.
    Permanent = 4,
    /// No opinion; counts as transient.
    #[default]
    Unknown = 5,
}

impl Class {
    /// The name in lower snake case, as in logs, metrics and stored data.
    ///
    /// ```
    /// assert_eq!(retry_core::Class::Misconfigured.as_str(), "misconfigured");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Transient => "transient",
            Self::Throttled => "throttled",
            Self::Persistent => "persistent",
            Self::Misconfigured => "misconfigured",
            Self::Permanent => "permanent",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Whether the failed attempt may already have taken effect at the peer, so that a retry could do it twice.
///
/// The engine retries either way: whoever wraps an operation has decided that. The mail and HTTP adapters do not
/// retry `Possible` unless told to.
///
/// ```
/// use retry_core::{Effect, Verdict};
///
/// assert_eq!(Verdict::TRANSIENT.effect, Effect::Possible);
/// assert_eq!(Verdict::THROTTLED.effect, Effect::None);
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Effect {
    /// It certainly did not.
    None,
    /// It may have.
    #[default]
    Possible,
}

impl Effect {
    /// The name in lower snake case.
    ///
    /// ```
    /// assert_eq!(retry_core::Effect::Possible.as_str(), "possible");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Possible => "possible",
        }
    }
}

/// What the failure says something about. Only scopes wider than `Request` count against a destination's health.
///
/// ```
/// use retry_core::{Scope, Verdict};
///
/// let unknown_mailbox = Verdict::PERMANENT.scope(Scope::Request);
/// assert_eq!(unknown_mailbox.scope, Scope::Request);
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Scope {
    /// This request only.
    Request,
    /// The host or service asked.
    #[default]
    Destination,
    /// Our account there.
    Account,
}

impl Scope {
    /// The name in lower snake case.
    ///
    /// ```
    /// assert_eq!(retry_core::Scope::Account.as_str(), "account");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Destination => "destination",
            Self::Account => "account",
        }
    }
}

/// Everything a policy needs to know about an error: plain data, so it can be stored and decided on later.
///
/// The default has no opinion: class [`Unknown`](Class::Unknown), effect possible, scope destination, no hint.
///
/// ```
/// use retry_core::{Class, Effect, Verdict};
/// use std::time::Duration;
///
/// let verdict = Verdict::new(Class::Throttled).effect(Effect::None).after(Duration::from_secs(30));
/// assert_eq!(verdict.hint().unwrap().not_before, Duration::from_secs(30));
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(from = "stored::Verdict", into = "stored::Verdict")
)]
#[non_exhaustive]
pub struct Verdict {
    /// The class.
    pub class: Class,
    /// Possible side effect.
    pub effect: Effect,
    /// What it concerns.
    pub scope: Scope,
    unreached: bool,
    // A hint, taken apart to fit two registers.
    hint_source: Option<HintSource>,
    not_before: u64,
}

impl Verdict {
    /// A transient failure of the destination, possibly with effect: the careful view of an error nobody knows.
    pub const TRANSIENT: Self = Self::new(Class::Transient);
    /// A throttled request: refused, so without effect.
    pub const THROTTLED: Self = Self::new(Class::Throttled).effect(Effect::None);
    /// A failure that passes slowly, or when somebody acts.
    pub const PERSISTENT: Self = Self::new(Class::Persistent);
    /// A fault on our side, found before anything took effect.
    pub const MISCONFIGURED: Self = Self::new(Class::Misconfigured).effect(Effect::None);
    /// A permanent failure.
    pub const PERMANENT: Self = Self::new(Class::Permanent);

    /// A failure of `class`: of the destination, possibly with effect, without hint.
    ///
    /// ```
    /// # use retry_core::{Class, Verdict};
    /// assert_eq!(Verdict::new(Class::Permanent), Verdict::PERMANENT);
    /// ```
    #[must_use]
    #[inline]
    pub const fn new(class: Class) -> Self {
        Self {
            class,
            effect: Effect::Possible,
            scope: Scope::Destination,
            unreached: false,
            hint_source: None,
            not_before: 0,
        }
    }

    /// Replaces the effect.
    ///
    /// ```
    /// # use retry_core::{Effect, Verdict};
    /// let refused = Verdict::TRANSIENT.effect(Effect::None);
    /// assert_eq!(refused.effect, Effect::None);
    /// ```
    #[must_use]
    #[inline]
    pub const fn effect(mut self, effect: Effect) -> Self {
        self.effect = effect;
        self
    }

    /// Replaces the scope.
    ///
    /// ```
    /// # use retry_core::{Scope, Verdict};
    /// assert_eq!(Verdict::THROTTLED.scope(Scope::Account).scope, Scope::Account);
    /// ```
    #[must_use]
    #[inline]
    pub const fn scope(mut self, scope: Scope) -> Self {
        self.scope = scope;
        self
    }

    /// The attempt was refused at connect, or ended before that, and was no load to the destination: it took no effect,
    /// and the retry after it costs a [budget](crate::RetryBudget) nothing.
    ///
    /// For what surely did not get there: connection refused, no route, no address. A connect that timed out is not
    /// of that kind, for a server that cannot keep up looks the same.
    ///
    /// ```
    /// # use retry_core::{Effect, Verdict};
    /// let refused = Verdict::TRANSIENT.unreached();
    /// assert_eq!((refused.effect, refused.is_unreached()), (Effect::None, true));
    /// ```
    #[must_use]
    #[inline]
    pub const fn unreached(mut self) -> Self {
        (self.effect, self.unreached) = (Effect::None, true);
        self
    }

    /// Whether the attempt was no load to the destination. See [`unreached`](Self::unreached).
    ///
    /// ```
    /// # use retry_core::Verdict;
    /// assert!(!Verdict::TRANSIENT.is_unreached());
    /// ```
    #[must_use]
    #[inline]
    pub const fn is_unreached(&self) -> bool {
        self.unreached
    }

    /// Replaces the hint by "not before `delay` from now", as a Retry-After says it.
    ///
    /// ```
    /// # use retry_core::{HintSource, Verdict};
    /// # use std::time::Duration;
    /// let hint = Verdict::THROTTLED.after(Duration::from_secs(2)).hint().unwrap();
    /// assert_eq!(hint.source, HintSource::RetryAfter);
    /// ```
    #[must_use]
    #[inline]
    pub const fn after(self, delay: Duration) -> Self {
        self.hinted(Hint::new(delay, HintSource::RetryAfter))
    }

    /// Replaces the hint. What it asks for counts up to 584 years. Of several hints, join them first: [`Hint::join`].
    ///
    /// ```
    /// # use retry_core::{Hint, HintSource, Verdict};
    /// # use std::time::Duration;
    /// let greylisted = Hint::new(Duration::from_secs(300), HintSource::Text);
    /// assert_eq!(Verdict::TRANSIENT.hinted(greylisted).hint(), Some(greylisted));
    /// ```
    #[must_use]
    #[inline]
    pub const fn hinted(mut self, hint: Hint) -> Self {
        self.hint_source = Some(hint.source);
        self.not_before = nanos(hint.not_before);
        self
    }

    /// What the peer itself asked for.
    ///
    /// ```
    /// # use retry_core::Verdict;
    /// assert_eq!(Verdict::TRANSIENT.hint(), None);
    /// ```
    #[must_use]
    #[inline]
    pub const fn hint(&self) -> Option<Hint> {
        match self.hint_source {
            Some(source) => Some(Hint::new(duration(self.not_before), source)),
            None => None,
        }
    }
}

/// The stored form.
#[cfg(feature = "serde")]
mod stored {
    use super::{Class, Effect, Hint, Scope};

    #[derive(serde::Serialize, serde::Deserialize)]
    pub(super) struct Verdict {
        class: Class,
        effect: Effect,
        scope: Scope,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        unreached: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        hint: Option<Hint>,
    }

    impl From<super::Verdict> for Verdict {
        fn from(verdict: super::Verdict) -> Self {
            let super::Verdict { class, effect, scope, unreached, .. } = verdict;
            Self { class, effect, scope, unreached, hint: verdict.hint() }
        }
    }

    impl From<Verdict> for super::Verdict {
        fn from(stored: Verdict) -> Self {
            let mut verdict = Self::new(stored.class).effect(stored.effect).scope(stored.scope);
            verdict.unreached = stored.unreached;
            stored.hint.map_or(verdict, |hint| verdict.hinted(hint))
        }
    }
}
