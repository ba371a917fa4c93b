use std::borrow::Cow;

use crate::classify::diagnostic;
use crate::{EnhancedCode, Event, Reply, ReplyError, Stage};

/// What came back at a stage: a reply, or an event where there was none. The classifier's question.
///
/// ```
/// use retry_email::{Action, Answer, Classifier, Event, Reply, Stage};
///
/// let action = |answer: Answer<'_>| Classifier::builtin().classify(&answer).action;
///
/// let reply = Reply::new(452, "4.5.3 Too many recipients");
/// assert_eq!(action(Answer::from(&reply).at(Stage::Rcpt)), Action::SplitRecipientsNow);
/// assert_eq!(action(Answer::event(Event::Timeout).at(Stage::Dot)), Action::UnknownOutcome);
/// assert_eq!(action(Answer::event(Event::Timeout).at(Stage::DataBody)), Action::RetrySoon);
/// assert_eq!(action(Answer::from_text("450 4.2.0 Greylisted")), Action::RetryLater);
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Answer<'a> {
    stage: Option<Stage>,
    event: Option<Event>,
    code: Option<u16>,
    severity: u16,
    enhanced: Option<EnhancedCode>,
    text: Cow<'a, str>,
}

impl<'a> Answer<'a> {
    /// No reply, but this.
    ///
    /// ```
    /// # use retry_email::{Answer, Event};
    /// assert_eq!(Answer::event(Event::Refused).code(), None);
    /// ```
    #[must_use]
    pub const fn event(event: Event) -> Self {
        Self { stage: None, event: Some(event), code: None, severity: 0, enhanced: None, text: Cow::Borrowed("") }
    }

    /// Reads a reply, or the text of a delivery report about one: `smtp; 550 5.1.1 ..`, `host mx.example.org said: 550
    /// .. (in reply to RCPT TO command)`. The codes are taken from wherever they stand, and the stage where it is told.
    ///
    /// Any text is an answer; without any code it is one that says nothing but its words.
    ///
    /// ```
    /// use retry_email::{Answer, Stage};
    ///
    /// let answer = Answer::from_text("host mx.example.org[192.0.2.1] said: 550 5.1.1 No such user (in reply to RCPT TO command)");
    /// assert_eq!((answer.code(), answer.stage()), (Some(550), Some(Stage::Rcpt)));
    /// assert_eq!(answer.enhanced().unwrap().to_string(), "5.1.1");
    /// ```
    #[must_use]
    pub fn from_text(text: &'a str) -> Self {
        let stage = diagnostic::stage(text);
        let text = if stage.is_some() { diagnostic::without_stage(text) } else { text };
        let reply = if diagnostic::begins_with_address(text) { None } else { Self::parsed(text).ok() };
        let mut answer = reply.unwrap_or_else(|| {
            let found = diagnostic::find(text);
            let lines = found.lines.and_then(|lines| Reply::parse(lines.as_bytes()).ok());
            let reply = lines.or_else(|| found.code.map(|code| Reply::new(code, found.text)));
            reply.map_or_else(|| Self::words(found.text), Self::from)
        });
        answer.stage = stage;
        answer
    }

    /// At this stage; replaces one found in the text.
    ///
    /// ```
    /// # use retry_email::{Answer, Stage};
    /// assert_eq!(Answer::from_text("250 Ok").at(Stage::Dot).stage(), Some(Stage::Dot));
    /// ```
    #[must_use]
    pub const fn at(mut self, stage: Stage) -> Self {
        self.stage = Some(stage);
        self
    }

    /// With this code, where the text has none; else unchanged, as with a code that has not three digits.
    ///
    /// ```
    /// # use retry_email::Answer;
    /// assert_eq!(Answer::from_text("no such user").or_code(550).code(), Some(550));
    /// assert_eq!(Answer::from_text("450 busy").or_code(550).code(), Some(450));
    /// ```
    #[must_use]
    pub const fn or_code(mut self, code: u16) -> Self {
        if self.code.is_none() && is_code(code) {
            self.code = Some(code);
            self.severity = match self.enhanced {
                Some(enhanced) => milder(code / 100, enhanced.class()),
                None => code / 100,
            };
        }
        self
    }

    /// With this enhanced code, where the text has none; else unchanged.
    ///
    /// ```
    /// # use retry_email::{Answer, EnhancedCode};
    /// let full = EnhancedCode::new(5, 2, 2).unwrap();
    /// assert_eq!(Answer::from_text("552 no").or_enhanced(full).enhanced(), Some(full));
    /// ```
    #[must_use]
    pub const fn or_enhanced(mut self, enhanced: EnhancedCode) -> Self {
        if self.enhanced.is_none() {
            self.enhanced = Some(enhanced);
            self.severity = milder(self.severity, enhanced.class());
        }
        self
    }

    /// Where it happened, if known.
    ///
    /// ```
    /// # use retry_email::Answer;
    /// assert_eq!(Answer::from_text("250 Ok").stage(), None);
    /// ```
    #[must_use]
    pub const fn stage(&self) -> Option<Stage> {
        self.stage
    }

    /// What happened instead of a reply. (The constructor is [`event`](Self::event).)
    ///
    /// ```
    /// # use retry_email::{Answer, Event};
    /// assert_eq!(Answer::event(Event::Refused).instead_of_reply(), Some(Event::Refused));
    /// ```
    #[must_use]
    pub const fn instead_of_reply(&self) -> Option<Event> {
        self.event
    }

    /// The reply's code.
    ///
    /// ```
    /// # use retry_email::Answer;
    /// assert_eq!(Answer::from_text("571 no").code(), Some(571));
    /// ```
    #[must_use]
    pub const fn code(&self) -> Option<u16> {
        self.code
    }

    /// The first digit that counts, of codes and enhanced code together: 4 where they disagree (RFC 2034 section 4
    /// forbids that; another try loses nothing); 0 where there is none.
    ///
    /// ```
    /// # use retry_email::Answer;
    /// assert_eq!(Answer::from_text("550 4.2.2 Mailbox full").severity(), 4);
    /// assert_eq!(Answer::from_text("no such user").severity(), 0);
    /// ```
    #[must_use]
    pub const fn severity(&self) -> u16 {
        self.severity
    }

    /// The enhanced status code, wherever it stands in the text.
    ///
    /// ```
    /// # use retry_email::Answer;
    /// assert_eq!(Answer::from_text("550 no such user (#5.1.1)").enhanced().unwrap().to_string(), "5.1.1");
    /// ```
    #[must_use]
    pub const fn enhanced(&self) -> Option<EnhancedCode> {
        self.enhanced
    }

    /// The text.
    ///
    /// ```
    /// # use retry_email::Answer;
    /// assert_eq!(Answer::from_text("250 2.0.0 queued").text(), "queued");
    /// ```
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// A reply, without a copy of its text where it has one line.
    fn parsed(text: &'a str) -> Result<Self, ReplyError> {
        match Reply::one_line(text) {
            Some((code, enhanced, text)) => Ok(Self::of(code, code / 100, enhanced, Cow::Borrowed(text))),
            None => Reply::parse(text.as_bytes()).map(Self::from),
        }
    }

    /// Words without a basic code.
    fn words(text: &'a str) -> Self {
        let leading = EnhancedCode::leading(text);
        let enhanced = leading
            .map(|(code, _)| code)
            .or_else(|| EnhancedCode::anywhere(text, 5))
            .or_else(|| EnhancedCode::anywhere(text, 4));
        let severity = enhanced.map_or(0, EnhancedCode::class);
        let text = leading.map_or(text, |(_, rest)| rest);
        Self { stage: None, event: None, code: None, severity, enhanced, text: Cow::Borrowed(text) }
    }

    fn of(code: u16, severity: u16, enhanced: Option<EnhancedCode>, text: Cow<'a, str>) -> Self {
        let enhanced = enhanced
            .filter(|enhanced| !(enhanced.subject() == 0 && enhanced.detail() == 0))
            .or_else(|| EnhancedCode::anywhere(&text, severity))
            .or(enhanced);
        let severity = if is_code(code) { severity } else { 0 };
        let severity = enhanced.map_or(severity, |enhanced| milder(severity, enhanced.class()));
        Self { stage: None, event: None, code: is_code(code).then_some(code), severity, enhanced, text }
    }
}

impl From<Reply> for Answer<'_> {
    fn from(reply: Reply) -> Self {
        let (code, severity, enhanced) = (reply.code(), reply.severity(), reply.enhanced());
        Self::of(code, severity, enhanced, Cow::Owned(reply.into_text()))
    }
}

impl<'a> From<&'a Reply> for Answer<'a> {
    fn from(reply: &'a Reply) -> Self {
        Self::of(reply.code(), reply.severity(), reply.enhanced(), Cow::Borrowed(reply.text()))
    }
}

const fn is_code(code: u16) -> bool {
    matches!(code, 100..=999)
}

/// 4 where one says transient and the other permanent; else what the reply says.
const fn milder(severity: u16, class: u16) -> u16 {
    match (severity, class) {
        (0, class) => class,
        (5, 4) | (4, 5) => 4,
        _ => severity,
    }
}
