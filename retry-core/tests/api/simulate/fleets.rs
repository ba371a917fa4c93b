use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use retry_core::Never;
use retry_core::simulate::{Fleet, Scenario};

use super::support::{EXPO, expo, near, none, run};

#[test]
fn clients_are_dealt_out_by_their_shares() {
    let fleet = none().named("a").share(1).and(none().named("b").share(3)).and(none().named("c").share(0));
    let report = run(&Scenario::new(), &fleet, 1);
    let part = |name| {
        let [part, all] =
            [report.group(name).unwrap(), report.all()].map(|tally| u32::try_from(tally.requests).unwrap());
        f64::from(part) / f64::from(all)
    };
    near(part("a"), 0.25, 0.01);
    near(part("b"), 0.75, 0.01);
    near(part("c"), 0.0, 1e-9);
    assert_eq!(report.group("d"), None);
}

#[test]
fn each_client_has_a_policy_of_its_own_for_each_destination() {
    let seats = RefCell::new(BTreeSet::new());
    let fleet = Fleet::of(|seat| {
        assert!(seats.borrow_mut().insert((seat.client(), seat.destination())));
        Never
    });
    run(&Scenario::new().clients(7, 1.0).destinations(3), &fleet, 1);
    assert_eq!(seats.borrow().len(), 21);
}

#[test]
fn a_shared_policy_is_made_once_for_a_destination_of_each_run() {
    let made = Cell::new(0);
    let fleet = Fleet::of(|_| {
        made.set(made.get() + 1);
        EXPO
    })
    .shared();
    let scenario = Scenario::new().destinations(3).errors(0.2);
    let shared = run(&scenario, &fleet, 1);
    assert_eq!(made.get(), 3);
    // the policy keeps no state: it does not matter who shares it
    assert_eq!(shared, run(&scenario, &expo(), 1));
    assert_eq!(made.get(), 3);
    run(&scenario, &fleet, 1);
    assert_eq!(made.get(), 6);
}

#[test]
fn gauges_are_read_at_the_beginning_of_each_bin() {
    let reads = Cell::new(0_u32);
    let reading = &reads;
    let fleet = Fleet::gauged(|_| {
        (Never, move || {
            reading.set(reading.get() + 1);
            f64::from(reading.get())
        })
    });
    let report = run(&Scenario::new().clients(1, 1.0), &fleet, 1);
    assert_eq!(reads.get(), 300);
    assert_eq!(report.bins()[299].gauge, Some(300.0));
    assert_eq!(run(&Scenario::new(), &none(), 1).bins()[0].gauge, None);
}
