//! A server that answers by a list of reactions, and knows the truth.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use retry_email::{Capabilities, Content, DotStuffing, Envelope, Event, Reply, Report, Step, Transaction};

/// What it does on one command, or at the end of a message.
#[derive(Clone, Debug)]
pub(crate) enum Reaction {
    /// Says what belongs to the command: 250, or 354 to `DATA`.
    Accept,
    /// Says this.
    Say(u16, &'static str),
    /// Says this and closes.
    SayAndClose(u16, &'static str),
    /// Closes without a word.
    Close,
    /// Takes the message, if this is its end, and closes without a word.
    TakeAndClose,
    /// Says nothing for ever.
    Hang,
}

/// What several servers did, in the order in which they did it.
pub(crate) type Log = Arc<Mutex<Vec<Entry>>>;

#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Entry {
    /// A client offered a recipient by this command.
    Offered { address: String, line: String },
    /// It said this to those. Its text ends with the entry's number.
    Said { code: u16, to: Vec<String> },
    /// It has the message for them, whether it said so or not.
    Kept(Vec<String>),
    /// A client said what is no command: a message that was taken for one, say.
    Nonsense(String),
}

/// One end of a message: for whom, and what was said to it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Dot {
    pub(crate) recipients: Vec<String>,
    pub(crate) message: Vec<u8>,
    /// Those for whom it said 2xx.
    pub(crate) taken: Vec<String>,
    /// Those for whom it said nothing, or nothing clear.
    pub(crate) unclear: Vec<String>,
}

#[derive(Debug, Default)]
pub(crate) struct Server {
    reactions: VecDeque<Reaction>,
    lmtp: bool,
    input: Vec<u8>,
    replies: VecDeque<Reply>,
    in_body: bool,
    sender: bool,
    recipients: Vec<String>,
    pub(crate) is_closed: bool,
    pub(crate) commands: Vec<String>,
    pub(crate) dots: Vec<Dot>,
    log: Option<Log>,
    took: bool,
}

impl Server {
    /// When the list is at its end, all is accepted.
    pub(crate) fn new(reactions: impl IntoIterator<Item = Reaction>) -> Self {
        Self { reactions: reactions.into_iter().collect(), ..Self::default() }
    }

    pub(crate) fn lmtp(mut self) -> Self {
        self.lmtp = true;
        self
    }

    /// Numbers its replies, and writes down what it does.
    pub(crate) fn logged(mut self, log: Log) -> Self {
        self.log = Some(log);
        self
    }

    pub(crate) fn receive(&mut self, bytes: &[u8]) {
        self.input.extend_from_slice(bytes);
        while !self.is_closed {
            if self.in_body {
                let end = self.input.windows(5).position(|five| five == b"\r\n.\r\n").map(|at| (at + 2, at + 5));
                let end = if self.input.starts_with(b".\r\n") { Some((0, 3)) } else { end };
                let Some((length, end)) = end else { return };
                let message = self.input[..length].to_vec();
                self.input.drain(..end);
                self.end_of_message(message);
            } else {
                let Some(end) = self.input.windows(2).position(|two| two == b"\r\n") else { return };
                let line = String::from_utf8(self.input[..end].to_vec()).unwrap();
                self.input.drain(..end + 2);
                self.command(line);
            }
        }
    }

    fn command(&mut self, line: String) {
        let verb = line.split([' ', ':']).next().unwrap().to_owned();
        let own = if verb == "DATA" { 354 } else { 250 };
        if !["MAIL", "RCPT", "DATA", "RSET", "QUIT"].contains(&&*verb) {
            // Who waits for the end of this connection must not wait for ever.
            self.is_closed = true;
            let log = self.log.as_ref().unwrap_or_else(|| panic!("no command: {line}"));
            log.lock().unwrap().push(Entry::Nonsense(line));
            return;
        }
        let address = (verb == "RCPT").then(|| line[9..line.find('>').unwrap()].to_owned());
        if let (Some(log), Some(address)) = (&self.log, address.clone()) {
            log.lock().unwrap().push(Entry::Offered { address, line: line.clone() });
        }
        // What is said to the sender or the whole is said to all that are offered so far.
        let said = self.react(own, address.map_or_else(|| self.recipients.clone(), |address| vec![address]));
        match (&*verb, said) {
            ("MAIL", Some(200..=299)) => (self.sender, self.recipients) = (true, Vec::new()),
            ("RCPT", Some(200..=299)) if self.sender => {
                self.recipients.push(line[9..line.find('>').unwrap()].to_owned());
            }
            ("DATA", Some(354)) => self.in_body = true,
            ("RSET", Some(200..=299)) => (self.sender, self.recipients) = (false, Vec::new()),
            _ => {}
        }
        self.commands.push(line);
    }

    fn end_of_message(&mut self, message: Vec<u8>) {
        self.in_body = false;
        self.sender = false;
        let recipients = std::mem::take(&mut self.recipients);
        let replies = if self.lmtp { recipients.len() } else { 1 };
        let mut dot = Dot { recipients: recipients.clone(), message, taken: Vec::new(), unclear: Vec::new() };
        for n in 0..replies {
            let whom = if self.lmtp { recipients[n..=n].to_vec() } else { recipients.clone() };
            let said = if self.is_closed { None } else { self.react(250, whom.clone()) };
            if let Some(log) = self.log.as_ref().filter(|_| matches!(said, Some(200..=299)) || self.took) {
                log.lock().unwrap().push(Entry::Kept(whom.clone()));
            }
            match said {
                Some(200..=299) => dot.taken.extend(whom),
                Some(400..=599) => {}
                _ => dot.unclear.extend(whom),
            }
        }
        self.dots.push(dot);
    }

    /// The next reply to send.
    pub(crate) fn next_reply(&mut self) -> Option<Reply> {
        self.replies.pop_front()
    }

    fn react(&mut self, own: u16, to: Vec<String>) -> Option<u16> {
        let (code, text) = match self.reactions.pop_front().unwrap_or(Reaction::Accept) {
            Reaction::Accept => (own, "ok"),
            Reaction::Say(code, text) => (code, text),
            Reaction::SayAndClose(code, text) => {
                self.is_closed = true;
                (code, text)
            }
            reaction @ (Reaction::Close | Reaction::TakeAndClose) => {
                self.is_closed = true;
                self.took = matches!(reaction, Reaction::TakeAndClose);
                return None;
            }
            Reaction::Hang => {
                // Whatever comes after is read and never answered.
                self.reactions = std::iter::repeat_n(Reaction::Hang, 1000).collect();
                return None;
            }
        };
        let text = match &self.log {
            Some(log) => {
                let mut log = log.lock().unwrap();
                log.push(Entry::Said { code, to });
                format!("{text} [{}]", log.len() - 1)
            }
            None => text.to_owned(),
        };
        self.replies.push_back(Reply::new(code, &text));
        Some(code)
    }

    /// Drives `transaction` to its end.
    pub(crate) fn serve(&mut self, mut transaction: Transaction, message: &[u8]) -> Report {
        // far beyond what any transaction of the tests takes
        for _ in 0..10_000 {
            if self.step(&mut transaction, message).is_none() {
                return transaction.into_report();
            }
        }
        panic!("no end after 10,000 steps: {:?}", self.commands)
    }

    /// One step; whether it was the final dot. `None` at the end.
    pub(crate) fn step(&mut self, transaction: &mut Transaction, message: &[u8]) -> Option<bool> {
        match transaction.step() {
            Step::Write(bytes) => {
                self.receive(&bytes);
                return Some(bytes == b".\r\n");
            }
            Step::WriteBody => {
                let (mut stuffing, mut wire) = (DotStuffing::default(), Vec::new());
                stuffing.push(message, &mut wire);
                stuffing.finish(&mut wire);
                self.receive(&wire);
                transaction.body_written();
            }
            Step::Read(_) => match self.replies.pop_front() {
                Some(reply) => transaction.reply(reply),
                None if self.is_closed => transaction.lost(Event::ConnectionClosed),
                None => transaction.lost(Event::Timeout),
            },
            _ => return None,
        }
        Some(false)
    }
}

pub(crate) const MESSAGE: &[u8] = b"Subject: hello\r\n\r\n.Hello\r\n";

pub(crate) fn to(recipients: usize) -> Envelope {
    let address = |n: usize| format!("r{n}@example.net").parse().unwrap();
    (0..recipients).fold(Envelope::new("alice@example.org".parse().unwrap()), |to, n| to.to(address(n)))
}

pub(crate) fn offering(extensions: &str) -> Capabilities {
    Capabilities::of(&Reply::new(250, &format!("mx.example.net\n{extensions}")))
}

pub(crate) fn sending(envelope: &Envelope, extensions: &str) -> Transaction {
    Transaction::new(envelope, Content::of(MESSAGE), &offering(extensions))
}
