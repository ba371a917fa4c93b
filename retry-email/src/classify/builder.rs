use retry_core::Class;

use super::classifier::{Classifier, Decided};
use super::hint::Hints;
use super::index::Index;
use super::outcome::{Outcomes, ReasonTable};
use super::phrase::Parts;
use super::rules::{Rules, RulesError};
use super::{Action, Reason};

/// The rules of this crate, in the order in which they are asked.
pub(super) const BUILTIN: [&str; 15] = [
    include_str!("../../rules/reasons.toml"),
    include_str!("../../rules/hints.toml"),
    include_str!("../../rules/events.toml"),
    include_str!("../../rules/protocol.toml"),
    include_str!("../../rules/providers/google.toml"),
    include_str!("../../rules/providers/microsoft.toml"),
    include_str!("../../rules/providers/yahoo.toml"),
    include_str!("../../rules/providers/apple.toml"),
    include_str!("../../rules/providers/others.toml"),
    include_str!("../../rules/phrases.toml"),
    include_str!("../../rules/languages.toml"),
    include_str!("../../rules/pairs.toml"),
    include_str!("../../rules/enhanced.toml"),
    include_str!("../../rules/loose.toml"),
    include_str!("../../rules/basic.toml"),
];

/// Makes a [`Classifier`]: rules of one's own, and the two questions of policy.
///
/// | question | default | other answers |
/// |---|---|---|
/// | is a full mailbox worth waiting for? | persistent | [`full_mailbox`](Self::full_mailbox) |
/// | is a 5yz that blames our address worth waiting for? | persistent | [`blamed_address`](Self::blamed_address) |
///
/// ```
/// use retry_email::{Answer, Classifier, Rules};
///
/// let ours = Rules::from_toml(
///     "[[rule]]\nname = \"ours.vip\"\ntext = [\"vip lounge\"]\nreason = \"policy\"\naction = \"retry_later\"",
/// )?;
/// let classifier = Classifier::builder().rules(ours).build()?;
/// assert_eq!(classifier.classify(&Answer::from_text("550 VIP lounge only")).rule, "ours.vip");
/// # Ok::<(), retry_email::RulesError>(())
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Builder {
    rules: Vec<Rules>,
    full_mailbox: Option<Class>,
    blamed_address: Option<Class>,
}

impl Builder {
    pub(super) const fn new() -> Self {
        Self { rules: Vec::new(), full_mailbox: None, blamed_address: None }
    }

    /// Adds rules, behind those added before, and before those of the crate.
    ///
    /// ```
    /// # use retry_email::{Answer, Classifier, Rules};
    /// let rule = |name| Rules::from_toml(&format!("[[rule]]\nname = \"{name}\"\ncode = [\"577\"]\nreason = \"spam\""));
    /// let classifier = Classifier::builder().rules(rule("one")?).rules(rule("two")?).build()?;
    /// assert_eq!(classifier.classify(&Answer::from_text("577 no")).rule, "one");
    /// # Ok::<(), retry_email::RulesError>(())
    /// ```
    pub fn rules(mut self, rules: Rules) -> Self {
        self.rules.push(rules);
        self
    }

    /// Of what class a full mailbox is, whatever the code; [`Persistent`](Class::Persistent) by default. With
    /// [`Permanent`](Class::Permanent) the recipient fails.
    ///
    /// ```
    /// # use retry_core::Class;
    /// # use retry_email::{Action, Answer, Classifier};
    /// let classifier = Classifier::builder().full_mailbox(Class::Permanent).build()?;
    /// assert_eq!(classifier.classify(&Answer::from_text("452 4.2.2 full")).action, Action::FailRecipient);
    /// # Ok::<(), retry_email::RulesError>(())
    /// ```
    pub const fn full_mailbox(mut self, class: Class) -> Self {
        self.full_mailbox = Some(class);
        self
    }

    /// Of what class a 5yz reply is that blames our address (blocklist, reputation); [`Persistent`](Class::Persistent)
    /// by default. The action stays: another route, or mend the reputation. What blames a domain or a link in the
    /// message is permanent in any case.
    ///
    /// ```
    /// # use retry_core::Class;
    /// # use retry_email::{Action, Answer, Classifier};
    /// let classifier = Classifier::builder().blamed_address(Class::Permanent).build()?;
    /// let listed = classifier.classify(&Answer::from_text("554 Client host [192.0.2.1] blocked using bl.example.org"));
    /// assert_eq!((listed.class, listed.action), (Some(Class::Permanent), Action::OtherRouteOrFail));
    /// # Ok::<(), retry_email::RulesError>(())
    /// ```
    pub const fn blamed_address(mut self, class: Class) -> Self {
        self.blamed_address = Some(class);
        self
    }

    /// Makes the classifier. Takes some milliseconds: make one and keep it.
    ///
    /// # Errors
    /// None is known: what is wrong with rules is said when they are read ([`Rules::from_toml`]).
    ///
    /// ```
    /// # use retry_email::Classifier;
    /// assert!(Classifier::builder().build().is_ok());
    /// ```
    pub fn build(self) -> Result<Classifier, RulesError> {
        let mut all = self.rules;
        let own = all.len();
        for text in BUILTIN {
            all.push(toml::from_str(text).map_err(|error| RulesError::new(error.to_string()))?);
        }

        let mut reasons = ReasonTable::default();
        // Those of one's own last: they replace the crate's.
        let (own, builtin) = all.split_at(own);
        for entry in builtin.iter().chain(own).flat_map(|rules| &rules.reason) {
            reasons.change(entry.name.0, |outcomes| *outcomes = Outcomes::from(entry));
        }
        if let Some(class) = self.full_mailbox {
            reasons.change(Reason::MailboxFull, |outcomes| fill(outcomes, class));
        }
        if let Some(class) = self.blamed_address {
            for reason in [Reason::Blocklisted, Reason::BadReputation] {
                reasons.change(reason, |outcomes| outcomes.permanent.class = Some(class));
            }
        }

        let (mut parts, mut hints) = (Parts::default(), Hints::default());
        let (mut conditions, mut decided) = (Vec::new(), Vec::new());
        for rules in &all {
            hints.add(&rules.hints, &mut parts)?;
            for rule in &rules.rule {
                let condition = rule.condition(&mut parts)?;
                let by_words = !condition.text.is_empty();
                decided.push(Decided {
                    name: rule.name.clone(),
                    reason: rule.reason(),
                    change: rule.change(),
                    by_words,
                });
                conditions.push(condition);
            }
        }
        Ok(Classifier { index: Index::new(conditions, &parts), rules: decided, reasons, hints })
    }
}

/// A full mailbox of this class, at any severity.
fn fill(outcomes: &mut Outcomes, class: Class) {
    let action = if class == Class::Permanent { Action::FailRecipient } else { Action::RetryLater };
    for outcome in [&mut outcomes.transient, &mut outcomes.permanent] {
        outcome.class = Some(class);
        outcome.action = action;
    }
}
