//! STARTTLS, TLS from the first byte, and logins by SASL.

use retry_core::Class;
use retry_email::{BlockingSender, Credentials, Endpoint, Reason, Stage, State, Tls, TlsConfig};
use testkit::real::RealServers;

use super::support::{TWICE, copies, endpoint, mail, once, sender, servers, states, to};

const USER: &str = "alice@test.invalid";
const PASSWORD: &str = "open sesame";

fn authority(servers: &RealServers) -> TlsConfig {
    TlsConfig::roots_pem(&std::fs::read(servers.folder().join("tls/authority.pem")).unwrap()).unwrap()
}

/// Both ways to TLS.
fn both(servers: &RealServers) -> [Endpoint; 2] {
    [("submission", Tls::Required), ("smtps", Tls::Implicit)]
        .map(|(name, tls)| endpoint(servers, name).tls(tls).tls_config(authority(servers)))
}

#[tokio::test]
async fn a_login_over_tls_carries_the_mail() {
    let Some(servers) = servers() else { return };
    for endpoint in both(&servers) {
        let mail = mail();
        let sender = sender(TWICE).host(endpoint.credentials(Credentials::password(USER, PASSWORD)));
        let sent = sender.send(&to(["ok", "other"]), &mail.bytes).await;
        sender.close().await;
        assert_eq!(states(&sent), [State::Delivered; 2], "{sent:?}");
        assert_eq!(copies(&servers.delivered(&mail.id).unwrap()), once(["ok", "other"]));
    }
}

#[test]
fn without_async_it_carries_the_mail_as_well() {
    let Some(servers) = servers() else { return };
    let mail = mail();
    let [endpoint, _] = both(&servers);
    let sender = sender(TWICE).host(endpoint.credentials(Credentials::password(USER, PASSWORD)));
    let sender = BlockingSender::new(sender).unwrap();
    assert_eq!(states(&sender.send(&to(["ok"]), &mail.bytes)), [State::Delivered]);
    sender.close();
    assert_eq!(copies(&servers.delivered(&mail.id).unwrap()), once(["ok"]));
}

#[tokio::test]
async fn a_wrong_password_is_ours_to_fix_and_burns_no_attempts() {
    let Some(servers) = servers() else { return };
    for endpoint in both(&servers) {
        let mail = mail();
        let sender = sender(TWICE.attempts(5)).host(endpoint.credentials(Credentials::password(USER, "open barley")));
        let sent = sender.send(&to(["ok"]), &mail.bytes).await;
        assert_eq!(states(&sent), [State::Failed], "{sent:?}");
        let tried = &sent.recipients[0].attempts;
        assert_eq!(tried.len(), 1);
        assert_eq!((tried[0].stage, tried[0].class), (Stage::Auth, Some(Class::Misconfigured)));
        assert_eq!(tried[0].reason, Reason::AuthFailed);
        assert!(!format!("{sent:?}{sender:?}").contains("barley"));
        assert!(servers.delivered(&mail.id).unwrap().is_empty());
    }
}

#[tokio::test]
async fn without_a_login_the_mail_is_refused_and_nobody_is_blamed_but_us() {
    let Some(servers) = servers() else { return };
    let mail = mail();
    let [endpoint, _] = both(&servers);
    let sender = sender(TWICE).host(endpoint);
    let sent = sender.send(&to(["ok"]), &mail.bytes).await;
    sender.close().await;
    assert_eq!(states(&sent), [State::Failed], "{sent:?}");
    assert!(servers.delivered(&mail.id).unwrap().is_empty());
}

#[tokio::test]
async fn a_certificate_of_an_authority_unknown_to_us_is_refused_before_anything_is_said() {
    let Some(servers) = servers() else { return };
    for endpoint in both(&servers) {
        let mail = mail();
        let endpoint = endpoint.tls_config(TlsConfig::web().unwrap());
        let sender = sender(TWICE).host(endpoint.credentials(Credentials::password(USER, PASSWORD)));
        let sent = sender.send(&to(["ok"]), &mail.bytes).await;
        assert_ne!(states(&sent), [State::Delivered]);
        assert!(sent.recipients[0].attempts.iter().all(|tried| tried.stage == Stage::Tls), "{sent:?}");
        assert!(servers.delivered(&mail.id).unwrap().is_empty());
    }
}

#[tokio::test]
async fn opportunistic_tls_is_taken_where_postfix_offers_it_and_done_without_where_not() {
    let Some(servers) = servers() else { return };
    for (name, tls) in [("plain", true), ("simple", false)] {
        let mail = mail();
        let sender = sender(TWICE).host(endpoint(&servers, name).tls(Tls::Opportunistic));
        assert_eq!(states(&sender.send(&to(["ok"]), &mail.bytes).await), [State::Delivered]);
        sender.close().await;
        let taken = servers.delivered(&mail.id).unwrap();
        assert_eq!(copies(&taken), once(["ok"]));
        // What Postfix wrote into its Received field (RFC 3848): ESMTPS with TLS.
        assert_eq!(taken[0].content.contains("with ESMTPS"), tls, "{}", taken[0].content);
    }
}
