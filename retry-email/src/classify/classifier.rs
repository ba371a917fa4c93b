use std::sync::LazyLock;

use retry_core::{Class, Effect, ErrorClassifier, Verdict};

use super::answer::Answer;
use super::classification::Classification;
use super::hint::Hints;
use super::index::Index;
use super::outcome::{Outcomes, ReasonTable};
use super::rules::Change;
use super::words::Words;
use super::{Action, Builder, Confidence, FaultScope, Reason};
use crate::Reply;

/// Says what a server's answer means: class, action, reason, scope, hint, and the rule that decided.
///
/// Rules are data ([`Rules`](super::Rules)). The first that applies decides: rules of one's own, the protocol, the
/// providers', what servers say in general, enhanced status codes, basic codes. So text may override the code, in both
/// directions; a text that says nothing leaves the decision to the codes, and those to the first digit.
///
/// Two questions of policy have declared answers, which a [`Builder`] changes: a full mailbox is persistent, whatever
/// its code; and so is a 5yz reply that blames our address for spam. No recipient is failed for either.
///
/// All rules are found in one pass over the text. Classifying cannot fail and does not panic, for any input.
///
/// ```
/// use retry_core::Class;
/// use retry_email::{Action, Answer, Classifier, Reason};
///
/// let classify = |text| {
///     let classification = Classifier::builtin().classify(&Answer::from_text(text));
///     (classification.class.unwrap(), classification.action, classification.reason)
/// };
/// assert_eq!(
///     classify("550 5.1.1 <bob@example.org>: no such user"),
///     (Class::Permanent, Action::FailRecipient, Reason::MailboxUnknown)
/// );
/// // The text overrides the code.
/// assert_eq!(
///     classify("550 Greylisted, please come back later"),
///     (Class::Transient, Action::RetryLater, Reason::Greylisted)
/// );
/// ```
#[derive(Clone, Debug)]
pub struct Classifier {
    pub(super) index: Index,
    pub(super) rules: Vec<Decided>,
    pub(super) reasons: ReasonTable,
    pub(super) hints: Hints,
}

/// What a rule decides.
#[derive(Clone, Debug)]
pub(super) struct Decided {
    pub(super) name: String,
    pub(super) reason: Reason,
    pub(super) change: Change,
    /// Whether words of the reply decide, and not its codes alone.
    pub(super) by_words: bool,
}

impl Classifier {
    /// The classifier with the rules of this crate. It is made at the first call, in some milliseconds.
    ///
    /// ```
    /// use retry_email::{Answer, Classifier};
    ///
    /// assert_eq!(Classifier::builtin().classify(&Answer::from_text("250 Ok")).class, None);
    /// ```
    #[must_use]
    pub fn builtin() -> &'static Self {
        static BUILTIN: LazyLock<Classifier> = LazyLock::new(|| {
            // The rules are part of the crate, and a test reads them; without them the codes' first digits decide.
            Builder::new().build().unwrap_or_else(|_| Classifier {
                index: Index::default(),
                rules: Vec::new(),
                reasons: ReasonTable::default(),
                hints: Hints::default(),
            })
        });
        &BUILTIN
    }

    /// A classifier with rules of one's own before those of this crate, or with other answers to the questions of policy.
    ///
    /// ```
    /// use retry_core::Class;
    /// use retry_email::{Answer, Classifier};
    ///
    /// let strict = Classifier::builder().full_mailbox(Class::Permanent).build()?;
    /// let class = |classifier: &Classifier| classifier.classify(&Answer::from_text("552 5.2.2 Mailbox full")).class;
    /// assert_eq!(class(&strict), Some(Class::Permanent));
    /// assert_eq!(class(Classifier::builtin()), Some(Class::Persistent));
    /// # Ok::<(), retry_email::RulesError>(())
    /// ```
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// Says what `answer` means.
    ///
    /// ```
    /// use retry_email::{Action, Answer, Classifier, Stage};
    ///
    /// let answer = Answer::from_text("250 what?").at(Stage::Data);
    /// assert_eq!(Classifier::builtin().classify(&answer).action, Action::ProtocolErrorClose);
    /// ```
    #[must_use]
    pub fn classify(&self, answer: &Answer<'_>) -> Classification<'_> {
        if let Some(rule) = self.index.first_without_words(answer).and_then(|rule| self.rules.get(rule))
            && rule.change.class == Some(None)
        {
            return self.by_rule(rule, answer, None);
        }
        let mut words = Words::taken();
        words.text.read(answer.text());
        self.index.find(&words.text, &mut words.findings);
        let rule = self.index.first(answer, &words.findings).and_then(|rule| self.rules.get(rule));
        let classification = rule.map_or_else(|| by_digit(answer), |rule| self.by_rule(rule, answer, Some(&words)));
        words.put_back();
        classification
    }

    fn by_rule<'c>(&self, rule: &'c Decided, answer: &Answer<'_>, words: Option<&Words>) -> Classification<'c> {
        let Decided { name, reason, change, by_words } = rule;
        let outcomes = self.reasons.get(*reason);
        let outcome = outcomes.of(answer.severity());
        let class = change.class.unwrap_or(outcome.class);
        let action = change.action.unwrap_or(outcome.action);
        // The server's own waiting time, where waiting helps.
        let helps = matches!(class, Some(Class::Transient | Class::Throttled | Class::Persistent));
        let hint = words.filter(|_| helps).and_then(|words| self.hints.wait(&words.text, &words.findings));
        Classification {
            class,
            action,
            reason: *reason,
            scope: change.scope.unwrap_or(outcomes.scope),
            effect: change.effect.unwrap_or_else(|| effect(action)),
            hint,
            confidence: change.confidence.unwrap_or(if *by_words { Confidence::High } else { Confidence::Medium }),
            alert: change.alert.unwrap_or(outcomes.alert),
            rule: name,
        }
    }
}

impl ErrorClassifier<Answer<'_>> for Classifier {
    fn classify(&self, answer: &Answer<'_>) -> Verdict {
        Self::classify(self, answer).verdict()
    }
}

impl ErrorClassifier<Reply> for Classifier {
    fn classify(&self, reply: &Reply) -> Verdict {
        Self::classify(self, &Answer::from(reply)).verdict()
    }
}

/// A mail that is, or may be, delivered has had its effect.
const fn effect(action: Action) -> Effect {
    match action {
        Action::Done | Action::UnknownOutcome => Effect::Possible,
        _ => Effect::None,
    }
}

/// Where no rule applies, which happens without any only.
fn by_digit(answer: &Answer<'_>) -> Classification<'static> {
    let outcome = Outcomes::BY_DIGIT.of(answer.severity());
    Classification {
        class: outcome.class,
        action: outcome.action,
        reason: Reason::Unspecified,
        scope: FaultScope::Message,
        effect: Effect::None,
        hint: None,
        confidence: Confidence::Low,
        alert: false,
        rule: "first-digit",
    }
}
