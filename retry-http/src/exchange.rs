//! What happened to a request, as a classifier sees it.

use std::fmt;
use std::time::{Duration, SystemTime};

use http::HeaderMap;

use crate::Fault;

/// A request and what became of it: all that a verdict depends on.
///
/// The method's name is compared without regard to case. `Debug` shows neither headers nor the body, which may hold secrets.
///
/// ```
/// use http::{HeaderMap, StatusCode};
/// use retry_http::{Exchange, Fault, HttpClassifier};
/// use std::time::{Duration, SystemTime};
///
/// let classifier = HttpClassifier::new();
/// let headers = HeaderMap::from_iter([(http::header::RETRY_AFTER, "30".parse()?)]);
/// let now = SystemTime::UNIX_EPOCH;
/// let throttled = Exchange::answer("POST", StatusCode::TOO_MANY_REQUESTS.as_u16(), &headers, now);
/// let judgement = classifier.judge(&throttled).unwrap();
/// assert_eq!(judgement.verdict.hint().unwrap().not_before, Duration::from_secs(30));
///
/// let lost = Exchange::fault("POST", Fault::Timeout, now);
/// assert!(!classifier.judge(&lost).unwrap().is_worth_a_retry());
/// # Ok::<(), http::header::InvalidHeaderValue>(())
/// ```
#[derive(Clone, Copy)]
pub struct Exchange<'a> {
    pub(crate) method: &'a str,
    pub(crate) seen: Seen<'a>,
    pub(crate) now: SystemTime,
    pub(crate) host: Option<&'a str>,
    pub(crate) body: &'a [u8],
    pub(crate) code: Option<&'a str>,
    pub(crate) key_age: Option<Duration>,
    pub(crate) redirected: bool,
}

/// An answer, or why there is none.
#[derive(Clone, Copy)]
pub(crate) enum Seen<'a> {
    Answer(u16, &'a HeaderMap),
    Fault(Fault),
}

impl<'a> Exchange<'a> {
    /// An answer that came at `now`. The status is that of [`StatusCode::as_u16`](http::StatusCode::as_u16), or 0 for an answer without.
    ///
    /// ```
    /// # use http::HeaderMap;
    /// # use retry_http::{Exchange, HttpClassifier};
    /// # use std::time::SystemTime;
    /// let headers = HeaderMap::new();
    /// let fine = Exchange::answer("GET", 204, &headers, SystemTime::UNIX_EPOCH);
    /// assert!(HttpClassifier::new().judge(&fine).is_none());
    /// ```
    pub fn answer(
        method: &'a (impl AsRef<str> + ?Sized),
        status: u16,
        headers: &'a HeaderMap,
        now: SystemTime,
    ) -> Self {
        Self::new(method.as_ref(), Seen::Answer(status, headers), now)
    }

    /// No answer, or not the whole of it, at `now`.
    ///
    /// ```
    /// # use retry_http::{Exchange, Fault, HttpClassifier};
    /// # use std::time::SystemTime;
    /// let refused = Exchange::fault("POST", Fault::Refused, SystemTime::UNIX_EPOCH);
    /// assert!(HttpClassifier::new().judge(&refused).unwrap().is_worth_a_retry());
    /// ```
    pub fn fault(method: &'a (impl AsRef<str> + ?Sized), fault: Fault, now: SystemTime) -> Self {
        Self::new(method.as_ref(), Seen::Fault(fault), now)
    }

    const fn new(method: &'a str, seen: Seen<'a>, now: SystemTime) -> Self {
        Self { method, seen, now, host: None, body: &[], code: None, key_age: None, redirected: false }
    }

    /// The host that was asked, by which a provider is found. A port is allowed.
    ///
    /// ```
    /// # use http::HeaderMap;
    /// # use retry_http::{Exchange, HttpClassifier, Reason};
    /// # use std::time::SystemTime;
    /// let headers = HeaderMap::new();
    /// let exchange = Exchange::answer("POST", 500, &headers, SystemTime::UNIX_EPOCH)
    ///     .host("mandrillapp.com")
    ///     .body(br#"{"status":"error","code":-1,"name":"Invalid_Key","message":"Invalid API key"}"#);
    /// assert_eq!(HttpClassifier::new().judge(&exchange).unwrap().reason, Reason::AuthFailed);
    /// ```
    #[must_use]
    pub const fn host(mut self, host: &'a str) -> Self {
        self.host = Some(host);
        self
    }

    /// The answer's body, or its beginning; in it a provider's error code is looked for.
    ///
    /// ```
    /// # use retry_http::{Exchange, Fault};
    /// # use std::time::SystemTime;
    /// let exchange = Exchange::fault("GET", Fault::Other, SystemTime::UNIX_EPOCH).body(b"secret");
    /// assert!(!format!("{exchange:?}").contains("secret"));
    /// ```
    #[must_use]
    pub const fn body(mut self, body: &'a [u8]) -> Self {
        self.body = body;
        self
    }

    /// The API's error code, where the caller has it already.
    ///
    /// ```
    /// # use http::HeaderMap;
    /// # use retry_http::{Exchange, HttpClassifier, Rules};
    /// # use retry_core::Class;
    /// # use std::time::SystemTime;
    /// let headers = HeaderMap::new();
    /// let exchange = Exchange::answer("GET", 400, &headers, SystemTime::UNIX_EPOCH).code("SlowDown");
    /// let judgement = HttpClassifier::new().rules(Rules::aws()).judge(&exchange).unwrap();
    /// assert_eq!(judgement.verdict.class, Class::Throttled);
    /// ```
    #[must_use]
    pub const fn code(mut self, code: &'a str) -> Self {
        self.code = Some(code);
        self
    }

    /// The request carried an idempotency key that was first sent `age` ago. So it can be repeated, as long as the provider,
    /// where it is known, honours such keys and remembers this one.
    ///
    /// ```
    /// # use retry_http::{Exchange, Fault, HttpClassifier};
    /// # use std::time::{Duration, SystemTime};
    /// let lost = Exchange::fault("POST", Fault::Timeout, SystemTime::UNIX_EPOCH).keyed(Duration::ZERO);
    /// let classifier = HttpClassifier::new();
    /// assert!(classifier.judge(&lost).unwrap().is_worth_a_retry());
    /// // SendGrid has no such keys.
    /// assert!(!classifier.judge(&lost.host("api.sendgrid.com")).unwrap().is_worth_a_retry());
    /// ```
    #[must_use]
    pub const fn keyed(mut self, age: Duration) -> Self {
        self.key_age = Some(age);
        self
    }

    /// The client followed a redirect, so that this came of another request: whatever it says, the first may have had an
    /// effect. That is what 303 means, and often 301 and 302 (RFC 9110 section 15.4).
    ///
    /// ```
    /// # use http::HeaderMap;
    /// # use retry_http::{Exchange, HttpClassifier};
    /// # use std::time::SystemTime;
    /// let (classifier, headers) = (HttpClassifier::new(), HeaderMap::new());
    /// let throttled = Exchange::answer("POST", 429, &headers, SystemTime::UNIX_EPOCH);
    /// assert!(classifier.judge(&throttled).unwrap().is_worth_a_retry());
    /// assert!(!classifier.judge(&throttled.redirected()).unwrap().is_worth_a_retry());
    /// ```
    #[must_use]
    pub const fn redirected(mut self) -> Self {
        self.redirected = true;
        self
    }
}

impl fmt::Debug for Exchange<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Exchange");
        debug.field("method", &self.method).field("host", &self.host);
        match self.seen {
            Seen::Answer(status, _) => debug.field("status", &status),
            Seen::Fault(fault) => debug.field("fault", &fault),
        };
        debug.field("key_age", &self.key_age).finish_non_exhaustive()
    }
}
