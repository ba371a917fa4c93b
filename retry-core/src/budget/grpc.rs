use super::{Amount, Charge, RetryBudget};
use crate::{Class, Invalid, Ratio, Time};

/// The retry throttle of gRPC: every failure takes a token, a success adds a part of one, and retries are made only
/// while more than half of the tokens are left.
///
/// Failures count whether or not they are retried, so a retry that is not made gives nothing back; those that no
/// policy would retry (permanent, persistent, misconfigured) do not count, as in gRPC the status codes that are not
/// retryable. With random errors above `ratio / (1 + ratio)` of all calls, that is 9 % for a ratio of 0.1, it ends all
/// retries; [`SuccessBudget`](super::SuccessBudget) does not.
///
/// Source: gRPC proposal A6, "Throttling Retry Attempts and Hedged RPCs"; grpc-go.
///
/// ```
/// use retry_core::{Charge, Class, GrpcThrottle, Ratio, RetryBudget, Time};
///
/// let throttle = GrpcThrottle::new(4, Ratio::new(1, 2)?)?;
/// let retry = || throttle.withdraw(Charge::new(Class::Transient), Time::default());
/// // 4 tokens: 3 are more than half, 2 are not.
/// assert!(retry() && !retry());
/// throttle.succeeded(None, None);
/// assert_eq!(throttle.thousandths(), 2_500);
/// # Ok::<(), retry_core::Invalid>(())
/// ```
#[derive(Debug)]
pub struct GrpcThrottle {
    /// In thousandths.
    tokens: Amount,
    success: u32,
}

/// Thousandths in a token: gRPC ignores what is beyond the third decimal place of the ratio.
const TOKEN: u32 = 1000;

impl GrpcThrottle {
    /// `max_tokens` tokens, all there at the start, and `ratio` of one for each success, cut to thousandths.
    ///
    /// # Errors
    /// [`Invalid::Tokens`] unless there are 1 to 1,000 tokens, and [`Invalid::TokenRatio`] where the ratio comes to
    /// less than a thousandth.
    ///
    /// ```
    /// # use retry_core::{GrpcThrottle, Invalid, Ratio};
    /// let tenth = Ratio::new(1, 10)?;
    /// assert!(GrpcThrottle::new(1000, tenth).is_ok());
    /// assert_eq!(GrpcThrottle::new(1001, tenth).unwrap_err(), Invalid::Tokens);
    /// assert_eq!(GrpcThrottle::new(10, Ratio::integer(0)).unwrap_err(), Invalid::TokenRatio);
    /// # Ok::<(), Invalid>(())
    /// ```
    pub const fn new(max_tokens: u32, ratio: Ratio) -> Result<Self, Invalid> {
        if max_tokens == 0 || max_tokens > 1000 {
            return Err(Invalid::Tokens);
        }
        let most = max_tokens * TOKEN;
        // A success can add no more than all.
        let success = match ratio.of(TOKEN as u64) {
            0 => return Err(Invalid::TokenRatio),
            #[expect(clippy::cast_possible_truncation, reason = "below `most`")]
            thousandths if thousandths < most as u64 => thousandths as u32,
            _ => most,
        };
        Ok(Self { tokens: Amount::new(most, most), success })
    }

    /// The tokens that are there, in thousandths.
    ///
    /// ```
    /// # use retry_core::{GrpcThrottle, Ratio};
    /// assert_eq!(GrpcThrottle::new(10, Ratio::TWO)?.thousandths(), 10_000);
    /// # Ok::<(), retry_core::Invalid>(())
    /// ```
    #[must_use]
    pub fn thousandths(&self) -> u32 {
        self.tokens.get()
    }
}

impl RetryBudget for GrpcThrottle {
    fn withdraw(&self, charge: Charge, _: Time) -> bool {
        self.tokens.drop_by(charge.of(TOKEN)) > self.tokens.most() / 2
    }

    fn succeeded(&self, _: Option<Charge>, _: Option<Time>) {
        self.tokens.add(u64::from(self.success));
    }

    fn failed(&self, class: Class, _: Time) {
        if matches!(class, Class::Transient | Class::Throttled | Class::Unknown) {
            self.tokens.drop_by(u64::from(TOKEN));
        }
    }

    /// One token each, as long as more than half are left after it.
    fn balance(&self, _: Time) -> Option<u64> {
        let spare = self.tokens.get().saturating_sub(self.tokens.most() / 2 + 1);
        Some(u64::from(spare / (TOKEN / 100)))
    }
}
