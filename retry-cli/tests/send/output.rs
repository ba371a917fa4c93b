//! What is said, and where.

use serde_json::json;
use testkit::smtp::{Dialogue, Script, SmtpServer, Stage};

use crate::support::{MESSAGE, code, host, rows, send, server, stderr, stdout, to_b};

/// Defers everybody once, then takes them but for nouser.
fn deferring() -> SmtpServer {
    let nouser = Dialogue::new().on(Stage::Rcpt.recipient("nouser@test.invalid"), "550 5.1.1 no such user");
    let first = Dialogue::new().on(Stage::Mail.nth(1), "451 4.3.0 not now");
    SmtpServer::start(Script::new().connection(first).otherwise(nouser)).unwrap()
}

#[test]
fn a_line_for_each_recipient_and_nothing_else_where_all_goes_well() {
    let server = server(Dialogue::new());
    let output = send(&to_b(&host(&server)), MESSAGE);
    assert_eq!(stdout(&output), ["b@test.invalid: delivered after 1 attempt: 250 2.0.0 Ok"]);
    assert_eq!((code(&output), stderr(&output)), (0, vec![]));
}

#[test]
fn on_the_way_stderr_has_a_line_for_each_try_that_was_not_the_last() {
    let server = deferring();
    let host = host(&server);
    let args = [&to_b(&host)[..], &["--schedule", "const 0s, 3 attempts"]].concat();
    let output = send(&args, MESSAGE);
    assert_eq!(code(&output), 0);
    let expected = format!("b@test.invalid: attempt 1 at {host}, mail: transient: 451 4.3.0 not now");
    assert_eq!(stderr(&output), [expected]);
    assert_eq!(stdout(&output), ["b@test.invalid: delivered after 2 attempts: 250 2.0.0 Ok"]);
}

#[test]
fn json_is_an_object_a_line_with_these_fields() {
    let server = server(Dialogue::new().on(Stage::Rcpt.recipient("nouser@test.invalid"), "550 5.1.1 no such user"));
    let host = host(&server);
    let output = send(&[&to_b(&host)[..], &["--to", "nouser@test.invalid", "--json"]].concat(), MESSAGE);
    assert_eq!(code(&output), 67);
    assert_eq!(
        rows(&output),
        [
            json!({"recipient": "b@test.invalid", "state": "delivered", "attempts": 1, "host": host, "reply": "250 2.0.0 Ok",
                "reason": null}),
            json!({"recipient": "nouser@test.invalid", "state": "failed", "attempts": 1, "host": host,
                "reply": "550 5.1.1 no such user", "reason": "mailbox_unknown"}),
        ]
    );
}

/// As cron wants it: it mails to somebody whatever is said.
#[test]
fn quiet_says_nothing_of_what_was_delivered_and_all_of_what_was_not() {
    let server = deferring();
    let host = host(&server);
    let quiet = [&to_b(&host)[..], &["--quiet", "--schedule", "const 0s, 3 attempts"]].concat();
    let output = send(&quiet, MESSAGE);
    assert_eq!((code(&output), stdout(&output), stderr(&output)), (0, vec![], vec![]));

    let output = send(&[&quiet[..], &["--to", "nouser@test.invalid"]].concat(), MESSAGE);
    assert_eq!(stdout(&output), ["nouser@test.invalid: failed after 1 attempt: 550 5.1.1 no such user"]);
    let error = "retry: 1 of 2 recipients were refused for good; check the addresses";
    assert_eq!((code(&output), stderr(&output)), (67, vec![error.to_owned()]));
}

#[test]
fn a_reply_does_nothing_to_a_terminal() {
    let server = server(Dialogue::new().on(Stage::Rcpt, "550 5.1.1 no \u{1b}[31muser\u{7}"));
    let output = send(&to_b(&host(&server)), MESSAGE);
    let all = [stdout(&output), stderr(&output)].concat().concat();
    assert!(all.contains("no \\u{1b}[31muser\\u{7}") && !all.contains('\u{1b}'), "{all}");
}
