use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use socket2::SockRef;

use super::body::Body;
use super::cue::Cue;

use crate::smtp::event::{Direction, Event};
use crate::smtp::ledger::Ledger;
use crate::smtp::reaction::{Pace, Then};
use crate::smtp::reply::Reply;
use crate::smtp::stage::Stage;

/// The longest command line in bytes, CRLF included. Far above the 512 of RFC 5321, section 4.5.3.1.4.
const MAX_LINE: u64 = 64 << 10;

/// Says that the connection is over: by the script, by the client, or since the server stops.
#[derive(Debug)]
pub(super) struct Ended;

/// A line as it came in.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) bytes: Vec<u8>,
    /// Then `bytes` is the beginning, the rest is skipped.
    pub(super) is_too_long: bool,
}

/// Carries the bytes of one connection and writes its transcript.
#[derive(Debug)]
pub(super) struct Link {
    reader: BufReader<Socket>,
    ledger: Arc<Ledger>,
    connection: usize,
    stage: Option<Stage>,
}

impl Link {
    pub(super) fn new(stream: Arc<TcpStream>, ledger: Arc<Ledger>, connection: usize) -> Self {
        // Without it the pieces of a paced reply wait for each other's acknowledgement.
        let _ = stream.set_nodelay(true);
        Self { reader: BufReader::new(Socket(stream)), ledger, connection, stage: None }
    }

    pub(super) fn read_line(&mut self) -> Result<Line, Ended> {
        let mut bytes = Vec::new();
        self.read_to_lf(&mut bytes)?;
        let is_too_long = !bytes.ends_with(b"\n");
        let mut skipped = bytes.clone();
        while !skipped.ends_with(b"\n") {
            skipped.clear();
            self.read_to_lf(&mut skipped)?;
        }
        Ok(Line { bytes, is_too_long })
    }

    /// Reads into `body` until it is complete or has received `limit` bytes.
    pub(super) fn fill(&mut self, body: &mut Body, limit: usize) -> Result<(), Ended> {
        while !body.is_complete() && body.received < limit {
            match self.reader.fill_buf() {
                Ok(input) if !input.is_empty() => {
                    let consumed = body.feed(&input[..input.len().min(limit - body.received)]);
                    self.reader.consume(consumed);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Ok(_) | Err(_) => {
                    self.hear(Some(Stage::DataBody), &body.message);
                    return Err(Ended);
                }
            }
        }
        Ok(())
    }

    /// Notes what came in, and that `stage` is reached.
    pub(super) fn hear(&mut self, stage: Option<Stage>, bytes: &[u8]) {
        self.stage = stage;
        self.record(Direction::Received, bytes);
    }

    pub(super) fn perform(&mut self, cue: &Cue) -> Result<(), Ended> {
        self.deliver(cue, || ())?;
        self.conclude(cue.how.then)
    }

    /// Sends the reply of a cue. `at_end` is called before the last bytes go, if the reply is sent to its end: thus all
    /// that it notes is there when the client has read the reply.
    pub(super) fn deliver(&mut self, cue: &Cue, at_end: impl FnOnce()) -> Result<(), Ended> {
        self.stage = Some(cue.stage);
        self.pause(cue.how.delay)?;
        let at_end = || {
            if cue.is_whole() {
                at_end();
            }
        };
        self.send(cue.bytes(), cue.how.pace, at_end)
    }

    /// Ends the connection, or not.
    pub(super) fn conclude(&mut self, then: Then) -> Result<(), Ended> {
        match then {
            Then::Continue => return Ok(()),
            Then::Close => {
                let _ = self.socket().shutdown(Shutdown::Write);
                // A socket that is closed with unread input sends RST, and the client would lose the reply.
                let _ = io::copy(&mut self.reader, &mut io::sink());
            }
            Then::Reset => {
                let _ = SockRef::from(self.socket()).set_linger(Some(Duration::ZERO));
            }
            Then::Hang => {
                while let Ok(line) = self.read_line() {
                    self.hear(None, &line.bytes);
                }
            }
        }
        Err(Ended)
    }

    /// Sends a reply at once.
    pub(super) fn say(&mut self, reply: &Reply) -> Result<(), Ended> {
        self.send(reply.as_bytes(), None, || ())
    }

    pub(super) const fn ledger(&self) -> &Arc<Ledger> {
        &self.ledger
    }

    pub(super) const fn connection(&self) -> usize {
        self.connection
    }

    fn send(&mut self, bytes: &[u8], pace: Option<Pace>, at_end: impl FnOnce()) -> Result<(), Ended> {
        let Pace { chunk, pause } = pace.unwrap_or(Pace { chunk: usize::MAX, pause: Duration::ZERO });
        let mut sent = 0;
        while bytes.len() - sent > chunk {
            let piece = &bytes[sent..sent + chunk];
            if self.write(piece).and_then(|()| self.pause(pause)).is_err() {
                self.record(Direction::Sent, &bytes[..sent]);
                return Err(Ended);
            }
            sent += chunk;
        }
        self.record(Direction::Sent, bytes);
        at_end();
        self.write(&bytes[sent..])
    }

    fn write(&self, bytes: &[u8]) -> Result<(), Ended> {
        let mut socket = self.socket();
        socket.write_all(bytes).map_err(|_| Ended)
    }

    fn pause(&self, duration: Duration) -> Result<(), Ended> {
        if duration.is_zero() || self.ledger.pause(duration) { Ok(()) } else { Err(Ended) }
    }

    /// Appends input up to and including LF, at most as much as a line may have.
    fn read_to_lf(&mut self, bytes: &mut Vec<u8>) -> Result<(), Ended> {
        self.reader.by_ref().take(MAX_LINE).read_until(b'\n', bytes).map_err(|_| Ended)?;
        let is_cut_off = !bytes.ends_with(b"\n") && (bytes.len() as u64) < MAX_LINE;
        if is_cut_off { Err(Ended) } else { Ok(()) }
    }

    fn record(&self, direction: Direction, bytes: &[u8]) {
        if !bytes.is_empty() {
            let (connection, stage) = (self.connection, self.stage);
            self.ledger.record(Event { connection, direction, stage, bytes: bytes.to_vec() });
        }
    }

    fn socket(&self) -> &TcpStream {
        &self.reader.get_ref().0
    }
}

/// Reads from a shared socket.
#[derive(Debug)]
struct Socket(Arc<TcpStream>);

impl Read for Socket {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        (&*self.0).read(bytes)
    }
}
