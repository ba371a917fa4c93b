use retry_core::{Entropy, Law, Policy, Seeded, ThreadEntropy};

use super::sample::Sample;
use crate::support::facts::{SECOND, nth};

/// The thread's generator is no worse than the seeded one: uniform by the same measure.
#[test]
fn the_threads_generator_sets_each_bit_in_half_of_its_draws() {
    let mut set = [0_u32; 64];
    for _ in 0..10_000 {
        let bits = ThreadEntropy.next_u64();
        for (bit, count) in set.iter_mut().enumerate() {
            *count += u32::from(bits >> bit & 1 == 1);
        }
    }
    // 10,000 throws: 5,000 heads with a standard deviation of 50; 64 bits stay within 8 of them but once in 10^13
    assert!(set.iter().all(|count| (4_600..=5_400).contains(count)), "{set:?}");
}

#[test]
fn one_delay_takes_one_draw() {
    let policy = Policy::constant(SECOND).jitter(Law::EQUAL);
    let (mut rng, mut twin) = (Seeded::new(1), Seeded::new(1));
    let sample = Sample::of(100, || policy.delay(&nth(1), &mut rng).unwrap());
    for _ in 0..100 {
        twin.next_u64();
    }
    assert_eq!(rng, twin);
    assert!(sample.least() >= 0.5);
}
