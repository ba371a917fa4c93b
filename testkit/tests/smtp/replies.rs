use std::time::Duration;

use testkit::smtp::{Dialogue, Reaction, Reply, Stage};

use super::client::{Client, start};

/// What a client reads when `NOOP` is answered by `reaction`.
fn answer(reaction: impl Into<Reaction>) -> Vec<u8> {
    let server = start(Dialogue::new().on(Stage::Noop, reaction.into().then_close()));
    let mut client = Client::greeted(&server);
    client.send("NOOP\r\n");
    client.rest().unwrap()
}

#[test]
fn a_reply_may_have_several_lines() {
    let lines = ["550-5.1.1 The account", "550-5.1.1 does not exist", "550 5.1.1 see the manual"];
    let wire: &[u8] = b"550-5.1.1 The account\r\n550-5.1.1 does not exist\r\n550 5.1.1 see the manual\r\n";
    assert_eq!(answer(Reply::lines(lines)), wire);
}

#[test]
fn a_reply_may_be_any_bytes() {
    let all: Vec<u8> = (0..=255).collect();
    for bytes in [
        &b"550 5.1.1 inconnu \xe9\r\n"[..],
        b"550 5.1.1 no user\n",
        b"550\r\n",
        b"550",
        b"550-5.7.1 first\r\n554 5.7.1 last\r\n",
        b"\r\n",
        b"",
        &all,
    ] {
        assert_eq!(answer(Reply::raw(bytes)), bytes, "{}", bytes.escape_ascii());
    }
}

#[test]
fn a_slow_reply_is_the_same_reply() {
    let slow = Reaction::reply("250 slow").delayed(Duration::from_micros(1));
    for chunk in [0, 1, 2, 7, 10, 11, usize::MAX] {
        assert_eq!(answer(slow.clone().paced(chunk, Duration::from_micros(1))), b"250 slow\r\n", "{chunk}");
    }
}

#[test]
fn a_paced_reply_may_be_cut() {
    let paced = Reaction::reply("250 slow").paced(3, Duration::ZERO);
    for cut in 0..=10 {
        assert_eq!(answer(paced.clone().cut_after(cut)), &b"250 slow\r\n"[..cut]);
    }
}

#[test]
fn the_class_of_the_last_line_decides() {
    for (reply, is_recipient) in [
        (Reply::raw(b"250-ok\r\n550 no\r\n"), false),
        (Reply::raw(b"550-no\r\n250 ok\r\n"), true),
        (Reply::raw(b"250\n"), true),
        (Reply::raw(b"yes, indeed\n"), false),
        (Reply::raw(b"354 go on\n"), false),
    ] {
        let server = start(Dialogue::new().on(Stage::Rcpt, reply.clone()));
        let mut client = Client::greeted(&server);
        client.send("MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n");
        client.finish();
        let rest = String::from_utf8(client.rest().unwrap()).unwrap();
        assert_eq!(rest.contains("554 5.5.1 No valid recipients"), !is_recipient, "{reply:?}");
    }
}

#[test]
fn the_code_of_a_reply_is_that_of_its_last_line() {
    for (bytes, code) in [
        (&b"250 ok\r\n"[..], Some(250)),
        (b"250\r\n", Some(250)),
        (b"250", Some(250)),
        (b"550-a\r\n554 b\n", Some(554)),
        (b"550-a\r\n55", None),
        (b"550\r\n\r\n", None),
        (b"5x0 a\r\n", None),
        (b"\xff\xff\xff", None),
        (b"", None),
    ] {
        assert_eq!(Reply::raw(bytes).code(), code, "{}", bytes.escape_ascii());
    }
}
