//! One attempt: the mail offered to one host after the other.

use retry_core::{Charge, RetryPolicy, Scope, Seeded, Sleeper, Started, StopReason};

use super::answered::Answered;
use super::host::{Host, up_at};
use super::leave::{Heard, Leave};
use super::run::Run;
use super::{Tried, hosts};
use crate::{Connection, NotOpened};

impl<P: RetryPolicy, S: Sleeper + Clone, O: FnMut(usize, &Tried)> Run<'_, P, S, O> {
    /// Offers the mail for `due`.
    pub(super) async fn attempt(&mut self, due: &[usize]) {
        let sender = self.sender;
        let route = hosts::route(&sender.hosts, &mut Seeded::new(sender.sleeper.random()));
        let (mut left, mut refused) = (due.to_vec(), Vec::new());
        for &at in &route {
            if left.is_empty() || sender.hooks.is_stopped() {
                break;
            }
            if let Err(reason) = self.at_host(at, &mut left, false).await {
                refused.push(reason);
            }
        }
        // All rest: the one that will be up first.
        if !refused.is_empty() && refused.len() == route.len() && refused.iter().all(|&one| one == StopReason::Breaker)
        {
            let open =
                route.iter().copied().filter(|&at| !sender.hosts.get(at).is_none_or(|host| host.rule.refuses_at_rest));
            let breaker = |at: usize| sender.hosts.get(at).and_then(|host| sender.destination(host).breaker());
            let up = |at: usize| breaker(at).and_then(|breaker| up_at(breaker.state(sender.sleeper.now())));
            if let Some(at) = open.min_by_key(|&at| up(at)) {
                refused = self.at_host(at, &mut left, true).await.err().into_iter().collect();
            }
        }
        let refused = if sender.hooks.is_stopped() { Some(StopReason::Cancelled) } else { strongest(&refused) };
        for &n in due {
            if let Some(progress) = self.recipients.get_mut(n) {
                progress.refused = refused;
            }
        }
    }

    /// Tries a host for those who are `left`, and leaves those for whom the next one is to be asked.
    async fn at_host(&mut self, at: usize, left: &mut Vec<usize>, forced: bool) -> Result<(), StopReason> {
        let sender = self.sender;
        let Some(host) = sender.hosts.get(at) else { return Ok(()) };
        let charge = self.charge(at, left);
        let leave = host.leave(sender.destination(host), charge, forced, &sender.sleeper);
        let leave = sender.hooks.unless_stopped(leave).await.ok_or(StopReason::Cancelled)??;
        for progress in left.iter().filter_map(|&n| self.recipients.get(n)) {
            let attempt = progress.session.attempt();
            // Another host, or another round of connecting, is no other attempt.
            if progress.tried.last().is_none_or(|tried| tried.attempt < attempt) {
                sender.hooks.observer().started(Started::new(attempt));
            }
        }
        let answers = self.over_connection(host, leave, left).await;
        left.clear();
        for (n, answered) in answers {
            if self.note(n, at, answered) {
                left.push(n);
            }
        }
        Ok(())
    }

    /// What a try at a host costs it: nothing for the first of a message; else as much as the dearest of its recipients.
    fn charge(&self, at: usize, recipients: &[usize]) -> Option<Charge> {
        let of = |n: &usize| {
            let progress = self.recipients.get(*n)?;
            let (last_at, verdict) = progress.last?;
            let fails_over = progress.answered.is_some();
            // The host answered, and was not at fault; or nothing got there before.
            let is_free = !fails_over && verdict.scope == Scope::Request || verdict.is_unreached() && last_at == at;
            let percent = if is_free { 0 } else { self.sender.policy.retry_cost(verdict.class) };
            Some(Charge::new(verdict.class).costing(percent))
        };
        recipients.iter().filter_map(of).max_by_key(|charge| charge.percent())
    }

    /// One connection's work; a stale one is replaced and does not count.
    async fn over_connection(
        &self,
        host: &Host<S>,
        mut leave: Leave<'_>,
        recipients: &[usize],
    ) -> Vec<(usize, Answered)> {
        let (sleeper, classifier) = (&self.sender.sleeper, &self.sender.classifier);
        let mut rng = Seeded::new(sleeper.random());
        leave.begin();
        loop {
            let mut connection = match host.pool.take(sleeper.now()) {
                Some(connection) => connection,
                None => match host.endpoint.open(sleeper.clone()).await {
                    Ok(connection) => connection,
                    Err(error) => {
                        let is_ours = matches!(error, NotOpened::NoCredentials { .. });
                        let answered = Answered::of_failed_open(error, classifier).for_another_host();
                        if is_ours {
                            leave.unused();
                        } else {
                            leave.heard(Heard::not_opened(answered.verdict), sleeper.now(), &mut rng);
                        }
                        return recipients.iter().map(|&n| (n, answered.clone())).collect();
                    }
                },
            };
            let report = connection.send(self.envelope, recipients.iter().copied(), self.message).await;
            if report.was_stale {
                continue;
            }
            let fates = report.fates.into_iter();
            let answers: Vec<(usize, Answered)> =
                fates.map(|(n, fate)| (n, Answered::of_fate(fate, classifier))).collect();
            let spent: Option<Connection<S>> =
                if report.is_reusable { host.pool.put(connection, sleeper.now()) } else { Some(connection) };
            leave.heard(Heard::of(answers.iter().map(|(_, answered)| answered)), sleeper.now(), &mut rng);
            if let Some(spent) = spent {
                spent.quit().await;
            }
            return answers;
        }
    }
}

/// Of several reasons why no host could be tried, the one that says most.
fn strongest(refused: &[StopReason]) -> Option<StopReason> {
    [StopReason::Cancelled, StopReason::Budget, StopReason::Pacing, StopReason::Breaker]
        .into_iter()
        .find(|reason| refused.contains(reason))
}
