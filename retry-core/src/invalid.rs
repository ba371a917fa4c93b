//! Settings that contradict themselves.

/// Why a setting is refused, and what would be right.
///
/// ```
/// use retry_core::{Invalid, Proportional};
///
/// assert_eq!(Proportional::percent(120).unwrap_err(), Invalid::Proportion);
/// assert_eq!(Invalid::Proportion.to_string(), "proportional jitter is at most 100 %");
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Invalid {
    /// A ratio with denominator 0.
    #[error("a ratio needs a denominator other than 0")]
    Denominator,
    /// Proportional jitter beyond 100 %.
    #[error("proportional jitter is at most 100 %")]
    Proportion,
    /// A least delay that is longer than the greatest.
    #[error("the least delay is longer than the greatest; swap them or raise the cap")]
    Bounds,
    /// Additive jitter wider than the cap, which would cut it short.
    #[error("the additive jitter is wider than the cap; lower the jitter or raise the cap")]
    Spread,
    /// Jitter on a schedule that draws its delays itself.
    #[error("the schedule is random by itself; leave the jitter out")]
    Jitter,
    /// A list of delays or segments with nothing in it.
    #[error("the list has no entry; give at least one")]
    Empty,
    /// Segments whose ages do not increase.
    #[error("each segment must end later than the one before it")]
    Order,
    /// A factor of 0, after which every delay is zero.
    #[error("a factor of 0 makes every later delay zero; take one above 0, or a constant delay of zero")]
    Factor,
    /// A class's policy that has policies by class itself, which would play no part.
    #[error("the policy of a class cannot have classes itself; set them on the default policy")]
    Nested,
    /// A timeout of zero.
    #[error("a timeout of zero lets no attempt finish; leave it out for none")]
    Timeout,
    /// A retry budget of no or more than one retry per call.
    #[error("a budget is above 0 % and at most 100 %; `none` is no budget")]
    Budget,
    /// A throttle with no tokens, or more than 1,000.
    #[error("a throttle has 1 to 1,000 tokens")]
    Tokens,
    /// A throttle that a success adds nothing to.
    #[error("the token ratio must be at least 0.001")]
    TokenRatio,
}
