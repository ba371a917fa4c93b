//! Ours: a `Sender` that all lanes share, and bare connections.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use retry_core::{Policy, TokioSleeper};
use retry_email::{Connection, Endpoint, Envelope, Fate, PoolLimits, Sender, Tls};

use crate::callgrind::Failure;
use crate::mail::lane::Lane;
use crate::mail::setting::{FROM, Setting, message};

/// A message and for whom it is.
#[derive(Clone, Debug)]
struct Mail {
    envelope: Arc<Envelope>,
    message: Arc<str>,
}

impl Mail {
    fn of(setting: Setting) -> Result<Self, Failure> {
        let mut envelope = Envelope::new(FROM.parse()?);
        for address in setting.to() {
            envelope = envelope.to(address.parse()?);
        }
        Ok(Self { envelope: Arc::new(envelope), message: message().into() })
    }
}

fn endpoint(server: SocketAddr) -> Endpoint {
    Endpoint::new(server.ip().to_string(), server.port()).tls(Tls::Off)
}

/// A handle of the sender.
#[derive(Clone, Debug)]
pub struct Shared {
    sender: Arc<Sender>,
    mail: Mail,
}

/// Needs no connection yet: the pool opens them.
///
/// # Errors
/// Where an address is none.
pub fn senders(server: SocketAddr, setting: Setting) -> Result<Vec<Shared>, Failure> {
    let policy = Policy::constant(Duration::from_secs(1)).attempts(3);
    // Like the peers, which end no connection after so many messages.
    let limits = PoolLimits { connections: setting.connections, messages: u32::MAX, ..PoolLimits::default() };
    let sender = Arc::new(Sender::new(policy).pool(limits).host(endpoint(server)));
    Ok(vec![Shared { sender, mail: Mail::of(setting)? }; setting.connections])
}

impl Lane for Shared {
    async fn send(&mut self) -> Result<(), Failure> {
        let sent = self.sender.send(&self.mail.envelope, self.mail.message.as_bytes()).await;
        if sent.is_delivered() { Ok(()) } else { Err(format!("not delivered: {sent:?}").into()) }
    }
}

/// A connection.
#[derive(Debug)]
pub struct Own {
    connection: Connection<TokioSleeper>,
    mail: Mail,
}

/// Opens the connections.
///
/// # Errors
/// Where the server cannot be reached, or refuses.
pub async fn connections(server: SocketAddr, setting: Setting) -> Result<Vec<Own>, Failure> {
    let mail = Mail::of(setting)?;
    let mut lanes = Vec::new();
    for _ in 0..setting.connections {
        lanes.push(Own { connection: endpoint(server).open(TokioSleeper).await?, mail: mail.clone() });
    }
    Ok(lanes)
}

impl Lane for Own {
    async fn send(&mut self) -> Result<(), Failure> {
        let Mail { envelope, message } = &self.mail;
        let report = self.connection.send(envelope, 0..envelope.recipients().len(), message.as_bytes()).await;
        let is_delivered = |(_, fate): &(usize, Fate)| matches!(fate, Fate::Delivered { .. });
        if report.fates.iter().all(is_delivered) { Ok(()) } else { Err(format!("not delivered: {report:?}").into()) }
    }
}
