//! From the greeting to a connection that can carry mail.

mod credentials;
mod refusal;

use std::fmt;

pub use credentials::Credentials;
use credentials::Mechanism;
pub use refusal::Refusal;

use crate::{Capabilities, Reply, Stage};

/// Whether a connection is encrypted.
///
/// ```
/// assert_eq!(retry_email::Tls::default(), retry_email::Tls::Required);
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum Tls {
    /// Never: for servers on the same machine.
    Off,
    /// By `STARTTLS` where the server offers it, else in the clear (RFC 7435). It keeps listeners out, not somebody who answers in
    /// the server's stead: no credentials are sent.
    Opportunistic,
    /// By `STARTTLS`; a server that does not offer it is refused.
    #[default]
    Required,
    /// From the first byte (RFC 8314), as on port 465.
    Implicit,
}

/// The beginning of an SMTP or LMTP connection: greeting, `EHLO`, `STARTTLS`, `AUTH`. Does no I/O.
///
/// - A server that does not know `EHLO` (500, 502 or 504) is greeted by `HELO` (RFC 5321 section 3.2); it then offers nothing.
/// - After `STARTTLS` all that was said before is forgotten (RFC 3207 section 4.2).
/// - Credentials are sent over TLS alone that was demanded, unless [`allow_clear_auth`](Self::allow_clear_auth) says otherwise.
/// - Credentials that were asked for and refused by 535 (RFC 4954 section 6) are asked for once more: a token may have expired.
///
/// # Cancel safety
/// Dropping it loses nothing: no mail was offered.
///
/// ```
/// use retry_email::{Greeted, Handshake, Reply, Stage, Tls};
///
/// let mut handshake = Handshake::new("client.example.org", Tls::Off);
/// assert_eq!(handshake.step(), Greeted::Read(Stage::Greeting));
/// handshake.reply(&Reply::new(220, "mx.example.net ready"));
/// assert_eq!(handshake.step(), Greeted::Write(b"EHLO client.example.org\r\n".to_vec()));
/// assert_eq!(handshake.step(), Greeted::Read(Stage::Ehlo));
/// handshake.reply(&Reply::new(250, "mx.example.net\nPIPELINING"));
/// let Greeted::Ready(offered) = handshake.step() else { unreachable!() };
/// assert!(offered.pipelining);
/// ```
#[derive(Clone)]
pub struct Handshake {
    name: String,
    tls: Tls,
    lmtp: bool,
    clear_auth: bool,
    credentials: Option<Credentials>,
    asks: bool,
    /// Credentials that were asked for and refused, with the reply: they are asked for once more.
    refused: Option<(Credentials, Reply)>,
    is_encrypted: bool,
    offered: Capabilities,
    state: State,
}

#[derive(Clone)]
enum State {
    Greeting,
    Hello { verb: &'static str, sent: bool },
    StartTls { sent: bool },
    Encrypting,
    Asking,
    Auth { mechanism: Mechanism, due: Option<Vec<u8>>, challenges: u32 },
    Ready,
    Refused(Refusal),
}

/// What to do next in a [`Handshake`].
///
/// `Debug` does not show the bytes to write, which may hold a password.
///
/// ```
/// assert_eq!(format!("{:?}", retry_email::Greeted::Write(b"secret".to_vec())), "Write(6 bytes)");
/// ```
#[derive(Clone, Eq, PartialEq)]
#[non_exhaustive]
pub enum Greeted {
    /// Write these bytes. They may hold a password: do not log them.
    Write(Vec<u8>),
    /// Read a reply and hand it in.
    Read(Stage),
    /// Begin TLS on this connection, then call [`Handshake::encrypted`]. Bytes that came in the clear and were not read yet must end
    /// the connection: somebody slipped them in.
    StartTls,
    /// Get credentials, and hand them in by [`Handshake::log_in_as`].
    Credentials,
    /// The connection can carry mail.
    Ready(Capabilities),
    /// It cannot.
    Refused(Refusal),
}

impl Handshake {
    /// For a new connection; `name` is this host's, for `EHLO`. What could break out of the command is left out of it. With
    /// [`Tls::Implicit`] the connection is encrypted already.
    ///
    /// ```
    /// # use retry_email::{Greeted, Handshake, Stage, Tls};
    /// assert_eq!(Handshake::new("[127.0.0.1]", Tls::Off).step(), Greeted::Read(Stage::Greeting));
    /// ```
    #[must_use]
    pub fn new(name: &str, tls: Tls) -> Self {
        let name: String = name.chars().filter(|c| c.is_ascii_graphic()).take(255).collect();
        Self {
            name: if name.is_empty() { "localhost".to_owned() } else { name },
            tls,
            lmtp: false,
            clear_auth: false,
            credentials: None,
            asks: false,
            refused: None,
            is_encrypted: tls == Tls::Implicit,
            offered: Capabilities::default(),
            state: State::Greeting,
        }
    }

    /// By LMTP (RFC 2033): `LHLO`.
    ///
    /// ```
    /// # use retry_email::{Greeted, Handshake, Reply, Tls};
    /// let mut handshake = Handshake::new("me", Tls::Off).lmtp();
    /// handshake.reply(&Reply::new(220, "hello"));
    /// assert_eq!(handshake.step(), Greeted::Write(b"LHLO me\r\n".to_vec()));
    /// ```
    #[must_use]
    pub const fn lmtp(mut self) -> Self {
        self.lmtp = true;
        self
    }

    /// Logs in. Replaces [`ask_credentials`](Self::ask_credentials).
    ///
    /// ```
    /// # use retry_email::{Credentials, Greeted, Handshake, Reply, Tls};
    /// let mut handshake = Handshake::new("me", Tls::Implicit).authenticate(Credentials::password("a", "b"));
    /// handshake.reply(&Reply::new(220, "hello"));
    /// handshake.step();
    /// handshake.reply(&Reply::new(250, "mx\nAUTH PLAIN"));
    /// assert_eq!(handshake.step(), Greeted::Write(b"AUTH PLAIN AGEAYg==\r\n".to_vec()));
    /// ```
    #[must_use]
    pub fn authenticate(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self.asks = false;
        self
    }

    /// Logs in by credentials that are asked for ([`Greeted::Credentials`]) when they are due, and not if they could not be sent safely.
    /// If the server refuses them by 535, they are asked for a second time ([`refused`](Self::refused) then says so); the same ones
    /// are not sent again. Replaces [`authenticate`](Self::authenticate).
    ///
    /// ```
    /// # use retry_email::{Credentials, Greeted, Handshake, Reply, Tls};
    /// let mut handshake = Handshake::new("me", Tls::Implicit).ask_credentials();
    /// handshake.reply(&Reply::new(220, "hello"));
    /// handshake.step();
    /// handshake.reply(&Reply::new(250, "mx\nAUTH PLAIN"));
    /// assert_eq!(handshake.step(), Greeted::Credentials);
    /// handshake.log_in_as(Credentials::password("a", "b"));
    /// assert_eq!(handshake.step(), Greeted::Write(b"AUTH PLAIN AGEAYg==\r\n".to_vec()));
    /// ```
    #[must_use]
    pub fn ask_credentials(mut self) -> Self {
        self.credentials = None;
        self.asks = true;
        self
    }

    /// Sends credentials in the clear as well, where the connection is not encrypted: whoever is between can read them. For servers on
    /// the same machine.
    ///
    /// ```
    /// # use retry_email::{Greeted, Handshake, Stage, Tls};
    /// assert_eq!(Handshake::new("me", Tls::Off).allow_clear_auth().step(), Greeted::Read(Stage::Greeting));
    /// ```
    #[must_use]
    pub const fn allow_clear_auth(mut self) -> Self {
        self.clear_auth = true;
        self
    }

    /// What to do next. Asking again after a step other than [`Greeted::Write`] answers the same.
    ///
    /// ```
    /// # use retry_email::{Greeted, Handshake, Stage, Tls};
    /// assert_eq!(Handshake::new("me", Tls::Off).step(), Greeted::Read(Stage::Greeting));
    /// ```
    pub fn step(&mut self) -> Greeted {
        match &mut self.state {
            State::Greeting => Greeted::Read(Stage::Greeting),
            State::Hello { verb, sent: sent @ false } => {
                *sent = true;
                Greeted::Write(format!("{verb} {}\r\n", self.name).into_bytes())
            }
            State::Hello { .. } => Greeted::Read(Stage::Ehlo),
            State::StartTls { sent: sent @ false } => {
                *sent = true;
                Greeted::Write(b"STARTTLS\r\n".to_vec())
            }
            State::StartTls { .. } => Greeted::Read(Stage::Tls),
            State::Encrypting => Greeted::StartTls,
            State::Asking => Greeted::Credentials,
            State::Auth { due, .. } => match due.take() {
                Some(bytes) => Greeted::Write(bytes),
                None => Greeted::Read(Stage::Auth),
            },
            State::Ready => Greeted::Ready(self.offered.clone()),
            State::Refused(refusal) => Greeted::Refused(refusal.clone()),
        }
    }

    /// TLS is set up. Does nothing unless [`Greeted::StartTls`] was asked for.
    ///
    /// ```
    /// # use retry_email::{Greeted, Handshake, Reply, Tls};
    /// let mut handshake = Handshake::new("me", Tls::Required);
    /// for (code, text) in [(220, "hello"), (250, "mx\nSTARTTLS"), (220, "go on")] {
    ///     while let Greeted::Write(_) = handshake.step() {}
    ///     handshake.reply(&Reply::new(code, text));
    /// }
    /// assert_eq!(handshake.step(), Greeted::StartTls);
    /// handshake.encrypted();
    /// // What the server said before counts no more.
    /// assert_eq!(handshake.step(), Greeted::Write(b"EHLO me\r\n".to_vec()));
    /// ```
    pub fn encrypted(&mut self) {
        if matches!(self.state, State::Encrypting) {
            self.is_encrypted = true;
            self.offered = Capabilities::default();
            self.hello();
        }
    }

    /// What the server said to the credentials that were handed in before, if it refused them: fresh ones are asked for.
    ///
    /// ```
    /// # use retry_email::{Credentials, Greeted, Handshake, Reply, Tls};
    /// let mut handshake = Handshake::new("me", Tls::Implicit).ask_credentials();
    /// handshake.reply(&Reply::new(220, "hello"));
    /// handshake.step();
    /// handshake.reply(&Reply::new(250, "mx\nAUTH XOAUTH2"));
    /// handshake.log_in_as(Credentials::token("alice", "old"));
    /// handshake.step();
    /// handshake.reply(&Reply::new(535, "5.7.8 expired"));
    /// assert_eq!(handshake.step(), Greeted::Credentials);
    /// assert_eq!(handshake.refused().map(Reply::code), Some(535));
    /// ```
    #[must_use]
    pub fn refused(&self) -> Option<&Reply> {
        self.refused.as_ref().map(|(_, reply)| reply)
    }

    /// Hands in what [`Greeted::Credentials`] asks for. Does nothing unless it was asked.
    ///
    /// ```
    /// # use retry_email::{Credentials, Greeted, Handshake, Stage, Tls};
    /// let mut handshake = Handshake::new("me", Tls::Required);
    /// handshake.log_in_as(Credentials::password("a", "b"));
    /// assert_eq!(handshake.step(), Greeted::Read(Stage::Greeting));
    /// ```
    pub fn log_in_as(&mut self, credentials: Credentials) {
        if !matches!(self.state, State::Asking) {
            return;
        }
        match &self.refused {
            // Servers count failed logins, and lock accounts.
            Some((old, reply)) if *old == credentials => {
                self.state = State::Refused(Refusal::Reply { stage: Stage::Auth, reply: reply.clone() });
            }
            _ => {
                self.credentials = Some(credentials);
                self.log_in();
            }
        }
    }

    /// Hands in the next reply. One that was not asked for refuses the connection.
    ///
    /// ```
    /// # use retry_email::{Greeted, Handshake, Refusal, Reply, Stage, Tls};
    /// let mut handshake = Handshake::new("me", Tls::Off);
    /// let reply = Reply::new(554, "5.7.1 no service");
    /// handshake.reply(&reply);
    /// assert_eq!(handshake.step(), Greeted::Refused(Refusal::Reply { stage: Stage::Greeting, reply }));
    /// ```
    pub fn reply(&mut self, reply: &Reply) {
        match &self.state {
            State::Greeting if reply.severity() == 2 => self.hello(),
            State::Greeting => self.refuse(Stage::Greeting, reply),
            State::Hello { sent: true, verb } => match (reply.severity(), reply.code(), *verb) {
                (2, _, "HELO") => self.after_hello(Capabilities::default()),
                (2, ..) => self.after_hello(Capabilities::of(reply)),
                (_, 500 | 502 | 504, "EHLO") => self.state = State::Hello { verb: "HELO", sent: false },
                _ => self.refuse(Stage::Ehlo, reply),
            },
            State::StartTls { sent: true } => match reply.severity() {
                2 => self.state = State::Encrypting,
                // 454: not now. In the clear then, if that was allowed.
                _ if self.tls == Tls::Opportunistic && reply.code() != 421 => self.log_in(),
                _ => self.refuse(Stage::Tls, reply),
            },
            State::Auth { mechanism, challenges, .. } => self.after_auth(*mechanism, *challenges, reply),
            State::Refused(_) => {}
            _ => self.refuse(Stage::Idle, reply),
        }
    }

    fn hello(&mut self) {
        self.state = State::Hello { verb: if self.lmtp { "LHLO" } else { "EHLO" }, sent: false };
    }

    fn after_hello(&mut self, offered: Capabilities) {
        self.offered = offered;
        let wants_tls = !self.is_encrypted && matches!(self.tls, Tls::Opportunistic | Tls::Required);
        if wants_tls && self.offered.start_tls {
            self.state = State::StartTls { sent: false };
        } else if !self.is_encrypted && self.tls == Tls::Required {
            self.state = State::Refused(Refusal::NoTls);
        } else {
            self.log_in();
        }
    }

    fn log_in(&mut self) {
        if self.credentials.is_none() && !self.asks {
            self.state = State::Ready;
            return;
        }
        let is_safe = self.is_encrypted && self.tls != Tls::Opportunistic;
        if !is_safe && !self.clear_auth {
            self.state = State::Refused(Refusal::ClearAuth);
            return;
        }
        let Some(credentials) = &self.credentials else {
            self.state = State::Asking;
            return;
        };
        let Some(mechanism) = credentials.mechanism(&self.offered.auth) else {
            self.state = State::Refused(Refusal::NoMechanism { offered: self.offered.auth.clone() });
            return;
        };
        let initial = credentials.initial(mechanism).map_or_else(String::new, |initial| format!(" {initial}"));
        let due = Some(format!("AUTH {}{initial}\r\n", mechanism.name()).into_bytes());
        self.state = State::Auth { mechanism, due, challenges: 0 };
    }

    fn after_auth(&mut self, mechanism: Mechanism, challenges: u32, reply: &Reply) {
        let answer = || self.credentials.as_ref()?.answer(mechanism, challenges);
        if reply.severity() == 2 {
            self.state = State::Ready;
        } else if let (334, Some(answer)) = (reply.code(), answer()) {
            let due = Some(format!("{answer}\r\n").into_bytes());
            self.state = State::Auth { mechanism, due, challenges: challenges + 1 };
        } else if reply.code() == 535
            && self.asks
            && self.refused.is_none()
            && let Some(old) = self.credentials.take()
        {
            self.refused = Some((old, reply.clone()));
            self.state = State::Asking;
        } else {
            self.refuse(Stage::Auth, reply);
        }
    }

    fn refuse(&mut self, stage: Stage, reply: &Reply) {
        self.state = State::Refused(Refusal::Reply { stage, reply: reply.clone() });
    }
}

impl fmt::Debug for Handshake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, tls, lmtp, clear_auth, credentials, asks, refused: _, is_encrypted, offered, state: _ } = self;
        f.debug_struct("Handshake")
            .field("name", name)
            .field("tls", tls)
            .field("lmtp", lmtp)
            .field("clear_auth", clear_auth)
            .field("credentials", credentials)
            .field("asks", asks)
            .field("is_encrypted", is_encrypted)
            .field("offered", offered)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Greeted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Write(bytes) => write!(f, "Write({} bytes)", bytes.len()),
            Self::Read(stage) => f.debug_tuple("Read").field(stage).finish(),
            Self::StartTls => f.write_str("StartTls"),
            Self::Credentials => f.write_str("Credentials"),
            Self::Ready(offered) => f.debug_tuple("Ready").field(offered).finish(),
            Self::Refused(refusal) => f.debug_tuple("Refused").field(refusal).finish(),
        }
    }
}
