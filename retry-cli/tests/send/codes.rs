//! The exit codes, one by one, as sysexits has them.

use testkit::smtp::{Dialogue, Reaction, Stage};

use crate::support::{DEAD, MESSAGE, code, host, rows, send, server, stderr, stdout, to_b};

/// Runs it once against a server that goes so; its code and its rows.
fn against(dialogue: Dialogue, recipients: &[&str]) -> (i32, Vec<String>) {
    let server = server(dialogue);
    let host = host(&server);
    let mut args = vec!["--json", "--from", "a@test.invalid", "--smtp", &host, "--schedule", "const 0s, 2 attempts"];
    for recipient in recipients {
        args.extend(["--to", recipient]);
    }
    let output = send(&args, MESSAGE);
    let said = stderr(&output);
    assert_eq!(
        said.iter().filter(|line| line.starts_with("retry: ")).count(),
        usize::from(code(&output) != 0),
        "{said:?}"
    );
    (code(&output), rows(&output).iter().map(|row| row["state"].as_str().unwrap().to_owned()).collect())
}

fn refusing(recipient: &str, reply: &str) -> Dialogue {
    Dialogue::new().on(Stage::Rcpt.recipient(recipient), reply)
}

const B: &str = "b@test.invalid";
const C: &str = "c@test.invalid";

#[test]
fn all_delivered_is_0() {
    assert_eq!(against(Dialogue::new(), &[B, C]), (0, vec!["delivered".into(), "delivered".into()]));
}

#[test]
fn one_deferred_is_75_whatever_the_others() {
    let both = refusing(B, "450 4.2.0 later").on(Stage::Rcpt.recipient(C), "550 5.1.1 no such user");
    assert_eq!(against(both, &[B, C]), (75, vec!["deferred".into(), "failed".into()]));
    assert_eq!(against(refusing(B, "450 4.2.0 later"), &[B, C]).0, 75);
}

#[test]
fn one_in_doubt_is_75_and_is_not_told_to_be_sent_again_blindly() {
    let server = server(Dialogue::new().on(Stage::Dot, Reaction::drop_connection()));
    let output = send(&to_b(&host(&server)), MESSAGE);
    assert_eq!((code(&output), server.accepted().len()), (75, 1));
    assert!(stderr(&output).last().unwrap().contains("it may have arrived; ask whether"), "{output:?}");
}

#[test]
fn an_unknown_user_is_67() {
    assert_eq!(
        against(refusing(B, "550 5.1.1 no such user"), &[B, C]),
        (67, vec!["failed".into(), "delivered".into()])
    );
}

#[test]
fn a_host_that_takes_no_mail_is_69() {
    assert_eq!(against(refusing(B, "556 5.1.10 recipient address has null MX"), &[B]), (69, vec!["failed".into()]));
}

#[test]
fn a_refusal_by_policy_is_77() {
    assert_eq!(against(refusing(B, "554 5.7.1 rejected by policy"), &[B]).0, 77);
}

#[test]
fn what_is_ours_to_set_right_is_78() {
    assert_eq!(against(refusing(B, "554 5.7.1 <b@test.invalid>: Relay access denied"), &[B]).0, 78);
    // TLS demanded where there is none.
    let server = server(Dialogue::new());
    let output = send(&to_b(&format!("smtp://{}:{}", server.host(), server.port())), MESSAGE);
    assert_eq!((code(&output), server.accepted().len()), (78, 0), "{output:?}");
}

#[test]
fn a_message_that_is_refused_for_what_it_is_is_65() {
    assert_eq!(against(Dialogue::new().on(Stage::Dot, "552 5.3.4 message too big"), &[B, C]).0, 65);
    // What the server says beforehand that it does not take is not sent at all: too many bytes, 8-bit text.
    for (extension, message) in [("SIZE 10", MESSAGE), ("PIPELINING", "From: a@test.invalid\r\n\r\né\r\n")] {
        let server = server(Dialogue::new().extensions([extension]));
        let output = send(&to_b(&host(&server)), message);
        assert_eq!((code(&output), server.accepted().len()), (65, 0), "{output:?}");
    }
}

#[test]
fn of_several_refusals_the_worst_counts() {
    let both = refusing(B, "550 5.1.1 no such user").on(Stage::Rcpt.recipient(C), "554 5.7.1 rejected by policy");
    assert_eq!(against(both, &[B, C]).0, 77);
}

#[test]
fn a_message_that_is_none_is_65_and_nobody_is_asked() {
    let server = server(Dialogue::new());
    let host = host(&server);
    for (args, message, what) in [
        (to_b(&host), "", "is empty"),
        (vec!["-t", "--smtp", &host], "To: b@test.invalid\r\n\r\nno sender\r\n", "has no sender"),
        (vec!["-t", "--smtp", &host], "From: a@test.invalid\r\nTo: b@[\r\n\r\n", "names"),
    ] {
        let output = send(&args, message);
        assert_eq!((code(&output), stderr(&output).len(), stdout(&output).len()), (65, 1, 0), "{output:?}");
        assert!(stderr(&output)[0].contains(what), "{output:?}");
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn a_command_given_wrongly_is_64_and_says_in_one_line_what_to_do() {
    let smtp = ["--smtp", DEAD];
    for (args, what) in [
        (vec!["--to", B], "--smtp"),
        (vec!["--from", "a@test.invalid", "--smtp", DEAD], "give --to ADDRESS, or -t"),
        (vec!["-t", "--smtp", DEAD], "To, Cc and Bcc name nobody"),
        ([&["--from", "a@b c", "--to", B], &smtp[..]].concat(), "a@b c"),
        ([&["--to", "nobody"], &smtp[..]].concat(), "nobody"),
        ([&["--to", B, "--schedule", "often"], &smtp[..]].concat(), "--schedule \"often\": column 1"),
        (vec!["--to", B, "--smtp", "mx:port"], "the port is a number"),
        (vec!["--to", B, "--smtp", "http://mx"], "use smtp://"),
        ([&["--to", B, "--in-doubt", "guess"], &smtp[..]].concat(), "assume-sent"),
        ([&["--to", B, "--retries"], &smtp[..]].concat(), "--retries"),
    ] {
        let output = send(&args, MESSAGE);
        assert_eq!((code(&output), stderr(&output).len(), stdout(&output).len()), (64, 1, 0), "{output:?}");
        assert!(stderr(&output)[0].starts_with("retry: ") && stderr(&output)[0].contains(what), "{output:?}");
    }
}

#[test]
fn a_password_in_a_url_is_in_no_error() {
    for url in ["smtp://alice:sesame@mx:port", "http://alice:sesame@mx", "smtp://alice:sesame@127.0.0.1:1"] {
        let output = send(&[&to_b(url)[..], &["--schedule", "const 0s, 1 attempts"]].concat(), MESSAGE);
        assert_ne!(code(&output), 0);
        assert!(
            !format!("{output:?}").contains("sesame") && !stderr(&output).concat().contains("sesame"),
            "{output:?}"
        );
    }
}

#[test]
fn a_file_that_is_not_there_is_66() {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_retry"));
    let output = command.arg("send").args(to_b(DEAD)).arg("no/such/file.eml").output().unwrap();
    assert_eq!((code(&output), stderr(&output).len()), (66, 1));
    assert!(stderr(&output)[0].contains("no/such/file.eml"));
}
