use std::collections::HashSet;
use std::time::Duration;

use retry_core::Seeded;
use retry_http::http::HeaderMap;
use retry_http::{IdempotencyKey, InvalidKey, KeyPlace, Provider};

#[test]
fn random_keys_differ_and_are_repeated_by_the_seed() {
    let mut rng = Seeded::new(1);
    let keys: HashSet<_> = (0..1000).map(|_| IdempotencyKey::random(&mut rng)).collect();
    assert_eq!(keys.len(), 1000);
    assert!(keys.contains(&IdempotencyKey::random(&mut Seeded::new(1))));
    // Version 4, variant 1 (RFC 9562 section 5.4).
    assert!(
        keys.iter().all(|key| key.as_str().as_bytes()[14] == b'4' && b"89ab".contains(&key.as_str().as_bytes()[19]))
    );
}

#[test]
fn derived_keys_are_the_same_for_ever() {
    // As Python computes it: uuid5(uuid5(namespace, "orders"), "1042"). Pinned: a change would repeat requests whose jobs were enqueued before it.
    assert_eq!(IdempotencyKey::derived("orders", "1042").as_str(), PINNED);
    let pairs = [("a", "bc"), ("ab", "c"), ("", "abc"), ("abc", ""), ("a\0b", "c"), ("☃", "é")];
    let keys: HashSet<_> = pairs.iter().map(|(queue, job)| IdempotencyKey::derived(queue, job)).collect();
    assert_eq!(keys.len(), pairs.len());
}

const PINNED: &str = "2b5220d7-a3d5-50f4-8dce-f34838518a74";

#[test]
fn a_stored_key_is_read_back() {
    for text in ["8e03978e-40d5-43dd-bc93-6894a57f9324", "order/1042", "a b", r#"say "hi" \o/"#, &"x".repeat(256)] {
        let key: IdempotencyKey = text.parse().unwrap();
        assert_eq!(key.to_string().parse(), Ok(key));
    }
    assert_eq!("x".repeat(257).parse::<IdempotencyKey>(), Err(InvalidKey::Length(257)));
    for text in ["é", "a\tb", "a\nb", "\u{7f}"] {
        assert_eq!(text.parse::<IdempotencyKey>(), Err(InvalidKey::Character), "{text:?}");
    }
}

#[test]
fn the_drafts_form_is_a_string_of_structured_fields() {
    let key: IdempotencyKey = "8e03978e-40d5-43dd-bc93-6894a57f9324".parse().unwrap();
    assert_eq!(key.quoted(), "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"");
    assert_eq!(key.bare(), "8e03978e-40d5-43dd-bc93-6894a57f9324");
}

#[test]
fn a_key_stays_on_the_request_that_has_one() {
    let mut headers = HeaderMap::new();
    headers.insert(IdempotencyKey::HEADER, "mine".parse().unwrap());
    IdempotencyKey::ensure(&mut headers, &mut Seeded::new(1));
    assert!(Provider::named("resend").unwrap().put_key(&IdempotencyKey::derived("a", "b"), &mut headers));
    assert_eq!(headers.get_all(IdempotencyKey::HEADER).iter().collect::<Vec<_>>(), ["mine"]);
}

#[test]
fn providers_say_where_keys_go_and_how_long_they_count() {
    let hour = Duration::from_secs(3600);
    for provider in Provider::all() {
        let (place, fresh, after) = match provider.name() {
            "resend" => (KeyPlace::Header, true, 24 * hour),
            "brevo" => (KeyPlace::JsonBody("/headers/idempotencyKey"), true, hour / 4),
            _ => (KeyPlace::Nowhere, false, Duration::ZERO),
        };
        assert_eq!(provider.key_place(), place, "{}", provider.name());
        assert_eq!(provider.remembers_key(Duration::ZERO), fresh, "{}", provider.name());
        assert!(!provider.remembers_key(after), "{}", provider.name());
    }
}
