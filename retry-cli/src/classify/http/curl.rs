//! What curl shows beside the answer.

use std::borrow::Cow;

use retry_http::{Fault, IdempotencyKey, KeyPlace, Provider};

/// The request that `curl -v` shows.
#[derive(Debug, Default)]
pub(super) struct Sent {
    method: Option<String>,
    host: Option<String>,
    keyed: bool,
    /// Whether its headers are being shown.
    open: bool,
}

impl Sent {
    /// A line without its mark: a request line, a header, or the empty line at their end.
    pub(super) fn take(&mut self, line: &str) {
        let mut words = line.split_ascii_whitespace();
        if let (Some(method), Some(_), Some(version)) = (words.next(), words.next(), words.next())
            && version.starts_with("HTTP/")
        {
            *self = Self { method: Some(method.to_owned()), open: true, ..Self::default() };
            return;
        }
        match line.split_once(':') {
            Some((name, value)) if self.open => {
                if name.eq_ignore_ascii_case("host") {
                    self.host = Some(value.trim().to_owned());
                }
                self.keyed |= name.eq_ignore_ascii_case(IdempotencyKey::HEADER.as_str());
            }
            // In a body, such a line is nobody's header.
            _ => self.open = false,
        }
    }

    pub(super) fn method(&self) -> Option<&str> {
        self.method.as_deref()
    }

    pub(super) fn host(&self) -> Option<&str> {
        self.host.as_deref()
    }

    /// Whether it carried an idempotency key in a header, and the provider looks for it there.
    pub(super) fn is_keyed(&self, provider: Option<&Provider>, host: Option<&str>) -> bool {
        let provider = provider.or_else(|| host.and_then(Provider::of_host));
        self.keyed && provider.is_none_or(|provider| provider.key_place() == KeyPlace::Header)
    }
}

/// A line without what terminals and editors add to it: colours, and the mark of UTF-8.
pub(super) fn plain(line: &str) -> Cow<'_, str> {
    let line = line.trim_start_matches('\u{feff}');
    if !line.contains('\u{1b}') {
        return Cow::Borrowed(line);
    }
    let mut parts = line.split("\u{1b}[");
    let mut plain = String::from(parts.next().unwrap_or_default());
    for part in parts {
        // What ends a sequence is the first byte from `@` on (ECMA-48 section 5.4).
        let end = part.find(|c: char| matches!(c, '@'..='~')).map_or(part.len(), |end| end + 1);
        plain.push_str(part.get(end..).unwrap_or_default());
    }
    Cow::Owned(plain)
}

/// Whether it is a line for people before an answer: a prompt, a fence, a note, or the progress meter.
pub(super) fn is_noise(line: &str) -> bool {
    const STARTS: [&str; 7] = ["$ ", "# ", "%", "```", "Note: ", "Warning: ", "Dload "];
    let line = line.trim_start();
    STARTS.iter().any(|start| line.starts_with(start)) || line.contains("--:--:--")
}

pub(super) fn is_error(line: &str) -> bool {
    line.starts_with("curl: (")
}

/// Whether a proxy says that it has connected.
pub(super) fn is_tunnel(status_line: &str) -> bool {
    status_line.to_ascii_lowercase().ends_with(" 200 connection established")
}

/// What an error of curl's means, by its number (`man curl`, "EXIT CODES").
pub(super) fn fault(line: &str) -> Option<Fault> {
    let (number, message) = line.trim().strip_prefix("curl: (")?.split_once(')')?;
    let message = message.to_ascii_lowercase();
    let says = |words: &str| message.contains(words);
    Some(match number.parse::<u16>().ok()? {
        1 | 3 | 4 => Fault::BadRequest,
        5 | 6 => Fault::Dns,
        7 => Fault::Refused,
        16 | 92 if says("refused_stream") => Fault::RefusedStream,
        8 | 16 => Fault::Protocol,
        18 => Fault::Body,
        28 if says("failed to connect") || says("connection time") => Fault::ConnectTimeout,
        28 => Fault::Timeout,
        35 => Fault::Tls,
        47 => Fault::TooManyRedirects,
        51 | 60 => Fault::BadCertificate,
        52 | 55 | 56 | 92 => Fault::Closed,
        _ => return None,
    })
}
