use testkit::smtp::Script;

use super::client::{Client, start};

#[test]
fn a_folded_message_id_is_found() {
    let server = start(Script::new());
    let mut client = Client::at_body(&server);
    client.say("Subject: a\r\n b\r\nMESSAGE-id:\r\n\t<folded@example.org>\r\nTo: c\r\n\r\nMessage-ID: <body@x>\r\n.");
    assert_eq!(server.accepted()[0].message_id.as_deref(), Some("<folded@example.org>"));
}

#[test]
fn a_message_id_may_begin_with_a_doubled_dot_line_after_it() {
    let server = start(Script::new());
    let mut client = Client::at_body(&server);
    client.say("Message-ID: <1@example.org>\r\n..not a field\r\n\r\n.");
    assert_eq!(server.accepted()[0].message_id.as_deref(), Some("<1@example.org>"));
}
