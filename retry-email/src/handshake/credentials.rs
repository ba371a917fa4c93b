use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// What `AUTH` proves who we are with. `Debug` shows the user, never the secret.
///
/// ```
/// use retry_email::Credentials;
///
/// let credentials = Credentials::password("alice", "hunter2");
/// assert!(!format!("{credentials:?}").contains("hunter2"));
/// ```
#[derive(Clone, Eq, PartialEq)]
pub struct Credentials {
    user: String,
    secret: Secret,
}

#[derive(Clone, Eq, PartialEq)]
enum Secret {
    Password(String),
    Token(String),
}

impl Credentials {
    /// A user and a password, for `PLAIN` (RFC 4616) or else `LOGIN`.
    ///
    /// ```
    /// # use retry_email::Credentials;
    /// assert_eq!(Credentials::password("alice", "hunter2").user(), "alice");
    /// ```
    #[must_use]
    pub fn password(user: impl Into<String>, password: impl Into<String>) -> Self {
        Self { user: user.into(), secret: Secret::Password(password.into()) }
    }

    /// A user and an OAuth 2.0 access token, for `XOAUTH2` as Google and Microsoft describe it.
    ///
    /// ```
    /// # use retry_email::Credentials;
    /// assert_eq!(Credentials::token("alice@example.org", "ya29.x").user(), "alice@example.org");
    /// ```
    #[must_use]
    pub fn token(user: impl Into<String>, token: impl Into<String>) -> Self {
        Self { user: user.into(), secret: Secret::Token(token.into()) }
    }

    /// The user.
    ///
    /// ```
    /// # use retry_email::Credentials;
    /// assert_eq!(Credentials::password("bob", "").user(), "bob");
    /// ```
    #[must_use]
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The best of the offered mechanisms that these can serve.
    pub(super) fn mechanism(&self, offered: &[String]) -> Option<Mechanism> {
        let usable: &[Mechanism] = match self.secret {
            Secret::Password(_) => &[Mechanism::Plain, Mechanism::Login],
            Secret::Token(_) => &[Mechanism::XOAuth2],
        };
        usable.iter().copied().find(|mechanism| offered.iter().any(|name| name == mechanism.name()))
    }

    /// The response that goes with the `AUTH` command, if the mechanism has one.
    pub(super) fn initial(&self, mechanism: Mechanism) -> Option<String> {
        let (user, secret) = (&self.user, self.secret.text());
        match mechanism {
            Mechanism::Plain => Some(STANDARD.encode(format!("\0{user}\0{secret}"))),
            Mechanism::XOAuth2 => Some(STANDARD.encode(format!("user={user}\x01auth=Bearer {secret}\x01\x01"))),
            Mechanism::Login => None,
        }
    }

    /// The answer to the `n`-th challenge, from 0. `None`: there is none to give.
    pub(super) fn answer(&self, mechanism: Mechanism, n: u32) -> Option<String> {
        match (mechanism, n) {
            (Mechanism::Login, 0) => Some(STANDARD.encode(&self.user)),
            (Mechanism::Login, 1) => Some(STANDARD.encode(self.secret.text())),
            // The challenge is an error in JSON; an empty answer fetches the final reply.
            (Mechanism::XOAuth2, 0) => Some(String::new()),
            // A server that does not read the initial response asks for it.
            (Mechanism::Plain, 0) => self.initial(mechanism),
            _ => None,
        }
    }
}

impl Secret {
    fn text(&self) -> &str {
        match self {
            Self::Password(text) | Self::Token(text) => text,
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("user", &self.user).finish_non_exhaustive()
    }
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Mechanism {
    Plain,
    Login,
    XOAuth2,
}

impl Mechanism {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Plain => "PLAIN",
            Self::Login => "LOGIN",
            Self::XOAuth2 => "XOAUTH2",
        }
    }
}
