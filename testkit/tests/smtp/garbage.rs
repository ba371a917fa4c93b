use std::panic;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use testkit::smtp::{Dialogue, Reaction, Script, Stage};

use super::client::{Client, PATIENCE, start};

static PANICS: AtomicUsize = AtomicUsize::new(0);

/// Counts the panics of server threads: to a client they look like any other end of a connection.
fn watch_server_threads() {
    let previous = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if thread::current().name().is_some_and(|name| name.starts_with("smtp-")) {
            PANICS.fetch_add(1, Ordering::SeqCst);
        }
        previous(info);
    }));
}

/// Input that is partly SMTP and partly not.
fn inputs() -> impl Strategy<Value = Vec<u8>> {
    let sensible = prop::sample::select(vec![
        "EHLO c\r\n",
        "HELO c\r\n",
        "MAIL FROM:<a@b>\r\n",
        "MAIL FROM:<",
        "RCPT TO:<c@d>\r\n",
        "RCPT TO:",
        "\"",
        "\\",
        ">",
        "DATA\r\n",
        ".\r\n",
        ".",
        "\r",
        "\n",
        "\r\n",
        "BDAT 7\r\n",
        "BDAT 99999999999999999999 LAST\r\n",
        "BDAT 18446744073709551615\r\n",
        "AUTH PLAIN\r\n",
        "AUTH LOGIN x\r\n",
        " SIZE=99999999999999999999",
        "RSET\r\n",
        "NOOP\r\n",
        "Message-ID:",
        "<",
        "é",
        ":",
    ]);
    let piece = prop_oneof![
        6 => sensible.prop_map(|text| text.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..40),
    ];
    vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

#[test]
fn no_input_makes_the_server_panic() {
    watch_server_threads();
    let extensions = ["SIZE", "CHUNKING", "AUTH PLAIN LOGIN", "DSN", "SMTPUTF8"];
    let server = start(
        Dialogue::new()
            .extensions(extensions)
            .max_message(50)
            .on(Stage::DataBody.nth(2), Reaction::reply("250 x").after_body_bytes(3))
            .on(Stage::Rcpt.recipient("c@d").nth(2), Reaction::accept().paced(1, std::time::Duration::ZERO)),
    );
    let mut runner = TestRunner::new(ProptestConfig { cases: 512, ..ProptestConfig::default() });
    let run = runner.run(&inputs(), |input| {
        let mut client = Client::connect(&server);
        client.send(&input);
        client.finish();
        let _ = client.rest();
        prop_assert_eq!(PANICS.load(Ordering::SeqCst), 0);
        Ok(())
    });
    run.unwrap();
    assert!(server.wait_until_closed(512, PATIENCE));
    assert_eq!(PANICS.load(Ordering::SeqCst), 0);
}

#[test]
fn any_message_comes_through_with_its_dots_doubled() {
    let server = start(Script::new());
    let lines = vec(prop::sample::select(vec!["", ".", "..", ".a", "a.", "a\n.", "\r", "a\r", ".\r", "\u{e9}"]), 0..12);
    proptest!(ProptestConfig::with_cases(128), |(lines in lines)| {
        let message: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
        let doubled: String = lines
            .iter()
            .map(|line| if line.starts_with('.') { format!(".{line}\r\n") } else { format!("{line}\r\n") })
            .collect();
        let mut client = Client::at_body(&server);
        let reply = client.say(&(doubled + "."));
        prop_assert!(reply.starts_with("250 "));
        prop_assert_eq!(server.accepted().pop().map(|one| one.message), Some(message.into_bytes()));
    });
}

#[test]
fn a_line_without_end_is_refused_and_skipped() {
    let server = start(Script::new());
    let mut client = Client::greeted(&server);
    for length in [65_534, 65_535, 65_536, 1_000_000] {
        let reply = client.say(&"x".repeat(length));
        // 64 KiB with CRLF is a line as any other, of an unknown command.
        let text =
            if length == 65_534 { "500 5.5.2 Command not recognized\r\n" } else { "500 5.5.2 Line too long\r\n" };
        assert_eq!(reply, text, "{length}");
    }
    assert_eq!(client.say("NOOP"), "250 2.0.0 Ok\r\n");
    let longest = server.transcript().iter().map(|event| event.bytes.len()).max();
    assert_eq!(longest, Some(65_536));
}

#[test]
fn a_command_that_ends_in_a_bare_lf_is_refused() {
    let server = start(Script::new());
    let mut client = Client::greeted(&server);
    client.send("NOOP\nNOOP\r\n");
    assert_eq!(client.reply(), "500 5.5.2 A line ends in CRLF\r\n");
    assert_eq!(client.reply(), "250 2.0.0 Ok\r\n");
}
