//! Words, of servers in general and of providers. The replies are made up for the tests, in the servers' ways of saying it.

use retry_core::Class;
use retry_email::{Action, FaultScope, Reason};

use super::support::{assert_all, classify};

#[test]
fn nobody_there() {
    assert_all(
        Reason::MailboxUnknown,
        Action::FailRecipient,
        &[
            "550 5.1.1 <bob@example.org>: Recipient address rejected: User unknown in local recipient table",
            "550 No such user here",
            "550 Requested action not taken: mailbox unavailable",
            "550 sorry, no mailbox here by that name",
            "553 5.3.0 <bob@example.org>... No such user here",
            "550 5.1.1 The address you sent to could not be found",
            "550 bob@example.org does not exist",
            "550 Account <bob@example.org> not found",
            "551 This is not a known user",
            "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient bob@example.org not found by SMTP address lookup",
            "550 5.4.1 [bob@example.org]: Recipient address rejected: Access denied",
            "550 Empfänger unbekannt",
            "550 Boîte aux lettres inconnue",
            "550 El usuario no existe",
            "550 Нет такого пользователя",
            "550 用户不存在",
        ],
    );
}

#[test]
fn a_mailbox_that_is_closed() {
    assert_all(
        Reason::MailboxDisabled,
        Action::FailRecipient,
        &[
            "550 5.2.1 Mailbox disabled, not accepting messages",
            "554 This account has been suspended",
            "550 User bob@example.org is inactive",
            "550 5.2.1 The email account that you tried to reach is disabled.",
            "552 5.2.2 The account is over quota and inactive",
            "550 Konto ist gesperrt",
        ],
    );
}

#[test]
fn a_mailbox_that_is_full_whatever_the_code() {
    assert_all(
        Reason::MailboxFull,
        Action::RetryLater,
        &[
            "452 4.2.2 Mailbox full",
            "550 5.2.2 <bob@example.org>: over quota",
            "552 Mailbox for bob@example.org has exceeded its disk quota",
            "554 The recipient's inbox is full",
            "422 Postfach ist voll",
            "552 Boîte de réception pleine",
            "552 El buzón está lleno",
            "550 邮箱已满",
        ],
    );
}

#[test]
fn the_message_itself() {
    assert_all(
        Reason::MessageTooBig,
        Action::FailMessage,
        &[
            "552 5.3.4 Message size exceeds fixed limit",
            "552 message too large",
            "450 Message is too big",
            "523 the message exceeds the maximum message size",
        ],
    );
    assert_all(
        Reason::Spam,
        Action::FailMessage,
        &["554 5.7.1 Message rejected as spam", "550 High probability of spam", "571 This looks like unsolicited mail"],
    );
    assert_all(
        Reason::Virus,
        Action::FailMessage,
        &["554 5.7.1 Virus found in the message", "550 infected with Eicar-Test"],
    );
    assert_all(
        Reason::ContentRejected,
        Action::FailMessage,
        &["552 5.7.0 attachment type not allowed", "554 content rejected"],
    );
    assert_all(
        Reason::Protocol,
        Action::FailMessage,
        &["550 5.7.1 Message is not RFC 5322 compliant: multiple From headers", "554 bare LF in the message"],
    );
    assert_all(Reason::Loop, Action::FailMessage, &["554 5.4.6 Too many hops", "554 mail loop detected"]);
}

#[test]
fn what_passes_by_itself() {
    assert_all(
        Reason::Greylisted,
        Action::RetryLater,
        &["450 4.2.0 Greylisted", "550 Greylisting in action, come back later", "451 vous êtes sur une liste grise"],
    );
    assert_all(
        Reason::SystemError,
        Action::RetryLater,
        &["451 4.3.0 Temporary lookup failure", "554 internal server error", "451 4.3.5 Server configuration error"],
    );
    assert_all(
        Reason::Network,
        Action::RetryLater,
        &["550 DNS error when resolving the domain", "451 connection refused"],
    );
    assert_all(
        Reason::SystemFull,
        Action::TryOtherHostThenLater,
        &["452 4.3.1 Insufficient system storage", "550 disk full"],
    );
}

#[test]
fn too_much_at_once_whatever_the_code() {
    assert_all(
        Reason::RateLimited,
        Action::RetryThrottled,
        &[
            "421 4.7.0 Too many connections from your host",
            "550 Too many concurrent sessions",
            "450 4.7.1 Rate limit exceeded",
            "554 You have exceeded your hourly limit",
            "550 5.4.5 Daily user sending limit exceeded.",
            "454 Throttling failure: Maximum sending rate exceeded.",
            "450 trop de connexions",
        ],
    );
    assert_eq!(classify("554 You have reached the daily sending limit of your account").scope, FaultScope::Account);
    assert_eq!(classify("450 4.2.1 bob is receiving mail too quickly").scope, FaultScope::Recipient);
    assert_eq!(classify("421 too many connections").scope, FaultScope::Destination);
    assert_all(
        Reason::TooManyRecipients,
        Action::SplitRecipientsNow,
        &[
            "452 4.5.3 Too many recipients",
            "552 too many recipients",
            "452 4.5.3 Error: number of recipients exceeds 50",
        ],
    );
    // Per hour: not of one message.
    assert_all(Reason::RateLimited, Action::RetryThrottled, &["550 5.1.1 too many recipients this hour"]);
}

#[test]
fn blame_of_our_address_is_no_fault_of_the_recipient() {
    for reply in [
        "554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using zen.spamhaus.org",
        "550 Your IP 192.0.2.7 is blacklisted",
        "553 Mail from 192.0.2.7 rejected, see our blocklist",
        "571 [192.0.2.7] listed at dnsbl.example.org",
    ] {
        let got = classify(reply);
        assert_eq!((got.reason, got.action), (Reason::Blocklisted, Action::OtherRouteOrFail), "{reply}: {}", got.rule);
        assert_eq!(
            (got.class, got.scope, got.alert),
            (Some(Class::Persistent), FaultScope::Destination, true),
            "{reply}"
        );
    }
    for reply in ["550 5.7.1 poor reputation of your server", "554 rejected due to the sending MTA's bad reputation"] {
        assert_eq!(classify(reply).action, Action::SenderReputation, "{reply}");
    }
    for reply in [
        "554 5.7.1 URL in the message listed in multi.surbl.org",
        "550 domain example.org is listed in dbl.spamhaus.org",
    ] {
        assert_eq!(
            (classify(reply).class, classify(reply).action),
            (Some(Class::Permanent), Action::FailMessage),
            "{reply}"
        );
    }
}

#[test]
fn ours_to_fix() {
    assert_all(
        Reason::RelayDenied,
        Action::ConfigErrorRelay,
        &["554 5.7.1 <bob@example.org>: Relay access denied", "550 we do not relay", "553 relaying denied"],
    );
    assert_all(
        Reason::AuthRequired,
        Action::ConfigErrorAuth,
        &[
            "530 5.7.0 Authentication required",
            "550 you must authenticate first",
            "554 SMTP authentication is required",
        ],
    );
    assert_all(
        Reason::AuthFailed,
        Action::ConfigErrorAuth,
        &["535 5.7.8 Error: authentication failed", "535 Incorrect username or password", "550 mot de passe incorrect"],
    );
    assert_all(
        Reason::TlsRequired,
        Action::ConfigErrorTls,
        &["530 5.7.0 Must issue a STARTTLS command first", "554 5.7.1 encryption required"],
    );
    assert_all(
        Reason::SenderAuthentication,
        Action::SenderConfig,
        &[
            "550 5.7.23 SPF check failed",
            "550 5.7.1 rejected by the DMARC policy of example.org",
            "554 DKIM signature invalid",
        ],
    );
    assert_all(
        Reason::MissingPtr,
        Action::SenderConfig,
        &["550 5.7.25 no PTR record for 192.0.2.7", "554 cannot find your reverse hostname"],
    );
    assert_all(
        Reason::SenderRejected,
        Action::ConfigErrorSender,
        &[
            "553 5.7.1 <a@example.org>: Sender address rejected: not owned by user b",
            "550 not allowed to send as this sender",
        ],
    );
    for reply in ["535 5.7.8 authentication failed", "554 5.7.1 Relay access denied", "530 5.7.0 Must issue STARTTLS"] {
        let got = classify(reply);
        assert_eq!(
            (got.class, got.scope, got.alert),
            (Some(Class::Misconfigured), FaultScope::Account, true),
            "{reply}"
        );
    }
    // For now only: it must not bounce.
    assert_all(Reason::RelayDenied, Action::RetryLater, &["454 4.7.1 <bob@example.org>: Relay access denied"]);
}

#[test]
fn providers_have_words_of_their_own() {
    for (reply, rule) in [
        ("452 4.2.2 See https://support.google.com/mail/?p=OverQuotaTemp", "google.over-quota"),
        ("552 5.2.2 See https://support.google.com/mail/?p=OverQuotaPerm", "google.over-quota-inactive"),
        ("550 5.1.1 See https://support.google.com/mail/?p=NoSuchUser", "google.no-such-user"),
        ("550 5.7.708 whatever", "microsoft.low-reputation-code"),
        ("550 5.7.620 whatever", "microsoft.banned-ip-code"),
        ("432 4.3.2 STOREDRV; sender thread limit exceeded", "microsoft.sender-threads"),
        ("421 4.7.0 [TSS04] later", "yahoo.deferred"),
        ("421 4.7.1 [TS03] Retrying will NOT succeed", "yahoo.permanently-deferred"),
        ("550 5.1.1 unknown or illegal alias: bob@example.org", "apple.unknown-alias"),
        ("451 4.4.2 Timeout waiting for data from client.", "amazon-ses.stale-connection"),
    ] {
        assert_eq!(classify(reply).rule, rule, "{reply}");
    }
}

#[test]
fn words_in_addresses_say_nothing() {
    for address in ["spam@full.example", "quota.exceeded@virus.example", "greylisted@blacklist.example"] {
        let got = classify(&format!("550 5.1.1 <{address}>: user unknown"));
        assert_eq!(got.reason, Reason::MailboxUnknown, "{address}: by rule {}", got.rule);
    }
}

#[test]
fn the_first_of_two_replies_in_one_text_counts() {
    assert_all(
        Reason::MailboxUnknown,
        Action::FailRecipient,
        &["550 5.1.1 <bob@example.org>... User unknown 503 5.0.0 Need RCPT (recipient)"],
    );
}
