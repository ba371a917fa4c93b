use crate::smtp::stage::Stage;

/// Holds a command line in two parts.
#[derive(Debug)]
pub(super) struct Command {
    pub(super) verb: Verb,
    /// What follows the verb, trimmed. Bytes that are no UTF-8 are replaced.
    pub(super) argument: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    Ehlo,
    Helo,
    Mail,
    Rcpt,
    Data,
    Bdat,
    Auth,
    Rset,
    Noop,
    Quit,
    Vrfy,
    /// A command that exists and is not served (502); any further word is unknown (500).
    Other,
    Unknown,
}

const VERBS: [(&str, Verb); 16] = [
    ("EHLO", Verb::Ehlo),
    ("HELO", Verb::Helo),
    ("MAIL", Verb::Mail),
    ("RCPT", Verb::Rcpt),
    ("DATA", Verb::Data),
    ("BDAT", Verb::Bdat),
    ("AUTH", Verb::Auth),
    ("RSET", Verb::Rset),
    ("NOOP", Verb::Noop),
    ("QUIT", Verb::Quit),
    ("VRFY", Verb::Vrfy),
    ("EXPN", Verb::Other),
    ("HELP", Verb::Other),
    ("TURN", Verb::Other),
    ("ETRN", Verb::Other),
    ("STARTTLS", Verb::Other),
];

impl Command {
    pub(super) fn parse(line: &[u8]) -> Self {
        let line = String::from_utf8_lossy(line);
        let line = line.trim_ascii();
        let (word, argument) = line.split_once(' ').unwrap_or((line, ""));
        let known = VERBS.iter().find(|(name, _)| name.eq_ignore_ascii_case(word));
        let verb = known.map_or(Verb::Unknown, |(_, verb)| *verb);
        Self { verb, argument: argument.trim_ascii().to_owned() }
    }
}

impl Verb {
    /// The stage that the command leads to if it is in order. A `BDAT` may also lead to [`Stage::Dot`].
    pub(super) const fn stage(self) -> Option<Stage> {
        match self {
            Self::Ehlo | Self::Helo => Some(Stage::Ehlo),
            Self::Mail => Some(Stage::Mail),
            Self::Rcpt => Some(Stage::Rcpt),
            Self::Data | Self::Bdat => Some(Stage::Data),
            Self::Rset => Some(Stage::Rset),
            Self::Noop => Some(Stage::Noop),
            Self::Quit => Some(Stage::Quit),
            Self::Auth | Self::Vrfy | Self::Other | Self::Unknown => None,
        }
    }
}
