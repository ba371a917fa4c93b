//! Finds the first rule that applies without asking each.

use super::answer::Answer;
use super::condition::Condition;
use super::normal::Normal;
use super::phrase::{Finder, Found, Parts, Phrase};
use super::rules::RulesError;

/// The subjects of RFC 3463, and one place for all others and for answers without enhanced code.
const SUBJECTS: usize = 9;

/// Conditions in the order of their rules.
///
/// A rule with phrases is asked only where the rarest part of one was found; a rule without, where the subject of the
/// enhanced code fits.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    conditions: Vec<Condition>,
    finder: Option<Finder>,
    /// Rules and phrases by the part to be found.
    by_part: Vec<Vec<(usize, Phrase)>>,
    /// Rules without phrases by the subject of enhanced code.
    wordless: [Vec<usize>; SUBJECTS],
}

impl Index {
    /// Puts the conditions in order; `parts` are those of their phrases.
    pub(super) fn new(conditions: Vec<Condition>, parts: &Parts) -> Result<Self, RulesError> {
        let mut by_part = vec![Vec::new(); parts.len()];
        let mut wordless = <[Vec<usize>; SUBJECTS]>::default();
        for (rule, condition) in conditions.iter().enumerate() {
            for phrase in &condition.text {
                let key = phrase.key(parts).and_then(|part| by_part.get_mut(usize::try_from(part).ok()?));
                if let Some(rules) = key {
                    rules.push((rule, phrase.clone()));
                }
            }
            if condition.text.is_empty() {
                let subjects = condition.subjects();
                for (at, rules) in wordless.iter_mut().enumerate() {
                    let may_hold =
                        subjects.as_ref().is_none_or(|subjects| subjects.iter().any(|one| subject(Some(*one)) == at));
                    if may_hold {
                        rules.push(rule);
                    }
                }
            }
        }
        let finder = parts
            .finder()
            .map_err(|error| RulesError::new(format!("the rules have too many phrases: {error}; use fewer")))?;
        Ok(Self { conditions, finder: Some(finder), by_part, wordless })
    }

    /// The number of the first rule that applies. What of the phrases is in the text is left in `found`.
    pub(super) fn find(&self, answer: &Answer<'_>, text: &Normal, found: &mut Vec<Found>) -> Option<usize> {
        if let Some(finder) = &self.finder {
            finder.find(text, found);
        }
        let mut first = None;
        let mut last_part = None;
        for one in found.iter() {
            if last_part == Some(one.part) {
                continue;
            }
            last_part = Some(one.part);
            let rules = usize::try_from(one.part).ok().and_then(|part| self.by_part.get(part));
            for (rule, phrase) in rules.into_iter().flatten() {
                if first.is_some_and(|first| first <= *rule) {
                    break;
                }
                if phrase.is_in(found) && self.holds(*rule, answer, found) {
                    first = Some(*rule);
                }
            }
        }
        let at = subject(answer.enhanced().map(|code| code.subject()));
        let wordless = self.wordless.get(at).into_iter().flatten();
        wordless
            .copied()
            .take_while(|rule| first.is_none_or(|first| *rule < first))
            .find(|rule| self.holds(*rule, answer, found))
            .or(first)
    }

    fn holds(&self, rule: usize, answer: &Answer<'_>, found: &[Found]) -> bool {
        self.conditions.get(rule).is_some_and(|condition| condition.holds(answer, found))
    }
}

/// The place of a subject in the index.
fn subject(subject: Option<u16>) -> usize {
    subject.map_or(SUBJECTS - 1, |subject| usize::from(subject).min(SUBJECTS - 1))
}
