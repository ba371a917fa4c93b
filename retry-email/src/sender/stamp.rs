use std::borrow::Cow;
use std::time::{SystemTime, UNIX_EPOCH};

use retry_core::Clock;

use crate::{Address, Envelope, identified};

/// The message with what it should have, once for all attempts.
pub(super) fn stamped<'m>(message: &'m [u8], envelope: &Envelope, clock: &impl Clock) -> Cow<'m, [u8]> {
    #[expect(clippy::disallowed_methods, reason = "a Date is of the wall clock, whatever time retries go by")]
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let unique = u128::from(clock.random()) << 64 | u128::from(clock.random());
    identified(message, seconds, unique, envelope.sender().map_or("localhost", Address::domain))
}
