use testkit::smtp::{Dialogue, Script, Stage};

use super::client::{Client, MESSAGE, start};

#[test]
fn commands_out_of_sequence_are_answered_503() {
    let server = start(Script::new());
    let mut client = Client::connect(&server);
    client.reply();
    for early in ["MAIL FROM:<a@b>", "RCPT TO:<a@b>", "DATA"] {
        assert!(client.say(early).starts_with("503 "), "{early}");
    }
    client.say("EHLO c");
    assert!(client.say("RCPT TO:<a@b>").starts_with("503 "));
    assert!(client.say("MAIL FROM:<a@b>").starts_with("250 "));
    assert!(client.say("DATA").starts_with("503 "));
    assert!(client.say("MAIL FROM:<a@b>").starts_with("503 "));
    client.say("RSET");
    assert!(client.say("RCPT TO:<a@b>").starts_with("503 "));
}

#[test]
fn commands_that_are_malformed_are_answered_50x() {
    let server = start(Script::new());
    let mut client = Client::greeted(&server);
    for (line, code) in [
        ("", "500"),
        ("BLAH", "500"),
        ("STARTTLS", "502"),
        ("EXPN list", "502"),
        ("BDAT 3 LAST", "502"),
        ("AUTH PLAIN AGEAYg==", "502"),
        ("EHLO", "501"),
        ("MAIL alice@example.org", "501"),
        ("MAIL FROM:<a@b> SIZE=many", "501"),
        ("MAIL FROM:<a@b> RET=HDRS", "555"),
        ("MAIL FROM:<ä@b>", "553"),
        ("MAIL FROM:<ä@b> SMTPUTF8", "250"),
        ("RCPT TO:<>", "501"),
        ("RCPT TO:<ö@b>", "250"),
        ("DATA now", "501"),
    ] {
        assert_eq!(&client.say(line)[..3], code, "{line}");
    }
}

#[test]
fn pipelined_commands_are_answered_in_order() {
    let server = start(Script::new());
    let mut client = Client::greeted(&server);
    client.send("MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nRCPT TO:<e@f>\r\nDATA\r\n");
    let replies: Vec<String> = (0..4).map(|_| client.reply()).collect();
    assert_eq!(replies[..3], ["250 2.1.0 Ok\r\n", "250 2.1.5 Ok\r\n", "250 2.1.5 Ok\r\n"]);
    assert!(replies[3].starts_with("354 "));
    // The end of one message and the next one's envelope in one segment.
    client.send(format!("{MESSAGE}.\r\nMAIL FROM:<g@h>\r\nRCPT TO:<i@j>\r\nQUIT\r\n"));
    let codes: Vec<String> = (0..4).map(|_| client.reply()[..3].to_owned()).collect();
    assert_eq!(codes, ["250", "250", "250", "221"]);
    assert_eq!(server.accepted()[0].recipients.len(), 2);
}

#[test]
fn a_refused_recipient_is_no_recipient_of_the_message() {
    let server = start(
        Dialogue::new()
            .on(Stage::Rcpt.recipient("Bob@example.org"), "450 4.2.0 greylisted")
            .on(Stage::Rcpt.nth(3), "550 5.1.1 no such user"),
    );
    let mut client = Client::greeted(&server);
    client.say("MAIL FROM:<alice@example.org>");
    assert_eq!(client.say("RCPT TO:<bob@EXAMPLE.org>"), "450 4.2.0 greylisted\r\n");
    assert_eq!(client.say("RCPT TO:<carol@example.org>"), "250 2.1.5 Ok\r\n");
    assert_eq!(client.say("RCPT TO:<dave@example.org>"), "550 5.1.1 no such user\r\n");
    assert!(client.say("DATA").starts_with("354 "));
    assert!(client.say(&format!("{MESSAGE}.")).starts_with("250 "));
    let [accepted] = server.accepted().try_into().unwrap();
    let addresses =
        |list: &[testkit::smtp::Mailbox]| -> Vec<String> { list.iter().map(|one| one.address.clone()).collect() };
    assert_eq!(addresses(&accepted.recipients), ["carol@example.org"]);
    assert_eq!(addresses(&accepted.refused), ["bob@EXAMPLE.org", "dave@example.org"]);
}

#[test]
fn a_message_without_recipients_is_refused_at_data_and_at_the_dot() {
    let refusing = Dialogue::new().on(Stage::Rcpt, "550 5.1.1 no such user");
    for (dialogue, at_data) in [(refusing.clone(), "554"), (refusing.on(Stage::Data, "354 go on"), "354")] {
        let server = start(dialogue);
        let mut client = Client::greeted(&server);
        client.say("MAIL FROM:<alice@example.org>");
        client.say("RCPT TO:<bob@example.org>");
        assert_eq!(&client.say("DATA")[..3], at_data);
        if at_data == "354" {
            // RFC 2920, section 3.1: the client sends the dot alone.
            assert!(client.say(".").starts_with("554 "));
        }
        assert!(client.say("RSET").starts_with("250 "));
        assert_eq!(server.accepted(), []);
    }
}

#[test]
fn a_refused_mail_opens_no_transaction() {
    let server = start(Dialogue::new().on(Stage::Mail.nth(1), "451 4.3.0 not now"));
    let mut client = Client::greeted(&server);
    assert_eq!(client.say("MAIL FROM:<alice@example.org>"), "451 4.3.0 not now\r\n");
    assert!(client.say("RCPT TO:<bob@example.org>").starts_with("503 "));
    assert!(client.say("MAIL FROM:<alice@example.org>").starts_with("250 "));
}

#[test]
fn the_first_of_several_reactions_applies() {
    let server =
        start(Dialogue::new().on(Stage::Noop.nth(2), "250 second").on(Stage::Noop, "250 any").on(Stage::Noop, "250 x"));
    let mut client = Client::greeted(&server);
    let replies: Vec<String> = (0..3).map(|_| client.say("NOOP")).collect();
    assert_eq!(replies, ["250 any\r\n", "250 second\r\n", "250 any\r\n"]);
}

#[test]
fn a_command_out_of_sequence_is_no_occurrence() {
    let server = start(Dialogue::new().on(Stage::Rcpt.nth(1), "450 4.2.0 greylisted"));
    let mut client = Client::greeted(&server);
    assert!(client.say("RCPT TO:<bob@example.org>").starts_with("503 "));
    client.say("MAIL FROM:<alice@example.org>");
    assert!(client.say("RCPT TO:<bob@example.org>").starts_with("450 "));
    assert!(client.say("RCPT TO:<bob@example.org>").starts_with("250 "));
}
