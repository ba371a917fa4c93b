use retry_core::{Backoff, Constant, Exponential, Policy, Ratio, Schedule, Seeded, Staggered};

use crate::support::facts::{SECOND, delays, nth, seconds};

fn seconds_of(schedule: &dyn Backoff, count: u32) -> Vec<Option<u64>> {
    delays(schedule, count).into_iter().map(|delay| delay.map(|delay| delay.as_secs())).collect()
}

#[test]
fn then_begins_with_its_own_first_delay() {
    let doubling = Exponential::new(60 * SECOND);
    let schedule = Constant::new(5 * SECOND).take(3).then(doubling);
    assert_eq!(seconds(&schedule, 6), [5, 5, 5, 60, 120, 240]);
    let data = Schedule::from(Constant::new(5 * SECOND)).taken(3).followed_by(doubling.into());
    assert_eq!(seconds(&data, 6), [5, 5, 5, 60, 120, 240]);
}

#[test]
fn three_in_a_row_each_begin_anew() {
    let doubling = || Schedule::from(Exponential::new(SECOND));
    let left = doubling().taken(2).followed_by(doubling().taken(3)).followed_by(doubling());
    let right = doubling().taken(2).followed_by(doubling().taken(3).followed_by(doubling()));
    // 1 2, 1 2 4, 1 2 4
    assert_eq!(seconds(&left, 8), [1, 2, 1, 2, 4, 1, 2, 4]);
    assert_eq!(seconds(&right, 8), [1, 2, 1, 2, 4, 1, 2, 4]);
}

#[test]
fn a_list_is_followed_after_its_last_entry() {
    let list = Staggered::new(vec![7 * SECOND, 9 * SECOND]).unwrap();
    let schedule = list.clone().then(Exponential::new(SECOND));
    assert_eq!(seconds(&schedule, 5), [7, 9, 1, 2, 4]);
    // one that repeats its last has no end
    assert_eq!(seconds(&list.last_repeats().then(Exponential::new(SECOND)), 4), [7, 9, 9, 9]);
}

#[test]
fn taking_none_is_no_schedule_and_what_follows_begins_at_once() {
    let none = Constant::new(SECOND).take(0);
    assert_eq!(delays(&none, 2), [None, None]);
    assert_eq!(none.ends_after(), Some(0));
    assert_eq!(seconds(&none.then(Exponential::new(SECOND)), 3), [1, 2, 4]);
}

#[test]
fn take_ends_with_the_sooner_of_the_two() {
    let list = || Staggered::new(vec![SECOND; 4]).unwrap();
    assert_eq!(list().take(2).ends_after(), Some(2));
    assert_eq!(list().take(9).ends_after(), Some(4));
    assert_eq!(seconds_of(&list().take(9), 5), [Some(1), Some(1), Some(1), Some(1), None]);
    assert_eq!(list().take(9).then(list().take(1)).ends_after(), Some(5));
}

#[test]
fn a_floor_lifts_what_is_below_it_and_a_cap_wins() {
    let floored = Exponential::new(SECOND).floored(3 * SECOND);
    assert_eq!(seconds(&floored, 4), [3, 3, 4, 8]);
    let below_the_cap = Exponential::new(SECOND).capped(2 * SECOND).floored(3 * SECOND);
    assert_eq!(seconds(&below_the_cap, 3), [2, 2, 2]);
    let policy = Policy::new(Schedule::from(Exponential::new(SECOND)).at_least(3 * SECOND)).capped(2 * SECOND);
    assert_eq!(policy.delay(&nth(9), &mut Seeded::new(0)), Some(2 * SECOND));
}

#[test]
fn a_factor_multiplies_and_rounds_down() {
    let scaled = Exponential::new(SECOND).scaled(Ratio::new(3, 2).unwrap());
    // 1.5, 3, 6 s
    assert_eq!(delays(&scaled, 3), [3, 6, 12].map(|halves| Some(halves * SECOND / 2)));
    let third = Constant::new(std::time::Duration::from_nanos(5)).scaled(Ratio::new(1, 3).unwrap());
    // 5 / 3 = 1.67
    assert_eq!(delays(&third, 1), [Some(std::time::Duration::from_nanos(1))]);
    let capped = Constant::new(8 * SECOND).capped(10 * SECOND).scaled(Ratio::TWO);
    assert_eq!(seconds(&capped, 1), [10]);
}
