use crate::{Event, Reply, Stage};

/// What became of a recipient in one [`Transaction`](crate::Transaction).
///
/// Only [`Delivered`](Self::Delivered) says that the server has the message, and only [`InDoubt`](Self::InDoubt) that it
/// may have it. With every other fate a new attempt duplicates nothing.
///
/// ```
/// use retry_email::{Fate, Reply, Stage};
///
/// let refused = Fate::Refused { stage: Stage::Rcpt, reply: Reply::new(550, "5.1.1 no such user") };
/// assert!(!refused.may_be_delivered());
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Fate {
    /// The server took the message for this recipient.
    Delivered {
        /// The reply to the final dot.
        reply: Reply,
    },
    /// The server said no, or not now.
    Refused {
        /// To which command it said so.
        stage: Stage,
        /// What it said.
        reply: Reply,
    },
    /// The connection was lost, or a reply did not come in time, before the final dot was sent.
    Lost {
        /// What was under way.
        stage: Stage,
        /// What happened.
        event: Event,
    },
    /// The final dot was sent and no clear answer came: the server may have taken the message (RFC 1047).
    InDoubt {
        /// What happened instead of the answer; `None` where `reply` is the unclear answer.
        event: Option<Event>,
        /// An answer that is neither yes nor no.
        reply: Option<Reply>,
    },
    /// The server answered what does not belong to the command, before the final dot was sent. Nothing was taken.
    Confused {
        /// To which command.
        stage: Stage,
        /// What it said.
        reply: Reply,
    },
    /// This server cannot carry it; another one may. It was not offered.
    Unfit(Unfit),
    /// It was not offered: the transaction ended before its turn. The reason is another recipient's fate.
    Untried,
}

impl Fate {
    /// Whether the server has the message for this recipient, or may have it.
    ///
    /// ```
    /// # use retry_email::{Event, Fate};
    /// assert!(Fate::InDoubt { event: Some(Event::Timeout), reply: None }.may_be_delivered());
    /// assert!(!Fate::Untried.may_be_delivered());
    /// ```
    #[must_use]
    pub const fn may_be_delivered(&self) -> bool {
        matches!(self, Self::Delivered { .. } | Self::InDoubt { .. })
    }
}

/// Why a server cannot carry a message: it does not offer what it takes.
///
/// ```
/// use retry_email::Unfit;
///
/// let error = Unfit::TooLong { size: 30, limit: 20 };
/// assert_eq!(error.to_string(), "the message has 30 bytes, the server takes 20");
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Unfit {
    /// Longer than the server's `SIZE`.
    #[error("the message has {size} bytes, the server takes {limit}")]
    TooLong {
        /// The message's length in bytes.
        size: u64,
        /// The longest that the server takes.
        limit: u64,
    },
    /// 8-bit text, and no 8BITMIME.
    #[error("the message has 8-bit text, which the server does not take; encode it as quoted-printable or base64")]
    EightBit,
    /// A header or an address outside ASCII, and no SMTPUTF8.
    #[error("an address or the header is not ASCII, which the server does not take; send by one that offers SMTPUTF8")]
    Utf8,
}

/// What a transaction came to.
///
/// ```
/// use retry_email::{Capabilities, Content, Envelope, Transaction};
///
/// let transaction = Transaction::new(&Envelope::from_nobody(), Content::of(b""), &Capabilities::default());
/// let report = transaction.into_report();
/// assert!(report.fates.is_empty() && report.is_reusable);
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Report {
    /// Each recipient's fate, by its number in the envelope; those that were not to be tried are left out.
    pub fates: Vec<(usize, Fate)>,
    /// Whether the connection can carry another transaction.
    pub is_reusable: bool,
    /// The connection had been dead, or out of step, before this transaction began: no attempt of the message. Try again on a new
    /// connection.
    pub was_stale: bool,
}
