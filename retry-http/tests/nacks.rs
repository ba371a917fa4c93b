//! What HTTP/2 says was not processed, and reqwest's own retries of that.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use retry_core::{Policy, RetryBudget, StopReason, TokioSleeper};
use retry_http::reqwest::reqwest::{Client, ClientBuilder, retry::never};
use retry_http::reqwest::{RetryClient, SendWith, fault};
use retry_http::{Ended, Fault, HttpRetry, Retried};

/// What the server does with a request.
#[derive(Clone, Copy)]
enum Act {
    /// RST_STREAM with REFUSED_STREAM: not processed (RFC 9113 section 8.7).
    Refuse,
    /// GOAWAY without an error, whose last stream is 0: nothing was processed (section 6.8).
    GoAway,
    /// GOAWAY that counts the request in, and then the end of the connection: it may have been processed.
    GoAwayAfter,
    /// 200.
    Answer,
}

/// An HTTP/2 server on 127.0.0.1, by prior knowledge, that treats its requests as the script says and answers the rest.
struct Server {
    url: String,
    requests: Arc<AtomicU32>,
}

const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const ACK: u8 = 1;
const END_STREAM_AND_HEADERS: u8 = 5;
const NO_ERROR: u32 = 0;
const REFUSED_STREAM: u32 = 7;
/// `:status: 200` in HPACK.
const STATUS_200: u8 = 0x88;

impl Server {
    fn new(script: impl IntoIterator<Item = Act, IntoIter: Send + 'static>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let requests = Arc::<AtomicU32>::default();
        let (mut script, seen) = (script.into_iter(), Arc::clone(&requests));
        std::thread::spawn(move || {
            // One connection after the other: the client has one at a time.
            while let Ok((stream, _)) = listener.accept() {
                let _ = serve(stream, &mut script, &seen);
            }
        });
        Self { url, requests }
    }

    fn requests(&self) -> u32 {
        self.requests.load(Ordering::SeqCst)
    }
}

fn serve(mut stream: TcpStream, script: &mut dyn Iterator<Item = Act>, requests: &AtomicU32) -> std::io::Result<()> {
    stream.read_exact(&mut [0; 24])?;
    frame(&mut stream, SETTINGS, 0, 0, &[])?;
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head)?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let id = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
        stream.read_exact(&mut vec![0; length as usize])?;
        match head[3] {
            SETTINGS if head[4] & ACK == 0 => frame(&mut stream, SETTINGS, ACK, 0, &[])?,
            HEADERS => {
                requests.fetch_add(1, Ordering::SeqCst);
                match script.next().unwrap_or(Act::Answer) {
                    Act::Refuse => frame(&mut stream, RST_STREAM, 0, id, &REFUSED_STREAM.to_be_bytes())?,
                    Act::GoAway => frame(&mut stream, GOAWAY, 0, 0, &[0_u32, NO_ERROR].map(u32::to_be_bytes).concat())?,
                    Act::GoAwayAfter => {
                        return frame(&mut stream, GOAWAY, 0, 0, &[id, NO_ERROR].map(u32::to_be_bytes).concat());
                    }
                    Act::Answer => frame(&mut stream, HEADERS, END_STREAM_AND_HEADERS, id, &[STATUS_200])?,
                }
            }
            // A client that was told to go away does so.
            GOAWAY => return Ok(()),
            _ => {}
        }
    }
}

fn frame(stream: &mut TcpStream, kind: u8, flags: u8, id: u32, payload: &[u8]) -> std::io::Result<()> {
    let length = u8::try_from(payload.len()).unwrap();
    let mut bytes = vec![0, 0, length, kind, flags];
    bytes.extend(id.to_be_bytes());
    bytes.extend(payload);
    stream.write_all(&bytes)
}

fn builder() -> ClientBuilder {
    Client::builder().http2_prior_knowledge()
}

fn retry() -> HttpRetry<Policy> {
    HttpRetry::new(Policy::constant(Duration::ZERO).attempts(4))
}

#[tokio::test]
async fn what_was_not_processed_is_told_apart_from_what_may_have_been() {
    let client = builder().retry(never()).build().unwrap();
    for (act, expected) in
        [(Act::Refuse, Fault::RefusedStream), (Act::GoAway, Fault::GoAway), (Act::GoAwayAfter, Fault::Closed)]
    {
        let server = Server::new([act]);
        let error = client.post(&server.url).send().await.unwrap_err();
        assert_eq!(fault(&error), expected, "{error:?}");
    }
}

#[tokio::test]
async fn what_was_not_processed_is_repeated_with_any_method() {
    let server = Server::new([Act::Refuse, Act::GoAway]);
    let client = RetryClient::build(builder(), retry()).unwrap();
    let answer = client.send(client.client().post(&server.url).body("hello")).await.unwrap();
    assert_eq!(answer.extensions().get::<Retried>().unwrap().attempts, 3);
    assert_eq!(server.requests(), 3);
    // It may have happened.
    let server = Server::new([Act::GoAwayAfter]);
    let lost = client.send(client.client().post(&server.url).body("hello")).await.unwrap_err();
    assert_eq!((lost.ended, server.requests()), (Ended::Policy(StopReason::UnknownOutcome), 1));
}

/// The attempts of a client without reqwest's own retries are all that is sent; of one with them, up to three times as many.
#[tokio::test]
async fn reqwests_own_retries_multiply_what_was_refused_unless_they_are_off() {
    let server = Server::new(std::iter::repeat(Act::Refuse));
    let client = RetryClient::build(builder(), retry()).unwrap();
    let refused = client.send(client.client().post(&server.url)).await.unwrap_err();
    assert_eq!((refused.attempts, server.requests()), (4, 4));
    assert_eq!(refused.ended, Ended::Policy(StopReason::Attempts));

    let server = Server::new(std::iter::repeat(Act::Refuse));
    let refused = builder().build().unwrap().post(&server.url).send_with(&retry()).await.unwrap_err();
    // 4 attempts of 1 + 2
    assert_eq!((refused.attempts, server.requests()), (4, 12));

    // What it repeats with success is one attempt, which took nothing from the budget.
    let (server, retry) = (Server::new([Act::Refuse, Act::Refuse]), retry());
    let answer = builder().build().unwrap().post(&server.url).send_with(&retry).await.unwrap();
    assert!(answer.extensions().get::<Retried>().is_none());
    assert_eq!(server.requests(), 3);
    let host = retry.destination(server.url.trim_end_matches('/')).unwrap();
    assert_eq!(host.balance(retry_core::Clock::now(&TokioSleeper)), Some(400));
}
