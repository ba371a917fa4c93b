//! What a provider says, line by line.

use std::time::Duration;

use retry_core::Verdict;

use crate::Reason;

/// One thing a provider says. The first row that fits decides.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// 0: any.
    pub(super) status: u16,
    /// Empty: any.
    pub(super) code: &'static str,
    /// In lower case, anywhere in the message; empty: any.
    pub(super) text: &'static str,
    pub(super) verdict: Verdict,
    pub(super) reason: Reason,
    pub(super) wait: Option<Duration>,
    /// Where this is documented.
    pub(super) source: &'static str,
}

impl Row {
    pub(super) const fn status(status: u16, verdict: Verdict, reason: Reason, source: &'static str) -> Self {
        Self { status, code: "", text: "", verdict, reason, wait: None, source }
    }

    pub(super) const fn code(code: &'static str, verdict: Verdict, reason: Reason, source: &'static str) -> Self {
        Self { status: 0, code, text: "", verdict, reason, wait: None, source }
    }

    /// With this status alone.
    pub(super) const fn at(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// With this in the message alone.
    pub(super) const fn saying(mut self, text: &'static str) -> Self {
        self.text = text;
        self
    }

    /// The wait that the provider documents.
    pub(super) const fn after(mut self, seconds: u64) -> Self {
        self.wait = Some(Duration::from_secs(seconds));
        self
    }

    pub(super) fn fits(&self, status: u16, code: Option<&str>, message: &str) -> bool {
        (self.status == 0 || self.status == status)
            && (self.code.is_empty() || code == Some(self.code))
            && (self.text.is_empty() || message.contains(self.text))
    }

    /// Its name in reports.
    pub(super) fn rule(&self, provider: &str) -> String {
        match (self.code, self.text) {
            ("", "") => format!("{provider}/{}", self.status),
            ("", text) => format!("{provider}/{text}"),
            (code, _) => format!("{provider}/{code}"),
        }
    }
}
