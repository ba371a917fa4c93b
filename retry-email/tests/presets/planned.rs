//! What a plan says of a preset is what a run of it does.

use std::time::Duration;

use retry_core::{Preview, Retryable, Verdict};
use retry_email::preset::{DEFAULT, Preset};

use super::preview::assert_runs_as_planned;
use super::run::MINUTE;

/// Of each policy.
const RUNS: u32 = 300;

fn whole() -> Preview {
    // Postfix makes 112 attempts; django-mailer's have no end, and 150 of them are planned.
    Preview::new().attempts(150)
}

#[test]
fn every_preset_runs_as_planned() {
    for preset in Preset::all() {
        let plan = assert_runs_as_planned(preset.policy(), &whole(), Duration::ZERO, Verdict::TRANSIENT, RUNS);
        let is_endless = preset.name() == "django_mailer";
        assert_eq!(plan.ends().is_none(), is_endless, "{}", preset.name());
    }
}

#[test]
fn every_preset_runs_as_planned_where_attempts_take_ten_minutes() {
    for preset in Preset::all() {
        let preview = whole().attempts_take(10 * MINUTE);
        assert_runs_as_planned(preset.policy(), &preview, 10 * MINUTE, Verdict::TRANSIENT, RUNS);
    }
}

#[test]
fn the_default_s_classes_run_as_planned() {
    for (class, verdict) in [(Retryable::Throttled, Verdict::THROTTLED), (Retryable::Persistent, Verdict::PERSISTENT)] {
        let plan = assert_runs_as_planned(&DEFAULT, &whole().class(class), Duration::ZERO, verdict, RUNS);
        assert!(plan.attempts().len() > 15);
    }
}
