//! Verdicts on replies. Every error is lettre's own, from a server that says just that.

use std::time::Duration;

use retry_core::Class::{Misconfigured, Permanent, Persistent, Throttled, Transient};
use retry_core::Scope::{Account, Destination, Request};
use retry_core::{Class, Effect, ErrorClassifier, Hint, HintSource, Scope, Verdict};
use retry_email::lettre::LettreClassifier;
use testkit::smtp::{Dialogue, Reply, Script, SmtpServer, Stage};

use super::support::{MESSAGE, blocking, envelope, server, unpooled, upstream};
use upstream::transport::smtp::Error;
use upstream::{AsyncTransport, Transport};

/// The errors of both transports at the next two connections.
async fn errors(server: &SmtpServer) -> [Error; 2] {
    let (blocking, unpooled) = (blocking(server.addr()).build(), unpooled(server.addr()).build());
    [blocking.send_raw(&envelope(), MESSAGE).unwrap_err(), unpooled.send_raw(&envelope(), MESSAGE).await.unwrap_err()]
}

async fn assert_verdict(reply: impl Into<Reply>, expected: Verdict) {
    let reply = reply.into();
    let server = server(Dialogue::new().on(Stage::Rcpt, reply.clone()));
    for error in errors(&server).await {
        assert_eq!(LettreClassifier.classify(&error), expected, "{error:?} for {reply:?}");
    }
}

fn refused(class: Class, scope: Scope) -> Verdict {
    Verdict::new(class).effect(Effect::None).scope(scope)
}

fn after(seconds: u64) -> Hint {
    Hint::new(Duration::from_secs(seconds), HintSource::Text)
}

async fn assert_table(table: &[(&str, Class, Scope)]) {
    for &(reply, class, scope) in table {
        assert_verdict(reply, refused(class, scope)).await;
    }
}

#[tokio::test]
async fn a_4xx_is_transient() {
    assert_table(&[
        ("450 4.2.1 mailbox busy", Transient, Request),
        ("451 local error in processing", Transient, Destination),
        ("451 4.7.1 service unavailable, come back later", Transient, Destination),
        ("452 4.3.1 insufficient system storage", Transient, Destination),
        ("452 4.3.4 message too big for now", Transient, Request),
        ("452 4.5.3 too many recipients", Transient, Request),
        ("421 service not available, closing", Transient, Destination),
        ("451 4.4.2 connection to the next host lost", Transient, Destination),
        ("454 4.7.0 temporary authentication failure", Transient, Account),
        ("454 TLS not available due to temporary reason", Transient, Destination),
        ("400 what is this", Transient, Request),
    ])
    .await;
}

#[tokio::test]
async fn a_request_for_less_traffic_is_throttling() {
    assert_table(&[
        ("421 4.7.0 [TSS04] temporarily deferred due to unexpected volume", Throttled, Destination),
        ("421 4.7.28 unusual activity", Throttled, Destination),
        ("450 4.2.1 receiving mail at a rate that prevents delivery", Throttled, Request),
        ("451 4.7.650 the mail server has been temporarily rate limited", Throttled, Destination),
        ("450 4.7.1 Too many connections from your IP", Throttled, Destination),
        ("450 4.7.1 Error: too much mail from 192.0.2.1", Throttled, Destination),
        ("452 4.3.2 you are sending too fast", Throttled, Destination),
        ("454 Throttling failure: maximum sending rate exceeded", Throttled, Account),
        ("550 5.7.1 sending rate limit exceeded", Throttled, Destination),
        ("451 4.3.0 operate later", Transient, Destination),
    ])
    .await;
}

#[tokio::test]
async fn a_5xx_is_permanent_and_about_the_request() {
    assert_table(&[
        ("550 5.1.1 no such user", Permanent, Request),
        ("552 5.3.4 message too big", Permanent, Request),
        ("554 5.7.1 spam", Permanent, Request),
        ("556 5.1.10 domain does not accept mail", Permanent, Request),
        ("500 what", Permanent, Request),
        ("521 this host takes no mail", Permanent, Destination),
    ])
    .await;
}

#[tokio::test]
async fn a_full_mailbox_is_persistent_whatever_the_code() {
    assert_table(&[
        ("452 4.2.2 over quota", Persistent, Request),
        ("450 4.2.2 the mailbox is full", Persistent, Request),
        ("552 5.2.2 over quota", Persistent, Request),
        ("550 5.2.2 full", Persistent, Request),
        ("552 Requested action aborted: exceeded storage quota", Persistent, Request),
        ("422 the recipient's mailbox is full", Persistent, Request),
        ("452 4.3.1 disk full", Transient, Destination),
    ])
    .await;
}

#[tokio::test]
async fn what_is_ours_to_fix_is_misconfigured() {
    assert_table(&[
        ("530 5.7.0 authentication required", Misconfigured, Account),
        ("534 5.7.9 mechanism too weak", Misconfigured, Account),
        ("538 5.7.11 encryption required", Misconfigured, Account),
        ("530 5.7.0 Must issue a STARTTLS command first", Misconfigured, Account),
        ("550 5.7.8 bad credentials", Misconfigured, Account),
        ("550 5.7.1 Unable to relay", Misconfigured, Account),
        ("554 5.7.1 <bob@example.org>: Relay access denied", Misconfigured, Account),
        ("454 4.7.1 <bob@example.org>: Relay access denied", Transient, Account),
    ])
    .await;
}

#[tokio::test]
async fn who_blames_our_address_does_not_blame_the_recipient() {
    assert_table(&[
        ("554 5.7.1 Client host [192.0.2.1] blocked using bl.example.org", Persistent, Destination),
        ("554 5.7.1 Sender domain example.org listed in dbl.spamhaus.org", Permanent, Request),
    ])
    .await;
}

#[tokio::test]
async fn greylisting_is_transient_whatever_the_code_and_tells_the_time() {
    for (reply, seconds) in [
        ("450 4.2.0 Greylisted, please try again in 300 seconds", 300),
        ("451 4.7.1 Greylisted for 5 minutes", 300),
        ("550 5.7.1 Graylisted, retry in 1 hour", 3_600),
    ] {
        assert_verdict(reply, refused(Transient, Request).hinted(after(seconds))).await;
    }
    assert_verdict("451 4.7.1 Greylisting in action", refused(Transient, Request)).await;
}

#[tokio::test]
async fn a_hint_is_read_where_waiting_helps() {
    assert_verdict("421 4.7.0 too many messages, wait 10 minutes", refused(Throttled, Destination).hinted(after(600)))
        .await;
    assert_verdict("452 4.2.2 mailbox full, try again in 4 hours", refused(Persistent, Request).hinted(after(14_400)))
        .await;
    assert_verdict("550 5.1.1 no such user, try again in 5 minutes", refused(Permanent, Request)).await;
    assert_verdict("450 4.7.1 10 per 60 seconds, try later", refused(Transient, Request)).await;
    // Two lines, of which lettre makes one.
    assert_verdict(
        Reply::lines(["450-4.2.0 Greylisted,", "450 4.2.0 try again in 60 seconds"]),
        refused(Transient, Request).hinted(after(60)),
    )
    .await;
}

#[tokio::test]
async fn a_hint_of_any_length_is_read_without_panic() {
    let server = server(Dialogue::new().on(Stage::Rcpt, "450 4.2.0 try again in 99999999999999999999999 hours"));
    for error in errors(&server).await {
        let hint = LettreClassifier.classify(&error).hint().unwrap();
        assert_eq!(hint.not_before, Duration::from_secs(7 * 86_400), "a week at the most");
    }
}

#[tokio::test]
async fn a_refusal_has_no_effect_at_any_stage() {
    for stage in [Stage::Greeting, Stage::Ehlo, Stage::Mail, Stage::Rcpt, Stage::Data, Stage::Dot] {
        let server = server(Dialogue::new().on(stage, "451 4.2.0 not now"));
        for error in errors(&server).await {
            assert_eq!(LettreClassifier.classify(&error).effect, Effect::None, "{stage}: {error:?}");
        }
        assert_eq!(server.accepted().len(), 0, "{stage}");
    }
}

#[tokio::test]
async fn an_unparsable_refusal_is_rescued_by_its_enhanced_code() {
    assert_verdict("571 5.7.1 no", refused(Permanent, Request)).await;
    assert_verdict("571 5.7.1 Relaying denied", refused(Misconfigured, Account)).await;
    assert_verdict("499 4.3.0 not now", refused(Transient, Destination)).await;
    assert_verdict(Reply::lines(["585-5.1.1 no", "585 5.1.1 such user"]), refused(Permanent, Request)).await;
}

#[tokio::test]
async fn any_other_unparsable_reply_may_have_been_a_good_one() {
    for reply in [
        Reply::new("571 relaying denied"),
        Reply::new("271 2.0.0 taken"),
        Reply::new("550"),
        Reply::new("250"),
        Reply::new("650 5.7.1 what"),
        Reply::new("5"),
        Reply::new("57"),
        Reply::new("571"),
        Reply::new("571 "),
        Reply::new("571 5.7"),
        Reply::new("57é 5.7.1"),
        Reply::new(""),
        Reply::lines(["250-2.0.0 yes", "550 5.7.1 no"]),
        Reply::raw(b"550 5.1.1 inconnu \xe0 cette adresse\r\n"),
        Reply::raw(b"\0\xff\r\n"),
    ] {
        assert_verdict(reply, Verdict::TRANSIENT).await;
    }
}

#[tokio::test]
async fn an_endless_reply_is_unparsable() {
    let line = format!("550-{}", "x".repeat(2_000));
    assert_verdict(line, Verdict::TRANSIENT).await;
}

#[tokio::test]
async fn the_first_reply_of_several_connections_counts_for_each() {
    let script = Script::new()
        .connection(Dialogue::new().on(Stage::Mail, "550 5.7.1 no"))
        .connection(Dialogue::new().on(Stage::Mail, "450 4.7.1 not now"));
    let server = server(script);
    let [first, second] = errors(&server).await.map(|error| LettreClassifier.classify(&error).class);
    assert_eq!((first, second), (Permanent, Transient));
}
