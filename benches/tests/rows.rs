//! Every row does its work, and ours without the heap.

use std::collections::HashSet;
use std::hint::black_box;
use std::time::Duration;

use benches::mail::client::Client;
use benches::mail::lane::Limits;
use benches::mail::setting::Setting;
use benches::mode::Mode;
use benches::row::Row;
use benches::{allocations, replies, rows};
use retry_email::{Answer, Classifier, Reply};
use testkit::smtp::Sink;

#[test]
fn every_loop_of_every_row_runs() {
    for row in rows() {
        let loops: Vec<_> = Mode::ALL.into_iter().filter_map(|mode| mode.of(&row)).collect();
        assert!(!loops.is_empty(), "{row:?} measures nothing");
        loops.iter().for_each(|run| run(2));
        Mode::GUARDS.into_iter().filter_map(|mode| row.guard(mode)).for_each(|guard| (guard.together)(2));
    }
}

#[test]
fn names_are_unique() {
    let rows = rows();
    let names: HashSet<_> = rows.iter().map(|row| row.name).collect();
    assert_eq!(names.len(), rows.len());
}

#[test]
fn our_rows_allocate_nothing() {
    for row in rows().into_iter().filter(|row| row.name.starts_with("retry-core")) {
        for mode in Mode::ALL {
            let allocations = mode.of(&row).map_or(0.0, allocations::an_iteration);
            assert!(allocations == 0.0, "{row:?}, {}: {allocations} allocations", mode.name());
        }
    }
}

#[test]
fn every_async_row_can_be_spawned() {
    let spawned = |row: &Row| row.crowd.as_ref().map(|crowd| crowd(3));
    let crowds: Vec<_> = rows().iter().filter_map(spawned).collect();
    assert!(crowds.len() > 8);
    // Both failures are slept for, at least where there is no jitter.
    assert!(crowds[0].wall_ms >= 6.0, "{:?}", crowds[0]);
}

#[test]
fn every_client_delivers_every_message() {
    let setting = Setting { connections: 3, recipients: 4 };
    for client in Client::ALL {
        let sink = Sink::start().unwrap();
        let limits = Limits { messages: 2, time: Duration::MAX };
        let taken = client.run(sink.addr(), setting, limits).unwrap();
        // On each of the 3 connections one that is not counted, and 2 that are.
        assert_eq!((taken.messages, sink.messages()), (6, 9), "{}", client.name());
    }
}

#[test]
fn a_client_without_a_server_fails() {
    let addr = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    let setting = Setting { connections: 1, recipients: 1 };
    let limits = Limits { messages: 1, time: Duration::MAX };
    assert!(Client::Hand.run(addr, setting, limits).is_err());
}

#[test]
fn a_reply_of_one_line_is_classified_without_an_allocation() {
    let classifier = Classifier::builtin();
    // Several lines are joined, and where a reply asks to come again its words are listed.
    let asks = |text: &str| text.contains("again") || text.contains("essayer");
    let plain = replies::REPLIES.iter().filter(|text| !text.contains('\n') && !asks(text));
    for text in plain {
        let from_text = allocations::an_iteration(&|turns| {
            for _ in 0..turns {
                black_box(classifier.classify(&Answer::from_text(text)));
            }
        });
        let reply = Reply::parse(text.as_bytes()).unwrap();
        let parsed = allocations::an_iteration(&|turns| {
            for _ in 0..turns {
                black_box(classifier.classify(&Answer::from(&reply)));
            }
        });
        assert!(from_text == 0.0 && parsed == 0.0, "{text}: {from_text}, {parsed}");
    }
}
