use std::io::ErrorKind;

use testkit::smtp::{Dialogue, Outcome, Reaction, Reply, Stage};

use super::client::{Client, MESSAGE, start};

#[test]
fn a_reply_may_be_cut_after_every_byte() {
    let reply = b"250 2.0.0 Ok\r\n";
    for cut in 0..=reply.len() + 1 {
        let server = start(Dialogue::new().on(Stage::Dot, Reaction::accept().cut_after(cut)));
        let mut client = Client::at_body(&server);
        client.send(format!("{MESSAGE}.\r\n"));
        assert_eq!(client.rest().unwrap(), &reply[..cut.min(reply.len())]);
        let outcome = if cut < reply.len() { Outcome::ReplyLost } else { Outcome::Acknowledged };
        assert_eq!(server.accepted()[0].outcome, outcome, "{cut}");
    }
}

#[test]
fn a_reply_of_several_lines_may_be_cut_after_every_byte() {
    let whole = "250-testkit.invalid\r\n250 PIPELINING\r\n";
    for cut in 0..=whole.len() {
        let server =
            start(Dialogue::new().extensions(["PIPELINING"]).on(Stage::Ehlo, Reaction::accept().cut_after(cut)));
        let mut client = Client::connect(&server);
        client.reply();
        client.send("EHLO c\r\n");
        assert_eq!(client.rest().unwrap(), &whole.as_bytes()[..cut]);
    }
}

#[test]
fn a_body_may_be_cut_after_every_byte() {
    let wire = "Hello\r\n..\r\n.\r\n";
    for bytes in 0..wire.len() {
        let server = start(Dialogue::new().on(Stage::DataBody, Reaction::drop_connection().after_body_bytes(bytes)));
        let mut client = Client::at_body(&server);
        client.send(wire);
        assert_eq!(client.rest().unwrap(), b"", "{bytes}");
        assert_eq!(server.accepted(), [], "{bytes}");
    }
}

#[test]
fn a_drop_beyond_the_end_of_the_body_does_not_happen() {
    let server = start(Dialogue::new().on(Stage::DataBody, Reaction::drop_connection().after_body_bytes(10)));
    let mut client = Client::at_body(&server);
    assert_eq!(client.say("Hello\r\n."), "250 2.0.0 Ok\r\n"); // 10 bytes, with the dot and its CRLF
}

#[test]
fn a_drop_after_the_dot_is_a_copy_that_the_client_cannot_know_of() {
    for reaction in [Reaction::drop_connection(), Reaction::reset_connection()] {
        let server = start(Dialogue::new().on(Stage::Dot.recipient("bob@example.org"), reaction));
        for copies in 1..=2 {
            let reply = Client::attempt(&server);
            assert_eq!(reply, "");
            assert_eq!(server.copies("<1@example.org>"), copies);
        }
        assert!(server.accepted().iter().all(|one| one.outcome == Outcome::ReplyLost));
    }
}

#[test]
fn a_refusal_that_is_lost_at_the_dot_leaves_no_copy() {
    let server = start(Dialogue::new().on(Stage::Dot, Reaction::reply("451 4.3.0 lost").cut_after(0)));
    assert_eq!(Client::attempt(&server), "");
    assert_eq!(server.accepted(), []);
}

#[test]
fn a_connection_may_be_dropped_at_every_stage() {
    for stage in Stage::ALL {
        let server = start(Dialogue::new().on(stage, Reaction::drop_connection()));
        let mut client = Client::connect(&server);
        client.send("EHLO c\r\nRSET\r\nNOOP\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nHello\r\n.\r\nQUIT\r\n");
        let received = String::from_utf8(client.rest().unwrap()).unwrap();
        let replies = received.lines().filter(|line| line.as_bytes()[3] == b' ').count();
        let expected = match stage {
            Stage::Connect | Stage::Greeting => 0,
            Stage::Ehlo => 1,
            Stage::Rset => 2,
            Stage::Noop => 3,
            Stage::Mail => 4,
            Stage::Rcpt => 5,
            Stage::Data => 6,
            Stage::DataBody | Stage::Dot => 7,
            _ => 8,
        };
        assert_eq!(replies, expected, "{stage}");
        assert_eq!(server.accepted().len(), usize::from(matches!(stage, Stage::Dot | Stage::Quit)), "{stage}");
    }
}

#[test]
fn a_reset_is_no_orderly_end() {
    let server = start(Dialogue::new().on(Stage::Noop, Reaction::reset_connection()));
    let mut client = Client::greeted(&server);
    client.send("NOOP\r\n");
    assert_eq!(client.rest().unwrap_err().kind(), ErrorKind::ConnectionReset);

    let server = start(Dialogue::new().on(Stage::Noop, Reaction::drop_connection()));
    let mut client = Client::greeted(&server);
    client.send("NOOP\r\n");
    assert_eq!(client.rest().unwrap(), b"");
}

#[test]
fn a_close_lets_the_client_read_all_that_was_sent() {
    let long = Reply::raw(vec![b'x'; 1 << 20]);
    let server = start(Dialogue::new().on(Stage::Noop, Reaction::reply(long).then_close()));
    let mut client = Client::greeted(&server);
    client.send("NOOP\r\n".repeat(10_000)); // more than the server's buffer holds: most of it stays unread
    assert_eq!(client.rest().unwrap().len(), 1 << 20);
}
