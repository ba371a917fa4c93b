//! Errors without secrets.

use ::reqwest::Error;

/// An error without what its URL may hold of secrets: query, fragment, user and password. Such errors end up in logs.
pub(super) fn scrubbed(mut error: Error) -> Error {
    if let Some(url) = error.url_mut() {
        url.set_query(None);
        url.set_fragment(None);
        // Where there can be none, there is none.
        let _ = (url.set_username(""), url.set_password(None));
    }
    error
}
