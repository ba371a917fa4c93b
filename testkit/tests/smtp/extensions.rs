use testkit::smtp::{Dialogue, Reaction, Stage};

use super::client::{Client, start};

#[test]
fn extensions_are_advertised_as_they_are_written() {
    for (extensions, reply) in [
        (&[][..], "250 testkit.invalid\r\n"),
        (&["DSN"], "250-testkit.invalid\r\n250 DSN\r\n"),
        (&["size", "SIZE 0"], "250-testkit.invalid\r\n250-size 99\r\n250 SIZE 0\r\n"),
    ] {
        let server = start(Dialogue::new().max_message(99).extensions(extensions.iter().copied()));
        let mut client = Client::connect(&server);
        client.reply();
        assert_eq!(client.say("EHLO c"), reply);
        assert_eq!(client.say("NOOP"), "250 Ok\r\n", "no enhanced code");
    }
}

#[test]
fn parameters_are_taken_with_their_extension() {
    let server = start(Dialogue::new().extensions(["DSN", "AUTH PLAIN"]));
    let mut client = Client::greeted(&server);
    assert!(client.say("MAIL FROM:<a@b> SIZE=1").starts_with("555 "));
    assert!(client.say("MAIL FROM:<a@b> RET=HDRS ENVID=x AUTH=<>").starts_with("250 "));
    assert!(client.say("RCPT TO:<c@d> X=1").starts_with("555 "));
    assert!(client.say("RCPT TO:<c@d> NOTIFY=NEVER ORCPT=rfc822;c@d").starts_with("250 "));
    client.say("DATA");
    client.say(".");
    let recipient = &server.accepted()[0].recipients[0];
    assert_eq!(recipient.parameter("notify"), Some("NEVER"));
    assert_eq!(recipient.parameters.len(), 2);
}

#[test]
fn any_credentials_are_taken_by_the_advertised_mechanisms() {
    for (lines, codes) in [
        (&["AUTH PLAIN AGEAYg==", "AUTH PLAIN AGEAYg=="][..], &["235", "503"][..]),
        (&["AUTH PLAIN", "AGEAYg=="], &["334", "235"]),
        (&["AUTH PLAIN", "*", "NOOP"], &["334", "501", "250"]),
        (&["auth login", "YQ==", "Yg=="], &["334", "334", "235"]),
        (&["AUTH LOGIN YQ==", "Yg=="], &["334", "235"]),
        (&["AUTH CRAM-MD5", "AUTH", "AUTH X"], &["504", "504", "504"]),
    ] {
        let server = start(Dialogue::new().extensions(["AUTH PLAIN LOGIN X"]));
        let mut client = Client::greeted(&server);
        let answers: Vec<String> = lines.iter().map(|line| client.say(line)[..3].to_owned()).collect();
        assert_eq!(answers, codes, "{lines:?}");
    }
}

#[test]
fn a_mechanism_that_is_not_advertised_is_refused() {
    let server = start(Dialogue::new().extensions(["AUTH LOGIN"]));
    let mut client = Client::greeted(&server);
    assert!(client.say("AUTH PLAIN AGEAYg==").starts_with("504 "));
}

#[test]
fn chunks_make_a_message() {
    let server = start(Dialogue::new().extensions(["CHUNKING"]));
    let mut client = Client::greeted(&server);
    client.send("MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nBDAT 5\r\n.\r\n.\rDATA\r\nBDAT 3\r\n\nabBDAT 0 LAST\r\n");
    let codes: Vec<String> = (0..6).map(|_| client.reply()[..3].to_owned()).collect();
    assert_eq!(codes, ["250", "250", "250", "503", "250", "250"]);
    assert_eq!(server.accepted()[0].message, b".\r\n.\r\nab");
}

#[test]
fn the_octets_of_a_chunk_out_of_sequence_are_skipped() {
    let server = start(Dialogue::new().extensions(["CHUNKING"]));
    let mut client = Client::greeted(&server);
    client.send("BDAT 6 LAST\r\nNOOP\r\nBDAT x\r\nBDAT 1 FIRST\r\nNOOP\r\n");
    let codes: Vec<String> = (0..4).map(|_| client.reply()[..3].to_owned()).collect();
    assert_eq!(codes, ["503", "501", "501", "250"]);
}

#[test]
fn a_chunked_message_over_the_limit_is_answered_552() {
    let server = start(Dialogue::new().extensions(["CHUNKING"]).max_message(4));
    let mut client = Client::greeted(&server);
    client.send("MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nBDAT 3\r\nabcBDAT 2 LAST\r\nde");
    let codes: Vec<String> = (0..4).map(|_| client.reply()[..3].to_owned()).collect();
    assert_eq!(codes, ["250", "250", "250", "552"]);
    assert_eq!(server.accepted(), []);
}

#[test]
fn a_script_acts_on_chunks_too() {
    let drop_in_chunk = Reaction::drop_connection().after_body_bytes(2);
    let server = start(Dialogue::new().extensions(["CHUNKING"]).on(Stage::DataBody.nth(2), drop_in_chunk));
    let mut client = Client::greeted(&server);
    client.send("MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nBDAT 3\r\nabcBDAT 3 LAST\r\ndef");
    let replies = String::from_utf8(client.rest().unwrap()).unwrap();
    assert_eq!(replies, "250 Ok\r\n".repeat(3));
    assert_eq!(server.transcript().last().unwrap().bytes, b"de");
}
