//! `retry demo` from outside: the binary, without a terminal.

#[cfg(test)] // always so, but it tells clippy that the helpers are test code
mod support {
    use std::path::{Path, PathBuf};
    use std::process::{Command, Output};

    pub(crate) fn retry(args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_retry")).args(args).output().unwrap()
    }

    pub(crate) fn stdout(output: &Output) -> String {
        String::from_utf8(output.stdout.clone()).unwrap()
    }

    pub(crate) fn stderr(output: &Output) -> String {
        String::from_utf8(output.stderr.clone()).unwrap()
    }

    /// Asserts the exit code and a complaint of one line with these words, and hands it back.
    #[track_caller]
    pub(crate) fn assert_refused(output: &Output, code: i32, words: &[&str]) {
        let line = stderr(output);
        assert_eq!(output.status.code(), Some(code), "{line}");
        assert_eq!(line.lines().count(), 1, "{line}");
        assert!(line.starts_with("retry: "), "{line}");
        for word in words {
            assert!(line.contains(word), "{word} in {line}");
        }
        assert_eq!(stdout(output), "");
    }

    /// A file of this name and content in the tests' own directory.
    pub(crate) fn file(name: &str, content: &[u8]) -> PathBuf {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    pub(crate) fn demo(name: &str, content: &[u8]) -> Output {
        retry(&["demo", "--eml", file(name, content).to_str().unwrap()])
    }
}

use support::{assert_refused, demo, retry, stderr, stdout};

#[test]
fn the_bundled_message_arrives_once_at_the_third_attempt() {
    let output = retry(&["demo"]);
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(stderr(&output), "", "no spinner without a terminal");
    assert!(!text.contains('\u{1b}'), "no colours without a terminal: {text}");

    let attempts: Vec<_> = text.lines().filter(|line| line.starts_with("attempt ")).collect();
    assert_eq!(attempts.len(), 3, "{text}");
    assert!(attempts[0].contains("450") && attempts[0].contains("Greylisted"), "{text}");
    assert!(attempts[1].contains("incomplete response"), "{text}");
    assert!(attempts[2].contains("accepted"), "{text}");

    let verdicts: Vec<_> = text.lines().filter(|line| line.contains("verdict")).collect();
    assert!(verdicts[0].contains("class transient, effect none, scope request, hint"), "{text}");
    assert!(verdicts[1].contains("class transient, effect possible, scope destination"), "{text}");

    let waits: Vec<_> = text.lines().filter(|line| line.contains(" wait ")).collect();
    assert!(waits[0].contains("hint in the server's text"), "{text}");
    assert!(waits[1].contains("by schedule"), "{text}");

    let last = text.lines().last().unwrap();
    for word in [
        "<demo.1@example.org>",
        "3 attempts",
        "bytes",
        "from alice@example.org",
        "bob@example.net, carol@example.com",
        "1 copy",
    ] {
        assert!(last.contains(word), "{word} in {last}");
    }
}

#[test]
fn it_says_why_it_resends() {
    let text = stdout(&retry(&["demo"]));
    assert!(text.contains("lettre cannot tell a lost reply from a lost mail"), "{text}");
    assert!(text.contains("by default"), "{text}");
}

#[test]
fn a_message_of_ones_own_arrives_byte_for_byte() {
    let message = "From: Jörg <joerg@example.org>\nTo: b@example.org,\n c@example.org\nCc: d@example.org\nBcc: \
                   b@example.org\nMessage-ID:\n <folded.1\n @example.org>\n\n8 bit: é\n.\n..\n.dot\n\nend";
    let output = demo("own.eml", message.as_bytes());
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{text}{}", stderr(&output));
    let last = text.lines().last().unwrap();
    assert!(last.contains("<folded.1@example.org> after 3 attempts"), "{last}");
    assert!(last.ends_with("from joerg@example.org to b@example.org, c@example.org, d@example.org, 1 copy"), "{last}");
    // Each of the 14 line ends has become two bytes, and the last line has got its own.
    assert_eq!(message.matches('\n').count(), 14);
    assert!(last.contains(&format!(" {} bytes ", message.len() + 14 + 2)), "{last}");
}

#[test]
fn a_missing_message_id_is_added_once_and_said() {
    let output = demo("no-id.eml", b"From: a@example.org\r\nTo: b@example.org\r\n\r\nHello\r\n");
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    let said = text.lines().find(|line| line.contains("no Message-ID")).unwrap();
    let id = said.split_whitespace().find(|word| word.starts_with('<')).unwrap();
    let last = text.lines().last().unwrap();
    assert!(last.contains(id) && last.contains("1 copy"), "{id} in {last}");
}

#[test]
fn a_message_that_cannot_be_read_is_named() {
    assert_refused(&retry(&["demo", "--eml", "no/such.eml"]), 66, &["no/such.eml", "No such file"]);
    assert_refused(&retry(&["demo", "--eml", env!("CARGO_MANIFEST_DIR")]), 66, &["cannot read"]);
}

#[test]
fn a_message_that_cannot_be_sent_is_refused_with_advice() {
    assert_refused(&demo("empty.eml", b""), 65, &["empty.eml", "is empty"]);
    assert_refused(&demo("blank.eml", b"\r\n\r\n"), 65, &["blank.eml", "give"]);
    assert_refused(&demo("no-sender.eml", b"To: b@example.org\n\nx"), 65, &["no sender", "From"]);
    assert_refused(&demo("no-recipient.eml", b"From: a@example.org\n\nx"), 65, &["no recipient", "To, Cc or Bcc"]);
    assert_refused(&demo("bad.eml", b"From: a@example.org\nTo: <b@@c>\n\nx"), 65, &["b@@c", "To", "mend"]);
}

#[test]
fn binary_junk_is_refused_in_one_line_that_harms_no_terminal() {
    let junk: Vec<u8> = (0..=255).cycle().take(70_000).collect();
    assert_refused(&demo("junk.eml", &junk), 65, &["junk.eml"]);
    let escape = demo("escape.eml", b"From: a@example.org\nTo: <\x1b[2J@\x07>\n\nx");
    assert_refused(&escape, 65, &["escape.eml"]);
    assert!(!stderr(&escape).contains('\u{1b}'));
}

#[test]
fn wrong_usage_is_one_line_with_advice() {
    assert_refused(&retry(&[]), 64, &["no command", "retry --help"]);
    assert_refused(&retry(&["dmeo"]), 64, &["dmeo", "'demo'", "retry --help"]);
    assert_refused(&retry(&["demo", "--emi", "x"]), 64, &["--emi", "--eml"]);
    assert_refused(&retry(&["demo", "x"]), 64, &["'x'", "retry demo --help"]);
    assert_refused(&retry(&["demo", "--eml"]), 64, &["--eml", "value"]);
}

#[test]
fn help_shows_examples_and_version_the_version() {
    for (args, words) in [
        (&["--help"][..], &["demo", "Examples:", "Exit codes:", "75"][..]),
        (&["demo", "--help"], &["--eml <FILE>", "Examples:", "127.0.0.1", "NO_COLOR"]),
        (&["help", "demo"], &["--eml <FILE>"]),
        (&["--version"], &[env!("CARGO_PKG_VERSION")]),
    ] {
        let output = retry(args);
        assert_eq!(output.status.code(), Some(0));
        assert_eq!(stderr(&output), "");
        for word in words {
            assert!(stdout(&output).contains(word), "{word} in {}", stdout(&output));
        }
    }
}
