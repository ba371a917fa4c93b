//! What costs no byte.

use std::future::{Ready, ready};
use std::time::Duration;

use retry_core::{Call, Decision, History, Limits, Plain, Policy, Retry, Session, TokioSleeper, Uncut, Verdict, With};
use tokio::time::Sleep;

use crate::support::facts::SECOND;

static POLICY: Policy = Policy::constant(Duration::from_secs(1));

#[test]
fn a_session_is_48_bytes_and_its_absence_takes_none() {
    assert_eq!((size_of::<Session>(), size_of::<Option<Session>>()), (48, 48));
    assert_eq!((size_of::<Verdict>(), size_of::<Decision>()), (16, 16));
}

#[test]
fn absent_parts_take_no_space() {
    assert_eq!(size_of::<Plain>(), 0);
    assert_eq!(size_of::<With<(), (), History<9>, ()>>(), 0);
    assert_eq!(size_of::<With<Limits, (), (), ()>>(), size_of::<Limits>());
    assert_eq!(size_of::<Uncut<Ready<u64>>>(), size_of::<Ready<u64>>());
    let retry = Retry::new(&POLICY);
    assert_eq!(size_of_val(&retry), size_of::<&Policy>());
    assert_eq!(size_of_val(&retry.by_self().observe(()).history::<4>().reject(|_: &u8| None)), size_of::<&Policy>());
}

/// A reference to the retrier, the operation, the session, and the larger of tokio's timer and the operation's future.
#[test]
fn a_call_is_its_reference_its_operation_its_session_and_a_timer() {
    let retry = Retry::new(&POLICY);
    let captured = [1_u64; 3];
    let small = || ready(Ok::<_, ()>(1));
    let larger = || ready(Ok::<u64, ()>(captured[0]));
    assert_eq!(size_of_val(&small), 0);
    assert_eq!(size_of_val(&retry.call(small)), 8 + 48 + size_of::<Sleep>());
    assert_eq!(size_of_val(&retry.call(larger)), 8 + 8 + 48 + size_of::<Sleep>());
    let owning = move || ready(Ok::<u64, ()>(captured[0]));
    assert_eq!(size_of_val(&retry.call(owning)), 8 + 24 + 48 + size_of::<Sleep>());
    assert_eq!(size_of_val(&retry.call_with(|_| ready(Ok::<_, ()>(1)))), size_of_val(&retry.call(small)));
    // the future of the row "three failures" in the design's table
    assert!(size_of_val(&retry.call(small)) <= size_of::<Sleep>() + 64);
}

/// By reference, so that a boxed policy and an observer make no call larger.
#[test]
fn what_the_retrier_holds_makes_no_call_larger() {
    let op = || ready(Ok::<_, &str>(1));
    let plain = size_of_val(&Retry::new(&POLICY).call(op));
    let boxed = Retry::new(retry_core::RetryPolicy::boxed(POLICY.clone()));
    assert_eq!(size_of_val(&boxed.call(op)), plain);
    let observed = Retry::new(POLICY.clone()).observe(retry_core::test_util::Recorder::default());
    assert_eq!(size_of_val(&observed.call(op)), plain);
    let rejecting = Retry::new(&POLICY).reject(|_: &i32| None);
    assert_eq!(size_of_val(&rejecting.call(op)), plain);
}

#[test]
fn a_history_and_a_timer_take_their_own_size() {
    let op = || ready(Ok::<_, ()>(1));
    let plain = size_of_val(&Retry::new(&POLICY).call(op));
    let kept = size_of_val(&Retry::new(&POLICY).history::<4>().call(op));
    assert_eq!(kept, plain + size_of::<History<4>>());
    // the attempt and its timer take the place of the wait
    let cut = size_of_val(&Retry::new(&POLICY).timeout(SECOND).call(op));
    assert!(cut <= plain + size_of::<Ready<Result<i32, ()>>>() + 8, "{cut} {plain}");
}

#[test]
fn the_type_of_a_call_can_be_written_down() {
    type Op = retry_core::NoArg<fn() -> Ready<Result<u8, ()>>>;
    struct Holds<'a>(Call<'a, Policy, TokioSleeper, retry_core::AnyError, (), Plain, Op>);
    let retry = Retry::new(POLICY.clone());
    let op: fn() -> Ready<Result<u8, ()>> = || ready(Ok(1));
    let holds = Holds(retry.call(op));
    assert_eq!(size_of_val(&holds.0), 8 + 8 + 48 + size_of::<Sleep>());
}
