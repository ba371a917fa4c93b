//! Policies as Exim's rules.

use std::time::Duration;

use retry_core::{Constant, HintRule, Interval, Law, Policy, Ratio, Retryable, Schedule, Segment, Segments};
use retry_email::exim::{self, NotExim};
use retry_email::preset::{EXIM, POSTFIX};

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(86_400);

fn one(until: Duration, interval: Interval) -> Policy {
    Policy::new(Schedule::Segments(Segments::from_static(Box::leak(Box::new([Segment::new(until, interval)])))))
        .capped(DAY)
        .within(until)
}

fn geometric(times: u32, per: u32) -> Interval {
    Interval::Geometric { first: HOUR, factor: Ratio::new(times, per).unwrap() }
}

#[test]
fn a_rule_is_written_with_the_greatest_units_and_no_more_decimals_than_needed() {
    assert_eq!(exim::write(&EXIM).as_deref(), Ok("F,2h,15m; G,16h,1h,1.5; F,4d,6h"));
    assert_eq!(exim::write(&one(36 * HOUR, Interval::Fixed(HOUR * 3 / 2))).as_deref(), Ok("F,1d12h,1h30m"));
    assert_eq!(exim::write(&one(7 * DAY, geometric(1009, 1000))).as_deref(), Ok("G,1w,1h,1.009"));
    let random = Interval::Random { first: HOUR, factor: Ratio::TWO };
    assert_eq!(exim::write(&one(DAY, random)).as_deref(), Ok("H,1d,1h,2"));
}

#[test]
fn what_exim_cannot_say_is_refused() {
    let half = Duration::from_millis(500);
    let fixed = Interval::Fixed(HOUR);
    static HOURLY: Policy = Policy::constant(HOUR);
    let backwards: &[Segment] = Box::leak(Box::new([Segment::new(DAY, fixed), Segment::new(HOUR, fixed)]));
    for (policy, expected) in [
        (POSTFIX.clone(), NotExim::Schedule),
        (Policy::new(Constant::new(HOUR).into()), NotExim::Schedule),
        (Policy::new(Schedule::Segments(Segments::from_static(&[]))), NotExim::Schedule),
        (Policy::new(Schedule::Segments(Segments::from_static(backwards))), NotExim::Order),
        (one(DAY + half, fixed), NotExim::Time(DAY + half)),
        (one(DAY, Interval::Fixed(half)), NotExim::Time(half)),
        (one(DAY, Interval::Fixed(Duration::ZERO)), NotExim::Time(Duration::ZERO)),
        (one(Duration::MAX, fixed), NotExim::Time(Duration::MAX)),
        (one(DAY, geometric(4, 3)), NotExim::Factor(Ratio::new(4, 3).unwrap())),
        (one(DAY, geometric(1, 2)), NotExim::Factor(Ratio::new(1, 2).unwrap())),
        (EXIM.clone().capped(HOUR), NotExim::Cap),
        (EXIM.clone().within(DAY), NotExim::Within),
        (EXIM.clone().attempts(9), NotExim::Attempts),
        (EXIM.clone().jitter(Law::FULL), NotExim::Other),
        (EXIM.clone().hints(HintRule::Ignore, DAY), NotExim::Other),
        (EXIM.clone().budget_cost(50), NotExim::Other),
        (EXIM.clone().on_class(Retryable::Throttled, &HOURLY), NotExim::Other),
    ] {
        assert_eq!(exim::write(&policy), Err(expected), "{policy:?}");
    }
}
