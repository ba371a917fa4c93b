use std::io::{self, BufReader, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use socket2::SockRef;

use super::answer::End;
use super::ledger::Ledger;
use super::{Answer, Request, Script};

/// Serves a connection to its end. An error is the client's going.
pub(super) fn serve(stream: &TcpStream, connection: usize, script: &Script, ledger: &Ledger) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    while let Some(request) = Request::read(&mut reader, connection)? {
        let answer = script.answer(&request);
        let (is_head, wants_close) = (request.method == "HEAD", request.wants_close());
        if answer.does_work() {
            let (id, once) = script.identity(&request);
            ledger.process(id, once);
        }
        // Before a byte is sent: whoever has read the answer finds its request.
        ledger.receive(request);
        script.pass(answer.takes);
        let answer = if wants_close && answer.end == End::Stay { answer.then_close() } else { answer };
        send(stream, &answer, is_head)?;
        match answer.end {
            End::Stay => {}
            End::Close | End::Drop => return stream.shutdown(Shutdown::Write),
            // The socket is closed by the caller, and with this by RST.
            End::Reset => return SockRef::from(stream).set_linger(Some(Duration::ZERO)),
            End::Hang => return io::copy(&mut reader.by_ref(), &mut io::sink()).map(drop),
        }
    }
    Ok(())
}

fn send(mut stream: &TcpStream, answer: &Answer, is_head: bool) -> io::Result<()> {
    let bytes = answer.bytes(is_head);
    if answer.is_slow {
        for byte in &bytes {
            stream.write_all(std::slice::from_ref(byte))?;
        }
        return Ok(());
    }
    stream.write_all(&bytes)
}
