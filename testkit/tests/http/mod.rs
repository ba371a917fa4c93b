use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use proptest::prelude::*;
use testkit::StagedClock;
use testkit::http::{Answer, HttpServer, Script};

const CLOSE: &str = "Connection: close\r\n\r\n";

fn server(answers: impl IntoIterator<Item = Answer>) -> HttpServer {
    HttpServer::start(Script::of(answers)).unwrap()
}

#[test]
fn a_connection_is_kept_until_somebody_says_otherwise() {
    let server =
        server([Answer::status(200), Answer::status(201), Answer::status(202).then_close(), Answer::status(203)]);
    let said = server.ask(&"GET / HTTP/1.1\r\n\r\n".repeat(4)).unwrap();
    assert_eq!(said.matches("HTTP/1.1 20").count(), 3);
    assert_eq!((server.connections(), server.requests().len()), (1, 3));
    assert!(server.ask(&format!("GET / HTTP/1.1\r\n{CLOSE}")).unwrap().starts_with("HTTP/1.1 203"));
    assert_eq!((server.connections(), server.requests()[3].connection), (2, 2));
}

#[test]
fn bodies_come_by_length_and_by_chunks() {
    let server = server([]);
    server.ask(&format!("PUT /a HTTP/1.1\r\nContent-Length: 5\r\n{CLOSE}hello")).unwrap();
    server
        .ask(&format!("PUT /b HTTP/1.1\r\nTransfer-Encoding: chunked\r\n{CLOSE}3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"))
        .unwrap();
    assert!(server.requests().iter().all(|request| request.body == b"hello"));
    // Half a body is no request.
    let mut client = TcpStream::connect(server.addr()).unwrap();
    client.write_all(b"PUT /c HTTP/1.1\r\nContent-Length: 5\r\n\r\nhe").unwrap();
    drop(client);
    assert!(server.wait_until_closed(3, Duration::from_secs(60)));
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn an_answer_to_head_and_one_without_content_have_no_body() {
    let server = server([Answer::status(200).body("hello"), Answer::status(204).body("hello")]);
    let head = server.ask(&format!("HEAD / HTTP/1.1\r\n{CLOSE}")).unwrap();
    assert!(head.contains("Content-Length: 5\r\n") && head.ends_with("\r\n\r\n"), "{head}");
    let empty = server.ask(&format!("GET / HTTP/1.1\r\n{CLOSE}")).unwrap();
    assert!(!empty.contains("Content-Length") && empty.ends_with("\r\n\r\n"), "{empty}");
}

#[test]
fn work_is_counted_by_key_else_by_request_id_and_done_once_for_a_key_that_is_remembered() {
    let lost = || [Answer::hang_up().after_work(), Answer::status(200).then_close()];
    for (header, remembers, times) in
        [("Idempotency-Key: \"7\"", true, 1), ("Idempotency-Key: 7", false, 2), ("X-Request-Id: 7", true, 2)]
    {
        let script = Script::of(lost());
        let server = HttpServer::start(if remembers { script.remembers_keys() } else { script }).unwrap();
        for _ in 0..2 {
            server.ask(&format!("POST / HTTP/1.1\r\n{header}\r\n\r\n")).unwrap();
        }
        assert_eq!(server.processed("7"), times, "{header}");
    }
}

#[test]
fn a_server_that_hangs_ends_when_it_is_dropped() {
    let server = server([Answer::status(200).cut_after(4).then_hang()]);
    let mut client = TcpStream::connect(server.addr()).unwrap();
    client.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    client.read_exact(&mut [0; 4]).unwrap();
    drop(server);
    assert!(!matches!(client.read(&mut [0; 4]), Ok(1..)));
}

#[test]
fn time_passes_for_a_running_attempt_alone() {
    let clock = StagedClock::new();
    clock.pass(Duration::from_secs(9));
    assert_eq!(format!("{clock:?}"), format!("{:?}", StagedClock::new()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..Default::default() })]

    #[test]
    fn garbage_ends_its_own_connection_and_no_other(garbage in "\\PC{0,80}(\r\n){0,3}") {
        let server = server([]);
        let mut client = TcpStream::connect(server.addr()).unwrap();
        client.write_all(garbage.as_bytes()).unwrap();
        drop(client);
        let said = server.ask(&format!("GET / HTTP/1.1\r\n{CLOSE}")).unwrap();
        prop_assert!(said.starts_with("HTTP/1.1 200 OK\r\n"));
    }
}
