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

#[test]
fn reports_of_many_programs_are_understood() {
    let cases: &[(&str, Reason)] = &[
        (
            "Diagnostic-Code: smtp; 550 5.1.1 <x@d.example>: Recipient address rejected: User unknown",
            Reason::MailboxUnknown,
        ),
        ("Diagnostic-Code: SMTP;550 5.1.1 No such user", Reason::MailboxUnknown),
        ("smtp;550-5.1.1 The email account that you tried to reach does not exist", Reason::MailboxUnknown),
        ("smtp; 550 #5.1.0 Address rejected x@d.example", Reason::MailboxUnknown),
        ("X-Postfix; unknown user: \"bob\"", Reason::MailboxUnknown),
        ("x-unix; user unknown", Reason::MailboxUnknown),
        ("X-Postfix; maildir delivery failed: error writing message: Disk quota exceeded", Reason::MailboxFull),
        ("x-unix; mailbox full", Reason::MailboxFull),
        (
            "X-Postfix; Host or domain name not found. Name service error for name=d.example type=A: Host not found",
            Reason::HostUnknown,
        ),
        ("X-Postfix; connect to mx.d.example[192.0.2.1]:25: Connection refused", Reason::Network),
        ("X-Postfix; lost connection with mx.d.example[192.0.2.1] while sending RCPT TO", Reason::Network),
        ("X-Postfix; connect to mx.d.example[192.0.2.1]:25: Connection timed out", Reason::Network),
        (
            "X-Postfix; conversation with mx.d.example[192.0.2.1] timed out while receiving the initial server greeting",
            Reason::Network,
        ),
        ("X-Postfix; mail for d.example loops back to myself", Reason::Loop),
        ("X-Postfix; Cannot start TLS: handshake failure", Reason::TlsFailed),
        ("X-Postfix; TLS is required, but was not offered by host mx.d.example[192.0.2.1]", Reason::TlsFailed),
        (
            "554 delivery error: dd Sorry your message to x@yahoo.com cannot be delivered. This account has been disabled or discontinued [#102]. - mta1.mail.yahoo.com",
            Reason::MailboxDisabled,
        ),
        (
            "554 delivery error: dd This user doesn't have a yahoo.com account (x@yahoo.com) [0] - mta1315.mail.sk1.yahoo.com",
            Reason::MailboxUnknown,
        ),
        (
            "554 delivery error: dd Requested mail action aborted, exceeded storage allocation - mta1",
            Reason::MailboxFull,
        ),
        (
            "Action: failed\r\nStatus: 5.1.1\r\nRemote-MTA: dns; mx.d.example\r\nDiagnostic-Code: smtp; 550 5.1.1 user unknown",
            Reason::MailboxUnknown,
        ),
        (
            "smtp; 554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org",
            Reason::Blocklisted,
        ),
        (
            "host mx.d.example[192.0.2.1] said: 550 5.7.1 Message rejected as spam (in reply to end of DATA command)",
            Reason::Spam,
        ),
        (
            "550 5.1.1 <x@d.example>: Recipient address rejected: undeliverable address: host mx2[192.0.2.9] said: 550 5.1.1 no such user (in reply to RCPT TO command) (in reply to RCPT TO command)",
            Reason::MailboxUnknown,
        ),
        (
            "SMTP error from remote mail server after RCPT TO:<x@d.example>: 550 5.1.1 User unknown",
            Reason::MailboxUnknown,
        ),
        ("all hosts for 'd.example' have been failing for a long time (and retry time not reached)", Reason::Timeout),
        ("all relevant MX records point to non-existent hosts", Reason::HostUnknown),
        ("mailbox is full (MTA-imposed quota exceeded while writing to file /home/x)", Reason::MailboxFull),
        ("smtp; 421 4.7.0 too many connections", Reason::RateLimited),
        (
            "Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup'",
            Reason::MailboxUnknown,
        ),
        ("Remote Server returned '550 5.4.300 Message expired -> 421 4.4.2 connection dropped'", Reason::Timeout),
        (
            "Remote Server returned '550 5.4.316 Message expired, connection refused(Socket error code 10061)'",
            Reason::Network,
        ),
        (
            "Remote Server returned '550 5.7.520 Access denied, Your organization does not allow external forwarding.'",
            Reason::Policy,
        ),
        ("#5.1.1 smtp;550 5.1.1 <x@d.example>... User unknown", Reason::MailboxUnknown),
        ("#< #5.1.1 smtp; 550 5.1.1 RESOLVER.ADR.RecipNotFound; not found> #SMTP#", Reason::MailboxUnknown),
        ("#< #5.2.3 X-Unix; message too large> #SMTP#", Reason::MessageTooBig),
        ("<<< 550 5.1.1 <x@d.example>... User unknown", Reason::MailboxUnknown),
        (
            "The following address had permanent fatal errors: x@d.example (reason: 550 5.1.1 User unknown)",
            Reason::MailboxUnknown,
        ),
        ("Remote host said: 550 5.1.1 user unknown", Reason::MailboxUnknown),
        (
            "192.0.2.1 does not like recipient.\r\nRemote host said: 550 5.1.1 no such user\r\nGiving up on 192.0.2.1.",
            Reason::MailboxUnknown,
        ),
        ("Sorry, I wasn't able to establish an SMTP connection. (#4.4.1)", Reason::Network),
        ("Sorry, I couldn't find any host named d.example. (#5.1.2)", Reason::HostUnknown),
        ("Sorry, no mailbox here by that name. (#5.1.1)", Reason::MailboxUnknown),
        ("CNAME lookup failed temporarily. (#4.4.3)", Reason::Network),
        ("I'm not going to try again; this message has been in the queue too long.", Reason::Timeout),
        ("smtp; 5.1.0 - Unknown address error 550-'5.1.1 No such user' (delivery attempts: 0)", Reason::MailboxUnknown),
        ("smtp; 5.2.2 - Mailbox full", Reason::MailboxFull),
        ("smtp; 4.4.0 Other network problem 451 4.4.0 DNS query failed", Reason::Network),
        ("expired: smtp; 400 4.4.7 delivery time expired", Reason::Timeout),
    ];
    for (text, reason) in cases {
        let got = classify(text);
        assert_eq!(got.reason, *reason, "{text:?}: by rule {}", got.rule);
    }
}

#[test]
fn the_remark_behind_a_reply_is_not_the_servers() {
    let answer = Answer::from_text("host mx.example.org[192.0.2.1] said: 550 no (in reply to MAIL FROM command)");
    assert_eq!((answer.text(), answer.stage()), ("no", Some(Stage::Mail)));
    let answer = Answer::from_text("550 no (in reply to MAIL FROM command) and more");
    assert_eq!(answer.text(), "no (in reply to MAIL FROM command) and more");
}

#[test]
fn an_address_at_the_beginning_is_no_code() {
    for text in ["192.0.2.1 does not like recipient.", "198.51.100.7: busy", "203.0.113.5"] {
        assert_eq!(Answer::from_text(text).code(), None, "{text}");
    }
    assert_eq!(Answer::from_text("192 0 2 1").code(), Some(192));
}

#[test]
fn a_reply_of_several_lines_is_read_as_one() {
    let answer = Answer::from_text("smtp; 550-5.1.1 no such\r\n550 5.1.1 user");
    assert_eq!((answer.code(), answer.text()), (Some(550), "no such\nuser"));
    // As Postfix joins them.
    let answer = Answer::from_text("host mx.example.org[192.0.2.1] said: 550-5.1.1 no such 550 5.1.1 user");
    assert_eq!((answer.code(), answer.text()), (Some(550), "no such 550 5.1.1 user"));
}
