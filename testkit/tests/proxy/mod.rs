use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::time::Duration;

use testkit::proxy::DelayProxy;
use testkit::smtp::{Script, SmtpServer};

/// Long enough for any machine: a test that hangs shall fail, not stay.
const PATIENCE: Duration = Duration::from_secs(60);

/// A few milliseconds there and back: enough for several pieces to be under way at a time.
const NEAR: Duration = Duration::from_millis(3);

fn connect(proxy: &DelayProxy) -> TcpStream {
    let client = TcpStream::connect(proxy.addr()).unwrap();
    client.set_read_timeout(Some(PATIENCE)).unwrap();
    client
}

/// A proxy, and both ends of a connection through it.
fn linked(delay: Duration) -> (DelayProxy, TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = DelayProxy::start(listener.local_addr().unwrap(), delay).unwrap();
    let client = connect(&proxy);
    let (server, _) = listener.accept().unwrap();
    server.set_read_timeout(Some(PATIENCE)).unwrap();
    (proxy, client, server)
}

/// Bytes that differ at every distance that a buffer may have.
fn bytes(length: usize) -> Vec<u8> {
    (0..=250).cycle().take(length).collect()
}

#[test]
fn bytes_arrive_whole_and_in_order_both_ways() {
    let sent = bytes(3_000_000);
    for delay in [Duration::ZERO, NEAR] {
        let (_proxy, client, server) = linked(delay);
        let mut received = [Vec::new(), Vec::new()];
        std::thread::scope(|scope| {
            for stream in [&client, &server] {
                let sent = &sent;
                scope.spawn(move || {
                    let mut stream = stream;
                    stream.write_all(sent).unwrap();
                    stream.shutdown(Shutdown::Write).unwrap();
                });
            }
            for (mut stream, received) in [&client, &server].into_iter().zip(&mut received) {
                scope.spawn(move || stream.read_to_end(received).unwrap());
            }
        });
        assert!(received.iter().all(|received| *received == sent), "{delay:?}");
    }
}

#[test]
fn one_direction_may_end_before_the_other() {
    let (_proxy, mut client, mut server) = linked(NEAR);
    client.write_all(b"question").unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    let mut question = String::new();
    server.read_to_string(&mut question).unwrap();
    assert_eq!(question, "question");
    server.write_all(b"answer").unwrap();
    drop(server);
    let mut answer = String::new();
    client.read_to_string(&mut answer).unwrap();
    assert_eq!(answer, "answer");
}

#[test]
fn nothing_arrives_before_its_time() {
    let (proxy, mut client, server) = linked(Duration::MAX);
    client.write_all(b"hello").unwrap();
    server.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
    let mut byte = [0];
    // No answer is what is waited for, not how long: the bytes would never come.
    assert!((&server).read(&mut byte).is_err());
    drop(proxy);
    server.set_read_timeout(Some(PATIENCE)).unwrap();
    assert_eq!((&server).read(&mut byte).unwrap_or(0), 0);
}

#[test]
fn dropping_the_proxy_ends_its_connections() {
    let (proxy, client, server) = linked(NEAR);
    drop(proxy);
    for mut stream in [client, server] {
        assert_eq!(stream.read(&mut [0]).unwrap_or(0), 0);
    }
}

#[test]
fn a_receiver_that_is_gone_ends_the_sender() {
    let (_proxy, mut client, server) = linked(Duration::ZERO);
    drop(server);
    let piece = bytes(100_000);
    // However much fits into buffers, it ends.
    while client.write_all(&piece).is_ok() {}
}

#[test]
fn a_server_that_is_not_there_is_an_end() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = listener.local_addr().unwrap();
    drop(listener);
    let proxy = DelayProxy::start(nobody, NEAR).unwrap();
    assert_eq!(connect(&proxy).read(&mut [0]).unwrap_or(0), 0);
    assert_eq!(proxy.connections(), 0);
}

#[test]
fn a_conversation_goes_through_unchanged() {
    let server = SmtpServer::start(Script::new()).unwrap();
    let proxy = DelayProxy::start(server.addr(), NEAR).unwrap();
    for _ in 0..3 {
        let mut client = connect(&proxy);
        client.write_all(b"HELO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nHi\r\n.\r\nQUIT\r\n").unwrap();
        std::io::copy(&mut client, &mut std::io::sink()).unwrap();
    }
    assert_eq!(proxy.connections(), 3);
    assert!(server.wait_until_closed(3, PATIENCE));
    assert!(server.accepted().iter().all(|accepted| accepted.message == b"Hi\r\n"));
    assert_eq!(server.accepted().len(), 3);
}
