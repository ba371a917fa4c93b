//! One stage after the other: what each answer means.

use retry_email::{Content, Envelope, Event, Fate, Reply, Report, Stage, Transaction, Unfit};

use crate::server::{
    MESSAGE,
    Reaction::{self, Accept, Close, Hang, Say, SayAndClose},
    Server, offering, sending, to,
};

const BOTH: [&str; 2] = ["", "PIPELINING"];

fn run(recipients: usize, extensions: &str, reactions: impl IntoIterator<Item = Reaction>) -> (Report, Server) {
    let mut server = Server::new(reactions);
    let report = server.serve(sending(&to(recipients), extensions), MESSAGE);
    (report, server)
}

/// The fates in short: the stage of a refusal, or the kind.
fn short(report: &Report) -> Vec<String> {
    let one = |fate: &Fate| match fate {
        Fate::Delivered { .. } => "delivered".to_owned(),
        Fate::Refused { stage, reply } => format!("{stage} {}", reply.code()),
        Fate::Lost { stage, event } => format!("{stage} {event}"),
        Fate::InDoubt { event: Some(event), .. } => format!("in doubt: {event}"),
        Fate::InDoubt { reply: Some(reply), .. } => format!("in doubt: {}", reply.code()),
        Fate::Confused { stage, reply } => format!("{stage} confused {}", reply.code()),
        other => format!("{other:?}").to_lowercase(),
    };
    report.fates.iter().map(|(_, fate)| one(fate)).collect()
}

#[test]
fn a_mixed_transaction_serves_the_accepted_and_keeps_the_others_replies() {
    for extensions in BOTH {
        let (report, server) =
            run(3, extensions, [Accept, Accept, Say(550, "5.1.1 no"), Say(450, "4.2.0 grey"), Accept, Accept]);
        assert_eq!(short(&report), ["delivered", "rcpt 550", "rcpt 450"]);
        assert_eq!(server.dots[0].taken, ["r0@example.net"]);
        assert!(report.is_reusable);
    }
}

#[test]
fn pipelining_is_one_flight_up_to_data() {
    let mut transaction = sending(&to(2), "PIPELINING");
    let flight = "MAIL FROM:<alice@example.org>\r\nRCPT TO:<r0@example.net>\r\nRCPT TO:<r1@example.net>\r\nDATA\r\n";
    assert_eq!(transaction.step(), retry_email::Step::Write(flight.as_bytes().to_vec()));
    assert_eq!(transaction.step(), retry_email::Step::Read(Stage::Mail));
}

#[test]
fn where_nobody_is_accepted_no_message_is_sent() {
    let refused = [Accept, Say(550, "5.1.1 no"), Say(550, "5.1.1 no")];
    // One at a time, DATA is not even asked for; RSET leaves a clean state.
    let (report, server) = run(2, "", refused.clone());
    assert_eq!(short(&report), ["rcpt 550", "rcpt 550"]);
    assert_eq!(server.commands.last().unwrap(), "RSET");
    // In flight it is, and refused: "no valid recipients" says nothing.
    let (report, _) = run(2, "PIPELINING", refused.clone().into_iter().chain([Say(554, "5.5.1 no valid recipients")]));
    assert_eq!(short(&report), ["rcpt 550", "rcpt 550"]);
    assert!(report.is_reusable);
    // Or accepted all the same: a lone dot ends it.
    let (report, server) = run(2, "PIPELINING", refused.into_iter().chain([Accept, Say(554, "5.5.1 nobody")]));
    assert_eq!(short(&report), ["rcpt 550", "rcpt 550"]);
    assert_eq!(server.dots[0].message, b"");
    assert!(report.is_reusable);
}

#[test]
fn only_354_starts_the_message() {
    for extensions in BOTH {
        let (report, server) = run(1, extensions, [Accept, Accept, Say(250, "ok")]);
        assert_eq!(short(&report), ["data confused 250"]);
        assert!(server.dots.is_empty() && !report.is_reusable);
        let (report, _) = run(1, extensions, [Accept, Accept, Say(451, "4.3.0 not now")]);
        assert_eq!(short(&report), ["data 451"]);
        assert!(report.is_reusable);
    }
}

#[test]
fn the_sender_refused_is_everybodys_refusal() {
    for extensions in BOTH {
        let mut server = Server::new([Say(550, "5.7.1 no"), Say(503, "no sender"), Say(503, "no"), Say(503, "no")]);
        let report = server.serve(sending(&to(3), extensions).recipients_at_once(2), MESSAGE);
        assert_eq!(short(&report), ["mail 550", "mail 550", "mail 550"]);
    }
}

#[test]
fn silence_before_the_dot_is_lost_and_after_it_in_doubt() {
    for extensions in BOTH {
        let accepted = |n: usize, last: Reaction| std::iter::repeat_n(Accept, n).chain([last]);
        for (n, stage) in [(0, "mail"), (1, "rcpt"), (2, "data")] {
            let (report, _) = run(1, extensions, accepted(n, Hang));
            assert_eq!(short(&report), [format!("{stage} timeout")]);
            let (report, _) = run(1, extensions, accepted(n, Close));
            assert_eq!(short(&report), [format!("{stage} connection_closed")]);
        }
        assert_eq!(short(&run(1, extensions, accepted(3, Hang)).0), ["in doubt: timeout"]);
        assert_eq!(short(&run(1, extensions, accepted(3, Close)).0), ["in doubt: connection_closed"]);
        assert_eq!(short(&run(1, extensions, accepted(3, Say(334, "what"))).0), ["in doubt: 334"]);
        assert_eq!(short(&run(1, extensions, accepted(3, Say(451, "4.3.0 later"))).0), ["dot 451"]);
    }
}

#[test]
fn what_surely_did_not_leave_is_not_in_doubt() {
    let mut transaction = sending(&to(1), "");
    let mut server = Server::new([]);
    // MAIL, RCPT, DATA with their replies, and the message
    for _ in 0..7 {
        server.step(&mut transaction, MESSAGE);
    }
    let mut unsent = transaction.clone();
    assert_eq!(transaction.step(), retry_email::Step::Write(b".\r\n".to_vec()));
    transaction.lost_unsent(Event::ConnectionClosed);
    assert_eq!(short(&transaction.into_report()), ["data_body connection_closed"]);
    // Nor before the dot is handed out.
    unsent.lost(Event::Timeout);
    assert_eq!(short(&unsent.into_report()), ["data_body timeout"]);
}

#[test]
fn a_reply_amid_the_message_ends_it_before_the_dot() {
    let mut transaction = sending(&to(1), "");
    let mut server = Server::new([]);
    for _ in 0..6 {
        server.step(&mut transaction, MESSAGE);
    }
    assert_eq!(transaction.step(), retry_email::Step::WriteBody);
    transaction.reply(Reply::new(552, "5.3.4 too big"));
    assert_eq!(transaction.step(), retry_email::Step::Done);
    assert_eq!(short(&transaction.into_report()), ["data_body 552"]);
}

#[test]
fn too_many_recipients_are_served_in_a_second_round_at_once() {
    for (extensions, crowded) in
        [("", Say(452, "4.5.3 too many")), ("PIPELINING", Say(552, "too many")), ("", Say(451, "4.5.3 too many"))]
    {
        let (report, server) = run(3, extensions, [Accept, Accept, crowded.clone(), crowded]);
        assert_eq!(short(&report), ["delivered", "delivered", "delivered"]);
        let served: Vec<_> = server.dots.iter().map(|dot| dot.taken.clone()).collect();
        assert_eq!(served, [vec!["r0@example.net"], vec!["r1@example.net", "r2@example.net"]]);
    }
}

#[test]
fn a_full_mailbox_is_no_crowd_nor_is_the_first_recipient() {
    for reply in [Say(452, "4.2.2 full"), Say(552, "5.2.2 full"), Say(552, "5.3.4 too big"), Say(452, "4.3.1 disk")] {
        let (report, server) = run(2, "", [Accept, Accept, reply]);
        assert_eq!(short(&report)[0], "delivered");
        assert!(matches!(&report.fates[1].1, Fate::Refused { stage: Stage::Rcpt, .. }));
        assert_eq!(server.dots.len(), 1);
    }
    let (report, _) = run(2, "", [Accept, Say(452, "4.5.3 too many")]);
    assert_eq!(short(&report), ["rcpt 452", "delivered"]);
}

#[test]
fn those_too_many_wait_for_another_attempt_where_the_message_is_refused() {
    let (report, server) = run(2, "", [Accept, Accept, Say(452, "4.5.3 too many"), Accept, Say(554, "5.7.1 spam")]);
    assert_eq!(short(&report), ["dot 554", "rcpt 452"]);
    assert_eq!(server.dots.len(), 1);
}

#[test]
fn closing_ends_it_at_any_command() {
    for extensions in BOTH {
        let (report, _) = run(2, extensions, [Accept, Accept, SayAndClose(421, "4.3.2 bye")]);
        assert_eq!(short(&report), ["rcpt 421", "rcpt 421"]);
        assert!(!report.is_reusable);
        let (report, _) = run(1, extensions, [Accept, Accept, Accept, SayAndClose(421, "4.3.2 bye")]);
        assert_eq!(short(&report), ["dot 421"], "a clear no, after the dot as well");
    }
}

#[test]
fn a_stale_connection_is_no_attempt() {
    for extensions in BOTH {
        for reaction in [Say(503, "5.5.1 no"), SayAndClose(421, "4.4.2 idle"), Close] {
            let mut server = Server::new([reaction.clone()]);
            let report = server.serve(sending(&to(1), extensions).reused(), MESSAGE);
            assert!(report.was_stale, "{reaction:?}");
            let mut server = Server::new([reaction]);
            assert!(!server.serve(sending(&to(1), extensions), MESSAGE).was_stale, "on a new one it is");
        }
        let mut server = Server::new([Accept, Close]);
        assert!(!server.serve(sending(&to(1), extensions).reused(), MESSAGE).was_stale, "it was alive");
    }
}

#[test]
fn lmtp_answers_for_each_recipient() {
    let reactions = [Accept, Accept, Say(550, "5.1.1 no"), Accept, Accept, Accept, Say(452, "4.2.2 full")];
    for extensions in BOTH {
        let mut server = Server::new(reactions.clone()).lmtp();
        let report = server.serve(sending(&to(3), extensions).lmtp(), MESSAGE);
        assert_eq!(short(&report), ["delivered", "rcpt 550", "dot 452"]);
        assert!(report.is_reusable);
        // The connection breaks between the two.
        let reactions = [Accept, Accept, Accept, Accept, Accept, Close];
        let mut server = Server::new(reactions).lmtp();
        let report = server.serve(sending(&to(2), extensions).lmtp(), MESSAGE);
        assert_eq!(short(&report), ["delivered", "in doubt: connection_closed"]);
    }
}

#[test]
fn what_the_server_cannot_carry_is_not_offered() {
    let big = Transaction::new(&to(1), Content::of(&[b'a'; 100]), &offering("SIZE 99"));
    assert_eq!(big.into_report().fates, [(0, Fate::Unfit(Unfit::TooLong { size: 102, limit: 99 }))]);
    // 0: no fixed limit
    let big = Transaction::new(&to(1), Content::of(&[b'a'; 100]), &offering("SIZE 0"));
    assert_eq!(big.into_report().fates, [(0, Fate::Untried)]);

    let eight = Content::of("Subject: e\r\n\r\né".as_bytes());
    assert_eq!(Transaction::new(&to(1), eight, &offering("")).into_report().fates, [(0, Fate::Unfit(Unfit::EightBit))]);

    // Only the recipient that needs it.
    let envelope =
        Envelope::from_nobody().to("jörg@example.net".parse().unwrap()).to("bob@example.net".parse().unwrap());
    let mut server = Server::new([]);
    let report = server.serve(sending(&envelope, ""), MESSAGE);
    assert_eq!(report.fates[0].1, Fate::Unfit(Unfit::Utf8));
    assert_eq!(server.dots[0].taken, ["bob@example.net"]);
    let mut server = Server::new([]);
    server.serve(sending(&envelope, "SMTPUTF8\n8BITMIME"), MESSAGE);
    assert_eq!(server.commands[0], "MAIL FROM:<> SMTPUTF8");
}
