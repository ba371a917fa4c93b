//! Commands under way, and whose reply comes next.

use std::collections::VecDeque;

use crate::Stage;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Command {
    Mail,
    Rcpt(usize),
    Data,
    /// After the message.
    Dot,
    /// Instead of a message that nobody is to get.
    LoneDot,
    Rset,
}

impl Command {
    pub(super) const fn stage(self) -> Stage {
        match self {
            Self::Mail => Stage::Mail,
            Self::Rcpt(_) => Stage::Rcpt,
            Self::Data | Self::LoneDot => Stage::Data,
            Self::Dot => Stage::Dot,
            Self::Rset => Stage::Rset,
        }
    }
}

/// The commands that are to be sent, and those that are sent and wait for their replies, oldest first.
#[derive(Clone, Debug)]
pub(super) struct Flight {
    pub(super) pipelining: bool,
    due: VecDeque<Command>,
    sent: VecDeque<Command>,
    /// How many replies the final dot gets.
    dot_replies: usize,
    has_begun: bool,
}

impl Flight {
    pub(super) const fn new(pipelining: bool) -> Self {
        Self { pipelining, due: VecDeque::new(), sent: VecDeque::new(), dot_replies: 1, has_begun: false }
    }

    pub(super) fn begin(&mut self, commands: VecDeque<Command>) {
        self.due = commands;
    }

    /// The final dot, which gets `replies` replies.
    pub(super) fn push_dot(&mut self, replies: usize) {
        self.dot_replies = replies;
        self.due.push_back(Command::Dot);
    }

    pub(super) fn push(&mut self, command: Command) {
        self.due.push_back(command);
    }

    /// Takes the commands that can be sent now.
    pub(super) fn take_due(&mut self) -> Option<Vec<Command>> {
        let count =
            if self.pipelining { self.due.len() } else { usize::from(self.sent.is_empty()).min(self.due.len()) };
        if count == 0 {
            return None;
        }
        let commands: Vec<Command> = self.due.drain(..count).collect();
        for &command in &commands {
            let replies = if command == Command::Dot { self.dot_replies } else { 1 };
            self.sent.extend(std::iter::repeat_n(command, replies));
        }
        self.has_begun = true;
        Some(commands)
    }

    /// What the next reply answers.
    pub(super) fn stage(&self) -> Option<Stage> {
        self.sent.front().map(|command| command.stage())
    }

    pub(super) fn answered(&mut self) -> Option<Command> {
        self.sent.pop_front()
    }

    /// Whether the final dot was handed out and waits for a reply.
    pub(super) fn has_dot(&self) -> bool {
        self.sent.contains(&Command::Dot)
    }

    /// Whether the final dot is still to be handed out.
    pub(super) fn has_dot_due(&self) -> bool {
        self.due.contains(&Command::Dot)
    }

    /// Drops the commands that were not sent.
    pub(super) fn drop_due(&mut self) {
        self.due.clear();
    }

    /// Whether another reply to this kind of command is to come.
    pub(super) fn awaits_rcpt(&self) -> bool {
        let rcpt = |command: &Command| matches!(command, Command::Rcpt(_));
        self.sent.iter().any(rcpt) || self.due.iter().any(rcpt)
    }

    pub(super) const fn has_begun(&self) -> bool {
        self.has_begun
    }
}
