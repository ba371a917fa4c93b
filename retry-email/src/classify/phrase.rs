//! Phrases: what rules look for in the text.

use std::collections::HashMap;

use super::finder::{Findings, Found};
use super::normal::Normal;

/// The most bytes that a gap (`*`) may span: an address in long form and some words.
const MOST_GAP: usize = 60;

/// Parts in order, with gaps between them: `user * unknown` has two. A part is a number in [`Phrases`].
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Phrase {
    pub(super) parts: Vec<u32>,
}

impl Phrase {
    /// The longest part: the one to look for first, as it is found least often.
    pub(super) fn key(&self, parts: &Parts) -> Option<u32> {
        self.parts.iter().copied().max_by_key(|part| parts.length(*part))
    }

    /// Whether it is its key, and nothing more.
    pub(super) const fn is_one_part(&self) -> bool {
        self.parts.len() == 1
    }

    /// Whether the parts were found in this order, near each other.
    pub(super) fn is_in(&self, findings: &Findings) -> bool {
        if !self.parts.iter().all(|part| findings.has(*part)) {
            return false;
        }
        match &*self.parts {
            [] => false,
            [_] => true,
            [first, rest @ ..] => findings.all(*first).any(|start| follow(start.end, rest, findings)),
        }
    }

    /// Where its last part was found, if all of it was.
    pub(super) fn ends(&self, findings: &Findings) -> impl Iterator<Item = Found> {
        let last = self.parts.last().filter(|_| self.is_in(findings));
        last.into_iter().flat_map(|part| findings.all(*part))
    }
}

/// Whether `parts` were found one behind the other from `end` on.
fn follow(mut end: usize, parts: &[u32], findings: &Findings) -> bool {
    parts.iter().all(|part| {
        // Parts share the space between them.
        let near = findings.all(*part).filter(|next| next.begin + 1 >= end && next.begin <= end + MOST_GAP);
        near.min_by_key(|next| next.end).is_some_and(|next| {
            end = next.end;
            true
        })
    })
}

/// The parts of all phrases, each once.
#[derive(Clone, Debug, Default)]
pub(super) struct Parts {
    numbers: HashMap<Vec<u8>, u32>,
    texts: Vec<Vec<u8>>,
}

impl Parts {
    /// Reads a phrase: words; `*` for a gap, and at the end of a word for any ending, with a gap behind it.
    pub(super) fn phrase(&mut self, text: &str) -> Result<Phrase, String> {
        let wrong = |what| Err(format!("phrase {text:?} {what}"));
        let mut parts = Vec::new();
        for part in text.split_inclusive("* ") {
            let (words, is_open) = match part.trim_end().strip_suffix('*') {
                // Alone between spaces: a gap, and the word before it is whole.
                Some(words) if words.ends_with(' ') => (words, false),
                Some(words) => (words, true),
                None => (part, false),
            };
            if words.contains('*') {
                return wrong("has a '*' amid a word; put it alone between spaces, or at the end of a word");
            }
            let mut bytes = Normal::of(words).as_bytes().to_vec();
            if bytes.len() < 3 {
                return wrong("has a part without a word; write words on both sides of a '*'");
            }
            if is_open {
                bytes.pop();
            }
            parts.push(self.number(bytes));
        }
        match text.trim_end().ends_with(" *") {
            true => wrong("ends with a gap; leave it out"),
            false if parts.is_empty() => wrong("is empty; write words"),
            false => Ok(Phrase { parts }),
        }
    }

    fn number(&mut self, bytes: Vec<u8>) -> u32 {
        let next = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        *self.numbers.entry(bytes).or_insert_with_key(|bytes| {
            self.texts.push(bytes.clone());
            next
        })
    }

    fn length(&self, part: u32) -> usize {
        usize::try_from(part).ok().and_then(|part| self.texts.get(part)).map_or(0, Vec::len)
    }

    pub(super) fn len(&self) -> usize {
        self.texts.len()
    }

    pub(super) fn texts(&self) -> &[Vec<u8>] {
        &self.texts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::finder::Finder;

    fn is_in(phrase: &str, text: &str) -> bool {
        let mut parts = Parts::default();
        let phrase = parts.phrase(phrase).unwrap();
        let mut findings = Findings::default();
        Finder::new(&parts).find(&Normal::of(text), &mut findings);
        phrase.is_in(&findings)
    }

    #[test]
    fn words_match_whole_and_in_order() {
        assert!(is_in("mailbox full", "550 Mailbox full!"));
        assert!(!is_in("mailbox full", "mailbox fully working"));
        assert!(!is_in("mailbox full", "postmailbox full"));
        assert!(is_in("throttl*", "Throttling failure"));
        assert!(is_in("throttl* limit", "Throttling: the limit"));
        assert!(is_in("doesn't exist", "it doesn’t exist"));
    }

    #[test]
    fn a_gap_spans_some_words_and_no_more() {
        assert!(is_in("user * unknown", "user unknown"));
        assert!(is_in("user * unknown", "User <a@b.example> is unknown"));
        assert!(!is_in("user * unknown", "unknown user"));
        assert!(!is_in("user * unknown", &format!("user {} unknown", "x".repeat(200))));
        assert!(is_in("user * unknown", &format!("user {} user unknown", "x".repeat(200))));
        assert!(is_in("a * b * c", "a b c"));
        assert!(!is_in("a * b * c", "a c b"));
    }

    #[test]
    fn a_phrase_that_cannot_be_is_refused() {
        for text in ["", "*", " * ", "a * ", "a*b", "!!", "a * * b"] {
            assert!(Parts::default().phrase(text).is_err(), "{text}");
        }
    }
}
