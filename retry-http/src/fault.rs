//! Requests that got no whole answer.

use std::fmt;
use std::str::FromStr;

use retry_core::{Class, Effect, Scope, Verdict};

use crate::Reason;

/// Why a request got no answer, or not the whole of it.
///
/// | fault | verdict | effect | because |
/// |---|---|---|---|
/// | `Dns`, `Refused`, `ConnectTimeout`, `Tls`, `PoolTimeout` | transient | none | no connection stood, so nothing was sent |
/// | `NameNotFound`, `BadCertificate` | misconfigured | none | the same, and waiting alone mends neither |
/// | `RefusedStream` | transient | none | REFUSED_STREAM: not processed (RFC 9113 section 8.7) |
/// | `GoAway` | transient | none | above GOAWAY's last stream: not processed (RFC 9113 section 6.8) |
/// | `Timeout`, `Closed`, `Protocol`, `Body` | transient | possible | the request was on its way |
/// | `TooManyRedirects`, `BadRequest` | permanent | possible, none | it would end the same way; it was never sent |
/// | `Other` | transient | possible | nobody knows |
///
/// The scope is the destination, of `TooManyRedirects` and `BadRequest` the request. `Dns`, `NameNotFound` and `Refused` are [no
/// load](Verdict::unreached) to it.
///
/// # Examples
/// ```
/// use retry_core::{Class, Effect};
/// use retry_http::Fault;
///
/// assert_eq!(Fault::Refused.verdict().effect, Effect::None);
/// assert_eq!(Fault::Timeout.verdict().effect, Effect::Possible);
/// assert_eq!("ECONNREFUSED".parse(), Ok(Fault::Refused));
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    /// The host's name could not be looked up for now.
    Dns,
    /// The host's name does not exist.
    NameNotFound,
    /// The connection was refused, or the host is unreachable.
    Refused,
    /// No connection in time.
    ConnectTimeout,
    /// The TLS handshake broke off.
    Tls,
    /// The server's certificate is not valid for it.
    BadCertificate,
    /// No connection of our own pool became free in time.
    PoolTimeout,
    /// HTTP/2 REFUSED_STREAM.
    RefusedStream,
    /// HTTP/2 GOAWAY with a last stream below ours.
    GoAway,
    /// No answer in time.
    Timeout,
    /// The connection was lost before the answer.
    Closed,
    /// What came back is not HTTP.
    Protocol,
    /// The answer began, and its body broke off.
    Body,
    /// More redirects than the client follows.
    TooManyRedirects,
    /// The request cannot be sent as it is.
    BadRequest,
    /// Something else.
    #[default]
    Other,
}

impl Fault {
    /// The name in lower snake case.
    ///
    /// ```
    /// assert_eq!(retry_http::Fault::RefusedStream.as_str(), "refused_stream");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::NameNotFound => "dns_nxdomain",
            Self::Refused => "refused",
            Self::ConnectTimeout => "connect_timeout",
            Self::Tls => "tls",
            Self::BadCertificate => "bad_certificate",
            Self::PoolTimeout => "pool_timeout",
            Self::RefusedStream => "refused_stream",
            Self::GoAway => "goaway",
            Self::Timeout => "timeout",
            Self::Closed => "connection_closed",
            Self::Protocol => "protocol",
            Self::Body => "body",
            Self::TooManyRedirects => "too_many_redirects",
            Self::BadRequest => "bad_request",
            Self::Other => "other",
        }
    }

    /// What it means for a retry.
    ///
    /// ```
    /// # use retry_core::Class;
    /// # use retry_http::Fault;
    /// assert_eq!(Fault::BadCertificate.verdict().class, Class::Misconfigured);
    /// ```
    #[must_use]
    pub const fn verdict(self) -> Verdict {
        let class = match self {
            Self::NameNotFound | Self::BadCertificate => Class::Misconfigured,
            Self::TooManyRedirects | Self::BadRequest => Class::Permanent,
            _ => Class::Transient,
        };
        let scope = if matches!(class, Class::Permanent) { Scope::Request } else { Scope::Destination };
        let effect = if self.was_sent() { Effect::Possible } else { Effect::None };
        let verdict = Verdict::new(class).effect(effect).scope(scope);
        if matches!(self, Self::Dns | Self::NameNotFound | Self::Refused) { verdict.unreached() } else { verdict }
    }

    /// Whether the server may have seen, and acted on, the request.
    ///
    /// ```
    /// # use retry_http::Fault;
    /// assert!(Fault::Closed.was_sent() && !Fault::ConnectTimeout.was_sent());
    /// ```
    #[must_use]
    pub const fn was_sent(self) -> bool {
        matches!(
            self,
            Self::Timeout | Self::Closed | Self::Protocol | Self::Body | Self::TooManyRedirects | Self::Other
        )
    }

    pub(crate) const fn reason(self) -> Reason {
        match self {
            Self::NameNotFound => Reason::HostUnknown,
            Self::Tls | Self::BadCertificate => Reason::TlsFailed,
            Self::ConnectTimeout | Self::Timeout | Self::PoolTimeout => Reason::Timeout,
            Self::Protocol | Self::TooManyRedirects => Reason::Protocol,
            Self::BadRequest => Reason::BadRequest,
            Self::Dns | Self::Refused | Self::RefusedStream | Self::GoAway | Self::Closed | Self::Body => {
                Reason::Network
            }
            Self::Other => Reason::Unspecified,
        }
    }

    /// Whether another connection would do at once.
    pub(crate) const fn wants_new_connection(self) -> bool {
        matches!(self, Self::RefusedStream | Self::GoAway)
    }
}

/// As a sentence's part, in the words of urllib3 and its kin.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Dns => "the host's name could not be looked up",
            Self::NameNotFound => "the host's name does not exist",
            Self::Refused => "connection refused",
            Self::ConnectTimeout => "connect timed out",
            Self::Tls => "TLS handshake failed",
            Self::BadCertificate => "bad certificate",
            Self::PoolTimeout => "no free connection in time",
            Self::RefusedStream => "stream refused",
            Self::GoAway => "server going away",
            Self::Timeout => "read timed out",
            Self::Closed => "connection closed",
            Self::Protocol => "answer is not HTTP",
            Self::Body => "answer broke off",
            Self::TooManyRedirects => "too many redirects",
            Self::BadRequest => "request cannot be sent",
            Self::Other => "request failed",
        })
    }
}

/// Words of error names and messages, the first that occurs decides; in lower case, with `_` for all else.
const WORDS: &[(&str, Fault)] = &[
    ("refused_stream", Fault::RefusedStream),
    // GOAWAY at or above our stream: it is being answered, or was.
    ("below_last_stream", Fault::Closed),
    ("goaway", Fault::GoAway),
    ("go_away", Fault::GoAway),
    ("redirect", Fault::TooManyRedirects),
    ("nxdomain", Fault::NameNotFound),
    ("enotfound", Fault::NameNotFound),
    ("name_not_resolved", Fault::NameNotFound),
    ("name_or_service_not_known", Fault::NameNotFound),
    ("no_such_host", Fault::NameNotFound),
    ("eai_again", Fault::Dns),
    ("dns", Fault::Dns),
    ("resolve", Fault::Dns),
    ("name_resolution", Fault::Dns),
    ("getaddrinfo", Fault::Dns),
    ("lookup_address", Fault::Dns),
    ("certificate", Fault::BadCertificate),
    ("cert_", Fault::BadCertificate),
    ("unknownissuer", Fault::BadCertificate),
    ("self_signed", Fault::BadCertificate),
    ("ssl", Fault::Tls),
    ("tls", Fault::Tls),
    ("handshake", Fault::Tls),
    ("pool", Fault::PoolTimeout),
    ("econnrefused", Fault::Refused),
    ("connection_refused", Fault::Refused),
    ("unreachable", Fault::Refused),
    ("enetunreach", Fault::Refused),
    ("ehostunreach", Fault::Refused),
    ("no_route", Fault::Refused),
    ("newconnection", Fault::Refused),
    ("connecttimeout", Fault::ConnectTimeout),
    ("connect_timeout", Fault::ConnectTimeout),
    ("connection_timeout", Fault::ConnectTimeout),
    ("connect_timed_out", Fault::ConnectTimeout),
    ("timeout_connect", Fault::ConnectTimeout),
    ("timeout", Fault::Timeout),
    ("timed_out", Fault::Timeout),
    ("timedout", Fault::Timeout),
    ("deadline", Fault::Timeout),
    ("body", Fault::Body),
    ("incomplete", Fault::Body),
    ("truncated", Fault::Body),
    ("chunk", Fault::Body),
    ("decod", Fault::Body),
    ("econnreset", Fault::Closed),
    ("reset", Fault::Closed),
    ("closed", Fault::Closed),
    ("aborted", Fault::Closed),
    ("epipe", Fault::Closed),
    ("broken_pipe", Fault::Closed),
    ("brokenpipe", Fault::Closed),
    ("hang_up", Fault::Closed),
    ("hangup", Fault::Closed),
    ("eof", Fault::Closed),
    ("disconnect", Fault::Closed),
    ("connection_lost", Fault::Closed),
    ("empty_reply", Fault::Closed),
    ("protocol", Fault::Protocol),
    ("parse", Fault::Protocol),
    ("malformed", Fault::Protocol),
    ("bad_request", Fault::BadRequest),
    ("builder", Fault::BadRequest),
    ("invalid_url", Fault::BadRequest),
    ("invalid_uri", Fault::BadRequest),
    ("refused", Fault::Refused),
    // Before or after the request was sent: nobody can tell.
    ("connection", Fault::Closed),
    ("connect", Fault::Refused),
];

/// What is no known name and has no known word.
///
/// ```
/// use retry_http::{Fault, UnknownFault};
///
/// assert_eq!("a flying pig".parse::<Fault>(), Err(UnknownFault));
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "no known kind of error; give one such as 'refused', 'timeout' or 'connection_closed', or leave it to count as 'other'"
)]
#[expect(clippy::exhaustive_structs, reason = "there is no more to say")]
pub struct UnknownFault;

/// Reads the names of [`as_str`](Fault::as_str), and failing these looks for the words that error names and messages have in
/// common (`ECONNRESET`, "connection reset by peer", `ReadTimeout`).
impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(text: &str) -> Result<Self, UnknownFault> {
        // Longer messages say it early; and nobody's megabyte is worth the search.
        let text: String = text
            .chars()
            .take(1000)
            .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' })
            .collect();
        if text == Self::Other.as_str() {
            return Ok(Self::Other);
        }
        WORDS.iter().find(|(word, _)| text.contains(word)).map(|(_, fault)| *fault).ok_or(UnknownFault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_back() {
        for fault in [
            Fault::Dns,
            Fault::NameNotFound,
            Fault::Refused,
            Fault::ConnectTimeout,
            Fault::Tls,
            Fault::BadCertificate,
            Fault::PoolTimeout,
            Fault::RefusedStream,
            Fault::GoAway,
            Fault::Timeout,
            Fault::Closed,
            Fault::Protocol,
            Fault::Body,
            Fault::TooManyRedirects,
            Fault::BadRequest,
            Fault::Other,
        ] {
            assert_eq!(fault.as_str().parse(), Ok(fault));
        }
    }

    #[test]
    fn error_names_and_messages_of_other_clients_are_understood() {
        for (text, fault) in [
            ("ECONNREFUSED", Fault::Refused),
            ("connect", Fault::Refused),
            ("connect_error", Fault::Refused),
            ("connection error", Fault::Closed),
            ("Connection refused (os error 111)", Fault::Refused),
            ("ConnectTimeoutError", Fault::ConnectTimeout),
            ("connection timed out", Fault::Timeout),
            ("ReadTimeout", Fault::Timeout),
            ("operation timed out", Fault::Timeout),
            ("ETIMEDOUT", Fault::Timeout),
            ("Connection reset by peer", Fault::Closed),
            ("connection closed before message completed", Fault::Closed),
            ("socket hang up", Fault::Closed),
            ("unexpected EOF during handshake", Fault::Tls),
            ("certificate verify failed", Fault::BadCertificate),
            ("dns_temporary", Fault::Dns),
            ("dns error: failed to lookup address information", Fault::Dns),
            ("getaddrinfo ENOTFOUND api.example.org", Fault::NameNotFound),
            ("REFUSED_STREAM", Fault::RefusedStream),
            ("http2 error: GOAWAY", Fault::GoAway),
            ("error decoding response body", Fault::Body),
        ] {
            assert_eq!(text.parse(), Ok(fault), "{text}");
        }
    }
}
