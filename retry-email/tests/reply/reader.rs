//! What servers say, rightly and wrongly.

use retry_email::{Reply, ReplyError, ReplyReader};

fn parse(bytes: &[u8]) -> (u16, u16, String, String) {
    let reply = Reply::parse(bytes).unwrap();
    let enhanced = reply.enhanced().map_or_else(String::new, |code| code.to_string());
    (reply.code(), reply.severity(), enhanced, reply.text().to_owned())
}

#[test]
fn a_reply_of_one_line_is_code_enhanced_code_and_text() {
    assert_eq!(parse(b"250 2.1.5 Ok\r\n"), (250, 2, "2.1.5".into(), "Ok".into()));
    assert_eq!(parse(b"354 go ahead\r\n"), (354, 3, "".into(), "go ahead".into()));
    assert_eq!(parse(b"550 5.7.708 no\r\n"), (550, 5, "5.7.708".into(), "no".into()));
}

#[test]
fn a_reply_of_several_lines_keeps_each_without_its_codes() {
    let bytes = b"550-5.1.1 There is\r\n550-5.1.1 nobody\r\n550 5.1.1 here\r\n";
    assert_eq!(parse(bytes), (550, 5, "5.1.1".into(), "There is\nnobody\nhere".into()));
}

#[test]
fn any_three_digits_are_a_code() {
    for code in [100, 199, 299, 421, 499, 571, 585, 591, 699, 999] {
        assert_eq!(Reply::parse(format!("{code} x\r\n").as_bytes()).unwrap().code(), code);
    }
}

#[test]
fn a_bare_code_is_a_reply() {
    for bytes in [&b"550\r\n"[..], b"550 \r\n", b"550\n", b"550"] {
        assert_eq!(parse(bytes), (550, 5, "".into(), "".into()), "{bytes:?}");
    }
}

#[test]
fn a_line_may_end_with_lf_alone() {
    assert_eq!(parse(b"550-one\n550 two\n"), (550, 5, "".into(), "one\ntwo".into()));
}

#[test]
fn text_is_utf_8_or_else_latin_1() {
    assert_eq!(parse("550 boîte inconnue\r\n".as_bytes()).3, "boîte inconnue");
    assert_eq!(parse(b"550 bo\xeete inconnue\r\n").3, "boîte inconnue");
}

#[test]
fn of_different_codes_the_last_counts_and_the_milder_severity() {
    assert_eq!(parse(b"550-one\r\n554 two\r\n").0, 554);
    assert_eq!(parse(b"550-one\r\n554 two\r\n").1, 5);
    assert_eq!(parse(b"550-one\r\n450 two\r\n").1, 4);
    assert_eq!(parse(b"450-one\r\n550 two\r\n").1, 4);
    assert_eq!(parse(b"250-one\r\n550 two\r\n").1, 4);
}

#[test]
fn a_line_without_code_amid_a_reply_is_text() {
    assert_eq!(parse(b"550-one\r\nand\r\n550 two\r\n").3, "one\nand\ntwo");
}

#[test]
fn what_is_no_reply_is_an_error_with_advice() {
    for bytes in [&b""[..], b"hello\r\n", b"25\r\n", b"2500 x\r\n", b"\r\n", b"HTTP/1.1 400\r\n", b"250-and", b"012 x"]
    {
        let error = Reply::parse(bytes).unwrap_err();
        assert_eq!(error, ReplyError::NoCode, "{bytes:?}");
        assert!(error.to_string().contains("close the connection"));
    }
}

#[test]
fn the_reader_leaves_the_next_reply_where_it_is() {
    let mut reader = ReplyReader::new();
    let mut bytes = &b"\r\n250 one\r\n250-two\r\n250 three\r\n35"[..];
    assert_eq!(reader.read(&mut bytes).unwrap().unwrap().text(), "one");
    assert_eq!(reader.read(&mut bytes).unwrap().unwrap().text(), "two\nthree");
    assert_eq!(reader.read(&mut bytes), Ok(None));
    assert_eq!((bytes, reader.is_at_start()), (&b""[..], false));
    assert_eq!(reader.read(&mut &b"4\r\n"[..]).unwrap().unwrap().code(), 354);
    assert!(reader.is_at_start());
}

#[test]
fn at_the_end_of_the_connection_a_refusal_counts_and_a_promise_does_not() {
    let finish = |bytes: &[u8]| {
        let mut reader = ReplyReader::new();
        assert_eq!(reader.read(&mut &*bytes), Ok(None));
        reader.finish().map(|reply| reply.to_string())
    };
    assert_eq!(finish(b"554 5.7.1 go away").as_deref(), Some("554 5.7.1 go away"));
    assert_eq!(finish(b"450-not\r\nno").as_deref(), Some("450 not no"));
    assert_eq!(finish(b"554-5.7.1 go\r\n554-away\r\n").as_deref(), Some("554 5.7.1 go away"));
    assert_eq!(finish(b"250 2.0.0 Ok"), None);
    assert_eq!(finish(b"354"), None);
    assert_eq!(finish(b"55"), None);
    assert_eq!(finish(b""), None);
}

#[test]
fn a_reply_without_end_is_an_error_and_takes_little_memory() {
    let mut reader = ReplyReader::new();
    let line = format!("250-{}\r\n", "x".repeat(994));
    // 1,000 bytes a line: the mebibyte of 1,048,576 is over at the 1,049th.
    for n in 1..=1_049 {
        let result = reader.read(&mut line.as_bytes());
        assert_eq!(result, if n < 1_049 { Ok(None) } else { Err(ReplyError::Endless) }, "{n}");
    }
    assert!(reader.is_at_start(), "it begins anew");

    let huge = format!("550 {}\r\n", "y".repeat(500_000));
    let reply = Reply::parse(huge.as_bytes()).unwrap();
    // A line of 4 KiB, without the code and the space.
    assert_eq!(reply.text().len(), 4_096 - 4);
}
