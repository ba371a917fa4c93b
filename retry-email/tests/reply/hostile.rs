//! Any bytes, in any pieces.

use proptest::collection::vec;
use proptest::prelude::*;
use retry_email::{Reply, ReplyError, ReplyReader};

use crate::support::cases;

/// Bytes that are nearly replies.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop_oneof![
        Just(b"250".to_vec()),
        Just(b"550-".to_vec()),
        Just(b"450 4.2.0 ".to_vec()),
        Just(b"5.7.999".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\r".to_vec()),
        Just(b"-".to_vec()),
        Just(b" ".to_vec()),
        Just("é".as_bytes().to_vec()),
        vec(any::<u8>(), 0..8),
    ];
    vec(pieces, 0..40).prop_map(|pieces| pieces.concat())
}

/// Everything that a reader makes of these pieces.
fn read(pieces: &[&[u8]]) -> Vec<Result<Reply, ReplyError>> {
    let mut reader = ReplyReader::new();
    let mut all = Vec::new();
    for piece in pieces {
        let mut rest = *piece;
        while !rest.is_empty() {
            all.extend(reader.read(&mut rest).transpose());
        }
    }
    all.extend(reader.finish().map(Ok));
    all
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn splits_make_no_difference(bytes in bytes(), cuts in vec(any::<prop::sample::Index>(), 0..6)) {
        let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        cuts.extend([0, bytes.len()]);
        cuts.sort_unstable();
        let pieces: Vec<_> = cuts.windows(2).map(|ends| &bytes[ends[0]..ends[1]]).collect();
        prop_assert_eq!(read(&pieces), read(&[&bytes]));
        let single: Vec<_> = bytes.chunks(1).collect();
        prop_assert_eq!(read(&single), read(&[&bytes]));
    }

    #[test]
    fn a_reply_is_what_the_reader_reads_first(bytes in bytes()) {
        let first = read(&[&bytes]).into_iter().next();
        match Reply::parse(&bytes) {
            Ok(reply) => prop_assert!(first.is_none_or(|first| first == Ok(reply))),
            // The reader goes on behind what is no reply.
            Err(error) => prop_assert!(first.is_none_or(|first| first == Err(error))),
        }
    }

    #[test]
    fn a_reply_survives_being_written_down(bytes in bytes()) {
        if let Ok(reply) = Reply::parse(&bytes) {
            prop_assert!((100..=999).contains(&reply.code()));
            prop_assert!(reply.text().len() <= 8 * 1024);
            prop_assert!(matches!(reply.severity(), 1..=9));
            prop_assert!(reply.to_string().starts_with(&reply.code().to_string()));
        }
    }
}
