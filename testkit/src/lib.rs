//! Scripted servers for tests and demonstrations: they do exactly what a script says, and tell what they saw.
//!
//! A client that retries is only as good as its behaviour on the bad days of its peer. A bad day cannot be ordered
//! from a real mail server; here it is written down, connection by connection:
//!
//! ```
//! use std::io::{self, BufRead, BufReader, Write};
//! use std::net::TcpStream;
//!
//! use testkit::smtp::{Dialogue, Outcome, Reaction, Script, SmtpServer, Stage};
//!
//! let script = Script::new()
//!     .connection(Dialogue::new().on(Stage::Rcpt, "450 4.2.0 greylisted, try again"))
//!     .connection(Dialogue::new().on(Stage::Data, Reaction::drop_connection()))
//!     .connection(Dialogue::new());
//! let server = SmtpServer::start(script)?;
//!
//! assert_eq!(deliver(&server)?, "450 4.2.0 greylisted, try again\r\n");
//! assert_eq!(deliver(&server)?, "", "the connection ended instead of a reply");
//! assert_eq!(deliver(&server)?, "250 Ok\r\n");
//!
//! assert_eq!(server.connections(), 3);
//! assert_eq!(server.copies("<1@example.org>"), 1);
//! for accepted in server.accepted() {
//!     assert_eq!(accepted.connection, 3);
//!     assert_eq!(accepted.outcome, Outcome::Acknowledged);
//!     assert_eq!(accepted.recipients[0].address, "bob@example.org");
//! }
//!
//! /// One attempt of a simple client: the last reply it read.
//! fn deliver(server: &SmtpServer) -> io::Result<String> {
//!     let mut client = BufReader::new(TcpStream::connect(server.addr())?);
//!     let mut reply = String::new();
//!     client.read_line(&mut reply)?;
//!     for line in [
//!         "HELO client.example.org\r\n",
//!         "MAIL FROM:<alice@example.org>\r\n",
//!         "RCPT TO:<bob@example.org>\r\n",
//!         "DATA\r\n",
//!         "Message-ID: <1@example.org>\r\n\r\nHello, Bob\r\n.\r\n",
//!     ] {
//!         if !reply.starts_with(['2', '3']) {
//!             break;
//!         }
//!         client.get_mut().write_all(line.as_bytes())?;
//!         reply.clear();
//!         client.read_line(&mut reply)?;
//!     }
//!     Ok(reply)
//! }
//! # Ok::<(), io::Error>(())
//! ```
//!
//! [`http`] does the same for HTTP: answers, resets, half bodies, and a count of what was processed.
//!
//! The servers run on threads of their own, with blocking sockets on 127.0.0.1: the client may be blocking or async,
//! under any runtime, and a runtime whose time is paused does not stop them.

pub mod http;
pub mod proxy;
pub mod real;
pub mod smtp;

mod staged_clock;

pub use staged_clock::{StagedClock, StagedSleep};
