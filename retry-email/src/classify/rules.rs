use std::collections::BTreeMap;
use std::fmt;

use retry_core::{Class, Effect};
use serde::Deserialize;

use super::condition::{CodePattern, Condition, EnhancedPattern};
use super::hint::Hints;
use super::phrase::Parts;
use super::{Action, Confidence, FaultScope, Reason};

/// Rules of classification, as data: what a reply must look like, and what it means then.
///
/// They are written in TOML. Any number of `[[rule]]`, of which the first that applies decides:
///
/// | key | meaning |
/// |---|---|
/// | `name` | shown as the rule that decided (required) |
/// | `text` | phrases, one of which must be in the text |
/// | `with`, `without` | phrases, one of which must be in the text as well; none of which may be |
/// | `code` | codes, one of which it must be: `550`, `500-504`, `5yz` (by severity), `none` |
/// | `enhanced` | enhanced codes: `5.7.1`, `x.2.2` for any class, `x.7.*`, `5.7.606-649` |
/// | `stage`, `event` | where, and what happened instead of a reply; a rule without `event` is for replies only |
/// | `reason` | the reason, which brings class, action and scope with it (required) |
/// | `class`, `action`, `scope`, `effect`, `alert`, `confidence` | replace what the reason brings |
///
/// A phrase is words, in any case, with or without accents and punctuation: `mailbox full` is in `Mailbox: FULL!`, but
/// not in `mailbox is full`. ` * ` stands for a gap of up to 60 bytes (`mailbox * full`), and a `*` at the end of a word
/// for any ending, with a gap behind it (`throttl*`, `exceed* quota`). Mail addresses and status codes in a reply are passed over; an IP address
/// reads `ip`.
///
/// `[[reason]]` sets what a reason brings, `transient` for 4yz and `permanent` for 5yz replies. `[hints]` adds words for waiting
/// times: `before` the number (`in`), with one of `topics` shortly before that (`again`) or of `behind` shortly behind the unit
/// (`erneut`); `after` the unit (`remaining`); `one` (`an`), `numbers` (`5 = ["five"]`) and `units`, in seconds
/// (`60 = ["minutes"]`).
///
/// ```
/// use retry_email::{Action, Answer, Classifier, Rules};
///
/// let rules = Rules::from_toml(
///     r#"
///     [[rule]]
///     name = "ours.maintenance"
///     text = ["planned maintenance", "back * monday"]
///     code = ["5yz"]
///     reason = "system_error"
///     class = "transient"
///     action = "retry_later"
///     "#,
/// )?;
/// let classifier = Classifier::builder().rules(rules).build()?;
/// let classification = classifier.classify(&Answer::from_text("550 Closed, we are back on Monday"));
/// assert_eq!((classification.action, classification.rule), (Action::RetryLater, "ours.maintenance"));
/// # Ok::<(), retry_email::RulesError>(())
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    #[serde(default)]
    pub(super) rule: Vec<RuleEntry>,
    #[serde(default)]
    pub(super) reason: Vec<ReasonEntry>,
    #[serde(default)]
    pub(super) hints: HintEntry,
}

impl Rules {
    /// Reads and checks rules.
    ///
    /// # Errors
    /// What is no TOML, no key of a rule, no word of a list, no pattern, no phrase; or a rule without any condition. The
    /// message names the place and what would be right.
    ///
    /// ```
    /// use retry_email::Rules;
    ///
    /// let error = Rules::from_toml("[[rule]]\nname = \"x\"\ntext = [\"no\"]\nreason = \"bad_mood\"").unwrap_err();
    /// assert!(error.to_string().contains("\"bad_mood\" is no reason; use one of mailbox_unknown, "));
    /// ```
    pub fn from_toml(text: &str) -> Result<Self, RulesError> {
        let rules: Self = toml::from_str(text).map_err(|error| RulesError::new(error.to_string().trim_end()))?;
        let mut parts = Parts::default();
        for rule in &rules.rule {
            rule.condition(&mut parts)?;
        }
        Hints::default().add(&rules.hints, &mut parts)?;
        Ok(rules)
    }
}

/// Why rules cannot be used.
///
/// ```
/// use retry_email::Rules;
///
/// let error = Rules::from_toml("[[rule]]\nname = \"all\"\nreason = \"spam\"").unwrap_err();
/// assert!(error.to_string().contains("rule \"all\" has no condition"));
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RulesError {
    message: String,
}

impl RulesError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }
}

impl fmt::Display for RulesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for RulesError {}

/// One rule, as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleEntry {
    pub(super) name: String,
    #[serde(default)]
    text: Vec<String>,
    #[serde(default)]
    with: Vec<String>,
    #[serde(default)]
    without: Vec<String>,
    #[serde(default)]
    code: Vec<String>,
    #[serde(default)]
    enhanced: Vec<String>,
    #[serde(default)]
    stage: Vec<Word<crate::Stage>>,
    #[serde(default)]
    event: Vec<Word<crate::Event>>,
    reason: Word<Reason>,
    class: Option<ClassWord>,
    action: Option<Word<Action>>,
    scope: Option<Word<FaultScope>>,
    effect: Option<EffectWord>,
    alert: Option<bool>,
    confidence: Option<Word<Confidence>>,
}

impl RuleEntry {
    pub(super) fn reason(&self) -> Reason {
        self.reason.0
    }

    pub(super) fn change(&self) -> Change {
        Change {
            class: self.class.map(|word| word.0),
            action: self.action.map(|word| word.0),
            scope: self.scope.map(|word| word.0),
            effect: self.effect.map(|word| word.0),
            alert: self.alert,
            confidence: self.confidence.map(|word| word.0),
        }
    }

    /// The condition, whose phrases become part of `parts`.
    pub(super) fn condition(&self, parts: &mut Parts) -> Result<Condition, RulesError> {
        let wrong = |message: String| RulesError::new(format!("rule {:?}: {message}", self.name));
        let mut phrases =
            |list: &[String]| list.iter().map(|text| parts.phrase(text)).collect::<Result<Vec<_>, _>>().map_err(wrong);
        let condition = Condition {
            text: phrases(&self.text)?,
            with: phrases(&self.with)?,
            without: phrases(&self.without)?,
            codes: self.code.iter().map(|text| CodePattern::parse(text)).collect::<Result<_, _>>().map_err(wrong)?,
            enhanced: self
                .enhanced
                .iter()
                .map(|text| EnhancedPattern::parse(text))
                .collect::<Result<_, _>>()
                .map_err(wrong)?,
            stages: self.stage.iter().map(|word| word.0).collect(),
            events: self.event.iter().map(|word| word.0).collect(),
        };
        let is_empty = condition.text.is_empty()
            && condition.with.is_empty()
            && condition.codes.is_empty()
            && condition.enhanced.is_empty()
            && condition.stages.is_empty()
            && condition.events.is_empty();
        if is_empty {
            return Err(RulesError::new(format!(
                "rule {:?} has no condition and would take every reply; give it text, code, enhanced, stage or event",
                self.name
            )));
        }
        Ok(condition)
    }
}

/// What a rule replaces of what its reason brings.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Change {
    /// `Some(None)`: no failure.
    pub(super) class: Option<Option<Class>>,
    pub(super) action: Option<Action>,
    pub(super) scope: Option<FaultScope>,
    pub(super) effect: Option<Effect>,
    pub(super) alert: Option<bool>,
    pub(super) confidence: Option<Confidence>,
}

/// What a reason brings, as it is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReasonEntry {
    pub(super) name: Word<Reason>,
    pub(super) scope: Word<FaultScope>,
    #[serde(default)]
    pub(super) alert: bool,
    pub(super) transient: OutcomeEntry,
    pub(super) permanent: OutcomeEntry,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OutcomeEntry {
    pub(super) class: ClassWord,
    pub(super) action: Word<Action>,
}

/// Words for waiting times, as they are written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct HintEntry {
    pub(super) topics: Vec<String>,
    pub(super) behind: Vec<String>,
    pub(super) before: Vec<String>,
    pub(super) after: Vec<String>,
    pub(super) one: Vec<String>,
    /// Number, in quotes, to its words.
    pub(super) numbers: BTreeMap<String, Vec<String>>,
    /// Unit in seconds, as a number in quotes, to its words.
    pub(super) units: BTreeMap<String, Vec<String>>,
}

/// A word of one of our lists.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word<T>(pub(super) T);

impl<'de, T: std::str::FromStr<Err: fmt::Display>> Deserialize<'de> for Word<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        word.parse().map(Self).map_err(serde::de::Error::custom)
    }
}

/// A class, or `none` for success.
#[derive(Clone, Copy, Debug)]
pub(super) struct ClassWord(pub(super) Option<Class>);

impl<'de> Deserialize<'de> for ClassWord {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const CLASSES: [Class; 6] = [
            Class::Transient,
            Class::Throttled,
            Class::Persistent,
            Class::Misconfigured,
            Class::Permanent,
            Class::Unknown,
        ];
        let word = String::deserialize(deserializer)?;
        if word == "none" {
            return Ok(Self(None));
        }
        let class = CLASSES.into_iter().find(|class| class.as_str() == word);
        class.map(|class| Self(Some(class))).ok_or_else(|| {
            let right = CLASSES.iter().map(|class| class.as_str()).chain(["none"]).collect();
            serde::de::Error::custom(crate::UnknownWord::new("class", &word, || right))
        })
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct EffectWord(pub(super) Effect);

impl<'de> Deserialize<'de> for EffectWord {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const EFFECTS: [Effect; 2] = [Effect::None, Effect::Possible];
        let word = String::deserialize(deserializer)?;
        EFFECTS.into_iter().find(|effect| effect.as_str() == word).map(Self).ok_or_else(|| {
            let right = EFFECTS.iter().map(|effect| effect.as_str()).collect();
            serde::de::Error::custom(crate::UnknownWord::new("effect", &word, || right))
        })
    }
}
