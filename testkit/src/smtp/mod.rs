//! A scripted SMTP server.
//!
//! Without a script [`SmtpServer`] is a well-behaved ESMTP server (RFC 5321) that takes every message. A [`Script`]
//! holds one [`Dialogue`] for each connection, a dialogue holds a [`Reaction`] for each [`Stage`] that shall differ:
//!
//! | To script | Write |
//! |---|---|
//! | a refusal | `.on(Stage::Rcpt, "450 4.2.0 try again later")` |
//! | one recipient's refusal | `.on(Stage::Rcpt.recipient("bob@example.org"), "550 5.1.1 no such user")` |
//! | a refusal the first time only | `.on(Stage::Mail.nth(1), "451 4.3.0 not now")` |
//! | bytes that are no proper reply | `.on(Stage::Dot, Reply::raw(b"250 2.0.0 re\xe7u\n"))` |
//! | "421, and goodbye" | `.on(Stage::Mail, Reaction::reply("421 4.3.2 closing").then_close())` |
//! | a lost acknowledgement | `.on(Stage::Dot, Reaction::drop_connection())` |
//! | half an acknowledgement | `.on(Stage::Dot, Reaction::accept().cut_after(2))` |
//! | a drop in the body | `.on(Stage::DataBody, Reaction::drop_connection().after_body_bytes(100))` |
//! | a reset (RST) for a close (FIN) | `.on(Stage::Data, Reaction::reset_connection())` |
//! | a server that never answers | `.on(Stage::Greeting, Reaction::hang())` |
//! | a slow server | `.on(Stage::Dot, Reaction::accept().delayed(Duration::from_millis(50)))` |
//! | a reply byte by byte | `.on(Stage::Ehlo, Reaction::accept().paced(1, Duration::ZERO))` |
//!
//! # What a reply does to the server's state
//!
//! The state follows the reply that is sent, not the wish of the client: the class of the reply's last line counts
//! (RFC 5321, section 4.2.1). A recipient who was answered 4yz or 5yz is no recipient of the message, a `DATA` that was
//! not answered 3yz is not followed by a body, and a message whose final dot was answered 4yz or 5yz was not taken.
//! A reply with no code at all counts as a refusal.
//!
//! A command out of sequence or malformed is answered 503 or 501 and reaches no stage: no reaction applies, and it is
//! not counted as an occurrence.
//!
//! # The ambiguous end
//!
//! A reply that is lost at the final dot leaves the client in doubt while the server has the message. Such messages are
//! counted, too, with [`Outcome::ReplyLost`]: a client that sends again makes a second copy, and
//! [`SmtpServer::copies`] tells.
//!
//! # Left out
//!
//! STARTTLS is answered 502. AUTH takes any credentials, and only when it is advertised.

pub use self::accepted::{Accepted, Outcome};
pub use self::dialogue::Dialogue;
pub use self::event::{Direction, Event};
pub use self::mailbox::Mailbox;
pub use self::reaction::Reaction;
pub use self::reply::Reply;
pub use self::script::Script;
pub use self::server::SmtpServer;
pub use self::sink::Sink;
pub use self::stage::Stage;
pub use self::trigger::Trigger;

pub(crate) use self::message_id::message_id;

mod accepted;
mod dialogue;
mod event;
mod ledger;
mod mailbox;
mod message_id;
mod reaction;
mod reply;
mod script;
mod server;
mod session;
mod sink;
mod stage;
mod trigger;
