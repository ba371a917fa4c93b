use testkit::smtp::{Dialogue, Direction, Reaction, Reply, Stage};

use super::client::{Client, start};

#[test]
fn a_transcript_tells_what_was_said_and_where() {
    let server = start(
        Dialogue::new()
            .extensions(["PIPELINING"])
            .on(Stage::Rcpt.nth(1), Reply::raw(b"450 d\xe9sol\xe9\n"))
            .on(Stage::Dot, Reaction::accept().cut_after(5)),
    );
    let mut client = Client::greeted(&server);
    client.send("MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nRCPT TO:<c@d>\r\nVRFY c\r\nDATA\r\nHi\r\n..\r\n.\r\n");
    client.rest().unwrap();
    let transcript = server.transcript();
    let lines: Vec<String> = transcript.iter().map(ToString::to_string).collect();
    assert_eq!(
        lines,
        [
            "1 S: 220 testkit.invalid ESMTP",
            "1 C: EHLO client.example.org",
            r"1 S: 250-testkit.invalid\r\n250 PIPELINING",
            "1 C: MAIL FROM:<a@b>",
            "1 S: 250 Ok",
            "1 C: RCPT TO:<c@d>",
            r"1 S: 450 d\xe9sol\xe9",
            "1 C: RCPT TO:<c@d>",
            "1 S: 250 Ok",
            "1 C: VRFY c",
            "1 S: 252 Send some mail, it will be tried",
            "1 C: DATA",
            "1 S: 354 End with a dot on a line of its own",
            r"1 C: Hi\r\n.",
            "1 S: 250 O",
        ]
    );
    let stages: Vec<Option<Stage>> =
        transcript.iter().filter(|event| event.direction == Direction::Received).map(|event| event.stage).collect();
    assert_eq!(
        stages,
        [
            Some(Stage::Ehlo),
            Some(Stage::Mail),
            Some(Stage::Rcpt),
            Some(Stage::Rcpt),
            None,
            Some(Stage::Data),
            Some(Stage::DataBody),
        ]
    );
}

#[test]
fn a_transcript_has_the_part_of_a_body_that_came_in() {
    let server = start(Dialogue::new().on(Stage::DataBody, Reaction::drop_connection().after_body_bytes(4)));
    let mut client = Client::at_body(&server);
    client.send("Hello\r\n.\r\n");
    client.rest().unwrap();
    assert_eq!(server.transcript().last().unwrap().bytes, b"Hell");

    let mut client = Client::at_body(&server);
    client.send("He");
    client.finish();
    client.rest().unwrap();
    assert_eq!(server.transcript().last().unwrap().bytes, b"He");
}

#[test]
fn what_comes_while_the_server_hangs_is_in_the_transcript() {
    let server = start(Dialogue::new().on(Stage::Mail, Reaction::hang()));
    let mut client = Client::greeted(&server);
    client.send("MAIL FROM:<a@b>\r\nQUIT\r\n");
    client.finish();
    client.rest().unwrap();
    let last = server.transcript().pop().unwrap();
    assert_eq!((last.bytes.as_slice(), last.stage), (&b"QUIT\r\n"[..], None));
}
