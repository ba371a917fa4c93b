//! Every row does its work, and ours without the heap.

use std::collections::HashSet;

use benches::mode::Mode;
use benches::row::Row;
use benches::{allocations, rows};

#[test]
fn every_loop_of_every_row_runs() {
    for row in rows() {
        let loops: Vec<_> = Mode::ALL.into_iter().filter_map(|mode| mode.of(&row)).collect();
        assert!(!loops.is_empty(), "{row:?} measures nothing");
        loops.iter().for_each(|run| run(2));
        Mode::GUARDS.into_iter().filter_map(|mode| row.guard(mode)).for_each(|guard| (guard.together)(2));
    }
}

#[test]
fn names_are_unique() {
    let rows = rows();
    let names: HashSet<_> = rows.iter().map(|row| row.name).collect();
    assert_eq!(names.len(), rows.len());
}

#[test]
fn our_rows_allocate_nothing() {
    for row in rows().into_iter().filter(|row| row.name.starts_with("retry-core")) {
        for mode in Mode::ALL {
            let allocations = mode.of(&row).map_or(0.0, allocations::an_iteration);
            assert!(allocations == 0.0, "{row:?}, {}: {allocations} allocations", mode.name());
        }
    }
}

#[test]
fn every_async_row_can_be_spawned() {
    let spawned = |row: &Row| row.crowd.as_ref().map(|crowd| crowd(3));
    let crowds: Vec<_> = rows().iter().filter_map(spawned).collect();
    assert!(crowds.len() > 8);
    // Both failures are slept for, at least where there is no jitter.
    assert!(crowds[0].wall_ms >= 6.0, "{:?}", crowds[0]);
}
