//! The presets in the text form of policies.

use retry_core::{Policy, PolicyNames};
use retry_email::preset::{DEFAULT, POSTFIX, Preset, Presets};

#[test]
fn every_preset_survives_as_text() {
    for preset in Preset::all() {
        let text = preset.policy().to_string();
        assert_eq!(text.parse::<Policy>().as_ref(), Ok(preset.policy()), "{}: {text}", preset.name());
    }
}

#[test]
fn the_texts_say_what_the_presets_are() {
    let text = |name: &str| Preset::named(name).unwrap().policy().to_string();
    for (name, expected) in [
        ("rfc5321", "[30m*2 2h30m+], within 5d"),
        ("postfix", "age 5m..1h6m40s, within 5d"),
        ("exim", "ages [2h: 15m, 16h: 1h x1.5, 4d: 6h], cap 1d, within 4d"),
        ("kumomta", "exp 20m +-30s, within 7d"),
        ("haraka", "exp 1m4s, 13 attempts"),
        ("postal", "exp 5m x1.3, 18 attempts"),
        ("zonemta", "[5m 7m 8m 25m 1h15m 2h 4h*11], within 2d"),
        ("seed_staggered", "[5m*2 10m 30m 1h]"),
        ("seed_temporary", "linear 5m +20%, 4 attempts"),
        ("seed_best_practice", "exp 10m..1d +-15%, within 3d"),
        ("interactive", "[1s 5s 30s 2m 10m], within 30m"),
    ] {
        assert_eq!(text(name), expected, "{name}");
    }
}

#[test]
fn a_preset_s_name_is_a_policy() {
    for preset in Preset::all() {
        for name in [preset.name().to_owned(), preset.name().replace('_', "-"), preset.name().to_uppercase()] {
            assert_eq!(Policy::parse_with(&Presets, &name).as_ref(), Ok(preset.policy()), "{name}");
        }
    }
    assert_eq!(Presets.names().len(), Preset::all().len());
}

#[test]
fn a_preset_can_be_changed_and_can_be_a_class_s_policy() {
    let parse = |text| Policy::parse_with(&Presets, text).unwrap();
    assert_eq!(parse("postfix, 8 attempts"), POSTFIX.clone().attempts(8));
    let text = "default +-10%; persistent: ims-nonurgent";
    let classes = parse(text);
    assert_eq!(
        classes.class_policy(retry_core::Retryable::Persistent),
        Preset::named("ims_nonurgent").map(Preset::policy)
    );
    // What is not named stays.
    assert_eq!(
        classes.class_policy(retry_core::Retryable::Throttled),
        DEFAULT.class_policy(retry_core::Retryable::Throttled)
    );
}

#[test]
fn a_wrong_name_is_refused_with_the_nearest() {
    for (text, name) in [("postfx", "postfix"), ("opensmpd", "opensmtpd"), ("seed_staggerd", "seed_staggered")] {
        let error = Policy::parse_with(&Presets, text).unwrap_err();
        assert_eq!((error.column(), error.suggestion()), (1, Some(name)), "{error}");
    }
}
