use proptest::prelude::*;
use retry_core::{
    Class, Decision, Decorrelated, DecorrelatedV2, Hint, HintRule, HintSource, Law, Policy, Retryable, Seeded, Session,
    StopReason, Time, Verdict,
};

use crate::support::facts::{MS, SECOND};
use crate::support::strategies::{cases, dice, policy, verdict};

fn store(session: Session) -> Session {
    serde_json::from_str(&serde_json::to_string(&session).unwrap()).unwrap()
}

/// Decorrelated delays by class, where the previous delay matters; V2, where the sum does.
fn depends_on_the_past() -> Policy {
    let decorrelated = |base, cap| Policy::new(Decorrelated::new(base, cap).unwrap().into());
    decorrelated(MS, SECOND)
        .attempts(50)
        .within(100 * SECOND)
        .on_class_owned(Retryable::Throttled, decorrelated(10 * MS, 5 * SECOND))
        .on_class_owned(Retryable::Persistent, Policy::new(DecorrelatedV2::new(MS, SECOND).into()).attempts(9))
        .on_class_owned(Retryable::Misconfigured, Policy::exponential(SECOND, 9 * SECOND).jitter(Law::EQUAL))
}

/// Fails by `trace`; the session is stored and loaded before failure `cut`.
fn run(policy: &Policy, trace: &[Verdict], cut: Option<usize>, seed: u64) -> (Vec<Decision>, Session) {
    let (mut session, mut rng) = (Session::begin(Time::from_nanos(7)), Seeded::new(seed));
    let (mut now, mut decisions) = (Time::from_nanos(7), Vec::new());
    for (n, verdict) in trace.iter().enumerate() {
        if cut == Some(n) {
            session = store(session);
        }
        let decision = session.on_failure(now, *verdict, policy, &mut rng);
        decisions.push(decision);
        let Decision::Retry(wait) = decision else { break };
        now = now.after(wait.delay()).after(MS);
    }
    (decisions, session)
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_session_stored_in_mid_run_decides_as_if_nothing_had_happened(
        policy in prop_oneof![Just(depends_on_the_past()), policy()],
        trace in prop::collection::vec(verdict(), 1..40),
        (cut, seed) in (0..40_usize, any::<u64>()),
    ) {
        prop_assert_eq!(run(&policy, &trace, Some(cut), seed), run(&policy, &trace, None, seed));
    }

    #[test]
    fn a_verdict_comes_back_whole(verdict in verdict()) {
        let text = serde_json::to_string(&verdict).unwrap();
        prop_assert_eq!(serde_json::from_str::<Verdict>(&text).unwrap(), verdict);
    }

    /// Numbers that no run can have come to.
    #[test]
    fn a_session_of_wild_numbers_panics_nowhere(
        (begun, slept, previous, now) in (any::<u64>(), any::<u64>(), any::<u64>(), any::<u64>()),
        (attempt, failures) in (1..=u32::MAX, any::<[u32; 3]>()),
        (policy, verdict, dice) in (policy(), verdict(), dice()),
    ) {
        let mut value = serde_json::to_value(Session::begin(Time::from_nanos(begun))).unwrap();
        for (name, wild) in [("slept", slept), ("previous", previous), ("attempt", attempt.into())] {
            prop_assert!(value.get(name).is_some(), "{value}");
            value[name] = wild.into();
        }
        prop_assert!(value.get("failures").is_some(), "{value}");
        value["failures"] = failures.as_slice().into();
        let mut session: Session = serde_json::from_value(value).unwrap();
        for _ in 0..3 {
            let mut rng = dice.rng();
            let _ = session.on_failure(Time::from_nanos(now), verdict, &policy, &mut rng);
        }
        prop_assert!(session.attempt() >= attempt && session.attempt() - attempt <= 3);
    }
}

#[test]
fn attempts_saturate() {
    struct Patient;
    impl retry_core::RetryPolicy for Patient {
        fn decide(&self, _: &retry_core::Failure, _: &mut dyn retry_core::Entropy) -> Decision {
            Decision::retry(SECOND)
        }
    }
    let mut value = serde_json::to_value(Session::begin(Time::default())).unwrap();
    value["attempt"] = (u32::MAX - 1).into();
    let mut session: Session = serde_json::from_value(value).unwrap();
    for attempt in [u32::MAX, u32::MAX, u32::MAX] {
        let _ = session.on_failure(Time::default(), Verdict::THROTTLED, &Patient, &mut Seeded::new(0));
        assert_eq!(session.attempt(), attempt);
    }
    assert_eq!(session.slept(), 3 * SECOND);
}

#[test]
fn a_session_without_an_attempt_is_refused() {
    let mut value = serde_json::to_value(Session::begin(Time::default())).unwrap();
    value["attempt"] = 0.into();
    assert!(serde_json::from_value::<Session>(value).is_err());
}

fn text(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

#[test]
fn words_are_stored_in_lower_snake_case() {
    for class in
        [Class::Transient, Class::Throttled, Class::Persistent, Class::Misconfigured, Class::Permanent, Class::Unknown]
    {
        assert_eq!(text(&class), format!("\"{class}\""));
    }
    assert_eq!(text(&StopReason::HintTooFar), "\"hint_too_far\"");
    assert_eq!(text(&HintSource::PushBack), "\"push_back\"");
    // A rule meets policies only, and is spelt as in their text.
    assert_eq!(text(&HintRule::AtLeast), "\"at-least\"");
    assert_eq!(serde_json::from_str::<HintRule>("\"at_least\"").unwrap(), HintRule::AtLeast);
    assert_eq!(text(&Time::from_nanos(9)), "9");
    let hint = Hint::new(SECOND, HintSource::Text);
    assert_eq!(serde_json::from_str::<Hint>(&text(&hint)).unwrap(), hint);
}

#[test]
fn a_verdict_is_stored_by_its_words_and_needs_no_hint() {
    let verdict = Verdict::THROTTLED.after(SECOND);
    let value = serde_json::to_value(verdict).unwrap();
    assert_eq!((value["class"].as_str(), value["effect"].as_str()), (Some("throttled"), Some("none")));
    assert_eq!(value["scope"].as_str(), Some("destination"));
    assert_eq!(value["hint"]["source"].as_str(), Some("retry_after"));
    let bare = r#"{"class":"transient","effect":"possible","scope":"request"}"#;
    let loaded: Verdict = serde_json::from_str(bare).unwrap();
    assert_eq!(loaded, Verdict::TRANSIENT.scope(retry_core::Scope::Request));
}
