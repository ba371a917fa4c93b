//! Against real servers, as `scripts/mail-servers` starts them; without any, each test is skipped, and says so.

use std::process::Output;

use testkit::real::{RealServers, Taken};

use crate::support::{DEAD, code, rows, send, stderr, stdout};

fn servers() -> Option<RealServers> {
    let servers = RealServers::from_env().unwrap();
    // The runner calls the thread by the test's name.
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    match &servers {
        Some(servers) => servers.note(test).unwrap(),
        None => eprintln!("!!! SKIPPED: {test}: no RETRY_MAIL_SERVERS; see scripts/mail-servers"),
    }
    servers
}

/// A Message-ID that no earlier run had.
fn fresh() -> String {
    use std::hash::{BuildHasher, RandomState};
    format!("<{:016x}@test.invalid>", RandomState::new().hash_one("id"))
}

/// Sends a message of this Message-ID, by the server called `name`.
fn by(servers: &RealServers, name: &str, args: &[&str], id: &str) -> Output {
    let host = servers.addr(name).unwrap().to_string();
    let message = format!(
        "From: a@test.invalid\nTo: ok@test.invalid\nCc: other@test.invalid\nBcc: hidden@test.invalid\nMessage-ID: {id}\n\
         Subject: by retry send\n\nHello\n.\n"
    );
    send(&[args, &["--smtp", &host]].concat(), &message)
}

fn whom(taken: &[Taken]) -> Vec<&str> {
    let mut whom: Vec<&str> = taken.iter().flat_map(|mail| &mail.recipients).map(|one| &**one).collect();
    whom.sort_unstable();
    whom
}

#[test]
fn one_recipient_taken_and_one_unknown_are_a_line_each_and_67() {
    let Some(servers) = servers() else { return };
    let (id, to) = (fresh(), ["--from", "a@test.invalid", "--to", "ok@test.invalid", "--to", "nouser@test.invalid"]);
    let output = by(&servers, "plain", &to, &id);
    let lines = stdout(&output);
    assert_eq!((code(&output), lines.len()), (67, 2), "{output:?}");
    assert!(lines[0].starts_with("ok@test.invalid: delivered after 1 attempt: 250 2.0.0 Ok: queued as "), "{lines:?}");
    assert!(lines[1].starts_with("nouser@test.invalid: failed after 1 attempt: 550 5.1.1 "), "{lines:?}");
    assert_eq!(stderr(&output), ["retry: 1 of 2 recipients were refused for good; check the addresses"]);
    assert_eq!(whom(&servers.delivered(&id).unwrap()), ["ok@test.invalid"]);
}

#[test]
fn with_the_first_of_two_hosts_dead_the_second_delivers() {
    let Some(servers) = servers() else { return };
    let id = fresh();
    let output = by(&servers, "plain", &["--json", "--to", "ok@test.invalid", "--smtp", DEAD], &id);
    assert_eq!(code(&output), 0, "{output:?}");
    assert_eq!(rows(&output)[0]["host"], servers.addr("plain").unwrap().to_string());
    assert_eq!(servers.delivered(&id).unwrap().len(), 1);
}

#[test]
fn who_is_named_in_bcc_has_the_mail_and_is_seen_by_nobody() {
    let Some(servers) = servers() else { return };
    let id = fresh();
    let output = by(&servers, "plain", &["-t"], &id);
    assert_eq!(code(&output), 0, "{output:?}");
    let taken = servers.delivered(&id).unwrap();
    assert_eq!(whom(&taken), ["hidden@test.invalid", "ok@test.invalid", "other@test.invalid"]);
    for mail in &taken {
        // Postfix names the owner of a mailbox; of the message itself nothing tells.
        let own = mail.content.split_once("From: a@test.invalid").unwrap().1;
        assert!(!own.contains("hidden") && !own.contains("Bcc"), "{own}");
        assert!(own.ends_with("\n\nHello\n.\n"), "{own:?}");
    }
}

#[test]
fn each_end_has_its_code() {
    let Some(servers) = servers() else { return };
    let once = ["--json", "--schedule", "const 0s, 1 attempts"];
    for (name, to, expected, state) in [
        ("plain", "ok", 0, "delivered"),
        ("plain", "defer", 75, "deferred"),
        ("plain", "full5", 75, "deferred"),
        ("plain", "policy", 77, "failed"),
        ("plain", "nouser", 67, "failed"),
        ("gone", "ok", 69, "failed"),
        ("scanner4", "ok", 75, "deferred"),
        ("sink_drop_dot", "ok", 75, "unknown"),
    ] {
        let (id, to) = (fresh(), format!("{to}@test.invalid"));
        let output = by(&servers, name, &[&once[..], &["--to", &to]].concat(), &id);
        assert_eq!((code(&output), rows(&output)[0]["state"].as_str()), (expected, Some(state)), "{name}: {output:?}");
        assert_eq!(servers.delivered(&id).unwrap().len(), usize::from(state == "delivered"), "{name}");
    }
}

#[test]
fn a_greylisted_recipient_is_delivered_to_within_the_minute() {
    let Some(servers) = servers() else { return };
    let id = fresh();
    let to = format!("{}@test.invalid", &id[1..9]);
    let output = by(&servers, "greylist", &["--to", &to], &id);
    assert_eq!(code(&output), 0, "{output:?}");
    assert!(stderr(&output)[0].contains("450 4.2.0") && stderr(&output)[0].contains("Greylisted"), "{output:?}");
    assert_eq!(whom(&servers.delivered(&id).unwrap()), [to]);
}

#[test]
fn what_postfix_wants_of_us_is_78_and_a_password_is_nowhere() {
    let Some(servers) = servers() else { return };
    let (id, once) = (fresh(), ["--schedule", "const 0s, 1 attempts"]);
    let to_ok = [&once[..], &["--to", "ok@test.invalid"]].concat();
    // "554 5.7.1 Relay access denied"
    let output = by(&servers, "greylist", &[&once[..], &["--to", "ok@elsewhere.invalid"]].concat(), &id);
    assert_eq!(code(&output), 78, "{output:?}");
    // "530 5.7.0 Must issue a STARTTLS command first"
    let clear = format!("smtp://{}?tls=off", servers.addr("submission").unwrap());
    let output = send(&[&to_ok[..], &["--smtp", &clear]].concat(), "From: a@test.invalid\r\n\r\n");
    assert_eq!(code(&output), 78, "{output:?}");
    // A server whose certificate nobody has vouched for is told no password.
    let url = format!("smtps://alice%40test.invalid:open%20sesame@{}", servers.addr("smtps").unwrap());
    let output = send(&[&to_ok[..], &["--smtp", &url]].concat(), "From: a@test.invalid\r\n\r\n");
    assert_eq!(code(&output), 78, "{output:?}");
    assert!(![stdout(&output), stderr(&output)].concat().concat().contains("sesame"), "{output:?}");
}

#[test]
fn a_login_by_url_delivers_or_is_78() {
    let Some(servers) = servers() else { return };
    for (password, expected) in [("open%20sesame", 0), ("open%20barley", 78)] {
        let id = fresh();
        let url = format!("smtp://alice%40test.invalid:{password}@{}", servers.addr("login").unwrap());
        // In the clear, as it must be said aloud: Postfix's certificate is known to nobody here.
        let url = format!("{url}?tls=off&clear_auth=on");
        let message = format!("From: a@test.invalid\r\nMessage-ID: {id}\r\n\r\n");
        let output = send(&["--to", "ok@test.invalid", "--smtp", &url], &message);
        assert_eq!(code(&output), expected, "{output:?}");
        let said = [stdout(&output), stderr(&output)].concat().concat();
        assert!(!said.contains("sesame") && !said.contains("barley"), "{said}");
        assert_eq!(servers.delivered(&id).unwrap().len(), usize::from(expected == 0));
    }
}
