//! Verdicts where there was no reply, or no SMTP at all.

use std::time::Duration;

use retry_core::{Class, Effect, ErrorClassifier, Scope, Verdict};
use retry_email::lettre::LettreClassifier;
use testkit::smtp::{Dialogue, Reaction, Stage};

use super::support::{MESSAGE, Smtp, blocking, canned, envelope, nobody, server, unpooled, upstream};
use upstream::transport::smtp::Error;
use upstream::transport::smtp::authentication::Credentials;
use upstream::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use upstream::{AsyncTransport, SmtpTransport, Transport};

const UNREACHED: Verdict = Verdict::TRANSIENT.effect(Effect::None);
const HOPELESS: Verdict = Verdict::PERMANENT.effect(Effect::None).scope(Scope::Request);

fn verdict(error: &Error) -> Verdict {
    LettreClassifier.classify(error)
}

#[tokio::test]
async fn nothing_was_sent_where_no_connection_came_about() {
    let refused = blocking(nobody()).build().send_raw(&envelope(), MESSAGE).unwrap_err();
    assert_eq!(verdict(&refused), UNREACHED, "{refused:?}");
    let refused = unpooled(nobody()).build().send_raw(&envelope(), MESSAGE).await.unwrap_err();
    assert_eq!(verdict(&refused), UNREACHED, "{refused:?}");
}

#[tokio::test]
async fn nothing_was_sent_where_the_host_has_no_address() {
    // Longer than a name may be: refused before any resolver is asked.
    let smtp = SmtpTransport::builder_dangerous("x".repeat(64)).build();
    let unknown = smtp.send_raw(&envelope(), MESSAGE).unwrap_err();
    assert_eq!(verdict(&unknown), UNREACHED, "{unknown:?}");
    let smtp = Smtp::builder_dangerous("x".repeat(64)).build();
    let unknown = smtp.send_raw(&envelope(), MESSAGE).await.unwrap_err();
    assert_eq!(verdict(&unknown), UNREACHED, "{unknown:?}");
}

async fn assert_in_doubt(stage: Stage, reaction: Reaction) {
    let server = server(Dialogue::new().on(stage, reaction));
    let lost = blocking(server.addr()).build().send_raw(&envelope(), MESSAGE).unwrap_err();
    assert_eq!(verdict(&lost), Verdict::TRANSIENT, "{stage}: {lost:?}");
    let lost = unpooled(server.addr()).build().send_raw(&envelope(), MESSAGE).await.unwrap_err();
    assert_eq!(verdict(&lost), Verdict::TRANSIENT, "{stage}: {lost:?}");
}

#[tokio::test]
async fn a_lost_connection_may_have_delivered_at_any_stage() {
    for stage in [Stage::Connect, Stage::Greeting, Stage::Ehlo, Stage::Mail, Stage::Rcpt, Stage::Data, Stage::Dot] {
        assert_in_doubt(stage, Reaction::drop_connection()).await;
    }
    // At the greeting, a reset may be early enough to fail the connect.
    for stage in [Stage::Ehlo, Stage::Mail, Stage::Rcpt, Stage::Data, Stage::Dot] {
        assert_in_doubt(stage, Reaction::reset_connection()).await;
    }
}

#[test]
fn a_silent_server_may_have_taken_the_message() {
    let server = server(Dialogue::new().on(Stage::Dot, Reaction::hang()));
    let smtp = blocking(server.addr()).timeout(Some(Duration::from_millis(10))).build();
    let silent = smtp.send_raw(&envelope(), MESSAGE).unwrap_err();
    assert!(!silent.is_timeout(), "lettre does not take it for a timeout: {silent:?}");
    assert_eq!(verdict(&silent), Verdict::TRANSIENT);
}

#[tokio::test]
async fn a_server_without_8bitmime_will_never_take_8_bit() {
    let server = server(Dialogue::new().extensions(["SIZE"]));
    let eight_bit = "Subject: é".as_bytes();
    let refused = blocking(server.addr()).build().send_raw(&envelope(), eight_bit).unwrap_err();
    assert_eq!(verdict(&refused), HOPELESS, "{refused:?}");
    let refused = unpooled(server.addr()).build().send_raw(&envelope(), eight_bit).await.unwrap_err();
    assert_eq!(verdict(&refused), HOPELESS, "{refused:?}");
}

#[tokio::test]
async fn an_unusable_answer_to_ehlo_comes_before_any_mail() {
    let server = server(Dialogue::new().on(Stage::Ehlo, "250 "));
    let useless = blocking(server.addr()).build().send_raw(&envelope(), MESSAGE).unwrap_err();
    assert_eq!(verdict(&useless), UNREACHED, "{useless:?}");
    let useless = unpooled(server.addr()).build().send_raw(&envelope(), MESSAGE).await.unwrap_err();
    assert_eq!(verdict(&useless), UNREACHED, "{useless:?}");
}

#[tokio::test]
async fn a_transport_shut_down_stays_so() {
    let server = server(Dialogue::new());
    let smtp = blocking(server.addr()).build();
    smtp.shutdown();
    let shut = smtp.send_raw(&envelope(), MESSAGE).unwrap_err();
    assert_eq!(verdict(&shut), HOPELESS, "{shut:?}");
    let smtp = unpooled(server.addr()).build();
    smtp.shutdown().await;
    let shut = smtp.send_raw(&envelope(), MESSAGE).await.unwrap_err();
    assert_eq!(verdict(&shut), HOPELESS, "{shut:?}");
}

const BAD_CREDENTIALS: &[&[u8]] =
    &[b"220 hello\r\n", b"250-hello\r\n250 AUTH PLAIN\r\n", b"535 5.7.8 bad credentials\r\n", b"221 bye\r\n"];
const NO_COMMON_MECHANISM: &[&[u8]] = &[b"220 hello\r\n", b"250-hello\r\n250 AUTH GSSAPI\r\n", b"221 bye\r\n"];
const STRANGE_CHALLENGE: &[&[u8]] = &[
    b"220 hello\r\n",
    b"250-hello\r\n250 AUTH LOGIN\r\n",
    b"334 VXNlcm5hbWU6\r\n",
    b"334 c3RyYW5nZQ==\r\n",
    b"221 bye\r\n",
];
const NO_CHALLENGE: &[&[u8]] = &[b"220 hello\r\n", b"250-hello\r\n250 AUTH LOGIN\r\n", b"334 \r\n", b"221 bye\r\n"];
const ENDLESS_CHALLENGES: &[&[u8]] = &[
    b"220 hello\r\n",
    b"250-hello\r\n250 AUTH LOGIN\r\n",
    b"334 VXNlcm5hbWU6\r\n",
    b"334 VXNlcm5hbWU6\r\n",
    b"334 VXNlcm5hbWU6\r\n",
    b"334 VXNlcm5hbWU6\r\n",
    b"334 VXNlcm5hbWU6\r\n",
    b"334 VXNlcm5hbWU6\r\n",
    b"334 VXNlcm5hbWU6\r\n",
    b"334 VXNlcm5hbWU6\r\n",
    b"334 VXNlcm5hbWU6\r\n",
    b"334 VXNlcm5hbWU6\r\n",
    b"334 VXNlcm5hbWU6\r\n",
];

#[tokio::test]
async fn failed_authentication_is_ours_to_fix() {
    let expected = Verdict::MISCONFIGURED.scope(Scope::Account);
    for script in [BAD_CREDENTIALS, NO_COMMON_MECHANISM, STRANGE_CHALLENGE, NO_CHALLENGE, ENDLESS_CHALLENGES] {
        let credentials = || Credentials::new(String::from("alice"), String::from("secret"));
        let smtp = blocking(canned(script).0).credentials(credentials()).build();
        let failed = smtp.send_raw(&envelope(), MESSAGE).unwrap_err();
        assert_eq!(verdict(&failed), expected, "{failed:?}");
        let smtp = unpooled(canned(script).0).credentials(credentials()).build();
        let failed = smtp.send_raw(&envelope(), MESSAGE).await.unwrap_err();
        assert_eq!(verdict(&failed), expected, "{failed:?}");
    }
}

fn tls() -> TlsParameters {
    TlsParameters::builder(String::from("localhost")).certificate_store(CertificateStore::None).build_rustls().unwrap()
}

#[tokio::test]
async fn a_server_without_starttls_is_a_fault_of_the_configuration() {
    let server = server(Dialogue::new());
    let smtp = blocking(server.addr()).tls(Tls::Required(tls())).build();
    let plain = smtp.send_raw(&envelope(), MESSAGE).unwrap_err();
    assert_eq!(verdict(&plain), Verdict::MISCONFIGURED, "{plain:?}");
    let smtp = unpooled(server.addr()).tls(Tls::Required(tls())).build();
    let plain = smtp.send_raw(&envelope(), MESSAGE).await.unwrap_err();
    assert_eq!(verdict(&plain), Verdict::MISCONFIGURED, "{plain:?}");
}

/// The alert 42 of RFC 8446, fatal, by TLS 1.2's record.
const BAD_CERTIFICATE: &[&[u8]] = &[b"\x15\x03\x03\x00\x02\x02\x2a"];

#[tokio::test]
async fn a_handshake_that_fails_for_a_certificate_is_a_fault_of_the_configuration() {
    let smtp = blocking(canned(BAD_CERTIFICATE).0).tls(Tls::Wrapper(tls())).build();
    let failed = smtp.send_raw(&envelope(), MESSAGE).unwrap_err();
    assert_eq!(verdict(&failed), Verdict::MISCONFIGURED, "{failed:?}");
    let smtp = unpooled(canned(BAD_CERTIFICATE).0).tls(Tls::Wrapper(tls())).build();
    let failed = smtp.send_raw(&envelope(), MESSAGE).await.unwrap_err();
    assert_eq!(verdict(&failed), Verdict::MISCONFIGURED, "{failed:?}");
}

#[tokio::test]
async fn tls_spoken_to_a_plain_port_is_seen_in_async_only() {
    let server = server(Dialogue::new());
    let smtp = unpooled(server.addr()).tls(Tls::Wrapper(tls())).build();
    let failed = smtp.send_raw(&envelope(), MESSAGE).await.unwrap_err();
    assert_eq!(verdict(&failed), Verdict::MISCONFIGURED, "{failed:?}");
    // Here lettre shakes hands at the first read, and reports it as any other read.
    let smtp = blocking(server.addr()).tls(Tls::Wrapper(tls())).build();
    let failed = smtp.send_raw(&envelope(), MESSAGE).unwrap_err();
    assert_eq!(verdict(&failed), Verdict::TRANSIENT, "{failed:?}");
}

#[test]
fn a_bad_certificate_of_our_own_is_a_fault_of_the_configuration() {
    let junk = b"-----BEGIN CERTIFICATE-----\n????\n-----END CERTIFICATE-----\n";
    let error = Certificate::from_pem(junk).unwrap_err();
    assert_eq!(verdict(&error), Verdict::MISCONFIGURED, "{error:?}");
    assert_eq!(verdict(&error).class, Class::Misconfigured);
}
