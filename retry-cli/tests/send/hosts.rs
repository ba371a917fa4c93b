//! Several hosts, of which some are down.

use testkit::smtp::{Dialogue, Reaction, Stage};

use crate::support::{DEAD, MESSAGE, code, host, rows, send, server, stderr, stdout, to_b};

#[test]
fn with_the_first_host_dead_the_second_delivers() {
    let up = server(Dialogue::new());
    let host = host(&up);
    let output = send(&[&to_b(DEAD)[..], &["--smtp", &host, "--json"]].concat(), MESSAGE);
    assert_eq!((code(&output), up.accepted().len()), (0, 1));
    assert_eq!((&rows(&output)[0]["host"], &rows(&output)[0]["attempts"]), (&host.into(), &1.into()));
    // Somebody will want to know.
    assert!(stderr(&output)[0].contains(DEAD), "{output:?}");
}

#[test]
fn hosts_are_asked_in_the_order_given_or_by_the_priority_of_their_urls() {
    let (first, second) = (server(Dialogue::new()), server(Dialogue::new()));
    let (one, two) = (host(&first), host(&second));
    assert_eq!(code(&send(&[&to_b(&one)[..], &["--smtp", &two]].concat(), MESSAGE)), 0);
    assert_eq!((first.connections(), second.connections()), (1, 0));

    let one = format!("smtp://{one}?tls=off&priority=2");
    let two = format!("smtp://{two}?tls=off&priority=1");
    assert_eq!(code(&send(&[&to_b(&one)[..], &["--smtp", &two]].concat(), MESSAGE)), 0);
    assert_eq!((first.connections(), second.connections()), (1, 1));
}

#[test]
fn with_all_hosts_dead_it_is_deferred() {
    let args = [&to_b(DEAD)[..], &["--smtp", "127.0.0.1:2", "--schedule", "const 0s, 2 attempts"]].concat();
    let output = send(&args, MESSAGE);
    assert_eq!(code(&output), 75);
    assert!(stdout(&output)[0].starts_with("b@test.invalid: deferred after 2 attempts"), "{output:?}");
    assert!(stderr(&output).last().unwrap().ends_with("1 deferred; send to the deferred again later"), "{output:?}");
}

#[test]
fn a_mail_in_doubt_is_held_resent_or_taken_for_sent_as_told() {
    for (what, code_, copies) in [("hold", 75, 1), ("resend", 0, 2), ("assume-sent", 0, 1)] {
        let lost = Dialogue::new().on(Stage::Dot, Reaction::drop_connection());
        let script = testkit::smtp::Script::new().connection(lost).otherwise(Dialogue::new());
        let server = testkit::smtp::SmtpServer::start(script).unwrap();
        let host = host(&server);
        let args = [&to_b(&host)[..], &["--in-doubt", what, "--schedule", "const 0s, 2 attempts"]].concat();
        assert_eq!((code(&send(&args, MESSAGE)), server.accepted().len()), (code_, copies), "{what}");
        let ids = server.by_message_id();
        assert_eq!(ids.len(), 1, "{what}: the same Message-ID in every attempt");
    }
}
