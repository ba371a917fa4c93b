use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::clock::after;
use super::links::Links;
use super::pipe::Pipe;

/// How long to wait when a connection cannot be accepted, mostly for want of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(10);

/// How long the connection may take that wakes the accepting thread: it has work anyway if its queue is full.
const WAKE_LIMIT: Duration = Duration::from_secs(1);

/// Forwards TCP connections to a server and holds every byte back for a fixed time, in each direction.
///
/// With 10 ms a round trip takes 20 ms and a little more. An end of the stream is held back as well, each direction has
/// its own, and a reset becomes an end. The bandwidth is that of the loopback; up to 256 pieces of at most 64 KiB are under
/// way, and then the sender has to wait.
///
/// Only bytes are delayed. A connection is made at once, and what the proxy has read is acknowledged at once (on Linux; it
/// delays that by some 40 ms else): a client that waits for acknowledgements, by Nagle's algorithm, is better off than at a
/// true distance.
///
/// Time is real. Dropping the proxy ends all connections and all its threads. What it cannot connect to the server, it
/// closes.
///
/// # Examples
///
/// ```
/// use std::io::{Read, Write};
/// use std::net::TcpStream;
/// use std::time::Duration;
///
/// use testkit::proxy::DelayProxy;
/// use testkit::smtp::{Script, SmtpServer};
///
/// let server = SmtpServer::start(Script::new())?;
/// let proxy = DelayProxy::start(server.addr(), Duration::from_millis(10))?;
///
/// let mut client = TcpStream::connect(proxy.addr())?;
/// client.write_all(b"QUIT\r\n")?;
/// let mut said = String::new();
/// client.read_to_string(&mut said)?;
/// assert!(said.starts_with("220 ") && said.contains("221 "));
/// assert_eq!(proxy.connections(), 1);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct DelayProxy {
    addr: SocketAddr,
    links: Arc<Links>,
    acceptor: Option<JoinHandle<()>>,
}

impl DelayProxy {
    /// Starts a proxy on a free port of 127.0.0.1, in front of `server`. A delay of zero forwards at once; with
    /// `Duration::MAX` nothing ever arrives.
    ///
    /// # Errors
    ///
    /// Returns an error when the system refuses the socket or the thread.
    ///
    /// # Examples
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use testkit::{proxy::DelayProxy, smtp::{Script, SmtpServer}};
    /// let server = SmtpServer::start(Script::new())?;
    /// let proxy = DelayProxy::start(server.addr(), Duration::ZERO)?;
    /// assert_ne!(proxy.addr(), server.addr());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn start(server: SocketAddr, one_way: Duration) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let addr = listener.local_addr()?;
        let links = Arc::new(Links::default());
        let shared = Arc::clone(&links);
        let acceptor = thread::Builder::new()
            .name(format!("proxy-{}", addr.port()))
            .spawn(move || accept(&listener, server, one_way, &shared))?;
        Ok(Self { addr, links, acceptor: Some(acceptor) })
    }

    /// Returns the address that clients connect to.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use testkit::{proxy::DelayProxy, smtp::{Script, SmtpServer}};
    /// # let server = SmtpServer::start(Script::new())?;
    /// let proxy = DelayProxy::start(server.addr(), Duration::ZERO)?;
    /// assert!(proxy.addr().ip().is_loopback()); // it never leaves the machine
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub const fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Returns how many connections were forwarded so far, those that are over included.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use testkit::{proxy::DelayProxy, smtp::{Script, SmtpServer}};
    /// # let server = SmtpServer::start(Script::new())?;
    /// let proxy = DelayProxy::start(server.addr(), Duration::ZERO)?;
    /// assert_eq!(proxy.connections(), 0);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn connections(&self) -> usize {
        self.links.connections()
    }
}

impl Drop for DelayProxy {
    fn drop(&mut self) {
        self.links.stop();
        // A last connection wakes the thread in `accept`.
        let is_woken = TcpStream::connect_timeout(&self.addr, WAKE_LIMIT).is_ok();
        // Rather a thread too many than a test that never ends.
        if let Some(acceptor) = self.acceptor.take().filter(|acceptor| is_woken || acceptor.is_finished()) {
            // An error is a panic of that thread, and was printed when it came about.
            let _ = acceptor.join();
        }
    }
}

/// Accepts connections until the proxy stops, then waits for the last of them to end.
fn accept(listener: &TcpListener, server: SocketAddr, delay: Duration, links: &Arc<Links>) {
    let mut threads: Vec<JoinHandle<()>> = Vec::new();
    while !links.is_stopped() {
        let Ok((client, _)) = listener.accept() else {
            links.wait_until(after(ACCEPT_PAUSE));
            continue;
        };
        if links.is_stopped() {
            break;
        }
        // Dropping the client closes it: the best that can be said of a server that is not there.
        let Ok(server) = TcpStream::connect(server) else { continue };
        let name = format!("proxy-{}", links.connections() + 1);
        threads.retain(|thread| !thread.is_finished());
        threads.extend(link(client, server, delay, &name, links));
    }
    for thread in threads {
        let _ = thread.join();
    }
}

fn link(client: TcpStream, server: TcpStream, delay: Duration, name: &str, links: &Arc<Links>) -> Vec<JoinHandle<()>> {
    // Held back long enough: nothing shall wait for an acknowledgement as well.
    let _ = client.set_nodelay(true);
    let _ = server.set_nodelay(true);
    let (client, server) = (Arc::new(client), Arc::new(server));
    if !links.open([&client, &server]) {
        return Vec::new();
    }
    let there = Pipe { from: Arc::clone(&client), to: Arc::clone(&server), delay };
    let back = Pipe { from: server, to: client, delay };
    let threads = [there.start(&format!("{name}-there"), links), back.start(&format!("{name}-back"), links)];
    threads.into_iter().flatten().flatten().collect()
}
