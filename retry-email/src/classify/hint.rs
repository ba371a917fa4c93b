//! Waiting times in the text of a reply: `try again in 300 seconds`.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use super::finder::Findings;
use super::normal::Normal;
use super::phrase::{Parts, Phrase};
use super::rules::{HintEntry, RulesError};

/// The longest waiting time that is believed: longer than any queue keeps mail.
const LONGEST: u64 = 7 * 24 * 3600;
/// The most bytes between a topic and the word before the number: some short words. `200 messages in 5 minutes; try again` tells
/// no time to wait, though it has a time and a topic.
const NEAR: usize = 24;
/// The most words between the unit and a topic behind it.
const BEHIND: usize = 3;

/// The words around waiting times, in several languages.
#[derive(Clone, Debug, Default)]
pub(super) struct Hints {
    /// Words that tell a time to wait from any other time; they stand shortly before it.
    topics: Vec<Phrase>,
    /// Topics of languages that have them behind the time.
    behind: HashSet<Vec<u8>>,
    /// Words before the number. Not "per": `10 per 60 seconds` is a limit.
    before: HashSet<Vec<u8>>,
    /// Words behind the unit, in languages that have nothing before the number.
    after: HashSet<Vec<u8>>,
    /// Words for 1.
    one: HashSet<Vec<u8>>,
    /// Words for other numbers.
    numbers: HashMap<Vec<u8>, u64>,
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
        self.behind.extend(words(&entry.behind));
        self.before.extend(words(&entry.before));
        self.after.extend(words(&entry.after));
        self.one.extend(words(&entry.one));
        for (number, list) in &entry.numbers {
            let value: u64 = number.parse().map_err(|_| {
                RulesError::new(format!("hints: {number:?} is no number; write digits: \"5\" = [\"five\"]"))
            })?;
            self.numbers.extend(words(list).into_iter().map(|word| (word, value)));
        }
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
        // One space begins the text, and one follows each word.
        let mut next = 1;
        let seconds = (0..words.len()).find_map(|at| {
            let begin = next;
            next += words[at].len() + 1;
            if self.before.contains(words[at]) {
                let (seconds, length) = self.asked(&words, at)?;
                let is_meant = || self.is_near(begin, findings) || self.is_behind(&words, at + 1 + length);
                return Some(seconds).filter(|_| is_meant());
            }
            let (seconds, length) = self.span(&words[at..])?;
            let behind = words.get(at + length..)?.first()?;
            self.after.contains(*behind).then_some(seconds)
        })?;
        Some(Duration::from_secs(seconds.min(LONGEST)))
    }

    /// The time behind the word at `at`, and of how many words.
    fn asked(&self, words: &[&[u8]], at: usize) -> Option<(u64, usize)> {
        let behind = words.get(at + 1..)?;
        let unitless = words[at] == b"after" && at > 0 && words[at - 1] == b"retry";
        let clock = self.clock(behind).map(|seconds| (seconds, 3));
        clock.or_else(|| self.span(behind)).or_else(|| {
            let is_end = behind.get(1).is_none_or(|next| !next.iter().all(u8::is_ascii_alphanumeric));
            number(behind.first()?).filter(|_| unitless && is_end).map(|seconds| (seconds, 1))
        })
    }

    /// Whether a topic stands shortly before the word that begins at `begin`, or is that word.
    fn is_near(&self, begin: usize, findings: &Findings) -> bool {
        let is_near = |end: usize, start: usize| start <= begin && end + NEAR >= begin;
        self.topics.iter().any(|topic| topic.ends(findings).any(|found| is_near(found.end, found.begin)))
    }

    /// Whether a topic stands shortly behind the word before `end`.
    fn is_behind(&self, words: &[&[u8]], end: usize) -> bool {
        words.get(end..).is_some_and(|rest| rest.iter().take(BEHIND).any(|word| self.behind.contains(*word)))
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

    /// `5 minutes`, `300s`, `1 hour and 30 minutes`, `an hour`; and of how many words. `300 seconds (5 minutes)` says it twice:
    /// what is added is less than what it is added to.
    fn span(&self, words: &[&[u8]]) -> Option<(u64, usize)> {
        let (mut total, mut at, mut last) = (0_u64, 0, None);
        while let Some((seconds, length)) = words.get(at..).and_then(|rest| self.quantity(rest)) {
            if last.is_some_and(|last| seconds >= last) {
                break;
            }
            last = Some(seconds);
            total = total.saturating_add(seconds);
            at += length;
            if let [b"and" | b"und" | b"et" | b"y" | b"e", rest @ ..] = words.get(at..)?
                && self.quantity(rest).is_some()
            {
                at += 1;
            }
        }
        last.map(|_| (total, at))
    }

    /// A number and its unit, together or apart.
    fn quantity(&self, words: &[&[u8]]) -> Option<(u64, usize)> {
        let first = *words.first()?;
        let digits = first.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, unit) = first.split_at(digits);
        if digits.is_empty() {
            let unit = words.get(1).and_then(|unit| self.units.get(*unit))?;
            let number = if self.one.contains(first) { 1 } else { *self.numbers.get(first)? };
            return Some((number.saturating_mul(*unit), 2));
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
