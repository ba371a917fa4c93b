//! Finds the first rule that applies without asking each.

use super::answer::Answer;
use super::condition::{Condition, Kind};
use super::finder::{Finder, Findings};
use super::normal::Normal;
use super::phrase::{Parts, Phrase};

/// Conditions in the order of their rules.
///
/// A rule with phrases is asked only where the rarest part of one was found; a rule without, where it may hold for answers
/// of this kind.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    conditions: Vec<Condition>,
    finder: Option<Finder>,
    /// For each part the rules that it is the key of, with the phrase where that has more parts.
    by_part: Vec<Vec<(usize, Option<Phrase>)>>,
    /// Rules without phrases, by the kind of answer.
    wordless: Vec<Vec<usize>>,
    /// The first rule that looks at the words, by the kind of answer.
    first_of_words: Vec<usize>,
}

impl Index {
    /// Puts the conditions in order; `parts` are those of their phrases.
    pub(super) fn new(conditions: Vec<Condition>, parts: &Parts) -> Self {
        let mut by_part = vec![Vec::new(); parts.len()];
        for (rule, condition) in conditions.iter().enumerate() {
            for phrase in &condition.text {
                let key = phrase.key(parts).and_then(|part| usize::try_from(part).ok());
                if let Some(rules) = key.and_then(|part| by_part.get_mut(part)) {
                    rules.push((rule, (!phrase.is_one_part()).then(|| phrase.clone())));
                }
            }
        }
        let rules_for = |kind| {
            let wordless = conditions.iter().enumerate().filter(|(_, condition)| condition.text.is_empty());
            wordless.filter(|(_, condition)| condition.may_hold(kind)).map(|(rule, _)| rule).collect()
        };
        let wordless = Kind::all().map(rules_for).collect();
        let first_of_words = |kind| {
            let looks = |condition: &Condition| condition.has_phrases() && condition.may_hold(kind);
            conditions.iter().position(looks).unwrap_or(conditions.len())
        };
        let first_of_words = Kind::all().map(first_of_words).collect();
        Self { conditions, finder: Some(Finder::new(parts)), by_part, wordless, first_of_words }
    }

    /// The number of the first rule that applies, where no rule before it looks at the words. Most replies are accepted ones,
    /// and end here.
    pub(super) fn first_without_words(&self, answer: &Answer<'_>) -> Option<usize> {
        let kind = Kind::of(answer).index();
        let end = self.first_of_words.get(kind)?;
        let before = self.wordless.get(kind)?.iter().copied().take_while(|rule| rule < end);
        before.into_iter().find(|rule| self.holds(*rule, answer, &Findings::default()))
    }

    /// What of the phrases is in the text: replaces what was found before.
    pub(super) fn find(&self, text: &Normal, findings: &mut Findings) {
        if let Some(finder) = &self.finder {
            finder.find(text, findings);
        }
    }

    /// The number of the first rule that applies.
    pub(super) fn first(&self, answer: &Answer<'_>, findings: &Findings) -> Option<usize> {
        let mut first = usize::MAX;
        for part in findings.parts() {
            let rules = usize::try_from(part).ok().and_then(|part| self.by_part.get(part));
            for (rule, phrase) in rules.into_iter().flatten() {
                if *rule >= first {
                    break;
                }
                if phrase.as_ref().is_none_or(|phrase| phrase.is_in(findings)) && self.holds(*rule, answer, findings) {
                    first = *rule;
                }
            }
        }
        let wordless = self.wordless.get(Kind::of(answer).index()).into_iter().flatten();
        let mut before = wordless.copied().take_while(|rule| *rule < first);
        let earlier = before.find(|rule| self.holds(*rule, answer, findings));
        earlier.or_else(|| (first < usize::MAX).then_some(first))
    }

    fn holds(&self, rule: usize, answer: &Answer<'_>, findings: &Findings) -> bool {
        self.conditions.get(rule).is_some_and(|condition| condition.holds(answer, findings))
    }
}
