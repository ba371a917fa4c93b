//! `retry classify smtp` from outside.

#[cfg(test)] // always so, but it tells clippy that the helpers are test code
mod support {
    use std::io::Write;
    use std::process::{Command, Output, Stdio};

    use serde_json::Value;

    pub(crate) fn classify(args: &[&str], input: &[u8]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_retry"));
        command.args(["classify", "smtp"]).args(args);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_vec();
        // On a thread of its own: what is answered fills the pipe while there is still more to ask.
        let writer = std::thread::spawn(move || stdin.write_all(&input));
        let output = child.wait_with_output().unwrap();
        let _ = writer.join().unwrap();
        output
    }

    pub(crate) fn rows(output: &Output) -> Vec<Value> {
        let text = String::from_utf8(output.stdout.clone()).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

use serde_json::json;
use support::{classify, rows};

#[test]
fn a_reply_a_line_gives_an_object_a_line() {
    let output = classify(&[], b"550 5.1.1 no such user\n\n450 4.2.0 Greylisted, try again in 5 minutes\r\n250 Ok");
    assert_eq!(output.status.code(), Some(0));
    let rows = rows(&output);
    assert_eq!(rows.len(), 3, "a blank line is no reply");
    assert_eq!(rows[0]["action"], "fail_recipient");
    assert_eq!(rows[1]["retry_after_s"], 300);
    assert_eq!(rows[2]["class"], json!(null));
}

#[test]
fn an_object_a_line_keeps_its_fields() {
    let input = br#"{"reply":"452-4.5.3 Too many\r\n452 4.5.3 recipients","stage":"rcpt","id":7,"mine":{"a":[1]}}
{"event":"timeout","stage":"dot","reply":""}
{"reply":"","code":550,"enhanced":"5.1.2","stage":null,"event":null}
{"reply":"","stage":"dot"}
"#;
    let output = classify(&["--jsonl"], input);
    assert_eq!(output.status.code(), Some(0));
    let rows = rows(&output);
    assert_eq!((&rows[0]["id"], &rows[0]["mine"]), (&json!(7), &json!({"a": [1]})));
    let expected = json!({
        "class": "transient", "action": "split_recipients_now", "reason": "too_many_recipients", "scope": "message",
        "effect": "none", "retry_after_s": null,
    });
    for (key, value) in expected.as_object().unwrap() {
        assert_eq!(rows[0][key], *value, "{key}");
    }
    assert!(rows[0]["rule"].is_string() && rows[0]["confidence"].is_string());
    assert_eq!((&rows[1]["action"], &rows[1]["effect"]), (&json!("unknown_outcome"), &json!("possible")));
    assert_eq!(rows[2]["reason"], "host_unknown");
    assert_eq!(rows[3]["action"], "unknown_outcome", "an empty line is no reply");
}

#[test]
fn a_bad_line_is_an_object_with_an_error_and_the_others_go_on() {
    let long = format!("{{\"reply\":\"{}\"}}", "x".repeat(1_100_000));
    let bad = [
        "{",
        "5",
        "[]",
        "\"550 no\"",
        "{}",
        r#"{"reply":5}"#,
        r#"{"reply":"550","stage":"rctp"}"#,
        r#"{"event":"gone"}"#,
        r#"{"reply":"no","code":99}"#,
        r#"{"reply":"no","code":"x"}"#,
        r#"{"reply":"no","enhanced":"5.1"}"#,
        "\u{feff}",
        &long,
    ];
    let mut input = bad.join("\n").into_bytes();
    input.extend_from_slice(b"\n\xff\xfe\n{\"reply\":\"550 no\",\"id\":1}\n");
    let output = classify(&["--jsonl"], &input);
    assert_eq!(output.status.code(), Some(65));
    let rows = rows(&output);
    assert_eq!(rows.len(), bad.len() + 2);
    for row in &rows[..=bad.len()] {
        assert!(row["error"].is_string() && row.get("class").is_none(), "{row}");
    }
    assert_eq!(rows[bad.len() + 1]["class"], "permanent");
    assert_eq!(rows[6]["reply"], "550", "the fields of a bad line are kept, too");
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains("14 of 15 lines"), "{said}");
}

#[test]
fn any_bytes_are_answered() {
    let mut input: Vec<u8> = (0..=255).cycle().take(20_000).collect();
    input.push(b'\n');
    for args in [&[][..], &["--jsonl"]] {
        let output = classify(args, &input);
        assert!(matches!(output.status.code(), Some(0 | 65)), "{:?}", output.status);
        assert!(!rows(&output).is_empty());
    }
}

#[test]
fn rules_of_ones_own_go_first() {
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("rules.toml");
    std::fs::write(&path, "[[rule]]\nname = \"ours\"\ntext = [\"no such user\"]\nreason = \"policy\"").unwrap();
    let path = path.to_str().unwrap();
    let output = classify(&["--rules", path], b"550 no such user");
    assert_eq!(rows(&output)[0]["rule"], "ours");

    std::fs::write(path, "[[rule]]\nname = \"ours\"\nreason = \"bad_mood\"").unwrap();
    let output = classify(&["--rules", path], b"550 no such user");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(65), 0));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.lines().count() == 1 && said.contains("bad_mood") && said.contains("rules.toml"), "{said}");
    assert_eq!(classify(&["--rules", "no/such.toml"], b"").status.code(), Some(66));
}
