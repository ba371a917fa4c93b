use std::error::Error as _;
use std::io;

use ::lettre::transport::smtp::Error;
use retry_core::{Effect, ErrorClassifier, Scope, Verdict};

use crate::{Answer, Classifier, EnhancedCode, Reply};

/// Classifies the errors of lettre's SMTP transports, as well as they allow.
///
/// Where the server answered, the reply decides (RFC 5321, section 4.2.1): a refusal has no effect, whatever the stage.
/// Where it did not, lettre does not tell at which stage the connection was lost; then the message may have arrived.
///
/// # Replies
/// The rules of [`Classifier`] decide, those built in for this type; for rules of your own give the retrier your
/// [`Classifier`], which classifies lettre's errors as well. The text of what may pass is read for a hint, "try again in 300
/// seconds" ([`HintSource::Text`](retry_core::HintSource::Text)).
///
/// # Other errors
/// | error | verdict | effect | scope | because |
/// |---|---|---|---|---|
/// | connection error (refused, unreachable, timeout of the connect, DNS) | transient | none | destination | nothing of the mail was sent |
/// | TLS error; connection error with invalid data; connection or network error about a certificate | misconfigured | none | destination | the handshake failed, before any mail |
/// | no STARTTLS there | misconfigured | none | destination | the server does not offer what we demand |
/// | no mechanism in common, or strange challenges | misconfigured | none | account | authentication failed, before any mail |
/// | other client error (8-bit or non-ASCII address, not supported there) | permanent | none | request | lettre sent nothing of the mail |
/// | transport shut down | permanent | none | request | by ourselves; it stays so |
/// | unparsable reply, second digit over 5, with an enhanced code (571 5.7.1) | as that reply | none | as that reply | the class digit of the enhanced code is that of the reply (RFC 2034) |
/// | unusable answer to EHLO | transient | none | destination | before any mail |
/// | any other unparsable reply, "incomplete response" | transient | **possible** | destination | may have been the reply to the message |
/// | network error: reset, timeout of a read, broken TLS record | transient | **possible** | destination | at any stage; a blocking TLS handshake fails like that, too |
///
/// lettre has no accessor for connection and network errors, nor, without a TLS feature, for TLS errors: there the text
/// that lettre itself writes decides. Should a later lettre write other words, the outcome counts as unknown.
///
/// # Examples
/// ```
/// use retry_core::{Class, Effect, ErrorClassifier};
/// use retry_email::lettre::LettreClassifier;
/// use retry_email::lettre::lettre::{Address, SmtpTransport, Transport, address::Envelope};
///
/// // Nobody listens there any more.
/// let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
/// let smtp = SmtpTransport::builder_dangerous("127.0.0.1").port(port).build();
/// let envelope = Envelope::new(None, vec!["bob@example.org".parse::<Address>()?])?;
/// let refused = smtp.send_raw(&envelope, b"Subject: hello").unwrap_err();
///
/// let verdict = LettreClassifier.classify(&refused);
/// assert_eq!((verdict.class, verdict.effect), (Class::Transient, Effect::None));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::exhaustive_structs, reason = "a unit")]
pub struct LettreClassifier;

impl ErrorClassifier<Error> for LettreClassifier {
    fn classify(&self, error: &Error) -> Verdict {
        ErrorClassifier::classify(Classifier::builtin(), error)
    }
}

impl ErrorClassifier<Error> for Classifier {
    fn classify(&self, error: &Error) -> Verdict {
        let text = error.source().map(ToString::to_string).unwrap_or_default();
        if let Some(code) = error.status() {
            return self.refusal(&Reply::new(code.into(), &text));
        }
        if error.is_transport_shutdown() {
            return HOPELESS;
        }
        if error.is_client() {
            return client(&text);
        }
        if error.is_response() {
            return response(self, &text);
        }
        // What `Display` of lettre's error begins with, for the kinds without an accessor.
        let shown = error.to_string();
        let is_connection = shown.starts_with("Connection error");
        if shown.starts_with("tls error")
            || text.to_ascii_lowercase().contains("certificate")
            || (is_connection && is_invalid_data(error))
        {
            UNSAFE_CHANNEL
        } else if is_connection {
            UNREACHED
        } else {
            Verdict::TRANSIENT
        }
    }
}

/// Whether an I/O error at the bottom is about what the peer said: of rustls, where it was no proper TLS.
fn is_invalid_data(error: &Error) -> bool {
    let mut source = error.source();
    while let Some(error) = source {
        if let Some(io) = error.downcast_ref::<io::Error>() {
            return io.kind() == io::ErrorKind::InvalidData;
        }
        source = error.source();
    }
    false
}

/// Nothing was sent, and nothing ever will be.
const HOPELESS: Verdict = Verdict::PERMANENT.effect(Effect::None).scope(Scope::Request);
/// No server was reached, or none that is of use.
const UNREACHED: Verdict = Verdict::TRANSIENT.effect(Effect::None);
const UNSAFE_CHANNEL: Verdict = Verdict::MISCONFIGURED;
const NOT_LOGGED_IN: Verdict = Verdict::MISCONFIGURED.scope(Scope::Account);

/// lettre's own words where it refuses to go on; all of them before `DATA`.
fn client(text: &str) -> Verdict {
    if text.contains("STARTTLS") {
        UNSAFE_CHANNEL
    } else if text.contains("mechanism") || text.contains("challenge") {
        NOT_LOGGED_IN
    } else {
        HOPELESS
    }
}

/// lettre's own words where it cannot read a reply, or what is left of the reply.
fn response(classifier: &Classifier, text: &str) -> Verdict {
    match text {
        "Could not read server name" => UNREACHED,
        "Could not read auth challenge" | "Unexpected number of challenges" => NOT_LOGGED_IN,
        _ => rescue(text).map_or(Verdict::TRANSIENT, |reply| classifier.refusal(&reply)),
    }
}

/// Rescues a refusal from lettre's parser, which reads the first digit, stumbles over the second if that is greater
/// than 5, and tells what is left: `error Tag at: 71 5.7.1 Relaying denied`.
fn rescue(text: &str) -> Option<Reply> {
    let left = text.strip_prefix("error Tag at: ")?;
    let (digits, text) = left.split_at_checked(3)?;
    let [second @ b'6'..=b'9', third @ b'0'..=b'9', b' ' | b'-'] = digits.as_bytes() else {
        return None;
    };
    let (enhanced, _) = EnhancedCode::leading(text)?;
    let code = 100 * enhanced.class() + 10 * u16::from(second - b'0') + u16::from(third - b'0');
    matches!(enhanced.class(), 4 | 5).then(|| Reply::new(code, text))
}

impl Classifier {
    /// A 4yz or 5yz: the server has not taken the mail, whatever the rules say of it.
    fn refusal(&self, reply: &Reply) -> Verdict {
        self.classify(&Answer::from(reply)).verdict().effect(Effect::None)
    }
}
