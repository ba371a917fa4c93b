use testkit::smtp::{Dialogue, Reaction, Script, Stage};

use super::client::{Client, start};

#[test]
fn doubled_dots_are_undone() {
    let server = start(Script::new());
    let mut client = Client::at_body(&server);
    assert!(client.say("..one\r\n...two\r\nthree.\r\n..\r\n.").starts_with("250 "));
    assert_eq!(server.accepted()[0].message, b".one\r\n..two\r\nthree.\r\n.\r\n");
}

#[test]
fn only_crlf_dot_crlf_ends_a_body() {
    let server = start(Script::new());
    let mut client = Client::at_body(&server);
    client.send("a\n.\nMAIL FROM:<smuggler@example.org>\r\nb\r.\rc\n.\r\nd\r\n");
    assert!(client.say(".").starts_with("250 "));
    assert_eq!(server.accepted()[0].message, b"a\n.\nMAIL FROM:<smuggler@example.org>\r\nb\r.\rc\n.\r\nd\r\n");
}

#[test]
fn a_body_of_any_bytes_comes_through_when_it_arrives_byte_by_byte() {
    let server = start(Script::new());
    let mut client = Client::at_body(&server);
    let body: Vec<u8> = (0..=255).collect();
    for byte in body.iter().chain(b"\r\n.\r\n") {
        client.send([*byte]);
    }
    assert!(client.reply().starts_with("250 "));
    assert_eq!(server.accepted()[0].message, [&body[..], b"\r\n"].concat());
}

#[test]
fn a_message_over_the_limit_is_answered_552() {
    let server = start(Dialogue::new().max_message(6));
    let mut client = Client::greeted(&server);
    assert!(client.say("MAIL FROM:<a@b> SIZE=7").starts_with("552 "));
    for (body, code) in [("1234567", "552"), ("12345", "552"), ("1234", "250")] {
        client.say("MAIL FROM:<a@b> SIZE=6");
        client.say("RCPT TO:<c@d>");
        client.say("DATA");
        // The CRLF ahead of the dot is the message's.
        assert_eq!(&client.say(&format!("{body}\r\n."))[..3], code, "{body}");
    }
    assert_eq!(server.accepted().len(), 1);
}

#[test]
fn a_body_without_its_dot_is_not_taken() {
    let server = start(Script::new());
    let mut client = Client::at_body(&server);
    client.send("Message-ID: <1@example.org>\r\n.");
    client.finish();
    assert_eq!(client.rest().unwrap(), b"");
    assert_eq!(server.accepted(), []);
}

#[test]
fn a_refused_dot_takes_no_message_and_ends_the_transaction() {
    let server = start(Dialogue::new().on(Stage::Dot.nth(1), "452 4.3.1 disk full"));
    let mut client = Client::at_body(&server);
    assert_eq!(client.say("Hello\r\n."), "452 4.3.1 disk full\r\n");
    assert_eq!(server.accepted(), []);
    assert!(client.say("DATA").starts_with("503 "));
    client.send("MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n");
    let replies = [client.reply(), client.reply(), client.reply()];
    assert!(replies[2].starts_with("354 "));
    assert!(client.say("Hello\r\n.").starts_with("250 "));
    assert_eq!(server.accepted().len(), 1);
}

#[test]
fn a_refused_data_is_followed_by_no_body() {
    let server = start(Dialogue::new().on(Stage::Data.nth(1), "451 4.3.0 not now"));
    let mut client = Client::greeted(&server);
    client.say("MAIL FROM:<a@b>");
    client.say("RCPT TO:<c@d>");
    assert!(client.say("DATA").starts_with("451 "));
    assert!(client.say("NOOP").starts_with("250 "));
    assert!(client.say("DATA").starts_with("354 "));
}

#[test]
fn a_reply_may_come_in_the_middle_of_a_body() {
    let server = start(Dialogue::new().on(Stage::DataBody, Reaction::reply("421 4.3.2 closing").after_body_bytes(5)));
    let mut client = Client::at_body(&server);
    client.send("12345");
    assert_eq!(client.reply(), "421 4.3.2 closing\r\n");
    assert_eq!(client.say("\r\n."), "250 2.0.0 Ok\r\n");
}
