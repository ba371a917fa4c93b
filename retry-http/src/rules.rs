//! Which answers are worth a retry.

use std::borrow::Cow;

use crate::next_allowed::Delays;
use crate::{CategoryLimits, Methods, StatusSet};

mod presets;

/// Which answers are worth a retry, of which methods, and whose Retry-After counts: plain data.
///
/// | rule set | transient | throttled | heeds Retry-After at | methods |
/// |---|---|---|---|---|
/// | [`standard`](Self::standard) | 408, 425, 500, 502, 503, 504, unknown 5xx; 413 with Retry-After | 429; 403 with Retry-After or nothing left of a limit | any | idempotent |
/// | [`urllib3`](Self::urllib3) | 413, 503 with Retry-After, and the list you give | 429 with Retry-After | 413, 429, 503 | idempotent |
/// | [`aws`](Self::aws) | 500, 502, 503, 504, and codes | 429, and codes | any | idempotent |
/// | [`dotnet`](Self::dotnet) | 408, 500 to 599 | 429 | any | idempotent |
/// | [`hashicorp`](Self::hashicorp) | 0, 500 and above but 501 | 429 | 429, 503 | idempotent |
///
/// Sets named after others retry what those do; which requests may be repeated is decided as everywhere here, by
/// [`methods`](Self::methods): Polly and go-retryablehttp repeat a POST whose first copy may have been processed, and that is
/// not reproduced unless you say [`Methods::ANY`].
///
/// ```
/// use retry_http::{Rules, StatusSet};
///
/// let rules = Rules::urllib3().statuses(StatusSet::from(500..=599));
/// assert!(rules.retries("GET", 503, false) && !rules.retries("GET", 400, false));
/// assert!(rules.retries("GET", 429, true) && !rules.retries("GET", 429, false));
/// assert!(!rules.retries("POST", 503, false));
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Rules {
    pub(crate) name: &'static str,
    transient: StatusSet,
    throttled: StatusSet,
    /// Retried where the server names a delay.
    if_asked: StatusSet,
    heeded: StatusSet,
    /// Headers that name a delay as Retry-After does.
    pub(crate) delays: Delays,
    methods: Methods,
    transient_codes: Cow<'static, [Cow<'static, str>]>,
    throttled_codes: Cow<'static, [Cow<'static, str>]>,
    /// Whether a status that no RFC knows is taken as the first of its hundred.
    unknown_as_class: bool,
    limits: CategoryLimits,
}

impl Default for Rules {
    fn default() -> Self {
        Self::standard()
    }
}

impl Rules {
    /// The set's name, for reports.
    ///
    /// ```
    /// assert_eq!(retry_http::Rules::dotnet().name(), "dotnet");
    /// ```
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Replaces the statuses that are retried as transient: urllib3's `status_forcelist`. Those that are throttled stay so.
    ///
    /// ```
    /// # use retry_http::{Rules, StatusSet};
    /// let rules = Rules::standard().statuses(StatusSet::of(&[418]));
    /// assert!(rules.is_transient(418) && !rules.is_transient(500));
    /// ```
    #[must_use]
    pub fn statuses(mut self, statuses: impl Into<StatusSet>) -> Self {
        self.transient = statuses.into();
        self.unknown_as_class = false;
        self
    }

    /// Replaces the statuses that mean "less traffic": retried, without effect, and slowing down whoever paces.
    ///
    /// ```
    /// # use retry_http::{Rules, StatusSet};
    /// assert!(Rules::standard().throttled_statuses([420, 429]).is_throttled(420));
    /// ```
    #[must_use]
    pub fn throttled_statuses(mut self, statuses: impl Into<StatusSet>) -> Self {
        self.throttled = statuses.into();
        self
    }

    /// Replaces the methods whose requests may be sent again although an earlier one may have taken effect: urllib3's
    /// `allowed_methods`. What surely had no effect is retried with every method.
    ///
    /// ```
    /// # use retry_http::{Methods, Rules};
    /// assert!(Rules::standard().methods(Methods::ANY).retries("POST", 503, false));
    /// ```
    #[must_use]
    pub fn methods(mut self, methods: Methods) -> Self {
        self.methods = methods;
        self
    }

    /// Replaces the statuses at which the server's hints count; [`StatusSet::NONE`] ignores them all.
    ///
    /// ```
    /// # use retry_http::{Rules, StatusSet};
    /// assert!(!Rules::standard().hints_at(StatusSet::NONE).heeds_hints(503));
    /// ```
    #[must_use]
    pub fn hints_at(mut self, statuses: impl Into<StatusSet>) -> Self {
        self.heeded = statuses.into();
        self.if_asked = self.if_asked.and(&self.heeded);
        self
    }

    /// Whether the server's hints count: `false` is urllib3's `respect_retry_after_header=False`.
    ///
    /// ```
    /// # use retry_http::Rules;
    /// let rules = Rules::urllib3().respect_retry_after(false);
    /// assert!(!rules.retries("GET", 429, true));
    /// ```
    #[must_use]
    pub fn respect_retry_after(self, respect: bool) -> Self {
        if respect { self } else { self.hints_at(StatusSet::NONE) }
    }

    /// Adds error codes of the API that mean a transient failure, whatever the status.
    ///
    /// ```
    /// # use retry_http::Rules;
    /// assert!(Rules::standard().transient_codes(["server_busy"]).is_transient_code("server_busy"));
    /// ```
    #[must_use]
    pub fn transient_codes<C: Into<Cow<'static, str>>>(mut self, codes: impl IntoIterator<Item = C>) -> Self {
        self.transient_codes.to_mut().extend(codes.into_iter().map(Into::into));
        self
    }

    /// Adds error codes of the API that mean "less traffic", whatever the status.
    ///
    /// ```
    /// # use retry_http::Rules;
    /// assert!(Rules::standard().throttled_codes(["slow_down"]).is_throttled_code("slow_down"));
    /// ```
    #[must_use]
    pub fn throttled_codes<C: Into<Cow<'static, str>>>(mut self, codes: impl IntoIterator<Item = C>) -> Self {
        self.throttled_codes.to_mut().extend(codes.into_iter().map(Into::into));
        self
    }

    /// Replaces the limits by category (urllib3's `connect`, `read`, `status`, ...), which hold beside those of the policy.
    ///
    /// ```
    /// # use retry_http::{CategoryLimits, Rules};
    /// let rules = Rules::urllib3().limits(CategoryLimits::NONE.connect(2));
    /// assert_eq!(rules.category_limits().connect, Some(2));
    /// ```
    #[must_use]
    pub const fn limits(mut self, limits: CategoryLimits) -> Self {
        self.limits = limits;
        self
    }

    /// The limits by category.
    ///
    /// ```
    /// # use retry_http::{CategoryLimits, Rules};
    /// assert_eq!(Rules::standard().category_limits(), CategoryLimits::NONE);
    /// ```
    #[must_use]
    pub const fn category_limits(&self) -> CategoryLimits {
        self.limits
    }

    /// Whether a status is retried as transient, whatever the method.
    ///
    /// ```
    /// # use retry_http::Rules;
    /// assert!(Rules::standard().is_transient(503) && !Rules::standard().is_transient(501));
    /// // No RFC has it: as good as 500 (RFC 9110 section 15).
    /// assert!(Rules::standard().is_transient(599));
    /// ```
    #[must_use]
    pub const fn is_transient(&self, status: u16) -> bool {
        self.transient.contains(status)
            || self.unknown_as_class && status >= 500 && status < 600 && !KNOWN_SERVER_ERRORS.contains(status)
    }

    /// Whether a status means "less traffic".
    ///
    /// ```
    /// assert!(retry_http::Rules::standard().is_throttled(429));
    /// ```
    #[must_use]
    pub const fn is_throttled(&self, status: u16) -> bool {
        self.throttled.contains(status)
    }

    /// Whether an API's error code is retried as transient.
    ///
    /// ```
    /// assert!(retry_http::Rules::aws().is_transient_code("RequestTimeout"));
    /// ```
    #[must_use]
    pub fn is_transient_code(&self, code: &str) -> bool {
        self.transient_codes.iter().any(|known| known == code)
    }

    /// Whether an API's error code means "less traffic".
    ///
    /// ```
    /// assert!(retry_http::Rules::aws().is_throttled_code("SlowDown"));
    /// ```
    #[must_use]
    pub fn is_throttled_code(&self, code: &str) -> bool {
        self.throttled_codes.iter().any(|known| known == code)
    }

    /// Whether the server's hints count with this status.
    ///
    /// ```
    /// # use retry_http::Rules;
    /// assert!(Rules::hashicorp().heeds_hints(503) && !Rules::hashicorp().heeds_hints(502));
    /// ```
    #[must_use]
    pub const fn heeds_hints(&self, status: u16) -> bool {
        self.heeded.contains(status)
    }

    /// Whether the status is retried where the server names a delay.
    ///
    /// ```
    /// # use retry_http::Rules;
    /// assert!(Rules::standard().is_retried_if_asked(413));
    /// ```
    #[must_use]
    pub const fn is_retried_if_asked(&self, status: u16) -> bool {
        self.if_asked.contains(status)
    }

    /// Whether a request may be sent again although an earlier one may have taken effect.
    ///
    /// ```
    /// # use retry_http::Rules;
    /// assert!(Rules::standard().may_repeat("get") && !Rules::standard().may_repeat("POST"));
    /// ```
    #[must_use]
    pub fn may_repeat(&self, method: &str) -> bool {
        self.methods.contains(method)
    }

    /// Whether an answer of this status is retried, as far as these three tell. The classifier knows more: keys, codes,
    /// headers, and what had no effect.
    ///
    /// ```
    /// # use retry_http::Rules;
    /// assert!(Rules::dotnet().retries("GET", 505, false));
    /// ```
    #[must_use]
    pub fn retries(&self, method: &str, status: u16, has_retry_after: bool) -> bool {
        let listed = self.is_throttled(status)
            || self.is_transient(status)
            || has_retry_after && self.is_retried_if_asked(status);
        listed && self.may_repeat(method)
    }
}

/// The server errors of the RFCs, each with a meaning of its own (IANA's registry of status codes).
const KNOWN_SERVER_ERRORS: StatusSet = StatusSet::of(&[500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511]);
