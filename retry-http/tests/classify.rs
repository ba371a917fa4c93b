use std::time::Duration;

use retry_core::{Class, Effect, ErrorClassifier, HintSource, Scope};
use retry_http::{Action, Exchange, Fault, HttpClassifier, Provider, Reason};

use crate::support::{NOW, answer, fault, headers};

const SAFE_OR_IDEMPOTENT: [&str; 6] = ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"];
const FAULTS: [Fault; 16] = [
    Fault::Dns,
    Fault::NameNotFound,
    Fault::Refused,
    Fault::ConnectTimeout,
    Fault::Tls,
    Fault::BadCertificate,
    Fault::PoolTimeout,
    Fault::RefusedStream,
    Fault::GoAway,
    Fault::Timeout,
    Fault::Closed,
    Fault::Protocol,
    Fault::Body,
    Fault::TooManyRedirects,
    Fault::BadRequest,
    Fault::Other,
];

#[test]
fn idempotent_requests_are_retried_at_the_seven_statuses() {
    for method in SAFE_OR_IDEMPOTENT {
        for status in [408, 425, 429, 500, 502, 503, 504] {
            assert!(answer(method, status, &[]).unwrap().is_worth_a_retry(), "{method} {status}");
        }
        for status in
            [400, 401, 402, 403, 404, 405, 406, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422, 423, 424]
                .into_iter()
                .chain([426, 428, 431, 451, 501, 505, 506, 507, 508, 510, 511, 600, 999])
        {
            assert!(!answer(method, status, &[]).unwrap().is_worth_a_retry(), "{method} {status}");
        }
    }
}

#[test]
fn nothing_below_400_is_a_failure() {
    for status in 100..400 {
        assert_eq!(answer("POST", status, &[("retry-after", "5")]), None, "{status}");
    }
}

#[test]
fn a_post_without_a_key_is_repeated_only_where_nothing_can_have_happened() {
    for method in ["POST", "PATCH", "CONNECT", "LOCK", "post", "NONSENSE", ""] {
        for status in [408, 425, 500, 502, 503, 504, 599] {
            let judgement = answer(method, status, &[("retry-after", "5")]).unwrap();
            assert_eq!(judgement.verdict.effect, Effect::Possible, "{method} {status}");
            assert_eq!(judgement.action(), Action::UnknownOutcome, "{method} {status}");
        }
        assert!(answer(method, 429, &[]).unwrap().is_worth_a_retry());
        for (kind, repeated) in [
            (Fault::Refused, true),
            (Fault::ConnectTimeout, true),
            (Fault::Dns, true),
            (Fault::Tls, true),
            (Fault::PoolTimeout, true),
            (Fault::RefusedStream, true),
            (Fault::GoAway, true),
            (Fault::Timeout, false),
            (Fault::Closed, false),
            (Fault::Protocol, false),
            (Fault::Body, false),
            (Fault::Other, false),
        ] {
            assert_eq!(fault(method, kind).is_worth_a_retry(), repeated, "{method} {kind}");
        }
    }
}

#[test]
fn what_a_fault_says_of_the_effect_does_not_depend_on_the_method() {
    for kind in FAULTS {
        assert_eq!(fault("GET", kind).verdict, fault("POST", kind).verdict, "{kind}");
        assert_eq!(fault("GET", kind).verdict.effect == Effect::Possible, kind.was_sent(), "{kind}");
    }
}

#[test]
fn a_key_makes_a_post_repeatable() {
    let none = headers(&[]);
    for status in [408, 425, 500, 502, 503, 504] {
        let exchange = Exchange::answer("POST", status, &none, NOW).keyed(Duration::ZERO);
        let judgement = HttpClassifier::new().judge(&exchange).unwrap();
        assert!(judgement.is_worth_a_retry(), "{status}");
        // It may have happened all the same.
        assert_eq!(judgement.verdict.effect, Effect::Possible);
    }
}

#[test]
fn conflicts_about_the_key_are_told_from_others() {
    let none = headers(&[]);
    let judge = |exchange: Exchange<'_>| HttpClassifier::new().judge(&exchange).unwrap();
    let running = judge(Exchange::answer("POST", 409, &none, NOW).keyed(Duration::ZERO));
    assert_eq!((running.reason, running.is_worth_a_retry()), (Reason::IdempotencyInProgress, true));
    let reused = judge(Exchange::answer("POST", 422, &none, NOW).keyed(Duration::ZERO));
    assert_eq!((reused.reason, reused.verdict.class), (Reason::IdempotencyMismatch, Class::Permanent));
    let conflict = judge(Exchange::answer("POST", 409, &none, NOW));
    assert_eq!((conflict.reason, conflict.verdict.class), (Reason::Conflict, Class::Permanent));
}

#[test]
fn a_closed_service_had_no_effect_only_where_it_is_declared_atomic() {
    static ATOMIC: Provider = Provider::plain("ours").atomic();
    let classifier = HttpClassifier::new().provider(&ATOMIC);
    let (asked, silent) = (headers(&[("retry-after", "5")]), headers(&[]));
    let effect =
        |status, fields| classifier.judge(&Exchange::answer("POST", status, fields, NOW)).unwrap().verdict.effect;
    assert_eq!(effect(503, &asked), Effect::None);
    assert_eq!(effect(503, &silent), Effect::Possible);
    assert_eq!(effect(500, &asked), Effect::Possible);
}

#[test]
fn credentials_are_ours_to_fix_and_the_rest_of_4xx_is_this_request() {
    for (status, class, scope, action) in [
        (401, Class::Misconfigured, Scope::Account, Action::ConfigErrorAuth),
        (403, Class::Misconfigured, Scope::Account, Action::ConfigErrorAuth),
        (407, Class::Misconfigured, Scope::Account, Action::ConfigErrorAuth),
        (402, Class::Misconfigured, Scope::Account, Action::ConfigErrorAccount),
        (404, Class::Permanent, Scope::Request, Action::FailRequest),
        (422, Class::Permanent, Scope::Request, Action::FailRequest),
        (507, Class::Persistent, Scope::Destination, Action::RetryLater),
    ] {
        let judgement = answer("GET", status, &[]).unwrap();
        assert_eq!((judgement.verdict.class, judgement.verdict.scope), (class, scope), "{status}");
        assert_eq!(judgement.action(), action, "{status}");
        assert_eq!(judgement.verdict.effect == Effect::None, class == Class::Misconfigured, "{status}");
    }
}

#[test]
fn a_403_is_a_rate_limit_where_the_headers_say_so() {
    let class = |fields| answer("POST", 403, fields).unwrap().verdict.class;
    assert_eq!(class(&[]), Class::Misconfigured);
    assert_eq!(class(&[("retry-after", "60")]), Class::Throttled);
    assert_eq!(class(&[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "60")]), Class::Throttled);
    assert_eq!(class(&[("x-ratelimit-remaining", "10"), ("x-ratelimit-reset", "60")]), Class::Misconfigured);
}

#[test]
fn a_413_passes_where_the_server_names_a_delay() {
    assert_eq!(answer("GET", 413, &[]).unwrap().verdict.class, Class::Permanent);
    let asked = answer("GET", 413, &[("retry-after", "7")]).unwrap();
    assert_eq!((asked.verdict.class, asked.verdict.scope), (Class::Transient, Scope::Request));
    assert_eq!(asked.verdict.hint().unwrap().not_before, Duration::from_secs(7));
}

#[test]
fn push_back_decides_before_everything_else() {
    let judge = |status, value| answer("GET", status, &[("grpc-retry-pushback-ms", value), ("retry-after", "9")]);
    for value in ["-1", "xxx", "", "99999999999"] {
        let refused = judge(503, value).unwrap();
        assert_eq!((refused.verdict.class, refused.reason), (Class::Permanent, Reason::PushedBack), "{value}");
    }
    let hint = judge(503, "1500").unwrap().verdict.hint().unwrap();
    assert_eq!((hint.not_before, hint.source), (Duration::from_millis(1500), HintSource::PushBack));
    assert_eq!(judge(200, "-1"), None, "a success is no failure");
}

#[test]
fn hints_belong_to_what_may_pass() {
    let fields = [("retry-after", "9")];
    assert!(answer("GET", 503, &fields).unwrap().verdict.hint().is_some());
    assert_eq!(answer("GET", 404, &fields).unwrap().verdict.hint(), None);
    assert_eq!(answer("GET", 401, &fields).unwrap().verdict.hint(), None);
}

#[test]
fn a_limit_that_has_something_left_is_no_hint() {
    let hint = |status, fields| answer("GET", status, fields).unwrap().verdict.hint();
    assert_eq!(hint(503, &[("ratelimit", r#""default";r=50;t=30"#)]), None);
    assert_eq!(hint(503, &[("x-ratelimit-remaining", "5"), ("x-ratelimit-reset", "30")]), None);
    // Only a throttled request can have met a limit that does not say what is left.
    assert_eq!(hint(503, &[("x-ratelimit-reset", "30")]), None);
    assert_eq!(hint(429, &[("x-ratelimit-reset", "30")]).unwrap().not_before, Duration::from_secs(30));
}

#[test]
fn as_a_classifier_it_clears_the_effect_of_what_can_be_repeated() {
    let none = headers(&[]);
    let classifier = HttpClassifier::new();
    let effect = |exchange: Exchange<'_>| classifier.classify(&exchange).effect;
    assert_eq!(effect(Exchange::answer("GET", 503, &none, NOW)), Effect::None);
    assert_eq!(effect(Exchange::answer("POST", 503, &none, NOW)), Effect::Possible);
    assert_eq!(classifier.classify(&Exchange::answer("GET", 200, &none, NOW)).class, Class::Unknown);
    assert_eq!(classifier.classify(&Fault::Timeout).effect, Effect::Possible);
}
