use std::collections::HashSet;

use retry_email::preset::Preset;

const NAMES: [&str; 25] = [
    "default",
    "interactive",
    "rfc5321",
    "postfix",
    "exim",
    "opensmtpd",
    "sendmail",
    "stalwart",
    "kumomta",
    "haraka",
    "postal",
    "zonemta",
    "ims_urgent",
    "ims_normal",
    "ims_nonurgent",
    "django_mailer",
    "perl_retryable",
    "seed_exponential",
    "seed_handler",
    "seed_staggered",
    "seed_intervals",
    "seed_temporary",
    "seed_persistent",
    "seed_permanent",
    "seed_best_practice",
];

#[test]
fn every_preset_is_in_the_table_once() {
    let names: Vec<_> = Preset::all().iter().map(Preset::name).collect();
    assert_eq!(names, NAMES);
    assert_eq!(names.iter().collect::<HashSet<_>>().len(), NAMES.len());
}

#[test]
fn a_name_is_found_with_hyphens_and_in_capitals() {
    for name in NAMES {
        for spelling in [name.to_owned(), name.replace('_', "-"), name.to_uppercase()] {
            assert_eq!(Preset::named(&spelling).unwrap().name(), name);
        }
    }
    for name in ["", "postfi", "postfix ", "postfix2", "seed exponential", "ims__urgent", "ümlaut"] {
        assert!(Preset::named(name).is_none(), "{name}");
    }
}
