//! Why a case did not pass.

use retry_core::Invalid;

/// What an op answers.
pub(crate) type Outcome = Result<(), Fault>;

/// Why a case did not pass.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum Fault {
    /// Ours differs.
    #[error("expected {expected}, got {got}")]
    Differs {
        /// What the case says.
        expected: String,
        /// What came.
        got: String,
    },
    /// The settings are refused, by a typed error of ours or by what the peer forbids.
    #[error("the settings are refused: {0}")]
    Refused(String),
    /// The runner cannot make sense of the case.
    #[error("the case cannot be read: {0}")]
    Unreadable(String),
    /// No such op.
    #[error("unknown op")]
    UnknownOp,
    /// The op has its place, but what it needs does not exist yet.
    #[error("not built yet: {0}")]
    NotBuilt(&'static str),
}

impl Fault {
    pub(crate) fn differs(expected: impl ToString, got: impl ToString) -> Self {
        Self::Differs { expected: expected.to_string(), got: got.to_string() }
    }

    pub(crate) fn unreadable(what: impl ToString) -> Self {
        Self::Unreadable(what.to_string())
    }

    pub(crate) fn refused(why: impl ToString) -> Self {
        Self::Refused(why.to_string())
    }
}

impl From<Invalid> for Fault {
    fn from(invalid: Invalid) -> Self {
        Self::refused(invalid)
    }
}

/// Passes if `got` is `expected`, as they are written.
pub(crate) fn same<A: PartialEq<B> + std::fmt::Debug, B: std::fmt::Debug>(expected: A, got: B) -> Outcome {
    if expected == got { Ok(()) } else { Err(Fault::differs(format!("{expected:?}"), format!("{got:?}"))) }
}

/// For `config_error` and `config_ok`: whether the settings were refused, and whether they should be.
pub(crate) fn refusal<T>(should_refuse: bool, made: Result<T, Fault>) -> Outcome {
    match (should_refuse, made) {
        (true, Err(Fault::Refused(_))) | (false, Ok(_)) => Ok(()),
        (true, Ok(_)) => Err(Fault::differs("the settings refused", "no error")),
        (_, Err(other)) => Err(other),
    }
}
