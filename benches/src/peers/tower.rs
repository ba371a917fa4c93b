//! `tower::retry` with the least policy that doubles a delay: tower has the frame, the user writes the policy. The
//! service is kept by the caller and cloned into each call by tower itself.

use std::future::{Ready, ready};
use std::hint::black_box;
use std::time::Duration;

use tokio::time::Sleep;
use tower::retry::{Policy, Retry};
use tower::{Service, service_fn};

use crate::caller::Caller;
use crate::held::held_mut;
use crate::row::Row;
use crate::work::{BASE, CAP, RETRIES, Refused, Script, attempt};

pub(super) fn row() -> Row {
    Row::named("tower").at_once(at_once).tokio(tokio)
}

/// The state of one session, and how to sleep.
#[derive(Clone)]
struct Doubling<S> {
    left: u32,
    delay: Duration,
    sleep: S,
}

impl<S> Doubling<S> {
    fn new(sleep: S) -> Self {
        Self { left: RETRIES, delay: BASE, sleep }
    }
}

impl<S, F> Policy<&'static Script, u64, Refused> for Doubling<S>
where
    S: Fn(Duration) -> F,
    F: Future<Output = ()>,
{
    type Future = F;

    fn retry(&mut self, _: &mut &'static Script, result: &mut Result<u64, Refused>) -> Option<F> {
        if result.is_ok() || self.left == 0 {
            return None;
        }
        self.left -= 1;
        let delay = self.delay;
        self.delay = (delay * 2).min(CAP);
        Some((self.sleep)(black_box(delay)))
    }

    fn clone_request(&mut self, script: &&'static Script) -> Option<&'static Script> {
        Some(*script)
    }
}

fn at_once() -> impl Caller {
    let sleep = |_| -> Ready<()> { ready(()) };
    let service = held_mut(Retry::new(Doubling::new(sleep), service_fn(attempt)));
    move |script| service.call(script)
}

#[expect(clippy::disallowed_methods, reason = "what a policy for tower sleeps by")]
fn tokio() -> impl Caller {
    let sleep = |delay| -> Sleep { tokio::time::sleep(delay) };
    let service = held_mut(Retry::new(Doubling::new(sleep), service_fn(attempt)));
    move |script| service.call(script)
}
