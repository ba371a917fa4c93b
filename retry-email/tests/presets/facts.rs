//! What the presets' documentation says beside their delays.

use std::time::Duration;

use retry_core::{Policy, Verdict};
use retry_email::preset::{Preset, SEED_EXPONENTIAL, SEED_HANDLER, perl_retryable, perl_retryable_as_coded};

use super::run::{SECOND, run};

fn delays(policy: &Policy) -> Vec<Duration> {
    run(policy, Verdict::TRANSIENT, 0, 1000).delays
}

#[test]
fn the_article_s_handler_with_five_tries_sleeps_four_times() {
    assert_eq!(delays(&SEED_HANDLER), [60, 120, 240, 480].map(|n| n * SECOND));
    assert_eq!(SEED_HANDLER.max_attempts().unwrap().get(), 5);
    // and its list of five delays makes six attempts
    assert_eq!(delays(&SEED_EXPONENTIAL).len() + 1, 6);
}

#[test]
fn perl_s_factor_doubles_as_documented_and_grows_by_itself_as_coded() {
    let quarter = Duration::from_millis(250);
    assert_eq!(delays(&perl_retryable(quarter, 4)), [250, 500, 1000, 2000].map(Duration::from_millis));
    assert_eq!(delays(&perl_retryable_as_coded(quarter, 4)), [250, 500, 750, 1000].map(Duration::from_millis));
    for retryable in [perl_retryable, perl_retryable_as_coded] {
        assert_eq!(delays(&retryable(quarter, 0)), []);
        assert_eq!(retryable(Duration::MAX, u32::MAX).max_attempts(), None);
        assert!(retryable(Duration::MAX, u32::MAX).check().is_ok());
    }
}

#[test]
fn every_preset_agrees_with_itself_and_says_its_numbers() {
    for preset in Preset::all() {
        assert_eq!(preset.policy().check(), Ok(()), "{}", preset.name());
        assert!(!preset.about().is_empty() && !preset.source().is_empty());
        assert!(!preset.about().contains('\n') && preset.about().len() <= 80, "{}", preset.about());
    }
}

#[test]
fn only_the_default_has_policies_for_classes() {
    for preset in Preset::all() {
        let stops = run(preset.policy(), Verdict::PERSISTENT, 0, 2).delays.is_empty();
        assert_eq!(stops, preset.name() != "default", "{}", preset.name());
    }
}
