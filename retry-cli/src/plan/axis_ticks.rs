//! Round times, the roundest first.

const US: u64 = 1_000;
const MS: u64 = 1_000 * US;
const S: u64 = 1_000 * MS;
const M: u64 = 60 * S;
const H: u64 = 60 * M;
const D: u64 = 24 * H;
const W: u64 = 7 * D;
const Y: u64 = 365 * D;

/// Names and nanoseconds.
pub(super) const TICKS: &[(&str, u64)] = &[
    ("1s", S),
    ("1m", M),
    ("1h", H),
    ("1d", D),
    ("1ms", MS),
    ("1us", US),
    ("1w", W),
    ("1y", Y),
    ("10m", 10 * M),
    ("10s", 10 * S),
    ("6h", 6 * H),
    ("4w", 4 * W),
    ("100ms", 100 * MS),
    ("10ms", 10 * MS),
    ("10y", 10 * Y),
    ("100y", 100 * Y),
    ("30m", 30 * M),
    ("30s", 30 * S),
    ("5m", 5 * M),
    ("5s", 5 * S),
    ("2h", 2 * H),
    ("12h", 12 * H),
    ("2d", 2 * D),
    ("4d", 4 * D),
    ("2m", 2 * M),
    ("2s", 2 * S),
    ("3h", 3 * H),
    ("5d", 5 * D),
    ("3d", 3 * D),
    ("2w", 2 * W),
    ("20m", 20 * M),
    ("20s", 20 * S),
    ("500ms", 500 * MS),
    ("200ms", 200 * MS),
    ("50ms", 50 * MS),
    ("20ms", 20 * MS),
    ("5ms", 5 * MS),
    ("2ms", 2 * MS),
    ("26w", 26 * W),
    ("4h", 4 * H),
    ("15m", 15 * M),
    ("3m", 3 * M),
    ("3s", 3 * S),
    ("100us", 100 * US),
    ("10us", 10 * US),
];
