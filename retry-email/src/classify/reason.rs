use crate::words::words;

words! {
    /// Why a server does not take a mail.
    ///
    /// ```
    /// use retry_email::Reason;
    ///
    /// assert_eq!("mailbox_full".parse(), Ok(Reason::MailboxFull));
    /// ```
    Reason, "reason", {
        /// There is no such recipient.
        MailboxUnknown = "mailbox_unknown",
        /// The mailbox exists and is closed: suspended, inactive, not allowed to receive.
        MailboxDisabled = "mailbox_disabled",
        /// The mailbox is full.
        MailboxFull = "mailbox_full",
        /// The recipient has another address now.
        MailboxMoved = "mailbox_moved",
        /// The message is too big for the mailbox or the system.
        MessageTooBig = "message_too_big",
        /// The recipient's domain does not exist, or no way leads to it.
        HostUnknown = "host_unknown",
        /// The host or domain takes no mail at all.
        HostRefusesMail = "host_refuses_mail",
        /// We send too much, too fast, or over too many connections.
        RateLimited = "rate_limited",
        /// Unknown senders are asked to come back (RFC 6647).
        Greylisted = "greylisted",
        /// Our address or domain is on a list.
        Blocklisted = "blocklisted",
        /// Our address or domain has a bad reputation with the receiver.
        BadReputation = "bad_reputation",
        /// The message is taken for spam.
        Spam = "spam",
        /// The message is taken for malware.
        Virus = "virus",
        /// The content is refused: malformed, forbidden attachment or header.
        ContentRejected = "content_rejected",
        /// A rule of the receiver's, of which no more is told.
        Policy = "policy",
        /// SPF, DKIM, DMARC or ARC fail.
        SenderAuthentication = "sender_authentication",
        /// Our address has no reverse DNS name, or one that does not fit.
        MissingPtr = "missing_ptr",
        /// The sender's address is refused.
        SenderRejected = "sender_rejected",
        /// The host does not relay for us.
        RelayDenied = "relay_denied",
        /// Our credentials are refused.
        AuthFailed = "auth_failed",
        /// We have to log in first.
        AuthRequired = "auth_required",
        /// TLS is demanded.
        TlsRequired = "tls_required",
        /// TLS was tried and failed.
        TlsFailed = "tls_failed",
        /// The network or the DNS between hosts is in trouble.
        Network = "network",
        /// Somebody waited too long.
        Timeout = "timeout",
        /// The server is in trouble.
        SystemError = "system_error",
        /// The server has no room or no resources.
        SystemFull = "system_full",
        /// A command, a reply or the message is not as the standards want it.
        Protocol = "protocol",
        /// More recipients in one transaction than the server takes.
        TooManyRecipients = "too_many_recipients",
        /// The connection was closed while nothing was going on.
        IdleClose = "idle_close",
        /// The mail goes in circles.
        Loop = "loop",
        /// The provider keeps the recipient on a list of addresses it does not send to.
        Suppressed = "suppressed",
        /// Nothing is told.
        Unspecified = "unspecified",
    }
}

impl Reason {
    /// Its place in [`Reason::ALL`].
    pub(super) const fn index(self) -> usize {
        self as usize
    }
}
