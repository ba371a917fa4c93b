use std::time::Duration;

use retry_core::{
    Backoff, ByAge, Constant, Decision, Decorrelated, DecorrelatedV2, Exponential, Fibonacci, Full, Interval, Linear,
    Policy, Polynomial, Ratio, RetryPolicy, Schedule, Seeded, Segment, Segments, Staggered, StopReason, Verdict,
};

use crate::support::facts::{DAY, HOUR, MINUTE, SECOND, Simulation};

fn postfix() -> ByAge {
    ByAge::new(300 * SECOND, 4000 * SECOND).unwrap()
}

/// `F,2h,15m; G,16h,1h,1.5; F,4d,6h`, Exim's default.
fn exim() -> Segments {
    let factor = Ratio::new(3, 2).unwrap();
    Segments::new(vec![
        Segment::new(2 * HOUR, Interval::Fixed(15 * MINUTE)),
        Segment::new(16 * HOUR, Interval::Geometric { first: HOUR, factor }),
        Segment::new(4 * DAY, Interval::Fixed(6 * HOUR)),
    ])
    .unwrap()
}

fn minutes(span: Duration) -> u64 {
    span.as_secs() / 60
}

#[test]
fn postfix_tries_after_5_10_20_40_and_80_minutes_and_then_every_4000_seconds() {
    let policy = Policy::new(postfix().into()).within(5 * DAY);
    let run = Simulation::idle(&policy, &mut Seeded::new(0), 999);
    let starts: Vec<_> = run.starts.iter().copied().map(minutes).collect();
    assert_eq!(starts[..6], [0, 5, 10, 20, 40, 80]);
    // 4,800 s, and from there on always the age of more than 4,000 s, cut to it: +66 min 40 s
    for (n, start) in run.starts[5..].iter().enumerate() {
        assert_eq!(*start, (4_800 + 4_000 * u32::try_from(n).unwrap()) * SECOND);
    }
    // (432,000 - 4,800) / 4,000 = 106.8: 106 more within 5 days, after 6
    assert_eq!((run.starts.len(), run.last()), (112, Decision::Stop(StopReason::Deadline)));
}

#[test]
fn an_age_counts_the_time_that_attempts_take() {
    let run = Simulation::run(&Policy::new(postfix().into()), &mut Seeded::new(0), 3, |_| {
        (1000 * SECOND, Verdict::TRANSIENT)
    });
    // failures at 1,000, at 1,000 + 1,000 + 1,000 = 3,000, at 3,000 + 3,000 + 1,000 = 7,000 s
    assert_eq!(run.delays(), [1000, 3000, 4000].map(|seconds| seconds * SECOND));
}

#[test]
fn exim_tries_every_quarter_and_then_by_geometric_hours_and_then_every_six() {
    let policy = Policy::new(exim().into());
    let run = Simulation::idle(&policy, &mut Seeded::new(0), 999);
    let delays = run.delays();
    assert_eq!(delays[..8], [15 * MINUTE; 8]);
    // 1, 1.5, 2.25, 3.375, 5.0625, 7.59375 h; the last begins at an age of 2 + 13.1875 h, below 16
    let hours = [1.0, 1.5, 2.25, 3.375, 5.062_5, 7.593_75].map(|hours: f64| hours * 3600.0);
    for (delay, seconds) in delays[8..14].iter().zip(hours) {
        assert!((delay.as_secs_f64() - seconds).abs() < 1e-9, "{delay:?} {seconds}");
    }
    assert_eq!(delays[14..], [6 * HOUR; 13]);
    assert_eq!(run.last(), Decision::Stop(StopReason::Schedule));
    // research/email.md 1.2: 27 tries in 4 days. The 28th, at 22.78 + 13 * 6 = 100.78 h, is the last; its failure bounces.
    assert_eq!(run.starts.iter().filter(|start| **start < 4 * DAY).count(), 27);
    assert_eq!(run.starts.len(), 28);
}

/// The last wait begins before the last age, and then there is one attempt more.
#[test]
fn a_schedule_that_ends_by_age_is_bounded_in_time() {
    let policy = Policy::new(exim().into());
    let total = policy.max_total_delay().unwrap();
    assert!(total >= 4 * DAY && total <= 4 * DAY + 6 * HOUR, "{total:?}");
    let elapsed = policy.max_elapsed(HOUR).unwrap();
    // 4 days less a moment, 6 hours of wait, an hour of attempt
    assert!(elapsed >= 4 * DAY + 7 * HOUR - SECOND && elapsed <= 4 * DAY + 8 * HOUR, "{elapsed:?}");
    assert_eq!(policy.max_attempts(), None);
}

#[test]
fn an_outage_longer_than_a_segment_skips_it() {
    // the first attempt alone takes 3 h: no quarters
    let run = Simulation::run(&Policy::new(exim().into()), &mut Seeded::new(0), 2, |_| (3 * HOUR, Verdict::TRANSIENT));
    assert_eq!(run.delays()[0], HOUR);
}

#[test]
fn a_random_interval_lies_between_the_middle_and_the_geometric_delay() {
    let rule = Interval::Random { first: HOUR, factor: Ratio::TWO };
    let policy = Policy::new(Segments::new(vec![Segment::new(DAY, rule)]).unwrap().into());
    let failure = |previous| {
        retry_core::Failure::new(std::num::NonZeroU32::new(2).unwrap(), Duration::ZERO, Verdict::TRANSIENT)
            .with_previous_delay(previous)
    };
    let mut rng = Seeded::new(3);
    let draws: Vec<_> = (0..1000).map(|_| policy.delay(&failure(2 * HOUR), &mut rng).unwrap()).collect();
    // twice 2 h is 4 h, halfway to the first of 1 h is 2.5 h
    let (least, greatest) = (draws.iter().min().unwrap(), draws.iter().max().unwrap());
    assert!(*least >= 150 * MINUTE && *least < 152 * MINUTE, "{least:?}");
    assert!(*greatest <= 4 * HOUR && *greatest > 238 * MINUTE, "{greatest:?}");
    // after less than the first delay it is the first delay
    assert_eq!(policy.delay(&failure(Duration::ZERO), &mut rng), Some(HOUR));
}

#[test]
fn what_follows_segments_goes_on_with_the_count() {
    let soon = Segments::new(vec![Segment::new(2 * SECOND, Interval::Fixed(SECOND))]).unwrap();
    let list = Staggered::new((1..9).map(|n| n * MINUTE).collect()).unwrap();
    let policy = Policy::new(Schedule::from(soon).followed_by(list.into()));
    let run = Simulation::idle(&policy, &mut Seeded::new(0), 5);
    // ages 0 and 1 s: a second each; from then on the list's third delay, fourth, ..
    assert_eq!(run.delays(), [SECOND, SECOND, 3 * MINUTE, 4 * MINUTE, 5 * MINUTE]);
}

/// Where nothing is known of how long attempts take, the next segment may come at any time.
#[test]
fn the_bound_of_taken_segments_counts_what_may_follow_them() {
    let soon = Segments::new(vec![Segment::new(SECOND, Interval::Fixed(SECOND))]).unwrap();
    let schedule = Schedule::from(soon).taken(5).followed_by(Constant::new(HOUR).into());
    let policy = Policy::new(schedule).attempts(6);
    let run = Simulation::idle(&policy, &mut Seeded::new(0), 6);
    // 1 s at age 0, and 4 times an hour
    assert_eq!(run.session.slept(), 4 * HOUR + SECOND);
    assert!(policy.max_total_delay() >= Some(run.session.slept()), "{:?}", policy.max_total_delay());
}

#[test]
fn who_looks_at_the_age_needs_the_time() {
    let aged = [Schedule::from(postfix()), exim().into()];
    for schedule in aged {
        assert!(Backoff::needs_time(&schedule));
        assert!(Policy::new(schedule.clone()).needs().time);
        assert!(Policy::new(Schedule::from(Constant::new(HOUR)).taken(1).followed_by(schedule.clone())).needs().time);
        assert!(Policy::new(schedule.clone().at_least(HOUR).times(Ratio::TWO).taken(3)).needs().time);
        let in_class = Policy::new(schedule).attempts(3);
        let policy = Policy::constant(HOUR).on_class_owned(retry_core::Retryable::Throttled, in_class);
        assert!(policy.needs().time);
    }
    let ageless: [&dyn Backoff; 8] = [
        &Constant::new(HOUR),
        &Linear::new(HOUR),
        &Exponential::new(HOUR),
        &Fibonacci::new(HOUR),
        &Polynomial::new(HOUR, HOUR, 2),
        &Staggered::from_static(&[]),
        &Decorrelated::new(HOUR, DAY).unwrap(),
        &DecorrelatedV2::new(HOUR, DAY),
    ];
    for schedule in ageless {
        assert!(!schedule.needs_time());
        assert!(!schedule.take(3).floored(HOUR).scaled(Ratio::TWO).capped(DAY).jittered(Full).needs_time());
        assert!(schedule.take(3).then(postfix()).needs_time());
    }
    assert!(Policy::constant(HOUR).within(DAY).needs().time);
    assert!(!Policy::constant(HOUR).within(DAY).within(Duration::MAX).needs().time);
}
