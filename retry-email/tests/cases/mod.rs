use proptest::prelude::ProptestConfig;

/// As many cases of a property as the environment asks for in `RETRY_CASES`.
pub(crate) fn cases() -> ProptestConfig {
    let cases = std::env::var("RETRY_CASES").ok().and_then(|text| text.parse().ok());
    ProptestConfig { cases: cases.unwrap_or(2_000), failure_persistence: None, ..ProptestConfig::default() }
}
