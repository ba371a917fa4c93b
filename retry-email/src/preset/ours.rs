//! Our own schedules.

use retry_core::{HintRule, Policy, Retryable};

use super::{DAY, HOUR, MINUTE, delays, jitter, list, list_repeating, secs};

/// Mail as it should be retried where nothing else is known: a schedule for each class of failures; ends after 5 days.
///
/// | class | delays, all +-15 % | ends |
/// |---|---|---|
/// | Transient, Unknown | 6, 10, 20, 40, 80 minutes, then up to 2 hours | 5 d |
/// | Throttled | four times that: 24, 40, 80, 160, 320 minutes, then up to 8 hours | 5 d |
/// | Persistent (a full mailbox) | 4 hours | 3 d |
/// | Permanent, Misconfigured | no retry | |
///
/// - **No two attempts are less than 5 minutes apart**, jitter and hints included, since providers take closer ones for spam: that is
///   why the first delay is 6 minutes, of which 15 % less is 5 min 6 s. Greylisting servers, which commonly ask for 5 minutes, let the
///   second attempt through.
/// - After throttling it is 15 minutes at least (20 min 24 s).
/// - The caps hold for the jitter as well, so that the longest delays are 88 min 42 s to 2 h, and 5 h 55 min to 8 h.
/// - A server's hint makes a delay longer, never shorter, up to 24 hours.
///
/// About 73 transient failures fit into the five days. The numbers are ours: RFC 5321 section 4.5.4.1 gives the end, the habits
/// of greylisting servers the first delay.
///
/// ```
/// use retry_core::{Failure, RetryPolicy, Seeded, Verdict};
/// use retry_email::preset::DEFAULT;
/// use std::time::Duration;
///
/// let first = |verdict| DEFAULT.decide(&Failure::first(verdict), &mut Seeded::new(1)).delay().unwrap();
/// assert!(first(Verdict::TRANSIENT) >= Duration::from_secs(5 * 60));
/// assert!(first(Verdict::TRANSIENT.after(Duration::from_secs(1))) >= Duration::from_secs(5 * 60));
/// assert!(first(Verdict::THROTTLED) >= Duration::from_secs(15 * 60));
/// ```
pub static DEFAULT: Policy = list_repeating(const { &times(1) })
    .capped(secs(LONGEST))
    .jitter(jitter(15, 15))
    .hints(HintRule::AtLeast, secs(DAY))
    .within(secs(5 * DAY))
    .on_class(Retryable::Throttled, &THROTTLED)
    .on_class(Retryable::Persistent, &PERSISTENT);

static THROTTLED: Policy = list_repeating(const { &times(4) })
    .capped(secs(4 * LONGEST))
    .jitter(jitter(15, 15))
    .hints(HintRule::AtLeast, secs(DAY));

static PERSISTENT: Policy =
    Policy::constant(secs(4 * HOUR)).jitter(jitter(15, 15)).hints(HintRule::AtLeast, secs(DAY)).within(secs(3 * DAY));

const LONGEST: u64 = 2 * HOUR;

const fn times(factor: u64) -> [std::time::Duration; 6] {
    delays([
        6 * MINUTE * factor,
        10 * MINUTE * factor,
        20 * MINUTE * factor,
        40 * MINUTE * factor,
        80 * MINUTE * factor,
        LONGEST * factor,
    ])
}

/// For mail that is worth nothing when it is late, such as one-time codes: 1, 5, 30 s, 2, 10 minutes; 6 attempts, and none after
/// 30 minutes.
///
/// It expires rather than arrives late. The delays take 12 min 36 s; the rest of the half hour is for attempts that take long and
/// for servers that ask to wait. A hint beyond the half hour ends the run at once.
///
/// ```
/// use retry_email::preset::INTERACTIVE;
/// use std::time::Duration;
///
/// // 1 + 5 + 30 + 120 + 600 s
/// assert_eq!(INTERACTIVE.max_total_delay(), Some(Duration::from_secs(756)));
/// assert_eq!(INTERACTIVE.time_limit(), Some(Duration::from_secs(30 * 60)));
/// ```
pub static INTERACTIVE: Policy = list(const { &delays([1, 5, 30, 2 * MINUTE, 10 * MINUTE]) }).within(secs(30 * MINUTE));
