//! What a reply, or its absence, means for the recipients.

use super::flight::Command;
use super::{Fate, Phase, Place, Transaction};
use crate::{Event, Reply, Stage};

impl Transaction {
    /// Hands in the next reply. One that was not asked for, while the message is being written, ends the transaction; after the end
    /// it is passed over.
    ///
    /// ```
    /// # use retry_email::{Capabilities, Content, Envelope, Fate, Reply, Stage, Step, Transaction};
    /// let envelope = Envelope::from_nobody().to("a@example.net".parse()?);
    /// let mut transaction = Transaction::new(&envelope, Content::of(b""), &Capabilities::default());
    /// transaction.step();
    /// let reply = Reply::new(421, "4.3.2 shutting down");
    /// transaction.reply(reply.clone());
    /// assert_eq!(transaction.step(), Step::Done);
    /// assert_eq!(transaction.into_report().fates, [(0, Fate::Refused { stage: Stage::Mail, reply })]);
    /// # Ok::<(), retry_email::InvalidAddress>(())
    /// ```
    pub fn reply(&mut self, reply: Reply) {
        if self.phase == Phase::Ended {
            return;
        }
        if self.phase == Phase::Body {
            self.close(Stage::DataBody, reply);
            return;
        }
        let Some(command) = self.flight.answered() else {
            // Out of step: whose reply would the next one be?
            self.was_stale = self.reused && !self.any_reply;
            self.close(Stage::Idle, reply);
            return;
        };
        let first = !std::mem::replace(&mut self.any_reply, true);
        if first && self.reused && command == Command::Mail && matches!(reply.code(), 421 | 503) {
            self.was_stale = true;
            self.close(Stage::Mail, reply);
            return;
        }
        match command {
            Command::Dot => self.after_dot(reply),
            _ if reply.code() == 421 => self.close(command.stage(), reply),
            Command::Mail => self.after_mail(reply),
            Command::Rcpt(number) => self.after_rcpt(number, reply),
            Command::Data => self.after_data(reply),
            Command::LoneDot => self.sender_accepted = false,
            Command::Rset => {
                if reply.severity() != 2 {
                    self.end();
                }
            }
        }
    }

    fn after_mail(&mut self, reply: Reply) {
        match reply.severity() {
            2 => self.sender_accepted = true,
            4 | 5 => {
                // Those of rounds to come have the same sender.
                for place in self.places.iter_mut().flatten().filter(|place| **place == Place::Waiting) {
                    *place = Place::Offered;
                }
                self.settle(&|| Fate::Refused { stage: Stage::Mail, reply: reply.clone() });
                self.flight.drop_due();
            }
            _ => self.close(Stage::Mail, reply),
        }
    }

    fn after_rcpt(&mut self, number: usize, reply: Reply) {
        // Settled by the refusal of the sender: this one says nothing new.
        if self.places[number] == Some(Place::Offered) {
            match reply.severity() {
                2 => self.accepted.push(number),
                4 | 5 if self.is_crowded(&reply) => self.places[number] = Some(Place::Crowded(reply)),
                4 | 5 => self.places[number] = Some(Place::At(Fate::Refused { stage: Stage::Rcpt, reply })),
                _ => return self.close(Stage::Rcpt, reply),
            }
        }
        if self.accepted.is_empty() && !self.flight.awaits_rcpt() {
            // Nobody to send to. A DATA that is out already is answered all the same.
            self.flight.drop_due();
        }
    }

    fn after_data(&mut self, reply: Reply) {
        if reply.code() == 354 {
            if self.accepted.is_empty() {
                self.flight.push(Command::LoneDot);
            } else {
                self.phase = Phase::Body;
            }
        } else if self.accepted.is_empty() && matches!(reply.severity(), 4 | 5) {
            // "No valid recipients": each has been told its own reason.
        } else if matches!(reply.severity(), 4 | 5) {
            self.settle(&|| Fate::Refused { stage: Stage::Data, reply: reply.clone() });
        } else {
            self.close(Stage::Data, reply);
        }
    }

    fn after_dot(&mut self, reply: Reply) {
        let fate = match (reply.code() / 100, reply.severity()) {
            (2, 2) => Fate::Delivered { reply: reply.clone() },
            (4, 4) | (5, 5) => Fate::Refused { stage: Stage::Dot, reply: reply.clone() },
            _ => Fate::InDoubt { event: None, reply: Some(reply.clone()) },
        };
        self.dot_answered = true;
        let (is_clear, is_delivered) = (!matches!(fate, Fate::InDoubt { .. }), matches!(fate, Fate::Delivered { .. }));
        let served = if self.lmtp { 1 } else { self.accepted.len() };
        for number in self.accepted.drain(..served.min(self.accepted.len())) {
            self.places[number] = Some(Place::At(fate.clone()));
        }
        if !is_clear || reply.code() == 421 {
            // Whoever says neither yes nor no is out of step; the rest, if any, gets no reply that could be trusted.
            self.close(Stage::Dot, reply);
        } else if self.accepted.is_empty() {
            // The dot has ended the transaction, whatever the reply.
            self.sender_accepted = false;
            self.release_crowded(is_delivered || self.lmtp);
        }
    }

    /// Those who were one too many have their turn now, if the round before them got somewhere.
    fn release_crowded(&mut self, made_progress: bool) {
        for place in self.places.iter_mut().flatten() {
            if let Place::Crowded(reply) = place {
                *place = if made_progress {
                    Place::Waiting
                } else {
                    Place::At(Fate::Refused { stage: Stage::Rcpt, reply: reply.clone() })
                };
            }
        }
    }

    /// Whether a refusal means "too many recipients". Not for the first one, nor where the enhanced code says what is full.
    fn is_crowded(&self, reply: &Reply) -> bool {
        let says_so = match reply.enhanced().map(|code| (code.subject(), code.detail())) {
            Some((2, 2) | (3, 1 | 4)) => false,
            Some((5, 3)) => true,
            _ => matches!(reply.code(), 452 | 552),
        };
        says_so && !self.accepted.is_empty()
    }

    /// Ends it by a reply that closes the connection, or does not belong here: nothing that was not answered is believed.
    fn close(&mut self, stage: Stage, reply: Reply) {
        let in_doubt = stage == Stage::Dot;
        self.settle(&|| {
            if in_doubt {
                Fate::InDoubt { event: Some(Event::ConnectionClosed), reply: None }
            } else if matches!(reply.severity(), 4 | 5) {
                Fate::Refused { stage, reply: reply.clone() }
            } else {
                Fate::Confused { stage, reply: reply.clone() }
            }
        });
        self.end();
    }

    pub(super) fn lose(&mut self, event: Event, may_have_left: bool) {
        self.is_reusable = false;
        if self.phase == Phase::Ended {
            return;
        }
        let dot_is_out = self.flight.has_dot() && (may_have_left || self.dot_answered);
        if self.reused && !self.any_reply && event == Event::ConnectionClosed {
            self.was_stale = true;
        }
        let stage = match self.phase {
            Phase::Body => Stage::DataBody,
            _ if self.flight.has_dot_due() || self.flight.has_dot() => Stage::DataBody,
            _ => self.flight.stage().unwrap_or(Stage::Idle),
        };
        self.settle(&|| {
            if dot_is_out { Fate::InDoubt { event: Some(event), reply: None } } else { Fate::Lost { stage, event } }
        });
        self.end();
    }

    /// Gives everybody of this round who has no fate this one.
    fn settle(&mut self, fate: &dyn Fn() -> Fate) {
        for place in self.places.iter_mut().flatten().filter(|place| **place == Place::Offered) {
            *place = Place::At(fate());
        }
        self.accepted.clear();
    }

    fn end(&mut self) {
        self.phase = Phase::Ended;
        self.is_reusable = false;
        self.flight.drop_due();
    }
}
