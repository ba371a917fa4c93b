//! The schedules of mail servers, as they come out of the box.

use retry_core::{Additive, ByAge, Constant, Exponential, Interval, Law, Linear, Policy, Schedule, Segment, Segments};

use super::{DAY, HOUR, MINUTE, delays, list, list_repeating, ratio, secs};

/// Postfix: as long as the message is old, but 300 s at least and 4,000 s at most; ends after 5 days.
///
/// That makes 112 attempts: after 0, 5, 10, 20, 40 and 80 minutes, and then every 66 min 40 s. By age and not by count, so
/// attempts that take long come less often. Source: Postfix 3.12, `global/mail_params.h` (`minimal_backoff_time`,
/// `maximal_backoff_time`, `maximal_queue_lifetime`) and `qmgr/qmgr_active.c`. Its queue manager looks only every 300 s; ours needs no
/// scan.
///
/// ```
/// use retry_core::{Failure, Seeded, Verdict};
/// use retry_email::preset::POSTFIX;
/// use std::num::NonZeroU32;
/// use std::time::Duration;
///
/// let sixth = Failure::new(NonZeroU32::new(6).unwrap(), Duration::from_secs(4800), Verdict::TRANSIENT);
/// assert_eq!(POSTFIX.delay(&sixth, &mut Seeded::new(0)), Some(Duration::from_secs(4000)));
/// ```
pub static POSTFIX: Policy = match ByAge::new(secs(300), secs(4000)) {
    Ok(by_age) => Policy::new(Schedule::ByAge(by_age)).within(secs(5 * DAY)),
    Err(_) => panic!("300 s is below 4,000 s"),
};

/// Exim: every 15 minutes for 2 hours, then from 1 hour on times 1.5 until 16 hours, then every 6 hours; ends after 4 days.
///
/// In Exim's own words `F,2h,15m; G,16h,1h,1.5; F,4d,6h`, which [`exim::parse`](crate::exim::parse) reads as this very
/// policy. That makes 27 attempts: the first, eight after 15 minutes each, six after 1 h, 1.5 h and so on up to 7.59 h, and twelve
/// after 6 hours each, the last of them at 94 h 47 min. Source: Exim 4.96, `src/configure.default` and `src/retry.c`.
/// Exim makes one attempt more, which gives the mail up: the first that its queue runner makes after the four days.
///
/// ```
/// use retry_core::{Failure, Seeded, Verdict};
/// use retry_email::preset::EXIM;
/// use std::time::Duration;
///
/// let delay = EXIM.delay(&Failure::first(Verdict::TRANSIENT), &mut Seeded::new(0));
/// assert_eq!(delay, Some(Duration::from_secs(15 * 60)));
/// ```
pub static EXIM: Policy = crate::exim::by_segments(
    Segments::from_static(
        const {
            &[
                Segment::new(secs(2 * HOUR), Interval::Fixed(secs(15 * MINUTE))),
                Segment::new(secs(16 * HOUR), Interval::Geometric { first: secs(HOUR), factor: ratio(3, 2) }),
                Segment::new(secs(4 * DAY), Interval::Fixed(secs(6 * HOUR))),
            ]
        },
    ),
    secs(4 * DAY),
);

/// OpenSMTPD: attempt n + 1 comes 400 s times n squared after the first; ends after 4 days.
///
/// The delays are 400, 1,200, 2,000 s and so on, by 800 s more each time. That makes 30 attempts, the last of them at 400 s
/// times 29 squared, which is 93 h 26 min 40 s. Source: OpenSMTPD `scheduler_ramqueue.c` (local mail has 10 s in place of 400 s). It counts
/// from the message's creation: where attempts take long, its delays shrink by that and ours do not.
///
/// ```
/// use retry_email::preset::OPENSMTPD;
/// use std::time::Duration;
///
/// // 400 s * 29 * 29
/// assert_eq!(OPENSMTPD.clone().attempts(30).max_total_delay(), Some(Duration::from_secs(336_400)));
/// ```
pub static OPENSMTPD: Policy =
    Policy::new(Schedule::Linear(Linear::new(secs(800)).starting_at(secs(400)))).within(secs(4 * DAY));

/// Sendmail: every hour; ends after 5 days.
///
/// That makes 121 attempts. From memory of its manual, not from the source: whatever is queued is tried at every queue run, and
/// `-q1h` is the usual interval (`Timeout.queuereturn` is 5 days, `Timeout.queuewarn` 4 hours).
///
/// ```
/// use retry_email::preset::SENDMAIL;
/// use std::time::Duration;
///
/// assert_eq!(SENDMAIL.clone().attempts(3).max_total_delay(), Some(Duration::from_secs(2 * 3600)));
/// ```
pub static SENDMAIL: Policy = Policy::new(Schedule::Constant(Constant::new(secs(HOUR)))).within(secs(5 * DAY));

/// Stalwart: 2, 5, 10, 15, 30 minutes, 1, 2, 24, 72 hours, and then every 72 hours; ends after 3 days.
///
/// That makes 9 attempts, the last of them at 28 h 2 min: the next would come 72 hours later. Source: Stalwart
/// `common/src/config/smtp/queue.rs`, the remote queue.
///
/// ```
/// use retry_email::preset::STALWART;
/// use std::time::Duration;
///
/// // 2 + 5 + 10 + 15 minutes
/// assert_eq!(STALWART.clone().attempts(5).max_total_delay(), Some(Duration::from_secs(32 * 60)));
/// ```
pub static STALWART: Policy =
    list_repeating(
        const {
            &delays([
                2 * MINUTE,
                5 * MINUTE,
                10 * MINUTE,
                15 * MINUTE,
                30 * MINUTE,
                HOUR,
                2 * HOUR,
                24 * HOUR,
                72 * HOUR,
            ])
        },
    )
    .within(secs(3 * DAY));

/// `KumoMTA`: 20 minutes, doubling without a cap, each 30 s sooner or later; ends after 7 days.
///
/// That makes 9 attempts, the last of them after 85 hours, give or take 4 minutes. Its jitter is a twentieth of `retry_interval` or 60 s,
/// whichever is less, half of it to either side: 30 s for 20 minutes. Source: KumoMTA `kumod/src/queue/config.rs`.
///
/// ```
/// use retry_email::preset::KUMOMTA;
/// use std::time::Duration;
///
/// // 20 minutes * (1 + 2) + 2 * 30 s
/// assert_eq!(KUMOMTA.clone().attempts(3).max_total_delay(), Some(Duration::from_secs(3660)));
/// ```
pub static KUMOMTA: Policy = Policy::new(Schedule::Exponential(Exponential::new(secs(20 * MINUTE))))
    .jitter(Law::Additive(Additive::around(secs(30))))
    .within(secs(7 * DAY));

/// Haraka: 64 s, doubling; 13 attempts.
///
/// Its twelve delays are 64 s to 131,072 s (36 h 24 min 32 s), 72 h 48 min in sum; the thirteenth failure bounces the message. Source:
/// Haraka `outbound/config.js` (`temp_fail_intervals`, whose spelling `1m, 5m*2, 1h*3` is a policy's text as well).
///
/// ```
/// use retry_email::preset::HARAKA;
/// use std::time::Duration;
///
/// // 64 s * (2^12 - 1)
/// assert_eq!(HARAKA.max_total_delay(), Some(Duration::from_secs(262_080)));
/// ```
pub static HARAKA: Policy = Policy::new(Schedule::Exponential(Exponential::new(secs(64)))).attempts(13);

/// Postal: 5 minutes, times 1.3 each time; 18 attempts.
///
/// Its delays are 300, 390, 507 s and so on, here to the nanosecond and there cut to seconds; 17 of them are 23 h 45 min. After
/// the 18th failure Postal waits once more and then gives up without an attempt (from memory of its code), which we leave out.
/// Source: Postal `has_locking.rb`, and its default of 18 delivery attempts. Like any policy it waits longer where the server asks for it, as Postal does.
///
/// ```
/// use retry_email::preset::POSTAL;
/// use std::time::Duration;
///
/// // 300 s + 390 s
/// assert_eq!(POSTAL.clone().attempts(3).max_total_delay(), Some(Duration::from_secs(690)));
/// ```
pub static POSTAL: Policy =
    Policy::new(Schedule::Exponential(Exponential::new(secs(5 * MINUTE)).factor(ratio(13, 10)))).attempts(18);

/// `ZoneMTA`: 5, 7, 8, 25, 75, 120 minutes, then eleven times 4 hours; ends after 48 hours, which is their sum.
///
/// That makes 18 attempts. Source: ZoneMTA `lib/sender.js`.
///
/// ```
/// use retry_email::preset::ZONEMTA;
/// use std::time::Duration;
///
/// assert_eq!(ZONEMTA.max_attempts().unwrap().get(), 18);
/// assert_eq!(ZONEMTA.max_total_delay(), Some(Duration::from_secs(48 * 3600)));
/// ```
pub static ZONEMTA: Policy = list(
    const {
        const LATER: u64 = 4 * HOUR;
        &delays([
            5 * MINUTE,
            7 * MINUTE,
            8 * MINUTE,
            25 * MINUTE,
            75 * MINUTE,
            120 * MINUTE,
            LATER,
            LATER,
            LATER,
            LATER,
            LATER,
            LATER,
            LATER,
            LATER,
            LATER,
            LATER,
            LATER,
        ])
    },
)
.within(secs(48 * HOUR));
