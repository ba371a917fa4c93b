use std::thread;
use std::time::Duration;

use testkit::smtp::{Dialogue, Script, Stage};

use super::client::{Client, PATIENCE, start};

#[test]
fn two_connections_are_served_in_parallel() {
    let server = start(Script::new());
    let mut one = Client::at_body(&server);
    let mut two = Client::at_body(&server);
    assert!(two.say("Message-ID: <2@example.org>\r\n.").starts_with("250 "));
    assert!(one.say("Message-ID: <1@example.org>\r\n.").starts_with("250 "));
    let by_id = server.by_message_id();
    assert_eq!(by_id["<2@example.org>"][0].connection, 2);
    assert_eq!(by_id["<1@example.org>"][0].connection, 1);
}

#[test]
fn many_clients_lose_no_message() {
    let server = start(Script::new());
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                for _ in 0..4 {
                    assert_eq!(Client::attempt(&server), "250 2.0.0 Ok\r\n");
                }
            });
        }
    });
    assert_eq!(server.copies("<1@example.org>"), 64);
    assert_eq!(server.connections(), 64);
    assert!(server.wait_until_closed(64, PATIENCE));
}

#[test]
fn copies_are_counted_by_message_id() {
    let server = start(Script::new());
    Client::attempt(&server);
    Client::attempt(&server);
    let mut client = Client::at_body(&server);
    client.say("Subject: no id\r\n\r\n.");
    assert_eq!(server.copies("<1@example.org>"), 2);
    assert_eq!(server.copies("1@example.org"), 2);
    assert_eq!(server.copies("<1@example.com>"), 0);
    assert_eq!(server.copies(""), 0);
    assert_eq!(server.by_message_id().len(), 1);
    assert_eq!(server.accepted().len(), 3);
}

#[test]
fn waiting_for_connections_that_do_not_come_ends() {
    let server = start(Script::new());
    assert!(server.wait_until_closed(0, Duration::ZERO));
    assert!(!server.wait_until_closed(1, Duration::from_micros(1)));
    let _client = Client::greeted(&server);
    assert!(!server.wait_until_closed(1, Duration::from_micros(1)), "one is open");
}

#[test]
fn two_servers_do_not_meet() {
    let one = start(Dialogue::new().on(Stage::Mail, "451 no"));
    let two = start(Script::new());
    assert_ne!(one.port(), two.port());
    Client::attempt(&one);
    assert_eq!(two.connections(), 0);
    assert_eq!(one.connections(), 1);
}
