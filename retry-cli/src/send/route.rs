//! Hosts and schedule, from the options.

use std::time::Duration;

use retry_core::Policy;
use retry_email::preset::Presets;
use retry_email::{Endpoint, SmtpHost, Tls};

use crate::exit::{Exit, Failure};

/// How long a send lasts unless its schedule says.
pub(super) const LIMIT: Duration = Duration::from_secs(60);

pub(super) fn schedule(text: &str) -> Result<Policy, Failure> {
    let usage = |why: String| Failure::new(Exit::Usage, format!("--schedule {text:?}: {why}"));
    let policy = Policy::parse_with(&Presets, text).map_err(|error| usage(error.to_string()))?;
    Ok(if policy.time_limit().is_none() { policy.within(LIMIT) } else { policy })
}

/// A URL, or a host with or without a port. The first given comes first.
pub(super) fn host((n, text): (usize, &String)) -> Result<SmtpHost, Failure> {
    let usage = |why: &dyn std::fmt::Display| Failure::new(Exit::Usage, format!("--smtp {}: {why}", hidden(text)));
    let priority = u16::try_from(n).unwrap_or(u16::MAX);
    if text.contains("://") {
        let mut host: SmtpHost = text.parse().map_err(|error: retry_email::InvalidHost| usage(&error))?;
        if !text.contains("priority=") {
            host.priority = priority;
        }
        return Ok(host);
    }
    let (name, port) = match text.rsplit_once(':') {
        // An IPv6 address without brackets has more than one colon.
        Some((name, _)) if name.contains(':') && !name.starts_with('[') => (text.as_str(), "25"),
        Some((name, port)) => (name, port),
        None => (text.as_str(), "25"),
    };
    let name = name.trim_start_matches('[').trim_end_matches(']');
    let port = port.parse().map_err(|_| usage(&"the port is a number up to 65535, as in mx.example.net:25"))?;
    if name.is_empty() {
        return Err(usage(&"there is no host; write HOST[:PORT] or a URL"));
    }
    let mut host = SmtpHost::from(Endpoint::new(name, port).tls(Tls::Opportunistic));
    host.priority = priority;
    Ok(host)
}

/// The text without what may be a password.
fn hidden(text: &str) -> String {
    match (text.find("://"), text.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme => format!("{}://…{}", &text[..scheme], &text[at..]),
        _ => text.to_owned(),
    }
}
