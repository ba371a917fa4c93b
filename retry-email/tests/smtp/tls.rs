//! TLS as it is demanded, taken where offered, or left out: with a private authority, and whom it must not trust.

use std::time::Duration;

use retry_core::{Policy, TokioSleeper};
use retry_email::rustls::version::{TLS12, TLS13};
use retry_email::{Event, NotOpened, Refusal, Sender, Stage, State, Tls, TlsConfig};

use crate::encrypted::{Authority, Server, When};
use crate::server::{MESSAGE, to};

const BAD_CERTIFICATE: NotOpened = NotOpened::Failed { stage: Stage::Tls, event: Event::BadCertificate };

async fn asked(authority: &Authority) -> Server {
    Server::start(authority.certify("127.0.0.1"), When::Asked, "STARTTLS").await
}

#[tokio::test]
async fn required_tls_carries_the_whole_mail_at_either_version() {
    for (version, name) in [(&TLS12, "TLSv1_2"), (&TLS13, "TLSv1_3")] {
        let authority = Authority::new();
        let certificate = authority.certify("127.0.0.1").at(version);
        let server = Server::start(certificate, When::Asked, "STARTTLS").await;
        let endpoint = server.endpoint(Tls::Required).tls_config(authority.trust());
        let sender = Sender::new(Policy::constant(Duration::ZERO).attempts(1)).host(endpoint);
        let sent = sender.send(&to(1), MESSAGE).await;
        assert!(sent.is_delivered(), "{sent:?}");
        let under_tls = ["EHLO", "MAIL", "RCPT", "DATA"].map(|verb| format!("{name} {verb}"));
        assert_eq!(server.heard(), [&["EHLO".to_owned(), "STARTTLS".to_owned()][..], &under_tls].concat());
    }
}

#[tokio::test]
async fn implicit_tls_says_nothing_in_the_clear() {
    let authority = Authority::new();
    let server = Server::start(authority.certify("127.0.0.1"), When::AtOnce, "SIZE 1000").await;
    let endpoint = server.endpoint(Tls::Implicit).tls_config(authority.trust());
    let sender = Sender::new(Policy::constant(Duration::ZERO).attempts(1)).host(endpoint);
    assert!(sender.send(&to(1), MESSAGE).await.is_delivered());
    assert_eq!(server.heard(), ["EHLO", "MAIL", "RCPT", "DATA"].map(|verb| format!("TLSv1_3 {verb}")));
}

#[tokio::test]
async fn required_tls_is_not_given_up_where_the_server_does_not_offer_it() {
    let authority = Authority::new();
    let server = Server::start(authority.certify("127.0.0.1"), When::Asked, "SIZE 1000").await;
    let endpoint = server.endpoint(Tls::Required).tls_config(authority.trust());
    assert_eq!(endpoint.open(TokioSleeper).await.unwrap_err(), Refusal::NoTls.into());
    let sender = Sender::new(Policy::constant(Duration::ZERO).attempts(3)).host(endpoint);
    assert_eq!(sender.send(&to(1), MESSAGE).await.recipients[0].state, State::Failed);
    assert!(server.heard().iter().all(|heard| heard == "EHLO"), "no mail in the clear: {:?}", server.heard());
}

#[tokio::test]
async fn opportunistic_tls_encrypts_where_it_can_whoever_answers() {
    // An authority that nobody knows, and the name of another host.
    let server = Server::start(Authority::new().certify("mx.example.org"), When::Asked, "STARTTLS").await;
    server.endpoint(Tls::Opportunistic).open(TokioSleeper).await.unwrap();
    assert_eq!(server.heard(), ["EHLO", "STARTTLS", "TLSv1_3 EHLO"]);

    let server = Server::start(Authority::new().certify("mx.example.org"), When::Asked, "SIZE 1000").await;
    server.endpoint(Tls::Opportunistic).open(TokioSleeper).await.unwrap();
    assert_eq!(server.heard(), ["EHLO"]);
}

#[tokio::test]
async fn opportunistic_tls_with_roots_of_its_own_trusts_those_alone() {
    let authority = Authority::new();
    let server = asked(&authority).await;
    let endpoint = server.endpoint(Tls::Opportunistic);
    endpoint.clone().tls_config(authority.trust()).open(TokioSleeper).await.unwrap();
    let error = endpoint.tls_config(Authority::new().trust()).open(TokioSleeper).await.unwrap_err();
    assert_eq!(error, BAD_CERTIFICATE);
}

#[tokio::test]
async fn tls_that_is_off_is_not_begun_even_where_it_is_offered() {
    let server = asked(&Authority::new()).await;
    server.endpoint(Tls::Off).open(TokioSleeper).await.unwrap();
    assert_eq!(server.heard(), ["EHLO"]);
}

#[tokio::test]
async fn a_certificate_of_an_unknown_authority_is_refused() {
    let server = asked(&Authority::new()).await;
    for trust in [Authority::new().trust(), TlsConfig::web().unwrap()] {
        let endpoint = server.endpoint(Tls::Required).tls_config(trust);
        assert_eq!(endpoint.open(TokioSleeper).await.unwrap_err(), BAD_CERTIFICATE);
    }
    // The web's authorities are those it trusts unless told otherwise.
    assert_eq!(server.endpoint(Tls::Required).open(TokioSleeper).await.unwrap_err(), BAD_CERTIFICATE);
    assert!(server.heard().iter().all(|heard| !heard.starts_with("TLS")), "{:?}", server.heard());
}

#[tokio::test]
async fn a_certificate_for_another_name_is_refused() {
    let authority = Authority::new();
    let server = Server::start(authority.certify("mx.example.org"), When::Asked, "STARTTLS").await;
    let endpoint = server.endpoint(Tls::Required).tls_config(authority.trust());
    assert_eq!(endpoint.open(TokioSleeper).await.unwrap_err(), BAD_CERTIFICATE);

    // By its name it is the right one; a name within its domain is not.
    for (name, is_right) in [("mx.example.org", true), ("a.mx.example.org", false), ("example.org", false)] {
        let endpoint = retry_email::Endpoint::new(name, 25).tls_config(authority.trust());
        let opened = endpoint.open_over(server.connect().await, TokioSleeper).await;
        assert_eq!(opened.map(drop), if is_right { Ok(()) } else { Err(BAD_CERTIFICATE) }, "{name}");
    }
    // What can be in no certificate.
    for name in ["", "a b", "-", "mx..example"] {
        let endpoint = retry_email::Endpoint::new(name, 25).tls_config(authority.trust());
        let opened = endpoint.open_over(server.connect().await, TokioSleeper).await;
        assert_eq!(opened.map(drop), Err(BAD_CERTIFICATE), "{name:?}");
    }
}

#[tokio::test]
async fn a_certificate_out_of_date_is_refused() {
    let authority = Authority::new();
    let server = Server::start(authority.certify_until("127.0.0.1", 2020), When::AtOnce, "SIZE 1000").await;
    let endpoint = server.endpoint(Tls::Implicit).tls_config(authority.trust());
    assert_eq!(endpoint.open(TokioSleeper).await.unwrap_err(), BAD_CERTIFICATE);
}
