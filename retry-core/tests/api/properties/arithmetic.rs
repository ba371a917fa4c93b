use proptest::prelude::*;
use retry_core::{Backoff, Exponential, Fibonacci, Linear, Polynomial, Ratio, Seeded};

use crate::support::facts::{nanos, ns, nth};
use crate::support::strategies::{cases, count, ratio, wild};

fn nanos_of(schedule: &dyn Backoff, n: u32) -> u64 {
    nanos(schedule.delay(&nth(n), &mut Seeded::new(0)).unwrap())
}

fn saturate(exact: Option<u128>) -> u64 {
    exact.and_then(|exact| u64::try_from(exact).ok()).unwrap_or(u64::MAX)
}

proptest! {
    #![proptest_config(cases())]

    /// base * factor^(n - 1) to the nanosecond, and the longest delay once that does not fit.
    #[test]
    fn whole_factors_are_exact(base in wild(), factor in prop_oneof![0..12_u32, any::<u32>()], n in 1..=70_u32) {
        let exact = match u128::from(factor).checked_pow(n - 1) {
            _ if base == 0 => Some(0),
            power => power.and_then(|power| power.checked_mul(u128::from(base))),
        };
        let schedule = Exponential::new(ns(base)).factor(Ratio::integer(factor));
        prop_assert_eq!(nanos_of(&schedule, n), saturate(exact));
    }

    /// base * a^k / b^k to the nearest nanosecond for delays below weeks, give or take a hundredth of one.
    #[test]
    fn broken_factors_are_exact_to_the_nanosecond(base in 1..1_u64 << 40, a in 1..30_u32, b in 1..30_u32, k in 0..12_u32) {
        let (over, under) = (u128::from(a).pow(k) * u128::from(base), u128::from(b).pow(k));
        prop_assume!(over / under < 2_000_000_000_000_000);
        let schedule = Exponential::new(ns(base)).factor(Ratio::new(a, b).unwrap());
        let delay = u128::from(nanos_of(&schedule, k + 1));
        prop_assert!(100 * (delay * under).abs_diff(over) <= 51 * under, "{delay} for {over} / {under}");
    }

    #[test]
    fn a_factor_of_at_least_one_never_shrinks_the_delay(base in wild(), factor in ratio(), n in 1..u32::MAX) {
        let (a, b) = (factor.times(), factor.per());
        let schedule = Exponential::new(ns(base)).factor(Ratio::new(a.max(b), a.min(b).max(1)).unwrap());
        let (now, next) = (nanos_of(&schedule, n), nanos_of(&schedule, n + 1));
        prop_assert!(now <= next, "{now} {next}");
    }

    #[test]
    fn linear_is_exact_and_saturates(first in wild(), step in wild(), n in count()) {
        let exact = u128::from(first) + u128::from(step) * u128::from(n - 1);
        prop_assert_eq!(nanos_of(&Linear::new(ns(step)).starting_at(ns(first)), n), saturate(Some(exact)));
        prop_assert_eq!(nanos_of(&Linear::new(ns(step)), n), saturate(Some(u128::from(step) * u128::from(n))));
    }

    #[test]
    fn polynomial_is_exact_and_saturates(base in wild(), unit in wild(), exponent in 0..70_u32, n in count()) {
        let grown = if unit == 0 {
            Some(0)
        } else {
            u128::from(n - 1).checked_pow(exponent).and_then(|power| power.checked_mul(u128::from(unit)))
        };
        let exact = grown.and_then(|grown| grown.checked_add(u128::from(base)));
        prop_assert_eq!(nanos_of(&Polynomial::new(ns(base), ns(unit), exponent), n), saturate(exact));
    }

    /// Each delay is the sum of the two before it, until they saturate.
    #[test]
    fn fibonacci_adds_the_two_before(base in wild(), n in 3..=200_u32) {
        let at = |n| u128::from(nanos_of(&Fibonacci::new(ns(base)), n));
        prop_assert_eq!(at(n), (at(n - 1) + at(n - 2)).min(u128::from(u64::MAX)));
        prop_assert_eq!(nanos_of(&Fibonacci::new(ns(base)), 1), base);
    }

    /// Rounded down, saturating.
    #[test]
    fn scaling_is_exact(delay in wild(), factor in ratio()) {
        let exact = u128::from(delay) * u128::from(factor.times()) / u128::from(factor.per());
        let scaled = retry_core::Constant::new(ns(delay)).scaled(factor);
        prop_assert_eq!(nanos_of(&scaled, 1), saturate(Some(exact)));
    }

    #[test]
    fn a_ratio_is_in_lowest_terms_and_equal_to_its_multiples(times in 0..=u32::MAX >> 4, per in 1..=u32::MAX >> 4, by in 1..=16_u32) {
        let ratio = Ratio::new(times, per).unwrap();
        prop_assert_eq!(Ratio::new(times * by, per * by), Ok(ratio));
        prop_assert_eq!(u64::from(ratio.times()) * u64::from(per), u64::from(times) * u64::from(ratio.per()));
    }
}
