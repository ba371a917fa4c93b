use std::cell::Cell;
use std::time::Duration;

use super::spread::saturated;
use super::{Figure, Planned, Spread};
use crate::time::{duration, nanos};
use crate::{
    Admission, Clock, Decision, Entropy, Grant, Outcome, RetryPolicy, Seeded, Session, StopReason, Time, Verdict,
};

/// Runs under virtual time in which every attempt fails, attempt by attempt.
pub(super) struct Runs {
    takes: u64,
    verdict: Verdict,
    dice: Dice,
    columns: Vec<Column>,
    runs: u32,
    /// All waits of all runs.
    waited: u128,
    /// Attempts of the longest run, and why it ended.
    longest: (usize, Option<StopReason>),
}

/// How often an attempt is put off before nobody asks any more.
const PUT_OFF: u32 = 10_000;

fn later(nanos_so_far: u64, wait: Duration) -> u64 {
    nanos_so_far.saturating_add(nanos(wait))
}

/// One attempt in all runs that make it.
#[derive(Default)]
pub(super) struct Column {
    pub(super) delays: Vec<u64>,
    pub(super) starts: Vec<u64>,
}

impl Runs {
    pub(super) fn new(takes: u64, verdict: Verdict, listed: u32, seed: u64) -> Self {
        Self {
            takes,
            verdict,
            dice: Dice { rng: Seeded::new(seed), draws: 0 },
            columns: std::iter::repeat_with(Column::default).take(listed as usize).collect(),
            runs: 0,
            waited: 0,
            longest: (0, None),
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "made from 32 bits")]
    pub(super) fn listed(&self) -> u32 {
        self.columns.len() as u32
    }

    /// Random numbers drawn so far.
    pub(super) const fn draws(&self) -> u64 {
        self.dice.draws
    }

    /// One more.
    pub(super) fn run(&mut self, policy: &dyn RetryPolicy) {
        let needs = policy.needs();
        let mut session = Session::begin(Time::default());
        // What was granted after the attempt before, and how long after that the next one starts.
        let (mut granted, mut delay) = (None, 0_u64);
        let (mut made, mut reason) = (0, None);
        for column in &mut self.columns {
            let mut start = session.slept_nanos().saturating_add(self.takes.saturating_mul(made as u64));
            if needs.admission {
                reason = Some(StopReason::Pacing);
                for _ in 0..PUT_OFF {
                    let clock = At { now: start, dice: Cell::new(self.dice.rng) };
                    let wait = match policy.admit(session.attempt(), &clock) {
                        Admission::Go => {
                            reason = None;
                            break;
                        }
                        Admission::Wait(wait) => {
                            session.admitted_after(wait);
                            session.take_admitted();
                            (start, delay, reason) = (later(start, wait), later(delay, wait), None);
                            break;
                        }
                        Admission::Later { wait, at_most } => {
                            let wait = wait.max(Duration::from_nanos(1));
                            if !session.put_off(wait, at_most) {
                                break;
                            }
                            wait
                        }
                        Admission::Refuse(refused) => {
                            reason = Some(refused);
                            break;
                        }
                    };
                    (start, delay) = (later(start, wait), later(delay, wait));
                }
                if reason.is_some() {
                    break;
                }
            }
            column.delays.push(delay);
            column.starts.push(start);
            self.waited += u128::from(delay);
            made += 1;
            let failed = Time::from_nanos(start.saturating_add(self.takes));
            match session.on_failure(failed, self.verdict, policy, &mut self.dice) {
                Decision::Retry(wait) => {
                    (granted, delay) = (Some(Grant::new(wait, self.verdict.class)), wait.nanos());
                }
                Decision::Stop(stop) => {
                    (reason, granted) = (Some(stop), None);
                    break;
                }
            }
        }
        if needs.outcomes {
            if let Some(mut grant) = granted {
                policy.withdrawn(&mut grant);
            }
            policy.outcome(Outcome::GaveUp(reason.unwrap_or(StopReason::Cancelled)));
        }
        self.runs = self.runs.saturating_add(1);
        // Of runs that come as far, one that would go on says more than one that ends.
        if made > self.longest.0 || made == self.longest.0 && reason.is_none() {
            self.longest = (made, reason);
        }
    }

    /// How long a run waits on the average.
    pub(super) fn mean_total_delay(&self) -> Figure {
        Figure::new(duration(saturated(self.waited / u128::from(self.runs.max(1)))), false)
    }

    /// The attempts that any run made, and why the longest run ended.
    pub(super) fn finish(mut self) -> (Vec<Column>, Option<StopReason>) {
        self.columns.truncate(self.longest.0);
        (self.columns, self.longest.1)
    }
}

impl Column {
    /// The part of `runs` that make it.
    #[expect(clippy::cast_precision_loss, reason = "a count of at most 100,000")]
    fn part_of(&self, runs: u32) -> f64 {
        self.starts.len() as f64 / f64::from(runs.max(1))
    }

    /// From sampled runs alone.
    pub(super) fn sampled(self, number: u32, runs: u32) -> Planned {
        let reached = Figure::new(self.part_of(runs), false);
        Planned { number, reached, delay: Spread::sampled(self.delays), at: Spread::sampled(self.starts) }
    }

    /// From the only run there is.
    pub(super) fn only(&self, number: u32) -> Planned {
        let point = |values: &[u64]| {
            let value = values.first().copied().unwrap_or(0);
            Spread::uniform(value, value)
        };
        Planned { number, reached: Figure::new(1.0, true), delay: point(&self.delays), at: point(&self.starts) }
    }
}

struct Dice {
    rng: Seeded,
    draws: u64,
}

impl Entropy for Dice {
    fn next_u64(&mut self) -> u64 {
        self.draws += 1;
        self.rng.next_u64()
    }
}

/// What admission sees of the time.
struct At {
    now: u64,
    dice: Cell<Seeded>,
}

impl Clock for At {
    fn now(&self) -> Time {
        Time::from_nanos(self.now)
    }
    fn random(&self) -> u64 {
        let mut rng = self.dice.get();
        let bits = rng.next_u64();
        self.dice.set(rng);
        bits
    }
}
