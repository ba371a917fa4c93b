use std::fmt;
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use socket2::SockRef;

use super::connection::serve;
use super::ledger::Ledger;
use super::{Request, Script};

/// How long the connection may take that wakes the accepting thread.
const WAKE_LIMIT: Duration = Duration::from_secs(1);

/// Serves HTTP/1.1 on 127.0.0.1 by a script, each connection on a thread of its own.
///
/// Dropping the server ends all connections and all its threads, also those that hang.
///
/// All that the server tells is a snapshot. It is up to date with what a client has read: after the answer, its request is
/// among the received, and its work is counted.
///
/// # Examples
///
/// ```
/// use testkit::http::{Answer, HttpServer, Script};
///
/// // The first answer is lost after the work, and the client tries again.
/// let server = HttpServer::start(Script::of([Answer::reset().after_work()]).remembers_keys())?;
/// let request = "POST /mails HTTP/1.1\r\nIdempotency-Key: 17\r\nConnection: close\r\n\r\n";
/// assert!(server.ask(request).is_err());
/// assert!(server.ask(request)?.starts_with("HTTP/1.1 200 OK\r\n"));
/// assert_eq!((server.requests().len(), server.processed("17")), (2, 1));
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct HttpServer {
    addr: SocketAddr,
    listener: TcpListener,
    ledger: Arc<Ledger>,
    acceptor: Option<JoinHandle<()>>,
}

impl HttpServer {
    /// Starts a server on a free port.
    ///
    /// # Errors
    ///
    /// Returns an error when the system refuses the socket or the thread.
    ///
    /// ```
    /// # use testkit::http::{HttpServer, Script};
    /// let (one, other) = (HttpServer::start(Script::new())?, HttpServer::start(Script::new())?);
    /// assert_ne!(one.addr(), other.addr()); // tests that run side by side do not meet
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn start(script: Script) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let addr = listener.local_addr()?;
        let ledger = Arc::new(Ledger::default());
        let (acceptor_listener, acceptor_ledger) = (listener.try_clone()?, Arc::clone(&ledger));
        let script = Arc::new(script);
        let acceptor = thread::Builder::new()
            .name(format!("http-{}", addr.port()))
            .spawn(move || accept(&acceptor_listener, &script, &acceptor_ledger))?;
        Ok(Self { addr, listener, ledger, acceptor: Some(acceptor) })
    }

    /// The address that clients connect to.
    ///
    /// ```
    /// # use testkit::http::{HttpServer, Script};
    /// assert!(HttpServer::start(Script::new())?.addr().ip().is_loopback());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub const fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The URL of a path there.
    ///
    /// ```
    /// # use testkit::http::{HttpServer, Script};
    /// let server = HttpServer::start(Script::new())?;
    /// assert_eq!(server.url("/v1/mails"), format!("http://{}/v1/mails", server.addr()));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    /// Sends text as it is on a new connection, and reads up to the connection's end.
    ///
    /// # Errors
    ///
    /// What the connection ended with, where that is not its orderly close.
    ///
    /// ```
    /// # use testkit::http::{HttpServer, Script};
    /// let server = HttpServer::start(Script::new())?;
    /// assert!(server.ask("GET / HTTP/1.1\r\nConnection: close\r\n\r\n")?.starts_with("HTTP/1.1 200 OK"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn ask(&self, request: &str) -> io::Result<String> {
        let mut stream = TcpStream::connect(self.addr)?;
        stream.write_all(request.as_bytes())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }

    /// How many connections were accepted so far, those that are over included.
    ///
    /// ```
    /// # use testkit::http::{HttpServer, Script};
    /// let server = HttpServer::start(Script::new())?;
    /// let twice = "GET / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\nConnection: close\r\n\r\n";
    /// server.ask(twice)?;
    /// assert_eq!((server.connections(), server.requests().len()), (1, 2));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn connections(&self) -> usize {
        self.ledger.connections()
    }

    /// Every whole request that was received, in their order.
    ///
    /// ```
    /// # use testkit::http::{HttpServer, Script};
    /// let server = HttpServer::start(Script::new())?;
    /// server.ask("GET /a HTTP/1.1\r\nConnection: close\r\n\r\n")?;
    /// assert_eq!(server.requests()[0].target, "/a");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.ledger.requests()
    }

    /// How often the work of the request with this [`id`](Request::id) was done.
    ///
    /// ```
    /// # use testkit::http::{HttpServer, Script};
    /// let server = HttpServer::start(Script::new())?;
    /// for _ in 0..2 {
    ///     server.ask("POST / HTTP/1.1\r\nX-Request-Id: 7\r\nConnection: close\r\n\r\n")?;
    /// }
    /// assert_eq!((server.processed("7"), server.processed("8")), (2, 0)); // a duplicate
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn processed(&self, id: &str) -> usize {
        self.ledger.processed(id)
    }

    /// Waits until at least `connections` connections were accepted and none is open any more.
    ///
    /// Returns false if that has not come about within `limit` of real time.
    ///
    /// ```
    /// # use std::{net::TcpStream, time::Duration};
    /// # use testkit::http::{HttpServer, Script};
    /// let server = HttpServer::start(Script::new())?;
    /// let client = TcpStream::connect(server.addr())?;
    /// assert!(!server.wait_until_closed(1, Duration::ZERO));
    /// drop(client);
    /// assert!(server.wait_until_closed(1, Duration::from_secs(60)));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn wait_until_closed(&self, connections: usize, limit: Duration) -> bool {
        self.ledger.wait_until_closed(connections, limit)
    }
}

impl Drop for HttpServer {
    fn drop(&mut self) {
        self.ledger.stop();
        // A last connection wakes the thread in `accept`; if that fails, a shutdown does, at least on Linux.
        if TcpStream::connect_timeout(&self.addr, WAKE_LIMIT).is_err() {
            let _ = SockRef::from(&self.listener).shutdown(Shutdown::Both);
        }
        if let Some(acceptor) = self.acceptor.take() {
            let _ = acceptor.join();
        }
    }
}

impl fmt::Debug for HttpServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpServer").field("addr", &self.addr).finish_non_exhaustive()
    }
}

/// Accepts connections until the server stops, then waits for the last of them to end.
fn accept(listener: &TcpListener, script: &Arc<Script>, ledger: &Arc<Ledger>) {
    let mut sessions: Vec<JoinHandle<()>> = Vec::new();
    while !ledger.is_stopped() {
        let Ok((stream, _)) = listener.accept() else {
            // Mostly for want of file descriptors, which others give back.
            thread::yield_now();
            continue;
        };
        let stream = Arc::new(stream);
        let Some(connection) = ledger.open(&stream) else { break };
        let (script, own) = (Arc::clone(script), Arc::clone(ledger));
        let spawned = thread::Builder::new().name(format!("http-{connection}")).spawn(move || {
            // An error is the client's going, which is its right.
            let _ = serve(&stream, connection, &script, &own);
            own.close(connection, stream);
        });
        sessions.retain(|session| !session.is_finished());
        sessions.extend(spawned);
    }
    for session in sessions {
        let _ = session.join();
    }
}
