//! Servers, transports and messages for the tests.

use std::future::{Ready, ready};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use retry_core::{Clock, Policy, Sleeper, Time};
pub(crate) use retry_email::lettre::lettre as upstream;
use testkit::smtp::{Dialogue, Script, SmtpServer};
use upstream::address::{Address, Envelope};
use upstream::transport::smtp::extension::ClientId;
use upstream::transport::smtp::{AsyncSmtpTransportBuilder, PoolConfig, SmtpTransportBuilder};
use upstream::{AsyncSmtpTransport, SmtpTransport, Tokio1Executor};

pub(crate) const ID: &str = "<1@example.org>";
pub(crate) const MESSAGE: &[u8] = b"Message-ID: <1@example.org>\r\nSubject: hello\r\n\r\nHello, Bob";

pub(crate) const AT_ONCE: Policy = Policy::constant(Duration::ZERO).attempts(3);

pub(crate) type Smtp = AsyncSmtpTransport<Tokio1Executor>;

pub(crate) fn server(script: impl Into<Script>) -> SmtpServer {
    SmtpServer::start(script).unwrap()
}

/// Trouble for one connection.
pub(crate) fn then_accept(trouble: Dialogue) -> Script {
    Script::new().connection(trouble).otherwise(Dialogue::new())
}

pub(crate) fn envelope() -> Envelope {
    to(&["bob@example.org"])
}

pub(crate) fn to(recipients: &[&str]) -> Envelope {
    let recipients = recipients.iter().map(|one| one.parse().unwrap()).collect();
    Envelope::new(Some("alice@example.org".parse::<Address>().unwrap()), recipients).unwrap()
}

/// An async transport that parks its connections.
pub(crate) fn pooled(addr: SocketAddr) -> AsyncSmtpTransportBuilder {
    Smtp::builder_dangerous(addr.ip().to_string()).port(addr.port()).hello_name(hello())
}

/// An async transport that parks none.
pub(crate) fn unpooled(addr: SocketAddr) -> AsyncSmtpTransportBuilder {
    pooled(addr).pool_config(PoolConfig::new().max_size(0))
}

pub(crate) fn blocking(addr: SocketAddr) -> SmtpTransportBuilder {
    SmtpTransport::builder_dangerous(addr.ip().to_string())
        .port(addr.port())
        .hello_name(hello())
        .pool_config(PoolConfig::new().max_size(0))
}

fn hello() -> ClientId {
    ClientId::Domain(String::from("client.example.org"))
}

/// An address where nobody listens.
pub(crate) fn nobody() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

/// A server for what testkit has no script for: says the first entry at once, and one more after each line it reads.
/// Then it closes the connection, and the thread ends.
pub(crate) fn canned(entries: &'static [&'static [u8]]) -> (SocketAddr, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    let speaker = thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut client = BufReader::new(stream);
        for (n, entry) in entries.iter().enumerate() {
            if n > 0 && client.read_line(&mut String::new()).unwrap_or(0) == 0 {
                return;
            }
            if client.get_mut().write_all(entry).is_err() {
                return;
            }
        }
        // Up to the client's close, so that no reply is lost by a reset.
        let _ = client.get_mut().shutdown(std::net::Shutdown::Write);
        let _ = client.read_to_end(&mut Vec::new());
    });
    (addr, speaker)
}

/// Waits for nothing; its time stands still.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Impatient;

impl Clock for Impatient {
    fn now(&self) -> Time {
        Time::default()
    }
}

impl Sleeper for Impatient {
    type Sleep = Ready<()>;

    fn sleep(&self, _: Duration) -> Ready<()> {
        ready(())
    }
}
