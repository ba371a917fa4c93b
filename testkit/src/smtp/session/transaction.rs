use super::body::Body;

use crate::smtp::accepted::{Accepted, Outcome};
use crate::smtp::mailbox::Mailbox;
use crate::smtp::message_id::message_id;

/// Gathers one message: from `MAIL` to the end of its body.
#[derive(Debug)]
pub(super) struct Transaction {
    sender: Mailbox,
    pub(super) recipients: Vec<Mailbox>,
    pub(super) refused: Vec<Mailbox>,
    message: Vec<u8>,
    pub(super) is_too_large: bool,
    /// After the first `BDAT`, which no `DATA` may follow.
    pub(super) is_chunked: bool,
}

impl Transaction {
    pub(super) const fn new(sender: Mailbox) -> Self {
        Self {
            sender,
            recipients: Vec::new(),
            refused: Vec::new(),
            message: Vec::new(),
            is_too_large: false,
            is_chunked: false,
        }
    }

    /// Whether a body may come: a recipient was named, accepted or not.
    pub(super) const fn has_named_recipient(&self) -> bool {
        !self.recipients.is_empty() || !self.refused.is_empty()
    }

    pub(super) fn needs_smtputf8(&self, address: &str) -> bool {
        !address.is_ascii() && self.sender.parameter("SMTPUTF8").is_none()
    }

    /// How many more bytes a message of at most `max` may have.
    pub(super) const fn room(&self, max: usize) -> usize {
        max.saturating_sub(self.message.len())
    }

    pub(super) fn append(&mut self, body: Body) {
        self.is_too_large |= body.is_too_large;
        self.message.extend(body.message);
    }

    pub(super) fn into_accepted(self, connection: usize) -> Accepted {
        Accepted {
            connection,
            outcome: Outcome::ReplyLost,
            sender: self.sender,
            recipients: self.recipients,
            refused: self.refused,
            message_id: message_id(&self.message),
            message: self.message,
        }
    }
}
