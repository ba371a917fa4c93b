//! Celery: `factor * 2^retries` seconds up to a maximum, with full jitter over whole seconds, both ends included.

use std::time::Duration;

use retry_core::{Backoff as _, Entropy, Exponential, Full, Jitter};
use serde_json::Value;

use crate::conformance::case::Case;
use crate::conformance::draws;
use crate::conformance::expectation::Expectation;
use crate::conformance::expression::{self, Expression};
use crate::conformance::fault::{Fault, Outcome, same};
use crate::conformance::fields::Fields;
use crate::conformance::runs::{self, AnyBackoff, Delays};
use crate::conformance::unit::{GREATEST, Unit};

/// Uniform over the whole seconds from 0 to the delay: as many as `randrange` is asked to choose from.
struct WholeSeconds;

impl WholeSeconds {
    /// From how many it draws.
    const fn choices(delay: Duration) -> u64 {
        delay.as_secs().saturating_add(1)
    }
}

impl Jitter for WholeSeconds {
    fn apply(&self, delay: Duration, cap: Duration, rng: &mut dyn Entropy) -> Duration {
        let below = Duration::from_secs(Self::choices(delay.min(cap))).saturating_sub(Duration::from_nanos(1));
        Unit::Seconds.floor(Full.apply(below, Duration::MAX, rng))
    }
}

/// Without jitter, and with it. A negative factor gives no wait at all.
fn schedule(factor: Duration, maximum: Duration, full_jitter: bool) -> AnyBackoff {
    let schedule = Exponential::new(factor).capped(maximum);
    if full_jitter { Box::new(schedule.jittered(WholeSeconds)) } else { Box::new(schedule) }
}

struct Settings {
    factor: Duration,
    retries: u64,
    maximum: Duration,
    full_jitter: bool,
}

impl Settings {
    fn of(input: Fields<'_>) -> Result<Self, Fault> {
        input.only(&["factor", "retries", "maximum", "full_jitter", "randrange"])?;
        Ok(Self {
            factor: Unit::Seconds.duration(input.need_number("factor")?),
            retries: input.need_whole("retries")?,
            maximum: input.amount("maximum")?.map_or(GREATEST, |maximum| Unit::Seconds.duration(maximum)),
            full_jitter: input.flag("full_jitter")?,
        })
    }

    fn delay(&self, full_jitter: bool, draw: &mut draws::Draw) -> Option<Duration> {
        schedule(self.factor, self.maximum, full_jitter).delay(&runs::failure(self.retries.saturating_add(1)), draw)
    }
}

/// `randrange` says what the random source answers when it is asked for one of `n`.
pub(super) fn backoff(case: &Case) -> Outcome {
    let input = case.input();
    let settings = Settings::of(input)?;
    let expected = Expectation::of(case)?;
    let check = |mut draw: draws::Draw| expected.check(case, settings.delay(settings.full_jitter, &mut draw));
    match input.text("randrange")? {
        Some(formula) => {
            let delay = settings.delay(false, &mut draws::always(0.0)).unwrap_or_default();
            check(draws::always(answered(formula, delay)?))
        }
        None => draws::many().try_for_each(check),
    }
}

/// The draw that makes a delay of up to `longest` the answer of `randrange`, a formula of the number of choices.
#[expect(clippy::cast_precision_loss, reason = "a number of seconds")]
fn answered(randrange: &str, longest: Duration) -> Result<f64, Fault> {
    let choices = WholeSeconds::choices(longest) as f64;
    let formula = Expression::parse(randrange).map_err(Fault::Unreadable)?;
    let answer = formula.value(&|_| expression::Value::Number(choices)).number();
    let answer = answer.ok_or_else(|| Fault::unreadable("`randrange` is no number"))?;
    // The middle of the answer's share of the draws.
    Ok((answer + 0.5) / choices)
}

/// From how many it draws, and that it draws all of them: the least and the greatest draw are 0 and one less than that.
pub(super) fn jitter_range(case: &Case) -> Outcome {
    let settings = Settings::of(case.input())?;
    let expected = case.all().object("expect").need_whole("randrange_arg")?;
    let drawn = |u| settings.delay(true, &mut draws::always(u)).map(|delay| delay.as_secs());
    same((Some(0), Some(expected.saturating_sub(1))), (drawn(0.0), drawn(1.0)))
}

/// The countdown of each call of a task that retries itself: nothing where `retry_backoff` is off, else by a factor of whole
/// seconds, at least 1, up to 10 minutes.
pub(super) fn autoretry(case: &Case) -> Outcome {
    let input = case.input();
    input.only(&["retry_backoff", "retry_jitter", "retry_backoff_max", "max_retries", "randrange"])?;
    let factor = match input.get("retry_backoff") {
        None | Some(Value::Bool(false)) => 0.0,
        Some(Value::Bool(true)) => 1.0,
        Some(_) => input.need_number("retry_backoff")?,
    };
    let expected = case.all().need_list("expect")?;
    let retries = input.count("max_retries")?.unwrap_or(3);
    // One countdown a call, and the first call is no retry.
    same(u64::from(retries) + 1, u64::try_from(expected.len()).unwrap_or(u64::MAX))?;
    if factor.abs() < f64::MIN_POSITIVE {
        return expected.iter().try_for_each(|countdown| same(&Value::Null, countdown));
    }
    let maximum = input.duration("retry_backoff_max")?.unwrap_or(Duration::from_secs(600));
    let jitter = input.get("retry_jitter").is_none() || input.flag("retry_jitter")?;
    let factor = Unit::Seconds.floor(Unit::Seconds.duration(factor.max(1.0)));
    let policy = schedule(factor, maximum, jitter).into_policy();
    let check = |draw: draws::Draw| {
        let mut run = Delays::new(&policy, draw);
        expected.iter().try_for_each(|countdown| Expectation::read(countdown, case.unit)?.check(case, run.next()))
    };
    match input.text("randrange")? {
        Some(formula) => {
            let longest = schedule(factor, maximum, false).into_policy();
            let longest = Delays::new(&longest, draws::always(0.0)).take(expected.len());
            check(draws::these(&longest.map(|delay| answered(formula, delay)).collect::<Result<Vec<_>, _>>()?))
        }
        None => draws::many().try_for_each(check),
    }
}
