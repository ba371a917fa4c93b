//! From an exchange to a verdict.

use std::borrow::Cow;
use std::time::SystemTime;

use http::HeaderMap;
use retry_core::{Class, Effect, ErrorClassifier, Hint, HintSource, Scope, Verdict};

use crate::next_allowed::{has_retry_after, hint, is_exhausted};
use crate::{Confidence, Exchange, Fault, Judgement, KeyOutcome, Provider, PushBack, Reason, Rules, Seen, status};

/// Classifies what became of HTTP requests.
///
/// The first that applies decides:
///
/// 1. gRPC's push-back: "do not retry" makes a failure permanent;
/// 2. the provider's own data ([`Provider`]): by the name given to [`provider`](Self::provider), else by the request's host;
/// 3. the API's error codes among those of the [`Rules`];
/// 4. 409 and 422 for a request with an idempotency key ([`KeyOutcome`]);
/// 5. the statuses of the [`Rules`];
/// 6. what the status means by itself: 401, 402, 403, 407 and 511 are ours to fix; 507 passes slowly; all else is permanent.
///
/// Statuses below 400 that no rule lists are no failures.
///
/// # What may have happened
/// A failed attempt surely had no effect if it was never sent or processed ([`Fault`]), if it was throttled (429), if it lacked
/// credentials or rights (401, 402, 403, 407, 511), and at a 503 with Retry-After where the provider's API is declared atomic.
/// Everything else may have had one, and so may what came [after a redirect](Exchange::redirected). Such a request is repeated if its method is idempotent, or if it carries an idempotency
/// key that counts at that provider; else the outcome is unknown ([`Action::UnknownOutcome`](crate::Action::UnknownOutcome)).
///
/// # Examples
/// ```
/// use http::HeaderMap;
/// use retry_core::Class;
/// use retry_http::{Exchange, HttpClassifier, Rules};
/// use std::time::SystemTime;
///
/// let classifier = HttpClassifier::new();
/// let headers = HeaderMap::new();
/// let judge = |method, status: u16| {
///     let exchange = Exchange::answer(method, status, &headers, SystemTime::UNIX_EPOCH);
///     classifier.judge(&exchange).map(|judgement| judgement.is_worth_a_retry())
/// };
/// assert_eq!(judge("GET", 200), None);
/// assert_eq!(judge("GET", 503), Some(true));
/// assert_eq!(judge("POST", 503), Some(false));
/// assert_eq!(judge("POST", 429), Some(true));
/// assert_eq!(judge("GET", 404), Some(false));
/// ```
#[derive(Clone, Debug, Default)]
pub struct HttpClassifier {
    rules: Rules,
    provider: Which,
}

#[derive(Clone, Copy, Debug, Default)]
enum Which {
    #[default]
    ByHost,
    Named(&'static Provider),
    None,
}

impl HttpClassifier {
    /// By the standard rules, and by what the hosts' providers say.
    ///
    /// ```
    /// assert_eq!(retry_http::HttpClassifier::new().rules_in_force().name(), "standard");
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Replaces the rules.
    ///
    /// ```
    /// # use retry_http::{HttpClassifier, Rules};
    /// assert_eq!(HttpClassifier::new().rules(Rules::aws()).rules_in_force().name(), "aws");
    /// ```
    #[must_use]
    pub fn rules(mut self, rules: Rules) -> Self {
        self.rules = rules;
        self
    }

    /// The rules.
    ///
    /// ```
    /// # use retry_http::{HttpClassifier, Rules};
    /// assert_eq!(HttpClassifier::new().rules_in_force(), &Rules::standard());
    /// ```
    #[must_use]
    pub const fn rules_in_force(&self) -> &Rules {
        &self.rules
    }

    /// Whatever the host, it is this provider: for proxies and tests.
    ///
    /// ```
    /// # use http::HeaderMap;
    /// # use retry_core::Class;
    /// # use retry_http::{Exchange, HttpClassifier, Provider};
    /// # use std::time::SystemTime;
    /// let classifier = HttpClassifier::new().provider(Provider::named("sparkpost").unwrap());
    /// let headers = HeaderMap::new();
    /// // SparkPost's own status for a sending limit.
    /// let exchange = Exchange::answer("POST", 420, &headers, SystemTime::UNIX_EPOCH);
    /// assert_eq!(classifier.judge(&exchange).unwrap().verdict.class, Class::Persistent);
    /// ```
    #[must_use]
    pub const fn provider(mut self, provider: &'static Provider) -> Self {
        self.provider = Which::Named(provider);
        self
    }

    /// Whatever the host, no provider's data counts.
    ///
    /// ```
    /// # use http::HeaderMap;
    /// # use retry_http::{Exchange, HttpClassifier};
    /// # use std::time::SystemTime;
    /// let headers = HeaderMap::new();
    /// let exchange = Exchange::answer("POST", 420, &headers, SystemTime::UNIX_EPOCH).host("api.sparkpost.com");
    /// let judgement = HttpClassifier::new().without_providers().judge(&exchange).unwrap();
    /// assert_eq!(judgement.rule, "standard/420");
    /// ```
    #[must_use]
    pub const fn without_providers(mut self) -> Self {
        self.provider = Which::None;
        self
    }

    /// Judges; `None`: no failure.
    ///
    /// ```
    /// # use http::HeaderMap;
    /// # use retry_http::{Exchange, HttpClassifier, Reason};
    /// # use std::time::SystemTime;
    /// let headers = HeaderMap::new();
    /// let exchange = Exchange::answer("POST", 422, &headers, SystemTime::UNIX_EPOCH);
    /// assert_eq!(HttpClassifier::new().judge(&exchange).unwrap().reason, Reason::BadRequest);
    /// ```
    #[must_use]
    pub fn judge(&self, exchange: &Exchange<'_>) -> Option<Judgement> {
        self.judge_at(exchange, self.provider_at(exchange.host))
    }

    /// [`judge`](Self::judge) with the provider already found.
    pub(crate) fn judge_at(&self, exchange: &Exchange<'_>, provider: Option<&'static Provider>) -> Option<Judgement> {
        let (found, hint, new_connection) = match exchange.seen {
            Seen::Fault(fault) => (fault_found(fault), None, fault.wants_new_connection()),
            Seen::Answer(0, _) if !self.rules.is_transient(0) => (fault_found(Fault::Protocol), None, false),
            Seen::Answer(status, headers) => {
                let answer = Answer { status, headers, exchange, provider };
                let found = self.answer(&answer)?;
                let hint = self.hint(&answer, &found);
                (found, hint, false)
            }
        };
        let verdict = hint.map_or(found.verdict, |hint| found.verdict.hinted(hint));
        let verdict = if exchange.redirected { verdict.effect(Effect::Possible) } else { verdict };
        let repeatable = verdict.effect == Effect::None || self.may_repeat(exchange, provider);
        let Found { reason, rule, confidence, .. } = found;
        Some(Judgement { verdict, reason, rule, confidence, repeatable, new_connection })
    }

    /// Whether the request can be sent again whatever became of the first.
    pub(crate) fn may_repeat(&self, exchange: &Exchange<'_>, provider: Option<&Provider>) -> bool {
        self.rules.may_repeat(exchange.method) || has_good_key(exchange, provider)
    }

    pub(crate) fn provider_at(&self, host: Option<&str>) -> Option<&'static Provider> {
        match self.provider {
            Which::Named(provider) => Some(provider),
            Which::ByHost => host.and_then(Provider::of_host),
            Which::None => None,
        }
    }

    /// Whether a status is no failure, whatever else is in the answer.
    #[inline]
    pub(crate) const fn accepts(&self, status: u16) -> bool {
        status != 0 && status < 400 && !self.rules.is_transient(status) && !self.rules.is_throttled(status)
    }

    fn answer(&self, answer: &Answer<'_>) -> Option<Found> {
        let &Answer { status, headers, exchange, provider } = answer;
        // NOTE: 0, which is no status, comes here only where a rule lists it.
        if self.accepts(status) {
            return None;
        }
        if PushBack::of(headers) == Some(PushBack::DoNotRetry) {
            let rule = Cow::Borrowed("grpc/pushback");
            return Some(Found {
                verdict: Verdict::PERMANENT,
                reason: Reason::PushedBack,
                rule,
                confidence: Confidence::High,
                wait: None,
            });
        }
        if let Some(row) = provider.and_then(|provider| provider.find(status, exchange, headers)) {
            return Some(row);
        }
        let code = exchange.code.map(Cow::Borrowed).or_else(|| provider?.code(headers, exchange.body));
        if let Some(found) = code.and_then(|code| self.code(&code)) {
            return Some(found);
        }
        if let Some(outcome) = KeyOutcome::of(status, true)
            && has_good_key(exchange, provider)
        {
            return Some(outcome.found());
        }
        Some(self.status(answer))
    }

    fn code(&self, code: &str) -> Option<Found> {
        let (verdict, reason) = if self.rules.is_throttled_code(code) {
            (Verdict::THROTTLED, Reason::RateLimited)
        } else if self.rules.is_transient_code(code) {
            (Verdict::TRANSIENT, Reason::SystemError)
        } else {
            return None;
        };
        let rule = format!("{}/{code}", self.rules.name()).into();
        Some(Found { verdict, reason, rule, confidence: Confidence::High, wait: None })
    }

    fn status(&self, answer: &Answer<'_>) -> Found {
        let &Answer { status, headers, exchange, provider } = answer;
        let (rules, now) = (&self.rules, exchange.now);
        let asked = || {
            rules.is_retried_if_asked(status)
                && (has_retry_after(headers, now) || status == 403 && is_exhausted(headers, now))
        };
        let (verdict, reason, confidence) = if rules.is_throttled(status) {
            (Verdict::THROTTLED, Reason::RateLimited, Confidence::High)
        } else if rules.is_transient(status) {
            status::transient(status)
        } else if asked() {
            match status {
                403 | 429 => (Verdict::THROTTLED, Reason::RateLimited, Confidence::High),
                413 => (Verdict::TRANSIENT.scope(Scope::Request), Reason::MessageTooBig, Confidence::Medium),
                _ => status::transient(status),
            }
        } else {
            status::stopping(status)
        };
        // A service that says it is closed, and does all or nothing, did nothing.
        let closed = status == 503 && has_retry_after(headers, now) && provider.is_some_and(|provider| provider.atomic);
        let verdict = if closed { verdict.effect(Effect::None) } else { verdict };
        Found { verdict, reason, rule: format!("{}/{status}", rules.name()).into(), confidence, wait: None }
    }

    fn hint(&self, answer: &Answer<'_>, found: &Found) -> Option<Hint> {
        let &Answer { status, headers, exchange, provider } = answer;
        let class = found.verdict.class;
        if matches!(class, Class::Permanent | Class::Misconfigured) || !self.rules.heeds_hints(status) {
            return None;
        }
        if let Some(PushBack::Delay(delay)) = PushBack::of(headers) {
            return Some(Hint::new(delay, HintSource::PushBack));
        }
        let (delays, resets) = match provider {
            Some(provider) if self.rules.delays.is_empty() => (provider.delays, provider.resets),
            Some(provider) => (self.rules.delays, provider.resets),
            None => (self.rules.delays, &[][..]),
        };
        hint(headers, exchange.now, class == Class::Throttled, delays, resets)
            .or_else(|| provider?.wait_in(exchange.body))
            .or_else(|| Some(Hint::new(found.wait?, HintSource::RateLimit)))
    }
}

/// An [`Exchange`] taken apart.
struct Answer<'a> {
    status: u16,
    headers: &'a HeaderMap,
    exchange: &'a Exchange<'a>,
    provider: Option<&'static Provider>,
}

/// What a rule found, before method, key and hint.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) verdict: Verdict,
    pub(crate) reason: Reason,
    pub(crate) rule: Cow<'static, str>,
    pub(crate) confidence: Confidence,
    /// A wait that the provider documents, for answers that name none.
    pub(crate) wait: Option<std::time::Duration>,
}

fn fault_found(fault: Fault) -> Found {
    let rule = format!("fault/{}", fault.as_str()).into();
    let confidence = if fault == Fault::Other { Confidence::Low } else { Confidence::High };
    Found { verdict: fault.verdict(), reason: fault.reason(), rule, confidence, wait: None }
}

/// Whether the request carried a key that counts there.
fn has_good_key(exchange: &Exchange<'_>, provider: Option<&Provider>) -> bool {
    exchange.key_age.is_some_and(|age| provider.is_none_or(|provider| provider.remembers_key(age)))
}

/// The verdict [for a policy](Judgement::for_policy); for what is no failure, no opinion.
impl ErrorClassifier<Exchange<'_>> for HttpClassifier {
    fn classify(&self, exchange: &Exchange<'_>) -> Verdict {
        self.judge(exchange).map_or_else(Verdict::default, |judgement| judgement.for_policy())
    }
}

/// Classifies a fault of a request that may be repeated only if it surely had no effect, as nothing is known of it.
impl ErrorClassifier<Fault> for HttpClassifier {
    fn classify(&self, fault: &Fault) -> Verdict {
        let exchange = Exchange::fault("", *fault, SystemTime::UNIX_EPOCH);
        self.classify(&exchange)
    }
}
