//! The text form of policies: read, written, and what is said of mistakes. See `grammar.md`.

use std::str::FromStr;

use crate::{BudgetShare, HintRule, Law, LimitedPolicy, Policy, Schedule};

mod cursor;
mod display;
mod duration;
mod error;
mod names;
mod nearest;
mod number;
mod parser;
#[cfg(feature = "serde")]
mod stored;

pub use error::{ParseError, ParseErrorKind};
pub use names::{PolicyNames, PolicyTable};

use parser::{Parser, Role};

impl Policy {
    /// Reads the [text form](crate::grammar), with names for policies beyond the engine's own words.
    ///
    /// # Errors
    /// [`ParseError`] at the first thing that is wrong, contradictions of [`check`](Self::check) included.
    ///
    /// ```
    /// use retry_core::{Policy, PolicyTable};
    /// use std::time::Duration;
    ///
    /// static HOURLY: Policy = Policy::constant(Duration::from_secs(3600));
    /// static NAMES: PolicyTable = PolicyTable::new(&[("hourly", &HOURLY)]);
    ///
    /// let policy = Policy::parse_with(&NAMES, "hourly +-10%, within 3d; throttled: const 30s")?;
    /// assert_eq!(policy.to_string(), "const 1h +-10%, within 3d; throttled: const 30s");
    /// # Ok::<(), retry_core::ParseError>(())
    /// ```
    pub fn parse_with(names: &dyn PolicyNames, text: &str) -> Result<Self, ParseError> {
        Parser::run(names, text, |parser| parser.limited(Role::Policy)).map(LimitedPolicy::into_policy)
    }
}

/// Reads the [text form](crate::grammar): `exp 1s..1h full, 8 attempts`.
impl FromStr for Policy {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::parse_with(&(), text)
    }
}

impl LimitedPolicy {
    /// [`Policy::parse_with`] for texts that may name a timeout and a budget.
    ///
    /// # Errors
    /// [`ParseError`], as there.
    ///
    /// ```
    /// # use retry_core::LimitedPolicy;
    /// # use std::time::Duration;
    /// let limited = LimitedPolicy::parse_with(&(), "exp 1s..1h, timeout 30s")?;
    /// assert_eq!(limited.timeout_limit(), Some(Duration::from_secs(30)));
    /// # Ok::<(), retry_core::ParseError>(())
    /// ```
    pub fn parse_with(names: &dyn PolicyNames, text: &str) -> Result<Self, ParseError> {
        Parser::run(names, text, |parser| parser.limited(Role::Limited))
    }
}

/// Reads the [text form](crate::grammar) with `timeout` and `budget`.
impl FromStr for LimitedPolicy {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::parse_with(&(), text)
    }
}

/// Reads a schedule of the [text form](crate::grammar). A range's end, which is a policy's cap, is refused.
///
/// ```
/// use retry_core::{Exponential, Schedule};
/// use std::time::Duration;
///
/// let schedule: Schedule = "exp 1s".parse()?;
/// assert_eq!(schedule, Exponential::new(Duration::from_secs(1)).into());
/// assert!("exp 1s..1h".parse::<Schedule>().is_err());
/// # Ok::<(), retry_core::ParseError>(())
/// ```
impl FromStr for Schedule {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Parser::run(&(), text, Parser::lone_schedule)
    }
}

/// Reads a law of the [text form](crate::grammar).
///
/// ```
/// use retry_core::{Law, Proportional};
///
/// assert_eq!("+-12.5%".parse::<Law>()?, Proportional::millionths(125_000).unwrap().into());
/// # Ok::<(), retry_core::ParseError>(())
/// ```
impl FromStr for Law {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Parser::run(&(), text, Parser::lone_law)
    }
}

/// Reads a rule of the [text form](crate::grammar), without the greatest hint, which is the policy's.
///
/// ```
/// use retry_core::HintRule;
/// use std::time::Duration;
///
/// assert_eq!("clamp 5s".parse(), Ok(HintRule::Clamp(Duration::from_secs(5))));
/// assert_eq!(HintRule::AtLeast.to_string(), "at-least");
/// ```
impl FromStr for HintRule {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Parser::run(&(), text, |parser| parser.lone_hint_rule())
    }
}

/// Reads a share of the [text form](crate::grammar).
///
/// ```
/// use retry_core::BudgetShare;
///
/// assert_eq!("none".parse(), Ok(BudgetShare::NONE));
/// assert_eq!("12.5%".parse::<BudgetShare>()?.to_string(), "12.5%");
/// # Ok::<(), retry_core::ParseError>(())
/// ```
impl FromStr for BudgetShare {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Parser::run(&(), text, |parser| parser.alone(Parser::budget))
    }
}
