//! Runs of a policy in which every attempt fails at once.

use std::time::Duration;

use retry_core::test_util::{Recorder, VirtualClock};
use retry_core::{Policy, Retry, Seeded, StopReason, Verdict, classify_fn};
use retry_email::preset::Preset;

pub(super) const SECOND: Duration = Duration::from_secs(1);
pub(super) const MINUTE: Duration = Duration::from_secs(60);
pub(super) const HOUR: Duration = Duration::from_secs(3600);
pub(super) const DAY: Duration = Duration::from_secs(86_400);

/// What became of it.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) delays: Vec<Duration>,
    /// `None`: it went on beyond what was asked for.
    pub(super) ended: Option<StopReason>,
}

impl Run {
    pub(super) fn attempts(&self) -> usize {
        self.delays.len() + 1
    }

    /// When the last attempt began.
    pub(super) fn last_start(&self) -> Duration {
        self.delays.iter().sum()
    }
}

/// Fails by `verdict` every time, until the policy or `attempts` attempts end it.
pub(super) fn run(policy: &Policy, verdict: Verdict, seed: u64, attempts: usize) -> Run {
    let clock = VirtualClock::with_entropy(Seeded::new(seed));
    let recorder = Recorder::default();
    let retry = Retry::with_sleeper(policy.clone(), clock.clone())
        .classify(classify_fn(move |_: &&str| verdict))
        .observe(&recorder);
    let mut made = 0;
    let end = clock.run(retry.call_mut(async |_| {
        made += 1;
        if made < attempts { Err("no") } else { Ok(()) }
    }));
    Run { delays: recorder.delays(), ended: end.err().map(|gave_up| gave_up.reason) }
}

/// A run of the preset of this name, of transient failures.
pub(super) fn preset(name: &str, seed: u64) -> Run {
    let preset = Preset::named(name).unwrap();
    run(preset.policy(), Verdict::TRANSIENT, seed, 1000)
}
