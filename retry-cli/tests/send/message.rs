//! The message: who it goes to, and what of it goes out.

use testkit::smtp::Dialogue;

use crate::support::{code, host, send, server};

/// What was taken, and for whom.
fn sent(args: &[&str], message: &str) -> (Vec<String>, String) {
    let server = server(Dialogue::new());
    let host = host(&server);
    let output = send(&[args, &["--smtp", &host]].concat(), message);
    assert_eq!(code(&output), 0, "{output:?}");
    let accepted = server.accepted();
    assert_eq!(accepted.len(), 1, "one copy, one transaction");
    let to = accepted[0].recipients.iter().map(|one| one.address.clone()).collect();
    (to, String::from_utf8(accepted[0].message.clone()).unwrap())
}

#[test]
fn t_reads_to_cc_and_bcc_and_takes_bcc_out() {
    let message = "From: A <a@test.invalid>\r\nTo: B <b@test.invalid>,\r\n c@test.invalid\r\nCc: d@test.invalid\r\n\
        BCC: secret@test.invalid,\r\n  b@test.invalid\r\nSubject: x\r\n\r\nBcc: in the body stays\r\n";
    let (to, message) = sent(&["-t"], message);
    assert_eq!(to, ["b", "c", "d", "secret"].map(|name| format!("{name}@test.invalid")), "each once");
    assert!(!message.contains("secret") && !message.contains("BCC"), "{message}");
    assert!(message.contains("Cc: d@test.invalid\r\n") && message.contains("\r\n\r\nBcc: in the body stays\r\n"));
}

#[test]
fn without_t_the_headers_name_nobody_and_bcc_is_taken_out_all_the_same() {
    let message = "From: a@test.invalid\r\nTo: b@test.invalid\r\nBcc: hidden@test.invalid\r\n\r\n";
    let (to, message) = sent(&["--to", "d@test.invalid"], message);
    assert_eq!(to, ["d@test.invalid"]);
    assert!(message.contains("To: b@test.invalid") && !message.contains("hidden"));
}

#[test]
fn a_message_as_programs_write_it_goes_out_as_smtp_wants_it() {
    // Line feeds alone, a lone dot, no line end at the end; Message-ID and Date are added.
    let (_, message) = sent(&["--to", "b@test.invalid"], "From: a@test.invalid\nSubject: x\n\none\n.\n..two\nend");
    assert!(message.ends_with("\r\n\r\none\r\n.\r\n..two\r\nend\r\n"), "{message:?}");
    assert!(message.contains("\r\nMessage-ID: <") || message.starts_with("Message-ID: <"), "{message:?}");
    assert!(message.contains("Date: "), "{message:?}");
    assert!(!message.replace("\r\n", "").contains(['\r', '\n']));
}

#[test]
fn an_address_given_twice_is_sent_to_once_and_a_mailbox_files_first_line_is_left_out() {
    let message = "From a@test.invalid Mon Jan  1 00:00:00 2024\nFrom: a@test.invalid\nTo: b@TEST.invalid\n\nx\n";
    let (to, message) = sent(&["-t", "--to", "b@test.invalid", "--to", "B@test.invalid"], message);
    // Upper and lower case may be two mailboxes; of a domain they are one.
    assert_eq!(to, ["b@test.invalid", "B@test.invalid"]);
    assert!(!message.contains("00:00:00 2024") && message.ends_with("To: b@TEST.invalid\r\n\r\nx\r\n"), "{message}");
}

#[test]
fn the_envelopes_sender_is_given_or_of_the_headers_or_nobody() {
    let message = "From: a@test.invalid\r\nSender: s@test.invalid\r\n\r\n";
    for (args, sender) in
        [(&[][..], "s@test.invalid"), (&["--from", "x@test.invalid"], "x@test.invalid"), (&["--from", "<>"], "")]
    {
        let server = server(Dialogue::new());
        let host = host(&server);
        let output = send(&[args, &["--to", "b@test.invalid", "--smtp", &host]].concat(), message);
        assert_eq!((code(&output), &*server.accepted()[0].sender.address), (0, sender));
    }
}
