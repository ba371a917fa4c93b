//! Exim's retry rules as policies, and policies as Exim's retry rules.
//!
//! [`parse`] reads what an administrator has in `exim.conf`, with or without the two fields in front; [`parse_rules`] reads
//! a whole `retry` section; [`write()`] is the inverse of [`parse`].
//!
//! ```
//! use retry_email::exim;
//! use retry_email::preset::EXIM;
//!
//! let policy = exim::parse("*  *  F,2h,15m; G,16h,1h,1.5; F,4d,6h")?;
//! assert_eq!(policy, EXIM);
//! assert_eq!(exim::write(&policy).unwrap(), "F,2h,15m; G,16h,1h,1.5; F,4d,6h");
//! # Ok::<(), exim::SyntaxError>(())
//! ```
//!
//! # Syntax
//! As in chapter 32 of Exim's specification, and checked against Exim 4.96:
//!
//! ```text
//! rule       = [address error [senders]] [set {; set} [;]]     on one line, or on several that end with a backslash
//! address    = a word, or a string in double quotes
//! error      = * | auth_failed | data_4xx | mail_4xx | rcpt_4xx | lost_connection | lookup | quota[_TIME]
//!            | refused[_A|_MX] | timeout[_A|_MX|_connect|_connect_A|_connect_MX] | tls_required
//! senders    = senders=WORD, or a string in double quotes
//! set        = F,CUTOFF,INTERVAL           always INTERVAL
//!            | G,CUTOFF,FIRST,FACTOR       FIRST, then FACTOR times the delay before
//!            | H,CUTOFF,FIRST,FACTOR       random, from halfway between FIRST and that up to that
//! TIME       = numbers with a unit each: w d h m s, such as 2h30m
//! FACTOR     = 1 or more, with three decimals at most; more are cut off, as Exim does
//! ```
//!
//! In a section, lines that begin with `#` are comments, and a first line `begin retry` is passed over.
//!
//! # What a rule becomes
//! A [`Policy`] of [`Segments`] by age, capped at 24 h (Exim's `retry_interval_max` cannot be longer) that starts nothing after the last cutoff.
//! Three things differ from Exim. It makes one attempt more: the first that its queue runner makes after the last cutoff, and
//! when that fails too it gives up. At an age of exactly a cutoff Exim still takes the set before, we the next. And
//! cutoffs that do not increase, which Exim accepts though it never gets to the later set, are refused.
//!
//! A rule without sets never retries, as in Exim.

use std::time::Duration;

use retry_core::{Policy, Segments};

mod error_name;
mod factor;
mod line;
mod rule;
mod scanner;
mod set;
mod syntax_error;
mod time;
mod write;

pub use rule::{Rule, parse_rules};
pub use syntax_error::{Problem, SyntaxError};
pub use write::{NotExim, write};

/// The policy of a rule: its sets alone, or a rule for every address and error (`* * F,2h,15m`).
///
/// # Errors
/// A [`SyntaxError`] where the text is no rule or more than one, or where the rule is for some addresses, errors or senders
/// only ([`Problem::Selective`]): a policy would silently hold for all.
///
/// ```
/// use retry_core::{Failure, Seeded, Verdict};
/// use retry_email::exim;
/// use std::time::Duration;
///
/// let policy = exim::parse("F,2h,15m; H,1w,1h,2")?;
/// assert_eq!(policy.time_limit(), Some(Duration::from_secs(7 * 86_400)));
///
/// let error = exim::parse("F,2h,15m; F,90m,1h").unwrap_err();
/// assert_eq!(error.to_string(), "column 13: found `90m`; the cutoff must be later than that of the set before, 2h");
/// # Ok::<(), exim::SyntaxError>(())
/// ```
pub fn parse(text: &str) -> Result<Policy, SyntaxError> {
    rule::parse_for_all(text)
}

/// Exim's longest interval: `retry_interval_max`, which it does not let anybody raise.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// The policy of segments whose last ends at `cutoff`.
pub(crate) const fn by_segments(segments: Segments, cutoff: Duration) -> Policy {
    Policy::new(retry_core::Schedule::Segments(segments)).capped(LONGEST).within(cutoff)
}
