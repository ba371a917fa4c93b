use proptest::prelude::*;
use retry_core::{Additive, Equal, Full, Jitter, Law, Proportional};

use crate::support::facts::{nanos, ns};
use crate::support::strategies::{Dice, cases, dice, law, span, wild};

/// Rule 6: the ends of a law's interval for `v = min(delay, cap)`.
fn interval(law: Law, v: u64) -> (u64, u64) {
    match law {
        Law::Full(_) => (0, v),
        Law::Equal(_) => (v - v / 2, v),
        _ => (v, v),
    }
}

/// The greatest draw from `0..=width`: all of it, but for the one number in 2^64 that is never drawn.
fn greatest(width: u64) -> u64 {
    width.min(u64::MAX - 1)
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn full_and_equal_stay_in_their_interval_and_none_is_the_delay(
        law in prop_oneof![Just(Law::None), Just(Law::FULL), Just(Law::EQUAL)],
        (delay, cap) in (span(), span()),
        dice in dice(),
    ) {
        let v = nanos(delay).min(nanos(cap));
        let drawn = nanos(law.apply(delay, cap, &mut dice.rng()));
        let (low, high) = interval(law, v);
        prop_assert!(low <= drawn && drawn <= high, "{low} <= {drawn} <= {high}");
    }

    /// v' = min(v, C / (1 + a)) to the nanosecond, from b of it below to a of it above.
    #[test]
    fn proportional_spreads_by_its_two_parts(
        (below, above) in (0..=1_000_000_u32, 0..=1_000_000_u32),
        (delay, cap) in (span(), span()),
        dice in dice(),
    ) {
        let law = Proportional::between(below, above).unwrap();
        prop_assert_eq!((law.below(), law.above()), (below, above));
        let (v, c) = (u128::from(nanos(delay).min(nanos(cap))), u128::from(nanos(cap)));
        let (b, a, one) = (u128::from(below), u128::from(above), 1_000_000_u128);
        let centre = v.min(c * one / (one + a));
        let (low, high) = (centre - centre * b / one, centre + centre * a / one);
        let at = |dice: Dice| law.apply(delay, cap, &mut dice.rng()).as_nanos();
        prop_assert_eq!((at(Dice::Low), at(Dice::High)), (low, high));
        prop_assert!((low..=high).contains(&at(dice)));
    }

    /// v' = min(v, C - j), and never below it; j itself is cut where it is wider than the cap.
    #[test]
    fn additive_lies_above_the_delay(spread in wild(), (delay, cap) in (span(), span()), dice in dice()) {
        let law = Additive::new(ns(spread));
        let (v, c) = (nanos(delay).min(nanos(cap)), nanos(cap));
        let base = v.min(c.saturating_sub(spread));
        let top = base + greatest(spread.min(c - base));
        let at = |dice: Dice| nanos(law.apply(delay, cap, &mut dice.rng()));
        prop_assert_eq!((at(Dice::Low), at(Dice::High)), (base, top));
        prop_assert!((base..=top).contains(&at(dice)));
    }

    /// From j below v' = min(v, C - j), or from zero, to j above it.
    #[test]
    fn additive_around_the_delay_goes_both_ways(spread in wild(), (delay, cap) in (span(), span()), dice in dice()) {
        let law = Additive::around(ns(spread));
        let (v, c) = (nanos(delay).min(nanos(cap)), nanos(cap));
        let centre = v.min(c.saturating_sub(spread));
        let low = centre.saturating_sub(spread);
        let high = low + greatest(centre - low + spread.min(c - centre));
        let at = |dice: Dice| nanos(law.apply(delay, cap, &mut dice.rng()));
        prop_assert_eq!((at(Dice::Low), at(Dice::High)), (low, high));
        prop_assert!((low..=high).contains(&at(dice)));
    }

    /// Both ends belong to the interval, and both are drawn.
    #[test]
    fn full_and_equal_reach_both_ends((delay, cap) in (span(), span())) {
        let v = nanos(delay).min(nanos(cap));
        let at = |law: Law, dice: Dice| nanos(law.apply(delay, cap, &mut dice.rng()));
        prop_assert_eq!([at(Law::FULL, Dice::Low), at(Law::FULL, Dice::High)], [0, greatest(v)]);
        let mut equal = [at(Law::EQUAL, Dice::Low), at(Law::EQUAL, Dice::High)];
        equal.sort_unstable();
        prop_assert_eq!(equal, [v - v / 2, v]);
    }

    /// A law as data is the law itself.
    #[test]
    fn a_law_draws_what_its_own_type_draws(law in law(), (delay, cap) in (span(), span()), dice in dice()) {
        let own: Box<dyn Jitter> = match law {
            Law::Full(full) => Box::new(full),
            Law::Equal(equal) => Box::new(equal),
            Law::Proportional(proportional) => Box::new(proportional),
            Law::Additive(additive) => Box::new(additive),
            _ => return Ok(()),
        };
        prop_assert_eq!(own.apply(delay, cap, &mut dice.rng()), law.apply(delay, cap, &mut dice.rng()));
    }
}

#[test]
fn laws_are_equal_if_their_settings_are() {
    assert_eq!(Law::from(Full), Law::FULL);
    assert_eq!(Law::from(Equal), Law::EQUAL);
    assert_ne!(Law::from(Additive::new(ns(1))), Law::from(Additive::new(ns(2))));
    assert_eq!(Law::default(), Law::None);
}
