//! What a host's answer means for a recipient.

use retry_core::{Class, Effect, Verdict};

use crate::{Action, Answer, Classification, Classifier, Event, Fate, NotOpened, Reason, Refusal, Stage, Unfit};

/// An answer, understood.
#[derive(Clone, Debug)]
pub(super) struct Answered {
    pub(super) stage: Stage,
    /// `None`: delivered.
    pub(super) class: Option<Class>,
    pub(super) action: Action,
    pub(super) reason: Reason,
    pub(super) rule: String,
    pub(super) text: String,
    pub(super) verdict: Verdict,
    pub(super) is_in_doubt: bool,
    /// No host was reached.
    pub(super) is_unreached: bool,
}

impl Answered {
    fn new(stage: Stage, text: String, classified: &Classification<'_>) -> Self {
        Self {
            stage,
            class: classified.class,
            action: classified.action,
            reason: classified.reason,
            rule: classified.rule.to_owned(),
            text,
            verdict: classified.verdict(),
            is_in_doubt: false,
            is_unreached: false,
        }
    }

    /// What no reply says: a finding of ours.
    fn ours(stage: Stage, class: Class, action: Action, reason: Reason, text: String) -> Self {
        let verdict = Verdict::new(class).effect(Effect::None);
        Self {
            stage,
            class: Some(class),
            action,
            reason,
            rule: "client".to_owned(),
            text,
            verdict,
            is_in_doubt: false,
            is_unreached: false,
        }
    }

    pub(super) fn of_event(event: Event, stage: Stage, classifier: &Classifier) -> Self {
        Self::new(stage, event.to_string(), &classifier.classify(&Answer::event(event).at(stage)))
    }

    fn of_reply(reply: crate::Reply, stage: Stage, classifier: &Classifier) -> Self {
        let text = reply.to_string();
        Self::new(stage, text, &classifier.classify(&Answer::from(reply).at(stage)))
    }

    pub(super) fn of_fate(fate: Fate, classifier: &Classifier) -> Self {
        match fate {
            Fate::Delivered { reply } => Self {
                stage: Stage::Dot,
                class: None,
                action: Action::Done,
                reason: Reason::Unspecified,
                rule: "delivered".to_owned(),
                text: reply.to_string(),
                verdict: Verdict::default(),
                is_in_doubt: false,
                is_unreached: false,
            },
            Fate::Refused { stage, reply } => Self::of_reply(reply, stage, classifier),
            Fate::Lost { stage, event } => Self::of_event(event, stage, classifier),
            Fate::InDoubt { event, reply } => {
                let text = match (&reply, event) {
                    (Some(reply), _) => format!("no clear answer to the message: {reply}"),
                    (None, event) => event.unwrap_or(Event::ConnectionClosed).to_string(),
                };
                let answer = Answer::event(event.unwrap_or(Event::ConnectionClosed)).at(Stage::Dot);
                let mut answered = Self::new(Stage::Dot, text, &classifier.classify(&answer));
                // Whatever rules say of the event: the engine must know that it may have happened.
                answered.verdict = answered.verdict.effect(Effect::Possible);
                answered.is_in_doubt = true;
                answered
            }
            Fate::Confused { stage, reply } => {
                let (class, action) = (Class::Transient, Action::ProtocolErrorClose);
                Self::ours(stage, class, action, Reason::Protocol, format!("the server answered out of turn: {reply}"))
            }
            Fate::Unfit(unfit) => {
                let reason = match unfit {
                    Unfit::TooLong { .. } => Reason::MessageTooBig,
                    _ => Reason::Unspecified,
                };
                let action = Action::TryOtherHostThenFail;
                Self::ours(Stage::Mail, Class::Permanent, action, reason, unfit.to_string())
            }
            Fate::Untried => {
                let text = "the connection ended before this recipient's turn".to_owned();
                Self::ours(Stage::Rcpt, Class::Transient, Action::RetrySoon, Reason::Unspecified, text)
            }
        }
    }

    pub(super) fn of_failed_open(error: NotOpened, classifier: &Classifier) -> Self {
        let text = error.to_string();
        let answered = match error {
            NotOpened::Failed { stage, event } => Self::of_event(event, stage, classifier),
            NotOpened::NoCredentials { .. } => {
                let action = Action::TryOtherHostThenLater;
                Self::ours(Stage::Auth, Class::Transient, action, Reason::SystemError, text)
            }
            NotOpened::Refused(Refusal::Reply { stage, reply }) => Self::of_reply(reply, stage, classifier),
            NotOpened::Refused(Refusal::NoTls | Refusal::Injected) => {
                Self::ours(Stage::Tls, Class::Misconfigured, Action::ConfigErrorTls, Reason::TlsRequired, text)
            }
            NotOpened::Refused(_) => {
                Self::ours(Stage::Auth, Class::Misconfigured, Action::ConfigErrorAuth, Reason::AuthFailed, text)
            }
        };
        Self { is_unreached: true, ..answered }
    }

    /// Whatever it says: another host may be up.
    pub(super) const fn for_another_host(mut self) -> Self {
        if !self.is_for_another_host() {
            self.action = Action::TryOtherHostThenLater;
        }
        self
    }

    /// Whether another host may do at once what this one did not.
    pub(super) const fn is_for_another_host(&self) -> bool {
        matches!(
            self.action,
            Action::TryOtherHostThenLater
                | Action::TryOtherHostThenFail
                | Action::OtherRouteOrFail
                | Action::RetryNowNewConnection
                | Action::ProtocolErrorClose
        )
    }
}
