//! From whom, to whom.

mod address;
mod dsn;

pub use address::{Address, InvalidAddress};
pub use dsn::{Notify, Return};

/// From whom and to whom a message goes, whatever its header says.
///
/// ```
/// use retry_email::{Envelope, Notify, Recipient};
///
/// let envelope = Envelope::new("alice@example.org".parse()?)
///     .to("bob@example.net".parse()?)
///     .with(Recipient::new("carol@example.com".parse()?).notify(Notify::FAILURE));
/// assert_eq!(envelope.recipients().len(), 2);
/// # Ok::<(), retry_email::InvalidAddress>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Envelope {
    from: Option<Address>,
    recipients: Vec<Recipient>,
    returned: Option<Return>,
    id: Option<String>,
}

impl Envelope {
    /// From `sender`, to nobody yet.
    ///
    /// ```
    /// # use retry_email::Envelope;
    /// assert!(Envelope::new("alice@example.org".parse()?).sender().is_some());
    /// # Ok::<(), retry_email::InvalidAddress>(())
    /// ```
    #[must_use]
    pub const fn new(sender: Address) -> Self {
        Self { from: Some(sender), recipients: Vec::new(), returned: None, id: None }
    }

    /// With the empty sender `<>`: for bounces and notices, which nobody is to answer (RFC 5321 section 4.5.5).
    ///
    /// ```
    /// # use retry_email::Envelope;
    /// assert_eq!(Envelope::from_nobody().sender(), None);
    /// ```
    #[must_use]
    pub const fn from_nobody() -> Self {
        Self { from: None, recipients: Vec::new(), returned: None, id: None }
    }

    /// Adds a recipient. Its place in the list is its number wherever outcomes are reported.
    ///
    /// ```
    /// # use retry_email::Envelope;
    /// let envelope = Envelope::from_nobody().to("bob@example.net".parse()?);
    /// assert_eq!(envelope.recipients()[0].address().as_str(), "bob@example.net");
    /// # Ok::<(), retry_email::InvalidAddress>(())
    /// ```
    #[must_use]
    pub fn to(self, address: Address) -> Self {
        self.with(Recipient::new(address))
    }

    /// Adds a recipient with parameters.
    ///
    /// ```
    /// # use retry_email::{Envelope, Notify, Recipient};
    /// let recipient = Recipient::new("bob@example.net".parse()?).notify(Notify::DELAY);
    /// assert_eq!(Envelope::from_nobody().with(recipient.clone()).recipients(), [recipient]);
    /// # Ok::<(), retry_email::InvalidAddress>(())
    /// ```
    #[must_use]
    pub fn with(mut self, recipient: Recipient) -> Self {
        self.recipients.push(recipient);
        self
    }

    /// What a failure notice shall carry of the message (`RET`, RFC 3461 section 4.3). Sent where the server offers DSN.
    ///
    /// ```
    /// # use retry_email::{Envelope, Return};
    /// assert_eq!(Envelope::from_nobody().returning(Return::Headers).returned(), Some(Return::Headers));
    /// ```
    #[must_use]
    pub const fn returning(mut self, part: Return) -> Self {
        self.returned = Some(part);
        self
    }

    /// A name of yours that notices will carry (`ENVID`, RFC 3461 section 4.4). Sent where the server offers DSN.
    ///
    /// ```
    /// # use retry_email::Envelope;
    /// assert_eq!(Envelope::from_nobody().with_id("order 17").id(), Some("order 17"));
    /// ```
    #[must_use]
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// The sender; `None` for the empty one.
    ///
    /// ```
    /// # use retry_email::Envelope;
    /// assert_eq!(Envelope::default().sender(), None);
    /// ```
    #[must_use]
    pub const fn sender(&self) -> Option<&Address> {
        self.from.as_ref()
    }

    /// The recipients in their order.
    ///
    /// ```
    /// # use retry_email::Envelope;
    /// assert!(Envelope::default().recipients().is_empty());
    /// ```
    #[must_use]
    pub fn recipients(&self) -> &[Recipient] {
        &self.recipients
    }

    /// What a failure notice shall carry.
    ///
    /// ```
    /// # use retry_email::Envelope;
    /// assert_eq!(Envelope::default().returned(), None);
    /// ```
    #[must_use]
    pub const fn returned(&self) -> Option<Return> {
        self.returned
    }

    /// The name that notices will carry.
    ///
    /// ```
    /// # use retry_email::Envelope;
    /// assert_eq!(Envelope::default().id(), None);
    /// ```
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Appends the `MAIL` command's sender and DSN parameters.
    pub(crate) fn write_mail(&self, dsn: bool, out: &mut Vec<u8>) {
        out.extend_from_slice(b"MAIL FROM:<");
        out.extend_from_slice(self.from.as_ref().map_or("", Address::as_str).as_bytes());
        out.push(b'>');
        if dsn {
            dsn::write_mail(self.returned, self.id.as_deref(), out);
        }
    }
}

/// A recipient, and what notices it wants.
///
/// ```
/// use retry_email::{Notify, Recipient};
///
/// let recipient = Recipient::new("bob@example.net".parse()?).notify(Notify::FAILURE);
/// assert_eq!(recipient.address().domain(), "example.net");
/// # Ok::<(), retry_email::InvalidAddress>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Recipient {
    address: Address,
    notify: Option<Notify>,
    original: Option<String>,
}

impl Recipient {
    /// Without parameters.
    ///
    /// ```
    /// # use retry_email::Recipient;
    /// assert_eq!(Recipient::new("bob@example.net".parse()?).address().local(), "bob");
    /// # Ok::<(), retry_email::InvalidAddress>(())
    /// ```
    #[must_use]
    pub const fn new(address: Address) -> Self {
        Self { address, notify: None, original: None }
    }

    /// Of what it is to be notified (`NOTIFY`, RFC 3461 section 4.1). Sent where the server offers DSN.
    ///
    /// ```
    /// # use retry_email::{Notify, Recipient};
    /// let recipient = Recipient::new("bob@example.net".parse()?);
    /// assert_ne!(recipient.clone().notify(Notify::NEVER), recipient);
    /// # Ok::<(), retry_email::InvalidAddress>(())
    /// ```
    #[must_use]
    pub const fn notify(mut self, of: Notify) -> Self {
        self.notify = Some(of);
        self
    }

    /// The address that the sender first gave (`ORCPT`, RFC 3461 section 4.2), an internet address. Sent where the server offers DSN.
    ///
    /// ```
    /// # use retry_email::Recipient;
    /// let recipient = Recipient::new("bob@example.net".parse()?);
    /// assert_ne!(recipient.clone().originally("list@example.org"), recipient);
    /// # Ok::<(), retry_email::InvalidAddress>(())
    /// ```
    #[must_use]
    pub fn originally(mut self, address: impl Into<String>) -> Self {
        self.original = Some(address.into());
        self
    }

    /// The address.
    ///
    /// ```
    /// # use retry_email::Recipient;
    /// assert!(!Recipient::new("bob@example.net".parse()?).address().needs_smtp_utf8());
    /// # Ok::<(), retry_email::InvalidAddress>(())
    /// ```
    #[must_use]
    pub const fn address(&self) -> &Address {
        &self.address
    }

    /// Appends the whole `RCPT` command, without its line end.
    pub(crate) fn write_rcpt(&self, dsn: bool, out: &mut Vec<u8>) {
        out.extend_from_slice(b"RCPT TO:<");
        out.extend_from_slice(self.address.as_str().as_bytes());
        out.push(b'>');
        if dsn {
            dsn::write_rcpt(self.notify, self.original.as_deref(), out);
        }
    }
}

impl From<Address> for Recipient {
    fn from(address: Address) -> Self {
        Self::new(address)
    }
}
