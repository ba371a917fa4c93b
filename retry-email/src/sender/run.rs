//! One sending, from the first attempt to the last.

use std::collections::HashSet;

use retry_core::{
    Class, Decision, Failed, RetryPolicy, Scheduled, Scope, Seeded, Session, Sleeper, StopReason, Stopped, Succeeded,
    Time, Verdict, What,
};

use super::answered::Answered;
use super::{Sender, Sent, SentTo, State, Tried, WhenInDoubt};
use crate::{Envelope, Reason};

pub(super) struct Run<'a, P, S, O> {
    pub(super) sender: &'a Sender<P, S>,
    pub(super) envelope: &'a Envelope,
    pub(super) message: &'a [u8],
    observe: O,
    begun: Time,
    pub(super) recipients: Vec<Progress>,
    /// Host and reason of what somebody was called for already.
    alerted: HashSet<(usize, Reason)>,
}

/// A recipient under way.
pub(super) struct Progress {
    pub(super) session: Session,
    /// The rounds of connecting within this attempt.
    connecting: Session,
    /// When the next attempt is due.
    due: Time,
    state: Option<State>,
    stopped: Option<StopReason>,
    /// What this attempt has brought so far.
    pub(super) answered: Option<Answered>,
    /// Why no host could be tried in this attempt.
    pub(super) refused: Option<StopReason>,
    /// The last try: at which host, and how it failed.
    pub(super) last: Option<(usize, Verdict)>,
    /// It may have arrived.
    in_doubt: bool,
    pub(super) tried: Vec<Tried>,
}

impl Progress {
    fn new(begun: Time) -> Self {
        Self {
            session: Session::begin(begun),
            connecting: Session::begin(begun),
            due: begun,
            state: None,
            stopped: None,
            answered: None,
            refused: None,
            last: None,
            in_doubt: false,
            tried: Vec::new(),
        }
    }
}

impl<'a, P: RetryPolicy, S: Sleeper + Clone, O: FnMut(usize, &Tried)> Run<'a, P, S, O> {
    pub(super) fn new(sender: &'a Sender<P, S>, envelope: &'a Envelope, message: &'a [u8], observe: O) -> Self {
        let begun = sender.sleeper.now();
        let recipients = envelope.recipients().iter().map(|_| Progress::new(begun)).collect();
        Self { sender, envelope, message, observe, begun, recipients, alerted: HashSet::new() }
    }

    pub(super) async fn finish(mut self) -> Sent {
        while let Some(next) = self.open().map(|(_, progress)| progress.due).min() {
            let wait = next.since(self.sender.sleeper.now());
            if !wait.is_zero() {
                // A stop that comes meanwhile is seen below.
                self.sender.hooks.unless_stopped(self.sender.sleeper.sleep(wait)).await;
            }
            if self.sender.hooks.is_stopped() {
                self.cancel();
                break;
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
            stopped: progress.stopped,
            attempts: progress.tried,
        });
        Sent { recipients: ends.collect() }
    }

    fn open(&self) -> impl Iterator<Item = (usize, &Progress)> {
        self.recipients.iter().enumerate().filter(|(_, progress)| progress.state.is_none())
    }

    /// Takes an answer down; whether the next host is to be asked.
    pub(super) fn note(&mut self, n: usize, at_host: usize, mut answered: Answered) -> bool {
        let hooks = &self.sender.hooks;
        let at = self.sender.sleeper.now().since(self.begun);
        let host = self.sender.hosts.get(at_host).map(|host| host.name.clone()).unwrap_or_default();
        let recipient = self.envelope.recipients().get(n).map(|recipient| recipient.address().clone());
        let (Some(progress), Some(recipient)) = (self.recipients.get_mut(n), recipient) else { return false };
        let Answered { stage, class, action, reason, rule, text, alert, verdict, .. } = answered.clone();
        let attempt = progress.session.attempt();
        let tried = Tried { recipient, attempt, at, host, stage, class, action, reason, rule, text, alert };
        (self.observe)(n, &tried);
        if tried.class.is_some() {
            hooks.observer().failed(Failed::new(attempt, What::Error(&tried), verdict));
            if alert && self.alerted.insert((at_host, reason)) {
                hooks.alerted(&tried);
            }
        }
        progress.tried.push(tried);
        progress.last = Some((at_host, verdict));
        if answered.class.is_none() {
            progress.state = Some(State::Delivered);
            hooks.observer().succeeded(Succeeded::new(attempt));
            return false;
        }
        if answered.is_in_doubt {
            progress.in_doubt = true;
            match self.sender.in_doubt {
                WhenInDoubt::Hold => self.end(n, StopReason::UnknownOutcome),
                WhenInDoubt::AssumeSent => {
                    progress.state = Some(State::Delivered);
                    hooks.observer().succeeded(Succeeded::new(attempt));
                }
                WhenInDoubt::Resend => progress.answered = Some(answered),
            }
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
        let sender = self.sender;
        let now = sender.sleeper.now();
        // Those with the same fate draw the same delay, and so share the next attempt.
        let seed = sender.sleeper.random();
        for &n in due {
            let Some(progress) = self.recipients.get_mut(n).filter(|progress| progress.state.is_none()) else {
                continue;
            };
            let Some(answered) = progress.answered.take() else {
                match progress.refused {
                    Some(reason) => self.end(n, reason),
                    // There is no host.
                    None => progress.state = Some(State::Deferred),
                }
                continue;
            };
            let (verdict, attempt) = (answered.verdict, progress.session.attempt());
            let mut decision = None;
            if answered.is_unreached {
                let (session, policy) = (&mut progress.connecting, &sender.connect_policy);
                let round = session.on_failure(now, verdict, policy, &mut Seeded::new(seed));
                decision = Some(round).filter(|round| matches!(round, Decision::Retry(_)));
            }
            let decision = decision.unwrap_or_else(|| {
                progress.connecting = Session::begin(now);
                progress.session.on_failure(now, verdict, &sender.policy, &mut Seeded::new(seed))
            });
            match decision {
                Decision::Retry(wait) if !sender.can_pay(verdict, now.after(wait.delay())) => {
                    self.end(n, StopReason::Budget);
                }
                Decision::Retry(wait) => {
                    progress.due = now.after(wait.delay());
                    sender.hooks.observer().scheduled(Scheduled::new(attempt, wait.delay(), wait.because()));
                }
                Decision::Stop(reason) => self.end(n, reason),
            }
        }
    }

    /// Nothing more is tried for anybody.
    fn cancel(&mut self) {
        let open: Vec<usize> = self.open().map(|(n, _)| n).collect();
        for n in open {
            self.end(n, StopReason::Cancelled);
        }
    }

    /// The end without delivery. What may have arrived is unknown, whatever a later attempt brought.
    fn end(&mut self, n: usize, reason: StopReason) {
        if let Some(progress) = self.recipients.get_mut(n) {
            let state = if progress.in_doubt { State::Unknown } else { state_of(reason) };
            (progress.state, progress.stopped) = (Some(state), Some(reason));
            let attempts = progress.tried.last().map_or(0, |tried| tried.attempt);
            self.sender.hooks.observer().gave_up(Stopped::new(attempts, reason));
        }
    }
}

impl<P: RetryPolicy, S: Sleeper + Clone> Sender<P, S> {
    /// Whether any host's budget will have a retry after `verdict` at `then`.
    fn can_pay(&self, verdict: Verdict, then: Time) -> bool {
        let percent = self.policy.retry_cost(verdict.class);
        let is_free = verdict.scope == Scope::Request || verdict.is_unreached();
        is_free || self.hosts.iter().any(|host| host.can_pay(self.destination(host), percent, then))
    }
}

const fn state_of(reason: StopReason) -> State {
    match reason {
        StopReason::UnknownOutcome => State::Unknown,
        StopReason::Permanent | StopReason::Misconfigured => State::Failed,
        _ => State::Deferred,
    }
}
