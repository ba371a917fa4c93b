use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use socket2::SockRef;

use super::accepted::Accepted;
use super::event::Event;
use super::ledger::Ledger;
use super::script::Script;
use super::session::Session;

/// How long to wait when a connection cannot be accepted, mostly for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);

/// How long the connection may take that wakes the accepting thread: it has work anyway if its queue is full.
const WAKE_LIMIT: Duration = Duration::from_secs(1);

/// Serves SMTP on 127.0.0.1 by a script, each connection on a thread of its own.
///
/// Dropping the server ends all connections and all its threads, also those that hang or delay a reply.
///
/// All that the server tells is a snapshot. It is up to date with what a client has read: after the reply to a final
/// dot, the message is among the accepted.
///
/// # Examples
///
/// ```
/// use std::io::Write;
/// use std::net::TcpStream;
/// use std::time::Duration;
///
/// use testkit::smtp::{Script, SmtpServer};
///
/// let server = SmtpServer::start(Script::new())?;
/// for _ in 0..2 {
///     let mut client = TcpStream::connect((server.host(), server.port()))?;
///     client.write_all(b"HELO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nMessage-ID: <9@b>\r\n.\r\nQUIT\r\n")?;
///     std::io::copy(&mut client, &mut std::io::sink())?; // up to the server's close
/// }
///
/// assert!(server.wait_until_closed(2, Duration::from_secs(60)));
/// assert_eq!(server.connections(), 2);
/// assert_eq!(server.accepted().len(), 2);
/// assert_eq!(server.copies("9@b"), 2);
/// assert_eq!(server.by_message_id()["<9@b>"][1].connection, 2);
/// assert_eq!(server.transcript()[0].to_string(), "1 S: 220 testkit.invalid ESMTP");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct SmtpServer {
    addr: SocketAddr,
    listener: TcpListener,
    ledger: Arc<Ledger>,
    acceptor: Option<JoinHandle<()>>,
}

impl SmtpServer {
    /// Starts a server on a free port.
    ///
    /// # Errors
    ///
    /// Returns an error when the system refuses the socket or the thread.
    ///
    /// # Examples
    ///
    /// ```
    /// # use testkit::smtp::{Script, SmtpServer};
    /// let (one, other) = (SmtpServer::start(Script::new())?, SmtpServer::start(Script::new())?);
    /// assert_ne!(one.addr(), other.addr()); // tests that run side by side do not meet
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn start(script: impl Into<Script>) -> io::Result<Self> {
        let script = script.into();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let addr = listener.local_addr()?;
        let ledger = Arc::new(Ledger::default());
        let (acceptor_listener, acceptor_ledger) = (listener.try_clone()?, Arc::clone(&ledger));
        let acceptor = thread::Builder::new()
            .name(format!("smtp-{}", addr.port()))
            .spawn(move || accept(&acceptor_listener, &script, &acceptor_ledger))?;
        Ok(Self { addr, listener, ledger, acceptor: Some(acceptor) })
    }

    /// Returns the address that clients connect to.
    ///
    /// ```
    /// # use testkit::smtp::{Script, SmtpServer};
    /// # let server = SmtpServer::start(Script::new()).unwrap();
    /// let client = std::net::TcpStream::connect(server.addr()).unwrap();
    /// assert!(client.peer_addr().unwrap().ip().is_loopback()); // it never leaves the machine
    /// ```
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Returns the host of the address, `127.0.0.1`.
    ///
    /// ```
    /// # use testkit::smtp::{Script, SmtpServer};
    /// # let server = SmtpServer::start(Script::new()).unwrap();
    /// let url = format!("smtp://{}:{}", server.host(), server.port());
    /// assert_eq!(url, format!("smtp://{}", server.addr()));
    /// ```
    #[must_use]
    pub fn host(&self) -> String {
        self.addr.ip().to_string()
    }

    /// Returns the port of the address.
    ///
    /// ```
    /// # use testkit::smtp::{Script, SmtpServer};
    /// # let server = SmtpServer::start(Script::new()).unwrap();
    /// let client = std::net::TcpStream::connect(("127.0.0.1", server.port())).unwrap();
    /// assert_eq!(client.peer_addr().unwrap(), server.addr());
    /// ```
    #[must_use]
    pub fn port(&self) -> u16 {
        self.addr.port()
    }

    /// Returns how many connections were accepted so far, those that are over included.
    ///
    /// ```
    /// # use std::{io::read_to_string, net::TcpStream};
    /// # use testkit::smtp::{Dialogue, Reaction, SmtpServer, Stage};
    /// let server = SmtpServer::start(Dialogue::new().on(Stage::Greeting, Reaction::drop_connection()))?;
    /// read_to_string(TcpStream::connect(server.addr())?)?;
    /// read_to_string(TcpStream::connect(server.addr())?)?; // it tries again
    /// assert_eq!(server.connections(), 2);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn connections(&self) -> usize {
        self.ledger.connections()
    }

    /// Returns the messages that were taken, in their order, whether the client learned of it or not.
    ///
    /// ```
    /// # use std::{io::{Write, read_to_string}, net::TcpStream};
    /// # use testkit::smtp::{Script, SmtpServer};
    /// # let server = SmtpServer::start(Script::new())?;
    /// let mut client = TcpStream::connect(server.addr())?;
    /// client.write_all(b"HELO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nHi\r\n.\r\nQUIT\r\n")?;
    /// read_to_string(client)?; // up to the server's close
    /// assert_eq!(server.accepted()[0].message, b"Hi\r\n");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn accepted(&self) -> Vec<Accepted> {
        self.ledger.accepted()
    }

    /// Counts the messages that were taken with this `Message-ID`, whether the client learned of it or not.
    ///
    /// The angle brackets may be left out.
    ///
    /// ```
    /// # use std::{io::{Write, read_to_string}, net::TcpStream};
    /// # use testkit::smtp::{Script, SmtpServer};
    /// # let server = SmtpServer::start(Script::new())?;
    /// # let mut client = TcpStream::connect(server.addr())?;
    /// let mail = "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nMessage-ID: <9@b>\r\n.\r\n";
    /// client.write_all(["HELO c\r\n", mail, mail, "QUIT\r\n"].concat().as_bytes())?;
    /// read_to_string(client)?; // up to the server's close
    /// assert_eq!((server.copies("9@b"), server.copies("8@b")), (2, 0)); // a duplicate
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn copies(&self, message_id: &str) -> usize {
        let wanted = bare(message_id);
        self.ledger.count(|one| one.message_id.as_deref().is_some_and(|id| bare(id) == wanted))
    }

    /// Returns the messages that were taken, by their `Message-ID` with its angle brackets.
    ///
    /// Messages without one are left out; [`accepted`](Self::accepted) has them.
    ///
    /// ```
    /// # use std::{io::{Write, read_to_string}, net::TcpStream};
    /// # use testkit::smtp::{Script, SmtpServer};
    /// # let server = SmtpServer::start(Script::new())?;
    /// let mut client = TcpStream::connect(server.addr())?;
    /// client.write_all(b"HELO c\r\nMAIL FROM:<>\r\nRCPT TO:<c@d>\r\nDATA\r\nMessage-ID: <9@b>\r\n.\r\nQUIT\r\n")?;
    /// read_to_string(client)?; // up to the server's close
    /// assert_eq!(server.by_message_id()["<9@b>"].len(), 1); // it came once
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn by_message_id(&self) -> BTreeMap<String, Vec<Accepted>> {
        let mut by_id: BTreeMap<String, Vec<Accepted>> = BTreeMap::new();
        for one in self.accepted() {
            if let Some(id) = &one.message_id {
                by_id.entry(id.clone()).or_default().push(one);
            }
        }
        by_id
    }

    /// Returns all that was received and sent. The lines of simultaneous connections are mixed.
    ///
    /// ```
    /// # use std::{io::{Write, read_to_string}, net::TcpStream};
    /// # use testkit::smtp::{Script, SmtpServer};
    /// # let server = SmtpServer::start(Script::new())?;
    /// let mut client = TcpStream::connect(server.addr())?;
    /// client.write_all(b"NOOP\r\nQUIT\r\n")?;
    /// read_to_string(client)?; // up to the server's close
    /// assert_eq!(server.transcript()[2].to_string(), "1 S: 250 Ok"); // after the greeting and NOOP
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn transcript(&self) -> Vec<Event> {
        self.ledger.transcript()
    }

    /// Waits until at least `connections` connections were accepted and none is open any more.
    ///
    /// Returns false if that has not come about within `limit` of real time.
    ///
    /// ```
    /// # use std::{net::TcpStream, time::Duration};
    /// # use testkit::smtp::{Script, SmtpServer};
    /// # let server = SmtpServer::start(Script::new()).unwrap();
    /// let client = TcpStream::connect(server.addr()).unwrap();
    /// assert!(!server.wait_until_closed(1, Duration::ZERO));
    /// drop(client);
    /// assert!(server.wait_until_closed(1, Duration::from_secs(60)));
    /// ```
    #[must_use]
    pub fn wait_until_closed(&self, connections: usize, limit: Duration) -> bool {
        self.ledger.wait_until_closed(connections, limit)
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.ledger.stop();
        // A last connection wakes the thread in `accept`; if that fails, a shutdown does, at least on Linux. Not the
        // other way round: a shutdown frees the port, and the connection might be to its next owner.
        if TcpStream::connect_timeout(&self.addr, WAKE_LIMIT).is_err() {
            let _ = SockRef::from(&self.listener).shutdown(Shutdown::Both);
        }
        if let Some(acceptor) = self.acceptor.take() {
            let _ = acceptor.join();
        }
    }
}

/// Accepts connections until the server stops, then waits for the last of them to end.
fn accept(listener: &TcpListener, script: &Script, ledger: &Arc<Ledger>) {
    let mut sessions: Vec<JoinHandle<()>> = Vec::new();
    while !ledger.is_stopped() {
        let Ok((stream, _)) = listener.accept() else {
            ledger.pause(ACCEPT_PAUSE);
            continue;
        };
        let stream = Arc::new(stream);
        let Some(connection) = ledger.open(&stream) else { break };
        let entry = Entry { connection, ledger: Arc::clone(ledger) };
        let session = Session::new(stream, script.dialogue(connection), Arc::clone(ledger), connection);
        let spawned = thread::Builder::new().name(format!("smtp-{}-{connection}", port(listener))).spawn(move || {
            // Dropped after the session: a connection counts as open until its socket is closed.
            let _entry = entry;
            session.run();
        });
        sessions.retain(|session| !session.is_finished());
        sessions.extend(spawned);
    }
    for session in sessions {
        let _ = session.join();
    }
}

fn port(listener: &TcpListener) -> u16 {
    listener.local_addr().map_or(0, |addr| addr.port())
}

fn bare(message_id: &str) -> &str {
    message_id.trim_start_matches('<').trim_end_matches('>')
}

/// Keeps a connection on the list of the open ones.
struct Entry {
    connection: usize,
    ledger: Arc<Ledger>,
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.ledger.close(self.connection);
    }
}
