//! Words that lead astray: of the other party, of an address or a link, of what will not happen, of a number that is no time.

use retry_core::Class::{self, Misconfigured, Permanent, Persistent, Throttled, Transient};
use retry_email::Reason;

use super::support::classify;

/// What decides is said beside something that looks like another reason, or like another class than the code's.
#[test]
fn what_is_said_aside_does_not_decide() {
    let cases: &[(&str, Reason, Class)] = &[
        ("550 5.1.1 user unknown, please do not try again later", Reason::MailboxUnknown, Permanent),
        (
            "550 5.1.1 The user does not exist. Please check the address and try again.",
            Reason::MailboxUnknown,
            Permanent,
        ),
        ("550 5.1.1 No such user. Please try again with a valid address.", Reason::MailboxUnknown, Permanent),
        ("550 Please check the recipient address and try again", Reason::MailboxUnknown, Permanent),
        (
            "550 5.1.1 <spam.blacklist@d.example>: Recipient address rejected: User unknown",
            Reason::MailboxUnknown,
            Permanent,
        ),
        ("550 5.1.1 user unknown; see https://d.example/spam/blacklist/quota.html", Reason::MailboxUnknown, Permanent),
        ("550 5.1.1 user unknown (mx-antispam01.d.example)", Reason::MailboxUnknown, Permanent),
        ("550 5.1.1 mx.zen.example.net: no such user", Reason::MailboxUnknown, Permanent),
        ("550 5.1.1 [greylist-mx1.d.example] no such mailbox", Reason::MailboxUnknown, Permanent),
        ("550 5.1.1 no such user - virusgw.d.example", Reason::MailboxUnknown, Permanent),
        ("550 5.1.1 user unknown 1234567 300 seconds", Reason::MailboxUnknown, Permanent),
        (
            "550-5.1.1 The mailbox you tried to\r\n550-5.1.1 reach does not\r\n550 5.1.1 exist",
            Reason::MailboxUnknown,
            Permanent,
        ),
        ("550 5.1.1 Mailbox \"limit.exceeded\" does not exist", Reason::MailboxUnknown, Permanent),
        ("550 5.1.1 <x@quota.example>... User unknown", Reason::MailboxUnknown, Permanent),
        (
            "553 5.1.1 unknown user, contact postmaster if you think you are blocked by mistake",
            Reason::MailboxUnknown,
            Permanent,
        ),
        (
            "550 5.1.1 Recipient unknown. If you believe this is a temporary error contact us",
            Reason::MailboxUnknown,
            Permanent,
        ),
        ("552 5.2.2 over quota; user must delete messages; try again later", Reason::MailboxFull, Persistent),
        ("452 4.2.2 user is over quota, the account may be disabled soon", Reason::MailboxFull, Persistent),
        ("550 user bob over quota", Reason::MailboxFull, Persistent),
        ("554 5.2.2 mailbox full, recipient does not accept mail at present", Reason::MailboxFull, Persistent),
        ("452 4.2.2 The mailbox of user unknown-soldier@d.example is full", Reason::MailboxFull, Persistent),
        ("550 5.2.1 account disabled: over quota for 90 days", Reason::MailboxDisabled, Permanent),
        ("554 5.7.1 message rejected as spam; if you are not a spammer contact postmaster", Reason::Spam, Permanent),
        ("554 5.7.1 permanently rejected, spam. Do not retry.", Reason::Spam, Permanent),
        (
            "550 5.7.1 This message was classified as SPAM and may not be delivered. Try again later with other content",
            Reason::Spam,
            Permanent,
        ),
        ("550 5.7.1 virus found, contact abuse@d.example", Reason::Virus, Permanent),
        ("552 5.3.4 message too big, limit 10 MB per message, try again with less", Reason::MessageTooBig, Permanent),
        ("552 5.3.4 size of message exceeds 10485760 bytes (quota per message)", Reason::MessageTooBig, Permanent),
        ("554 5.7.1 <x@d.example>: Relay access denied; see our spam policy", Reason::RelayDenied, Misconfigured),
        (
            "550 5.7.1 relaying denied for 192.0.2.1; temporary whitelisting possible",
            Reason::RelayDenied,
            Misconfigured,
        ),
        ("550 relay not permitted - your IP is not in our list", Reason::RelayDenied, Misconfigured),
        (
            "550 5.7.26 SPF check of your domain failed, temporary exceptions are not possible",
            Reason::SenderAuthentication,
            Misconfigured,
        ),
        ("550 5.7.1 rejected by DMARC policy of d.example; user known", Reason::SenderAuthentication, Misconfigured),
        ("535 5.7.8 authentication failed: user unknown", Reason::AuthFailed, Misconfigured),
        ("535 5.7.8 Error: authentication failed: no such user", Reason::AuthFailed, Misconfigured),
        ("530 5.7.0 Must issue a STARTTLS command first, certificate not needed", Reason::TlsRequired, Misconfigured),
        ("550 5.1.2 Recipient domain not found, check the address", Reason::HostUnknown, Permanent),
        ("550 5.1.2 domain d.example does not exist", Reason::HostUnknown, Permanent),
        ("550 5.1.8 domain of sender address does not exist", Reason::SenderRejected, Permanent),
        ("553 sender domain does not exist: user@d.example", Reason::SenderRejected, Permanent),
        ("450 4.1.8 domain of sender address x@d.example does not resolve", Reason::SenderRejected, Transient),
        ("450 4.1.8 Sender address rejected: Domain not found", Reason::SenderRejected, Transient),
        ("450 4.7.1 permanently rejected", Reason::Policy, Transient),
        ("451 4.7.1 message permanently refused by policy", Reason::Policy, Transient),
        ("451 4.7.1 message looks like spam, permanently rejected", Reason::Spam, Transient),
        ("450 4.2.0 mailbox unavailable, does not exist on this replica", Reason::MailboxUnknown, Transient),
        (
            "450 4.1.1 <x@d.example>: Recipient address rejected: unverified address: host not responding",
            Reason::MailboxUnknown,
            Transient,
        ),
        ("450 4.4.4 domain does not exist (DNS timeout)", Reason::Network, Transient),
        ("450 4.7.1 your IP is blocked, contact abuse@d.example", Reason::Blocklisted, Persistent),
        ("550 5.7.1 192.0.2.1 is blocked. Contact your ISP", Reason::Blocklisted, Persistent),
        ("550 5.0.0 internal error, try again later", Reason::SystemError, Transient),
        ("554 temporary failure in processing", Reason::SystemError, Transient),
        ("550 Service temporarily unavailable", Reason::SystemError, Transient),
        ("452 4.3.0 cannot process, user database locked", Reason::SystemError, Transient),
        ("550 5.7.1 too many messages, try later", Reason::RateLimited, Throttled),
        ("554 rate limit exceeded", Reason::RateLimited, Throttled),
        ("550 5.7.1 greylisted, user unknown to us", Reason::Greylisted, Transient),
        ("554 5.7.1 Greylisted, come back in 5 minutes", Reason::Greylisted, Transient),
        ("550 5.7.1 rejected by policy 4.2.2", Reason::Policy, Permanent),
        ("554 5.4.6 too many hops (25), check forwarding for user", Reason::Loop, Permanent),
        ("501 5.5.2 syntax error in MAIL FROM, user unknown to parser", Reason::Protocol, Permanent),
        ("503 5.5.1 bad sequence of commands, need RCPT", Reason::Protocol, Permanent),
        ("500 5.5.1 unknown command \"spam\"", Reason::Protocol, Permanent),
        (
            "554 rejected due to the bad reputation of your server. If you think this is wrong, contact the recipient by other means",
            Reason::BadReputation,
            Persistent,
        ),
        ("550 5.4.5 Daily limit of messages exceeded, please retry tomorrow", Reason::RateLimited, Throttled),
        ("550 you have sent 500 messages in the last 24 hours, which is the limit", Reason::RateLimited, Throttled),
        ("550 mailbox has been blocked by the administrator", Reason::MailboxDisabled, Permanent),
        ("550 message was undeliverable for 24 hours, giving up", Reason::Timeout, Transient),
        (
            "550 5.1.1 No such user. This message was generated by mail.quota-system.example.net",
            Reason::MailboxUnknown,
            Permanent,
        ),
        ("450 4.2.0 Greylisted; if you are a spammer, give up", Reason::Greylisted, Transient),
        ("550 5.7.1 rejected: policy of the mailing list server forbids this", Reason::Policy, Permanent),
        ("550 5.7.1 relaying denied, quota of free relays is 0", Reason::RelayDenied, Misconfigured),
        (
            "550 5.7.1 DMARC policy violation, your server is not listed in SPF",
            Reason::SenderAuthentication,
            Misconfigured,
        ),
        ("554 5.7.1 Virus in attachment, message size 10240 bytes", Reason::Virus, Permanent),
        ("552 5.3.4 message exceeds 20480000 bytes, mailbox has room", Reason::MessageTooBig, Permanent),
        ("530 5.7.0 TLS required, user login without encryption refused", Reason::TlsRequired, Misconfigured),
        ("421 4.7.0 too many connections from your IP, do not contact postmaster", Reason::RateLimited, Throttled),
    ];
    for (reply, reason, class) in cases {
        let got = classify(reply);
        assert_eq!((got.reason, got.class), (*reason, Some(*class)), "{reply:?}: by rule {}", got.rule);
    }
}
