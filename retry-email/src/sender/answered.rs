//! What a host's answer means for a recipient.

use retry_core::{Class, Effect, Scope, Verdict};

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
    /// Somebody should look at it.
    pub(super) alert: bool,
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
            alert: classified.alert,
            is_in_doubt: false,
            is_unreached: false,
        }
    }

    /// What no reply says: a finding of ours.
    fn ours(stage: Stage, class: Class, action: Action, reason: Reason, text: String) -> Self {
        let verdict = Verdict::new(class).effect(Effect::None).scope(Scope::Request);
        Self {
            stage,
            class: Some(class),
            action,
            reason,
            rule: "client".to_owned(),
            text,
            verdict,
            alert: false,
            is_in_doubt: false,
            is_unreached: false,
        }
    }

    /// It holds for all that goes there, and somebody should look at it.
    const fn of_the_host(mut self) -> Self {
        self.verdict = self.verdict.scope(Scope::Destination);
        self.alert = true;
        self
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
                alert: false,
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
                let text = format!("the server answered out of turn: {reply}");
                Self::ours(stage, class, action, Reason::Protocol, text).of_the_host()
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
        let mut answered = match error {
            NotOpened::Failed { stage, event } => {
                let mut answered = Self::of_event(event, stage, classifier);
                // Nothing got there. A connect that timed out is another matter: a host that cannot keep up looks the same.
                if stage == Stage::Connect && event != Event::Timeout {
                    answered.verdict = answered.verdict.unreached();
                }
                answered
            }
            // Ours, and it says nothing of the host.
            NotOpened::NoCredentials { .. } => {
                let action = Action::TryOtherHostThenLater;
                let answered = Self::ours(Stage::Auth, Class::Transient, action, Reason::SystemError, text);
                return Self { is_unreached: true, alert: true, ..answered };
            }
            NotOpened::Refused(Refusal::Reply { stage, reply }) => Self::of_reply(reply, stage, classifier),
            NotOpened::Refused(Refusal::NoTls | Refusal::Injected) => {
                Self::ours(Stage::Tls, Class::Misconfigured, Action::ConfigErrorTls, Reason::TlsRequired, text)
                    .of_the_host()
            }
            NotOpened::Refused(_) => {
                Self::ours(Stage::Auth, Class::Misconfigured, Action::ConfigErrorAuth, Reason::AuthFailed, text)
                    .of_the_host()
            }
        };
        if answered.verdict.scope == Scope::Request {
            // Whatever it says of messages: this host carries none now.
            answered.verdict = answered.verdict.scope(Scope::Destination);
        }
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
