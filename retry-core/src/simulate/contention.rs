use std::time::Duration;

use super::draws::Draws;
use super::events::Events;
use super::number::{real, seconds};
use super::{SimClock, SimulationError};
use crate::{Admission, Decision, Entropy as _, Outcome, RetryPolicy, Session, StopReason, Time, Verdict};

/// Clients that all want to write the same row at the same time, with optimistic locking: the simulation of Marc Brooker,
/// "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015).
///
/// Each reads the row's version, writes with it, and is refused if somebody else wrote in between; then it asks its policy
/// and reads again. Every message takes a hop whose length is normally distributed, negative ones mirrored. Everybody begins
/// at once. Defaults: 100 clients, hops of 10 ms with a standard deviation of 2 ms.
///
/// ```
/// use retry_core::simulate::Contention;
/// use retry_core::{Law, Policy};
/// use std::time::Duration;
///
/// let expo = Policy::exponential(Duration::from_millis(10), Duration::from_secs(2));
/// let contention = Contention::new().clients(20);
/// let plain = contention.trials(&expo.clone(), 20, 1)?;
/// let jittered = contention.trials(&expo.jitter(Law::FULL), 20, 1)?;
/// // Without jitter all come back together, and meet again.
/// assert!(plain.took.mean > 4.0 * jittered.took.mean);
/// # Ok::<(), retry_core::simulate::SimulationError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contention {
    clients: u32,
    hop: Duration,
    deviation: Duration,
}

/// What came of it.
///
/// ```
/// use retry_core::Never;
/// use retry_core::simulate::Contention;
///
/// let ran = Contention::new().clients(10).run(&Never, 1)?;
/// assert_eq!((ran.calls, ran.conflicts), (10, ran.gave_up));
/// # Ok::<(), retry_core::simulate::SimulationError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Contended {
    /// Writes that were tried.
    pub calls: u64,
    /// Those that were refused.
    pub conflicts: u64,
    /// Clients whose policy gave up.
    pub gave_up: u64,
    /// When the last client had its answer.
    pub took: Duration,
}

/// A mean and its standard error.
///
/// ```
/// use retry_core::{Policy, simulate::Contention};
/// use std::time::Duration;
///
/// let calls = Contention::new().clients(5).trials(&Policy::constant(Duration::ZERO), 50, 1)?.calls;
/// assert!(calls.mean > 5.0 && calls.error < 2.0);
/// # Ok::<(), retry_core::simulate::SimulationError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Mean {
    /// The mean.
    pub mean: f64,
    /// Its standard error; 0 of a single trial.
    pub error: f64,
}

/// Many runs with different seeds.
///
/// ```
/// use retry_core::{Never, simulate::Contention};
///
/// let trials = Contention::new().clients(1).trials(&Never, 200, 1)?;
/// // One client, four hops of 10 ms; the standard error is sqrt(4) 2 ms / sqrt(200) = 0.28 ms
/// assert!((trials.took.mean - 0.040).abs() < 0.0015 && trials.took.error < 0.0004);
/// # Ok::<(), retry_core::simulate::SimulationError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Trials {
    /// Writes that were tried.
    pub calls: Mean,
    /// When the last client had its answer, in seconds.
    pub took: Mean,
    /// The part of the clients whose write went through.
    pub success: Mean,
}

#[derive(Clone, Copy, Debug)]
enum Event {
    /// Begins an attempt: asks the policy, then sends the read.
    Due(u32),
    /// The read is at the server.
    Read(u32),
    /// The write is, with the version that was read.
    Write(u32, u64),
    /// The answer is back.
    Answer(u32, bool),
}

const EVENT_LIMIT: u64 = 100_000_000;
const MOST_CLIENTS: u32 = 1_000_000;

impl Default for Contention {
    fn default() -> Self {
        Self::new()
    }
}

impl Contention {
    /// Its name among the scenarios.
    pub const NAME: &str = "contention";
    /// What it shows, in a line.
    pub const ABOUT: &str =
        "100 clients write one row with optimistic locking (AWS, 2015): calls and time, by schedule and jitter";

    /// The defaults.
    ///
    /// ```
    /// # use retry_core::simulate::Contention;
    /// assert_eq!(Contention::new(), Contention::default());
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self { clients: 100, hop: Duration::from_millis(10), deviation: Duration::from_millis(2) }
    }

    /// Replaces the number of clients.
    ///
    /// ```
    /// # use retry_core::simulate::Contention;
    /// assert_eq!(Contention::new().clients(100), Contention::new());
    /// ```
    #[must_use]
    pub const fn clients(mut self, clients: u32) -> Self {
        self.clients = clients;
        self
    }

    /// Replaces mean and standard deviation of a hop.
    ///
    /// ```
    /// # use retry_core::{Never, simulate::Contention};
    /// # use std::time::Duration;
    /// let exact = Contention::new().clients(1).hop(Duration::from_millis(10), Duration::ZERO);
    /// assert_eq!(exact.run(&Never, 1)?.took, Duration::from_millis(40));
    /// # Ok::<(), retry_core::simulate::SimulationError>(())
    /// ```
    #[must_use]
    pub const fn hop(mut self, mean: Duration, deviation: Duration) -> Self {
        (self.hop, self.deviation) = (mean, deviation);
        self
    }

    /// Runs it once; all clients share `policy`. The same seed gives the same answer.
    ///
    /// # Errors
    /// [`SimulationError::Invalid`] without clients or with more than a million, [`SimulationError::TooManyEvents`] where it
    /// does not end.
    ///
    /// ```
    /// # use retry_core::{Policy, simulate::Contention};
    /// # use std::time::Duration;
    /// let ran = Contention::new().run(&Policy::constant(Duration::from_millis(100)), 1)?;
    /// assert_eq!(ran.calls - ran.conflicts, 100);
    /// # Ok::<(), retry_core::simulate::SimulationError>(())
    /// ```
    pub fn run<P: RetryPolicy + ?Sized>(&self, policy: &P, seed: u64) -> Result<Contended, SimulationError> {
        if self.clients == 0 || self.clients > MOST_CLIENTS {
            return Err(SimulationError::invalid("the number of clients", "from 1 to 1,000,000"));
        }
        let [hops, jitter, mut clock] = [0, 1, 2].map(|stream| Draws::new(seed, stream));
        let clock = SimClock::new(clock.next_u64());
        let sessions = vec![Session::begin(Time::default()); self.clients as usize];
        let ran = Contended { calls: 0, conflicts: 0, gave_up: 0, took: Duration::ZERO };
        Row { of: *self, policy, hops, jitter, clock, sessions, events: Events::new(), version: 0, ran }.run()
    }

    /// Runs it `trials` times.
    ///
    /// # Errors
    /// As [`run`](Self::run), and [`SimulationError::Invalid`] for no trials.
    ///
    /// ```
    /// # use retry_core::{Policy, simulate::Contention};
    /// # use std::time::Duration;
    /// let policy = Policy::constant(Duration::ZERO);
    /// let contention = Contention::new().clients(5);
    /// assert_eq!(contention.trials(&policy, 10, 1)?, contention.trials(&policy, 10, 1)?);
    /// assert!(contention.trials(&policy, 0, 1).is_err());
    /// # Ok::<(), retry_core::simulate::SimulationError>(())
    /// ```
    pub fn trials<P: RetryPolicy + ?Sized>(
        &self,
        policy: &P,
        trials: u32,
        seed: u64,
    ) -> Result<Trials, SimulationError> {
        if trials == 0 {
            return Err(SimulationError::invalid("the number of trials", "1 or more"));
        }
        let [mut calls, mut took, mut success] = [Moments::NONE; 3];
        let mut seeds = Draws::new(seed, 3);
        for _ in 0..trials {
            let ran = self.run(policy, seeds.next_u64())?;
            calls.add(real(ran.calls));
            took.add(ran.took.as_secs_f64());
            success.add(1.0 - real(ran.gave_up) / f64::from(self.clients));
        }
        Ok(Trials { calls: calls.mean(), took: took.mean(), success: success.mean() })
    }
}

/// The row that everybody wants, and whoever wants it.
struct Row<'a, P: ?Sized> {
    of: Contention,
    policy: &'a P,
    hops: Draws,
    jitter: Draws,
    clock: SimClock,
    sessions: Vec<Session>,
    events: Events<Event>,
    version: u64,
    ran: Contended,
}

impl<P: RetryPolicy + ?Sized> Row<'_, P> {
    fn run(mut self) -> Result<Contended, SimulationError> {
        for client in 0..self.of.clients {
            self.events.push(Time::default(), Event::Due(client));
        }
        while let Some((now, event)) = self.events.pop() {
            self.clock.set(now);
            self.ran.took = now.since(Time::default());
            if self.events.scheduled() > EVENT_LIMIT {
                return Err(SimulationError::TooManyEvents { at: self.ran.took, events: EVENT_LIMIT });
            }
            match event {
                Event::Due(client) => self.due(now, client),
                Event::Read(client) => {
                    // The version goes back, and comes with the write.
                    let reply = self.hop(now);
                    let at = self.hop(reply);
                    self.events.push(at, Event::Write(client, self.version));
                }
                Event::Write(client, version) => {
                    let wins = version == self.version;
                    self.version += u64::from(wins);
                    self.ran.calls += 1;
                    self.ran.conflicts += u64::from(!wins);
                    let at = self.hop(now);
                    self.events.push(at, Event::Answer(client, wins));
                }
                Event::Answer(client, wins) => self.answered(now, client, wins),
            }
        }
        Ok(self.ran)
    }

    fn due(&mut self, now: Time, client: u32) {
        let attempt = self.sessions[client as usize].attempt();
        let admission = match self.policy.needs().admission {
            true => self.policy.admit(attempt, &self.clock),
            false => Admission::Go,
        };
        let start = match admission {
            Admission::Go => now,
            Admission::Wait(wait) => now.after(wait),
            Admission::Later { wait, at_most } => {
                let wait = wait.max(Duration::from_nanos(1));
                if self.sessions[client as usize].put_off(wait, at_most) {
                    return self.events.push(now.after(wait), Event::Due(client));
                }
                return self.give_up(StopReason::Pacing);
            }
            Admission::Refuse(reason) => return self.give_up(reason),
        };
        let at = self.hop(start);
        self.events.push(at, Event::Read(client));
    }

    fn answered(&mut self, now: Time, client: u32, wins: bool) {
        let session = &mut self.sessions[client as usize];
        if wins {
            if self.policy.needs().outcomes {
                let now = self.policy.needs().time.then_some(now);
                let grant = session.grant();
                self.policy.outcome(Outcome::Succeeded { attempts: session.attempt(), now, grant });
            }
            return;
        }
        // A refused write has changed nothing.
        let verdict = Verdict::TRANSIENT.effect(crate::Effect::None);
        match session.on_failure(now, verdict, self.policy, &mut self.jitter) {
            Decision::Retry(wait) => self.events.push(now.after(wait.delay()), Event::Due(client)),
            Decision::Stop(reason) => self.give_up(reason),
        }
    }

    fn give_up(&mut self, reason: StopReason) {
        self.ran.gave_up += 1;
        if self.policy.needs().outcomes {
            self.policy.outcome(Outcome::GaveUp(reason));
        }
    }

    /// When a message that is sent at `from` arrives.
    fn hop(&mut self, from: Time) -> Time {
        let length = self.of.hop.as_secs_f64() + self.of.deviation.as_secs_f64() * self.hops.normal();
        from.after(seconds(length.abs()))
    }
}

/// Sums of a sample, by Welford's method.
#[derive(Clone, Copy, Debug)]
struct Moments {
    count: u64,
    mean: f64,
    squares: f64,
}

impl Moments {
    const NONE: Self = Self { count: 0, mean: 0.0, squares: 0.0 };

    fn add(&mut self, x: f64) {
        self.count += 1;
        let before = x - self.mean;
        self.mean += before / real(self.count);
        self.squares += before * (x - self.mean);
    }

    fn mean(&self) -> Mean {
        let degrees = real(self.count.saturating_sub(1));
        let error = if degrees > 0.0 { (self.squares / degrees / real(self.count)).sqrt() } else { 0.0 };
        Mean { mean: self.mean, error }
    }
}
