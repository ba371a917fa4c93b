use std::{fmt, io};

use retry_core::Sleeper;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};

use super::login::Login;
use super::{Connection, Io, Timeouts, TlsConfig, io as stream, timed};
use crate::{Credentials, Event, Greeted, Handshake, Refusal, Reply, ReplyReader, Stage, Tls};

/// A server, and how to speak with it.
///
/// | setting | default |
/// |---|---|
/// | TLS | [`Tls::Required`], by certificates that the web trusts; any certificate where it is opportunistic |
/// | name in `EHLO` | `localhost` |
/// | credentials | none: no login |
/// | timeouts | [`Timeouts::default`] |
/// | pipelining | where the server offers it |
///
/// ```
/// use retry_email::{Credentials, Endpoint, Tls};
///
/// let endpoint = Endpoint::new("smtp.example.org", 465)
///     .tls(Tls::Implicit)
///     .name("client.example.org")
///     .credentials(Credentials::password("alice", "secret"));
/// assert_eq!((endpoint.host(), endpoint.port()), ("smtp.example.org", 465));
/// ```
#[derive(Clone, Debug)]
pub struct Endpoint {
    host: String,
    port: u16,
    tls: Tls,
    tls_config: Option<TlsConfig>,
    name: String,
    login: Option<Login>,
    clear_auth: bool,
    lmtp: bool,
    pipelining: bool,
    timeouts: Timeouts,
}

/// Why a connection could not be opened. No mail was offered: a new attempt duplicates nothing.
///
/// ```
/// use retry_email::{Event, NotOpened, Stage};
///
/// let error = NotOpened::Failed { stage: Stage::Connect, event: Event::Refused };
/// assert_eq!(error.to_string(), "no connection: refused at connect");
/// ```
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NotOpened {
    /// The network, the name service or TLS failed.
    #[error("no connection: {event} at {stage}")]
    Failed {
        /// At what.
        stage: Stage,
        /// How.
        event: Event,
    },
    /// [`Endpoint::ask_credentials`] brought none.
    #[error("no credentials to log in with: {why}")]
    NoCredentials {
        /// The text of its error.
        why: String,
    },
    /// The server refused, or does not offer what is demanded.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

const fn failed(stage: Stage, event: Event) -> NotOpened {
    NotOpened::Failed { stage, event }
}

impl Endpoint {
    /// A server by name or address. 25 is for servers, 587 for submission with STARTTLS, 465 with TLS from the first byte.
    ///
    /// ```
    /// # use retry_email::Endpoint;
    /// assert_eq!(Endpoint::new("mx.example.org", 25).port(), 25);
    /// ```
    #[must_use]
    pub fn new(host: impl Into<String>, port: u16) -> Self {
        Self {
            host: host.into(),
            port,
            tls: Tls::default(),
            tls_config: None,
            name: "localhost".to_owned(),
            login: None,
            clear_auth: false,
            lmtp: false,
            pipelining: true,
            timeouts: Timeouts::default(),
        }
    }

    /// Whether it is encrypted.
    ///
    /// ```
    /// # use retry_email::{Endpoint, Tls};
    /// let _ = Endpoint::new("127.0.0.1", 25).tls(Tls::Off);
    /// ```
    #[must_use]
    pub const fn tls(mut self, tls: Tls) -> Self {
        self.tls = tls;
        self
    }

    /// Whom it trusts, and who it is, in TLS.
    ///
    /// ```
    /// # use retry_email::{Endpoint, TlsConfig};
    /// let _ = Endpoint::new("smtp.example.org", 587).tls_config(TlsConfig::web()?);
    /// # Ok::<(), retry_email::TlsConfigError>(())
    /// ```
    #[must_use]
    pub fn tls_config(mut self, config: TlsConfig) -> Self {
        self.tls_config = Some(config);
        self
    }

    /// This host's name, for `EHLO`: fully qualified, or an address in brackets. Many servers refuse others.
    ///
    /// ```
    /// # use retry_email::Endpoint;
    /// let _ = Endpoint::new("mx.example.org", 25).name("client.example.org");
    /// ```
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Logs in. Replaces [`ask_credentials`](Self::ask_credentials).
    ///
    /// ```
    /// # use retry_email::{Credentials, Endpoint};
    /// let _ = Endpoint::new("smtp.example.org", 587).credentials(Credentials::token("alice", "token"));
    /// ```
    #[must_use]
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.login = Some(Login::As(credentials));
        self
    }

    /// Logs in by credentials that `ask` gives, anew at each login: for tokens that expire. Replaces
    /// [`credentials`](Self::credentials).
    ///
    /// It is asked when the server is ready for `AUTH`, after TLS; a connection that is used again logs in no more. It may take as long
    /// as a reply to `AUTH` ([`Timeouts::auth`]) and is dropped then. Its error is [`NotOpened::NoCredentials`], which a
    /// [`Sender`](crate::Sender) retries as it does a lost connection, without blaming the host; its text is shown, so it must not
    /// hold the secret. If the server refuses the login by 535, `ask` is called once more on the same connection, and what it gives is
    /// sent unless it is the same; a second refusal is a matter of configuration, and not retried unless a policy for that class says
    /// so. A cache and its lock are `ask`'s own: one that keeps tokens wants [`ask_credentials_again`](Self::ask_credentials_again).
    ///
    /// ```
    /// use std::future::ready;
    ///
    /// use retry_email::{Credentials, Endpoint};
    ///
    /// # async fn fresh_token() -> Result<String, std::io::Error> { Ok(String::new()) }
    /// let endpoint = Endpoint::new("smtp.example.org", 587)
    ///     .ask_credentials(|| async { Ok::<_, std::io::Error>(Credentials::token("alice", fresh_token().await?)) });
    /// // Without waiting, from a function that is not async.
    /// let read = || std::fs::read_to_string("/run/token").map(|token| Credentials::token("alice", token.trim()));
    /// let endpoint = endpoint.ask_credentials(move || ready(read()));
    /// assert!(format!("{endpoint:?}").contains("asked at each login"));
    /// ```
    #[must_use]
    pub fn ask_credentials<F, A, E>(mut self, ask: F) -> Self
    where
        F: Fn() -> A + Send + Sync + 'static,
        A: Future<Output = Result<Credentials, E>> + Send + 'static,
        E: fmt::Display,
    {
        self.login = Some(Login::asking(move |_| ask()));
        self
    }

    /// [`ask_credentials`](Self::ask_credentials), telling `ask` what the server said to the credentials before, if it refused them
    /// (535): for a cache of tokens, which then has to fetch a fresh one. `None` at the first call on a connection.
    ///
    /// ```
    /// use std::future::ready;
    ///
    /// use retry_email::{Credentials, Endpoint};
    ///
    /// let endpoint = Endpoint::new("smtp.example.org", 587).ask_credentials_again(|refused| {
    ///     let token = if refused.is_some() { "fetched anew" } else { "from the cache" };
    ///     ready(Ok::<_, String>(Credentials::token("alice", token)))
    /// });
    /// assert!(format!("{endpoint:?}").contains("asked at each login"));
    /// ```
    #[must_use]
    pub fn ask_credentials_again<F, A, E>(mut self, ask: F) -> Self
    where
        F: Fn(Option<Reply>) -> A + Send + Sync + 'static,
        A: Future<Output = Result<Credentials, E>> + Send + 'static,
        E: fmt::Display,
    {
        self.login = Some(Login::asking(ask));
        self
    }

    /// See [`Handshake::allow_clear_auth`].
    ///
    /// ```
    /// # use retry_email::Endpoint;
    /// let _ = Endpoint::new("127.0.0.1", 587).allow_clear_auth();
    /// ```
    #[must_use]
    pub const fn allow_clear_auth(mut self) -> Self {
        self.clear_auth = true;
        self
    }

    /// Speaks LMTP (RFC 2033).
    ///
    /// ```
    /// # use retry_email::Endpoint;
    /// let _ = Endpoint::new("127.0.0.1", 24).lmtp();
    /// ```
    #[must_use]
    pub const fn lmtp(mut self) -> Self {
        self.lmtp = true;
        self
    }

    /// One command at a time, even where the server offers PIPELINING: for servers that offer what they cannot do.
    ///
    /// ```
    /// # use retry_email::Endpoint;
    /// let _ = Endpoint::new("mx.example.org", 25).without_pipelining();
    /// ```
    #[must_use]
    pub const fn without_pipelining(mut self) -> Self {
        self.pipelining = false;
        self
    }

    /// How long each step may take.
    ///
    /// ```
    /// # use retry_email::{Endpoint, Timeouts};
    /// let _ = Endpoint::new("mx.example.org", 25).timeouts(Timeouts::default());
    /// ```
    #[must_use]
    pub const fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// The server's name or address.
    ///
    /// ```
    /// # use retry_email::Endpoint;
    /// assert_eq!(Endpoint::new("mx.example.org", 25).host(), "mx.example.org");
    /// ```
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The server's port.
    ///
    /// ```
    /// # use retry_email::Endpoint;
    /// assert_eq!(Endpoint::new("mx.example.org", 465).port(), 465);
    /// ```
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Connects, greets, encrypts, logs in. Of several addresses of the name the first that answers is taken.
    ///
    /// # Errors
    /// [`NotOpened`]: where it failed, and how.
    ///
    /// # Cancel safety
    /// Dropping the future closes the connection; nothing is lost.
    ///
    /// ```
    /// # use retry_core::TokioSleeper;
    /// # use retry_email::{Endpoint, Event, NotOpened, Stage};
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// // Nobody listens at port 1.
    /// let error = Endpoint::new("127.0.0.1", 1).open(TokioSleeper).await.unwrap_err();
    /// assert_eq!(error, NotOpened::Failed { stage: Stage::Connect, event: Event::Refused });
    /// # }
    /// ```
    pub async fn open<S: Sleeper>(&self, sleeper: S) -> Result<Connection<S>, NotOpened> {
        let stream = self.connect(&sleeper).await?;
        self.open_over(stream, sleeper).await
    }

    /// [`open`](Self::open) over a stream that is connected already: through a proxy, or in memory.
    ///
    /// # Errors
    /// [`NotOpened`]: where it failed, and how.
    ///
    /// # Cancel safety
    /// Dropping the future drops the stream; nothing is lost.
    ///
    /// ```
    /// use retry_core::TokioSleeper;
    /// use retry_email::{Endpoint, Tls};
    /// use tokio::io::AsyncWriteExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let (ours, mut theirs) = tokio::io::duplex(1024);
    /// theirs.write_all(b"220 hello\r\n250 mx.example.net\r\n").await?;
    /// let connection = Endpoint::new("mx.example.net", 25).tls(Tls::Off).open_over(ours, TokioSleeper).await?;
    /// assert_eq!(connection.offered().size, None);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn open_over<S: Sleeper>(
        &self,
        stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
        sleeper: S,
    ) -> Result<Connection<S>, NotOpened> {
        let mut connection = Connection {
            io: Box::new(stream),
            sleeper,
            timeouts: self.timeouts,
            reader: ReplyReader::new(),
            input: Vec::new(),
            at: 0,
            offered: crate::Capabilities::default(),
            lmtp: self.lmtp,
            pipelining: self.pipelining,
            messages: 0,
            is_usable: true,
        };
        if self.tls == Tls::Implicit {
            self.encrypt(&mut connection).await?;
        }
        let mut handshake = Handshake::new(&self.name, self.tls);
        if self.lmtp {
            handshake = handshake.lmtp();
        }
        if self.clear_auth {
            handshake = handshake.allow_clear_auth();
        }
        match &self.login {
            Some(Login::As(credentials)) => handshake = handshake.authenticate(credentials.clone()),
            Some(Login::Asking(_)) => handshake = handshake.ask_credentials(),
            None => {}
        }
        connection.offered = self.greet(&mut connection, handshake).await?;
        Ok(connection)
    }

    async fn greet<S: Sleeper>(
        &self,
        connection: &mut Connection<S>,
        mut handshake: Handshake,
    ) -> Result<crate::Capabilities, NotOpened> {
        let mut out = Vec::new();
        loop {
            match handshake.step() {
                Greeted::Write(bytes) => out.extend_from_slice(&bytes),
                Greeted::Read(stage) => {
                    if !out.is_empty() {
                        let written = connection.write(&mut out, stage).await;
                        written.map_err(|unwritten| failed(stage, unwritten.event))?;
                    }
                    let reply = connection.read(stage).await.map_err(|event| failed(stage, event))?;
                    handshake.reply(&reply);
                }
                Greeted::StartTls => {
                    // Bytes from before TLS would count as said under it (CVE-2011-0411).
                    if connection.at < connection.input.len() || !connection.reader.is_at_start() {
                        return Err(Refusal::Injected.into());
                    }
                    self.encrypt(connection).await?;
                    handshake.encrypted();
                }
                Greeted::Credentials => {
                    let refused = handshake.refused().cloned();
                    handshake.log_in_as(self.asked(refused, &connection.sleeper).await?);
                }
                Greeted::Ready(offered) => return Ok(offered),
                Greeted::Refused(refusal) => return Err(refusal.into()),
            }
        }
    }

    async fn asked<S: Sleeper>(&self, refused: Option<Reply>, sleeper: &S) -> Result<Credentials, NotOpened> {
        match &self.login {
            Some(Login::Asking(ask)) => match timed(sleeper, self.timeouts.auth, ask(refused)).await {
                Some(answer) => answer.map_err(|why| NotOpened::NoCredentials { why }),
                None => Err(NotOpened::NoCredentials { why: "they took too long to come".to_owned() }),
            },
            Some(Login::As(credentials)) => Ok(credentials.clone()),
            None => Err(NotOpened::NoCredentials { why: "there is nobody to ask".to_owned() }),
        }
    }

    async fn connect<S: Sleeper>(&self, sleeper: &S) -> Result<TcpStream, NotOpened> {
        let timeout = failed(Stage::Connect, Event::Timeout);
        let looked_up = timed(sleeper, self.timeouts.connect, lookup_host((self.host.as_str(), self.port))).await;
        let addresses =
            looked_up.ok_or_else(|| timeout.clone())?.map_err(|error| failed(Stage::Connect, dns(&error)))?;
        let mut last = failed(Stage::Connect, Event::DnsNxdomain);
        for address in addresses {
            match timed(sleeper, self.timeouts.connect, TcpStream::connect(address)).await {
                Some(Ok(stream)) => {
                    // Each flight is written whole: nothing is won by waiting for more.
                    let _ = stream.set_nodelay(true);
                    return Ok(stream);
                }
                Some(Err(error)) => last = failed(Stage::Connect, stream::event(&error)),
                None => last = timeout.clone(),
            }
        }
        Err(last)
    }

    async fn encrypt<S: Sleeper>(&self, connection: &mut Connection<S>) -> Result<(), NotOpened> {
        let bad = failed(Stage::Tls, Event::BadCertificate);
        let config = match &self.tls_config {
            Some(config) => config.clone(),
            None if self.tls == Tls::Opportunistic => TlsConfig::unverified().map_err(|_| bad.clone())?,
            None => TlsConfig::web().map_err(|_| bad.clone())?,
        };
        let plain: Box<dyn Io> = std::mem::replace(&mut connection.io, Box::new(tokio::io::empty()));
        let handshake = config.connect(&self.host, plain);
        match timed(&connection.sleeper, self.timeouts.tls, handshake).await {
            Some(Ok(stream)) => {
                connection.io = stream;
                Ok(())
            }
            // What is no TLS, or no certificate that can be trusted.
            Some(Err(error)) if error.kind() == io::ErrorKind::InvalidData => Err(bad),
            Some(Err(error)) => Err(failed(Stage::Tls, stream::event(&error))),
            None => Err(failed(Stage::Tls, Event::Timeout)),
        }
    }
}

/// The name service's errors have no kind: glibc, musl and macOS say "not known", "does not resolve", "no address".
fn dns(error: &io::Error) -> Event {
    let text = error.to_string().to_ascii_lowercase();
    let unknown = ["not known", "does not resolve", "no address", "no such host"];
    if unknown.iter().any(|words| text.contains(words)) { Event::DnsNxdomain } else { Event::DnsTemporary }
}
