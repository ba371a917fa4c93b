//! Finds the parts of all phrases in one pass over the text.

use super::normal::Normal;
use super::phrase::Parts;

/// The matcher for all parts: a trie that is entered behind each space of the text.
///
/// Every part begins with a space, so that nothing else can begin one. Most words leave the trie after a few letters, so that
/// it takes fewer steps than an automaton for any phrases at any place.
#[derive(Clone, Debug)]
pub(super) struct Finder {
    /// The children of a node stand together.
    nodes: Vec<Node>,
    /// The first byte of each node's label.
    firsts: Vec<u8>,
    labels: Vec<u8>,
    /// Where the first letter leads to.
    roots: Vec<usize>,
    parts: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct Node {
    /// Where its bytes begin in the labels, and where they end.
    label: (usize, usize),
    /// The part that ends with them.
    part: Option<u32>,
    /// Where its children begin, and where they end.
    children: (usize, usize),
}

impl Finder {
    pub(super) fn new(parts: &Parts) -> Self {
        let numbered = parts.texts().iter().zip(0_u32..);
        let mut texts: Vec<(&[u8], u32)> =
            numbered.filter_map(|(text, number)| Some((text.strip_prefix(b" ")?, number))).collect();
        texts.sort_unstable();
        let (nodes, firsts, labels) = (vec![Node::default()], vec![b' '], Vec::new());
        let mut finder = Self { nodes, firsts, labels, roots: vec![usize::MAX; 256], parts: parts.len() };
        // A node, the texts that go through it, and how many of their bytes stand before its label.
        let mut open = vec![(0, &*texts, 0)];
        while let Some((node, texts, begin)) = open.pop() {
            // Of sorted texts, the first and the last have the least in common.
            let (Some((one, number)), Some((other, _))) = (texts.first(), texts.last()) else { continue };
            // The root has no label.
            let common = one.iter().zip(*other).take_while(|(a, b)| a == b).count();
            let end = if node == 0 { 0 } else { common };
            let label = finder.labels.len();
            finder.labels.extend(one.get(begin..end).unwrap_or_default());
            let is_part = one.len() == end;
            let texts = if is_part { &texts[1..] } else { texts };
            let first = finder.nodes.len();
            for group in texts.chunk_by(|(one, _), (other, _)| one.get(end) == other.get(end)) {
                open.push((finder.nodes.len(), group, end));
                finder.nodes.push(Node::default());
                finder.firsts.extend(group.first().and_then(|(text, _)| text.get(end)));
            }
            finder.nodes[node] = Node {
                label: (label, finder.labels.len()),
                part: is_part.then_some(*number),
                children: (first, finder.nodes.len()),
            };
        }
        for child in finder.nodes[0].children.0..finder.nodes[0].children.1 {
            finder.roots[usize::from(finder.firsts[child])] = child;
        }
        finder
    }

    /// Replaces what was found before.
    pub(super) fn find(&self, text: &Normal, findings: &mut Findings) {
        findings.reset(self.parts);
        let text = text.as_bytes();
        for (begin, pair) in text.windows(2).enumerate() {
            if let [b' ', first] = pair {
                self.follow(self.roots[usize::from(*first)], text, begin, findings);
            }
        }
    }

    /// Goes on from a node, whose label should stand behind the space at `begin`.
    fn follow(&self, node: usize, text: &[u8], begin: usize, findings: &mut Findings) {
        let (mut next, mut at) = (self.nodes.get(node), begin + 1);
        while let Some(Node { label, part, children }) = next {
            let (label, rest) = (&self.labels[label.0..label.1], &text[at..]);
            // Most differ in the first bytes.
            if rest.len() < label.len() || label.iter().zip(rest).any(|(one, other)| one != other) {
                return;
            }
            at += label.len();
            if let Some(part) = *part {
                findings.add(Found { part, begin, end: at });
            }
            let Some(byte) = text.get(at) else { return };
            let child = self.firsts[children.0..children.1].iter().position(|first| first == byte);
            next = child.and_then(|child| self.nodes.get(children.0 + child));
        }
    }
}

/// Where a part was found: its number, begin and end in the normal text.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
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
    fn reset(&mut self, parts: usize) {
        self.list.clear();
        // What a hostile text has made of it is not kept.
        self.list.shrink_to(1024);
        self.seen.clear();
        self.seen.resize(parts / 64 + 1, 0);
    }

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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every part at every place, one after the other.
    fn slowly(parts: &Parts, text: &[u8]) -> Vec<Found> {
        let mut found = Vec::new();
        for (part, number) in parts.texts().iter().zip(0..) {
            for begin in 0..text.len() {
                if text[begin..].starts_with(part) {
                    found.push(Found { part: number, begin, end: begin + part.len() });
                }
            }
        }
        found.sort_unstable();
        found
    }

    proptest! {
        /// Of three letters, so that phrases begin alike, contain and follow each other.
        #[test]
        fn what_is_found_is_what_a_slow_search_finds(
            phrases in prop::collection::vec("[abé]{1,3}( [abé]{1,3}){0,2}[*]?", 1..12),
            text in "[abé ]{0,40}",
        ) {
            let mut parts = Parts::default();
            for phrase in &phrases {
                let _ = parts.phrase(phrase);
            }
            let text = Normal::of(&text);
            let mut findings = Findings::default();
            Finder::new(&parts).find(&text, &mut findings);
            let mut found = findings.list.clone();
            found.sort_unstable();
            prop_assert_eq!(&found, &slowly(&parts, text.as_bytes()));
            for part in 0..u32::try_from(parts.len()).unwrap() {
                prop_assert_eq!(findings.has(part), found.iter().any(|one| one.part == part));
            }
        }
    }

    #[test]
    fn what_was_found_before_is_forgotten() {
        let mut parts = Parts::default();
        parts.phrase("one").unwrap();
        parts.phrase("two").unwrap();
        let (finder, mut findings) = (Finder::new(&parts), Findings::default());
        finder.find(&Normal::of("one"), &mut findings);
        finder.find(&Normal::of("two"), &mut findings);
        assert!(!findings.has(0) && findings.has(1));
    }
}
