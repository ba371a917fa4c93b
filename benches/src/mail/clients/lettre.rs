//! lettre: one transport with a pool, shared by all lanes.

use std::net::SocketAddr;
use std::sync::Arc;

use lettre::address::Envelope;
use lettre::transport::smtp::PoolConfig;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

use crate::callgrind::Failure;
use crate::mail::lane::Lane;
use crate::mail::setting::{FROM, Setting, message};

/// A handle of the transport.
#[derive(Clone, Debug)]
pub struct Lettre {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    envelope: Arc<Envelope>,
    message: Arc<str>,
}

/// Needs no connection yet: the pool opens them.
///
/// # Errors
/// Where an address is none.
pub fn lanes(server: SocketAddr, setting: Setting) -> Result<Vec<Lettre>, Failure> {
    let size = u32::try_from(setting.connections)?;
    let transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(server.ip().to_string())
        .port(server.port())
        .pool_config(PoolConfig::new().max_size(size))
        .build();
    let to = setting.to().map(|address| address.parse()).collect::<Result<Vec<_>, _>>()?;
    let envelope = Arc::new(Envelope::new(Some(FROM.parse()?), to)?);
    let lane = Lettre { transport, envelope, message: message().into() };
    Ok(vec![lane; setting.connections])
}

impl Lane for Lettre {
    async fn send(&mut self) -> Result<(), Failure> {
        self.transport.send_raw(&self.envelope, self.message.as_bytes()).await?;
        Ok(())
    }
}
