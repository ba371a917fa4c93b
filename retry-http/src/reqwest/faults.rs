//! From reqwest's errors to faults.

use std::error::Error as _;
use std::io::{self, ErrorKind};

use ::reqwest::Error;

use crate::Fault;

/// What an error of reqwest was.
///
/// Connect errors were before the request; those of DNS and TLS are told apart by the words of their sources, which decides
/// only whether waiting helps. Every error after that may have come after the request.
///
/// ```
/// use retry_http::Fault;
/// use retry_http::reqwest::{fault, reqwest};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), std::io::Error> {
/// // Nobody listens there any more.
/// let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
/// let refused = reqwest::get(format!("http://127.0.0.1:{port}/")).await.unwrap_err();
/// assert_eq!(fault(&refused), Fault::Refused);
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn fault(error: &Error) -> Fault {
    if error.is_builder() {
        Fault::BadRequest
    } else if error.is_redirect() {
        Fault::TooManyRedirects
    } else if error.is_connect() {
        match (error.is_timeout(), said(error)) {
            (true, _) => Fault::ConnectTimeout,
            (false, Some(Fault::Dns | Fault::NameNotFound)) => Fault::Dns,
            (false, Some(found @ (Fault::BadCertificate | Fault::Tls))) => found,
            _ => Fault::Refused,
        }
    } else if error.is_timeout() {
        Fault::Timeout
    } else if error.is_body() || error.is_decode() {
        Fault::Body
    } else {
        later(error)
    }
}

/// What the sources' words say, the first that says anything.
fn said(error: &Error) -> Option<Fault> {
    let mut link = error.source();
    while let Some(error) = link {
        match error.to_string().parse() {
            Ok(Fault::Refused | Fault::Closed) | Err(_) => link = error.source(),
            Ok(found) => return Some(found),
        }
    }
    None
}

/// After the connection stood.
fn later(error: &Error) -> Fault {
    let mut link = error.source();
    while let Some(error) = link {
        if let Some(io) = error.downcast_ref::<io::Error>() {
            return if io.kind() == ErrorKind::InvalidData { Fault::Protocol } else { Fault::Closed };
        }
        // NOTE: the words of h2, which is no dependency of ours; `tests/nacks.rs` holds them to it. Should they change, both count as
        // `Closed`. It ends streams by a GOAWAY that it received only where they are above the last stream.
        let words = error.to_string();
        if words.starts_with("stream error received: refused stream") {
            return Fault::RefusedStream;
        }
        if words.starts_with("connection error received: ") {
            return Fault::GoAway;
        }
        link = error.source();
    }
    Fault::Closed
}
