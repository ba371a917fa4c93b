//! What the APIs of email providers mean by their answers.

use std::borrow::Cow;
use std::time::Duration;

use http::HeaderMap;
use retry_core::{Hint, HintSource};
use serde_json::Value;

use crate::classifier::Found;
use crate::next_allowed::Delays;
use crate::{Confidence, Exchange, IdempotencyKey, ResetHeaders};

mod brevo;
mod mailersend;
mod mailgun;
mod mandrill;
mod postmark;
mod resend;
mod row;
mod sendgrid;
mod ses;
mod sparkpost;
mod verdicts;

use row::Row;

/// What one provider's API means by its answers, as data: error codes, quota against rate limit, reset headers, idempotency
/// keys, and whether a refused request surely had no effect. Each row names its source.
///
/// Known are Brevo, MailerSend, Mailgun, Mandrill, Postmark, Resend, SendGrid, Amazon SES and SparkPost. A classifier takes the
/// one it is told ([`HttpClassifier::provider`](crate::HttpClassifier::provider)), else that of the request's host.
///
/// | provider | idempotency key | remembered | atomic at 503 with Retry-After |
/// |---|---|---|---|
/// | Brevo | `idempotencyKey` in the JSON body's `headers` | 15 min | no |
/// | Resend | header `Idempotency-Key` | 24 h | no |
/// | the others | none | | no |
///
/// A key in the JSON body is found by the clients for `reqwest`, and not by the `tower` layer; an attempt that a timeout cut is
/// repeated only with a key in the header.
///
/// No provider declares that a 503 means "nothing was done", so none is atomic here; say so for your own API by
/// [`atomic`](Self::atomic).
///
/// ```
/// use retry_http::Provider;
///
/// let resend = Provider::named("Resend").unwrap();
/// assert_eq!(Provider::of_host("api.resend.com:443").unwrap().name(), resend.name());
/// assert!(Provider::of_host("notresend.com").is_none());
/// ```
#[derive(Clone, Debug)]
pub struct Provider {
    name: &'static str,
    /// In lower case; `*` stands for anything, once.
    hosts: &'static [&'static str],
    /// Where the error code stands.
    codes: &'static [CodeAt],
    /// JSON pointers to the message for people.
    messages: &'static [&'static str],
    /// JSON pointers to a wait in seconds.
    waits: &'static [&'static str],
    pub(crate) delays: Delays,
    pub(crate) resets: &'static [ResetHeaders],
    pub(crate) atomic: bool,
    key: KeyPlace,
    /// How long a key is remembered.
    key_lifetime: Duration,
    rows: &'static [Row],
}

/// Where a provider wants the idempotency key.
///
/// ```
/// use retry_http::{KeyPlace, Provider};
///
/// assert_eq!(Provider::named("brevo").unwrap().key_place(), KeyPlace::JsonBody("/headers/idempotencyKey"));
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum KeyPlace {
    /// Nowhere: a repeated request is a second request.
    Nowhere,
    /// In the header [`IdempotencyKey::HEADER`], without quotes ([`IdempotencyKey::bare`]).
    Header,
    /// In the JSON body, at this JSON pointer (RFC 6901).
    JsonBody(&'static str),
}

/// Where an error code stands.
#[derive(Clone, Copy, Debug)]
enum CodeAt {
    /// In a header; what follows a colon or precedes a number sign is not part of it.
    Header(&'static str),
    /// At a JSON pointer into the body.
    Json(&'static str),
}

const ALL: [&Provider; 9] = [
    &brevo::BREVO,
    &mailersend::MAILERSEND,
    &mailgun::MAILGUN,
    &mandrill::MANDRILL,
    &postmark::POSTMARK,
    &resend::RESEND,
    &sendgrid::SENDGRID,
    &ses::SES,
    &sparkpost::SPARKPOST,
];

/// A provider of which nothing is known.
const PLAIN: Provider = Provider {
    name: "",
    hosts: &[],
    codes: &[],
    messages: &["/message"],
    waits: &[],
    delays: &[],
    resets: &[],
    atomic: false,
    key: KeyPlace::Nowhere,
    key_lifetime: Duration::ZERO,
    rows: &[],
};

impl Provider {
    /// Every provider there is data of.
    ///
    /// ```
    /// assert_eq!(retry_http::Provider::all().count(), 9);
    /// ```
    pub fn all() -> impl Iterator<Item = &'static Self> {
        ALL.into_iter()
    }

    /// By name, without regard to case.
    ///
    /// ```
    /// # use retry_http::Provider;
    /// assert!(Provider::named("SES").is_some() && Provider::named("pigeon").is_none());
    /// ```
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::all().find(|provider| provider.name.eq_ignore_ascii_case(name))
    }

    /// By the API's host, with or without a port.
    ///
    /// ```
    /// # use retry_http::Provider;
    /// assert_eq!(Provider::of_host("email.eu-west-1.amazonaws.com").unwrap().name(), "ses");
    /// ```
    #[must_use]
    pub fn of_host(host: &str) -> Option<&'static Self> {
        let name = host.split_once(':').map_or(host, |(name, _)| name);
        let name = name.trim_end_matches('.').as_bytes();
        Self::all().find(|provider| provider.hosts.iter().any(|pattern| matches(pattern, name)))
    }

    /// The name, in lower case.
    ///
    /// ```
    /// # use retry_http::Provider;
    /// assert_eq!(Provider::named("Postmark").unwrap().name(), "postmark");
    /// ```
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Where it wants the idempotency key.
    ///
    /// ```
    /// # use retry_http::{KeyPlace, Provider};
    /// assert_eq!(Provider::named("mailgun").unwrap().key_place(), KeyPlace::Nowhere);
    /// ```
    #[must_use]
    pub const fn key_place(&self) -> KeyPlace {
        self.key
    }

    /// Whether it still remembers an idempotency key that it first saw `age` ago.
    ///
    /// ```
    /// # use retry_http::Provider;
    /// # use std::time::Duration;
    /// let brevo = Provider::named("brevo").unwrap();
    /// assert!(brevo.remembers_key(Duration::from_secs(60)));
    /// assert!(!brevo.remembers_key(Duration::from_secs(3600)));
    /// ```
    #[must_use]
    pub fn remembers_key(&self, age: Duration) -> bool {
        self.key != KeyPlace::Nowhere && age < self.key_lifetime
    }

    /// Puts a key on a request's headers, where the provider wants it there; `false` where it wants it elsewhere or nowhere.
    /// A key that is there already stays.
    ///
    /// ```
    /// # use http::HeaderMap;
    /// # use retry_http::{IdempotencyKey, Provider};
    /// let key = IdempotencyKey::derived("welcome", "17");
    /// let mut headers = HeaderMap::new();
    /// assert!(Provider::named("resend").unwrap().put_key(&key, &mut headers));
    /// assert_eq!(headers["idempotency-key"], key.as_str());
    /// assert!(!Provider::named("postmark").unwrap().put_key(&key, &mut headers));
    /// ```
    pub fn put_key(&self, key: &IdempotencyKey, headers: &mut HeaderMap) -> bool {
        if self.key == KeyPlace::Header {
            headers.entry(IdempotencyKey::HEADER).or_insert_with(|| key.bare());
        }
        self.key == KeyPlace::Header
    }

    /// The same provider, with the promise that a 503 with Retry-After means "nothing was done": then also what is not
    /// idempotent is repeated after one.
    ///
    /// ```
    /// # use http::HeaderMap;
    /// # use retry_http::{Exchange, HttpClassifier, Provider};
    /// # use std::{sync::LazyLock, time::SystemTime};
    /// static OURS: LazyLock<Provider> = LazyLock::new(|| Provider::plain("ours").atomic());
    /// let headers = HeaderMap::from_iter([(http::header::RETRY_AFTER, http::HeaderValue::from(5))]);
    /// let exchange = Exchange::answer("POST", 503, &headers, SystemTime::UNIX_EPOCH);
    /// assert!(HttpClassifier::new().provider(&OURS).judge(&exchange).unwrap().is_worth_a_retry());
    /// assert!(!HttpClassifier::new().judge(&exchange).unwrap().is_worth_a_retry());
    /// ```
    #[must_use]
    pub const fn atomic(mut self) -> Self {
        self.atomic = true;
        self
    }

    /// A provider of your own without any data: no codes, no keys, not atomic.
    ///
    /// ```
    /// # use retry_http::{KeyPlace, Provider};
    /// assert_eq!(Provider::plain("ours").key_place(), KeyPlace::Nowhere);
    /// ```
    #[must_use]
    pub const fn plain(name: &'static str) -> Self {
        Self { name, ..PLAIN }
    }

    /// Sets where it wants idempotency keys, and how long it remembers them.
    ///
    /// ```
    /// # use retry_http::{KeyPlace, Provider};
    /// # use std::time::Duration;
    /// let ours = Provider::plain("ours").with_keys(KeyPlace::Header, Duration::from_secs(86_400));
    /// assert!(ours.remembers_key(Duration::ZERO));
    /// ```
    #[must_use]
    pub const fn with_keys(mut self, place: KeyPlace, lifetime: Duration) -> Self {
        self.key = place;
        self.key_lifetime = lifetime;
        self
    }

    /// What the documentation says, and where: status (0 for any), error code, words of the message, class, reason, source.
    ///
    /// ```
    /// # use retry_http::Provider;
    /// for provider in Provider::all() {
    ///     assert!(provider.sources().all(|(_, source)| source.starts_with("https://")));
    /// }
    /// ```
    pub fn sources(&self) -> impl Iterator<Item = (String, &'static str)> {
        self.rows.iter().map(|row| (row.rule(self.name), row.source))
    }

    pub(crate) fn find(&self, status: u16, exchange: &Exchange<'_>, headers: &HeaderMap) -> Option<Found> {
        let body = json(exchange.body);
        let code = exchange.code.map(Cow::Borrowed).or_else(|| self.code_in(headers, body.as_ref()));
        let message = self.message(body.as_ref());
        let row = self.rows.iter().find(|row| row.fits(status, code.as_deref(), &message))?;
        let rule = row.rule(self.name).into();
        Some(Found { verdict: row.verdict, reason: row.reason, rule, confidence: Confidence::High, wait: row.wait })
    }

    /// The error code in an answer.
    pub(crate) fn code<'a>(&self, headers: &'a HeaderMap, body: &[u8]) -> Option<Cow<'a, str>> {
        self.code_in(headers, json(body).as_ref())
    }

    fn code_in<'a>(&self, headers: &'a HeaderMap, body: Option<&Value>) -> Option<Cow<'a, str>> {
        self.codes.iter().find_map(|place| match place {
            CodeAt::Header(name) => {
                let value = headers.get(*name)?.to_str().ok()?;
                let value = value.split_once(':').map_or(value, |(code, _)| code);
                Some(Cow::Borrowed(value.rsplit('#').next().unwrap_or(value).trim()))
            }
            CodeAt::Json(pointer) => match body?.pointer(pointer)? {
                Value::String(code) => Some(Cow::Owned(code.rsplit('#').next().unwrap_or(code).to_owned())),
                Value::Number(code) => Some(Cow::Owned(code.to_string())),
                _ => None,
            },
        })
    }

    /// The message in lower case.
    fn message(&self, body: Option<&Value>) -> String {
        let message = self.messages.iter().find_map(|pointer| body?.pointer(pointer)?.as_str());
        message.unwrap_or_default().to_ascii_lowercase()
    }

    /// A wait that the body names.
    pub(crate) fn wait_in(&self, body: &[u8]) -> Option<Hint> {
        if self.waits.is_empty() {
            return None;
        }
        let body = json(body)?;
        let seconds = self.waits.iter().find_map(|pointer| body.pointer(pointer)?.as_u64())?;
        Some(Hint::new(Duration::from_secs(seconds), HintSource::Text))
    }
}

/// The body, where it begins with JSON. Error bodies are short; what is longer than a mebibyte is no error body.
fn json(body: &[u8]) -> Option<Value> {
    if body.is_empty() || body.len() > 1 << 20 {
        return None;
    }
    serde_json::Deserializer::from_slice(body).into_iter().next()?.ok()
}

/// Without regard to case, and without a copy: every request asks.
fn matches(pattern: &str, name: &[u8]) -> bool {
    let Some((start, end)) = pattern.split_once('*') else { return name.eq_ignore_ascii_case(pattern.as_bytes()) };
    let Some(rest) = name.len().checked_sub(end.len()).filter(|rest| *rest >= start.len()) else { return false };
    name[..start.len()].eq_ignore_ascii_case(start.as_bytes()) && name[rest..].eq_ignore_ascii_case(end.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_providers_own_hosts_match() {
        for (host, name) in [
            ("mandrillapp.com", Some("mandrill")),
            ("MandrillApp.com.", Some("mandrill")),
            ("evilmandrillapp.com", None),
            ("mandrillapp.com.evil.example", None),
            ("api.eu.sparkpost.com", Some("sparkpost")),
            ("email-fips.us-east-1.amazonaws.com:443", Some("ses")),
            ("s3.us-east-1.amazonaws.com", None),
            ("", None),
            (":", None),
        ] {
            assert_eq!(Provider::of_host(host).map(Provider::name), name, "{host}");
        }
    }

    #[test]
    fn every_row_decides_something_of_its_own() {
        for provider in Provider::all() {
            for (at, row) in provider.rows.iter().enumerate() {
                let first = provider
                    .rows
                    .iter()
                    .position(|other| (other.status, other.code, other.text) == (row.status, row.code, row.text));
                assert_eq!(first, Some(at), "{}: {row:?} can never be reached", provider.name);
                assert!(row.status != 0 || !row.code.is_empty() || !row.text.is_empty(), "{row:?} fits everything");
                assert_eq!(row.text, row.text.to_ascii_lowercase());
            }
        }
    }
}
