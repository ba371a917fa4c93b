use super::Session;
use super::body::Body;
use super::link::Ended;

use crate::smtp::stage::Stage;

impl Session {
    /// Takes a chunk of a message (RFC 3030). The octets are read even where the command is out of sequence.
    pub(super) fn bdat(&mut self, argument: &str) -> Result<(), Ended> {
        if !self.has("CHUNKING") {
            return self.say(502, "5.5.1", "Command not implemented");
        }
        let Some((length, is_last)) = parse(argument) else {
            return self.say(501, "5.5.4", "Syntax: BDAT length [LAST]");
        };
        let Some(mut transaction) = self.transaction.take_if(|one| one.has_named_recipient()) else {
            self.link.fill(&mut Body::sized(0, length), usize::MAX)?;
            return self.say(503, "5.5.1", "Not now");
        };
        transaction.is_chunked = true;
        let body = Body::sized(transaction.room(self.cues.dialogue().message_limit()), length);
        let transaction = self.receive(transaction, body)?;
        if is_last {
            return self.dot(transaction);
        }
        let usual = self.usual(250, "2.0.0", "Ok");
        let cue = self.cues.next(Stage::Data, &transaction.recipients, usual);
        // A message that lacks a chunk is no message.
        if cue.reply.is_positive() {
            self.transaction = Some(transaction);
        }
        self.link.perform(&cue)
    }
}

fn parse(argument: &str) -> Option<(u64, bool)> {
    let mut words = argument.split_ascii_whitespace();
    let length = words.next()?.parse().ok()?;
    match (words.next(), words.next()) {
        (None, _) => Some((length, false)),
        (Some(last), None) if last.eq_ignore_ascii_case("LAST") => Some((length, true)),
        _ => None,
    }
}
