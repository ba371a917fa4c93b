//! `reqwest`, to a server on 127.0.0.1 that runs on the same thread, so that the order of steps repeats.

use std::fmt::Debug;
use std::hint::black_box;
use std::io;
use std::time::Duration;

use reqwest::{Client, Request, RequestBuilder, Response};
use reqwest_middleware::ClientBuilder;
use retry_http::HttpRetry;
use retry_http::reqwest::{RetryClient, SendWith};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;

use super::chain::{asked, copy, peer};
use super::{Kind, Transport, Way, all_guards, policy};
use crate::held::held;

/// A limit that nothing meets.
const FAR: Duration = Duration::from_secs(3600);

pub(super) static WAYS: [Way; 8] = [
    way("bare reqwest", Kind::Bare, |n| sent(n, |client| client, Client::execute)),
    way("bare reqwest + try_clone", Kind::Copying, |n| {
        sent(
            n,
            |client| client,
            async |client: &Client, request| {
                let answered = client.execute(black_box(copy(&request))).await;
                drop(request);
                answered
            },
        );
    }),
    way("retry-http client", Kind::Ours, |n| {
        sent(n, |client| RetryClient::new(client, HttpRetry::new(policy())), RetryClient::execute);
    }),
    way("retry-http client, no guards", Kind::Ours, |n| {
        sent(n, |client| RetryClient::new(client, HttpRetry::new(policy()).without_guards()), RetryClient::execute);
    }),
    way("retry-http client, all guards", Kind::Ours, |n| {
        let retry = || HttpRetry::new(policy()).guarded_by(all_guards());
        sent(n, |client| RetryClient::new(client, retry()), RetryClient::execute);
    }),
    way("retry-http client, limits", Kind::Ours, |n| {
        let retry = || HttpRetry::new(policy()).timeout(FAR).deadline(FAR);
        sent(n, |client| RetryClient::new(client, retry()), RetryClient::execute);
    }),
    way("reqwest-retry client", Kind::Peer, |n| {
        sent(
            n,
            |client| ClientBuilder::new(client).with(peer()).build(),
            async |client: &reqwest_middleware::ClientWithMiddleware, request| client.execute(request).await,
        );
    }),
    way("reqwest::retry", Kind::Peer, |n| {
        let builder = || {
            Client::builder().retry(reqwest::retry::for_host("127.0.0.1").classify_fn(|exchange| {
                if exchange.status().is_some_and(|status| status.is_server_error()) {
                    exchange.retryable()
                } else {
                    exchange.success()
                }
            }))
        };
        sent_by(n, builder, |client| client, Client::execute);
    }),
];

pub(super) static BUILDERS: [Way; 3] = [
    builder("bare builder", Kind::Bare, |n| {
        sent(n, |client| client, async |client: &Client, request| built(client, request).send().await);
    }),
    builder("bare builder + try_clone", Kind::Copying, |n| {
        sent(
            n,
            |client| client,
            async |client: &Client, request| {
                let (client, request) = built(client, request).build_split();
                let request = request?;
                let answered = client.execute(black_box(copy(&request))).await;
                drop(request);
                answered
            },
        );
    }),
    builder("retry-http send_with", Kind::Ours, |n| {
        sent(
            n,
            |client| (client, HttpRetry::new(policy())),
            async |(client, retry): &(Client, HttpRetry<_>), request| built(client, request).send_with(retry).await,
        );
    }),
];

fn built(client: &Client, request: Request) -> RequestBuilder {
    RequestBuilder::from_parts(client.clone(), request)
}

const fn builder(name: &'static str, kind: Kind, run: fn(u64)) -> Way {
    Way::new(name, Transport::Builder, kind, run)
}

const fn way(name: &'static str, kind: Kind, run: fn(u64)) -> Way {
    Way::new(name, Transport::Loopback, kind, run)
}

fn sent<C: 'static, E: Debug>(
    n: u64,
    make: impl FnOnce(Client) -> C,
    send: impl AsyncFn(&'static C, Request) -> Result<Response, E>,
) {
    sent_by(n, Client::builder, make, send);
}

/// Sends `n` requests one after the other over one connection, and reads the answers.
#[expect(clippy::expect_used, reason = "a benchmark without a server or a client has nothing to measure")]
fn sent_by<C: 'static, E: Debug>(
    n: u64,
    builder: impl FnOnce() -> reqwest::ClientBuilder,
    make: impl FnOnce(Client) -> C,
    send: impl AsyncFn(&'static C, Request) -> Result<Response, E>,
) {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/path", listener.local_addr().expect("its number"));
        drop(tokio::spawn(serve(listener)));
        let client = builder().no_proxy().build().expect("a client");
        let client = held(make(client));
        let request = held(asked(&url));
        for _ in 0..n {
            let answer = send(client, copy(request)).await.expect("an answer");
            assert_eq!(answer.status(), 200);
            black_box(answer.bytes().await.expect("a body"));
        }
    });
}

async fn serve(listener: TcpListener) {
    while let Ok((stream, _)) = listener.accept().await {
        drop(tokio::spawn(answer(stream)));
    }
}

/// Answers every request that comes whole, as those of one small packet do.
async fn answer(mut stream: TcpStream) -> io::Result<()> {
    let mut buffer = [0; 1024];
    loop {
        let length = stream.read(&mut buffer).await?;
        if length == 0 {
            return Ok(());
        }
        if buffer[..length].ends_with(b"\r\n\r\n") {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await?;
        }
    }
}
