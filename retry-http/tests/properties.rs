//! Laws that hold for any bytes a server sends.

use std::time::{Duration, SystemTime};

use proptest::collection::vec;
use proptest::prelude::*;
use retry_core::{Effect, Failure, HintRule, Policy, RetryPolicy, Seeded};
use retry_http::http::{HeaderMap, HeaderName, HeaderValue};
use retry_http::{
    Exchange, Fault, HttpClassifier, IdempotencyKey, Methods, Provider, PushBack, RateLimit, RateLimitPolicy,
    ResetFormat, RetryAfter, Rules, next_allowed,
};

fn cases() -> ProptestConfig {
    let cases = std::env::var("RETRY_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(256);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

const NAMES: [&str; 16] = [
    "retry-after",
    "retry-after-ms",
    "x-ms-retry-after-ms",
    "x-amz-retry-after",
    "ratelimit",
    "ratelimit-policy",
    "ratelimit-remaining",
    "ratelimit-reset",
    "x-ratelimit-remaining",
    "x-ratelimit-reset",
    "x-rate-limit-reset",
    "x-sib-ratelimit-remaining",
    "x-sib-ratelimit-reset",
    "grpc-retry-pushback-ms",
    "x-amzn-errortype",
    "date",
];

/// Values of all sorts: bytes, numbers, dates, structured fields, and near misses of them.
fn value() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        vec(any::<u8>(), 0..40),
        "[0-9]{1,25}".prop_map(String::into_bytes),
        "[-+ ]?[0-9.]{1,6}".prop_map(String::into_bytes),
        "(Mon|Sun|Fri), [0-9]{1,2} (Jan|Dec|Foo) [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} (GMT|UTC)"
            .prop_map(String::into_bytes),
        r#""[a-z]{0,4}";[rqt]=[0-9]{1,16}(;t=-?[0-9]{1,5})?(;pk=:[A-Za-z]{0,4}=*:)?,?"#.prop_map(String::into_bytes),
    ]
}

fn header_map() -> impl Strategy<Value = HeaderMap> {
    vec((proptest::sample::select(&NAMES), value()), 0..8).prop_map(|fields| {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            if let Ok(value) = HeaderValue::from_bytes(&value) {
                headers.append(HeaderName::from_static(name), value);
            }
        }
        headers
    })
}

fn time() -> impl Strategy<Value = SystemTime> {
    (0..20_000_000_000_u64).prop_map(|seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
}

fn classifier() -> impl Strategy<Value = HttpClassifier> {
    let rules = proptest::sample::select(vec![
        Rules::standard(),
        Rules::urllib3(),
        Rules::aws(),
        Rules::dotnet(),
        Rules::hashicorp(),
        Rules::standard().methods(Methods::ANY),
    ]);
    let provider = proptest::option::of(proptest::sample::select(Provider::all().collect::<Vec<_>>()));
    (rules, provider).prop_map(|(rules, provider)| {
        let classifier = HttpClassifier::new().rules(rules);
        match provider {
            Some(provider) => classifier.provider(provider),
            None => classifier,
        }
    })
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn no_bytes_break_a_parser_and_no_delay_exceeds_the_engines(bytes in value(), now in time()) {
        let forever = Duration::from_nanos(u64::MAX);
        if let Ok(parsed) = RetryAfter::parse(&bytes) {
            prop_assert!(parsed.delay(now) <= forever);
        }
        for format in [ResetFormat::Seconds, ResetFormat::Millis, ResetFormat::UnixSeconds, ResetFormat::UnixMillis, ResetFormat::Detect] {
            prop_assert!(format.delay(&bytes, now).is_ok_and(|delay| delay <= forever) || format.delay(&bytes, now).is_err());
        }
        let _ = (RateLimit::parse(&bytes), RateLimitPolicy::parse(&bytes), PushBack::parse([&bytes]));
        let text = String::from_utf8_lossy(&bytes);
        let _ = (text.parse::<Fault>(), Provider::of_host(&text), Provider::named(&text));
    }

    #[test]
    fn every_answer_has_a_judgement_that_keeps_the_law(
        classifier in classifier(),
        method in "(GET|POST|PUT|[a-zA-Z]{0,6})",
        status in 0_u16..=1100,
        headers in header_map(),
        body in prop_oneof![vec(any::<u8>(), 0..60), r#"\{"(name|code|message|ErrorCode)":("[a-z_ ]{0,20}"|[0-9]{1,4})\}"#.prop_map(String::into_bytes)],
        keyed in any::<bool>(),
        now in time(),
    ) {
        let exchange = Exchange::answer(&method, status, &headers, now).body(&body);
        let exchange = if keyed { exchange.keyed(Duration::ZERO) } else { exchange };
        let Some(judgement) = classifier.judge(&exchange) else {
            prop_assert!(status < 400);
            return Ok(());
        };
        // What may have happened is repeated only with an idempotent method, by the user's word, or with a key.
        if judgement.is_worth_a_retry() && judgement.verdict.effect == Effect::Possible {
            prop_assert!(keyed || classifier.rules_in_force().may_repeat(&method));
        }
        prop_assert_eq!(judgement.for_policy().effect == Effect::None, judgement.repeatable);
        // The same question, the same answer.
        prop_assert_eq!(classifier.judge(&exchange), Some(judgement));
    }

    #[test]
    fn no_hint_makes_a_policy_wait_longer_than_it_may(headers in header_map(), now in time(), max in 0_u64..100_000) {
        let max = Duration::from_secs(max);
        let exchange = Exchange::answer("GET", 429, &headers, now);
        let Some(judgement) = HttpClassifier::new().judge(&exchange) else { return Ok(()) };
        let base = Duration::from_secs(1);
        for rule in [HintRule::AtLeast, HintRule::Exactly, HintRule::Clamp(Duration::from_secs(5)), HintRule::Ignore] {
            let policy = Policy::constant(base).hints(rule, max);
            let delay = policy.decide(&Failure::first(judgement.verdict), &mut Seeded::new(1)).delay();
            prop_assert!(delay.is_none_or(|delay| delay <= base.max(max)), "{rule:?}: {delay:?} with {max:?}");
        }
    }

    #[test]
    fn retry_after_beats_the_rate_limit_fields(headers in header_map(), seconds in 0_u64..1_000_000, now in time()) {
        let mut headers = headers;
        headers.remove("retry-after-ms");
        headers.remove("x-ms-retry-after-ms");
        headers.insert("retry-after", HeaderValue::from(seconds));
        prop_assert_eq!(next_allowed(&headers, now), Some(Duration::from_secs(seconds)));
    }

    #[test]
    fn any_printable_text_is_a_key_and_survives_its_header(text in "[ -~]{1,256}") {
        let key: IdempotencyKey = text.parse().unwrap();
        prop_assert_eq!(key.as_str(), &text);
        let quoted = key.quoted();
        let item: sfv::Item = sfv::Parser::new(quoted.as_bytes()).parse().unwrap();
        prop_assert_eq!(item.bare_item.as_string().unwrap().as_str(), &text);
    }

    #[test]
    fn any_names_have_a_key(queue in any::<String>(), job in any::<String>()) {
        let key = IdempotencyKey::derived(&queue, &job);
        prop_assert_eq!(key.to_string().parse(), Ok(key));
    }
}
