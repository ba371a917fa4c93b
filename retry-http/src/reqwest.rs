//! `reqwest`, with retry.
//!
//! ```
//! use std::time::Duration;
//!
//! use retry_core::{Law, Policy};
//! use retry_http::HttpRetry;
//! use retry_http::reqwest::{SendWith, reqwest};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let server = std::net::TcpListener::bind("127.0.0.1:0")?;
//! # let url = format!("http://{}/", server.local_addr()?);
//! # std::thread::spawn(move || {
//! #     use std::io::{Read, Write};
//! #     for answer in ["503 Service Unavailable", "200 OK"] {
//! #         let mut stream = server.accept().unwrap().0;
//! #         let _ = stream.read(&mut [0; 1024]).unwrap();
//! #         write!(stream, "HTTP/1.1 {answer}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
//! #     }
//! # });
//! let policy = Policy::exponential(Duration::from_millis(1), Duration::from_secs(20)).jitter(Law::FULL).attempts(5);
//! let retry = HttpRetry::new(policy).timeout(Duration::from_secs(10));
//!
//! let client = reqwest::Client::new();
//! // The server answers 503 first.
//! let answer = client.get(url).send_with(&retry).await?;
//! assert_eq!(answer.status(), 200);
//! # Ok(())
//! # }
//! ```
//!
//! # Redirects
//! reqwest follows them by itself, and a POST that was processed can lead to a page that is busy. An answer from another URL than
//! that of the request therefore does not prove that nothing happened. What reqwest does not tell is a redirect to the very same
//! URL, and one to a host that cannot be reached: for a POST without a key to such a server, switch redirects off
//! (`reqwest::redirect::Policy::none()`).
//!
//! # reqwest's own retries
//! A client of reqwest repeats by itself, twice at the most and at once, what HTTP/2 says was not processed (REFUSED_STREAM, GOAWAY without
//! an error; `reqwest::retry`). To us that is a part of one attempt: no budget sees it, and where a server refuses everything n
//! attempts become 3 n sends. [`RetryClient::build`] makes a client without them, whose attempts are all there is; for a client that
//! you make yourself, say `.retry(reqwest::retry::never())` on its builder. Nothing else is lost: what was surely not processed is
//! retried here with every method. Do not give the client a policy of its own (`reqwest::retry::for_host`) either: whatever it
//! repeats is multiplied.

#[cfg(feature = "reqwest-blocking")]
mod blocking;
mod client;
mod execute;
mod faults;
#[cfg(feature = "reqwest-middleware")]
mod make_body;
#[cfg(feature = "reqwest-middleware")]
mod middleware;
mod scrubbed;
mod send_with;
mod template;

pub use ::reqwest;
#[cfg(feature = "reqwest-blocking")]
#[cfg_attr(docsrs, doc(cfg(feature = "reqwest-blocking")))]
pub use blocking::SendBlockingWith;
pub use client::RetryClient;
pub use faults::fault;
#[cfg(feature = "reqwest-middleware")]
#[cfg_attr(docsrs, doc(cfg(feature = "reqwest-middleware")))]
pub use make_body::MakeBody;
#[cfg(feature = "reqwest-middleware")]
#[cfg_attr(docsrs, doc(cfg(feature = "reqwest-middleware")))]
pub use middleware::RetryMiddleware;
#[cfg(feature = "reqwest-middleware")]
pub use reqwest_middleware;
use scrubbed::scrubbed;
pub use send_with::SendWith;
