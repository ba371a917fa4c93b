//! Codes without words.

use retry_email::Action::{
    ConfigErrorAuth, ConfigErrorTls, FailMessage, FailRecipient, RetryLater, RetryNowNewConnection, RetrySoon,
    RetryThrottled, SenderConfig, SenderRejected, SplitRecipientsNow, TryOtherHostThenFail, TryOtherHostThenLater,
};
use retry_email::{Action, Confidence, Reason};

use super::support::classify;

/// Enhanced codes with their reason, and the action at 4yz and at 5yz (RFC 3463, and the registry of RFC 5248).
const ENHANCED: &[(&str, Reason, Action, Action)] = &[
    ("1.0", Reason::MailboxUnknown, RetryLater, FailRecipient),
    ("1.1", Reason::MailboxUnknown, RetryLater, FailRecipient),
    ("1.2", Reason::HostUnknown, RetryLater, FailRecipient),
    ("1.3", Reason::MailboxUnknown, RetryLater, FailRecipient),
    ("1.4", Reason::MailboxUnknown, RetryLater, FailRecipient),
    ("1.6", Reason::MailboxMoved, RetryLater, FailRecipient),
    ("1.7", Reason::SenderRejected, RetryLater, FailMessage),
    ("1.8", Reason::SenderRejected, RetryLater, SenderConfig),
    ("1.9", Reason::Protocol, RetryLater, FailMessage),
    ("1.10", Reason::HostRefusesMail, FailRecipient, FailRecipient),
    ("2.1", Reason::MailboxDisabled, RetryLater, FailRecipient),
    ("2.2", Reason::MailboxFull, RetryLater, RetryLater),
    ("2.3", Reason::MessageTooBig, FailRecipient, FailRecipient),
    ("3.1", Reason::SystemFull, TryOtherHostThenLater, TryOtherHostThenLater),
    ("3.2", Reason::HostRefusesMail, TryOtherHostThenLater, TryOtherHostThenFail),
    ("3.3", Reason::Protocol, RetryLater, FailMessage),
    ("3.4", Reason::MessageTooBig, RetryLater, FailMessage),
    ("3.5", Reason::SystemError, RetryLater, TryOtherHostThenFail),
    ("4.0", Reason::Network, TryOtherHostThenLater, TryOtherHostThenFail),
    ("4.1", Reason::Network, TryOtherHostThenLater, RetryLater),
    ("4.2", Reason::Network, RetryNowNewConnection, RetryLater),
    ("4.3", Reason::SystemError, RetryLater, RetryLater),
    ("4.4", Reason::HostUnknown, RetryLater, FailRecipient),
    ("4.5", Reason::RateLimited, RetryThrottled, RetryThrottled),
    ("4.6", Reason::Loop, RetryLater, FailMessage),
    ("4.7", Reason::Timeout, RetryLater, RetryLater),
    ("5.1", Reason::Protocol, RetryLater, FailMessage),
    ("5.2", Reason::Protocol, RetryLater, FailMessage),
    ("5.3", Reason::TooManyRecipients, SplitRecipientsNow, SplitRecipientsNow),
    ("5.4", Reason::Protocol, RetryLater, FailMessage),
    ("5.5", Reason::Protocol, RetryLater, FailMessage),
    ("5.6", Reason::AuthFailed, ConfigErrorAuth, ConfigErrorAuth),
    ("6.0", Reason::ContentRejected, RetryLater, FailMessage),
    ("6.1", Reason::ContentRejected, RetryLater, FailMessage),
    ("6.5", Reason::ContentRejected, RetryLater, FailMessage),
    ("6.7", Reason::ContentRejected, RetryLater, FailRecipient),
    ("6.9", Reason::ContentRejected, RetryLater, FailRecipient),
    ("7.0", Reason::Policy, RetryLater, SenderRejected),
    ("7.1", Reason::Policy, RetryLater, SenderRejected),
    ("7.2", Reason::Policy, RetryLater, FailRecipient),
    ("7.3", Reason::Policy, RetryLater, FailMessage),
    ("7.5", Reason::Policy, RetryLater, FailMessage),
    ("7.8", Reason::AuthFailed, RetrySoon, ConfigErrorAuth),
    ("7.10", Reason::TlsRequired, ConfigErrorTls, ConfigErrorTls),
    ("7.11", Reason::TlsRequired, ConfigErrorTls, ConfigErrorTls),
    ("7.15", Reason::Policy, RetryLater, FailMessage),
    ("7.16", Reason::MessageTooBig, FailMessage, FailMessage),
    ("7.20", Reason::SenderAuthentication, RetryLater, SenderConfig),
    ("7.21", Reason::SenderAuthentication, RetryLater, SenderConfig),
    ("7.22", Reason::SenderAuthentication, RetryLater, SenderConfig),
    ("7.23", Reason::SenderAuthentication, RetryLater, SenderConfig),
    ("7.24", Reason::SenderAuthentication, RetryLater, SenderConfig),
    ("7.25", Reason::MissingPtr, RetryLater, SenderConfig),
    ("7.26", Reason::SenderAuthentication, RetryLater, SenderConfig),
    ("7.28", Reason::RateLimited, RetryThrottled, RetryThrottled),
    ("7.29", Reason::SenderAuthentication, RetryLater, SenderConfig),
];

#[test]
fn an_enhanced_code_decides_where_words_do_not() {
    for (code, reason, transient, permanent) in ENHANCED {
        for (reply, action) in [(format!("450 4.{code} qxz"), transient), (format!("550 5.{code} qxz"), permanent)] {
            let got = classify(&reply);
            assert_eq!((got.reason, got.action), (*reason, *action), "{reply}: by rule {}", got.rule);
            let is_named = matches!(*code, "1.10" | "6.7" | "6.9");
            assert!(is_named || got.confidence < Confidence::High, "{reply}: no words, no high confidence");
        }
    }
}

/// RFC 5248 has X.7.9 with 534. Providers have it with 554 for any policy.
#[test]
fn a_weak_mechanism_is_told_by_the_basic_code() {
    assert_eq!(
        (classify("534 5.7.9 qxz").reason, classify("534 5.7.9 qxz").action),
        (Reason::AuthFailed, ConfigErrorAuth)
    );
    assert_eq!((classify("454 4.7.9 qxz").reason, classify("454 4.7.9 qxz").action), (Reason::AuthFailed, RetrySoon));
    assert_eq!((classify("554 5.7.9 qxz").reason, classify("554 5.7.9 qxz").action), (Reason::Policy, SenderRejected));
}

#[test]
fn a_basic_code_decides_where_nothing_else_does() {
    for (code, reason, action) in [
        (421, Reason::Unspecified, TryOtherHostThenLater),
        (422, Reason::MailboxFull, RetryLater),
        (431, Reason::SystemFull, TryOtherHostThenLater),
        (441, Reason::Network, RetryLater),
        (447, Reason::Timeout, RetryLater),
        (450, Reason::Unspecified, RetryLater),
        (451, Reason::SystemError, RetryLater),
        (452, Reason::SystemFull, TryOtherHostThenLater),
        (454, Reason::AuthFailed, RetryLater),
        (455, Reason::Unspecified, RetryLater),
        (499, Reason::Unspecified, RetryLater),
        (500, Reason::Protocol, FailMessage),
        (502, Reason::Protocol, FailMessage),
        (511, Reason::MailboxUnknown, FailRecipient),
        (512, Reason::HostUnknown, FailRecipient),
        (521, Reason::HostRefusesMail, TryOtherHostThenFail),
        (523, Reason::TlsRequired, ConfigErrorTls),
        (525, Reason::AuthFailed, ConfigErrorAuth),
        (530, Reason::AuthRequired, ConfigErrorAuth),
        (534, Reason::AuthFailed, ConfigErrorAuth),
        (535, Reason::AuthFailed, ConfigErrorAuth),
        (538, Reason::TlsRequired, ConfigErrorTls),
        (541, Reason::Spam, FailMessage),
        (550, Reason::MailboxUnknown, FailRecipient),
        (551, Reason::MailboxMoved, FailRecipient),
        (553, Reason::MailboxUnknown, FailRecipient),
        (554, Reason::Unspecified, FailMessage),
        (555, Reason::Protocol, FailMessage),
        (556, Reason::HostRefusesMail, FailRecipient),
        (571, Reason::Policy, SenderRejected),
        (599, Reason::Unspecified, FailMessage),
    ] {
        for reply in [format!("{code}"), format!("{code} qxz")] {
            let got = classify(&reply);
            assert_eq!((got.reason, got.action), (reason, action), "{reply}: by rule {}", got.rule);
        }
    }
}

#[test]
fn of_codes_that_disagree_the_milder_counts() {
    assert_eq!(classify("550 4.1.1 qxz").action, RetryLater);
    assert_eq!(classify("450 5.1.1 qxz").action, RetryLater);
    assert_eq!(classify("550-qxz\r\n450 qxz").action, RetryLater);
}

#[test]
fn an_enhanced_code_counts_wherever_it_stands() {
    assert_eq!(classify("550 qxz (#5.1.2)").reason, Reason::HostUnknown);
    assert_eq!(classify("550 550 5.1.2 qxz").reason, Reason::HostUnknown);
    assert_eq!(classify("550 5.0.0 qxz (#5.1.2)").reason, Reason::HostUnknown, "5.0.0 says nothing");
}
