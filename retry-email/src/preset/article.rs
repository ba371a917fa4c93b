//! The schedules of one article on mail queues, which this project set out from: each listing as it runs.
//!
//! Its Go listing is jitter, up to half of a delay on top, and no schedule: `+50%` in the text of a policy.

use retry_core::{Constant, Exponential, Linear, Policy, Schedule};

use super::{DAY, HOUR, MINUTE, delays, jitter, list, secs};

/// The article's exponential backoff (Python): 60, 120, 240, 480, 960 s; 6 attempts.
///
/// The listing makes a list of five delays, and five delays make six attempts. The article's other Python listing makes
/// one attempt less: see [`SEED_HANDLER`].
///
/// ```
/// use retry_email::preset::SEED_EXPONENTIAL;
/// use std::time::Duration;
///
/// // 60 s * (1 + 2 + 4 + 8 + 16)
/// assert_eq!(SEED_EXPONENTIAL.max_total_delay(), Some(Duration::from_secs(1860)));
/// ```
pub static SEED_EXPONENTIAL: Policy = Policy::new(Schedule::Exponential(Exponential::new(secs(60)))).attempts(6);

/// The article's handler (the other Python listing): 60, 120, 240, 480 s; 5 attempts.
///
/// Its `max_retries=5` counts calls: the fifth failure is raised without a wait, so that it sleeps four times.
///
/// ```
/// use retry_email::preset::{SEED_EXPONENTIAL, SEED_HANDLER};
/// use std::time::Duration;
///
/// // 60 s * (1 + 2 + 4 + 8)
/// assert_eq!(SEED_HANDLER.max_total_delay(), Some(Duration::from_secs(900)));
/// assert_eq!(SEED_HANDLER, SEED_EXPONENTIAL.clone().attempts(5));
/// ```
pub static SEED_HANDLER: Policy = Policy::new(Schedule::Exponential(Exponential::new(secs(60)))).attempts(5);

/// The article's staggered intervals (Java): 5, 5, 10, 30, 60 minutes; 6 attempts.
///
/// ```
/// use retry_email::preset::SEED_STAGGERED;
/// use std::time::Duration;
///
/// assert_eq!(SEED_STAGGERED.max_attempts().unwrap().get(), 6);
/// assert_eq!(SEED_STAGGERED.max_total_delay(), Some(Duration::from_secs(110 * 60)));
/// ```
pub static SEED_STAGGERED: Policy = list(const { &delays([300, 300, 600, 1800, 3600]) });

/// The article's interval sequence (JavaScript): 5, 10, 30, 60 minutes; 5 attempts.
///
/// The listing is 0, 300, 600, 1800, 3600 s, and sleeps before each try: the 0 is the first try, which is immediate. So
/// five entries make five attempts and four delays.
///
/// ```
/// use retry_email::preset::SEED_INTERVALS;
/// use std::time::Duration;
///
/// assert_eq!(SEED_INTERVALS.max_attempts().unwrap().get(), 5);
/// assert_eq!(SEED_INTERVALS.max_total_delay(), Some(Duration::from_secs(105 * 60)));
/// ```
pub static SEED_INTERVALS: Policy = list(const { &delays([300, 600, 1800, 3600]) });

/// The article's rule for temporary errors (TypeScript): 5, 10, 15 minutes, each up to 20 % longer; 4 attempts.
///
/// Its `maxAttempts: 3` is the length of the list of delays, and so the number of retries.
///
/// ```
/// use retry_email::preset::SEED_TEMPORARY;
/// use std::time::Duration;
///
/// assert_eq!(SEED_TEMPORARY.max_attempts().unwrap().get(), 4);
/// // (5 + 10 + 15) minutes * 1.2
/// assert_eq!(SEED_TEMPORARY.max_total_delay(), Some(Duration::from_secs(36 * 60)));
/// ```
pub static SEED_TEMPORARY: Policy =
    Policy::new(Schedule::Linear(Linear::new(secs(300)))).jitter(jitter(0, 20)).attempts(4);

/// The article's rule for persistent errors (TypeScript): 30, 60, 90, 120, 150 minutes, each up to 10 % longer; 6 attempts.
///
/// Its `maxAttempts: 5` is the number of retries, as in [`SEED_TEMPORARY`].
///
/// ```
/// use retry_email::preset::SEED_PERSISTENT;
/// use std::time::Duration;
///
/// assert_eq!(SEED_PERSISTENT.max_attempts().unwrap().get(), 6);
/// // (30 + 60 + 90 + 120 + 150) minutes * 1.1
/// assert_eq!(SEED_PERSISTENT.max_total_delay(), Some(Duration::from_secs(495 * 60)));
/// ```
pub static SEED_PERSISTENT: Policy =
    Policy::new(Schedule::Linear(Linear::new(secs(1800)))).jitter(jitter(0, 10)).attempts(6);

/// The article's rule for permanent errors (TypeScript): no delay and no retry; 1 attempt.
///
/// ```
/// use retry_email::preset::SEED_PERMANENT;
///
/// assert_eq!(SEED_PERMANENT.max_attempts().unwrap().get(), 1);
/// ```
pub static SEED_PERMANENT: Policy = Policy::new(Schedule::Constant(Constant::new(secs(0)))).attempts(1);

/// The article's advice in words: 10 minutes, doubling up to 24 hours, 15 % sooner or later; ends after 72 hours.
///
/// It says 5 to 15 minutes at first, double the interval up to 24 hours, go on for 24 to 72 hours, and jitter of 10 to 20 %:
/// this takes the middle of the first and the last, and the longest end. That makes 10 attempts, rarely 9 or 11. The cap holds for the
/// jitter as well, so that the longest delays are 17 h 44 min to 24 h.
///
/// ```
/// use retry_email::preset::SEED_BEST_PRACTICE;
/// use std::time::Duration;
///
/// assert_eq!(SEED_BEST_PRACTICE.cap(), Some(Duration::from_secs(24 * 3600)));
/// assert_eq!(SEED_BEST_PRACTICE.time_limit(), Some(Duration::from_secs(72 * 3600)));
/// ```
pub static SEED_BEST_PRACTICE: Policy =
    Policy::exponential(secs(10 * MINUTE), secs(24 * HOUR)).jitter(jitter(15, 15)).within(secs(3 * DAY));
