use std::collections::HashSet;
use std::time::Duration;

use retry_core::test_util::{Recorder, VirtualClock};
use retry_core::{Clock, Entropy, Law, Policy, Retry, SeededSleeper, Sleeper, ThreadEntropy, ThreadSleeper, Time};

use crate::support::facts::{HOUR, Simulation};

static POLICY: Policy = Policy::constant(HOUR).jitter(Law::FULL).attempts(6);

/// The jitter of one run from the shared policy.
fn run() -> Vec<Duration> {
    Simulation::idle(&POLICY, &mut ThreadEntropy, 6).delays()
}

#[test]
fn no_two_runs_share_a_jitter_sequence() {
    // 5 draws of an hour in nanoseconds: two of 2,000 are equal once in 10^55
    let runs: HashSet<_> = (0..2_000).map(|_| run()).collect();
    assert_eq!(runs.len(), 2_000);
    // .. and no delay of one is that of another
    let delays: HashSet<_> = runs.iter().flatten().collect();
    assert_eq!(delays.len(), 10_000);
}

#[test]
fn no_two_threads_share_a_jitter_sequence() {
    let runs: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..64).map(|_| scope.spawn(|| [run(), run()])).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let delays: HashSet<_> = runs.iter().flatten().collect();
    // 64 threads, 2 runs each, 5 delays each
    assert_eq!(delays.len(), 640);
}

/// A sleeper that says nothing of randomness draws from the thread's.
#[test]
fn two_runs_of_one_retrier_draw_apart() {
    struct Plain(VirtualClock);
    impl Clock for Plain {
        fn now(&self) -> Time {
            self.0.now()
        }
    }
    impl Sleeper for Plain {
        type Sleep = <VirtualClock as Sleeper>::Sleep;
        fn sleep(&self, delay: Duration) -> Self::Sleep {
            self.0.sleep(delay)
        }
    }

    let clock = VirtualClock::new();
    let recorder = Recorder::default();
    let retry = Retry::with_sleeper(&POLICY, Plain(clock.clone())).observe(&recorder);
    for _ in 0..2 {
        clock.run(retry.call(async || Err::<(), _>("no"))).unwrap_err();
    }
    let delays = recorder.delays();
    assert_eq!(delays.len(), 10);
    assert_ne!(delays[..5], delays[5..]);
}

#[test]
fn a_seeded_sleeper_replays_its_jitter_and_no_other() {
    let run = |seed| {
        let clock = VirtualClock::new();
        let recorder = Recorder::default();
        let retry = Retry::with_sleeper(&POLICY, SeededSleeper::new(clock.clone(), seed)).observe(&recorder);
        clock.run(retry.call(async || Err::<(), _>("no"))).unwrap_err();
        recorder.events()
    };
    assert_eq!(run(5), run(5));
    assert_ne!(run(5), run(6));
}

/// Two that share a seeded sleeper share its sequence, draw by draw; the same as a generator of that seed.
#[test]
fn a_seeded_sleeper_hands_out_the_sequence_of_its_seed() {
    let (sleeper, mut seeded) = (SeededSleeper::new(ThreadSleeper, 77), retry_core::Seeded::new(77));
    for _ in 0..100 {
        assert_eq!(sleeper.random(), seeded.next_u64());
    }
}
