//! Real mail servers, where `scripts/mail-servers` has started them: where they listen, and what they took.
//!
//! A scripted server does what its author believes that servers do. These are Postfix, postgrey and smtp-sink; the folder of
//! the environment variable `RETRY_MAIL_SERVERS` has their addresses, mailboxes and queues. Tests that need them are skipped
//! where there are none, and note their names where there are: `scripts/test` compares.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::smtp::message_id;

/// The variable that names the folder.
const VARIABLE: &str = "RETRY_MAIL_SERVERS";

/// Postfix delivers in milliseconds; this is for machines that have other things to do.
const DELIVERY_LIMIT: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(10);

/// The servers, and what they took.
///
/// ```
/// use testkit::real::RealServers;
///
/// let folder = std::env::temp_dir().join(format!("real-servers-{}", std::process::id()));
/// std::fs::create_dir_all(&folder)?;
/// std::fs::write(folder.join("addresses"), "plain=127.0.0.1:2525\n")?;
///
/// let servers = RealServers::open(&folder)?;
/// assert_eq!(servers.addr("plain")?.port(), 2525);
/// assert_eq!(servers.folder(), folder);
/// assert!(servers.addr("greylist").is_err());
///
/// assert!(servers.delivered("<1@example.org>")?.is_empty());
/// servers.note("a_test")?;
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct RealServers {
    folder: PathBuf,
    addresses: BTreeMap<String, SocketAddr>,
}

impl RealServers {
    /// Those that the environment names; `None` if it names none.
    ///
    /// # Errors
    /// It names a folder that [`open`](Self::open) cannot read: then the servers were expected, and a test must not be skipped.
    ///
    /// ```
    /// let servers = testkit::real::RealServers::from_env()?;
    /// assert_eq!(servers.is_some(), std::env::var_os("RETRY_MAIL_SERVERS").is_some());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn from_env() -> io::Result<Option<Self>> {
        std::env::var_os(VARIABLE).map(Self::open).transpose()
    }

    /// Those of `folder`.
    ///
    /// # Errors
    /// It has no file `addresses` with lines `NAME=HOST:PORT`: they were not started, or are stopped.
    ///
    /// ```
    /// let error = testkit::real::RealServers::open("/nowhere").unwrap_err();
    /// assert!(error.to_string().contains("scripts/mail-servers start"));
    /// ```
    pub fn open(folder: impl AsRef<OsStr>) -> io::Result<Self> {
        let folder = PathBuf::from(folder.as_ref());
        let list = folder.join("addresses");
        let odd = |what: &dyn std::fmt::Display| {
            io::Error::other(format!("{}: {what}; run scripts/mail-servers start", list.display()))
        };
        let text = fs::read_to_string(&list).map_err(|error| odd(&error))?;
        let address = |line: &str| {
            let (name, address) = line.split_once('=').ok_or_else(|| odd(&"no line NAME=HOST:PORT"))?;
            Ok((name.to_owned(), address.parse().map_err(|error| odd(&error))?))
        };
        let addresses = text.lines().map(address).collect::<io::Result<_>>()?;
        Ok(Self { folder, addresses })
    }

    /// Where the server of this name listens.
    ///
    /// # Errors
    /// There is none of this name.
    ///
    /// ```
    /// # use testkit::real::RealServers;
    /// if let Some(servers) = RealServers::from_env()? {
    ///     assert!(servers.addr("plain")?.ip().is_loopback());
    /// }
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn addr(&self, name: &str) -> io::Result<SocketAddr> {
        self.addresses.get(name).copied().ok_or_else(|| io::Error::other(format!("no server is called {name}")))
    }

    /// The folder of their files: `tls/authority.pem`, a folder for each Postfix.
    ///
    /// ```
    /// # use testkit::real::RealServers;
    /// if let Some(servers) = RealServers::from_env()? {
    ///     assert!(servers.folder().join("tls/authority.pem").exists());
    /// }
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes down that a test was run with them.
    ///
    /// # Errors
    /// The file `ran` of the folder cannot be written.
    ///
    /// ```
    /// # use testkit::real::RealServers;
    /// if let Some(servers) = RealServers::from_env()? {
    ///     servers.note("example")?;
    /// }
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn note(&self, test: &str) -> io::Result<()> {
        // One write a line: several processes write.
        let mut file = OpenOptions::new().create(true).append(true).open(self.folder.join("ran"))?;
        file.write_all(format!("{test}\n").as_bytes())
    }

    /// The copies that Postfix has put into mailboxes, one a recipient: those of the message with this Message-ID. Waits until
    /// its queue is empty, so that no copy is still to come.
    ///
    /// # Errors
    /// The files cannot be read, or the queue was not empty within a minute.
    ///
    /// ```
    /// # use testkit::real::RealServers;
    /// if let Some(servers) = RealServers::from_env()? {
    ///     assert!(servers.delivered("<never-sent@example.org>")?.is_empty());
    /// }
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn delivered(&self, id: &str) -> io::Result<Vec<Taken>> {
        Ok(self.mailboxes()?.into_iter().filter(|mail| mail.has_id(id)).collect())
    }

    /// The mail that Postfix has put into the mailbox of `address`, after a wait as in [`delivered`](Self::delivered).
    ///
    /// # Errors
    /// As there.
    ///
    /// ```
    /// # use testkit::real::RealServers;
    /// if let Some(servers) = RealServers::from_env()? {
    ///     assert!(servers.mailbox("nobody-writes-to-me@test.invalid")?.is_empty());
    /// }
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn mailbox(&self, address: &str) -> io::Result<Vec<Taken>> {
        Ok(self.mailboxes()?.into_iter().filter(|mail| mail.recipients.iter().any(|one| one == address)).collect())
    }

    /// All mail in Postfix's mailboxes, after a wait as in [`delivered`](Self::delivered).
    ///
    /// # Errors
    /// As there.
    ///
    /// ```
    /// # use testkit::real::RealServers;
    /// if let Some(servers) = RealServers::from_env()? {
    ///     assert!(servers.mailboxes()?.iter().all(|mail| mail.recipients.len() == 1));
    /// }
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn mailboxes(&self) -> io::Result<Vec<Taken>> {
        self.wait_until_delivered()?;
        Taken::all(&self.folder.join("main/mail/new"))
    }

    /// The messages that the smtp-sink of this name was given, with those whose end it refused or did not answer.
    ///
    /// # Errors
    /// The files cannot be read.
    ///
    /// ```
    /// # use testkit::real::RealServers;
    /// if let Some(servers) = RealServers::from_env()? {
    ///     assert!(servers.dumped("sink", "<never-sent@example.org>")?.is_empty());
    /// }
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn dumped(&self, sink: &str, id: &str) -> io::Result<Vec<Taken>> {
        Ok(Taken::all(&self.folder.join("sink").join(sink))?.into_iter().filter(|mail| mail.has_id(id)).collect())
    }

    /// How many messages with this Message-ID the Postfix that is stopped in tests has taken: it holds them all in its queue.
    ///
    /// # Errors
    /// The queue cannot be read.
    ///
    /// ```
    /// # use testkit::real::RealServers;
    /// if let Some(servers) = RealServers::from_env()? {
    ///     assert_eq!(servers.held("<never-sent@example.org>")?, 0);
    /// }
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn held(&self, id: &str) -> io::Result<usize> {
        let mut held = 0;
        // Postfix says 250 after it has made a queue file executable: only then is it complete. It begins in `incoming`.
        for queue in ["incoming", "hold"] {
            for file in files(&self.folder.join("mortal/spool").join(queue))? {
                let content = fs::read(&file)?;
                let is_it = content.windows(id.len()).any(|window| window == id.as_bytes());
                held += usize::from(is_it && is_complete(&File::open(&file)?)?);
            }
        }
        Ok(held)
    }

    fn wait_until_delivered(&self) -> io::Result<()> {
        let mut waited = Duration::ZERO;
        // In the order in which mail moves on, so that none slips by.
        while ["maildrop", "incoming", "active", "deferred"].iter().try_fold(0, |sum, queue| {
            Ok::<_, io::Error>(sum + files(&self.folder.join("main/spool").join(queue))?.len())
        })? > 0
        {
            if waited >= DELIVERY_LIMIT {
                return Err(io::Error::other("Postfix still has mail in its queue; see main/log"));
            }
            #[expect(clippy::disallowed_methods, reason = "another program works in real time, and tells nobody")]
            std::thread::sleep(PAUSE);
            waited += PAUSE;
        }
        Ok(())
    }
}

/// A message as a server has put it down.
///
/// ```
/// # use testkit::real::RealServers;
/// if let Some(servers) = RealServers::from_env()? {
///     for taken in servers.mailbox("ok@test.invalid")? {
///         assert_eq!(taken.recipients, ["ok@test.invalid"]);
///         assert!(!taken.content.is_empty());
///     }
/// }
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Taken {
    /// For whom: one in Postfix's mailboxes; in a dump of smtp-sink all of the envelope, with their parameters.
    pub recipients: Vec<String>,
    /// Its Message-ID.
    pub id: Option<String>,
    /// The message, after fields that the server has added.
    pub content: String,
}

impl Taken {
    fn all(folder: &Path) -> io::Result<Vec<Self>> {
        let mut all = Vec::new();
        for file in files(folder)? {
            let content = String::from_utf8_lossy(&fs::read(file)?).into_owned();
            let header = content.lines().take_while(|line| !line.is_empty());
            let whom = |line: &str| {
                let named = line.strip_prefix("X-Original-To: ").or_else(|| line.strip_prefix("X-Rcpt-Args: "));
                named.map(str::to_owned)
            };
            let recipients = header.filter_map(whom).collect();
            all.push(Self { recipients, id: message_id(content.as_bytes()), content });
        }
        Ok(all)
    }

    fn has_id(&self, id: &str) -> bool {
        self.id.as_deref() == Some(id)
    }
}

/// The files below `folder`; none if there is no such folder.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

#[cfg(unix)]
fn is_complete(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(file.metadata()?.permissions().mode() & 0o100 != 0)
}

#[cfg(not(unix))]
fn is_complete(_: &File) -> io::Result<bool> {
    Ok(true)
}
