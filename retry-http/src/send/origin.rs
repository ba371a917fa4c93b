//! Where a request goes, as the key of what is remembered of it.

/// Scheme, host and port of a request: its origin (RFC 6454 section 6.2), in lower case, without the scheme's own port and
/// without credentials. Nothing is allocated for origins of ordinary length.
#[derive(Debug)]
pub(crate) enum Origin<'a> {
    #[cfg_attr(not(feature = "reqwest"), expect(dead_code, reason = "of a URL alone"))]
    Whole(&'a str),
    Short([u8; SHORT], usize),
    Long(String),
}

const SHORT: usize = 96;

/// Where a request goes, as it says itself.
#[derive(Clone, Copy)]
pub(crate) enum Place<'a> {
    #[cfg(feature = "reqwest")]
    Url(&'a url::Url),
    /// A URI, and the headers that may name the host instead.
    #[cfg(feature = "tower")]
    Uri(&'a http::Uri, &'a http::HeaderMap),
}

impl<'a> Place<'a> {
    pub(crate) fn origin(self) -> Origin<'a> {
        match self {
            #[cfg(feature = "reqwest")]
            Self::Url(url) => Origin::of_url(url),
            #[cfg(feature = "tower")]
            Self::Uri(uri, headers) => Origin::of_uri(uri, headers),
        }
    }

    /// Whether that is `origin`, which is one with a host, as far as can be seen without working it out.
    #[inline(always)]
    pub(crate) fn is_plainly(self, origin: &str) -> bool {
        match self {
            // The authority ends there, and an origin has none of the credentials that a URL may have.
            #[cfg(feature = "reqwest")]
            Self::Url(url) => {
                let url = url.as_str().as_bytes();
                url.get(origin.len()) == Some(&b'/') && url.starts_with(origin.as_bytes())
            }
            #[cfg(feature = "tower")]
            Self::Uri(uri, _) => {
                let rest = uri.scheme_str().and_then(|scheme| origin.strip_prefix(scheme)?.strip_prefix("://"));
                rest.is_some() && rest == uri.authority().map(http::uri::Authority::as_str)
            }
        }
    }
}

impl<'a> Origin<'a> {
    #[cfg(feature = "reqwest")]
    pub(crate) fn of_url(url: &'a url::Url) -> Self {
        use url::Position::{BeforeHost, BeforePath};

        // A URL is in lower case and without the scheme's own port already.
        if url[..BeforeHost].len() == url.scheme().len() + "://".len() {
            Self::Whole(&url[..BeforePath])
        } else {
            Self::joined(url.scheme(), &url[BeforeHost..BeforePath])
        }
    }

    /// Of a URI with authority, else by the header Host.
    #[cfg(feature = "tower")]
    pub(crate) fn of_uri(uri: &http::Uri, headers: &http::HeaderMap) -> Self {
        let scheme = uri.scheme_str().unwrap_or_default();
        let host = || headers.get(http::header::HOST)?.to_str().ok();
        let authority = uri.authority().map(http::uri::Authority::as_str).or_else(host).unwrap_or_default();
        let authority = match scheme {
            "http" => authority.strip_suffix(":80").unwrap_or(authority),
            "https" => authority.strip_suffix(":443").unwrap_or(authority),
            _ => authority,
        };
        Self::joined(scheme, authority)
    }

    fn joined(scheme: &str, authority: &str) -> Self {
        let separator = if scheme.is_empty() { "" } else { "://" };
        let (mut bytes, start) = ([0; SHORT], scheme.len() + separator.len());
        if start + authority.len() > SHORT {
            let host = authority.rsplit('@').next().unwrap_or_default();
            return Self::Long([scheme, separator, host].concat().to_ascii_lowercase());
        }
        bytes[..scheme.len()].copy_from_slice(scheme.as_bytes());
        bytes[scheme.len()..start].copy_from_slice(separator.as_bytes());
        let mut end = start;
        for byte in authority.bytes() {
            bytes[end] = byte.to_ascii_lowercase();
            // Credentials end there.
            end = if byte == b'@' { start } else { end + 1 };
        }
        Self::Short(bytes, end)
    }

    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Whole(text) => text,
            // Copied from text, part by part.
            Self::Short(bytes, length) => std::str::from_utf8(&bytes[..*length]).unwrap_or_default(),
            Self::Long(text) => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(feature = "reqwest")]
    fn the_origin_of_a_url_has_no_secrets() {
        for (url, origin) in [
            ("http://127.0.0.1:8080/a?b#c", "http://127.0.0.1:8080"),
            ("HTTPS://API.Example.org:443", "https://api.example.org"),
            ("https://user:hunter2@example.org/", "https://example.org"),
            ("https://user@example.org:8443", "https://example.org:8443"),
            ("http://[::1]:80/", "http://[::1]"),
        ] {
            assert_eq!(Origin::of_url(&url.parse().unwrap()).as_str(), origin);
        }
    }

    #[test]
    #[cfg(feature = "reqwest")]
    fn a_url_is_plainly_of_its_origin_alone() {
        for (url, is_plain) in [
            ("http://a.example/", true),
            ("HTTP://A.example:80?b", true),
            ("http://a.example@b.example/", false),
            ("http://a.example:81/", false),
            ("http://a.example.org/", false),
            ("https://a.example/", false),
            ("http://user@a.example/", false),
        ] {
            assert_eq!(Place::Url(&url.parse().unwrap()).is_plainly("http://a.example"), is_plain, "{url}");
        }
    }

    #[test]
    #[cfg(feature = "tower")]
    fn a_uri_is_plainly_of_its_origin_alone() {
        let headers = http::HeaderMap::new();
        for (uri, is_plain) in [
            ("http://a.example/", true),
            // These are, but not plainly.
            ("http://A.example/", false),
            ("http://a.example:80/", false),
            ("http://a.example@b.example/", false),
            ("http://a.example:81/", false),
            ("http://a.example.org/", false),
            ("https://a.example/", false),
            ("/a.example", false),
        ] {
            assert_eq!(Place::Uri(&uri.parse().unwrap(), &headers).is_plainly("http://a.example"), is_plain, "{uri}");
        }
    }

    #[test]
    #[cfg(feature = "tower")]
    fn the_origin_of_a_uri_is_that_of_the_url() {
        let long = format!("{}.example", "a".repeat(200));
        for (uri, host, origin) in [
            ("http://127.0.0.1:8080/a?b", "", "http://127.0.0.1:8080"),
            ("HTTPS://API.Example.org:443/", "other", "https://api.example.org"),
            ("https://user:hunter2@example.org/", "", "https://example.org"),
            ("http://[::1]:80/", "", "http://[::1]"),
            ("/path", "Example.org:81", "example.org:81"),
            ("/path", "", ""),
            (&format!("http://{long}/"), "", &format!("http://{long}")),
        ] {
            let headers = http::HeaderMap::from_iter([(http::header::HOST, host.parse().unwrap())]);
            assert_eq!(Origin::of_uri(&uri.parse().unwrap(), &headers).as_str(), origin);
        }
    }
}
