//! How much of a success is left after so many ticks: `e^(-ticks / 64)`, by table.

/// Ticks in a window.
pub(super) const TICKS: u64 = 64;

/// `e^(-1/64) * 2^63`, rounded down.
const STEP: u64 = 0x7e03_faaf_fbbe_9249;

/// `e^(-n/64) * 2^32`, each rounded down: what decays by it is never too much.
static FINE: [u32; 64] = powers(STEP);

/// The same by whole windows: `e^(-n) * 2^32`.
static COARSE: [u32; 16] = {
    // 64 steps.
    let (mut window, mut n) = (STEP, 1);
    while n < TICKS {
        window = times(window, STEP);
        n += 1;
    }
    powers(window)
};

const fn powers<const N: usize>(step: u64) -> [u32; N] {
    let (mut table, mut power, mut n) = ([0; N], 1_u64 << 63, 0);
    while n < N {
        // One itself has no place in 32 bits, and nobody asks for it.
        #[expect(clippy::cast_possible_truncation, reason = "at most 32 bits are left")]
        let entry = if n == 0 { u32::MAX } else { (power >> 31) as u32 };
        table[n] = entry;
        power = times(power, step);
        n += 1;
    }
    table
}

#[expect(clippy::cast_possible_truncation, reason = "a product of fractions")]
const fn times(a: u64, b: u64) -> u64 {
    ((a as u128 * b as u128) >> 63) as u64
}

/// What is left of `amount`, less than 2^32, after `ticks`, rounded down.
pub(super) fn left(amount: u64, ticks: u64) -> u64 {
    let part = |amount: u64, table: &[u32], n: u64| {
        // e^-16 of all that a budget counts is less than the least it counts.
        let left = usize::try_from(n).ok().and_then(|n| table.get(n)).copied().unwrap_or(0);
        (amount * u64::from(left)) >> 32
    };
    let amount = if ticks.is_multiple_of(TICKS) { amount } else { part(amount, &FINE, ticks % TICKS) };
    if ticks < TICKS { amount } else { part(amount, &COARSE, ticks / TICKS) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_the_exponential_rounded_down() {
        for n in 1..64_u32 {
            let exact = (-f64::from(n) / 64.0).exp() * 4_294_967_296.0;
            let entry = f64::from(FINE[n as usize]);
            assert!(entry <= exact && exact - entry < 1.001, "{n}: {entry} {exact}");
        }
        for n in 1..16_u32 {
            let exact = (-f64::from(n)).exp() * 4_294_967_296.0;
            let entry = f64::from(COARSE[n as usize]);
            assert!(entry <= exact && exact - entry < 1.001, "{n}: {entry} {exact}");
        }
    }

    #[test]
    fn long_spans_agree_with_the_exponential_from_below() {
        let amount = (1_u32 << 22) - 1;
        for ticks in [1, 63, 64, 65, 200, 640, 1000, 1023_u32] {
            let exact = f64::from(amount) * (-f64::from(ticks) / 64.0).exp();
            let left = f64::from(u32::try_from(left(amount.into(), ticks.into())).unwrap());
            assert!(left <= exact && exact - left < 3.0, "{ticks}: {left} {exact}");
        }
        // 4194303 * e^-16 = 0.47
        assert_eq!((left(amount.into(), 1024), left(amount.into(), u64::MAX)), (0, 0));
    }
}
