use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use futures::FutureExt;

use crate::{Credentials, Reply};

/// Where the credentials of a login come from.
#[derive(Clone)]
pub(super) enum Login {
    As(Credentials),
    /// Asked at each login.
    Asking(Ask),
}

type Ask =
    Arc<dyn Fn(Option<Reply>) -> Pin<Box<dyn Future<Output = Result<Credentials, String>> + Send>> + Send + Sync>;

impl Login {
    pub(super) fn asking<F, A, E>(ask: F) -> Self
    where
        F: Fn(Option<Reply>) -> A + Send + Sync + 'static,
        A: Future<Output = Result<Credentials, E>> + Send + 'static,
        E: fmt::Display,
    {
        Self::Asking(Arc::new(move |refused| {
            Box::pin(ask(refused).map(|answer| answer.map_err(|error| error.to_string())))
        }))
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::As(credentials) => credentials.fmt(f),
            Self::Asking(_) => f.write_str("asked at each login"),
        }
    }
}
