//! The ways to send.

use std::fmt;

use http_body_util::Full;
use hyper_util::client::legacy::{Client as HyperClient, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use retry_http::http::{Extensions, Method, Request};
use retry_http::reqwest::reqwest::{Client, blocking};
use retry_http::reqwest::reqwest_middleware::{self, ClientBuilder};
use retry_http::reqwest::{RetryClient, RetryMiddleware, SendBlockingWith, SendWith};
use retry_http::tower::tower_layer::Layer;
use retry_http::tower::tower_service::Service;
use retry_http::{Fault, Retried, RetryError};
use tokio::runtime::Runtime;

use super::case::{Case, Retry};

pub(super) struct Door {
    kind: Kind,
    runtime: Runtime,
}

enum Kind {
    Builder(Client),
    Reading(Client),
    Middleware(Client),
    Tower(Box<HyperClient<HttpConnector, Full<bytes::Bytes>>>),
    Blocking(blocking::Client),
}

/// How a request ended.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) attempts: u32,
    pub(super) status: Option<u16>,
    /// Whether limits cut a running attempt.
    pub(super) is_cut: bool,
}

const BODY: &str = "a body";

impl Door {
    fn new(kind: impl FnOnce() -> Kind) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let kind = {
            let _runtime = runtime.enter();
            kind()
        };
        Self { kind, runtime }
    }

    pub(super) fn builder() -> Self {
        Self::new(|| Kind::Builder(client()))
    }

    pub(super) fn reading() -> Self {
        Self::new(|| Kind::Reading(client()))
    }

    pub(super) fn middleware() -> Self {
        Self::new(|| Kind::Middleware(client()))
    }

    pub(super) fn tower() -> Self {
        Self::new(|| Kind::Tower(Box::new(HyperClient::builder(TokioExecutor::new()).build_http())))
    }

    pub(super) fn blocking() -> Self {
        let client = blocking::Client::builder().no_proxy().build().unwrap();
        Self::new(|| Kind::Blocking(client))
    }

    pub(super) fn is_cut(&self) -> bool {
        !matches!(self.kind, Kind::Blocking(_))
    }

    pub(super) fn send(&self, case: &Case, retry: Retry, url: &str) -> Outcome {
        let method: Method = case.method.parse().unwrap();
        let (attempts, status) = match &self.kind {
            Kind::Blocking(client) => {
                let got = client.request(method, url).body(BODY).send_with(&retry);
                end(got.map(|answer| (answer.status().as_u16(), retried(answer.extensions()))))
            }
            kind => self.runtime.block_on(send(kind, method, retry, url)),
        };
        Outcome { attempts, status, is_cut: self.is_cut() }
    }
}

fn client() -> Client {
    Client::builder().no_proxy().build().unwrap()
}

fn retried(extensions: &Extensions) -> u32 {
    extensions.get::<Retried>().map_or(1, |retried| retried.attempts)
}

type Ended = (u32, Option<u16>);

fn end<E>(got: Result<(u16, u32), RetryError<E>>) -> Ended {
    match got {
        Ok((status, attempts)) => (attempts, Some(status)),
        Err(error) => (error.attempts, None),
    }
}

async fn send(kind: &Kind, method: Method, retry: Retry, url: &str) -> Ended {
    match kind {
        Kind::Builder(client) => {
            let got = client.request(method, url).body(BODY).send_with(&retry).await;
            end(got.map(|answer| (answer.status().as_u16(), retried(answer.extensions()))))
        }
        Kind::Reading(client) => {
            let request = client.request(method, url).body(BODY).build().unwrap();
            let got = RetryClient::new(client.clone(), retry).execute_reading(request).await;
            end(got.map(|answer| (answer.status().as_u16(), retried(answer.extensions()))))
        }
        Kind::Middleware(client) => {
            let client = ClientBuilder::new(client.clone()).with(RetryMiddleware::new(retry)).build();
            match client.request(method, url).body(BODY).send().await {
                Ok(answer) => (retried(answer.extensions()), Some(answer.status().as_u16())),
                Err(error) => (middleware_attempts(&error), None),
            }
        }
        Kind::Tower(client) => {
            let layer = retry.into_layer().faults(
                |error: &hyper_util::client::legacy::Error| {
                    if error.is_connect() { Fault::Refused } else { Fault::Closed }
                },
            );
            let mut service = layer.layer(HyperClient::clone(client));
            let request = Request::builder().method(method).uri(url).body(Full::from(BODY)).unwrap();
            let got = service.call(request).await;
            end(got.map(|answer| (answer.status().as_u16(), retried(answer.extensions()))))
        }
        Kind::Blocking(_) => unreachable!(),
    }
}

fn middleware_attempts(error: &reqwest_middleware::Error) -> u32 {
    let reqwest_middleware::Error::Middleware(error) = error else { panic!("{error}") };
    error.downcast_ref::<RetryError<reqwest_middleware::Error>>().unwrap().attempts
}

impl fmt::Debug for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            Kind::Builder(_) => "request builder",
            Kind::Reading(_) => "reading client",
            Kind::Middleware(_) => "middleware",
            Kind::Tower(_) => "tower layer",
            Kind::Blocking(_) => "blocking builder",
        })
    }
}
