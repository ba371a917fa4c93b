//! Priority lanes: the more urgent the mail, the sooner it is tried again.

use retry_core::Policy;

use super::{DAY, MINUTE, delays, list_repeating, secs};

/// Urgent mail in iPlanet (later Sun Java System) Messaging Server: 30, 60, 60, 120, 120, 120, 240 minutes, then every 240;
/// ends after 5 days.
///
/// That makes 34 attempts: eight in the first 12 h 30 min, then 26 more. The seven delays are those of the server's manual; that
/// the last repeats is from memory of the same page, and the end is ours.
///
/// ```
/// use retry_core::{Failure, Seeded, Verdict};
/// use retry_email::preset::IMS_URGENT;
/// use std::time::Duration;
///
/// let delay = IMS_URGENT.delay(&Failure::first(Verdict::TRANSIENT), &mut Seeded::new(0));
/// assert_eq!(delay, Some(Duration::from_secs(30 * 60)));
/// ```
pub static IMS_URGENT: Policy = lane(const { &minutes([30, 60, 60, 120, 120, 120, 240]) });

/// Normal mail in the same server: 60, 120, 120, 240, 240, 240, 480 minutes, then every 480; ends after 5 days.
///
/// That makes 19 attempts: eight in the first 25 hours, then 11 more. See [`IMS_URGENT`] for the source.
///
/// ```
/// use retry_core::{Failure, Seeded, Verdict};
/// use retry_email::preset::IMS_NORMAL;
/// use std::time::Duration;
///
/// let delay = IMS_NORMAL.delay(&Failure::first(Verdict::TRANSIENT), &mut Seeded::new(0));
/// assert_eq!(delay, Some(Duration::from_secs(60 * 60)));
/// ```
pub static IMS_NORMAL: Policy = lane(const { &minutes([60, 120, 120, 240, 240, 240, 480]) });

/// Mail that is not urgent in the same server: 120, 240, 240, 480, 480, 480, 960 minutes, then every 960; ends after 5 days.
///
/// That makes 12 attempts: eight in the first 50 hours, then 4 more. See [`IMS_URGENT`] for the source.
///
/// ```
/// use retry_core::{Failure, Seeded, Verdict};
/// use retry_email::preset::IMS_NONURGENT;
/// use std::time::Duration;
///
/// let delay = IMS_NONURGENT.delay(&Failure::first(Verdict::TRANSIENT), &mut Seeded::new(0));
/// assert_eq!(delay, Some(Duration::from_secs(120 * 60)));
/// ```
pub static IMS_NONURGENT: Policy = lane(const { &minutes([120, 240, 240, 480, 480, 480, 960]) });

const fn lane(delays: &'static [std::time::Duration]) -> Policy {
    list_repeating(delays).within(secs(5 * DAY))
}

const fn minutes(minutes: [u64; 7]) -> [std::time::Duration; 7] {
    let (mut secs, mut at) = ([0; 7], 0);
    while at < secs.len() {
        secs[at] = minutes[at] * MINUTE;
        at += 1;
    }
    delays(secs)
}
