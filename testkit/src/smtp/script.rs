use super::dialogue::Dialogue;

/// Scripts a server: one [`Dialogue`] for each connection, in the order in which they are accepted.
///
/// The last dialogue serves all further connections, unless [`otherwise`](Self::otherwise) names another. An empty
/// script is a well-behaved server.
///
/// # Examples
///
/// ```
/// use std::iter::repeat_n;
///
/// use testkit::smtp::{Dialogue, Script, Stage};
///
/// // Three connections are turned away, the fourth and all later ones are served.
/// let script = Script::new()
///     .connections(repeat_n(Dialogue::new().on(Stage::Mail, "451 4.3.0 not now"), 3))
///     .otherwise(Dialogue::new());
///
/// // One dialogue for all connections.
/// let always = Script::from(Dialogue::new().on(Stage::Dot, "452 4.3.1 disk full"));
/// assert_ne!(script, always);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Script {
    connections: Vec<Dialogue>,
    otherwise: Option<Dialogue>,
}

impl Script {
    /// Creates the script of a well-behaved server.
    ///
    /// ```
    /// # use std::{io::{Write, read_to_string}, net::TcpStream};
    /// # use testkit::smtp::{Script, SmtpServer};
    /// let server = SmtpServer::start(Script::new())?;
    /// let mut client = TcpStream::connect(server.addr())?;
    /// client.write_all(b"HELO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\nHi\r\n.\r\nQUIT\r\n")?;
    /// assert!(read_to_string(client)?.ends_with("250 Ok\r\n221 Bye\r\n")); // the mail is taken
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub const fn new() -> Self {
        Self { connections: Vec::new(), otherwise: None }
    }

    /// Adds the dialogue of the next connection.
    ///
    /// ```
    /// # use std::{io::{Error, Read}, net::TcpStream};
    /// # use testkit::smtp::{Dialogue, Script, SmtpServer, Stage};
    /// let busy = Dialogue::new().on(Stage::Greeting, "421 4.3.2 busy");
    /// let script = Script::new().connection(busy).connection(Dialogue::new());
    /// let server = SmtpServer::start(script)?;
    /// # let code = || -> Result<String, Error> {
    /// #     let mut code = [0; 3];
    /// #     TcpStream::connect(server.addr())?.read_exact(&mut code)?;
    /// #     Ok(code.map(char::from).iter().collect())
    /// # };
    /// assert_eq!([code()?, code()?, code()?], ["421", "220", "220"]); // of the greetings
    /// # Ok::<(), Error>(())
    /// ```
    pub fn connection(mut self, dialogue: Dialogue) -> Self {
        self.connections.push(dialogue);
        self
    }

    /// Adds the dialogues of the next connections.
    ///
    /// ```
    /// # use std::{io::{Error, Read}, net::TcpStream};
    /// # use testkit::smtp::{Dialogue, Script, SmtpServer, Stage};
    /// let greetings = ["421 4.3.2 busy", "554 5.3.2 closed", "220 open"];
    /// let script = Script::new().connections(greetings.map(|line| Dialogue::new().on(Stage::Greeting, line)));
    /// let server = SmtpServer::start(script)?;
    /// # let code = || -> Result<String, Error> {
    /// #     let mut code = [0; 3];
    /// #     TcpStream::connect(server.addr())?.read_exact(&mut code)?;
    /// #     Ok(code.map(char::from).iter().collect())
    /// # };
    /// assert_eq!([code()?, code()?, code()?], ["421", "554", "220"]); // of the greetings
    /// # Ok::<(), Error>(())
    /// ```
    pub fn connections(mut self, dialogues: impl IntoIterator<Item = Dialogue>) -> Self {
        self.connections.extend(dialogues);
        self
    }

    /// Sets the dialogue of all connections after the listed ones, instead of the last of those.
    ///
    /// ```
    /// # use std::{io::{Error, Read}, net::TcpStream};
    /// # use testkit::smtp::{Dialogue, Script, SmtpServer, Stage};
    /// let busy = Dialogue::new().on(Stage::Greeting, "421 4.3.2 busy");
    /// let script = Script::new().connection(busy).otherwise(Dialogue::new()); // else the busy one repeats
    /// let server = SmtpServer::start(script)?;
    /// # let code = || -> Result<String, Error> {
    /// #     let mut code = [0; 3];
    /// #     TcpStream::connect(server.addr())?.read_exact(&mut code)?;
    /// #     Ok(code.map(char::from).iter().collect())
    /// # };
    /// assert_eq!([code()?, code()?, code()?], ["421", "220", "220"]); // of the greetings
    /// # Ok::<(), Error>(())
    /// ```
    pub fn otherwise(mut self, dialogue: Dialogue) -> Self {
        self.otherwise = Some(dialogue);
        self
    }

    /// The dialogue of a connection, counted from 1.
    pub(super) fn dialogue(&self, connection: usize) -> Dialogue {
        let listed = self.connections.get(connection.saturating_sub(1));
        let chosen = listed.or(self.otherwise.as_ref()).or_else(|| self.connections.last());
        chosen.cloned().unwrap_or_default()
    }
}

impl From<Dialogue> for Script {
    fn from(dialogue: Dialogue) -> Self {
        Self::new().connection(dialogue)
    }
}
