//! One connection of the server: the state machine of RFC 5321, with the script asked at each stage.

use std::convert::Infallible;
use std::iter::once;
use std::net::TcpStream;
use std::sync::Arc;

use self::command::{Command, Verb};
use self::cue::Cues;
use self::link::{Ended, Link};
use self::transaction::Transaction;

use super::dialogue::Dialogue;
use super::ledger::Ledger;
use super::reaction::Then;
use super::reply::Reply;
use super::stage::Stage;

mod auth;
pub(super) mod body;
mod chunking;
mod command;
mod cue;
mod envelope;
mod link;
mod transaction;
mod transfer;

/// A name that no host has (RFC 6761).
const HOST: &str = "testkit.invalid";

/// Serves one connection.
pub(super) struct Session {
    link: Link,
    cues: Cues,
    is_refused: bool,
    /// After a successful `EHLO` or `HELO`.
    is_greeted: bool,
    /// After a successful `EHLO`.
    is_extended: bool,
    is_authenticated: bool,
    transaction: Option<Transaction>,
}

impl Session {
    pub(super) fn new(stream: Arc<TcpStream>, dialogue: Dialogue, ledger: Arc<Ledger>, connection: usize) -> Self {
        Self {
            link: Link::new(stream, ledger, connection),
            cues: Cues::new(dialogue),
            is_refused: false,
            is_greeted: false,
            is_extended: false,
            is_authenticated: false,
            transaction: None,
        }
    }

    /// Serves the connection to its end.
    pub(super) fn run(mut self) {
        // However a connection ends, there is nobody left to tell.
        let Err(Ended) = self.serve();
    }

    fn serve(&mut self) -> Result<Infallible, Ended> {
        self.react(Stage::Connect, Reply::none())?;
        self.is_refused = !self.react(Stage::Greeting, Reply::new(format!("220 {HOST} ESMTP")))?;
        loop {
            self.obey()?;
        }
    }

    /// Reads one command and does as it says.
    fn obey(&mut self) -> Result<(), Ended> {
        let line = self.link.read_line()?;
        let command = Command::parse(&line.bytes);
        self.link.hear(command.verb.stage(), &line.bytes);
        if line.is_too_long {
            return self.say(500, "5.5.2", "Line too long");
        }
        if !line.bytes.ends_with(b"\r\n") {
            return self.say(500, "5.5.2", "A line ends in CRLF");
        }
        if self.is_refused && command.verb != Verb::Quit {
            return self.say(503, "5.5.1", "No service here");
        }
        match command.verb {
            Verb::Ehlo | Verb::Helo => self.hello(&command),
            Verb::Mail => self.mail(&command.argument),
            Verb::Rcpt => self.rcpt(&command.argument),
            Verb::Data => self.data(&command.argument),
            Verb::Bdat => self.bdat(&command.argument),
            Verb::Auth => self.auth(&command.argument),
            Verb::Rset => self.reset(),
            Verb::Noop => self.react(Stage::Noop, self.usual(250, "2.0.0", "Ok")).map(|_| ()),
            Verb::Quit => self.quit(),
            Verb::Vrfy => self.say(252, "2.1.5", "Send some mail, it will be tried"),
            Verb::Other => self.say(502, "5.5.1", "Command not implemented"),
            Verb::Unknown => self.say(500, "5.5.2", "Command not recognized"),
        }
    }

    fn hello(&mut self, command: &Command) -> Result<(), Ended> {
        if command.argument.is_empty() {
            return self.say(501, "5.5.4", "The name of the client is missing");
        }
        let is_extended = command.verb == Verb::Ehlo;
        let lines: Vec<String> = if is_extended {
            once(HOST.to_owned()).chain(self.cues.dialogue().advertised()).collect()
        } else {
            vec![HOST.to_owned()]
        };
        let separator = |index| if index + 1 == lines.len() { ' ' } else { '-' };
        let lines = lines.iter().enumerate().map(|(index, line)| format!("250{}{line}", separator(index)));
        if self.react(Stage::Ehlo, Reply::lines(lines))? {
            self.is_greeted = true;
            self.is_extended = is_extended;
            self.transaction = None;
        }
        Ok(())
    }

    fn reset(&mut self) -> Result<(), Ended> {
        if self.react(Stage::Rset, self.usual(250, "2.0.0", "Ok"))? {
            self.transaction = None;
        }
        Ok(())
    }

    fn quit(&mut self) -> Result<(), Ended> {
        self.react(Stage::Quit, self.usual(221, "2.0.0", "Bye"))?;
        self.link.conclude(Then::Close)
    }

    /// Does as the script says at `stage`, by default gives the usual reply. Returns whether the reply was
    /// positive.
    fn react(&mut self, stage: Stage, usual: Reply) -> Result<bool, Ended> {
        let cue = self.cues.next(stage, &[], usual);
        self.link.perform(&cue)?;
        Ok(cue.reply.is_positive())
    }

    /// Gives a reply that no script changes.
    fn say(&mut self, code: u16, enhanced: &str, text: &str) -> Result<(), Ended> {
        let reply = self.usual(code, enhanced, text);
        self.link.say(&reply)
    }

    fn usual(&self, code: u16, enhanced: &str, text: &str) -> Reply {
        if self.has("ENHANCEDSTATUSCODES") {
            Reply::new(format!("{code} {enhanced} {text}"))
        } else {
            Reply::new(format!("{code} {text}"))
        }
    }

    /// Whether an extension is on offer in this session.
    fn has(&self, extension: &str) -> bool {
        self.is_extended && self.cues.dialogue().extension(extension).is_some()
    }
}
