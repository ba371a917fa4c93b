//! The words of one answer, and what was found in them.

use std::cell::Cell;

use super::finder::Findings;
use super::normal::Normal;

/// Buffers for one classification. Each thread keeps its own, some kilobytes, so that a reply costs no allocation.
#[derive(Debug, Default)]
pub(super) struct Words {
    pub(super) text: Normal,
    pub(super) findings: Findings,
}

thread_local! {
    static WORDS: Cell<Words> = Cell::default();
}

impl Words {
    /// This thread's. What they hold is to be replaced; where the thread is about to end, they are new.
    pub(super) fn taken() -> Self {
        WORDS.try_with(Cell::take).unwrap_or_default()
    }

    pub(super) fn put_back(self) {
        let _ = WORDS.try_with(|words| words.set(self));
    }
}
