use crate::{Reply, Stage};

/// Why a connection cannot carry mail.
///
/// ```
/// use retry_email::{Refusal, Reply, Stage};
///
/// let refusal = Refusal::Reply { stage: Stage::Auth, reply: Reply::new(535, "5.7.8 bad credentials") };
/// assert_eq!(refusal.to_string(), "the server said at auth: 535 5.7.8 bad credentials");
/// ```
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The server said no, or what does not belong here.
    #[error("the server said at {stage}: {reply}")]
    Reply {
        /// To what.
        stage: Stage,
        /// What it said.
        reply: Reply,
    },
    /// TLS is required and the server does not offer STARTTLS.
    #[error("the server does not offer STARTTLS; use its TLS port, or allow a connection in the clear")]
    NoTls,
    /// Bytes came in the clear that would have counted as said under TLS: somebody is between.
    #[error("somebody slipped bytes in before TLS began; the connection is not safe")]
    Injected,
    /// There are credentials, and the connection is not encrypted.
    #[error("credentials are not sent in the clear; use TLS, or allow it for a server on the same machine")]
    ClearAuth,
    /// None of the mechanisms that the server offers can be served by the credentials.
    #[error("the server offers no way to log in that fits the credentials; it offers: {}", list(.offered))]
    NoMechanism {
        /// What it offers.
        offered: Vec<String>,
    },
}

fn list(offered: &[String]) -> String {
    if offered.is_empty() { "none".to_owned() } else { offered.join(", ") }
}
