use std::sync::Arc;

use super::Session;
use super::body::Body;
use super::link::Ended;
use super::transaction::Transaction;

use crate::smtp::accepted::Outcome;
use crate::smtp::reaction::Then;
use crate::smtp::reply::Reply;
use crate::smtp::stage::Stage;

impl Session {
    pub(super) fn data(&mut self, argument: &str) -> Result<(), Ended> {
        if !argument.is_empty() {
            return self.say(501, "5.5.4", "DATA takes no argument");
        }
        let Some(transaction) = self.transaction.take_if(|one| one.has_named_recipient() && !one.is_chunked) else {
            return self.say(503, "5.5.1", "Not now");
        };
        let usual = if transaction.recipients.is_empty() {
            self.usual(554, "5.5.1", "No valid recipients")
        } else {
            Reply::new("354 End with a dot on a line of its own")
        };
        let cue = self.cues.next(Stage::Data, &transaction.recipients, usual);
        self.link.perform(&cue)?;
        if cue.reply.is_intermediate() {
            let body = Body::dotted(self.cues.dialogue().message_limit());
            let transaction = self.receive(transaction, body)?;
            return self.dot(transaction);
        }
        self.transaction = Some(transaction);
        Ok(())
    }

    /// Reads `body` to its end, with the reaction of [`Stage::DataBody`] when that is due, and appends it.
    pub(super) fn receive(&mut self, mut transaction: Transaction, mut body: Body) -> Result<Transaction, Ended> {
        let cue = self.cues.next(Stage::DataBody, &transaction.recipients, Reply::none());
        self.link.fill(&mut body, cue.how.body_bytes)?;
        if !body.is_complete() {
            if cue.how.then != Then::Continue {
                self.link.hear(Some(Stage::DataBody), &body.message);
            }
            self.link.perform(&cue)?;
            self.link.fill(&mut body, usize::MAX)?;
        }
        self.link.hear(Some(Stage::DataBody), &body.message);
        transaction.append(body);
        Ok(transaction)
    }

    /// Takes the message or refuses it. Either way the transaction is over.
    pub(super) fn dot(&mut self, transaction: Transaction) -> Result<(), Ended> {
        let usual = if transaction.is_too_large {
            self.usual(552, "5.3.4", "The message is too large")
        } else if transaction.recipients.is_empty() {
            self.usual(554, "5.5.1", "No valid recipients")
        } else {
            self.usual(250, "2.0.0", "Ok")
        };
        let cue = self.cues.next(Stage::Dot, &transaction.recipients, usual);
        if !cue.reply.is_positive() {
            return self.link.perform(&cue);
        }
        let ledger = Arc::clone(self.link.ledger());
        // Noted before any reply or delay: the message is the server's, whatever becomes of the connection.
        let place = ledger.take(transaction.into_accepted(self.link.connection()));
        let delivered = self.link.deliver(&cue, || ledger.settle(place, Outcome::Acknowledged));
        if delivered.is_err() {
            ledger.settle(place, Outcome::ReplyLost);
        }
        delivered?;
        self.link.conclude(cue.how.then)
    }
}
