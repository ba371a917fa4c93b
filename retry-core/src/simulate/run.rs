//! The world at work: events in the order of time.

use std::time::Duration;

use super::draws::Draws;
use super::events::Events;
use super::fleet::{Fleet, Member, Seating};
use super::number::{interval, real};
use super::requests::{Request, Requests};
use super::server::{Answer, Server};
use super::{Bin, Load, Report, Scenario, SimClock, SimulationError, Tally};
use crate::time::nanos;
use crate::{Admission, Decision, Failure, Grant, Outcome, Session, StopReason, Time, Wait};

/// What happens; with the number of the request.
#[derive(Clone, Copy, Debug)]
enum Event {
    /// A request comes.
    Arrival,
    /// A worker takes the next message.
    Free,
    /// An attempt is due, and the policy is asked.
    Due(u32),
    /// It is sent.
    Send(u32),
    /// Its answer is back.
    Back(u32, Answer),
    /// The gauges are read.
    Gauge,
}

/// Requests under way at once: a gigabyte.
const MOST_PENDING: usize = 5_000_000;
/// Workers do not begin in the same instant.
const START: Duration = Duration::from_millis(10);
/// Requests of this last part of a run may be under way at its end.
const TAIL: Duration = Duration::from_secs(2);

pub(super) struct World<'s, 'f> {
    scenario: &'s Scenario,
    clock: SimClock,
    now: Time,
    events: Events<Event>,
    requests: Requests,
    seating: Seating<'f>,
    servers: Vec<Server>,
    arrivals: Draws,
    faults: Draws,
    jitter: Draws,
    /// Between two requests of the whole fleet.
    gap: Duration,
    /// Messages that no worker has taken, and those that are not done.
    waiting: u64,
    left: u64,
    report: Report,
}

impl<'s, 'f> World<'s, 'f> {
    pub(super) fn new(scenario: &'s Scenario, fleet: &Fleet<'f>, seed: u64) -> Self {
        let [arrivals, faults, jitter, mut clock] = [0, 1, 2, 3].map(|stream| Draws::new(seed, stream));
        let clock = SimClock::new(crate::Entropy::next_u64(&mut clock));
        let seating = fleet.seat(scenario.load.clients(), scenario.destinations, &clock);
        let (gap, messages) = match scenario.load {
            Load::Open { clients, rate } => (interval(f64::from(clients) * rate), 0),
            Load::Backlog { messages, .. } => (Duration::ZERO, messages),
        };
        Self {
            scenario,
            clock,
            now: Time::default(),
            events: Events::new(),
            requests: Requests::default(),
            seating,
            servers: (0..scenario.destinations).map(|number| Server::new(scenario, number)).collect(),
            arrivals,
            faults,
            jitter,
            gap,
            waiting: messages,
            left: messages,
            report: Report::new(scenario, fleet.names()),
        }
    }

    pub(super) fn run(mut self) -> Result<Report, SimulationError> {
        self.begin();
        let end = Time::default().after(self.scenario.duration);
        while let Some((now, event)) = self.events.pop() {
            if now >= end || self.report.drained.is_some() {
                break;
            }
            self.now = now;
            self.clock.set(now);
            self.bounded()?;
            match event {
                Event::Arrival => self.arrival(),
                Event::Free => self.free(),
                Event::Due(number) => self.due(number),
                Event::Send(number) => self.send(number),
                Event::Back(number, answer) => self.back(number, answer),
                Event::Gauge => self.gauge(),
            }
        }
        self.report.events = self.events.scheduled();
        Ok(self.report)
    }

    fn begin(&mut self) {
        match self.scenario.load {
            Load::Open { .. } => self.next_arrival(),
            Load::Backlog { messages: 0, .. } => self.report.drained = Some(Duration::ZERO),
            Load::Backlog { workers, .. } => {
                for _ in 0..workers {
                    let start = self.arrivals.within(START);
                    self.events.push(self.now.after(start), Event::Free);
                }
            }
        }
        if self.seating.members.iter().any(|member| member.gauge.is_some()) {
            self.events.push(self.now, Event::Gauge);
        }
    }

    fn bounded(&self) -> Result<(), SimulationError> {
        let at = self.now.since(Time::default());
        let (events, requests) = (self.events.scheduled(), self.requests.len());
        if events > self.scenario.event_limit {
            return Err(SimulationError::TooManyEvents { at, events });
        }
        if requests > MOST_PENDING {
            return Err(SimulationError::TooManyPending { at, requests });
        }
        Ok(())
    }

    fn next_arrival(&mut self) {
        let gap = self.arrivals.gap(self.gap);
        self.events.push(self.now.after(gap), Event::Arrival);
    }

    fn arrival(&mut self) {
        self.next_arrival();
        let client = self.arrivals.below(self.scenario.load.clients());
        self.request(client);
    }

    fn free(&mut self) {
        if self.waiting > 0 {
            self.waiting -= 1;
            self.request(0);
        }
    }

    fn request(&mut self, client: u32) {
        // Where there is one, nothing is drawn, so that the arrivals do not change with it.
        let destinations = self.scenario.destinations;
        let destination = if destinations > 1 { self.arrivals.below(destinations) } else { 0 };
        let request = Request { session: Session::begin(self.now), begun: self.now, client, destination, sent: 0 };
        if let Some(bin) = self.report.bin(self.now) {
            bin.requests += 1;
        }
        let (after, during) = (self.counts_after(self.now), self.is_disturbed());
        self.report.tally(self.seating.group(client), destination, |tally| {
            tally.requests += 1;
            tally.requests_after += u64::from(after);
            tally.requests_during += u64::from(during);
        });
        if let Some(number) = self.requests.insert(request) {
            self.due(number);
        }
    }

    /// The policy is asked whether the attempt may begin.
    fn due(&mut self, number: u32) {
        let Some(request) = self.requests.get_mut(number) else { return };
        let member = self.seating.member(request.client, request.destination);
        if !member.needs.admission {
            return self.send(number);
        }
        match member.policy.admit(request.session.attempt(), &self.clock) {
            Admission::Go => self.send(number),
            Admission::Wait(wait) if is_late(self.scenario, request, self.now, wait) => {
                if member.needs.outcomes {
                    member.policy.outcome(Outcome::AdmissionWithdrawn);
                }
                self.give_up(number, StopReason::Deadline, false);
            }
            Admission::Wait(wait) => {
                request.session.admitted_after(wait);
                self.events.push(self.now.after(wait), Event::Send(number));
            }
            Admission::Later { wait, .. } if is_late(self.scenario, request, self.now, wait) => {
                self.give_up(number, StopReason::Deadline, false);
            }
            Admission::Later { wait, at_most } => {
                let wait = wait.max(Duration::from_nanos(1));
                match request.session.put_off(wait, at_most) {
                    true => self.events.push(self.now.after(wait), Event::Due(number)),
                    false => self.give_up(number, StopReason::Pacing, false),
                }
            }
            Admission::Refuse(reason) => self.give_up(number, reason, false),
        }
    }

    fn send(&mut self, number: u32) {
        let Some(request) = self.requests.get_mut(number) else { return };
        request.session.take_admitted();
        request.sent += 1;
        let (client, destination) = (request.client, request.destination);
        let (at, answer) = match self.faults.chance(self.scenario.errors) {
            true => (self.now.after(self.scenario.error_latency), Answer::Failed),
            false => self.servers[destination as usize].take(self.scenario, self.now),
        };
        self.events.push_in_line(answer.line(), at, Event::Back(number, answer));

        let queue = u32::try_from(self.servers[destination as usize].queue()).unwrap_or(u32::MAX);
        if let Some(bin) = self.report.bin(self.now) {
            bin.attempts += 1;
            bin.queue = bin.queue.max(queue);
        }
        let during = self.is_disturbed();
        self.report.tally(self.seating.group(client), destination, |tally| {
            tally.attempts += 1;
            tally.attempts_during += u64::from(during);
        });
    }

    fn back(&mut self, number: u32, answer: Answer) {
        let Some(request) = self.requests.get_mut(number) else { return };
        let request = *request;
        let group = self.seating.group(request.client);
        if let Some(bin) = self.report.bin(self.now) {
            bin.timed_out += u32::from(answer == Answer::TimedOut);
            bin.throttled += u32::from(matches!(answer, Answer::Throttled(_)));
        }
        self.report.tally(group, request.destination, |tally| {
            tally.timed_out += u64::from(answer == Answer::TimedOut);
            tally.throttled += u64::from(matches!(answer, Answer::Throttled(_)));
        });
        match answer.verdict() {
            None => self.succeeded(number, &request),
            Some(verdict) => {
                let member = self.seating.member(request.client, request.destination);
                let failure = Failure::at(request.session, self.now, verdict);
                match member.policy.decide(&failure, &mut self.jitter) {
                    Decision::Retry(wait) => self.retry(number, wait, &failure),
                    Decision::Stop(reason) => self.give_up(number, reason, true),
                }
            }
        }
    }

    fn succeeded(&mut self, number: u32, request: &Request) {
        let member = self.seating.member(request.client, request.destination);
        if member.needs.outcomes {
            let now = member.needs.time.then_some(self.now);
            let grant = request.session.grant();
            member.policy.outcome(Outcome::Succeeded { attempts: request.sent, now, grant });
        }
        if let Some(bin) = self.report.bin(self.now) {
            bin.succeeded += 1;
        }
        self.report.latencies.record(self.now.since(request.begun));
        let after = self.counts_after(request.begun);
        self.report.tally(self.seating.group(request.client), request.destination, |tally| {
            tally.succeeded += 1;
            tally.succeeded_after += u64::from(after);
        });
        self.done(number);
    }

    /// The policy grants a retry; the limits may still refuse it.
    fn retry(&mut self, number: u32, wait: Wait, failure: &Failure) {
        let Some(request) = self.requests.get_mut(number) else { return };
        let member = self.seating.member(request.client, request.destination);
        let class = failure.verdict().class;
        let refused = if request.session.attempt() >= self.scenario.attempts {
            Some(StopReason::Attempts)
        } else {
            is_late(self.scenario, request, self.now, wait.delay()).then_some(StopReason::Deadline)
        };
        if let Some(reason) = refused {
            if member.needs.outcomes {
                member.policy.withdrawn(&mut Grant::new(wait, class));
            }
            return self.give_up(number, reason, true);
        }
        request.session.retry(class, nanos(wait.delay()));
        if member.needs.outcomes {
            request.session.keep_grant(wait, class);
        }
        self.events.push(self.now.after(wait.delay()), Event::Due(number));
    }

    /// A request ends without success; `started` if its last attempt was made.
    fn give_up(&mut self, number: u32, reason: StopReason, started: bool) {
        let Some(request) = self.requests.get_mut(number) else { return };
        let request = *request;
        let member = self.seating.member(request.client, request.destination);
        if member.needs.outcomes {
            if !started && let Some(mut grant) = request.session.grant() {
                member.policy.withdrawn(&mut grant);
            }
            member.policy.outcome(Outcome::GaveUp(reason));
        }
        if let Some(bin) = self.report.bin(self.now) {
            bin.failed += 1;
        }
        self.report.stopped(reason);
        let group = self.seating.group(request.client);
        self.report.tally(group, request.destination, |tally: &mut Tally| tally.failed += 1);
        self.done(number);
    }

    fn done(&mut self, number: u32) {
        self.requests.remove(number);
        if let Load::Backlog { .. } = self.scenario.load {
            self.left = self.left.saturating_sub(1);
            if self.left == 0 {
                self.report.drained = Some(self.now.since(Time::default()));
            }
            self.events.push(self.now, Event::Free);
        }
    }

    fn gauge(&mut self) {
        let gauges = || self.seating.members.iter().filter_map(|Member { gauge, .. }| gauge.as_ref());
        let mean = gauges().map(|gauge| gauge()).sum::<f64>() / real(gauges().count() as u64);
        if let Some(bin) = self.report.bin(self.now) {
            bin.gauge = Some(mean);
        }
        self.events.push(self.now.after(Bin::WIDTH), Event::Gauge);
    }

    /// Whether a request that began at `begun` counts for the figures after the disturbance.
    fn counts_after(&self, begun: Time) -> bool {
        let begun = begun.since(Time::default());
        begun >= self.report.settled && begun.saturating_add(TAIL) < self.scenario.duration
    }

    fn is_disturbed(&self) -> bool {
        let now = self.now.since(Time::default());
        self.scenario.disturbances.iter().any(|disturbance| disturbance.from() <= now && now < disturbance.to())
    }
}

/// Whether an attempt after `wait` would begin past the deadline.
fn is_late(scenario: &Scenario, request: &Request, now: Time, wait: Duration) -> bool {
    scenario.deadline.is_some_and(|deadline| now.since(request.begun).saturating_add(wait) > deadline)
}
