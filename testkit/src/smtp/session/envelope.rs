use super::Session;
use super::link::Ended;
use super::transaction::Transaction;

use crate::smtp::mailbox::Mailbox;
use crate::smtp::reply::Reply;
use crate::smtp::stage::Stage;

impl Session {
    pub(super) fn mail(&mut self, argument: &str) -> Result<(), Ended> {
        if !self.is_greeted {
            return self.say(503, "5.5.1", "Say EHLO first");
        }
        if self.transaction.is_some() {
            return self.say(503, "5.5.1", "A transaction is open");
        }
        let Some(sender) = Mailbox::parse(argument, "FROM:") else {
            return self.say(501, "5.5.4", "Syntax: MAIL FROM:<address>");
        };
        let transaction = Transaction::new(sender.clone());
        let usual = self.usual_mail(&sender, &transaction);
        if self.react(Stage::Mail, usual)? {
            self.transaction = Some(transaction);
        }
        Ok(())
    }

    pub(super) fn rcpt(&mut self, argument: &str) -> Result<(), Ended> {
        let Some(transaction) = &self.transaction else {
            return self.say(503, "5.5.1", "Say MAIL first");
        };
        let recipient = Mailbox::parse(argument, "TO:").filter(|recipient| !recipient.address.is_empty());
        let Some(recipient) = recipient else {
            return self.say(501, "5.5.4", "Syntax: RCPT TO:<address>");
        };
        let usual = self.refusal(&recipient, transaction).unwrap_or_else(|| self.usual(250, "2.1.5", "Ok"));
        let cue = self.cues.next(Stage::Rcpt, std::slice::from_ref(&recipient), usual);
        if let Some(transaction) = &mut self.transaction {
            let is_accepted = cue.reply.is_positive();
            let list = if is_accepted { &mut transaction.recipients } else { &mut transaction.refused };
            list.push(recipient);
        }
        self.link.perform(&cue)
    }

    fn usual_mail(&self, sender: &Mailbox, transaction: &Transaction) -> Reply {
        if let Some(refusal) = self.refusal(sender, transaction) {
            return refusal;
        }
        match sender.parameter("SIZE").map(str::parse::<usize>) {
            Some(Err(_)) => self.usual(501, "5.5.4", "SIZE is no number"),
            Some(Ok(size)) if size > self.cues.dialogue().message_limit() => {
                self.usual(552, "5.3.4", "The message is too large")
            }
            Some(Ok(_)) | None => self.usual(250, "2.1.0", "Ok"),
        }
    }

    /// Why an address is not to be taken as it is written.
    fn refusal(&self, mailbox: &Mailbox, transaction: &Transaction) -> Option<Reply> {
        let is_unknown = |(keyword, _): (&str, &str)| !self.has(&extension_of(keyword));
        if mailbox.named_parameters().any(is_unknown) {
            return Some(self.usual(555, "5.5.4", "A parameter is not supported"));
        }
        let needs_smtputf8 = transaction.needs_smtputf8(&mailbox.address);
        needs_smtputf8.then(|| self.usual(553, "5.6.7", "The address needs SMTPUTF8"))
    }
}

/// The extension that a parameter belongs to; by default the two are namesakes.
fn extension_of(keyword: &str) -> String {
    let keyword = keyword.to_ascii_uppercase();
    match keyword.as_str() {
        "BODY" => "8BITMIME".to_owned(),
        "RET" | "ENVID" | "NOTIFY" | "ORCPT" => "DSN".to_owned(),
        _ => keyword,
    }
}
