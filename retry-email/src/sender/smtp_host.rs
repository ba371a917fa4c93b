use url::Url;

use crate::{Credentials, Endpoint, Tls};

/// A host to hand mail in at, with its place among the others.
///
/// ```
/// use retry_email::SmtpHost;
///
/// // The same from a URL, as configuration files write it.
/// let host: SmtpHost = "smtps://alice:secret@smtp.example.org?priority=10&weight=3".parse()?;
/// assert_eq!((host.endpoint.host(), host.endpoint.port()), ("smtp.example.org", 465));
/// assert_eq!((host.priority, host.weight), (10, 3));
/// # Ok::<(), retry_email::InvalidHost>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SmtpHost {
    /// The server and how to speak with it.
    pub endpoint: Endpoint,
    /// Lower ones first. 0 unless set.
    pub priority: u16,
    /// Its share among those of the same priority. 1 unless set; 0: only after the others.
    pub weight: u16,
}

impl From<Endpoint> for SmtpHost {
    fn from(endpoint: Endpoint) -> Self {
        Self { endpoint, priority: 0, weight: 1 }
    }
}

/// Why a text names no host.
///
/// ```
/// let error = "http://example.org".parse::<retry_email::SmtpHost>().unwrap_err();
/// assert!(error.to_string().contains("smtp://"));
/// ```
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidHost {
    /// No URL at all.
    #[error(
        "this is no URL ({0}); write it like smtp://mail.example.org:587 or smtps://user:password@mail.example.org"
    )]
    Url(String),
    /// A scheme of something else.
    #[error("{0:?} is no scheme for mail; use smtp://, smtps:// or lmtp://")]
    Scheme(String),
    /// No host.
    #[error("the URL names no host")]
    NoHost,
    /// A parameter that is not known, or its value.
    #[error(
        "{name}={value} is not understood; there are tls=required|opportunistic|off, priority=N, weight=N, name=HOST, \
             pipelining=off, clear_auth=on"
    )]
    Parameter {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
    },
}

impl std::str::FromStr for SmtpHost {
    type Err = InvalidHost;

    /// `smtp://[USER:PASSWORD@]HOST[:PORT][?PARAMETERS]`: by STARTTLS, port 587; `smtps://`: TLS from the first byte, port 465;
    /// `lmtp://`: LMTP, port 24, in the clear unless said otherwise. User and password are percent-encoded.
    fn from_str(text: &str) -> Result<Self, InvalidHost> {
        let url = Url::parse(text).map_err(|error| InvalidHost::Url(error.to_string()))?;
        let (port, tls) = match url.scheme() {
            "smtp" => (587, Tls::Required),
            "smtps" => (465, Tls::Implicit),
            "lmtp" => (24, Tls::Off),
            other => return Err(InvalidHost::Scheme(other.to_owned())),
        };
        let name = url.host_str().filter(|host| !host.is_empty()).ok_or(InvalidHost::NoHost)?;
        // Brackets are the URL's, not the address's.
        let name = name.trim_start_matches('[').trim_end_matches(']');
        let mut endpoint = Endpoint::new(name, url.port().unwrap_or(port)).tls(tls);
        if url.scheme() == "lmtp" {
            endpoint = endpoint.lmtp();
        }
        if !url.username().is_empty() {
            let password = decoded(url.password().unwrap_or_default());
            endpoint = endpoint.credentials(Credentials::password(decoded(url.username()), password));
        }
        let mut host = Self::from(endpoint);
        for (name, value) in url.query_pairs() {
            host = host.with(&name, &value)?;
        }
        Ok(host)
    }
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

impl SmtpHost {
    fn with(mut self, name: &str, value: &str) -> Result<Self, InvalidHost> {
        let wrong = || InvalidHost::Parameter { name: name.to_owned(), value: value.to_owned() };
        match (name, value) {
            ("tls", "required") => self.endpoint = self.endpoint.tls(Tls::Required),
            ("tls", "opportunistic") => self.endpoint = self.endpoint.tls(Tls::Opportunistic),
            ("tls", "off") => self.endpoint = self.endpoint.tls(Tls::Off),
            ("name", name) => self.endpoint = self.endpoint.name(name),
            ("pipelining", "off") => self.endpoint = self.endpoint.without_pipelining(),
            ("clear_auth", "on") => self.endpoint = self.endpoint.allow_clear_auth(),
            ("priority", value) => self.priority = value.parse().map_err(|_| wrong())?,
            ("weight", value) => self.weight = value.parse().map_err(|_| wrong())?,
            _ => return Err(wrong()),
        }
        Ok(self)
    }
}
