//! Waiting times in the text of a reply: `try again in 300 seconds`.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use super::finder::Findings;
use super::normal::Normal;
use super::phrase::{Parts, Phrase};
use super::rules::{HintEntry, RulesError};

/// The longest waiting time that is believed: longer than any queue keeps mail.
const LONGEST: u64 = 7 * 24 * 3600;

/// The words around waiting times, in several languages.
#[derive(Clone, Debug, Default)]
pub(super) struct Hints {
    /// Words that tell a time to wait from any other time.
    topics: Vec<Phrase>,
    /// Words before the number. Not "per": `10 per 60 seconds` is a limit.
    before: HashSet<Vec<u8>>,
    /// Words behind the unit, in languages that have nothing before the number.
    after: HashSet<Vec<u8>>,
    /// Words for 1.
    one: HashSet<Vec<u8>>,
    /// Units, in seconds.
    units: HashMap<Vec<u8>, u64>,
}

impl Hints {
    pub(super) fn add(&mut self, entry: &HintEntry, parts: &mut Parts) -> Result<(), RulesError> {
        let wrong = |message: String| RulesError::new(format!("hints: {message}"));
        for topic in &entry.topics {
            self.topics.push(parts.phrase(topic).map_err(wrong)?);
        }
        let words = |list: &[String]| list.iter().map(|word| normal(word)).collect::<Vec<_>>();
        self.before.extend(words(&entry.before));
        self.after.extend(words(&entry.after));
        self.one.extend(words(&entry.one));
        for (unit, list) in &entry.units {
            let seconds = unit.parse().map_err(|_| {
                RulesError::new(format!("hints: {unit:?} is no unit; write its seconds: \"60\" = [\"minutes\"]"))
            })?;
            self.units.extend(words(list).into_iter().map(|word| (word, seconds)));
        }
        Ok(())
    }

    /// How long the text asks to wait. What is over a week counts as a week.
    pub(super) fn wait(&self, text: &Normal, findings: &Findings) -> Option<Duration> {
        if !self.topics.iter().any(|topic| topic.is_in(findings)) {
            return None;
        }
        let words: Vec<&[u8]> = text.as_bytes().split(|byte| *byte == b' ').filter(|word| !word.is_empty()).collect();
        let seconds = (0..words.len()).find_map(|at| {
            let behind = words.get(at + 1..)?;
            if self.before.contains(words[at]) {
                let unitless = words[at] == b"after" && at > 0 && words[at - 1] == b"retry";
                return self.clock(behind).or_else(|| self.span(behind).map(|(seconds, _)| seconds)).or_else(|| {
                    let is_end = behind.get(1).is_none_or(|next| !next.iter().all(u8::is_ascii_alphanumeric));
                    number(behind.first()?).filter(|_| unitless && is_end)
                });
            }
            let (seconds, length) = self.span(&words[at..])?;
            let next = words.get(at + length..)?.first()?;
            self.after.contains(*next).then_some(seconds)
        })?;
        Some(Duration::from_secs(seconds.min(LONGEST)))
    }

    /// `00 05 00`, which was 00:05:00.
    fn clock(&self, words: &[&[u8]]) -> Option<u64> {
        let [hours @ ([_] | [_, _] | [_, _, _]), minutes @ [_, _], seconds @ [_, _], rest @ ..] = words else {
            return None;
        };
        let (hours, minutes, seconds) = (number(hours)?, number(minutes)?, number(seconds)?);
        let is_clock = minutes < 60 && seconds < 60 && rest.first().is_none_or(|next| number(next).is_none());
        is_clock.then_some(hours * 3600 + minutes * 60 + seconds)
    }

    /// `5 minutes`, `300s`, `1 hour and 30 minutes`, `an hour`; and of how many words.
    fn span(&self, words: &[&[u8]]) -> Option<(u64, usize)> {
        let (mut total, mut at, mut is_any) = (0_u64, 0, false);
        while let Some((seconds, length)) = words.get(at..).and_then(|rest| self.quantity(rest)) {
            is_any = true;
            total = total.saturating_add(seconds);
            at += length;
            if let [b"and" | b"und" | b"et" | b"y" | b"e", rest @ ..] = words.get(at..)?
                && self.quantity(rest).is_some()
            {
                at += 1;
            }
        }
        is_any.then_some((total, at))
    }

    /// A number and its unit, together or apart.
    fn quantity(&self, words: &[&[u8]]) -> Option<(u64, usize)> {
        let first = *words.first()?;
        let digits = first.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, unit) = first.split_at(digits);
        if digits.is_empty() {
            let unit = words.get(1).and_then(|unit| self.units.get(*unit))?;
            return self.one.contains(first).then_some((*unit, 2));
        }
        let number = number(digits)?;
        if unit.is_empty() {
            return self.unit(words.get(1..)?).map(|(unit, length)| (number.saturating_mul(unit), 1 + length));
        }
        if let Some(unit) = self.units.get(unit) {
            return Some((number.saturating_mul(*unit), 1));
        }
        // 1h30m
        let end = unit.iter().position(u8::is_ascii_digit)?;
        let (unit, rest) = unit.split_at(end);
        let seconds = number.saturating_mul(*self.units.get(unit)?);
        let (more, _) = self.quantity(&[rest])?;
        Some((seconds.saturating_add(more), 1))
    }

    /// A unit of one word, or of two ideographs.
    fn unit(&self, words: &[&[u8]]) -> Option<(u64, usize)> {
        if let [first, second, ..] = words
            && let Some(unit) = self.units.get(&[first, b" ".as_slice(), second].concat())
        {
            return Some((*unit, 2));
        }
        self.units.get(*words.first()?).map(|unit| (*unit, 1))
    }
}

/// All digits, however many.
fn number(word: &[u8]) -> Option<u64> {
    if word.is_empty() || !word.iter().all(u8::is_ascii_digit) {
        return None;
    }
    Some(word.iter().fold(0_u64, |number, digit| number.saturating_mul(10).saturating_add(u64::from(digit - b'0'))))
}

/// The word as it stands in normal text.
fn normal(word: &str) -> Vec<u8> {
    Normal::of(word).as_bytes().trim_ascii().to_vec()
}
