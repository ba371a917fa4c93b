//! The clients that are compared, by name.

use std::net::SocketAddr;

use clap::ValueEnum;
use tokio::runtime::Builder;

use super::clients::{hand, lettre, mail_send, ours};
use super::lane::{Limits, Taken, measured};
use super::setting::Setting;
use crate::allocations;
use crate::callgrind::Failure;

/// What sends the mail.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
#[non_exhaustive]
pub enum Client {
    /// Prepared bytes over a socket: the limit, not a peer.
    Hand,
    /// lettre's pooled async transport.
    Lettre,
    /// mail-send, a connection for each lane; it has no pool.
    MailSend,
    /// Our `Sender`.
    Sender,
    /// Our `Connection`, without a pool, a policy and hosts.
    Connection,
}

impl Client {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Hand, Self::Lettre, Self::MailSend, Self::Sender, Self::Connection];

    /// As it stands on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hand => "hand",
            Self::Lettre => "lettre",
            Self::MailSend => "mail-send",
            Self::Sender => "sender",
            Self::Connection => "connection",
        }
    }

    /// As it stands in tables.
    #[must_use]
    pub const fn row(self) -> &'static str {
        match self {
            Self::Hand => "hand loop",
            Self::Lettre => "lettre pooled",
            Self::MailSend => "mail-send",
            Self::Sender => "retry-email Sender",
            Self::Connection => "retry-email Connection",
        }
    }

    /// Sends messages to `server` from one thread.
    ///
    /// # Errors
    /// Where a connection cannot be opened, or a message is not delivered.
    pub fn run(self, server: SocketAddr, setting: Setting, limits: Limits) -> Result<Taken, Failure> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let mut taken = Err("nothing ran".into());
        allocations::uncounted(|| {
            taken = runtime.block_on(async {
                match self {
                    Self::Hand => measured(hand::lanes(server, setting).await?, limits).await,
                    Self::Lettre => measured(lettre::lanes(server, setting)?, limits).await,
                    Self::MailSend => measured(mail_send::lanes(server, setting).await?, limits).await,
                    Self::Sender => measured(ours::senders(server, setting)?, limits).await,
                    Self::Connection => measured(ours::connections(server, setting).await?, limits).await,
                }
            });
        });
        taken
    }
}
