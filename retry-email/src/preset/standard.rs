use retry_core::Policy;

use super::{DAY, MINUTE, delays, list_repeating, secs};

/// What RFC 5321 section 4.5.4.1 recommends: 30 minutes, 30 minutes, then every 2 h 30 min; ends after 5 days.
///
/// The section asks for intervals of at least 30 minutes, two attempts in the first hour and then one every two or three
/// hours, and to give up after four to five days at the earliest. That makes 50 attempts: at 0, 30 and 60 minutes, and 47
/// more, the last of them at 118 h 30 min.
///
/// ```
/// use retry_email::preset::RFC5321;
/// use std::time::Duration;
///
/// assert_eq!(RFC5321.time_limit(), Some(Duration::from_secs(5 * 86_400)));
/// ```
pub static RFC5321: Policy =
    list_repeating(const { &delays([30 * MINUTE, 30 * MINUTE, 150 * MINUTE]) }).within(secs(5 * DAY));
