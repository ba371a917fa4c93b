//! The two questions of policy, and the engine's verdict.

use retry_core::{Class, Effect, ErrorClassifier, Scope};
use retry_email::{Action, Answer, Classifier, Reply};

#[test]
fn a_full_mailbox_is_persistent_unless_told_otherwise() {
    for reply in ["452 4.2.2 qxz", "552 5.2.2 Mailbox full"] {
        let answer = Answer::from_text(reply);
        assert_eq!(Classifier::builtin().classify(&answer).class, Some(Class::Persistent));
        let strict = Classifier::builder().full_mailbox(Class::Permanent).build().unwrap();
        let got = strict.classify(&answer);
        assert_eq!((got.class, got.action), (Some(Class::Permanent), Action::FailRecipient));
        let patient = Classifier::builder().full_mailbox(Class::Transient).build().unwrap();
        let got = patient.classify(&answer);
        assert_eq!((got.class, got.action), (Some(Class::Transient), Action::RetryLater));
    }
}

#[test]
fn a_5yz_that_blames_our_address_is_persistent_unless_told_otherwise() {
    let strict = Classifier::builder().blamed_address(Class::Permanent).build().unwrap();
    for (reply, action) in [
        ("554 Client host [192.0.2.1] blocked using bl.example.org", Action::OtherRouteOrFail),
        ("550 5.7.708 qxz", Action::SenderReputation),
    ] {
        let answer = Answer::from_text(reply);
        let got = Classifier::builtin().classify(&answer);
        assert_eq!((got.class, got.action), (Some(Class::Persistent), action), "{reply}");
        let got = strict.classify(&answer);
        assert_eq!((got.class, got.action), (Some(Class::Permanent), action), "{reply}");
    }
    // A listed domain is permanent in any case, and a 4yz passes.
    let class = |reply| strict.classify(&Answer::from_text(reply)).class;
    assert_eq!(class("554 sender domain listed in dbl.spamhaus.org"), Some(Class::Permanent));
    assert_eq!(class("451 Client host [192.0.2.1] blocked using bl.example.org"), Some(Class::Persistent));
}

#[test]
fn a_classifier_serves_the_engine() {
    fn verdict<E>(classifier: &impl ErrorClassifier<E>, error: &E) -> (Class, Effect, Scope) {
        let verdict = classifier.classify(error);
        (verdict.class, verdict.effect, verdict.scope)
    }
    let classifier = Classifier::builtin();
    let reply = Reply::new(550, "5.1.1 no such user");
    assert_eq!(verdict(classifier, &reply), (Class::Permanent, Effect::None, Scope::Request));
    assert_eq!(verdict(classifier, &Reply::new(250, "Ok")).0, Class::Unknown);
    let answer = Answer::event(retry_email::Event::Timeout).at(retry_email::Stage::Dot);
    assert_eq!(verdict(classifier, &answer), (Class::Transient, Effect::Possible, Scope::Request));
}

#[test]
fn a_classifier_can_be_shared_by_threads() {
    const fn is_shared<T: Send + Sync + Clone + std::fmt::Debug>() {}
    is_shared::<Classifier>();
    is_shared::<Answer<'static>>();
    is_shared::<Reply>();
    is_shared::<retry_email::ReplyReader>();
    is_shared::<retry_email::Rules>();
    let _: &dyn ErrorClassifier<Reply> = Classifier::builtin();
}
