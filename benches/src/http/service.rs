//! A `tower` service that answers at once.

use std::convert::Infallible;
use std::fmt::Debug;
use std::future::{Future, Ready, ready};
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use http::{Request, Response};
use retry_http::HttpRetry;
use retry_http::tower::tower_layer::Layer;
use tower::Service;
use tower::retry::{Policy, Retry};

use super::{Kind, Transport, Way, all_guards, policy};
use crate::held::{held, held_mut};
use crate::work::RETRIES;

pub(super) static WAYS: [Way; 6] = [
    way("bare service", Kind::Bare, |n| sent(|| Fake, n)),
    way("bare service + clone", Kind::Copying, |n| sent(|| Copying, n)),
    way("retry-http layer", Kind::Ours, |n| sent(|| HttpRetry::new(policy()).into_layer().layer(Fake), n)),
    way("retry-http layer, no guards", Kind::Ours, |n| {
        sent(|| HttpRetry::new(policy()).without_guards().into_layer().layer(Fake), n);
    }),
    way("retry-http layer, all guards", Kind::Ours, |n| {
        sent(|| HttpRetry::new(policy()).guarded_by(all_guards()).into_layer().layer(Fake), n);
    }),
    way("tower retry, own policy", Kind::Peer, |n| sent(|| Retry::new(Own(RETRIES), Fake), n)),
];

const fn way(name: &'static str, kind: Kind, run: fn(u64)) -> Way {
    Way::new(name, Transport::Service, kind, run)
}

type Asked = Request<&'static str>;
type Answered = Response<&'static str>;

/// Sends `n` requests without a runtime: each must be answered at the first poll.
fn sent<S>(make: impl FnOnce() -> S, n: u64)
where
    S: Service<Asked, Response = Answered, Error: Debug> + 'static,
{
    let service = held_mut(make());
    let asked = held(asked());
    let cx = &mut Context::from_waker(Waker::noop());
    for _ in 0..n {
        assert!(service.poll_ready(cx).is_ready(), "it is always ready");
        match pin!(service.call(asked.clone())).poll(cx) {
            Poll::Ready(answer) => assert_eq!(black_box(answer.map(|answer| answer.status().as_u16()).ok()), Some(200)),
            Poll::Pending => panic!("a request that is answered at once has to wait"),
        }
    }
}

fn asked() -> Asked {
    let mut asked = Request::new("hello");
    *asked.uri_mut() = http::Uri::from_static("http://127.0.0.1:8080/path");
    asked.headers_mut().insert(http::header::ACCEPT, http::HeaderValue::from_static("*/*"));
    asked
}

#[derive(Clone, Copy)]
struct Fake;

impl Service<Asked> for Fake {
    type Response = Answered;
    type Error = Infallible;
    type Future = Ready<Result<Answered, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, asked: Asked) -> Self::Future {
        ready(Ok(Response::new(black_box(asked).into_body())))
    }
}

/// Keeps a copy of the request until it is answered.
struct Copying;

impl Service<Asked> for Copying {
    type Response = Answered;
    type Error = Infallible;
    type Future = Ready<Result<Answered, Infallible>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Service::<Asked>::poll_ready(&mut Fake, cx)
    }

    fn call(&mut self, asked: Asked) -> Self::Future {
        let copy = black_box(asked.clone());
        let answered = Fake.call(asked);
        drop(copy);
        answered
    }
}

/// The least policy that a user of tower can write for HTTP.
#[derive(Clone)]
struct Own(u32);

impl Policy<Asked, Answered, Infallible> for Own {
    type Future = Ready<()>;

    fn retry(&mut self, _: &mut Asked, result: &mut Result<Answered, Infallible>) -> Option<Ready<()>> {
        let failed = result.as_ref().is_ok_and(|answer| answer.status().is_server_error());
        self.0 = self.0.checked_sub(u32::from(failed))?;
        failed.then(|| ready(()))
    }

    fn clone_request(&mut self, asked: &Asked) -> Option<Asked> {
        Some(asked.clone())
    }
}
