//! What the advice on pacers rests on: 20 workers drain a backlog at a provider with a limit, as fast as their pacer lets
//! them, with exponential backoff and full jitter after a refusal.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use retry_core::{Aimd, Class, Cubic, Entropy, Failure, Law, Pacer, Policy, Seeded, Time, Verdict};

use crate::support::facts::{MINUTE, MS, SECOND, nanos};

const WORKERS: usize = 20;
const BACKLOG: u32 = 20_000;
const ROUND_TRIP: Duration = Duration::from_millis(20);

/// 100 a second and 100 at once; what is more is refused, and may be punished by refusing all for a while.
struct Provider {
    tokens: f64,
    last: Time,
    ban: Duration,
    banned: Time,
}

impl Provider {
    const RATE: f64 = 100.0;

    fn accepts(&mut self, now: Time) -> bool {
        self.tokens = (self.tokens + now.since(self.last).as_secs_f64() * Self::RATE).min(100.0);
        self.last = now;
        if now < self.banned {
            return false;
        }
        if self.tokens < 1.0 {
            self.banned = now.after(self.ban);
            return false;
        }
        self.tokens -= 1.0;
        true
    }
}

/// Nobody is paced.
struct Unpaced;

impl Pacer for Unpaced {
    fn acquire(&self, _: Time) -> Result<(), Duration> {
        Ok(())
    }
}

#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Step {
    Wants,
    Hears { accepted: bool },
}

/// Seconds until all is delivered, and how often the provider refused.
fn drain(pacer: &dyn Pacer, ban: Duration) -> (f64, u32) {
    let policy = Policy::exponential(SECOND, MINUTE).jitter(Law::FULL);
    let mut rng = Seeded::new(7);
    let mut provider = Provider { tokens: 100.0, last: Time::default(), ban, banned: Time::default() };
    let mut failures = [0_u32; WORKERS];
    let (mut left, mut refused) = (BACKLOG, 0);
    let mut steps: BinaryHeap<_> = (0..WORKERS)
        .map(|worker| Reverse((Time::from_nanos(rng.next_u64() % nanos(10 * MS)), worker, Step::Wants)))
        .collect();
    while let Some(Reverse((now, worker, step))) = steps.pop() {
        let next = match step {
            Step::Wants => match pacer.acquire(now) {
                Err(wait) => (now.after(wait), Step::Wants),
                Ok(()) => (now.after(ROUND_TRIP), Step::Hears { accepted: provider.accepts(now) }),
            },
            Step::Hears { accepted: true } => {
                pacer.succeeded(now);
                failures[worker] = 0;
                left -= 1;
                if left == 0 {
                    return (now.since(Time::default()).as_secs_f64(), refused);
                }
                (now, Step::Wants)
            }
            Step::Hears { accepted: false } => {
                pacer.failed(Class::Throttled, now);
                refused += 1;
                failures[worker] += 1;
                let attempt = std::num::NonZeroU32::new(failures[worker]).unwrap();
                let failure = Failure::new(attempt, Duration::ZERO, Verdict::THROTTLED);
                (now.after(policy.delay(&failure, &mut rng).unwrap()), Step::Wants)
            }
        };
        steps.push(Reverse((next.0, worker, next.1)));
    }
    unreachable!("a worker always has a next step")
}

/// At best 199 s: 100 at once, and the rest at 100 a second.
const BEST: f64 = 199.0;

#[test]
fn where_excess_is_just_refused_pacers_lose_little_time_and_are_refused_seldom() {
    let cubic = drain(&Cubic::new(Time::default()), Duration::ZERO);
    let aimd = drain(&Aimd::new(Time::default()), Duration::ZERO);
    let unpaced = drain(&Unpaced, Duration::ZERO);
    assert!(cubic.0 <= 1.05 * BEST && cubic.1 <= BACKLOG / 200, "{cubic:?}");
    assert!(aimd.0 <= 1.02 * BEST && aimd.1 <= BACKLOG / 200, "{aimd:?}");
    assert!(2 * cubic.1 < unpaced.1 && 2 * aimd.1 < unpaced.1, "{cubic:?} {aimd:?} {unpaced:?}");
}

#[test]
fn where_excess_is_punished_aimd_is_done_first() {
    let cubic = drain(&Cubic::new(Time::default()), 10 * SECOND);
    let aimd = drain(&Aimd::new(Time::default()), 10 * SECOND);
    let unpaced = drain(&Unpaced, 10 * SECOND);
    assert!(aimd.0 <= 1.7 * BEST && 2.0 * aimd.0 < unpaced.0 && unpaced.0 < cubic.0, "{aimd:?} {cubic:?} {unpaced:?}");
}
