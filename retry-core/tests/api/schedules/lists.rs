use retry_core::{Backoff, Decision, Invalid, Policy, Staggered, StopReason};

use crate::support::facts::{HOUR, MINUTE, SECOND, Simulation, delays, seconds};

static MAIL: Staggered = Staggered::from_static(const { &[MINUTE.saturating_mul(5), MINUTE.saturating_mul(10), HOUR] });

#[test]
fn a_list_ends_after_its_last_entry() {
    assert_eq!(delays(&MAIL, 5), [Some(5 * MINUTE), Some(10 * MINUTE), Some(HOUR), None, None]);
    assert_eq!(MAIL.ends_after(), Some(3));
}

#[test]
fn the_last_entry_repeats_where_it_is_told_to() {
    let repeating = MAIL.clone().last_repeats();
    assert_eq!(seconds(&repeating, 6), [300, 600, 3600, 3600, 3600, 3600]);
    assert_eq!(repeating.ends_after(), None);
}

#[test]
fn five_delays_make_six_attempts() {
    let policy = Policy::new(Staggered::new(vec![SECOND; 5]).unwrap().into());
    let run = Simulation::idle(&policy, &mut retry_core::Seeded::new(0), 99);
    assert_eq!((run.starts.len(), run.last()), (6, Decision::Stop(StopReason::Schedule)));
    assert_eq!(policy.max_attempts().unwrap().get(), 6);
}

#[test]
fn an_empty_list_never_retries() {
    let empty = Staggered::from_static(&[]);
    assert_eq!(delays(&empty, 2), [None, None]);
    assert_eq!(delays(&empty.clone().last_repeats(), 2), [None, None]);
    assert_eq!(empty.last_repeats().ends_after(), Some(0));
    assert_eq!(Staggered::new(vec![]), Err(Invalid::Empty));
}

#[test]
fn a_list_may_go_up_and_down() {
    let list = Staggered::new(vec![9 * SECOND, SECOND, 5 * SECOND]).unwrap();
    assert_eq!(seconds(&list, 3), [9, 1, 5]);
    // 9 + 1 + 5
    assert_eq!(Policy::new(list.into()).max_total_delay(), Some(15 * SECOND));
}
