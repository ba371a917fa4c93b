//! Delivery reports, and what other programs write about a reply.

use retry_email::{Action, Answer, Reason, Stage};

use super::support::classify;

#[test]
fn a_reply_is_found_in_other_text() {
    for text in [
        "smtp; 550 5.1.1 <bob@example.org>: user unknown",
        "Diagnostic-Code: smtp;550-5.1.1 user unknown",
        "host mx.example.org[192.0.2.1] said: 550 5.1.1 user unknown (in reply to RCPT TO command)",
        "SMTP error from remote mail server after RCPT TO:<bob@example.org>: host mx.example.org [192.0.2.1]: 550 user unknown",
        "Remote Server returned '550 5.1.1 user unknown'",
        "<<< 550 5.1.1 user unknown",
    ] {
        let answer = Answer::from_text(text);
        assert_eq!((answer.code(), answer.severity()), (Some(550), 5), "{text}");
        assert_eq!(classify(text).reason, Reason::MailboxUnknown, "{text}");
    }
}

#[test]
fn the_stage_is_read_where_it_is_told() {
    for (text, stage) in [
        ("550 no (in reply to RCPT TO command)", Some(Stage::Rcpt)),
        ("550 no (in reply to end of DATA command)", Some(Stage::Dot)),
        ("550 no (in reply to DATA command)", Some(Stage::Data)),
        ("550 no (in reply to MAIL FROM command)", Some(Stage::Mail)),
        ("SMTP error from remote mail server after initial connection: 554 no", Some(Stage::Greeting)),
        ("host mx.example.org[192.0.2.1] refused to talk to me: 554 no", Some(Stage::Greeting)),
        ("550 no", None),
    ] {
        assert_eq!(Answer::from_text(text).stage(), stage, "{text}");
    }
}

#[test]
fn words_without_any_code_are_still_words() {
    assert_eq!(classify("retry timeout exceeded").reason, Reason::Timeout);
    assert_eq!(classify("user unknown").reason, Reason::MailboxUnknown);
    assert_eq!(classify("5.2.2 qxz").reason, Reason::MailboxFull);
    let nothing = classify("qxz");
    assert_eq!((nothing.action, nothing.class), (Action::RetryLater, Some(retry_core::Class::Unknown)));
}
