//! Beside smtp-proto, a parser of replies in wide use: where it reads a reply whole, we read the same. What it does not
//! keep is why we have a reader of our own.

use proptest::collection::vec;
use proptest::prelude::*;
use retry_email::Reply;
use smtp_proto::response::parser::ResponseReceiver;

use crate::support::cases;

fn theirs(bytes: &[u8]) -> Option<(u16, [u8; 3], String)> {
    let reply = ResponseReceiver::default().parse(&mut bytes.iter()).ok()?;
    Some((reply.code, reply.esc, reply.message))
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn what_both_can_read_is_the_same(
        code in 200_u16..600,
        enhanced in (prop::sample::select(vec![2_u8, 4, 5]), 0_u8..8, 0_u8..100),
        lines in vec("[a-z]{1,10}( [a-z]{1,10}){0,5}", 1..5),
    ) {
        let (class, subject, detail) = enhanced;
        let last = lines.len() - 1;
        let wire: String = lines
            .iter()
            .enumerate()
            .map(|(n, line)| {
                let separator = if n == last { ' ' } else { '-' };
                format!("{code}{separator}{class}.{subject}.{detail} {line}\r\n")
            })
            .collect();
        let reply = Reply::parse(wire.as_bytes()).unwrap();
        let (their_code, their_enhanced, _) = theirs(wire.as_bytes()).unwrap();
        prop_assert_eq!(reply.code(), their_code);
        prop_assert_eq!(reply.enhanced().unwrap().to_string(), their_enhanced.map(|n| n.to_string()).join("."));
        prop_assert_eq!(reply.text(), lines.join("\n"));
    }
}

#[test]
fn it_does_not_keep_what_we_need() {
    // Details over 255, of which Microsoft has dozens.
    assert_eq!(theirs(b"550 5.7.708 no\r\n").unwrap().1, [5, 7, 255]);
    // The code of the last line.
    assert_eq!(theirs(b"550-one\r\n450 two\r\n").unwrap().0, 550);
    // A code with a tab behind it, and a line without code amid the others.
    assert_eq!(theirs(b"550\tno\r\n"), None);
    assert_eq!(theirs(b"550-one\r\nand\r\n550 two\r\n"), None);
    // The rest of a reply that is longer than 4 KiB.
    assert_eq!(theirs(format!("550 {}\r\n", "x".repeat(5_000)).as_bytes()), None);
}
