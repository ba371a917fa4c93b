//! Reading and writing, whatever the stream.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::Event;

/// How much is read at once: a reply is far shorter.
const READ: usize = 4 * 1024;

pub(super) trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

fn poll_read(io: &mut dyn Io, cx: &mut Context<'_>, input: &mut Vec<u8>) -> Poll<io::Result<usize>> {
    let mut bytes = [0; READ];
    let mut buffer = ReadBuf::new(&mut bytes);
    match Pin::new(io).poll_read(cx, &mut buffer) {
        Poll::Ready(Ok(())) => {
            input.extend_from_slice(buffer.filled());
            Poll::Ready(Ok(buffer.filled().len()))
        }
        Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
        Poll::Pending => Poll::Pending,
    }
}

/// Appends what comes to `input`; 0 bytes at the end of the stream.
pub(super) async fn read(io: &mut dyn Io, input: &mut Vec<u8>) -> io::Result<usize> {
    poll_fn(|cx| poll_read(io, cx, input)).await
}

/// Appends what is there already; false at the end of the stream.
pub(super) fn read_now(io: &mut dyn Io, input: &mut Vec<u8>) -> Poll<bool> {
    let mut cx = Context::from_waker(Waker::noop());
    poll_read(io, &mut cx, input).map(|read| matches!(read, Ok(1..)))
}

/// Whether the peer has neither said anything nor closed.
pub(super) fn is_silent(io: &mut dyn Io) -> bool {
    let mut cx = Context::from_waker(Waker::noop());
    poll_read(io, &mut cx, &mut Vec::new()).is_pending()
}

/// Writes all; `taken` says how many bytes have gone into the stream when it fails, or is broken off.
pub(super) async fn write_all(io: &mut dyn Io, bytes: &[u8], taken: &mut usize) -> io::Result<()> {
    while let Some(rest) = bytes.get(*taken..).filter(|rest| !rest.is_empty()) {
        match poll_fn(|cx| Pin::new(&mut *io).poll_write(cx, rest)).await? {
            0 => return Err(io::ErrorKind::WriteZero.into()),
            written => *taken += written,
        }
    }
    poll_fn(|cx| Pin::new(&mut *io).poll_flush(cx)).await
}

/// What an error of the network is.
pub(super) fn event(error: &io::Error) -> Event {
    match error.kind() {
        io::ErrorKind::ConnectionRefused
        | io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::AddrNotAvailable => Event::Refused,
        io::ErrorKind::TimedOut => Event::Timeout,
        _ => Event::ConnectionClosed,
    }
}
