//! A chain of `reqwest-middleware` that ends in an answer made up.

use std::future::Future;
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use http::Extensions;
use reqwest::{Client, Request, Response};
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware, Middleware, Next, Result};
use reqwest_retry::RetryTransientMiddleware;
use reqwest_retry::policies::ExponentialBackoff;
use retry_http::HttpRetry;
use retry_http::reqwest::RetryMiddleware;

use super::{Kind, Transport, Way, policy};
use crate::held::held;
use crate::work::{BASE, CAP, RETRIES};

pub(super) static WAYS: [Way; 5] = [
    way("bare chain", Kind::Bare, |n| sent(|chain| chain, n)),
    way("bare chain + middleware with try_clone", Kind::Copying, |n| sent(|chain| chain.with(Copying), n)),
    way("retry-http middleware", Kind::Ours, |n| {
        sent(|chain| chain.with(RetryMiddleware::new(HttpRetry::new(policy()))), n);
    }),
    way("retry-http middleware, no guards", Kind::Ours, |n| {
        sent(|chain| chain.with(RetryMiddleware::new(HttpRetry::new(policy()).without_guards())), n);
    }),
    way("reqwest-retry", Kind::Peer, |n| sent(|chain| chain.with(peer()), n)),
];

const fn way(name: &'static str, kind: Kind, run: fn(u64)) -> Way {
    Way::new(name, Transport::Chain, kind, run)
}

pub(super) fn peer() -> RetryTransientMiddleware<ExponentialBackoff> {
    let policy = ExponentialBackoff::builder().retry_bounds(BASE, CAP).build_with_max_retries(RETRIES);
    RetryTransientMiddleware::new_with_policy(policy)
}

/// Sends `n` requests without a runtime: each must be answered at the first poll.
fn sent(with: impl FnOnce(ClientBuilder) -> ClientBuilder, n: u64) {
    let chain: &ClientWithMiddleware = held(with(ClientBuilder::new(Client::new())).with(Fake).build());
    let request = held(asked("http://127.0.0.1:8080/path"));
    let cx = &mut Context::from_waker(Waker::noop());
    for _ in 0..n {
        match pin!(chain.execute(copy(request))).poll(cx) {
            Poll::Ready(answer) => assert_eq!(black_box(answer.map(|answer| answer.status().as_u16()).ok()), Some(200)),
            Poll::Pending => panic!("a request that is answered at once has to wait"),
        }
    }
}

/// A request without body.
#[expect(clippy::expect_used, reason = "a benchmark that cannot make its request has nothing to measure")]
pub(super) fn asked(url: &str) -> Request {
    let mut request = Request::new(http::Method::GET, url.parse().expect("a URL"));
    request.headers_mut().insert(http::header::ACCEPT, http::HeaderValue::from_static("*/*"));
    request
}

#[expect(clippy::expect_used, reason = "it has no body")]
pub(super) fn copy(request: &Request) -> Request {
    request.try_clone().expect("a copy")
}

/// Answers at once.
struct Fake;

#[async_trait::async_trait]
impl Middleware for Fake {
    async fn handle(&self, request: Request, _: &mut Extensions, _: Next<'_>) -> Result<Response> {
        drop(black_box(request));
        Ok(http::Response::new("").into())
    }
}

/// Sends a copy of the request, and keeps the request until it is answered.
struct Copying;

#[async_trait::async_trait]
impl Middleware for Copying {
    async fn handle(&self, request: Request, extensions: &mut Extensions, next: Next<'_>) -> Result<Response> {
        let answered = next.run(black_box(copy(&request)), extensions).await;
        drop(request);
        answered
    }
}
