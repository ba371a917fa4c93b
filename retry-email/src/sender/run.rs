//! One sending, from the first attempt to the last.

use std::collections::HashSet;

use retry_core::{Class, Decision, RetryPolicy, Seeded, Session, Sleeper, StopReason, Time};

use super::answered::Answered;
use super::host::Host;
use super::{Sender, Sent, SentTo, State, Tried, WhenInDoubt, hosts};
use crate::{Envelope, NotOpened};

pub(super) struct Run<'a, P, S, O> {
    sender: &'a Sender<P, S>,
    envelope: &'a Envelope,
    message: &'a [u8],
    observe: O,
    begun: Time,
    recipients: Vec<Progress>,
}

/// A recipient under way.
struct Progress {
    session: Session,
    /// The rounds of connecting within this attempt.
    connecting: Session,
    /// When the next attempt is due.
    due: Time,
    state: Option<State>,
    /// What this attempt has brought so far.
    answered: Option<Answered>,
    tried: Vec<Tried>,
}

impl<'a, P: RetryPolicy, S: Sleeper + Clone, O: FnMut(usize, &Tried)> Run<'a, P, S, O> {
    pub(super) fn new(sender: &'a Sender<P, S>, envelope: &'a Envelope, message: &'a [u8], observe: O) -> Self {
        let begun = sender.sleeper.now();
        let progress = || Progress {
            session: Session::begin(begun),
            connecting: Session::begin(begun),
            due: begun,
            state: None,
            answered: None,
            tried: Vec::new(),
        };
        let recipients = envelope.recipients().iter().map(|_| progress()).collect();
        Self { sender, envelope, message, observe, begun, recipients }
    }

    pub(super) async fn finish(mut self) -> Sent {
        while let Some(next) = self.open().map(|(_, progress)| progress.due).min() {
            let wait = next.since(self.sender.sleeper.now());
            if !wait.is_zero() {
                self.sender.sleeper.sleep(wait).await;
            }
            let now = self.sender.sleeper.now().max(next);
            let due: Vec<usize> = self.open().filter(|(_, one)| one.due <= now).map(|(n, _)| n).collect();
            self.attempt(&due).await;
            self.decide(&due);
        }
        let addresses = self.envelope.recipients().iter().map(|recipient| recipient.address().clone());
        let ends = addresses.zip(self.recipients).map(|(address, progress)| SentTo {
            address,
            state: progress.state.unwrap_or(State::Deferred),
            attempts: progress.tried,
        });
        Sent { recipients: ends.collect() }
    }

    fn open(&self) -> impl Iterator<Item = (usize, &Progress)> {
        self.recipients.iter().enumerate().filter(|(_, progress)| progress.state.is_none())
    }

    /// Offers the mail for `due` to one host after the other.
    async fn attempt(&mut self, due: &[usize]) {
        let sender = self.sender;
        let now = sender.sleeper.now();
        let route = hosts::route(&sender.hosts, now, &mut Seeded::new(sender.sleeper.random()));
        let mut left: Vec<usize> = due.to_vec();
        for host in route.into_iter().filter_map(|at| sender.hosts.get(at)) {
            if left.is_empty() {
                return;
            }
            let answers = self.at_host(host, &left).await;
            left.clear();
            for (n, answered) in answers {
                if self.note(n, host, answered) {
                    left.push(n);
                }
            }
        }
    }

    /// One connection's work; a stale one is replaced and does not count.
    async fn at_host(&self, host: &Host<S>, recipients: &[usize]) -> Vec<(usize, Answered)> {
        let (sleeper, classifier) = (&self.sender.sleeper, &self.sender.classifier);
        let permit = host.pool.permit().await;
        loop {
            let pooled = host.pool.take(sleeper.now());
            let mut connection = match pooled {
                Some(connection) => connection,
                None => match host.endpoint.open(sleeper.clone()).await {
                    Ok(connection) => {
                        host.health.succeeded();
                        connection
                    }
                    Err(error) => {
                        // Missing credentials are ours, and say nothing of the host.
                        if !matches!(error, NotOpened::NoCredentials { .. }) {
                            host.health.failed(sleeper.now());
                        }
                        drop(permit);
                        let answered = Answered::of_failed_open(error, classifier).for_another_host();
                        return recipients.iter().map(|&n| (n, answered.clone())).collect();
                    }
                },
            };
            let report = connection.send(self.envelope, recipients.iter().copied(), self.message).await;
            if report.was_stale {
                continue;
            }
            let spent = if report.is_reusable { host.pool.put(connection, sleeper.now()) } else { Some(connection) };
            drop(permit);
            if let Some(spent) = spent {
                spent.quit().await;
            }
            return report.fates.into_iter().map(|(n, fate)| (n, Answered::of_fate(fate, classifier))).collect();
        }
    }

    /// Takes an answer down; whether the next host is to be asked.
    fn note(&mut self, n: usize, host: &Host<S>, mut answered: Answered) -> bool {
        let at = self.sender.sleeper.now().since(self.begun);
        let Some(progress) = self.recipients.get_mut(n) else { return false };
        let Answered { stage, class, action, reason, rule, text, .. } = answered.clone();
        let attempt = progress.session.attempt();
        let tried = Tried { attempt, at, host: host.name.clone(), stage, class, action, reason, rule, text };
        (self.observe)(n, &tried);
        progress.tried.push(tried);
        if answered.class.is_none() {
            progress.state = Some(State::Delivered);
            return false;
        }
        if answered.is_in_doubt {
            progress.state = match self.sender.in_doubt {
                WhenInDoubt::Hold => Some(State::Unknown),
                WhenInDoubt::AssumeSent => Some(State::Delivered),
                WhenInDoubt::Resend => None,
            };
            progress.answered = Some(answered);
            // Not another host at once: the first one may be delivering.
            return false;
        }
        let goes_on = answered.is_for_another_host();
        answered.is_unreached &= progress.answered.as_ref().is_none_or(|old| old.is_unreached);
        // A host that cannot do it at all does not outweigh one that cannot do it now. A refusal of the recipient or the message
        // itself does.
        let keeps_old = goes_on && answered.class == Some(Class::Permanent);
        let is_later = |old: &Answered| old.class != Some(Class::Permanent);
        if !(keeps_old && progress.answered.as_ref().is_some_and(is_later)) {
            progress.answered = Some(answered);
        }
        goes_on
    }

    /// Asks the policy for each recipient that has no end yet.
    fn decide(&mut self, due: &[usize]) {
        let now = self.sender.sleeper.now();
        // Those with the same fate draw the same delay, and so share the next attempt.
        let seed = self.sender.sleeper.random();
        let due: HashSet<usize> = due.iter().copied().collect();
        let open = self.recipients.iter_mut().enumerate();
        for (_, progress) in open.filter(|(n, progress)| due.contains(n) && progress.state.is_none()) {
            let Some(answered) = progress.answered.take() else {
                // There is no host.
                progress.state = Some(State::Deferred);
                continue;
            };
            let verdict = answered.verdict;
            if answered.is_unreached {
                let (session, policy) = (&mut progress.connecting, &self.sender.connect_policy);
                if let Decision::Retry(wait) = session.on_failure(now, verdict, policy, &mut Seeded::new(seed)) {
                    progress.due = now.after(wait.delay());
                    continue;
                }
            }
            progress.connecting = Session::begin(now);
            match progress.session.on_failure(now, verdict, &self.sender.policy, &mut Seeded::new(seed)) {
                Decision::Retry(wait) => progress.due = now.after(wait.delay()),
                Decision::Stop(reason) => progress.state = Some(end(reason, answered.is_in_doubt)),
            }
        }
    }
}

const fn end(reason: StopReason, is_in_doubt: bool) -> State {
    match reason {
        _ if is_in_doubt => State::Unknown,
        StopReason::UnknownOutcome => State::Unknown,
        StopReason::Permanent | StopReason::Misconfigured => State::Failed,
        _ => State::Deferred,
    }
}
