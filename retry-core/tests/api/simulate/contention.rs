use std::time::Duration;

use retry_core::simulate::{Contention, Trials};
use retry_core::{Decorrelated, Law, Policy, Schedule};

use super::support::near;
use crate::support::facts::{MS, SECOND};

/// Base 5 ms, doubled before the first delay, as the article's simulation has it.
const EXPO: Policy = Policy::exponential(Duration::from_millis(10), Duration::from_secs(2));

fn trials(clients: u32, policy: &Policy) -> Trials {
    Contention::new().clients(clients).trials(policy, 30, 1).unwrap()
}

#[test]
fn in_lockstep_each_round_has_one_winner() {
    let lockstep = Contention::new().clients(20).hop(10 * MS, Duration::ZERO);
    let ran = lockstep.run(&Policy::constant(Duration::ZERO), 1).unwrap();
    // 20 + 19 + ... + 1 calls in 20 rounds of four hops
    assert_eq!((ran.calls, ran.conflicts), (210, 190));
    assert_eq!(ran.took, 20 * 4 * 10 * MS);
}

#[test]
fn one_client_needs_one_call() {
    let ran = Contention::new().clients(1).run(&EXPO, 1).unwrap();
    assert_eq!((ran.calls, ran.conflicts, ran.gave_up), (1, 0, 0));
}

#[test]
fn jitter_is_what_helps_as_the_article_says() {
    let none = trials(100, &Policy::constant(Duration::ZERO));
    let expo = trials(100, &EXPO);
    let equal = trials(100, &EXPO.jitter(Law::EQUAL));
    let full = trials(100, &EXPO.jitter(Law::FULL));
    let decorrelated = Decorrelated::new(Duration::from_millis(5), 2 * SECOND).unwrap();
    let decorrelated = trials(100, &Policy::new(Schedule::Decorrelated(decorrelated)));

    // "the no-jitter exponential backoff approach is the clear loser": it takes more than ten times as long as full jitter
    assert!(expo.took.mean > 10.0 * full.took.mean);
    // and saves little work beside no backoff at all
    assert!(expo.calls.mean > 0.6 * none.calls.mean);
    // jitter saves more than half of the calls that are left
    assert!(full.calls.mean < 0.5 * expo.calls.mean && equal.calls.mean < 0.5 * expo.calls.mean);
    // full jitter is done sooner than equal jitter, for as much work
    assert!(full.took.mean < 0.9 * equal.took.mean);
    near(full.calls.mean / equal.calls.mean, 1.0, 0.1);
    // decorrelated jitter does more work, in about the same time
    assert!(decorrelated.calls.mean > 1.15 * full.calls.mean);
    assert!(decorrelated.took.mean < 1.15 * full.took.mean);
}

#[test]
fn whoever_gives_up_is_counted() {
    let ran = Contention::new().clients(50).run(&Policy::constant(Duration::ZERO).attempts(3), 1).unwrap();
    assert!(ran.gave_up > 20);
    assert_eq!(ran.calls - ran.conflicts + ran.gave_up, 50);
}

#[test]
fn parameters_without_sense_are_refused() {
    for clients in [0, u32::MAX] {
        let error = Contention::new().clients(clients).run(&EXPO, 1).unwrap_err();
        assert!(error.to_string().contains("from 1 to 1,000,000"), "{error}");
    }
    // hops that take for ever are hops
    let slow = Contention::new().clients(3).hop(Duration::MAX, Duration::MAX).run(&EXPO, 1).unwrap();
    assert!(slow.took >= Duration::from_secs(1));
}
