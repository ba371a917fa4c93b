use super::Policy;
use crate::HintRule;
use crate::time::nanos;

/// What is known of a delay before it is drawn.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Drawn {
    pub(crate) low: u64,
    pub(crate) high: u64,
    /// Every delay between the ends comes as often.
    pub(crate) uniform: bool,
    /// There is a delay whatever is drawn.
    pub(crate) sure: bool,
}

impl Drawn {
    const fn between(low: u64, high: u64) -> Self {
        Self { low, high, uniform: true, sure: true }
    }

    const fn mixed(low: u64, high: u64) -> Self {
        Self { uniform: false, ..Self::between(low, high) }
    }

    pub(crate) const fn is_point(&self) -> bool {
        self.low == self.high
    }
}

impl Policy {
    /// With cap and jitter, where the schedule gives `low ..= high`.
    pub(crate) const fn drawn(&self, low: u64, high: u64) -> Drawn {
        let (low, high) = (if low < self.cap { low } else { self.cap }, if high < self.cap { high } else { self.cap });
        let drawn = Drawn::between(self.law.least(low, self.cap), self.law.greatest(high, self.cap));
        Drawn { uniform: low == high, ..drawn }
    }

    /// What a hint of `asked` makes of it; `None`: it ends the run. NOTE: says in ends what `hinted` in `decide` draws.
    pub(crate) const fn drawn_with_hint(&self, drawn: Drawn, asked: u64) -> Option<Drawn> {
        let Drawn { low, high, .. } = drawn;
        let followed = if asked < self.hint_max { asked } else { self.hint_max };
        Some(match self.hint {
            HintRule::Ignore => drawn,
            HintRule::Exactly => self.hint_itself(followed),
            HintRule::AtLeast if asked <= low => drawn,
            HintRule::AtLeast if asked > self.hint_max && asked > high => return None,
            // Only what the schedule sets by itself is left.
            HintRule::AtLeast if asked > self.hint_max => Drawn { low: asked, sure: false, ..drawn },
            HintRule::AtLeast if asked > high => self.hint_itself(asked),
            HintRule::AtLeast => Drawn::mixed(asked, greater(high, self.hint_itself(asked).high)),
            HintRule::Clamp(slack) => self.clamped(drawn, followed, nanos(slack)),
        })
    }

    const fn clamped(&self, drawn: Drawn, followed: u64, slack: u64) -> Drawn {
        let Drawn { low, high, .. } = drawn;
        if followed <= low || slack == 0 {
            return drawn;
        }
        let first = self.above_schedule(low, followed, slack);
        if low == high {
            return first;
        }
        // The later the schedule, the later the delay, until the schedule alone is as late as the hint.
        let last = self.above_schedule(lesser(high, followed - 1), followed, slack);
        Drawn::mixed(first.low, greater(high, last.high))
    }

    /// Where the schedule gives exactly `scheduled`, which is less than `followed`.
    const fn above_schedule(&self, scheduled: u64, followed: u64, slack: u64) -> Drawn {
        let most = scheduled.saturating_add(slack);
        let spread = self.hint_itself(lesser(followed, most));
        if spread.high > most { Drawn::mixed(spread.low, most) } else { spread }
    }

    /// The hint, and the jitter above it.
    const fn hint_itself(&self, hint: u64) -> Drawn {
        Drawn::between(hint, hint.saturating_add(self.law.above(hint)))
    }
}

const fn lesser(a: u64, b: u64) -> u64 {
    if a < b { a } else { b }
}

const fn greater(a: u64, b: u64) -> u64 {
    if a > b { a } else { b }
}
