//! One message on one connection.

mod fate;
mod flight;
mod judge;

use std::collections::VecDeque;

pub use fate::{Fate, Report, Unfit};
use flight::{Command, Flight};

use crate::{Address, Capabilities, Content, Envelope, Event, Reply, Stage};

/// One message's way over one SMTP or LMTP connection, from `MAIL` to the reply after the final dot. Does no I/O.
///
/// Whoever drives it asks for the next [`Step`], does it, and hands in replies as they are read. Each reply belongs to the oldest
/// command without one, pipelined or not. Each recipient comes to one [`Fate`]:
///
/// - A recipient is delivered only by 354 to `DATA` and a 2xx to the final dot (LMTP: its own 2xx).
/// - A refused recipient does not stop the others. Where none is left, no message is sent; if the server then says 354
///   all the same, it gets a lone dot (RFC 2920 section 3.1).
/// - 452 or 552 to a later recipient, unless its enhanced code says that a mailbox or a message is too big, means "too many
///   recipients" (RFC 5321 section 4.5.3.1.10): the accepted ones are served, then the rest at once.
/// - 421 ends it at any command. Without reply, all is lost before the final dot and in doubt after it.
/// - On a reused connection, a first command that meets 503, 421 or a closed connection is no attempt ([`Report::was_stale`]).
/// - What the server does not offer is found out before anything is sent ([`Unfit`]).
///
/// # Cancel safety
/// Dropping it loses the fates. After the final dot is out, the outcome is in doubt: hand in the event and take the report first.
///
/// ```
/// use retry_email::{Capabilities, Content, DotStuffing, Envelope, Fate, Reply, Step, Transaction};
///
/// let message = b"Subject: hello\r\n\r\nHello, both\r\n";
/// let envelope = Envelope::new("alice@example.org".parse()?).to("bob@example.net".parse()?).to("eve@example.com".parse()?);
/// let offered = Capabilities::of(&Reply::new(250, "mx.example.net\nPIPELINING"));
/// let mut transaction = Transaction::new(&envelope, Content::of(message), &offered);
///
/// // What a server said, and what was written to it.
/// let mut replies = [(250, "ok"), (250, "ok"), (550, "5.1.1 no Eve"), (354, "go on"), (250, "queued")].into_iter();
/// let mut wire = Vec::new();
/// loop {
///     match transaction.step() {
///         Step::Write(bytes) => wire.extend(bytes),
///         Step::WriteBody => {
///             let mut stuffing = DotStuffing::default();
///             stuffing.push(message, &mut wire);
///             stuffing.finish(&mut wire);
///             transaction.body_written();
///         }
///         Step::Read(_) => {
///             let (code, text) = replies.next().expect("a reply for every command");
///             transaction.reply(Reply::new(code, text));
///         }
///         _ => break,
///     }
/// }
/// assert!(wire.ends_with(b"Hello, both\r\n.\r\n"));
/// let report = transaction.into_report();
/// assert!(matches!(report.fates[0], (0, Fate::Delivered { .. })) && matches!(report.fates[1], (1, Fate::Refused { .. })));
/// assert!(report.is_reusable);
/// # Ok::<(), retry_email::InvalidAddress>(())
/// ```
#[derive(Clone, Debug)]
pub struct Transaction {
    envelope: Envelope,
    content: Content,
    dsn: bool,
    smtp_utf8: bool,
    eight_bit_mime: bool,
    sizes: bool,
    lmtp: bool,
    reused: bool,
    most: usize,
    /// By the recipient's number; `None`: not to be tried here.
    places: Vec<Option<Place>>,
    flight: Flight,
    /// Recipients of this round that the server has accepted, in order.
    accepted: Vec<usize>,
    sender_accepted: bool,
    phase: Phase,
    any_reply: bool,
    dot_answered: bool,
    was_stale: bool,
    is_reusable: bool,
}

/// Where a recipient is.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Place {
    /// To be offered in a round to come.
    Waiting,
    /// In this round, without a final fate.
    Offered,
    /// Refused as one too many, with this reply: waits for the next round, if there is one.
    Crowded(Reply),
    /// Done.
    At(Fate),
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Phase {
    /// Commands are sent and answered.
    Commands,
    /// 354 was said: the message is due.
    Body,
    /// Nothing more to do.
    Ended,
}

/// What to do next.
///
/// ```
/// assert_eq!(retry_email::Step::Read(retry_email::Stage::Dot), retry_email::Step::Read(retry_email::Stage::Dot));
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Step {
    /// Write these bytes. They may be collected until the next [`Read`](Self::Read). Of what is lost while the last of them
    /// are written, see [`Transaction::lost`].
    Write(Vec<u8>),
    /// Write the message, dots doubled ([`DotStuffing`](crate::DotStuffing)), then call [`Transaction::body_written`].
    WriteBody,
    /// Write out what was collected, then read a reply and hand it in. The stage says how long to wait for it (RFC 5321
    /// section 4.5.3.2).
    Read(Stage),
    /// Nothing more: take the report.
    Done,
}

impl Transaction {
    /// The most recipients of a round unless set: what every server must take (RFC 5321 section 4.5.3.1.8).
    pub const RECIPIENTS: usize = 100;

    /// For all recipients of `envelope`, by SMTP, on a new connection that has said what it offers.
    ///
    /// ```
    /// use retry_email::{Capabilities, Content, Envelope, Step, Transaction};
    ///
    /// let envelope = Envelope::new("alice@example.org".parse()?).to("bob@example.net".parse()?);
    /// let mut transaction = Transaction::new(&envelope, Content::of(b"\r\n"), &Capabilities::default());
    /// assert_eq!(transaction.step(), Step::Write(b"MAIL FROM:<alice@example.org>\r\n".to_vec()));
    /// # Ok::<(), retry_email::InvalidAddress>(())
    /// ```
    #[must_use]
    pub fn new(envelope: &Envelope, content: Content, offered: &Capabilities) -> Self {
        let mut transaction = Self {
            places: vec![Some(Place::Waiting); envelope.recipients().len()],
            envelope: envelope.clone(),
            content,
            dsn: offered.dsn,
            smtp_utf8: offered.smtp_utf8,
            eight_bit_mime: offered.eight_bit_mime,
            sizes: offered.size.is_some(),
            lmtp: false,
            reused: false,
            most: Self::RECIPIENTS,
            flight: Flight::new(offered.pipelining),
            accepted: Vec::new(),
            sender_accepted: false,
            phase: Phase::Commands,
            any_reply: false,
            dot_answered: false,
            was_stale: false,
            is_reusable: true,
        };
        transaction.refuse_unfit(offered);
        transaction
    }

    /// Tries only the recipients with these numbers: those that an earlier attempt left. Numbers that the envelope does not
    /// have are passed over.
    ///
    /// ```
    /// # use retry_email::{Capabilities, Content, Envelope, Fate, Transaction};
    /// let envelope = Envelope::from_nobody().to("a@example.net".parse()?).to("b@example.net".parse()?);
    /// let transaction = Transaction::new(&envelope, Content::of(b""), &Capabilities::default()).only([1]);
    /// assert_eq!(transaction.into_report().fates, [(1, Fate::Untried)]);
    /// # Ok::<(), retry_email::InvalidAddress>(())
    /// ```
    #[must_use]
    pub fn only(mut self, recipients: impl IntoIterator<Item = usize>) -> Self {
        let mut places = vec![None; self.places.len()];
        for recipient in recipients {
            if let (Some(place), Some(old)) = (places.get_mut(recipient), self.places.get_mut(recipient)) {
                *place = old.take().or_else(|| place.take());
            }
        }
        self.places = places;
        self
    }

    /// By LMTP (RFC 2033): one reply for each accepted recipient after the final dot.
    ///
    /// ```
    /// # use retry_email::{Capabilities, Content, Envelope, Step, Transaction};
    /// let transaction = Transaction::new(&Envelope::default(), Content::of(b""), &Capabilities::default());
    /// assert_eq!(transaction.lmtp().step(), Step::Done);
    /// ```
    #[must_use]
    pub const fn lmtp(mut self) -> Self {
        self.lmtp = true;
        self
    }

    /// On a connection that has carried a transaction before.
    ///
    /// ```
    /// # use retry_email::{Capabilities, Content, Envelope, Event, Transaction};
    /// let envelope = Envelope::from_nobody().to("a@example.net".parse()?);
    /// let mut transaction = Transaction::new(&envelope, Content::of(b""), &Capabilities::default()).reused();
    /// transaction.step();
    /// transaction.lost(Event::ConnectionClosed);
    /// assert!(transaction.into_report().was_stale);
    /// # Ok::<(), retry_email::InvalidAddress>(())
    /// ```
    #[must_use]
    pub const fn reused(mut self) -> Self {
        self.reused = true;
        self
    }

    /// Without pipelining, whatever is offered.
    pub(crate) const fn one_by_one(mut self) -> Self {
        self.flight.pipelining = false;
        self
    }

    /// At most so many recipients in a round, at least 1. [`RECIPIENTS`](Self::RECIPIENTS) unless set.
    ///
    /// ```
    /// # use retry_email::{Capabilities, Content, Envelope, Step, Transaction};
    /// let transaction = Transaction::new(&Envelope::default(), Content::of(b""), &Capabilities::default());
    /// assert_eq!(transaction.recipients_at_once(0).step(), Step::Done);
    /// ```
    #[must_use]
    pub const fn recipients_at_once(mut self, most: usize) -> Self {
        self.most = if most == 0 { 1 } else { most };
        self
    }

    /// What to do next. Asking again after a step other than [`Step::Write`] answers the same.
    ///
    /// ```
    /// # use retry_email::{Capabilities, Content, Envelope, Step, Transaction};
    /// let mut transaction = Transaction::new(&Envelope::default(), Content::of(b""), &Capabilities::default());
    /// assert_eq!(transaction.step(), Step::Done);
    /// ```
    pub fn step(&mut self) -> Step {
        loop {
            match self.phase {
                Phase::Ended => return Step::Done,
                Phase::Body => return Step::WriteBody,
                Phase::Commands => {}
            }
            if let Some(commands) = self.flight.take_due() {
                return Step::Write(self.encode(&commands));
            }
            if let Some(stage) = self.flight.stage() {
                return Step::Read(stage);
            }
            self.next_round();
        }
    }

    /// The message is written, up to the end of its last line: the final dot is next. Does nothing unless
    /// [`Step::WriteBody`] was asked for.
    ///
    /// ```
    /// # use retry_email::{Capabilities, Content, Envelope, Reply, Step, Transaction};
    /// let envelope = Envelope::from_nobody().to("a@example.net".parse()?);
    /// let mut transaction = Transaction::new(&envelope, Content::of(b""), &Capabilities::default());
    /// for code in [250, 250, 354] {
    ///     assert!(matches!(transaction.step(), Step::Write(_)));
    ///     transaction.reply(Reply::new(code, "go on"));
    /// }
    /// assert_eq!(transaction.step(), Step::WriteBody);
    /// transaction.body_written();
    /// assert_eq!(transaction.step(), Step::Write(b".\r\n".to_vec()));
    /// # Ok::<(), retry_email::InvalidAddress>(())
    /// ```
    pub fn body_written(&mut self) {
        if self.phase == Phase::Body {
            self.phase = Phase::Commands;
            let replies = if self.lmtp { self.accepted.len() } else { 1 };
            self.flight.push_dot(replies);
        }
    }

    /// Nothing more will come: the connection was closed, or a reply did not come in time.
    ///
    /// What was under way is lost; after the final dot was handed out it is in doubt, whether or not it left.
    /// Where the last bytes of [`Step::Write`] surely did not leave, call [`lost_unsent`](Self::lost_unsent).
    ///
    /// ```
    /// # use retry_email::{Capabilities, Content, Envelope, Event, Fate, Stage, Transaction};
    /// let envelope = Envelope::from_nobody().to("a@example.net".parse()?);
    /// let mut transaction = Transaction::new(&envelope, Content::of(b""), &Capabilities::default());
    /// transaction.step();
    /// transaction.lost(Event::Timeout);
    /// let lost = Fate::Lost { stage: Stage::Mail, event: Event::Timeout };
    /// assert_eq!(transaction.into_report().fates, [(0, lost)]);
    /// # Ok::<(), retry_email::InvalidAddress>(())
    /// ```
    pub fn lost(&mut self, event: Event) {
        self.lose(event, true);
    }

    /// [`lost`](Self::lost), and no byte of the last [`Step::Write`] left: then the final dot was not sent either.
    ///
    /// ```
    /// # use retry_email::{Capabilities, Content, Envelope, Event, Transaction};
    /// let mut transaction = Transaction::new(&Envelope::default(), Content::of(b""), &Capabilities::default());
    /// transaction.lost_unsent(Event::ConnectionClosed);
    /// assert!(!transaction.into_report().is_reusable);
    /// ```
    pub fn lost_unsent(&mut self, event: Event) {
        self.lose(event, false);
    }

    /// Each recipient's fate. What has none yet was not tried, or is lost as by a closed connection.
    ///
    /// ```
    /// # use retry_email::{Capabilities, Content, Envelope, Transaction};
    /// let transaction = Transaction::new(&Envelope::default(), Content::of(b""), &Capabilities::default());
    /// assert!(transaction.into_report().fates.is_empty());
    /// ```
    #[must_use]
    pub fn into_report(mut self) -> Report {
        if self.phase != Phase::Ended && self.flight.has_begun() {
            self.lose(Event::ConnectionClosed, true);
        }
        let fate = |place| match place {
            Place::At(fate) => fate,
            Place::Crowded(reply) => Fate::Refused { stage: Stage::Rcpt, reply },
            Place::Waiting | Place::Offered => Fate::Untried,
        };
        let fates = self.places.into_iter().enumerate();
        Report {
            fates: fates.filter_map(|(number, place)| Some((number, fate(place?)))).collect(),
            is_reusable: self.is_reusable,
            was_stale: self.was_stale,
        }
    }

    /// Whether every recipient has its fate. What is left to do, if anything, is a `RSET` for the next transaction on this
    /// connection.
    ///
    /// ```
    /// # use retry_email::{Capabilities, Content, Envelope, Transaction};
    /// assert!(Transaction::new(&Envelope::default(), Content::of(b""), &Capabilities::default()).is_settled());
    /// ```
    #[must_use]
    pub fn is_settled(&self) -> bool {
        let settled = |place: &Place| matches!(place, Place::At(_));
        self.phase == Phase::Ended || self.places.iter().flatten().all(settled)
    }

    /// Begins a round with the recipients that wait, or ends.
    fn next_round(&mut self) {
        self.accepted.clear();
        self.dot_answered = false;
        let transaction_open = std::mem::take(&mut self.sender_accepted);
        let waiting = self.places.iter().enumerate();
        let waiting = waiting.filter(|(_, place)| matches!(place, Some(Place::Waiting))).map(|(number, _)| number);
        let round: Vec<usize> = waiting.take(self.most).collect();
        if transaction_open {
            // Whoever comes next needs a clean state.
            self.flight.begin([Command::Rset].into());
            return;
        }
        if round.is_empty() {
            self.phase = Phase::Ended;
            return;
        }
        let mut commands = VecDeque::from([Command::Mail]);
        for &number in &round {
            self.places[number] = Some(Place::Offered);
            commands.push_back(Command::Rcpt(number));
        }
        commands.push_back(Command::Data);
        self.flight.begin(commands);
    }

    fn encode(&self, commands: &[Command]) -> Vec<u8> {
        let mut out = Vec::new();
        for command in commands {
            match command {
                Command::Mail => {
                    self.envelope.write_mail(self.dsn, &mut out);
                    if self.sizes {
                        out.extend_from_slice(format!(" SIZE={}", self.content.size()).as_bytes());
                    }
                    if self.eight_bit_mime && self.content.is_eight_bit() {
                        out.extend_from_slice(b" BODY=8BITMIME");
                    }
                    if self.smtp_utf8 && self.needs_smtp_utf8() {
                        out.extend_from_slice(b" SMTPUTF8");
                    }
                }
                Command::Rcpt(number) => self.envelope.recipients()[*number].write_rcpt(self.dsn, &mut out),
                Command::Data => out.extend_from_slice(b"DATA"),
                Command::Rset => out.extend_from_slice(b"RSET"),
                Command::Dot | Command::LoneDot => out.push(b'.'),
            }
            out.extend_from_slice(b"\r\n");
        }
        out
    }

    fn needs_smtp_utf8(&self) -> bool {
        let envelope = &self.envelope;
        self.content.has_utf8_header()
            || envelope.sender().is_some_and(Address::needs_smtp_utf8)
            || envelope.recipients().iter().any(|recipient| recipient.address().needs_smtp_utf8())
    }

    /// Settles what this server cannot carry before anything is sent.
    fn refuse_unfit(&mut self, offered: &Capabilities) {
        let (size, sender) = (self.content.size(), self.envelope.sender());
        let for_all = match offered.size {
            Some(limit) if limit > 0 && size > limit => Some(Unfit::TooLong { size, limit }),
            _ if offered.smtp_utf8 => None,
            _ if self.content.has_utf8_header() || sender.is_some_and(Address::needs_smtp_utf8) => Some(Unfit::Utf8),
            _ => None,
        };
        let for_all =
            for_all.or_else(|| (self.content.is_eight_bit() && !offered.eight_bit_mime).then_some(Unfit::EightBit));
        for (place, recipient) in self.places.iter_mut().zip(self.envelope.recipients()) {
            let own = (!offered.smtp_utf8 && recipient.address().needs_smtp_utf8()).then_some(Unfit::Utf8);
            if let Some(unfit) = for_all.or(own) {
                *place = Some(Place::At(Fate::Unfit(unfit)));
            }
        }
    }
}
