//! Whatever a server does: nobody is said to be served who is not, nobody is served twice, and it ends.

use proptest::prelude::*;
use retry_email::{Fate, Transaction};

use crate::server::{MESSAGE, Reaction, Server, sending, to};

pub(crate) fn reaction() -> impl Strategy<Value = Reaction> {
    let said = prop_oneof![
        Just((250, "ok")),
        Just((354, "go on")),
        Just((421, "4.3.2 closing")),
        Just((450, "4.2.0 later")),
        Just((452, "4.5.3 too many recipients")),
        Just((452, "4.2.2 mailbox full")),
        Just((503, "5.5.1 out of order")),
        Just((550, "5.1.1 no such user")),
        Just((552, "too many")),
        Just((554, "5.5.1 no valid recipients")),
        Just((199, "what")),
        Just((334, "what")),
        Just((999, "what")),
    ];
    prop_oneof![
        12 => Just(Reaction::Accept),
        6 => said.clone().prop_map(|(code, text)| Reaction::Say(code, text)),
        1 => said.prop_map(|(code, text)| Reaction::SayAndClose(code, text)),
        1 => Just(Reaction::Close),
        1 => Just(Reaction::TakeAndClose),
        1 => Just(Reaction::Hang),
    ]
}

pub(crate) fn cases() -> u32 {
    std::env::var("RETRY_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(4000)
}

#[derive(Clone, Copy, Debug)]
struct Way {
    pipelining: bool,
    lmtp: bool,
    reused: bool,
    at_once: usize,
}

fn way() -> impl Strategy<Value = Way> {
    (any::<bool>(), any::<bool>(), any::<bool>(), 1..5_usize).prop_map(|(pipelining, lmtp, reused, at_once)| Way {
        pipelining,
        lmtp,
        reused,
        at_once,
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn each_recipient_has_the_fate_that_the_server_gave_it(
        reactions in prop::collection::vec(reaction(), 0..24),
        (recipients, way) in (0..7_usize, way()),
    ) {
        let envelope = to(recipients);
        let mut transaction: Transaction = sending(&envelope, if way.pipelining { "PIPELINING" } else { "" });
        transaction = transaction.recipients_at_once(way.at_once);
        let mut server = Server::new(reactions);
        if way.lmtp {
            (transaction, server) = (transaction.lmtp(), server.lmtp());
        }
        if way.reused {
            transaction = transaction.reused();
        }
        let report = server.serve(transaction, MESSAGE);

        prop_assert_eq!(report.fates.len(), recipients);
        for (n, fate) in &report.fates {
            let address = format!("r{n}@example.net");
            let in_dots = |of: fn(&crate::server::Dot) -> &Vec<String>| {
                server.dots.iter().map(|dot| of(dot).iter().filter(|one| **one == address).count()).sum::<usize>()
            };
            let (taken, unclear) = (in_dots(|dot| &dot.taken), in_dots(|dot| &dot.unclear));
            prop_assert!(taken <= 1, "{} was served {} times", address, taken);
            match fate {
                Fate::Delivered { .. } => prop_assert_eq!((taken, unclear), (1, 0)),
                // LMTP: whoever is behind an unclear reply is in doubt as well, whatever the server means.
                // A dot that meets a closed connection may have left, as far as the client knows.
                Fate::InDoubt { .. } => prop_assert!(taken + unclear == 1 || way.lmtp || server.is_closed),
                other => prop_assert_eq!((taken, unclear), (0, 0), "{:?}", other),
            }
            prop_assert!(!report.was_stale || !fate.may_be_delivered());
        }
        // Nobody else got anything, and a message is whole or the lone dot.
        for dot in server.dots.iter().filter(|dot| !dot.taken.is_empty()) {
            prop_assert_eq!(&dot.message[..], b"Subject: hello\r\n\r\n..Hello\r\n");
        }
    }

    /// Cut off after any number of bytes of either side, the same holds: see the reactions. Here the driver itself gives up.
    #[test]
    fn a_driver_that_gives_up_at_any_step_has_told_nobody_wrongly(
        (recipients, way, steps) in (1..5_usize, way(), 0..20_usize),
    ) {
        let envelope = to(recipients);
        let mut transaction = sending(&envelope, if way.pipelining { "PIPELINING" } else { "" });
        let mut dot_is_out = false;
        let mut server = Server::new([]);
        for _ in 0..steps {
            match server.step(&mut transaction, MESSAGE) {
                Some(wrote_dot) => dot_is_out |= wrote_dot,
                None => break,
            }
        }
        for (_, fate) in transaction.into_report().fates {
            prop_assert!(dot_is_out || !fate.may_be_delivered());
            prop_assert!(!dot_is_out || fate.may_be_delivered());
        }
    }
}
