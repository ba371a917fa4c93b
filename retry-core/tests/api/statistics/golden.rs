use retry_core::{
    Additive, Decorrelated, DecorrelatedV2, Entropy, Law, Policy, Proportional, Schedule, Seeded, ThreadEntropy,
};

use crate::support::facts::{SECOND, Simulation, nanos};

/// Seven delays in nanoseconds, from seed 42.
fn run(policy: &Policy) -> Vec<u64> {
    let run = Simulation::idle(policy, &mut Seeded::new(42), 7);
    run.delays().into_iter().map(nanos).collect()
}

/// 1, 2, 4, 8, 16, 16, 16 s, jittered by `law`.
fn doubling(law: Law) -> Vec<u64> {
    run(&Policy::exponential(SECOND, 16 * SECOND).jitter(law))
}

/// Worked out apart from this crate, in Python, from the formulas of rule 6 and the published SplitMix64.
#[test]
fn a_seed_replays_the_same_delays_on_every_machine() {
    assert_eq!(
        doubling(Law::FULL),
        [741_564_879, 319_820_785, 1_114_404_521, 2_753_525_732, 608_482_696, 13_891_649_225, 3_494_483_099]
    );
    assert_eq!(
        doubling(Law::EQUAL),
        [629_217_560, 1_840_089_607, 3_442_797_740, 6_623_237_134, 15_695_758_652, 9_054_175_387, 14_252_758_451]
    );
    assert_eq!(
        doubling(Proportional::percent(25).unwrap().into()),
        [1_120_782_440, 1_659_910_393, 3_557_202_260, 7_376_762_866, 9_843_393_078, 15_156_659_690, 10_997_793_239]
    );
    assert_eq!(
        doubling(Additive::new(2 * SECOND).into()),
        [2_483_129_758, 2_319_820_785, 4_557_202_260, 8_688_381_433, 14_076_060_337, 15_736_456_153, 14_436_810_387]
    );
    let decorrelated = Decorrelated::new(SECOND, 16 * SECOND).unwrap();
    assert_eq!(
        run(&Policy::new(decorrelated.into())),
        [2_483_129_758, 2_031_324_372, 2_419_186_667, 3_153_794_060, 1_321_787_790, 3_574_611_735, 3_123_736_111]
    );
}

/// V2 counts in floating point, and still to the nanosecond the same on every machine: the curve's height rounded down,
/// less that of the delay before.
#[test]
fn a_seed_replays_v2_on_every_machine() {
    let v2 = Schedule::from(DecorrelatedV2::new(SECOND, 16 * SECOND));
    assert_eq!(
        run(&Policy::new(v2)),
        [1_120_396_321, 433_231_830, 1_895_636_689, 3_795_020_790, 652_348_210, 1_673_662_525, 2_849_962_401]
    );
}

/// The first five of seed 1,234,567, from the test vectors published with the C source of SplitMix64.
#[test]
fn the_seeded_generator_is_splitmix64() {
    let mut rng = Seeded::new(1_234_567);
    let bits: Vec<_> = (0..5).map(|_| rng.next_u64()).collect();
    assert_eq!(
        bits,
        [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ]
    );
}

#[test]
fn any_source_can_be_lent_or_boxed() {
    let mut lent = Seeded::new(9);
    let mut by_reference = &mut lent;
    let first = Entropy::next_u64(&mut by_reference);
    let mut boxed: Box<dyn Entropy> = Box::new(Seeded::new(9));
    assert_eq!(boxed.next_u64(), first);
    let mut thread: Box<dyn Entropy> = Box::new(ThreadEntropy);
    assert_ne!(thread.next_u64(), thread.next_u64());
}
