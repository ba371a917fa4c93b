use retry_email::{Address, Envelope, InvalidAddress, Notify, Recipient, Return};

use crate::server::{MESSAGE, Server, sending};

#[test]
fn addresses_that_would_break_out_of_a_command_are_refused() {
    for (text, why) in [
        ("", InvalidAddress::Empty),
        ("bob", InvalidAddress::NoDomain),
        ("bob@", InvalidAddress::NoDomain),
        ("@example.org", InvalidAddress::NoLocalPart),
        ("bob@example.org\r\nDATA", InvalidAddress::Forbidden('\r')),
        ("bob\0@example.org", InvalidAddress::Forbidden('\0')),
        ("bob> NOTIFY=NEVER@example.org", InvalidAddress::Forbidden('>')),
        ("bob smith@example.org", InvalidAddress::Forbidden(' ')),
        ("bob@example.org>", InvalidAddress::Forbidden('>')),
        ("bob@exa mple.org", InvalidAddress::Forbidden(' ')),
        ("\"a\"b\"@example.org", InvalidAddress::Forbidden('"')),
        ("\"a\\\"@example.org", InvalidAddress::Forbidden('\\')),
        ("a\"b@example.org", InvalidAddress::Forbidden('"')),
    ] {
        assert_eq!(text.parse::<Address>(), Err(why), "{text:?}");
    }
    assert_eq!(format!("{}@example.org", "a".repeat(400)).parse::<Address>(), Err(InvalidAddress::TooLong));
}

#[test]
fn addresses_that_exist_are_taken() {
    for text in [
        "bob@example.org",
        "a..b@example.org",
        "\"a b>\\\"\"@example.org",
        "bob@[192.0.2.1]",
        "bob@[IPv6:2001:db8::1]",
        "jörg@exämple.org",
        "o'hara+tag@example.org",
        "Postmaster",
        "a@b@example.org",
    ] {
        assert_eq!(text.parse::<Address>().map(|address| address.to_string()).as_deref(), Ok(text));
    }
}

fn envelope() -> Envelope {
    let bob = Recipient::new("bob@example.net".parse().unwrap())
        .notify(Notify::FAILURE.and(Notify::DELAY))
        .originally("bob+x=1@example.org");
    let eve = Recipient::new("eve@example.net".parse().unwrap()).notify(Notify::NEVER);
    Envelope::new("alice@example.org".parse().unwrap()).returning(Return::Headers).with_id("a b").with(bob).with(eve)
}

#[test]
fn parameters_go_with_their_recipient_where_the_server_offers_them() {
    let mut server = Server::new([]);
    server.serve(sending(&envelope(), "DSN\nSIZE 1000"), MESSAGE);
    assert_eq!(
        server.commands,
        [
            // 14 + 2, 2, 6 + 2 bytes
            "MAIL FROM:<alice@example.org> RET=HDRS ENVID=a+20b SIZE=26",
            "RCPT TO:<bob@example.net> NOTIFY=FAILURE,DELAY ORCPT=rfc822;bob+2Bx+3D1@example.org",
            "RCPT TO:<eve@example.net> NOTIFY=NEVER",
            "DATA",
        ]
    );
    let mut server = Server::new([]);
    server.serve(sending(&envelope(), ""), MESSAGE);
    assert_eq!(
        server.commands,
        ["MAIL FROM:<alice@example.org>", "RCPT TO:<bob@example.net>", "RCPT TO:<eve@example.net>", "DATA"]
    );
}

#[test]
fn a_later_attempt_replays_only_the_rest_each_with_its_own_parameters() {
    let mut server = Server::new([]);
    let report = server.serve(sending(&envelope(), "DSN").only([1, 7]), MESSAGE);
    assert_eq!(server.commands[1..], ["RCPT TO:<eve@example.net> NOTIFY=NEVER", "DATA"]);
    assert_eq!(report.fates.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [1]);
}

#[test]
fn the_empty_sender_is_written_as_such() {
    let mut server = Server::new([]);
    server.serve(sending(&Envelope::from_nobody().to("bob@example.net".parse().unwrap()), ""), MESSAGE);
    assert_eq!(server.commands[0], "MAIL FROM:<>");
}
