use std::time::Duration;

use retry_core::{Class, Effect, Hint, HintSource, Verdict};

use super::{Action, Confidence, FaultScope, Reason};

/// What an answer means, and why: the classifier's result.
///
/// ```
/// use std::time::Duration;
///
/// use retry_core::Class;
/// use retry_email::{Action, Answer, Classifier, FaultScope, Reason};
///
/// let answer = Answer::from_text("450 4.2.0 Greylisted, please try again in 5 minutes");
/// let classification = Classifier::builtin().classify(&answer);
/// assert_eq!(classification.class, Some(Class::Transient));
/// assert_eq!(classification.action, Action::RetryLater);
/// assert_eq!(classification.reason, Reason::Greylisted);
/// assert_eq!(classification.scope, FaultScope::Recipient);
/// assert_eq!(classification.hint, Some(Duration::from_secs(300)));
/// assert_eq!(classification.rule, "greylisted");
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Classification<'c> {
    /// The engine's class; `None` where nothing failed.
    pub class: Option<Class>,
    /// What a sender does next.
    pub action: Action,
    /// Why the server does not take it.
    pub reason: Reason,
    /// For whom else it holds.
    pub scope: FaultScope,
    /// Whether the mail may have been taken although it looks like a failure.
    pub effect: Effect,
    /// How long the server asks to wait, in whole seconds, a week at the most.
    pub hint: Option<Duration>,
    /// How much this rests on.
    pub confidence: Confidence,
    /// Whether somebody on our side should look into it.
    pub alert: bool,
    /// The name of the rule that decided.
    pub rule: &'c str,
}

impl Classification<'_> {
    /// The engine's verdict; no opinion (`Verdict::default()`, class unknown) where nothing failed.
    ///
    /// ```
    /// use retry_core::{Class, Scope, Verdict};
    /// use retry_email::{Answer, Classifier};
    ///
    /// let verdict = |text| Classifier::builtin().classify(&Answer::from_text(text)).verdict();
    /// let full = verdict("552 5.2.2 Over quota, try again in 4 hours");
    /// assert_eq!((full.class, full.scope), (Class::Persistent, Scope::Request));
    /// assert_eq!(full.hint().unwrap().not_before.as_secs(), 4 * 3600);
    /// assert_eq!(verdict("250 2.0.0 queued"), Verdict::default());
    /// ```
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let Some(class) = self.class else {
            return Verdict::default();
        };
        let verdict = Verdict::new(class).effect(self.effect).scope(self.scope.engine());
        self.hint.map_or(verdict, |wait| verdict.hinted(Hint::new(wait, HintSource::Text)))
    }
}
