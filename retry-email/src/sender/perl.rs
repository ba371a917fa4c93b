use std::time::Duration;

use retry_core::Policy;

use crate::preset::perl_retryable;

/// The options of Perl's `Net::SMTP::Retryable`, by their names, for [`Sender::like_perl`](crate::Sender::like_perl). They mean here
/// what its documentation promises.
///
/// | option | its documentation | what version 0.0.2 does | here |
/// |---|---|---|---|
/// | `connectretries` | "number of times to retry a connection", 0 | N are N tries, which are N-1 retries | retries: 2 are 3 rounds of the hosts, within one attempt, while none can be reached |
/// | `sendretries` | "number of times to retry a send attempt", 0 | may not end: a constant 550 cost 48 connections in 12 s (`sendretries` 2) | retries: 5 are 6 attempts, for those recipients alone that were deferred |
/// | `retryfactor` | seconds between reconnects, "doubled on each successive reconnect", 1, fractions allowed | seconds times the try's number; the last failure waits too, a retried `data` does not | before the n-th retry `retryfactor` * 2^(n-1): 1, 2, 4, 8 s; for rounds and attempts each from its beginning; never after the last |
/// | list of hosts | each until one connects | the same | a [`host`](crate::Sender::host) each, with a rising priority |
///
/// The rest of its behaviour has no option and differs: it takes a 5xx for a reason to retry, here it is the end; it resends what may
/// have arrived, here it is held ([`WhenInDoubt`](crate::WhenInDoubt)); its replay loses all recipients but the last, here each has its
/// own end. A host that failed rests for 30 s or longer while another does not; when all rest, a round asks the one
/// that will be up first.
///
/// What the module does was read in its source, and measured with a server on the loopback interface.
///
/// ```
/// use retry_email::PerlOptions;
/// use std::time::Duration;
///
/// // %options of its synopsis: connectretries => 2, sendretries => 5, retryfactor => .25
/// let options = PerlOptions { connectretries: 2, sendretries: 5, retryfactor: Duration::from_millis(250) };
/// // 250 ms * (1 + 2)
/// assert_eq!(options.connect_policy().max_total_delay(), Some(Duration::from_millis(750)));
/// // 250 ms * (1 + 2 + 4 + 8 + 16)
/// assert_eq!(options.send_policy().max_total_delay(), Some(Duration::from_millis(7750)));
///
/// // Unless set, it does not retry.
/// assert_eq!(PerlOptions::default().send_policy().max_attempts().unwrap().get(), 1);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[expect(clippy::exhaustive_structs, reason = "the module has these three; set by name")]
pub struct PerlOptions {
    /// How often connecting is retried, within each attempt. `u32::MAX`: for ever.
    pub connectretries: u32,
    /// How often sending is retried. `u32::MAX`: for ever.
    pub sendretries: u32,
    /// The wait before the first retry, doubled for each further one. Zero: no wait.
    pub retryfactor: Duration,
}

impl PerlOptions {
    /// The policy for the rounds of connecting within an attempt.
    ///
    /// ```
    /// # use retry_email::PerlOptions;
    /// let options = PerlOptions { connectretries: 2, ..PerlOptions::default() };
    /// assert_eq!(options.connect_policy().max_attempts().unwrap().get(), 3);
    /// ```
    #[must_use]
    pub const fn connect_policy(&self) -> Policy {
        perl_retryable(self.retryfactor, self.connectretries)
    }

    /// The policy for attempts to send.
    ///
    /// ```
    /// # use retry_email::PerlOptions;
    /// let options = PerlOptions { sendretries: 5, ..PerlOptions::default() };
    /// assert_eq!(options.send_policy().max_attempts().unwrap().get(), 6);
    /// ```
    #[must_use]
    pub const fn send_policy(&self) -> Policy {
        perl_retryable(self.retryfactor, self.sendretries)
    }

    /// The most attempts at a host for one message.
    pub(super) const fn attempts(&self) -> u32 {
        self.sendretries.saturating_add(1).saturating_mul(self.connectretries.saturating_add(1))
    }
}

impl Default for PerlOptions {
    fn default() -> Self {
        Self { connectretries: 0, sendretries: 0, retryfactor: Duration::from_secs(1) }
    }
}
