use proptest::prelude::*;
use retry_email::{Content, DotStuffing};

fn wire(pieces: &[&[u8]]) -> Vec<u8> {
    let (mut stuffing, mut wire) = (DotStuffing::default(), Vec::new());
    for piece in pieces {
        stuffing.push(piece, &mut wire);
    }
    stuffing.finish(&mut wire);
    wire
}

/// What a server makes of it: lines, one leading dot taken off (RFC 5321 section 4.5.2).
fn received(wire: &[u8]) -> Vec<Vec<u8>> {
    let text = wire.strip_suffix(b"\r\n").unwrap_or(wire);
    let mut lines = vec![Vec::new()];
    let mut rest = text;
    while let Some(at) = rest.windows(2).position(|two| two == b"\r\n") {
        lines.last_mut().unwrap().extend_from_slice(&rest[..at]);
        lines.push(Vec::new());
        rest = &rest[at + 2..];
    }
    lines.last_mut().unwrap().extend_from_slice(rest);
    lines.into_iter().map(|line| line.strip_prefix(b".").map_or_else(|| line.clone(), <[u8]>::to_vec)).collect()
}

/// Lines of a message whose ends may be CRLF, LF or CR.
fn lines(message: &[u8]) -> Vec<Vec<u8>> {
    let unix = String::from_utf8_lossy(message).replace("\r\n", "\n").replace('\r', "\n");
    unix.strip_suffix('\n').unwrap_or(&unix).split('\n').map(|line| line.as_bytes().to_vec()).collect()
}

proptest! {
    #[test]
    fn a_message_arrives_as_it_was_however_it_is_cut(message in "[.a\r\n]{0,40}", cut in 0..40_usize) {
        let message = message.as_bytes();
        let (a, b) = message.split_at(cut.min(message.len()));
        let wire = wire(&[a, b]);
        prop_assert_eq!(received(&wire), lines(message));
        // No end of a message within, for any reading of lone CR and LF.
        let ends = |end: &[u8]| wire.windows(end.len()).any(|part| part == end);
        prop_assert!(![&b"\n.\n"[..], b"\r.\r", b"\n.\r", b"\r.\n", b"\r\n.\r\n"].into_iter().any(ends));
        prop_assert!(!wire.starts_with(b".\r\n"));
    }

    #[test]
    fn the_size_is_that_of_the_wire_without_doubled_dots(message in "[.a\r\n]{0,40}") {
        let doubled = lines(message.as_bytes()).iter().filter(|line| line.starts_with(b".")).count();
        let wire = wire(&[message.as_bytes()]);
        prop_assert_eq!(Content::of(message.as_bytes()).size(), (wire.len() - doubled) as u64);
    }
}

#[test]
fn a_header_ends_at_the_first_empty_line() {
    for (message, utf8_header) in [
        ("Subject: é\r\n\r\nx", true),
        ("Subject: e\r\n\r\né", false),
        ("Subject: e\n\né", false),
        ("Subject: e\r\ré", false),
        ("\r\né", false),
        ("Subject: e\r\nX: é", true),
    ] {
        assert_eq!(Content::of(message.as_bytes()).has_utf8_header(), utf8_header, "{message:?}");
        assert!(Content::of(message.as_bytes()).is_eight_bit());
    }
}
