//! What to do, by stage: replies that mean one thing here and another there, codes that contradict each other or the words, and
//! what is no reply of SMTP at all.

use retry_email::Action::{
    self, ConfigErrorAuth, ConfigErrorRelay, ConfigErrorSender, ConfigErrorTls, Done, FailMessage, FailRecipient,
    FallbackHelo, OtherRouteOrFail, ProtocolErrorClose, RetryLater, RetryNowNewConnection, RetrySoon, RetryThrottled,
    SenderConfig, SenderRejected, SenderReputation, SplitRecipientsNow, TryOtherHostThenFail, TryOtherHostThenLater,
    UnknownOutcome, UseRcptReplies,
};
use retry_email::FaultScope::{Account, Destination, Message, Recipient};
use retry_email::{Answer, Classifier, FaultScope, Stage};

/// A reply, and what to do.
type Case = (&'static str, Action);

#[track_caller]
fn assert_actions(stage: Option<Stage>, cases: &[Case]) {
    for (reply, action) in cases {
        let answer = Answer::from_text(reply);
        let answer = match stage {
            Some(stage) => answer.at(stage),
            None => answer,
        };
        let got = Classifier::builtin().classify(&answer);
        assert_eq!(got.action, *action, "{reply:?} at {stage:?}: by rule {}", got.rule);
    }
}

#[test]
fn the_greeting() {
    assert_actions(
        Some(Stage::Greeting),
        &[
            ("220 mx.example.org ESMTP", Done),
            ("SSH-2.0-OpenSSH_9.2", ProtocolErrorClose),
            ("HTTP/1.1 400 Bad Request", ProtocolErrorClose),
            ("+OK POP3 ready", ProtocolErrorClose),
            ("421 mx.example.org Service not available, closing transmission channel", TryOtherHostThenLater),
            ("450 busy", TryOtherHostThenLater),
            ("451 4.3.0 temporarily unavailable", TryOtherHostThenLater),
            ("554 No SMTP service here", TryOtherHostThenFail),
            ("554 5.7.1 go away", TryOtherHostThenFail),
            ("521 mx.example.org does not accept mail", TryOtherHostThenFail),
            ("521 5.3.2 host does not accept mail", TryOtherHostThenFail),
            ("554", TryOtherHostThenFail),
        ],
    );
}

#[test]
fn ehlo() {
    assert_actions(
        Some(Stage::Ehlo),
        &[
            ("250 mx.example.org", Done),
            ("502 5.5.1 EHLO not implemented", FallbackHelo),
            ("500 Command unrecognized: \"EHLO x\"", FallbackHelo),
            ("504 Command parameter not implemented", FallbackHelo),
            ("550 Bad HELO - host impersonating", SenderConfig),
        ],
    );
}

#[test]
fn starttls() {
    assert_actions(
        Some(Stage::Tls),
        &[
            ("220 2.0.0 Ready to start TLS", Done),
            ("454 4.7.0 TLS not available due to temporary reason", TryOtherHostThenLater),
            ("502 5.5.1 STARTTLS not supported", ConfigErrorTls),
            ("501 5.5.4 Syntax error (no parameters allowed)", ConfigErrorTls),
        ],
    );
}

#[test]
fn auth() {
    assert_actions(
        Some(Stage::Auth),
        &[
            ("235 2.7.0 Authentication successful", Done),
            ("538 5.7.11 Encryption required for requested authentication mechanism", ConfigErrorTls),
            ("535 5.7.8 Authentication credentials invalid", ConfigErrorAuth),
            ("535 Incorrect authentication data", ConfigErrorAuth),
            ("550 login failed", ConfigErrorAuth),
            ("504 5.5.4 Unrecognized authentication type", ConfigErrorAuth),
            ("534 5.7.9 Authentication mechanism is too weak", ConfigErrorAuth),
            ("432 4.7.12 A password transition is needed", ConfigErrorAuth),
            ("454 4.7.0 Temporary authentication failure", RetrySoon),
            ("421 4.7.0 Temporary system problem. Try again later", RetryLater),
            ("451 4.3.0 Error: authentication backend down", RetrySoon),
            ("454 4.7.0 Too many login attempts, please try again later.", RetryThrottled),
        ],
    );
}

#[test]
fn mail() {
    assert_actions(
        Some(Stage::Mail),
        &[
            ("250 2.1.0 Ok", Done),
            ("354 go on", ProtocolErrorClose),
            ("421 4.4.2 Connection timed out waiting for input", RetryNowNewConnection),
            ("421 4.4.2 idle timeout", RetryNowNewConnection),
            ("503 5.5.1 Bad sequence of commands", RetryNowNewConnection),
            ("503 nested MAIL command", RetryNowNewConnection),
            ("503 5.5.1 Error: authentication required", ConfigErrorAuth),
            ("421 4.3.2 Service shutting down", TryOtherHostThenLater),
            ("530 5.7.0 Must issue a STARTTLS command first", ConfigErrorTls),
            ("552 5.3.4 Message size exceeds fixed limit", FailMessage),
            ("550 5.1.7 bad sender", FailMessage),
            ("553 5.1.8 Domain of sender address does not exist", SenderConfig),
            ("555 5.5.4 Unsupported parameter SIZE", FailMessage),
            ("501 5.5.4 Syntax error in parameters", FailMessage),
            ("250", Done),
            ("550 5.7.57 Client was not authenticated to send anonymous mail", ConfigErrorAuth),
        ],
    );
}

#[test]
fn rcpt() {
    assert_actions(
        Some(Stage::Rcpt),
        &[
            ("250 2.1.5 Recipient ok", Done),
            ("251 User not local; will forward to <x@d.example>", Done),
            ("252 Cannot VRFY user, but will accept message", Done),
            ("354 go on", ProtocolErrorClose),
            ("garbage without a code", ProtocolErrorClose),
            ("503 5.5.1 MAIL first", RetryNowNewConnection),
            ("503 5.5.1 Error: need MAIL command", RetryNowNewConnection),
            ("421 Service not available", TryOtherHostThenLater),
            ("504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname", FailMessage),
            ("530 5.7.0 Authentication required", ConfigErrorAuth),
            ("452 4.5.3 Too many recipients", SplitRecipientsNow),
            ("552 5.5.3 Too many recipients", SplitRecipientsNow),
            ("552 too many recipients", SplitRecipientsNow),
            ("452 Too many recipients received this hour", RetryThrottled),
            ("550 5.5.3 Too many recipients", SplitRecipientsNow),
            ("452 4.2.2 mailbox full", RetryLater),
            ("552 5.2.3 Message too large for this mailbox", FailMessage),
            ("450 4.1.1 unverified address", RetryLater),
            ("450 4.2.0 Greylisted", RetryLater),
            ("550 5.7.1 rejected", FailRecipient),
            ("550 rejected", FailRecipient),
            ("550 5.7.1 Sender address rejected: not owned by user x", ConfigErrorSender),
            ("550 5.1.10 Recipient domain has null MX", FailRecipient),
            ("556 5.1.10 domain does not accept mail", FailRecipient),
            ("501 5.1.3 Bad recipient address syntax", FailRecipient),
            ("553 5.6.7 SMTPUTF8 required", FailRecipient),
            ("450 4.7.1 Client host rejected: cannot find your reverse hostname, [192.0.2.1]", RetryLater),
            ("550", FailRecipient),
            ("450", RetryLater),
        ],
    );
}

#[test]
fn data() {
    assert_actions(
        Some(Stage::Data),
        &[
            ("354 End data with <CR><LF>.<CR><LF>", Done),
            ("250 ok", ProtocolErrorClose),
            ("250 2.0.0 queued", ProtocolErrorClose),
            ("220 hello again", ProtocolErrorClose),
            ("503 5.5.1 No valid recipients", UseRcptReplies),
            ("554 5.5.1 Error: no valid recipients", UseRcptReplies),
            ("503 RCPT first", UseRcptReplies),
            ("451 4.3.0 Try again", RetryLater),
        ],
    );
}

#[test]
fn the_final_dot() {
    assert_actions(
        Some(Stage::Dot),
        &[
            ("250 OK id=1abc", Done),
            ("354 more", UnknownOutcome),
            ("334 what", UnknownOutcome),
            ("451 4.4.2 Timeout waiting for data from client.", RetryNowNewConnection),
            ("552 5.3.4 Message size exceeds fixed limit", FailMessage),
            ("550 5.7.1 rejected", SenderRejected),
            ("550 5.7.1 Content rejected", FailMessage),
            ("554 5.7.1 Spam message rejected", FailMessage),
            ("554 5.6.0 malformed", FailMessage),
            ("554 5.7.1 Virus found", FailMessage),
            ("554", FailMessage),
            ("421", TryOtherHostThenLater),
            ("421 4.3.0 closing", TryOtherHostThenLater),
        ],
    );
}

#[test]
fn rset() {
    assert_actions(Some(Stage::Rset), &[("250 2.0.0 Ok", Done)]);
}

#[test]
fn quit() {
    assert_actions(Some(Stage::Quit), &[("221 2.0.0 Bye", Done)]);
}

#[test]
fn a_kept_connection() {
    assert_actions(
        Some(Stage::Idle),
        &[
            ("421 4.4.2 mx.example.org Error: timeout exceeded", RetryNowNewConnection),
            ("421 idle too long, closing", RetryNowNewConnection),
            ("421 4.3.2 Service shutting down", RetryNowNewConnection),
        ],
    );
}

#[test]
fn words_and_codes_without_a_stage() {
    assert_actions(
        None,
        &[
            ("550 5.3.2 system shutting down", RetryLater),
            ("550 5.6.9 UTF-8 header message cannot be transferred", FailRecipient),
            ("550 5.7.25 no PTR", SenderConfig),
            ("550 5.7.1 Message rejected due to SPF", SenderConfig),
            ("451 4.7.23 SPF temporary error", RetryLater),
            ("451 4.7.24 SPF validation error", RetryLater),
            ("421 4.7.26 This mail has been rate limited because it is unauthenticated.", RetryThrottled),
            (
                "421 4.7.28 Gmail has detected an unusual rate of unsolicited mail originating from your IP address.",
                RetryThrottled,
            ),
            ("421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to user complaints", RetryThrottled),
            (
                "421 4.7.1 [TS03] All messages from 192.0.2.1 will be permanently deferred; Retrying will NOT succeed.",
                SenderReputation,
            ),
            ("550 5.7.1 [BL21] Connections not accepted from IP addresses on Spamhaus XBL", OtherRouteOrFail),
            ("550 5.7.606 Access denied, banned sending IP", OtherRouteOrFail),
            ("554 5.7.1 URL listed in surbl.org", FailMessage),
            ("550 5.7.1 message contains a link listed in uribl", FailMessage),
            ("553 5.1.1 Domain listed in dbl.spamhaus.org", FailMessage),
            ("550 5.7.1 You have sent too many messages today", RetryThrottled),
            ("550 5.4.5 Daily sending quota exceeded", RetryThrottled),
            ("454 Throttling failure: Daily message quota exceeded", RetryThrottled),
            ("454 Throttling failure: Maximum sending rate exceeded", RetryThrottled),
            ("550 5.2.121 recipient's per hour message receive limit from specific sender exceeded", RetryThrottled),
            ("432 4.3.2 STOREDRV.Deliver; recipient thread limit exceeded", RetryThrottled),
            ("450 4.2.1 The user you are trying to contact is receiving mail too quickly.", RetryThrottled),
            ("421 4.7.0 Too many connections from your IP", RetryThrottled),
            ("451 4.7.1 Please try again later, rate limited", RetryThrottled),
            ("554 5.4.6 mail loop", FailMessage),
            ("451 4.4.6 loop detected", RetryLater),
            ("550 5.4.4 Unable to route", FailRecipient),
            ("451 4.4.3 DNS lookup failure", RetryLater),
            ("450 4.4.3 temporary name resolution failure", RetryLater),
            ("451 4.4.1 No answer from host", RetryLater),
            ("550 5.4.1 No answer from host", RetryLater),
            ("554 5.4.7 Delivery time expired", RetryLater),
            ("551 5.7.1 relaying denied", ConfigErrorRelay),
            ("550 5.7.64 TenantAttribution; Relay Access Denied", ConfigErrorRelay),
            ("450 4.7.1 Relay access denied", RetryLater),
            ("571 Delivery not authorized", SenderRejected),
            ("599 5.7.1 rejected", SenderRejected),
            ("499 4.7.0 later", RetryLater),
            ("550-Too many\r\n450 failures", RetryLater),
            ("450-4.7.1 Greylisted\r\n450 4.7.1 try again in 60 seconds", RetryLater),
            ("550-Greylisted\r\n550 retry in 10 minutes", RetryLater),
            ("451 4.7.1 Greylisting in action, please come back in 00:04:59", RetryLater),
            ("451 Greylisted for 299 seconds", RetryLater),
            ("450 Please try again in 1 hour", RetryLater),
            ("421 Too many connections, try again in 2 minutes", RetryThrottled),
            ("450 4.7.1 rate limit; retry after 300", RetryThrottled),
            ("450 Greylisted, wait 5 min", RetryLater),
            ("552 4.2.2 mailbox full", RetryLater),
            ("450 5.1.1 user unknown", RetryLater),
            ("550 5.2.1 Account temporarily disabled, try later", RetryLater),
            ("550 The account has been suspended", FailRecipient),
            ("554 5.3.0 Internal error", RetryLater),
            ("550 Temporary failure, please try again later", RetryLater),
            ("550 5.0.0 Service temporarily unavailable", RetryLater),
            ("554 5.4.0 Error: too many hops", FailMessage),
            ("550 permanently rejected: spam, do not try again later", FailMessage),
            (
                "450 4.1.1 <x@d.example>: Recipient address rejected: User unknown in local recipient table",
                FailRecipient,
            ),
            ("550 5.4.310 DNS domain does not exist", FailRecipient),
            ("450 4.1.2 Domain not found", RetryLater),
            ("550 5.1.2 Domain not found", FailRecipient),
            ("450 4.1.8 Sender address rejected: Domain not found", RetryLater),
            ("550 5.7.133 sender not authenticated for group", FailRecipient),
            ("550 5.7.124 sender not in allowed-senders list", FailRecipient),
            ("605 5.1.1 previously bounced", FailRecipient),
        ],
    );
}

#[test]
fn the_fault_is_as_wide_as_the_words_say() {
    let cases: &[(Option<Stage>, &str, FaultScope)] = &[
        (Some(Stage::Rcpt), "450 4.1.1 unverified address", Recipient),
        (Some(Stage::Rcpt), "450 4.2.0 Greylisted", Recipient),
        (Some(Stage::Rcpt), "550 5.7.1 rejected", Recipient),
        (Some(Stage::Rcpt), "550 rejected", Recipient),
        (Some(Stage::Dot), "550 5.7.1 Content rejected", Message),
        (Some(Stage::Dot), "554 5.7.1 Spam message rejected", Message),
        (Some(Stage::Dot), "554 5.6.0 malformed", Message),
        (None, "550 5.7.1 You have sent too many messages today", Account),
        (None, "550 5.4.5 Daily sending quota exceeded", Account),
        (None, "454 Throttling failure: Daily message quota exceeded", Account),
        (None, "454 Throttling failure: Maximum sending rate exceeded", Account),
        (None, "550 5.2.121 recipient's per hour message receive limit from specific sender exceeded", Recipient),
        (None, "450 4.2.1 The user you are trying to contact is receiving mail too quickly.", Recipient),
        (None, "421 4.7.0 Too many connections from your IP", Destination),
    ];
    for (stage, reply, scope) in cases {
        let answer = Answer::from_text(reply);
        let answer = match stage {
            Some(stage) => answer.at(*stage),
            None => answer,
        };
        let got = Classifier::builtin().classify(&answer);
        assert_eq!(got.scope, *scope, "{reply:?} at {stage:?}: by rule {}", got.rule);
    }
}
