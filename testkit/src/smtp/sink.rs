use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::session::body::Body;

/// The most bytes that are read at once.
const PIECE: usize = 64 * 1024;

/// The longest command line in bytes; a connection that sends a longer one is ended.
const MAX_LINE: usize = 64 << 10;

/// How long the connection may take that wakes the accepting thread: it has work anyway if its queue is full.
const WAKE_LIMIT: Duration = Duration::from_secs(1);

const EHLO: &str = "250-testkit.invalid\r\n250-PIPELINING\r\n250-SIZE\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n";

/// Takes every message on 127.0.0.1 and keeps none: a server that costs little, for benches.
///
/// It remembers nothing, checks nothing and has no script; [`SmtpServer`](super::SmtpServer) does all that. It offers
/// PIPELINING, SIZE, 8BITMIME and ENHANCEDSTATUSCODES, and answers all commands that came together in one write.
///
/// Dropping it ends no connection: each lasts until its client closes it.
///
/// # Examples
///
/// ```
/// use std::io::{Write, read_to_string};
/// use std::net::TcpStream;
///
/// use testkit::smtp::Sink;
///
/// let sink = Sink::start()?;
/// let mut client = TcpStream::connect(sink.addr())?;
/// client.write_all(b"EHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nHello\r\n.\r\nQUIT\r\n")?;
/// assert!(read_to_string(client)?.ends_with("354 Go on\r\n250 2.0.0 Ok\r\n221 2.0.0 Bye\r\n"));
/// assert_eq!(sink.messages(), 1);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Sink {
    addr: SocketAddr,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    is_stopped: AtomicBool,
    messages: AtomicUsize,
}

impl Sink {
    /// Starts a sink on a free port.
    ///
    /// # Errors
    ///
    /// Returns an error when the system refuses the socket or the thread.
    ///
    /// # Examples
    ///
    /// ```
    /// # use testkit::smtp::Sink;
    /// assert_ne!(Sink::start()?.addr().port(), 0);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn start() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let addr = listener.local_addr()?;
        let shared = Arc::new(Shared::default());
        let accepting = Arc::clone(&shared);
        let acceptor = thread::Builder::new().name("sink".to_owned()).spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                if accepting.is_stopped.load(Ordering::Acquire) {
                    return;
                }
                let shared = Arc::clone(&accepting);
                // Without a thread the connection is closed: its client sees a busy server.
                let _ = thread::Builder::new().name("sink-connection".to_owned()).spawn(move || serve(stream, &shared));
            }
        })?;
        Ok(Self { addr, shared, acceptor: Some(acceptor) })
    }

    /// Returns the address that clients connect to.
    ///
    /// ```
    /// # use testkit::smtp::Sink;
    /// assert!(Sink::start()?.addr().ip().is_loopback()); // it never leaves the machine
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub const fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Returns how many messages were taken so far. It is up to date with what a client has read.
    ///
    /// ```
    /// # use testkit::smtp::Sink;
    /// assert_eq!(Sink::start()?.messages(), 0);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn messages(&self) -> usize {
        self.shared.messages.load(Ordering::Acquire)
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.shared.is_stopped.store(true, Ordering::Release);
        // A last connection wakes the thread in `accept`.
        if TcpStream::connect_timeout(&self.addr, WAKE_LIMIT).is_ok()
            && let Some(acceptor) = self.acceptor.take()
        {
            let _ = acceptor.join();
        }
    }
}

/// Serves one connection to its end. However it ends, there is nobody left to tell.
fn serve(mut stream: TcpStream, shared: &Shared) {
    let _ = stream.set_nodelay(true);
    let mut session = Session { shared, input: Vec::new(), body: None, is_over: false };
    let mut out = b"220 testkit.invalid ESMTP\r\n".to_vec();
    let mut buffer = vec![0; PIECE];
    while stream.write_all(&out).is_ok() && !session.is_over {
        match stream.read(&mut buffer) {
            Ok(read @ 1..) => {
                out.clear();
                session.take(&buffer[..read], &mut out);
            }
            _ => return,
        }
    }
    // A socket that is closed with unread input sends RST, and the client would lose the reply.
    let _ = stream.shutdown(Shutdown::Write);
    let _ = io::copy(&mut stream, &mut io::sink());
}

struct Session<'a> {
    shared: &'a Shared,
    /// The beginning of a command line.
    input: Vec<u8>,
    /// The message that is being received.
    body: Option<Body>,
    is_over: bool,
}

impl Session<'_> {
    /// Takes what came in, and appends what there is to say.
    fn take(&mut self, mut bytes: &[u8], out: &mut Vec<u8>) {
        while !bytes.is_empty() && !self.is_over {
            if let Some(body) = &mut self.body {
                bytes = &bytes[body.feed(bytes)..];
                if body.is_complete() {
                    self.body = None;
                    self.shared.messages.fetch_add(1, Ordering::AcqRel);
                    out.extend_from_slice(b"250 2.0.0 Ok\r\n");
                }
                continue;
            }
            let (line, rest) = match bytes.iter().position(|byte| *byte == b'\n') {
                Some(end) => bytes.split_at(end + 1),
                None => (bytes, [].as_slice()),
            };
            self.input.extend_from_slice(line);
            bytes = rest;
            if self.input.ends_with(b"\n") {
                self.obey(out);
                self.input.clear();
            } else if self.input.len() > MAX_LINE {
                self.is_over = true;
            }
        }
    }

    fn obey(&mut self, out: &mut Vec<u8>) {
        let mut verb: [u8; 4] = self.input.first_chunk().copied().unwrap_or_default();
        verb.make_ascii_uppercase();
        let reply = match &verb {
            b"EHLO" => EHLO,
            b"DATA" => {
                self.body = Some(Body::dotted(0));
                "354 Go on\r\n"
            }
            b"QUIT" => {
                self.is_over = true;
                "221 2.0.0 Bye\r\n"
            }
            b"HELO" | b"MAIL" | b"RCPT" | b"RSET" | b"NOOP" => "250 2.0.0 Ok\r\n",
            _ => "500 5.5.2 Command not recognized\r\n",
        };
        out.extend_from_slice(reply.as_bytes());
    }
}
