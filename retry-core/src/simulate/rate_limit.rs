use std::time::Duration;

/// How much a provider takes, by a token bucket that begins full, and what it does about more.
///
/// ```
/// use retry_core::simulate::{RateLimit, Scenario};
/// use std::time::Duration;
///
/// let strict = RateLimit::new(100.0, 100).banning(Duration::from_secs(10)).hinted();
/// let scenario = Scenario::named("rate-limit").remove(0).limited(strict);
/// assert_eq!(scenario.rate_limit(), Some(&strict));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateLimit {
    pub(super) rate: f64,
    pub(super) burst: u32,
    pub(super) ban: Option<Duration>,
    pub(super) hints: bool,
}

impl RateLimit {
    /// `rate` requests a second, and `burst` at once; at least one fits.
    ///
    /// ```
    /// # use retry_core::simulate::RateLimit;
    /// assert_eq!(RateLimit::new(10.0, 5), RateLimit::new(10.0, 5));
    /// ```
    #[must_use]
    pub const fn new(rate: f64, burst: u32) -> Self {
        Self { rate, burst: if burst == 0 { 1 } else { burst }, ban: None, hints: false }
    }

    /// Whoever exceeds it is refused for so long, however little it asks meanwhile.
    ///
    /// ```
    /// # use retry_core::simulate::RateLimit;
    /// # use std::time::Duration;
    /// assert_ne!(RateLimit::new(10.0, 5).banning(Duration::from_secs(1)), RateLimit::new(10.0, 5));
    /// ```
    #[must_use]
    pub const fn banning(mut self, ban: Duration) -> Self {
        self.ban = Some(ban);
        self
    }

    /// Refusals say when to come again, as a Retry-After does: when the ban ends, or there is a token.
    ///
    /// ```
    /// # use retry_core::simulate::RateLimit;
    /// assert_ne!(RateLimit::new(10.0, 5).hinted(), RateLimit::new(10.0, 5));
    /// ```
    #[must_use]
    pub const fn hinted(mut self) -> Self {
        self.hints = true;
        self
    }
}
