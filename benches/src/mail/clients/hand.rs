//! The least that PIPELINING allows: two writes and as many reads as it takes.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::callgrind::Failure;
use crate::mail::lane::Lane;
use crate::mail::setting::{FROM, Setting, message};

/// A socket, and the bytes of a message.
#[derive(Debug)]
pub struct Hand {
    stream: TcpStream,
    commands: Arc<[u8]>,
    message: Arc<[u8]>,
    replies: usize,
}

/// Opens the connections.
///
/// # Errors
/// Where the server cannot be reached, or refuses.
pub async fn lanes(server: SocketAddr, setting: Setting) -> Result<Vec<Hand>, Failure> {
    let to: String = setting.to().map(|address| format!("RCPT TO:<{address}>\r\n")).collect();
    let commands: Arc<[u8]> = format!("MAIL FROM:<{FROM}>\r\n{to}DATA\r\n").into_bytes().into();
    let message: Arc<[u8]> = format!("{}.\r\n", message()).into_bytes().into();
    let mut lanes = Vec::new();
    for _ in 0..setting.connections {
        let stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        let (commands, message) = (Arc::clone(&commands), Arc::clone(&message));
        let mut lane = Hand { stream, commands, message, replies: setting.recipients + 2 };
        lane.read(1).await?;
        lane.stream.write_all(b"EHLO localhost\r\n").await?;
        lane.read(1).await?;
        lanes.push(lane);
    }
    Ok(lanes)
}

impl Hand {
    /// Reads so many replies, none of which refuses.
    async fn read(&mut self, mut replies: usize) -> Result<(), Failure> {
        let (mut buffer, mut input) = ([0; 4096], Vec::new());
        while replies > 0 {
            match self.stream.read(&mut buffer).await? {
                0 => return Err("the server closed the connection".into()),
                read => input.extend_from_slice(&buffer[..read]),
            }
            let end = input.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
            for line in input.drain(..end).as_slice().split_inclusive(|byte| *byte == b'\n') {
                match line {
                    [b'2' | b'3', _, _, b' ', ..] => replies -= 1,
                    [b'2' | b'3', _, _, b'-', ..] => {}
                    _ => return Err(format!("refused: {}", String::from_utf8_lossy(line)).into()),
                }
            }
        }
        Ok(())
    }
}

impl Lane for Hand {
    async fn send(&mut self) -> Result<(), Failure> {
        self.stream.write_all(&self.commands).await?;
        self.read(self.replies).await?;
        self.stream.write_all(&self.message).await?;
        self.read(1).await
    }
}
