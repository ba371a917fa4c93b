//! How many cases the properties are tried with.

use proptest::test_runner::Config;

/// As many as the environment asks for in `RETRY_CASES`; 256 otherwise.
pub(crate) fn cases() -> Config {
    let cases = std::env::var("RETRY_CASES").ok().and_then(|text| text.parse().ok());
    Config { failure_persistence: None, ..Config::with_cases(cases.unwrap_or(256)) }
}
