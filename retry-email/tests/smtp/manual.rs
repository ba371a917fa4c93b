//! Senders in a time that stands still unless they wait, so that every number of a host's state is exact.

use std::future::{Pending, Ready, pending, ready};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures::future::Either;
use retry_core::{Clock, Policy, Retryable, Sleeper, StopReason, Time};
use retry_email::{Endpoint, HostRule, Sender, Sent, SmtpHost, State, Timeouts, Tls};

use crate::sender::Host;
use crate::server::Reaction::{self, Close, Say};

pub(crate) const SECOND: Duration = Duration::from_secs(1);
pub(crate) const HOUR: Duration = Duration::from_secs(3600);
pub(crate) const GREYLISTED: Reaction = Say(450, "4.2.0 Greylisted");
pub(crate) const SLOW_DOWN: Reaction = Say(450, "4.7.28 Too many messages from you, slow down");
pub(crate) const NO_USER: Reaction = Say(550, "5.1.1 No such user");

/// A clock that only waits of less than an hour move, which end at once; longer ones never end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Manual(Arc<AtomicU64>);

impl Manual {
    pub(crate) fn advance(&self, by: Duration) {
        self.0.fetch_add(u64::try_from(by.as_nanos()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for Manual {
    fn now(&self) -> Time {
        Time::from_nanos(self.0.load(Ordering::SeqCst))
    }
}

impl Sleeper for Manual {
    type Sleep = Either<Ready<()>, Pending<()>>;

    fn sleep(&self, delay: Duration) -> Self::Sleep {
        if delay >= HOUR {
            return Either::Right(pending());
        }
        self.advance(delay);
        Either::Left(ready(()))
    }
}

pub(crate) fn patient(endpoint: Endpoint) -> Endpoint {
    endpoint.tls(Tls::Off).timeouts(Timeouts {
        connect: Duration::MAX,
        greeting: Duration::MAX,
        ehlo: Duration::MAX,
        tls: Duration::MAX,
        auth: Duration::MAX,
        mail: Duration::MAX,
        rcpt: Duration::MAX,
        data: Duration::MAX,
        data_body: Duration::MAX,
        dot: Duration::MAX,
        rset: Duration::MAX,
        quit: Duration::MAX,
    })
}

pub(crate) fn at(host: &Host, priority: u16) -> SmtpHost {
    let mut smtp = SmtpHost::from(patient(host.endpoint()));
    smtp.priority = priority;
    smtp
}

/// Throttled is retried as well.
pub(crate) fn every(delay: Duration, attempts: u32) -> Policy {
    let policy = Policy::constant(delay).attempts(attempts);
    policy.clone().on_class_owned(Retryable::Throttled, policy)
}

pub(crate) fn sender(clock: &Manual, policy: Policy, rule: HostRule) -> Sender<Policy, Manual> {
    Sender::with_sleeper(policy, clock.clone()).host_rule(rule)
}

pub(crate) fn tries(sent: &Sent) -> usize {
    sent.recipients[0].attempts.len()
}

pub(crate) fn end(sent: &Sent) -> (State, Option<StopReason>, usize) {
    (sent.recipients[0].state, sent.recipients[0].stopped, tries(sent))
}

pub(crate) async fn closing(connections: usize) -> Host {
    Host::saying(std::iter::repeat_n(vec![Close], connections)).await
}
