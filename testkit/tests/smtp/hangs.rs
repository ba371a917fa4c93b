use std::time::Duration;

use testkit::smtp::{Dialogue, Outcome, Reaction, Reply, Script, Stage};

use super::client::{Client, MESSAGE, PATIENCE, start};

const ALL_COMMANDS: &str =
    "EHLO c\r\nRSET\r\nNOOP\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nHello\r\n.\r\nQUIT\r\n";

#[test]
fn dropping_the_server_ends_a_hang_at_every_stage() {
    for stage in Stage::ALL {
        for reaction in [
            Reaction::hang(),
            Reaction::accept().then_hang(),
            Reaction::accept().delayed(Duration::MAX),
            Reaction::reply("250 slow").paced(1, Duration::MAX),
        ] {
            let server = start(Dialogue::new().on(stage, reaction));
            let mut client = Client::connect(&server);
            client.send(ALL_COMMANDS);
            drop(server);
            // Returns at all; with an end or with a reset, as the server had read the commands or not.
            let _ = client.rest();
        }
    }
}

#[test]
fn dropping_the_server_ends_a_reply_that_nobody_reads() {
    let long = Reply::raw(vec![b'x'; 64 << 20]);
    let server = start(Dialogue::new().on(Stage::Greeting, long));
    let client = Client::connect(&server);
    drop(server);
    drop(client);
}

#[test]
fn dropping_the_server_ends_idle_connections() {
    let server = start(Script::new());
    let mut clients: Vec<Client> = (0..8).map(|_| Client::greeted(&server)).collect();
    drop(server);
    for client in &mut clients {
        assert_eq!(client.rest().unwrap(), b"");
    }
}

#[test]
fn a_delayed_reply_does_not_come_before_its_time() {
    let server = start(Dialogue::new().on(Stage::Noop, Reaction::accept().delayed(Duration::MAX)));
    let mut client = Client::greeted(&server);
    client.send("NOOP\r\nQUIT\r\n");
    client.finish();
    assert!(!server.wait_until_closed(1, Duration::from_millis(50)));
    drop(server);
    assert!(!client.rest().unwrap_or_default().starts_with(b"250"));
}

#[test]
fn a_client_that_gives_up_ends_a_hang() {
    for stage in Stage::ALL {
        let server = start(Dialogue::new().on(stage, Reaction::hang()));
        let mut client = Client::connect(&server);
        client.send(ALL_COMMANDS);
        drop(client);
        assert!(server.wait_until_closed(1, PATIENCE), "{stage}");
    }
}

#[test]
fn a_hang_after_the_dot_is_a_copy_that_the_client_cannot_know_of() {
    let server = start(Dialogue::new().on(Stage::Dot, Reaction::hang()));
    let mut client = Client::at_body(&server);
    client.send(format!("{MESSAGE}.\r\n"));
    client.finish();
    assert_eq!(client.rest().unwrap(), b"");
    assert_eq!(server.accepted()[0].outcome, Outcome::ReplyLost);
}

#[test]
fn a_hang_after_the_reply_is_an_acknowledgement() {
    let server = start(Dialogue::new().on(Stage::Dot, Reaction::accept().then_hang()));
    let mut client = Client::at_body(&server);
    assert_eq!(client.say(&format!("{MESSAGE}.")), "250 2.0.0 Ok\r\n");
    assert_eq!(server.accepted()[0].outcome, Outcome::Acknowledged);
}
