use crate::words::words;

words! {
    /// Where in an SMTP session something happened.
    ///
    /// The stage decides what a failure means: before the final dot a mail can be sent again without harm; a reply that
    /// is lost after it leaves the outcome unknown (RFC 1047, RFC 5321 section 4.2.5).
    ///
    /// ```
    /// use retry_email::Stage;
    ///
    /// assert_eq!("data_body".parse(), Ok(Stage::DataBody));
    /// assert!(Stage::DataBody < Stage::Dot);
    /// ```
    Stage, "stage", {
        /// The name is looked up and the connection made.
        Connect = "connect",
        /// The server's first reply: 220, or a refusal.
        Greeting = "greeting",
        /// `EHLO` and `HELO`, or LMTP's `LHLO`.
        Ehlo = "ehlo",
        /// `STARTTLS` and the handshake.
        Tls = "tls",
        /// `AUTH`, up to its last reply.
        Auth = "auth",
        /// `MAIL FROM`.
        Mail = "mail",
        /// `RCPT TO`, of one recipient.
        Rcpt = "rcpt",
        /// `DATA` up to its 354, or a `BDAT` that is not the last.
        Data = "data",
        /// The message is being sent.
        DataBody = "data_body",
        /// After the final dot, or the last `BDAT`: the server may have taken the message.
        Dot = "dot",
        /// `RSET`, and `NOOP`.
        Rset = "rset",
        /// `QUIT`.
        Quit = "quit",
        /// Nothing of a transaction was sent on this connection since the last was complete.
        Idle = "idle",
    }
}

impl Stage {
    /// Whether the server may have taken the message although its reply is missing.
    ///
    /// ```
    /// use retry_email::Stage;
    ///
    /// assert!(Stage::Dot.outcome_may_be_unknown());
    /// assert!(!Stage::DataBody.outcome_may_be_unknown());
    /// ```
    #[must_use]
    pub const fn outcome_may_be_unknown(self) -> bool {
        matches!(self, Self::Dot)
    }
}
