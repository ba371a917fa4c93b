//! Numbers of a case as the engine's types.

use std::time::Duration;

use retry_core::{Proportional, Ratio};
use serde_json::Value;

use super::fault::Fault;
use super::unit::Unit;

/// A time in `unit`; `None` if it is negative or no number.
pub(crate) fn duration(value: &Value, unit: Unit) -> Option<Duration> {
    match value.as_u64() {
        Some(whole) => Some(unit.whole(whole)),
        None => value.as_f64().filter(|value| *value >= 0.0).map(|value| unit.duration(value)),
    }
}

/// The ratio of integers that `factor` was written as: the first of its continued fraction within the precision of a float.
///
/// What is beyond a ratio's range counts as the most that is in it.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
#[expect(clippy::cast_precision_loss, reason = "a float's precision is what it approaches")]
pub(crate) fn ratio(factor: f64) -> Result<Ratio, Fault> {
    // A NaN is not "at least 0" either.
    if !(0.0..).contains(&factor) {
        return Err(Fault::refused(format!("a factor of {factor}")));
    }
    let (mut before, mut now) = ((0_u64, 1_u64), (1_u64, 0_u64));
    let mut rest = factor;
    for _ in 0..64 {
        let whole = rest.floor() as u64;
        let next = (
            whole.saturating_mul(now.0).saturating_add(before.0),
            whole.saturating_mul(now.1).saturating_add(before.1),
        );
        let (Ok(_), Ok(_)) = (u32::try_from(next.0), u32::try_from(next.1)) else { break };
        (before, now) = (now, next);
        let error = (now.0 as f64 / now.1 as f64 - factor).abs();
        if error <= factor * 1e-15 {
            break;
        }
        rest = 1.0 / (rest - rest.floor());
    }
    match (u32::try_from(now.0), u32::try_from(now.1)) {
        // The whole part alone was beyond the range.
        (Ok(_), Ok(0)) => Ok(Ratio::integer(u32::MAX)),
        (Ok(times), Ok(per)) => Ok(Ratio::new(times, per)?),
        _ => Ok(Ratio::integer(u32::MAX)),
    }
}

/// A proportion to the millionth; a negative one is refused here, and one beyond 1 by [`Proportional`].
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
pub(crate) fn millionths(proportion: f64) -> Result<u32, Fault> {
    if (0.0..).contains(&proportion) {
        Ok((proportion * 1e6).round() as u32)
    } else {
        Err(Fault::refused(format!("a proportion of {proportion}")))
    }
}

/// A proportion to the millionth, cut; a negative one counts as none.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float cast saturates")]
pub(crate) fn millionths_down(proportion: f64) -> u32 {
    (proportion * 1e6).floor() as u32
}

/// `max` and a proportion of it: the longest delay of a peer that caps first and then spreads to both sides.
pub(crate) fn raised(max: Duration, proportion: f64) -> Result<Duration, Fault> {
    let times = 1_000_000_u128 + u128::from(millionths(proportion)?);
    Ok(Duration::from_nanos(u64::try_from(max.as_nanos() * times / 1_000_000).unwrap_or(u64::MAX)))
}

/// Plus or minus `proportion`.
pub(crate) fn plus_minus(proportion: f64) -> Result<Proportional, Fault> {
    Ok(Proportional::millionths(millionths(proportion)?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_become_the_ratios_they_were_written_as() {
        for (factor, times, per) in
            [(2.0, 2, 1), (1.5, 3, 2), (1.2, 6, 5), (2.1, 21, 10), (0.0, 0, 1), (0.99, 99, 100), (1e30, u32::MAX, 1)]
        {
            assert_eq!(ratio(factor).unwrap(), Ratio::new(times, per).unwrap(), "{factor}");
        }
        assert!(ratio(-0.5).is_err());
        assert!(ratio(f64::NAN).is_err());
    }
}
