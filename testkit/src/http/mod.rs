//! A scripted HTTP/1.1 server.
//!
//! Without a script [`HttpServer`] answers every request with 200. A [`Script`] holds one [`Answer`] for each request, or a
//! function that makes them:
//!
//! | To script | Write |
//! |---|---|
//! | a refusal | `Answer::status(503).header("retry-after", "2")` |
//! | an API's error | `Answer::status(429).json(r#"{"name":"rate_limit_exceeded"}"#)` |
//! | a redirect | `Answer::status(307).header("location", "/elsewhere")` |
//! | bytes that are no HTTP | `Answer::raw(b"\xff\xfe")` |
//! | work that is done, and an answer that is lost | `Answer::reset().after_work()` |
//! | half an answer | `Answer::status(200).body("hello").cut_after(30)` |
//! | an answer byte by byte | `Answer::status(200).byte_by_byte()` |
//! | a server that never answers | `Answer::hang()` |
//! | a slow server | `Answer::status(200).takes(Duration::from_secs(9))` |
//! | "I close", and a close without a word | `.then_close()`, `.then_drop()` |
//!
//! # What counts as processed
//!
//! Each request is received; a request is *processed* when the server does what it asks for. That is told by the status (2xx)
//! unless the answer says otherwise ([`Answer::after_work`], [`Answer::without_work`]), and is counted by the request's
//! [`id`](Request::id), its idempotency key or its `x-request-id`: [`HttpServer::processed`]. With
//! [`Script::remembers_keys`], what comes again with the same idempotency key is answered and not processed again.
//!
//! # Time
//!
//! The server reads no clock. What a slow answer [`takes`](Answer::takes) is told to [`Script::time`], so that a test can let
//! virtual time pass while an attempt runs; see [`StagedClock`](crate::StagedClock).

pub use self::answer::Answer;
pub use self::request::Request;
pub use self::script::Script;
pub use self::server::HttpServer;

mod answer;
mod connection;
mod ledger;
mod request;
mod script;
mod server;
