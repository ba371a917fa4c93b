//! mail-send: a connection for each lane.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use mail_send::SmtpClient;
use mail_send::smtp::message::Message;
use tokio::net::TcpStream;

use crate::callgrind::Failure;
use crate::mail::lane::Lane;
use crate::mail::setting::{FROM, Setting, message};

/// A connection.
pub struct MailSend {
    client: SmtpClient<TcpStream>,
    to: Arc<[String]>,
    message: Arc<str>,
}

/// Opens the connections.
///
/// # Errors
/// Where the server cannot be reached, or refuses.
pub async fn lanes(server: SocketAddr, setting: Setting) -> Result<Vec<MailSend>, Failure> {
    let (to, message): (Arc<[String]>, Arc<str>) = (setting.to().collect(), message().into());
    let mut lanes = Vec::new();
    for _ in 0..setting.connections {
        let mut client = SmtpClient::connect(server, Duration::from_secs(60)).await?;
        client.read().await?;
        client.ehlo("localhost").await?;
        lanes.push(MailSend { client, to: Arc::clone(&to), message: Arc::clone(&message) });
    }
    Ok(lanes)
}

impl Lane for MailSend {
    async fn send(&mut self) -> Result<(), Failure> {
        let message = Message::new(FROM, self.to.iter().map(String::as_str), self.message.as_bytes());
        self.client.send(message).await?;
        Ok(())
    }
}

impl std::fmt::Debug for MailSend {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MailSend").finish_non_exhaustive()
    }
}
