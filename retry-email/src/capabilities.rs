use crate::Reply;

/// What a server offers: its answer to `EHLO` or `LHLO`.
///
/// Keywords are compared without regard to case; unknown ones are passed over. A server that answered only `HELO` offers
/// nothing ([`Capabilities::default`]).
///
/// ```
/// use retry_email::{Capabilities, Reply};
///
/// let reply = Reply::new(250, "mx.example.org\nPIPELINING\nSIZE 10240000\nAUTH PLAIN LOGIN\n8BITMIME");
/// let offered = Capabilities::of(&reply);
/// assert!(offered.pipelining && offered.eight_bit_mime && !offered.dsn);
/// assert_eq!(offered.size, Some(10_240_000));
/// assert_eq!(offered.auth, ["PLAIN", "LOGIN"]);
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "a set of independent offers")]
pub struct Capabilities {
    /// Several commands in one flight (RFC 2920).
    pub pipelining: bool,
    /// Messages with 8-bit text (RFC 6152).
    pub eight_bit_mime: bool,
    /// Addresses and header fields in UTF-8 (RFC 6531).
    pub smtp_utf8: bool,
    /// Delivery status notifications (RFC 3461).
    pub dsn: bool,
    /// TLS on this connection (RFC 3207).
    pub start_tls: bool,
    /// `BDAT` (RFC 3030).
    pub chunking: bool,
    /// `SIZE` (RFC 1870): the longest message in bytes that is taken; 0 where the server says that there is no fixed limit.
    pub size: Option<u64>,
    /// The SASL mechanisms of `AUTH` (RFC 4954), in upper case.
    pub auth: Vec<String>,
}

impl Capabilities {
    /// Reads the lines of the reply after the first one.
    ///
    /// ```
    /// use retry_email::{Capabilities, Reply};
    ///
    /// assert_eq!(Capabilities::of(&Reply::new(250, "mx.example.org")), Capabilities::default());
    /// // The old form, which some servers still send.
    /// assert_eq!(Capabilities::of(&Reply::new(250, "mx\nAUTH=LOGIN")).auth, ["LOGIN"]);
    /// ```
    #[must_use]
    pub fn of(reply: &Reply) -> Self {
        let mut offered = Self::default();
        for line in reply.text().lines().skip(1) {
            offered.add(line);
        }
        offered
    }

    fn add(&mut self, line: &str) {
        let line = line.to_ascii_uppercase().replacen("AUTH=", "AUTH ", 1);
        let mut words = line.split_ascii_whitespace();
        match words.next().unwrap_or_default() {
            "PIPELINING" => self.pipelining = true,
            "8BITMIME" => self.eight_bit_mime = true,
            "SMTPUTF8" => self.smtp_utf8 = true,
            "DSN" => self.dsn = true,
            "STARTTLS" => self.start_tls = true,
            "CHUNKING" => self.chunking = true,
            // No number, or one too long: the keyword alone says that the parameter is understood.
            "SIZE" => self.size = Some(words.next().and_then(|limit| limit.parse().ok()).unwrap_or(0)),
            "AUTH" => {
                for mechanism in words {
                    if !self.auth.iter().any(|known| known == mechanism) {
                        self.auth.push(mechanism.to_owned());
                    }
                }
            }
            _ => {}
        }
    }
}
