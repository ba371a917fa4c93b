//! What the tests with real servers share.

use std::collections::BTreeMap;
use std::time::Duration;

use retry_core::{Entropy, Policy, Retryable, ThreadEntropy};
use retry_email::{Endpoint, Envelope, Sender, Sent, SmtpHost, State, Tls};
use testkit::real::{RealServers, Taken};

/// Often enough for a server that greylists for a second, or counts in spans of two: 60 tries are 12 s or more.
pub(super) const PATIENT: Policy = Policy::constant(Duration::from_millis(200)).attempts(60);

/// For what no patience helps.
pub(super) const TWICE: Policy = Policy::constant(Duration::ZERO).attempts(2);

/// The servers; `None` skips the test, aloud.
pub(super) fn servers() -> Option<RealServers> {
    let servers = RealServers::from_env().unwrap();
    // The runner calls the thread by the test's name.
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    match &servers {
        Some(servers) => servers.note(test).unwrap(),
        None => eprintln!("!!! SKIPPED: {test}: no RETRY_MAIL_SERVERS; see scripts/mail-servers"),
    }
    servers
}

/// The server called `name`, without TLS.
pub(super) fn endpoint(servers: &RealServers, name: &str) -> Endpoint {
    let addr = servers.addr(name).unwrap();
    Endpoint::new(addr.ip().to_string(), addr.port()).tls(Tls::Off)
}

pub(super) fn host(servers: &RealServers, name: &str, priority: u16) -> SmtpHost {
    let mut host = SmtpHost::from(endpoint(servers, name));
    host.priority = priority;
    host
}

/// A sender that tries throttled mail again as well.
pub(super) fn sender(policy: Policy) -> Sender {
    Sender::new(policy.clone().on_class_owned(Retryable::Throttled, policy))
}

pub(super) fn to<'a>(recipients: impl IntoIterator<Item = &'a str>) -> Envelope {
    let address = |name: &str| format!("{name}@test.invalid").parse().unwrap();
    recipients.into_iter().fold(Envelope::new(address("a")), |to, name| to.to(address(name)))
}

/// A message that no other test has sent, nor the same test before.
pub(super) struct Mail {
    pub(super) id: String,
    pub(super) bytes: Vec<u8>,
}

pub(super) fn mail() -> Mail {
    with_body("Hello\r\n.\r\n..two dots\r\n")
}

pub(super) fn with_body(body: &str) -> Mail {
    let id = format!("<{:016x}@test.invalid>", ThreadEntropy.next_u64());
    let bytes = format!("From: a@test.invalid\r\nMessage-ID: {id}\r\nSubject: real\r\n\r\n{body}").into_bytes();
    Mail { id, bytes }
}

pub(super) fn states(sent: &Sent) -> Vec<State> {
    sent.recipients.iter().map(|one| one.state).collect()
}

/// The codes of the replies to the recipient with this number, one a try; 0 for a try that got none.
pub(super) fn codes(sent: &Sent, n: usize) -> Vec<u16> {
    let code = |text: &str| text.get(..3).and_then(|digits| digits.parse().ok()).unwrap_or(0);
    sent.recipients[n].attempts.iter().map(|tried| code(&tried.text)).collect()
}

/// How many copies each recipient has.
pub(super) fn copies(taken: &[Taken]) -> BTreeMap<String, usize> {
    let mut copies = BTreeMap::new();
    for whom in taken.iter().flat_map(|mail| &mail.recipients) {
        *copies.entry(whom.trim_matches(['<', '>']).replace("@test.invalid", "")).or_insert(0) += 1;
    }
    copies
}

pub(super) fn once<'a>(names: impl IntoIterator<Item = &'a str>) -> BTreeMap<String, usize> {
    names.into_iter().map(|name| (name.to_owned(), 1)).collect()
}

/// A name of no other test, nor of this one before: for servers that remember.
pub(super) fn fresh(name: &str) -> String {
    format!("{name}-{:08x}", ThreadEntropy.next_u64() >> 32)
}
