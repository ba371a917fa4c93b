//! Rules as data: the crate's own, and a user's before them.

use retry_core::Class;
use retry_email::{Action, Answer, Classifier, Reason, Rules};

fn with(toml: &str) -> Classifier {
    Classifier::builder().rules(Rules::from_toml(toml).unwrap()).build().unwrap()
}

#[test]
fn the_rules_of_the_crate_can_be_read() {
    Classifier::builder().build().map_err(|error| error.to_string()).unwrap();
}

#[test]
fn a_users_rule_goes_before_any_other() {
    let ours = with(
        r#"
        [[rule]]
        name = "ours"
        text = ["user unknown"]
        code = ["550"]
        stage = ["rcpt"]
        reason = "policy"
        class = "throttled"
        action = "retry_soon"
        scope = "account"
        effect = "possible"
        alert = true
        confidence = "low"
        "#,
    );
    let answer = |text| Answer::from_text(text).at(retry_email::Stage::Rcpt);
    let got = ours.classify(&answer("550 5.1.1 user unknown"));
    assert_eq!((got.rule, got.reason, got.class), ("ours", Reason::Policy, Some(Class::Throttled)));
    assert_eq!((got.action, got.scope), (Action::RetrySoon, retry_email::FaultScope::Account));
    assert_eq!((got.effect, got.alert), (retry_core::Effect::Possible, true));
    assert_eq!(got.confidence, retry_email::Confidence::Low);

    // Each of its conditions counts.
    for text in ["551 5.1.1 user unknown", "550 5.1.1 no such user"] {
        assert_ne!(ours.classify(&answer(text)).rule, "ours", "{text}");
    }
    assert_ne!(ours.classify(&Answer::from_text("550 5.1.1 user unknown")).rule, "ours", "no stage");
}

#[test]
fn a_users_rule_may_overrule_even_a_success() {
    let ours = with(
        "[[rule]]\nname = \"ours\"\ntext = [\"discarded\"]\ncode = [\"2yz\"]\nreason = \"spam\"\nclass = \"permanent\"",
    );
    assert_eq!(ours.classify(&Answer::from_text("250 2.0.0 Ok, discarded")).class, Some(Class::Permanent));
    assert_eq!(ours.classify(&Answer::from_text("250 2.0.0 Ok")).class, None);
}

#[test]
fn with_and_without_narrow_a_rule() {
    let ours = with(
        "[[rule]]\nname = \"ours\"\ntext = [\"qxz\"]\nwith = [\"red\", \"blue\"]\nwithout = [\"green\"]\nreason = \"spam\"",
    );
    let is_ours = |text| ours.classify(&Answer::from_text(text)).rule == "ours";
    assert!(is_ours("550 qxz red") && is_ours("550 blue qxz"));
    assert!(!is_ours("550 qxz") && !is_ours("550 qxz red green") && !is_ours("550 red"));
}

#[test]
fn a_reason_may_bring_something_else() {
    let ours = with(
        "[[reason]]\nname = \"greylisted\"\nscope = \"destination\"\ntransient = { class = \"persistent\", action = \
         \"retry_soon\" }\npermanent = { class = \"permanent\", action = \"fail_message\" }",
    );
    assert_eq!(ours.classify(&Answer::from_text("450 greylisted")).action, Action::RetrySoon);
    assert_eq!(ours.classify(&Answer::from_text("550 greylisted")).action, Action::FailMessage);
}

#[test]
fn words_for_waiting_times_can_be_added() {
    let ours = with("[hints]\ntopics = [\"odota\"]\nbefore = [\"noin\"]\nunits = { 60 = [\"minuuttia\"] }");
    let hint = |classifier: &Classifier| classifier.classify(&Answer::from_text("450 odota noin 5 minuuttia")).hint;
    assert_eq!(hint(&ours).map(|hint| hint.as_secs()), Some(300));
    assert_eq!(hint(Classifier::builtin()), None);
    // Numbers as words, and a language that has the topic behind the time.
    let ours = with(
        "[hints]\ntopics = [\"uudelleen\"]\nbehind = [\"kuluttua\"]\nbefore = [\"noin\"]\n\
         numbers = { 5 = [\"viiden\"] }\nunits = { 60 = [\"minuutin\"] }",
    );
    let hint = ours.classify(&Answer::from_text("450 noin viiden minuutin kuluttua uudelleen")).hint;
    assert_eq!(hint.map(|hint| hint.as_secs()), Some(300));
}

#[test]
fn a_mistake_is_named_with_its_place_and_what_would_be_right() {
    for (toml, words) in [
        ("rule = 5", &["rule"][..]),
        ("[hints]\nnumbers = { x = [\"five\"] }", &["\"x\" is no number", "write digits"]),
        ("[[rule]]\nname = \"x\"\ntext = [\"a\"]", &["missing field `reason`"]),
        ("[[rule]]\nname = \"x\"\ntext = [\"a\"]\nreason = \"spma\"", &["\"spma\" is no reason", "spam", "line 4"]),
        ("[[rule]]\nname = \"x\"\ntxet = [\"a\"]\nreason = \"spam\"", &["unknown field `txet`"]),
        ("[[rule]]\nname = \"x\"\nreason = \"spam\"", &["\"x\" has no condition", "give it text"]),
        ("[[rule]]\nname = \"x\"\nreason = \"spam\"\nwithout = [\"a\"]", &["\"x\" has no condition"]),
        ("[[rule]]\nname = \"x\"\ncode = [\"5xx\"]\nreason = \"spam\"", &["\"5xx\" is no code", "5yz"]),
        ("[[rule]]\nname = \"x\"\nenhanced = [\"5.7\"]\nreason = \"spam\"", &["\"5.7\" is no pattern", "x.2.2"]),
        ("[[rule]]\nname = \"x\"\ntext = [\"a*b\"]\nreason = \"spam\"", &["amid a word"]),
        ("[[rule]]\nname = \"x\"\ntext = [\"?\"]\nreason = \"spam\"", &["without a word"]),
        (
            "[[rule]]\nname = \"x\"\ntext = [\"a\"]\nreason = \"spam\"\nclass = \"bad\"",
            &["\"bad\" is no class", "transient"],
        ),
        ("[[rule]]\nname = \"x\"\nstage = [\"rctp\"]\nreason = \"spam\"", &["\"rctp\" is no stage", "rcpt"]),
        ("[[rule]]\nname = \"x\"\nevent = [\"gone\"]\nreason = \"spam\"", &["\"gone\" is no event", "refused"]),
        ("[hints]\nunits = { minute = [\"m\"] }", &["\"minute\" is no unit", "\"60\""]),
    ] {
        let error = Rules::from_toml(toml).unwrap_err().to_string();
        for word in words {
            assert!(error.contains(word), "{word} in {error}");
        }
    }
}
