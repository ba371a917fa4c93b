use std::time::Duration;

use retry_core::{Backoff, Constant, Decision, Policy, RetryPolicy, Seeded, Session, StopReason, Time, Verdict};

use crate::support::facts::{FOREVER, SECOND, ns};

#[test]
fn instants_are_apart_by_what_lies_between_and_never_by_less_than_nothing() {
    let (early, late) = (Time::from_nanos(5), Time::from_nanos(1_000_000_005));
    assert_eq!(late.since(early), SECOND);
    assert_eq!(early.since(late), ns(0));
    assert_eq!(early.after(SECOND), late);
    assert!(early < late);
    assert_eq!(late.after(Duration::MAX), Time::from_nanos(u64::MAX));
    assert_eq!(Time::from_nanos(u64::MAX).since(Time::default()), FOREVER);
}

/// A clock that steps back makes the elapsed time nothing, not 584 years.
#[test]
fn a_clock_that_steps_back_ends_no_run() {
    let policy = Policy::constant(SECOND).within(9 * SECOND);
    let mut session = Session::begin(Time::from_nanos(1_000));
    let decision = session.on_failure(Time::from_nanos(0), Verdict::TRANSIENT, &policy, &mut Seeded::new(0));
    assert_eq!(decision, Decision::retry(SECOND));
}

/// A session that begins late counts from there.
#[test]
fn elapsed_time_counts_from_the_beginning() {
    let policy = Policy::constant(SECOND).within(3 * SECOND);
    let start = Time::from_nanos(u64::MAX / 2);
    let decide = |after| {
        let mut session = Session::begin(start);
        session.on_failure(start.after(after), Verdict::TRANSIENT, &policy, &mut Seeded::new(0))
    };
    // 2 s and a wait of 1 s are just in time
    assert_eq!(decide(2 * SECOND), Decision::retry(SECOND));
    assert_eq!(decide(2 * SECOND + ns(1)), Decision::Stop(StopReason::Deadline));
}

/// "Starts no attempt later than `limit` after the first began", with no wait at all.
#[test]
fn a_limit_in_time_holds_where_there_is_nothing_to_wait() {
    let at_once = Policy::constant(ns(0)).within(SECOND);
    let open = Constant::new(ns(0)).into_policy().within(SECOND);
    let policies: [&dyn RetryPolicy; 2] = [&at_once, &open];
    for policy in policies {
        let decide = |after| {
            let mut session = Session::begin(Time::default());
            session.on_failure(Time::default().after(after), Verdict::TRANSIENT, policy, &mut Seeded::new(0))
        };
        assert_eq!(decide(SECOND), Decision::retry(ns(0)));
        assert_eq!(decide(SECOND + ns(1)), Decision::Stop(StopReason::Deadline));
        assert_eq!(decide(100 * SECOND), Decision::Stop(StopReason::Deadline));
    }
}
