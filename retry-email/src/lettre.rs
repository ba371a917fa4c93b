//! Retry for lettre: a classifier for its SMTP errors, and a transport around any transport.
//!
//! lettre itself is re-exported as [`lettre::lettre`](lettre), so that versions match. Its features (TLS, pool, DKIM)
//! are switched on where you depend on lettre yourself: Cargo joins them.
//!
//! | you want | take |
//! |---|---|
//! | retry, async, by tokio's time | `RetryTransport::new` (feature `lettre`) |
//! | retry, blocking | [`RetryTransport::blocking`] |
//! | another sleeper, or other errors than SMTP's | [`RetryTransport::with_retry`] |
//! | an observer, a timeout, a graceful stop on top | [`RetryTransport::map_retry`] |
//! | mail sent again even if it may have arrived | [`RetryTransport::unknown_outcome`] |
//! | the verdicts alone, in a retrier of your own | [`LettreClassifier`], or a [`Classifier`](crate::Classifier) with your rules |
//!
//! # What no wrapper can cure
//!
//! lettre's transport answers with one result for a whole transaction. What follows is measured on lettre 0.11.23, and
//! stands in our tests:
//!
//! | lettre | so | do |
//! |---|---|---|
//! | reports a lost reply to the message just as a connection lost before it | every lost connection is of unknown outcome, and is held | choose the [`UnknownOutcome`] |
//! | ends the transaction at the first refused recipient | one bad address holds back the good ones | one message per recipient |
//! | tells nothing of the single recipients | a retry carries all of them again, and a 452 4.5.3 (too many recipients) never passes | fewer recipients in a message |
//! | applies `.timeout(..)` of its async transport to the connect only | a server that falls silent holds the call for ever | give the retrier a [timeout](retry_core::Retry::timeout), which cuts; and see the next line |
//! | parks a connection in its pool when the call that uses it is dropped or cut | the next message reads the replies to the last one, and may be reported as sent although it was refused | with a timeout, or where calls are dropped, park none: `PoolConfig::new().max_size(0)`, or lettre without the feature `pool` |
//! | takes a 250 in answer to `DATA` for a 354 | it sends the message as commands; mail may be reported as sent that was not | no cure |
//! | refuses replies that other clients understand (571, bare codes, Latin-1) | most count as lost replies, and are held | no cure |
//! | panics where a line of the answer to `EHLO` is blank | so does the call | no cure, short of a task of its own |
//! | adds CRLF to a message that ends in CRLF, as `Message::formatted` does | the body arrives with an empty line more | hand `send_raw` a message without its last CRLF |
//!
//! Our own sender (feature `smtp`) drives SMTP itself and has none of these. Behind lettre's traits it needs no wrapper, as it
//! retries by itself: `Sender` is an `AsyncTransport`, `BlockingSender` a `Transport`, Ok means that every recipient was delivered,
//! and the error, `NotSent`, carries each one's end.
#![cfg_attr(
    feature = "lettre",
    doc = r#"
# Example: a timeout and an observer
```
use std::time::Duration;

use retry_core::{Policy, StopReason, test_util::Recorder};
use retry_email::lettre::RetryTransport;
use retry_email::lettre::lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor, address::Envelope};

# #[tokio::main(flavor = "current_thread")]
# async fn main() -> Result<(), Box<dyn std::error::Error>> {
// Nobody listens there any more.
let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
let smtp = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous("127.0.0.1").port(port).build();

let recorder = Recorder::default();
let mailer = RetryTransport::new(smtp, Policy::constant(Duration::ZERO).attempts(3))
    .map_retry(|retry| retry.timeout(Duration::from_secs(600)).observe(&recorder));

let envelope = Envelope::new(None, vec!["bob@example.org".parse::<Address>()?])?;
let end = mailer.send_raw(&envelope, b"Subject: hello").await.unwrap_err();
assert_eq!((end.attempts, end.reason), (3, StopReason::Attempts));
assert_eq!(recorder.delays().len(), 2);
# Ok(())
# }
```
"#
)]

#[cfg(feature = "lettre")]
mod asynchronous;
mod blocking;
mod classify;
#[cfg(feature = "smtp")]
mod envelope;
mod guarded;
#[cfg(feature = "smtp")]
mod not_sent;
#[cfg(feature = "smtp")]
mod sender;
mod transport;
mod unknown_outcome;

#[doc(no_inline)]
pub use ::lettre;
pub use classify::LettreClassifier;
#[cfg(feature = "smtp")]
pub use envelope::UnfitAddress;
pub use guarded::Guarded;
#[cfg(feature = "smtp")]
pub use not_sent::NotSent;
pub use transport::RetryTransport;
pub use unknown_outcome::UnknownOutcome;
