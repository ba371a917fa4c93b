//! When a rule applies.

use std::ops::RangeInclusive;

use super::answer::Answer;
use super::finder::Findings;
use super::phrase::Phrase;
use crate::{EnhancedCode, Event, Stage};

/// All that is stated must hold; of each list, one.
#[derive(Clone, Debug, Default)]
pub(super) struct Condition {
    pub(super) text: Vec<Phrase>,
    pub(super) with: Vec<Phrase>,
    pub(super) without: Vec<Phrase>,
    pub(super) codes: Vec<CodePattern>,
    pub(super) enhanced: Vec<EnhancedPattern>,
    pub(super) stages: Vec<Stage>,
    pub(super) events: Vec<Event>,
}

impl Condition {
    /// Whether all but `text` holds.
    pub(super) fn holds(&self, answer: &Answer<'_>, findings: &Findings) -> bool {
        let any = |phrases: &[Phrase]| phrases.iter().any(|phrase| phrase.is_in(findings));
        (self.codes.is_empty() || self.codes.iter().any(|code| code.holds(answer)))
            && (self.enhanced.is_empty()
                || answer.enhanced().is_some_and(|code| self.enhanced.iter().any(|pattern| pattern.holds(code))))
            && (self.stages.is_empty() || answer.stage().is_some_and(|stage| self.stages.contains(&stage)))
            && match answer.instead_of_reply() {
                Some(event) => self.events.contains(&event),
                None => self.events.is_empty(),
            }
            && (self.with.is_empty() || any(&self.with))
            && !any(&self.without)
    }

    pub(super) const fn has_phrases(&self) -> bool {
        !(self.text.is_empty() && self.with.is_empty() && self.without.is_empty())
    }

    /// Whether it may hold for answers like this one, as far as event, stage, severity and the subject of the enhanced code
    /// tell.
    pub(super) fn may_hold(&self, kind: Kind) -> bool {
        kind.has_event != self.events.is_empty()
            && (kind.has_stage || self.stages.is_empty())
            && (self.codes.is_empty() || self.codes.iter().any(|code| code.may_hold(kind.severity)))
            && (self.enhanced.is_empty() || self.enhanced.iter().any(|pattern| pattern.may_hold(kind.subject)))
    }
}

/// What an answer is like, so that most rules need not be asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    has_event: bool,
    has_stage: bool,
    /// 4, 5, or 0 for any other.
    severity: u16,
    /// That of the enhanced code; 8 for any over 7, and 9 where there is none.
    subject: u16,
}

impl Kind {
    /// All there are, in the order of `index`.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        (0..120).map(|index| Self {
            has_event: index % 2 == 1,
            has_stage: index / 2 % 2 == 1,
            severity: [0, 4, 5][index / 4 % 3],
            subject: u16::try_from(index / 12).unwrap_or_default(),
        })
    }

    pub(super) fn of(answer: &Answer<'_>) -> Self {
        Self {
            has_event: answer.instead_of_reply().is_some(),
            has_stage: answer.stage().is_some(),
            severity: match answer.severity() {
                severity @ (4 | 5) => severity,
                _ => 0,
            },
            subject: answer.enhanced().map_or(9, |code| code.subject().min(8)),
        }
    }

    /// Its place among [`all`](Self::all).
    pub(super) fn index(self) -> usize {
        let severity = usize::from(self.severity.saturating_sub(3));
        usize::from(self.has_event) + 2 * usize::from(self.has_stage) + 4 * severity + 12 * usize::from(self.subject)
    }
}

/// `550`, `500-504`, `5yz`, or `none`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum CodePattern {
    Codes(RangeInclusive<u16>),
    Severity(u16),
    None,
}

impl CodePattern {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no code; write 550, 500-504, 5yz or none");
        if text == "none" {
            return Ok(Self::None);
        }
        if let Some(digit) = text.strip_suffix("yz") {
            return match digit.parse() {
                Ok(digit @ 1..=9) => Ok(Self::Severity(digit)),
                _ => Err(wrong()),
            };
        }
        range(text).filter(|range| *range.start() >= 100 && *range.end() <= 999).map(Self::Codes).ok_or_else(wrong)
    }

    /// Whether it may hold at this severity: 4, 5, or 0 for any other. Codes may, whatever their digit: an enhanced code
    /// changes the severity.
    fn may_hold(&self, severity: u16) -> bool {
        match self {
            Self::Codes(_) => true,
            Self::Severity(digit @ (4 | 5)) => *digit == severity,
            Self::Severity(_) | Self::None => severity == 0,
        }
    }

    fn holds(&self, answer: &Answer<'_>) -> bool {
        match self {
            Self::Codes(range) => answer.code().is_some_and(|code| range.contains(&code)),
            Self::Severity(digit) => answer.severity() == *digit,
            Self::None => answer.code().is_none() && answer.severity() == 0,
        }
    }
}

/// `5.7.1`, `x.2.2` for any class, `x.7.*`, `5.7.606-649`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct EnhancedPattern {
    class: Option<u16>,
    subject: RangeInclusive<u16>,
    detail: RangeInclusive<u16>,
}

impl EnhancedPattern {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let pattern = || {
            let mut parts = text.split('.');
            let (class, subject, detail) = (parts.next()?, parts.next()?, parts.next()?);
            let class = match class {
                "x" => None,
                "2" => Some(2),
                "4" => Some(4),
                "5" => Some(5),
                _ => return None,
            };
            parts.next().is_none().then_some(())?;
            Some(Self { class, subject: range(subject)?, detail: range(detail)? })
        };
        pattern().ok_or_else(|| {
            format!("{text:?} is no pattern of enhanced codes; write 5.7.1, x.2.2, x.7.* or 5.7.606-649")
        })
    }

    /// Whether it may hold for a code of this subject: 8 for any over 7, 9 for no code.
    fn may_hold(&self, subject: u16) -> bool {
        match subject {
            9 => false,
            8 => *self.subject.end() > 7,
            _ => self.subject.contains(&subject),
        }
    }

    fn holds(&self, code: EnhancedCode) -> bool {
        self.class.is_none_or(|class| class == code.class())
            && self.subject.contains(&code.subject())
            && self.detail.contains(&code.detail())
    }
}

fn range(text: &str) -> Option<RangeInclusive<u16>> {
    let number = |text: &str| match text.len() {
        1..=3 if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
        _ => None,
    };
    match text.split_once('-') {
        _ if text == "*" => Some(0..=999),
        Some((first, last)) => Some(number(first)?..=number(last)?).filter(|range| !range.is_empty()),
        None => number(text).map(|number| number..=number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_know_their_place() {
        assert!(Kind::all().enumerate().all(|(at, kind)| kind.index() == at));
        let kind = Kind::of(&Answer::from_text("550 5.9.1 no").at(Stage::Rcpt));
        assert_eq!((kind.has_event, kind.has_stage, kind.severity, kind.subject), (false, true, 5, 8));
    }

    #[test]
    fn code_patterns_are_read() {
        let holds = |pattern, reply| CodePattern::parse(pattern).unwrap().holds(&Answer::from_text(reply));
        assert!(holds("550", "550 no") && !holds("550", "551 no"));
        assert!(holds("500-504", "503 no") && !holds("500-504", "505 no"));
        assert!(holds("5yz", "571 no") && !holds("5yz", "471 no"));
        assert!(!holds("5yz", "550 4.2.2 no"), "the severity counts, not the digit");
        assert!(holds("none", "hello") && !holds("none", "550"));
        for text in ["", "55", "5500", "0yz", "yz", "504-500", "5xx", "-", "*"] {
            assert!(CodePattern::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn enhanced_patterns_are_read() {
        let holds =
            |pattern, code: &str| EnhancedPattern::parse(pattern).unwrap().holds(code.parse::<EnhancedCode>().unwrap());
        assert!(holds("x.2.2", "4.2.2") && holds("x.2.2", "5.2.2") && !holds("x.2.2", "5.2.1"));
        assert!(holds("5.7.606-649", "5.7.649") && !holds("5.7.606-649", "5.7.650"));
        assert!(holds("4.7.*", "4.7.650") && !holds("4.7.*", "5.7.1"));
        for text in ["", "x.2", "y.2.2", "x.2.2.2", "x..2", "3.1.1", "x.2.1000"] {
            assert!(EnhancedPattern::parse(text).is_err(), "{text}");
        }
    }
}
