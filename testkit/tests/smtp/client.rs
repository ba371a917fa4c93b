use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use testkit::smtp::{Script, SmtpServer};

/// Long enough for any machine: a test that hangs shall fail, not stay.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) const MESSAGE: &str = "Message-ID: <1@example.org>\r\nSubject: hello\r\n\r\nHello, Bob\r\n";

pub(crate) fn start(script: impl Into<Script>) -> SmtpServer {
    SmtpServer::start(script).expect("a free port")
}

/// A plain client that does as it is told.
#[derive(Debug)]
pub(crate) struct Client {
    reader: BufReader<TcpStream>,
}

impl Client {
    pub(crate) fn connect(server: &SmtpServer) -> Self {
        let stream = TcpStream::connect(server.addr()).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("not zero");
        stream.set_nodelay(true).expect("a TCP socket");
        Self { reader: BufReader::new(stream) }
    }

    /// Connects and says EHLO.
    pub(crate) fn greeted(server: &SmtpServer) -> Self {
        let mut client = Self::connect(server);
        client.reply();
        client.say("EHLO client.example.org");
        client
    }

    /// Connects and goes on to where the body is due.
    pub(crate) fn at_body(server: &SmtpServer) -> Self {
        let mut client = Self::greeted(server);
        client.say("MAIL FROM:<alice@example.org>");
        client.say("RCPT TO:<bob@example.org>");
        assert!(client.say("DATA").starts_with("354 "));
        client
    }

    /// One attempt: the last reply, which is the first that is neither 2yz nor 3yz.
    pub(crate) fn attempt(server: &SmtpServer) -> String {
        let mut client = Self::connect(server);
        let mut reply = client.reply();
        let body = format!("{MESSAGE}.");
        for line in ["EHLO c", "MAIL FROM:<alice@example.org>", "RCPT TO:<bob@example.org>", "DATA", &body] {
            if reply.starts_with(['2', '3']) {
                reply = client.say(line);
            }
        }
        reply
    }

    /// Sends a line and reads the reply.
    pub(crate) fn say(&mut self, line: &str) -> String {
        self.send(format!("{line}\r\n"));
        self.reply()
    }

    /// Sends bytes. That the connection is gone shows when the reply is read.
    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = self.reader.get_mut().write_all(bytes.as_ref());
    }

    /// Sends no more.
    pub(crate) fn finish(&mut self) {
        let _ = self.reader.get_mut().shutdown(Shutdown::Write);
    }

    /// Reads a reply of one or several lines; at the end of the connection, what there is of it.
    pub(crate) fn reply(&mut self) -> String {
        let mut reply = Vec::new();
        loop {
            let start = reply.len();
            let _ = self.reader.read_until(b'\n', &mut reply);
            if reply.len() == start || reply.get(start + 3) != Some(&b'-') {
                return String::from_utf8_lossy(&reply).into_owned();
            }
        }
    }

    /// Reads up to the end of the connection.
    pub(crate) fn rest(&mut self) -> io::Result<Vec<u8>> {
        let mut rest = Vec::new();
        self.reader.read_to_end(&mut rest).map(|_| rest)
    }
}
