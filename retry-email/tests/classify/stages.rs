//! Where it happened.

use retry_core::{Class, Effect};
use retry_email::{Action, Answer, Classifier, Event, FaultScope, Reason, Stage};

fn action(text: &str, stage: Stage) -> Action {
    Classifier::builtin().classify(&Answer::from_text(text).at(stage)).action
}

#[test]
fn a_reply_that_is_no_refusal_is_done_where_it_belongs() {
    for (text, stage) in [
        ("220 mx.example.org", Stage::Greeting),
        ("250 Ok", Stage::Ehlo),
        ("220 ready", Stage::Tls),
        ("334 VXNlcm5hbWU6", Stage::Auth),
        ("235 2.7.0 welcome", Stage::Auth),
        ("250 Ok", Stage::Mail),
        ("251 will forward", Stage::Rcpt),
        ("252 cannot verify", Stage::Rcpt),
        ("354 go ahead", Stage::Data),
        ("250 2.0.0 queued, no spam found, user unknown", Stage::Dot),
        ("221 bye", Stage::Quit),
        ("421 bye", Stage::Quit),
    ] {
        let got = Classifier::builtin().classify(&Answer::from_text(text).at(stage));
        assert_eq!((got.class, got.action), (None, Action::Done), "{text} at {stage}: by rule {}", got.rule);
    }
}

#[test]
fn a_promise_in_the_wrong_place_ends_the_connection() {
    assert_eq!(action("250 Ok", Stage::Data), Action::ProtocolErrorClose);
    assert_eq!(action("354 go ahead", Stage::Rcpt), Action::ProtocolErrorClose);
    assert_eq!(action("354 go ahead", Stage::Mail), Action::ProtocolErrorClose);
    assert_eq!(action("hello", Stage::Rcpt), Action::ProtocolErrorClose);
    assert_eq!(action("650 what", Stage::Rcpt), Action::ProtocolErrorClose);
}

#[test]
fn what_is_no_answer_after_the_dot_leaves_the_outcome_unknown() {
    for text in ["354 go ahead", "hello", "150 wait", "650 what"] {
        let got = Classifier::builtin().classify(&Answer::from_text(text).at(Stage::Dot));
        assert_eq!((got.action, got.effect), (Action::UnknownOutcome, Effect::Possible), "{text}");
        assert_eq!(got.class, Some(Class::Transient), "{text}");
    }
}

#[test]
fn a_greeting_that_refuses_sends_to_the_next_host() {
    assert_eq!(action("554 no service", Stage::Greeting), Action::TryOtherHostThenFail);
    assert_eq!(action("554 5.7.1 qxz", Stage::Connect), Action::TryOtherHostThenFail);
    assert_eq!(action("421 qxz", Stage::Greeting), Action::TryOtherHostThenLater);
    assert_eq!(action("450 4.7.1 qxz", Stage::Greeting), Action::TryOtherHostThenLater);
}

#[test]
fn each_stage_has_its_refusals() {
    for (text, stage, expected) in [
        ("502 5.5.2 command not recognized", Stage::Ehlo, Action::FallbackHelo),
        ("500", Stage::Ehlo, Action::FallbackHelo),
        ("454 TLS not available", Stage::Tls, Action::TryOtherHostThenLater),
        ("502 not implemented", Stage::Tls, Action::ConfigErrorTls),
        ("454 4.7.0 qxz", Stage::Auth, Action::RetrySoon),
        ("550 qxz", Stage::Auth, Action::ConfigErrorAuth),
        ("432 4.7.12 qxz", Stage::Auth, Action::ConfigErrorAuth),
        ("538 qxz", Stage::Auth, Action::ConfigErrorTls),
        ("550 qxz", Stage::Mail, Action::SenderRejected),
        ("503 nested MAIL command", Stage::Mail, Action::RetryNowNewConnection),
        ("503 5.5.1 send HELO first", Stage::Mail, Action::RetryNowNewConnection),
        ("503 5.5.4 authentication required", Stage::Mail, Action::ConfigErrorAuth),
        ("450 qxz", Stage::Rcpt, Action::RetryLater),
        ("554 qxz", Stage::Rcpt, Action::FailRecipient),
        ("550 5.7.1 qxz", Stage::Rcpt, Action::FailRecipient),
        ("552 too many recipients", Stage::Rcpt, Action::SplitRecipientsNow),
        ("554 5.5.1 Error: no valid recipients", Stage::Data, Action::UseRcptReplies),
        ("503 need RCPT", Stage::Data, Action::UseRcptReplies),
        ("451 qxz", Stage::Data, Action::RetryLater),
        ("554 qxz", Stage::Dot, Action::FailMessage),
        ("451 qxz", Stage::Dot, Action::RetryLater),
        ("421 idle for too long", Stage::Idle, Action::RetryNowNewConnection),
        ("451 4.4.2 timeout", Stage::Idle, Action::RetryNowNewConnection),
    ] {
        assert_eq!(action(text, stage), expected, "{text} at {stage}");
    }
}

#[test]
fn a_refusal_has_no_effect_at_any_stage() {
    for stage in Stage::ALL.iter().filter(|stage| **stage != Stage::Quit) {
        for text in ["450 4.2.0 qxz", "550 qxz", "421 qxz", "554 5.7.1 spam"] {
            let got = Classifier::builtin().classify(&Answer::from_text(text).at(*stage));
            assert_eq!(got.effect, Effect::None, "{text} at {stage}");
        }
    }
}

#[test]
fn every_event_has_an_answer_at_every_stage() {
    for event in Event::ALL {
        for stage in Stage::ALL {
            let got = Classifier::builtin().classify(&Answer::event(*event).at(*stage));
            assert!(got.rule.starts_with("event."), "{event} at {stage}: by rule {}", got.rule);
            let is_ambiguous =
                *stage == Stage::Dot && matches!(event, Event::ConnectionClosed | Event::Timeout | Event::Refused);
            assert_eq!(got.effect == Effect::Possible, is_ambiguous, "{event} at {stage}");
            assert_eq!(got.action == Action::UnknownOutcome, is_ambiguous, "{event} at {stage}");
        }
    }
}

#[test]
fn an_event_means_what_its_stage_says() {
    let at = |event, stage| Classifier::builtin().classify(&Answer::event(event).at(stage)).action;
    assert_eq!(at(Event::Refused, Stage::Connect), Action::TryOtherHostThenLater);
    assert_eq!(at(Event::Timeout, Stage::Connect), Action::TryOtherHostThenLater);
    assert_eq!(at(Event::ConnectionClosed, Stage::Greeting), Action::TryOtherHostThenLater);
    assert_eq!(at(Event::ConnectionClosed, Stage::Rcpt), Action::RetrySoon);
    assert_eq!(at(Event::Timeout, Stage::DataBody), Action::RetrySoon);
    assert_eq!(at(Event::ConnectionClosed, Stage::Idle), Action::RetryNowNewConnection);
    assert_eq!(at(Event::ConnectionClosed, Stage::Quit), Action::Done);
    assert_eq!(at(Event::BadCertificate, Stage::Tls), Action::ConfigErrorTls);
    assert_eq!(at(Event::DnsTemporary, Stage::Connect), Action::RetryLater);
    assert_eq!(at(Event::DnsNxdomain, Stage::Connect), Action::FailRecipient);
}

#[test]
fn without_a_stage_a_lost_connection_may_have_been_after_the_dot() {
    for event in [Event::Timeout, Event::ConnectionClosed] {
        let got = Classifier::builtin().classify(&Answer::event(event));
        assert_eq!(
            (got.action, got.effect, got.scope),
            (Action::UnknownOutcome, Effect::Possible, FaultScope::Message)
        );
        assert!(matches!(got.reason, Reason::Timeout | Reason::Network));
    }
}
