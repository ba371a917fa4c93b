//! One question to the rules of the crate.

use retry_email::{Action, Answer, Classification, Classifier, Reason};

pub(crate) fn classify(text: &str) -> Classification<'static> {
    Classifier::builtin().classify(&Answer::from_text(text))
}

/// Each reply has this reason and this action.
#[track_caller]
pub(crate) fn assert_all(reason: Reason, action: Action, replies: &[&str]) {
    for reply in replies {
        let got = classify(reply);
        assert_eq!((got.reason, got.action), (reason, action), "{reply}: by rule {}", got.rule);
    }
}
