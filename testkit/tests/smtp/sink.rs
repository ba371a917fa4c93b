use std::io::{Read, Write, read_to_string};
use std::net::TcpStream;

use testkit::smtp::Sink;

use super::client::PATIENCE;

fn connect(sink: &Sink) -> TcpStream {
    let stream = TcpStream::connect(sink.addr()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}

const MAIL: &str = "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n..\r\n.x\r\n.\r\n";

#[test]
fn every_message_is_taken_and_counted() {
    let sink = Sink::start().unwrap();
    for _ in 0..2 {
        let mut client = connect(&sink);
        client.write_all(["ehlo c\r\n", MAIL, MAIL, "RSET\r\nQUIT\r\n"].concat().as_bytes()).unwrap();
        let said = read_to_string(client).unwrap();
        // Of each message: MAIL, RCPT and the dot. Then RSET.
        assert_eq!(said.matches("\r\n250 2.0.0 Ok").count(), 2 * 3 + 1, "{said}");
    }
    assert_eq!(sink.messages(), 4);
}

#[test]
fn bytes_may_come_one_by_one() {
    let sink = Sink::start().unwrap();
    let mut client = connect(&sink);
    for byte in ["HELO c\r\n", MAIL, "VRFY x\r\nQUIT\r\n"].concat().bytes() {
        client.write_all(&[byte]).unwrap();
    }
    let said = read_to_string(client).unwrap();
    assert!(said.contains("354 ") && said.ends_with("500 5.5.2 Command not recognized\r\n221 2.0.0 Bye\r\n"), "{said}");
    assert_eq!(sink.messages(), 1);
}

#[test]
fn a_line_without_end_ends_the_connection() {
    let sink = Sink::start().unwrap();
    let mut client = connect(&sink);
    // The rest meets a closed connection, or not.
    let _ = client.write_all(&vec![b'x'; 1 << 20]);
    let _ = client.shutdown(std::net::Shutdown::Write);
    let mut said = Vec::new();
    let _ = client.read_to_end(&mut said);
    assert!(!String::from_utf8_lossy(&said).contains("250"));
    drop(sink);
}
