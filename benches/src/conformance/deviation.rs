//! The reviewed list of cases that are not ours to pass.

use serde::Deserialize;

use super::case::Case;
use super::expression::{Expression, Value};

/// The rules of a deviations file: a case that matches one and fails is skipped.
#[derive(Clone, Debug, Default)]
pub struct Deviations {
    pub(crate) rules: Vec<Rule>,
}

/// One rule.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    pub(crate) file: String,
    pub(crate) op: String,
    pub(crate) text: String,
    pub(crate) reason: String,
    when: Expression,
}

/// A deviations file that is none.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BadDeviations {
    /// It is no TOML, or not of the right form.
    #[error(transparent)]
    Form(#[from] toml::de::Error),
    /// A predicate is no formula.
    #[error("rule {number}: `{text}` is no predicate: {why}")]
    Predicate {
        /// Which rule, from 1.
        number: usize,
        /// The predicate.
        text: String,
        /// What is wrong with it.
        why: String,
    },
    /// A rule says not enough.
    #[error("rule {number}: {why}")]
    Rule {
        /// Which rule, from 1.
        number: usize,
        /// What is wrong with it.
        why: &'static str,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    deviation: Vec<WrittenRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenRule {
    file: String,
    op: String,
    when: String,
    reason: String,
}

impl Deviations {
    /// The project's own, from `conformance/deviations.toml`.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn reviewed() -> Result<Self, BadDeviations> {
        Self::parse(include_str!("../../conformance/deviations.toml"))
    }

    /// Reads the text of a deviations file: a list of `[[deviation]]`, each with `file`, `op`, `when` (a predicate on the input) and
    /// `reason`.
    ///
    /// # Errors
    /// [`BadDeviations`] for what is no TOML, for unknown keys, for a predicate that is none or looks at the id, and for an
    /// empty reason.
    pub fn parse(text: &str) -> Result<Self, BadDeviations> {
        let written: Written = toml::from_str(text)?;
        let rules = written.deviation.into_iter().zip(1..).map(|(rule, number)| {
            let WrittenRule { file, op, when, reason } = rule;
            // A predicate may be written over several lines.
            let text = when.split_whitespace().collect::<Vec<_>>().join(" ");
            if reason.trim().is_empty() {
                return Err(BadDeviations::Rule {
                    number,
                    why: "the reason is empty; say why we do not follow the peer",
                });
            }
            match Expression::parse(&text) {
                Ok(when) => Ok(Rule { file, op, text, reason, when }),
                Err(why) => Err(BadDeviations::Predicate { number, text, why }),
            }
        });
        Ok(Self { rules: rules.collect::<Result<_, _>>()? })
    }

    /// The first rule that matches.
    pub(crate) fn matching(&self, file: &str, case: &Case) -> Option<usize> {
        self.rules.iter().position(|rule| rule.file == file && rule.op == case.op && rule.matches(case))
    }
}

impl Rule {
    /// Names are those of the input; `law` is the text of a property. Nothing else of the case can be asked for.
    fn matches(&self, case: &Case) -> bool {
        let (input, all) = (case.input(), case.all());
        let named = |name: &str| match name {
            "law" => Value::from(all.get(name)),
            _ => Value::from(input.get(name)),
        };
        self.when.value(&named).is_true()
    }
}
