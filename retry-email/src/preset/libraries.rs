//! The schedules of mail libraries.

use std::time::Duration;

use retry_core::{Constant, Exponential, Linear, Policy, Schedule};

use super::{MINUTE, secs};

/// django-mailer: every 20 minutes, without end. For comparison: nothing should be tried for ever.
///
/// `retry_deferred` makes all deferred mail due again; the documentation runs it every 20 minutes, and `MAILER_EMAIL_MAX_RETRIES` is
/// off by default. It retries permanent failures as well, which no policy here does. Source: django-mailer
/// `src/mailer/engine.py` and its documentation.
///
/// ```
/// use retry_email::preset::DJANGO_MAILER;
///
/// assert_eq!(DJANGO_MAILER.max_attempts(), None);
/// assert_eq!(DJANGO_MAILER.max_total_delay(), None);
/// ```
pub static DJANGO_MAILER: Policy = Policy::new(Schedule::Constant(Constant::new(secs(20 * MINUTE))));

/// Perl's `Net::SMTP::Retryable` as documented, with its default `retryfactor` of 1 s: 1, 2, 4, 8, 16 s; 6 attempts.
///
/// Its `sendretries` is 0 by default, which never retries; the 5 retries are those of its synopsis. See
/// [`perl_retryable`] for other numbers.
///
/// ```
/// use retry_email::preset::PERL_RETRYABLE;
/// use std::time::Duration;
///
/// // 1 + 2 + 4 + 8 + 16 s
/// assert_eq!(PERL_RETRYABLE.max_total_delay(), Some(Duration::from_secs(31)));
/// ```
pub static PERL_RETRYABLE: Policy = perl_retryable(secs(1), 5);

/// The schedule of Perl's `Net::SMTP::Retryable` as its documentation has it: `retryfactor`, "doubled on each successive
/// reconnect attempt".
///
/// `retries` retries are `retries + 1` attempts; `u32::MAX` has no limit. The module gives `connectretries` and `sendretries` a count
/// each and the same factor.
///
/// ```
/// use retry_email::preset::perl_retryable;
/// use std::time::Duration;
///
/// // The module's synopsis: retryfactor => .25, sendretries => 5
/// let policy = perl_retryable(Duration::from_millis(250), 5);
/// assert_eq!(policy.max_attempts().unwrap().get(), 6);
/// // 250 ms * (1 + 2 + 4 + 8 + 16)
/// assert_eq!(policy.max_total_delay(), Some(Duration::from_millis(7750)));
/// assert_eq!(perl_retryable(Duration::from_millis(250), 0).max_attempts().unwrap().get(), 1);
/// ```
#[must_use]
pub const fn perl_retryable(retryfactor: Duration, retries: u32) -> Policy {
    Policy::new(Schedule::Exponential(Exponential::new(retryfactor))).attempts(retries.saturating_add(1))
}

/// The schedule of Perl's `Net::SMTP::Retryable` as version 0.0.2 is written: `retryfactor` times the number of the
/// attempt that failed.
///
/// The numbers mean what they mean in [`perl_retryable`]. The module's defects (recipients lost in a replay, counts that are one off)
/// are not part of it.
///
/// ```
/// use retry_email::preset::perl_retryable_as_coded;
/// use std::time::Duration;
///
/// let policy = perl_retryable_as_coded(Duration::from_millis(250), 5);
/// // 250 ms * (1 + 2 + 3 + 4 + 5)
/// assert_eq!(policy.max_total_delay(), Some(Duration::from_millis(3750)));
/// ```
#[must_use]
pub const fn perl_retryable_as_coded(retryfactor: Duration, retries: u32) -> Policy {
    Policy::new(Schedule::Linear(Linear::new(retryfactor))).attempts(retries.saturating_add(1))
}
