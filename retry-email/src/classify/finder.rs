//! Finds the parts of all phrases in one pass over the text.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::normal::Normal;
use super::phrase::Parts;

/// The matcher for all parts.
#[derive(Clone, Debug)]
pub(super) struct Finder {
    automaton: AhoCorasick,
    parts: usize,
}

impl Finder {
    pub(super) fn new(parts: &Parts) -> Result<Self, aho_corasick::BuildError> {
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(parts.texts())?;
        Ok(Self { automaton, parts: parts.len() })
    }

    pub(super) fn find(&self, text: &Normal) -> Findings {
        let mut findings = Findings { list: Vec::with_capacity(32), seen: vec![0; self.parts / 64 + 1] };
        for one in self.automaton.find_overlapping_iter(text.as_bytes()) {
            findings.add(Found { part: one.pattern().as_u32(), begin: one.start(), end: one.end() });
        }
        findings
    }
}

/// Where a part was found: its number, begin and end in the normal text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) part: u32,
    pub(super) begin: usize,
    pub(super) end: usize,
}

/// All that was found in a text.
#[derive(Clone, Debug, Default)]
pub(super) struct Findings {
    list: Vec<Found>,
    /// A bit for each part that was found.
    seen: Vec<u64>,
}

impl Findings {
    fn add(&mut self, found: Found) {
        self.list.push(found);
        let (word, bit) = place(found.part);
        if let Some(word) = self.seen.get_mut(word) {
            *word |= bit;
        }
    }

    /// Whether the part was found.
    pub(super) fn has(&self, part: u32) -> bool {
        let (word, bit) = place(part);
        self.seen.get(word).is_some_and(|word| word & bit != 0)
    }

    /// Wherever the part was found.
    pub(super) fn all(&self, part: u32) -> impl Iterator<Item = Found> {
        self.list.iter().copied().filter(move |one| one.part == part)
    }

    /// The parts that were found, some of them several times.
    pub(super) fn parts(&self) -> impl Iterator<Item = u32> {
        self.list.iter().map(|one| one.part)
    }
}

fn place(part: u32) -> (usize, u64) {
    (usize::try_from(part / 64).unwrap_or(usize::MAX), 1 << (part % 64))
}
