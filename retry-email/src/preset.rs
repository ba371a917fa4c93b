//! Mail's well-known retry schedules, by name, as plain data.
//!
//! Each is a `static` [`Policy`]: read it, clone it and change it, or take it by name from a configuration file.
//! None needs a feature of this crate.
//!
//! | name | delays | ends | attempts |
//! |---|---|---|---|
//! | [`default`](DEFAULT) | 6, 10, 20, 40, 80 min, then up to 2 h, all +-15 % | 5 d | about 73 |
//! | [`interactive`](INTERACTIVE) | 1, 5, 30 s, 2, 10 min | 30 min | 6 |
//! | [`rfc5321`](RFC5321) | 30, 30 min, then 2 h 30 min | 5 d | 50 |
//! | [`postfix`](POSTFIX) | the message's age, 300 s to 4,000 s | 5 d | 112 |
//! | [`exim`](EXIM) | 15 min for 2 h, from 1 h on times 1.5 until 16 h, then 6 h | 4 d | 27 |
//! | [`opensmtpd`](OPENSMTPD) | 400, 1,200, 2,000 s, and so on: at 400 s times n squared | 4 d | 30 |
//! | [`sendmail`](SENDMAIL) | 1 h | 5 d | 121 |
//! | [`stalwart`](STALWART) | 2, 5, 10, 15, 30 min, 1, 2, 24, 72 h | 3 d | 9 |
//! | [`kumomta`](KUMOMTA) | 20 min, doubling, +-30 s | 7 d | 9 |
//! | [`haraka`](HARAKA) | 64 s, doubling | | 13 |
//! | [`postal`](POSTAL) | 5 min, times 1.3 | | 18 |
//! | [`zonemta`](ZONEMTA) | 5, 7, 8, 25, 75, 120 min, eleven times 4 h | 48 h | 18 |
//! | [`ims_urgent`](IMS_URGENT) | 30, 60, 60, 120, 120, 120, then 240 min | 5 d | 34 |
//! | [`ims_normal`](IMS_NORMAL) | 60, 120, 120, 240, 240, 240, then 480 min | 5 d | 19 |
//! | [`ims_nonurgent`](IMS_NONURGENT) | 120, 240, 240, 480, 480, 480, then 960 min | 5 d | 12 |
//! | [`django_mailer`](DJANGO_MAILER) | 20 min | | no limit |
//! | [`perl_retryable`](PERL_RETRYABLE) | 1, 2, 4, 8, 16 s | | 6 |
//! | [`seed_exponential`](SEED_EXPONENTIAL) | 60, 120, 240, 480, 960 s | | 6 |
//! | [`seed_handler`](SEED_HANDLER) | 60, 120, 240, 480 s | | 5 |
//! | [`seed_staggered`](SEED_STAGGERED) | 5, 5, 10, 30, 60 min | | 6 |
//! | [`seed_intervals`](SEED_INTERVALS) | 5, 10, 30, 60 min | | 5 |
//! | [`seed_temporary`](SEED_TEMPORARY) | 5, 10, 15 min, up to 20 % more | | 4 |
//! | [`seed_persistent`](SEED_PERSISTENT) | 30, 60, 90, 120, 150 min, up to 10 % more | | 6 |
//! | [`seed_permanent`](SEED_PERMANENT) | none | | 1 |
//! | [`seed_best_practice`](SEED_BEST_PRACTICE) | 10 min, doubling up to 24 h, +-15 % | 72 h | 10, rarely 9 or 11 |
//!
//! Attempts are counted as if none took any time: a server that takes minutes to fail sees fewer before the end.
//! The last attempt may start exactly at the end, and none later.
//!
//! # What they do not say
//! These are schedules. The servers' concurrency, their memory of dead hosts and their queue scans are other parts' work, and a
//! schedule by age ([`postfix`](POSTFIX), [`exim`](EXIM)) looks at the time when it decides, not at the next scan. All follow a
//! server's hints as policies do by default: wait at least as long, up to 24 h.
//!
//! Under all but [`default`](DEFAULT) a failure of class Persistent (a full mailbox) or Misconfigured ends the run, as the engine
//! does unless a policy is named for the class. Mail servers themselves retry a full mailbox that was refused by a 4yz
//! reply like anything else; give the class the same policy for that.
//!
//! ```
//! use retry_core::Retryable;
//! use retry_email::preset::POSTFIX;
//!
//! let like_postfix = POSTFIX.clone().on_class(Retryable::Persistent, &POSTFIX);
//! assert_eq!(like_postfix.class_policy(Retryable::Persistent), Some(&POSTFIX));
//! ```

use std::time::Duration;

use retry_core::{Law, Policy, Proportional, Ratio, Schedule, Staggered};

mod article;
mod libraries;
mod mail_servers;
mod ours;
mod priorities;
mod standard;
mod table;

pub use article::{
    SEED_BEST_PRACTICE, SEED_EXPONENTIAL, SEED_HANDLER, SEED_INTERVALS, SEED_PERMANENT, SEED_PERSISTENT,
    SEED_STAGGERED, SEED_TEMPORARY,
};
pub use libraries::{DJANGO_MAILER, PERL_RETRYABLE, perl_retryable, perl_retryable_as_coded};
pub use mail_servers::{EXIM, HARAKA, KUMOMTA, OPENSMTPD, POSTAL, POSTFIX, SENDMAIL, STALWART, ZONEMTA};
pub use ours::{DEFAULT, INTERACTIVE};
pub use priorities::{IMS_NONURGENT, IMS_NORMAL, IMS_URGENT};
pub use standard::RFC5321;
pub use table::{Preset, Presets};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

/// A table of delays, in seconds.
const fn delays<const N: usize>(secs: [u64; N]) -> [Duration; N] {
    let (mut delays, mut at) = ([Duration::ZERO; N], 0);
    while at < N {
        delays[at] = Duration::from_secs(secs[at]);
        at += 1;
    }
    delays
}

/// These delays, and no more.
const fn list(delays: &'static [Duration]) -> Policy {
    Policy::new(Schedule::Staggered(Staggered::from_static(delays)))
}

/// These delays, the last of them again and again.
const fn list_repeating(delays: &'static [Duration]) -> Policy {
    Policy::new(Schedule::Staggered(Staggered::from_static(delays).last_repeats()))
}

/// For constants: what is invalid does not compile.
const fn ratio(times: u32, per: u32) -> Ratio {
    match Ratio::new(times, per) {
        Ok(ratio) => ratio,
        Err(_) => panic!("a ratio of constants"),
    }
}

/// For constants: so many hundredths sooner or later.
const fn jitter(sooner: u32, later: u32) -> Law {
    match Proportional::between(sooner * 10_000, later * 10_000) {
        Ok(proportional) => Law::Proportional(proportional),
        Err(_) => panic!("proportions of constants"),
    }
}
