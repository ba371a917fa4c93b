//! Against real servers: Postfix, postgrey, smtp-sink, as `scripts/mail-servers` starts them. Every test counts the copies that
//! a server took, by Message-ID; without servers each is skipped, and says so.

mod content;
mod greylist;
mod hosts;
#[cfg(feature = "lettre")]
mod lettre;
mod limits;
mod notices;
mod recipients;
mod secure;
mod sinks;
mod stopped;
mod support;
