//! Retries mail rightly.
//!
//! A retry of mail is easy to get wrong in two ways: what will never succeed is sent again and again, and what has
//! already arrived is sent twice. This crate knows which failure is which, and leaves the waiting to
//! [`retry_core`].
//!
//! | you send by | switch on | use |
//! |---|---|---|
//! | any transport of [lettre](https://docs.rs/lettre) | feature `lettre` | `lettre::RetryTransport` |
//! | lettre's blocking transports only, without tokio | feature `lettre-blocking` | the same |
//! | SMTP or LMTP of our own: failover, and each recipient's end | feature `smtp` | `Sender`, `BlockingSender` |
//! | the same, behind lettre's traits | features `smtp` and `lettre` | `Sender` as an `AsyncTransport` |
//! | something else, and want the schedules | nothing | [`preset`], [`exim`] |
//! | what a reply means | feature `classify` | `Classifier`: class, action, reason, scope, hint |
//! | replies of any server, from bytes | nothing | [`ReplyReader`], [`Reply`] |
//!
//! # Replies and what they mean
//! A reply is read however a server writes it ([`Reply`]), and its meaning is found by rules that are data: what must be in
//! the text, which codes, at which [`Stage`], and what it means then. The first rule that applies decides, and is named:
//!
//! | order | rules | file |
//! |---|---|---|
//! | 1 | of one's own | `Rules::from_toml` |
//! | 2 | events and the protocol: what the stage alone decides | `events.toml`, `protocol.toml` |
//! | 3 | providers | `providers/*.toml` |
//! | 4 | words that leave no doubt, in English and other languages | `phrases.toml`, `languages.toml` |
//! | 5 | enhanced status codes (RFC 3463, the registry of RFC 5248) | `enhanced.toml` |
//! | 6 | words that mean something only where nothing better is said | `loose.toml` |
//! | 7 | basic codes, stages, the first digit (RFC 5321 section 4.2.1) | `basic.toml` |
//!
//! So text may override codes: a mailbox is as full with 552 as with 452, and greylisting passes with 550 as well.
//!
#![cfg_attr(
    feature = "lettre",
    doc = r#"
# Examples
```
use std::time::Duration;

use retry_core::{Law, Policy};
use retry_email::lettre::RetryTransport;
use retry_email::lettre::lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

# #[tokio::main(flavor = "current_thread")]
# async fn main() -> Result<(), Box<dyn std::error::Error>> {
# let server = testkit::smtp::SmtpServer::start(testkit::smtp::Script::new())?;
# let (host, port) = (server.host(), server.port());
// In earnest: `AsyncSmtpTransport::<Tokio1Executor>::relay("smtp.example.org")?`, with credentials.
let smtp = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host).port(port).build();
let policy = Policy::exponential(Duration::from_secs(1), Duration::from_secs(60)).jitter(Law::EQUAL).attempts(5);
let mailer = RetryTransport::new(smtp, policy);

let message = Message::builder()
    .from("alice@example.org".parse()?)
    .to("bob@example.org".parse()?)
    .body(String::from("Hello, Bob"))?;
mailer.send(message).await?;
# assert_eq!(server.accepted().len(), 1);
# Ok(())
# }
```
"#
)]
#![cfg_attr(
    feature = "classify",
    doc = r#"
# Example: what a reply means
```
use retry_core::Class;
use retry_email::{Action, Answer, Classifier, Reason, Stage};

let answer = Answer::from_text("550 5.1.1 <bob@example.org>: no such user").at(Stage::Rcpt);
let classification = Classifier::builtin().classify(&answer);
assert_eq!(classification.class, Some(Class::Permanent));
assert_eq!((classification.action, classification.reason), (Action::FailRecipient, Reason::MailboxUnknown));
assert_eq!(classification.rule, "recipient.unknown-5.1.1");
```
"#
)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "smtp")]
mod capabilities;
#[cfg(feature = "classify")]
mod classify;
#[cfg(feature = "smtp")]
mod connection;
#[cfg(feature = "smtp")]
mod content;
#[cfg(feature = "smtp")]
mod envelope;
mod event;
#[cfg(feature = "smtp")]
mod handshake;
#[cfg(feature = "smtp")]
mod identity;
mod reply;
#[cfg(feature = "smtp")]
mod sender;
mod stage;
#[cfg(feature = "smtp")]
mod transaction;
mod words;

pub mod exim;
#[cfg(feature = "lettre-blocking")]
pub mod lettre;
pub mod preset;

#[cfg(feature = "smtp")]
pub use capabilities::Capabilities;
#[cfg(feature = "classify")]
pub use classify::{
    Action, Answer, Builder, Classification, Classifier, Confidence, FaultScope, Reason, Rules, RulesError,
};
#[cfg(feature = "smtp")]
pub use connection::{Connection, Endpoint, NotOpened, Timeouts, TlsConfig, TlsConfigError};
#[cfg(feature = "smtp")]
pub use content::{Content, DotStuffing};
#[cfg(feature = "smtp")]
pub use envelope::{Address, Envelope, InvalidAddress, Notify, Recipient, Return};
pub use event::Event;
#[cfg(feature = "smtp")]
pub use handshake::{Credentials, Greeted, Handshake, Refusal, Tls};
#[cfg(feature = "smtp")]
pub use identity::identified;
pub use reply::{EnhancedCode, NoEnhancedCode, Reply, ReplyError, ReplyReader};
#[cfg(feature = "smtp")]
pub use sender::{
    BlockingSender, ConcurrencyWindow, HostRule, HostState, InvalidHost, PerlOptions, PoolLimits, Sender, Sent, SentTo,
    SmtpHost, State, Tried, WhenInDoubt,
};
pub use stage::Stage;
/// The TLS library, for configurations of your own.
#[cfg(feature = "smtp")]
pub use tokio_rustls::rustls;
#[cfg(feature = "smtp")]
pub use transaction::{Fate, Report, Step, Transaction, Unfit};
pub use words::UnknownWord;
