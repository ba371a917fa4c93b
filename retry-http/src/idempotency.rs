//! Idempotency keys.

use std::fmt;
use std::str::FromStr;

use http::{HeaderMap, HeaderName, HeaderValue};
use retry_core::{Class, Effect, Entropy, Scope, Verdict};
use uuid::{Builder, Uuid};

use crate::classifier::Found;
use crate::{Confidence, Reason};

/// A key that makes a request safe to repeat (draft-ietf-httpapi-idempotency-key-header): made once per logical request, and the
/// same in all its attempts, at all hosts, and after a restart.
///
/// 1 to 256 printable ASCII characters, the most that any provider here takes. Store it with the job, by `Display` and
/// [`FromStr`]; or derive it from the job's name, and nothing needs to be stored.
///
/// ```
/// use retry_core::Seeded;
/// use retry_http::IdempotencyKey;
///
/// let key = IdempotencyKey::random(&mut Seeded::new(7));
/// let stored = key.to_string();
/// assert_eq!(stored.parse(), Ok(key));
/// assert_eq!(stored.len(), 36);
/// // The same job, the same key, on every machine.
/// assert_eq!(IdempotencyKey::derived("orders", "1042"), IdempotencyKey::derived("orders", "1042"));
/// assert_ne!(IdempotencyKey::derived("orders", "1042"), IdempotencyKey::derived("order", "s1042"));
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct IdempotencyKey(Box<str>);

/// The longest key.
const LONGEST: usize = 256;

/// Ours alone, so that no other program derives the same keys from the same names.
const NAMESPACE: Uuid = Uuid::from_u128(0x8d1c_6f0e_52b7_4c9a_9a3e_71d4_08b2_c6f5);

/// Why a text is no idempotency key.
///
/// ```
/// use retry_http::{IdempotencyKey, InvalidKey};
///
/// assert_eq!("".parse::<IdempotencyKey>(), Err(InvalidKey::Length(0)));
/// assert_eq!("order\n1".parse::<IdempotencyKey>(), Err(InvalidKey::Character));
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidKey {
    /// Nothing, or too much.
    #[error("an idempotency key has 1 to 256 characters, not {0}; derive one from what is longer")]
    Length(usize),
    /// What a header cannot carry.
    #[error("an idempotency key has printable ASCII characters only; derive one from other text")]
    Character,
}

impl IdempotencyKey {
    /// The header.
    ///
    /// ```
    /// assert_eq!(retry_http::IdempotencyKey::HEADER, "idempotency-key");
    /// ```
    pub const HEADER: HeaderName = HeaderName::from_static("idempotency-key");

    /// A random one: a version 4 UUID, as every provider takes it.
    ///
    /// ```
    /// # use retry_core::ThreadEntropy;
    /// # use retry_http::IdempotencyKey;
    /// assert_ne!(IdempotencyKey::random(&mut ThreadEntropy), IdempotencyKey::random(&mut ThreadEntropy));
    /// ```
    pub fn random(rng: &mut dyn Entropy) -> Self {
        let (high, low) = (rng.next_u64().to_be_bytes(), rng.next_u64().to_be_bytes());
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&high);
        bytes[8..].copy_from_slice(&low);
        Self::of(Builder::from_random_bytes(bytes).into_uuid())
    }

    /// One derived from a job's name in a queue: a version 5 UUID (RFC 9562 section 5.5), the same wherever and whenever it is
    /// made. Any text will do, and two different pairs have different keys.
    ///
    /// ```
    /// # use retry_http::IdempotencyKey;
    /// assert_ne!(IdempotencyKey::derived("mail", "17"), IdempotencyKey::derived("mail", "18"));
    /// ```
    #[must_use]
    pub fn derived(queue: &str, job: &str) -> Self {
        let queue = Uuid::new_v5(&NAMESPACE, queue.as_bytes());
        Self::of(Uuid::new_v5(&queue, job.as_bytes()))
    }

    fn of(uuid: Uuid) -> Self {
        Self(uuid.to_string().into())
    }

    /// The key itself.
    ///
    /// ```
    /// # use retry_http::IdempotencyKey;
    /// assert_eq!("order-1042".parse::<IdempotencyKey>()?.as_str(), "order-1042");
    /// # Ok::<(), retry_http::InvalidKey>(())
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The value of the header by the draft: a string of structured fields, in quotes.
    ///
    /// ```
    /// # use retry_http::IdempotencyKey;
    /// let key: IdempotencyKey = r#"say "hi""#.parse()?;
    /// assert_eq!(key.quoted(), r#""say \"hi\"""#);
    /// # Ok::<(), retry_http::InvalidKey>(())
    /// ```
    #[must_use]
    pub fn quoted(&self) -> HeaderValue {
        let mut quoted = String::with_capacity(self.0.len() + 2);
        quoted.push('"');
        for c in self.0.chars() {
            if matches!(c, '"' | '\\') {
                quoted.push('\\');
            }
            quoted.push(c);
        }
        quoted.push('"');
        // Printable ASCII, as checked at the beginning: always a value.
        HeaderValue::from_str(&quoted).unwrap_or(HeaderValue::from_static("\"\""))
    }

    /// The value as most APIs of today want it: without quotes.
    ///
    /// ```
    /// # use retry_http::IdempotencyKey;
    /// assert_eq!("order-1042".parse::<IdempotencyKey>()?.bare(), "order-1042");
    /// # Ok::<(), retry_http::InvalidKey>(())
    /// ```
    #[must_use]
    pub fn bare(&self) -> HeaderValue {
        HeaderValue::from_str(&self.0).unwrap_or(HeaderValue::from_static(""))
    }

    /// Puts a new key on a request that has none, and leaves alone one that has: so it is the same in every attempt.
    /// Without quotes, as [`bare`](Self::bare).
    ///
    /// ```
    /// # use http::HeaderMap;
    /// # use retry_core::ThreadEntropy;
    /// # use retry_http::IdempotencyKey;
    /// let mut headers = HeaderMap::new();
    /// IdempotencyKey::ensure(&mut headers, &mut ThreadEntropy);
    /// let first = headers.clone();
    /// IdempotencyKey::ensure(&mut headers, &mut ThreadEntropy);
    /// assert_eq!(headers, first);
    /// ```
    pub fn ensure(headers: &mut HeaderMap, rng: &mut dyn Entropy) {
        headers.entry(Self::HEADER).or_insert_with(|| Self::random(rng).bare());
    }
}

impl FromStr for IdempotencyKey {
    type Err = InvalidKey;

    fn from_str(text: &str) -> Result<Self, InvalidKey> {
        if text.is_empty() || text.len() > LONGEST {
            return Err(InvalidKey::Length(text.chars().count()));
        }
        if text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
            Ok(Self(text.into()))
        } else {
            Err(InvalidKey::Character)
        }
    }
}

impl fmt::Display for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What a server that knows idempotency keys says by its status (section 2.7 of the draft).
///
/// ```
/// use retry_core::Class;
/// use retry_http::KeyOutcome;
///
/// assert_eq!(KeyOutcome::of(409, true), Some(KeyOutcome::InProgress));
/// assert_eq!(KeyOutcome::of(422, true), Some(KeyOutcome::Mismatch));
/// assert_eq!(KeyOutcome::of(400, false), Some(KeyOutcome::Missing));
/// assert_eq!(KeyOutcome::of(409, false), None);
/// assert_eq!(KeyOutcome::InProgress.verdict().class, Class::Transient);
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum KeyOutcome {
    /// 409: the first request with this key is still running; the same request again, later.
    InProgress,
    /// 422: the key was used for another request; a fault of our program.
    Mismatch,
    /// 400: the resource demands a key.
    Missing,
}

impl KeyOutcome {
    /// By status, and whether the request carried a key. [`Missing`](Self::Missing) only holds where the resource is known to
    /// demand one: any bad request is a 400.
    ///
    /// ```
    /// # use retry_http::KeyOutcome;
    /// assert_eq!(KeyOutcome::of(400, true), None);
    /// ```
    #[must_use]
    pub const fn of(status: u16, keyed: bool) -> Option<Self> {
        match (status, keyed) {
            (409, true) => Some(Self::InProgress),
            (422, true) => Some(Self::Mismatch),
            (400, false) => Some(Self::Missing),
            _ => None,
        }
    }

    /// What it means for a retry.
    ///
    /// ```
    /// # use retry_core::Class;
    /// # use retry_http::KeyOutcome;
    /// assert_eq!(KeyOutcome::Mismatch.verdict().class, Class::Permanent);
    /// assert_eq!(KeyOutcome::Missing.verdict().class, Class::Misconfigured);
    /// ```
    #[must_use]
    pub const fn verdict(self) -> Verdict {
        match self {
            Self::InProgress => Verdict::TRANSIENT.scope(Scope::Request),
            Self::Mismatch => Verdict::PERMANENT.scope(Scope::Request),
            Self::Missing => Verdict::new(Class::Misconfigured).effect(Effect::None).scope(Scope::Request),
        }
    }

    pub(crate) fn found(self) -> Found {
        let (reason, rule) = match self {
            Self::InProgress => (Reason::IdempotencyInProgress, "key/409"),
            Self::Mismatch => (Reason::IdempotencyMismatch, "key/422"),
            Self::Missing => (Reason::BadRequest, "key/400"),
        };
        Found { verdict: self.verdict(), reason, rule: rule.into(), confidence: Confidence::Medium, wait: None }
    }
}
