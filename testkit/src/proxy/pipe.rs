//! One direction of a connection.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

#[cfg(target_os = "linux")]
use socket2::SockRef;

use super::clock::{Moment, after};
use super::links::Links;

/// The most bytes that are read at once.
const PIECE: usize = 64 * 1024;

/// How many pieces may be under way. A sender that is faster than the receiver meets a full link, not endless memory.
const UNDER_WAY: usize = 256;

/// What arrived, and when it is to go on. No bytes: the end.
type Piece = (Moment, Vec<u8>);

/// Carries bytes `from` one end `to` the other, each `delay` after it came.
#[derive(Clone, Debug)]
pub(super) struct Pipe {
    pub(super) from: Arc<TcpStream>,
    pub(super) to: Arc<TcpStream>,
    pub(super) delay: Duration,
}

impl Pipe {
    /// Starts its two threads: bytes must be taken in while others wait for their time.
    pub(super) fn start(self, name: &str, links: &Arc<Links>) -> [Option<JoinHandle<()>>; 2] {
        let (sender, receiver) = sync_channel(UNDER_WAY);
        let (reading, links) = (self.clone(), Arc::clone(links));
        let spawn = |name: String| thread::Builder::new().name(name);
        [
            spawn(format!("{name}-in")).spawn(move || reading.take_in(&sender)).ok(),
            spawn(format!("{name}-out")).spawn(move || self.hand_on(&receiver, &links)).ok(),
        ]
    }

    fn take_in(&self, pieces: &SyncSender<Piece>) {
        let mut buffer = vec![0; PIECE];
        loop {
            self.acknowledge_at_once();
            let read = match (&*self.from).read(&mut buffer) {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                // A reset is handed on as an end.
                read => read.unwrap_or_default(),
            };
            let piece = (after(self.delay), buffer[..read].to_vec());
            if pieces.send(piece).is_err() || read == 0 {
                return;
            }
        }
    }

    /// A sender that waits for acknowledgements (Nagle's algorithm) would meet the system's delay of them, some 40 ms, on top of
    /// ours. Linux forgets the wish, so that it is said before each read.
    fn acknowledge_at_once(&self) {
        #[cfg(target_os = "linux")]
        let _ = SockRef::from(&*self.from).set_tcp_quickack(true);
    }

    fn hand_on(&self, pieces: &Receiver<Piece>, links: &Links) {
        for (due, bytes) in pieces {
            if !links.wait_until(due) {
                break;
            }
            if bytes.is_empty() {
                let _ = self.to.shutdown(Shutdown::Write);
                return;
            }
            if (&*self.to).write_all(&bytes).is_err() {
                break;
            }
        }
        // Nobody takes any more: the other end shall know, and the thread that reads from it end.
        let _ = self.from.shutdown(Shutdown::Both);
    }
}
