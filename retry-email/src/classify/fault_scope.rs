use retry_core::Scope;

use crate::words::words;

words! {
    /// What a failure of mail is about: for whom else it holds.
    ///
    /// ```
    /// use retry_core::Scope;
    /// use retry_email::FaultScope;
    ///
    /// assert_eq!("recipient".parse(), Ok(FaultScope::Recipient));
    /// assert_eq!(FaultScope::Recipient.engine(), Scope::Request);
    /// ```
    FaultScope, "scope", {
        /// One recipient.
        Recipient = "recipient",
        /// This message, and all its recipients there.
        Message = "message",
        /// The host or domain: every message to it.
        Destination = "destination",
        /// Our account or setting: every message of ours.
        Account = "account",
    }
}

impl FaultScope {
    /// The engine's word: it does not tell recipients from messages.
    ///
    /// ```
    /// use retry_core::Scope;
    /// use retry_email::FaultScope;
    ///
    /// assert_eq!(FaultScope::Message.engine(), Scope::Request);
    /// assert_eq!(FaultScope::Account.engine(), Scope::Account);
    /// ```
    #[must_use]
    pub const fn engine(self) -> Scope {
        match self {
            Self::Recipient | Self::Message => Scope::Request,
            Self::Destination => Scope::Destination,
            Self::Account => Scope::Account,
        }
    }
}
