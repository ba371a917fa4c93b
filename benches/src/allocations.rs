//! Heap allocations of one call.

/// Allocations of one iteration of `run`.
///
/// The difference of two run lengths, so that what is made once before the loop cancels out. Counted by the global
/// allocator that `allocation-counter` installs for the whole binary.
#[must_use]
pub fn an_iteration(run: &dyn Fn(u64)) -> f64 {
    run(10);
    let few = counted(run, 100);
    let many = counted(run, 600);
    f64::from(many.saturating_sub(few)) / 500.0
}

fn counted(run: &dyn Fn(u64), n: u64) -> u32 {
    let total = allocation_counter::measure(|| run(n)).count_total;
    u32::try_from(total).unwrap_or(u32::MAX)
}

/// Runs `work` with the counter at rest, so that what allocates pays little for being watched: two thread-local reads
/// for an allocation and its release remain, in the rows that allocate.
pub fn uncounted(work: impl FnOnce()) {
    allocation_counter::opt_out(work);
}
