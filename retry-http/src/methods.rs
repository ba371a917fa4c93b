//! Which methods may be repeated.

use std::borrow::Cow;

/// Methods whose requests may be sent again although an earlier one may have taken effect. Names are compared without regard
/// to case.
///
/// ```
/// use retry_http::Methods;
///
/// assert!(Methods::IDEMPOTENT.contains("PUT") && Methods::IDEMPOTENT.contains("get"));
/// assert!(!Methods::IDEMPOTENT.contains("POST") && !Methods::IDEMPOTENT.contains("PATCH"));
/// assert!(Methods::of(["POST"]).contains("POST") && Methods::ANY.contains("POST"));
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Methods(Option<Cow<'static, [Cow<'static, str>]>>);

impl Methods {
    /// The safe and the idempotent methods of RFC 9110 section 9.2.2: GET, HEAD, OPTIONS, TRACE, PUT, DELETE. The default.
    ///
    /// ```
    /// assert!(retry_http::Methods::IDEMPOTENT.contains("DELETE"));
    /// ```
    pub const IDEMPOTENT: Self = Self(Some(Cow::Borrowed(&[
        Cow::Borrowed("GET"),
        Cow::Borrowed("HEAD"),
        Cow::Borrowed("OPTIONS"),
        Cow::Borrowed("TRACE"),
        Cow::Borrowed("PUT"),
        Cow::Borrowed("DELETE"),
    ])));

    /// Every method: also what is not idempotent is sent again, and may happen twice.
    ///
    /// ```
    /// assert!(retry_http::Methods::ANY.contains("MKCALENDAR"));
    /// ```
    pub const ANY: Self = Self(None);

    /// These alone.
    ///
    /// ```
    /// # use retry_http::Methods;
    /// assert!(!Methods::of(["PROPFIND", "REPORT"]).contains("GET"));
    /// ```
    pub fn of<M: Into<Cow<'static, str>>>(methods: impl IntoIterator<Item = M>) -> Self {
        Self(Some(methods.into_iter().map(Into::into).collect()))
    }

    /// Whether `method` is one of them.
    ///
    /// ```
    /// # use retry_http::Methods;
    /// assert!(!Methods::of([""; 0]).contains("GET"));
    /// ```
    #[must_use]
    pub fn contains(&self, method: &str) -> bool {
        self.0.as_ref().is_none_or(|methods| methods.iter().any(|one| one.eq_ignore_ascii_case(method)))
    }
}

impl Default for Methods {
    fn default() -> Self {
        Self::IDEMPOTENT
    }
}
