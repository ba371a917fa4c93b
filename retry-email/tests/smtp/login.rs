//! Credentials that are asked for at each login.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use retry_core::{Clock, Policy, TokioSleeper};
use retry_email::{Action, Credentials, Endpoint, NotOpened, PoolLimits, Refusal, Reply, Sender, Stage, State, Tls};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, duplex};

use crate::encrypted::{Authority, Server, When};
use crate::server::{MESSAGE, to};

const OFFERS: &str = "AUTH XOAUTH2 PLAIN";

/// `user=alice^Aauth=Bearer token-N^A^A` in base64.
const FIRST: &str = "AUTH XOAUTH2 dXNlcj1hbGljZQFhdXRoPUJlYXJlciB0b2tlbi0xAQE=";
const SECOND: &str = "AUTH XOAUTH2 dXNlcj1hbGljZQFhdXRoPUJlYXJlciB0b2tlbi0yAQE=";

/// A token that is new each time; the first calls fail.
fn tokens(failures: usize) -> impl Fn() -> std::future::Ready<Result<Credentials, String>> + Send + Sync + 'static {
    let asked = AtomicUsize::new(0);
    move || {
        let n = asked.fetch_add(1, Ordering::SeqCst) + 1;
        std::future::ready(match n.checked_sub(failures) {
            None | Some(0) => Err(format!("no token, time {n}")),
            Some(n) => Ok(Credentials::token("alice", format!("token-{n}"))),
        })
    }
}

async fn server(authority: &Authority) -> Server {
    Server::start(authority.certify("127.0.0.1"), When::AtOnce, OFFERS).await
}

fn logins(server: &Server) -> Vec<String> {
    server.heard().into_iter().filter(|line| line.starts_with("AUTH")).collect()
}

#[tokio::test]
async fn each_login_has_a_token_of_its_own_and_a_connection_used_again_needs_none() {
    let authority = Authority::new();
    let server = server(&authority).await;
    let endpoint = server.endpoint(Tls::Implicit).tls_config(authority.trust()).ask_credentials(tokens(0));
    // Two messages a connection.
    let limits = PoolLimits { messages: 2, ..PoolLimits::default() };
    let sender = Sender::new(Policy::constant(Duration::ZERO).attempts(1)).pool(limits).host(endpoint);
    for _ in 0..3 {
        assert!(sender.send(&to(1), MESSAGE).await.is_delivered());
    }
    assert_eq!(logins(&server), [FIRST, SECOND]);
}

#[tokio::test]
async fn a_token_that_does_not_come_is_a_failure_that_passes() {
    let authority = Authority::new();
    let server = server(&authority).await;
    let endpoint = server.endpoint(Tls::Implicit).tls_config(authority.trust()).ask_credentials(tokens(2));
    let sender = Sender::new(Policy::constant(Duration::ZERO).attempts(3)).host(endpoint.clone());
    let sent = sender.send(&to(1), MESSAGE).await;
    assert!(sent.is_delivered(), "{sent:?}");
    let first = &sent.recipients[0].attempts[0];
    assert_eq!(first.text, "no credentials to log in with: no token, time 1");
    assert_eq!((sent.recipients[0].attempts.len(), first.action), (3, Action::TryOtherHostThenLater));
    assert_eq!(logins(&server), [FIRST]);

    let endpoint = endpoint.ask_credentials(tokens(9));
    let sender = Sender::new(Policy::constant(Duration::ZERO).attempts(3)).host(endpoint);
    assert_eq!(sender.send(&to(1), MESSAGE).await.recipients[0].state, State::Deferred);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_never_comes_is_given_up_at_the_limit_of_a_login() {
    let (ours, mut theirs) = duplex(1000);
    theirs.write_all(b"220 hi\r\n250-mx\r\n250 AUTH XOAUTH2\r\n").await.unwrap();
    let never = std::future::pending::<Result<Credentials, String>>;
    let endpoint = Endpoint::new("mx", 25).tls(Tls::Off).allow_clear_auth().ask_credentials(never);
    let begun = TokioSleeper.now();
    let error = endpoint.open_over(ours, TokioSleeper).await.unwrap_err();
    assert!(matches!(error, NotOpened::NoCredentials { .. }), "{error:?}");
    assert_eq!(TokioSleeper.now().since(begun), Duration::from_secs(300));
}

#[tokio::test(start_paused = true)]
async fn no_token_is_asked_for_where_it_could_not_be_sent() {
    let (ours, mut theirs) = duplex(1000);
    theirs.write_all(b"220 hi\r\n250-mx\r\n250 AUTH XOAUTH2\r\n").await.unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let ask = move || {
        count.fetch_add(1, Ordering::SeqCst);
        std::future::ready(Ok::<_, String>(Credentials::token("alice", "secret")))
    };
    let endpoint = Endpoint::new("mx", 25).tls(Tls::Off).ask_credentials(ask);
    let error = endpoint.open_over(ours, TokioSleeper).await.unwrap_err();
    assert_eq!(error, Refusal::ClearAuth.into());
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}

#[test]
fn what_was_set_last_counts_and_no_secret_is_shown() {
    let fixed = Endpoint::new("mx", 25).credentials(Credentials::token("alice", "secret"));
    let asked = fixed.clone().ask_credentials(|| {
        let secret = "secret".to_owned();
        async move { Ok::<_, String>(Credentials::token("alice", secret)) }
    });
    assert!(format!("{asked:?}").contains("asked at each login"));
    assert!(format!("{:?}", asked.clone().credentials(Credentials::password("bob", "secret"))).contains("bob"));
    let sender = Sender::new(Policy::constant(Duration::ZERO)).host(asked.clone()).host(fixed.clone());
    for shown in [format!("{fixed:?}"), format!("{asked:#?}"), format!("{sender:?}")] {
        assert!(!shown.contains("secret"), "{shown}");
    }
}

/// A server that greets, and says these to the logins; what it heard.
async fn refusing(replies: &'static [&'static str]) -> (tokio::io::DuplexStream, tokio::task::JoinHandle<Vec<String>>) {
    let (ours, theirs) = duplex(1000);
    let server = tokio::spawn(async move {
        let (mut stream, mut heard) = (tokio::io::BufReader::new(theirs), Vec::new());
        stream.write_all(b"220 hi\r\n").await.unwrap();
        let mut replies = replies.iter();
        let mut line = String::new();
        while let Ok(1..) = stream.read_line(&mut line).await {
            let said = match line.trim_end() {
                hello if hello.starts_with("EHLO") => "250-mx\r\n250 AUTH XOAUTH2\r\n",
                login => {
                    heard.push(login.to_owned());
                    replies.next().copied().unwrap_or("421 enough\r\n")
                }
            };
            if stream.write_all(said.as_bytes()).await.is_err() {
                break;
            }
            line.clear();
        }
        heard
    });
    (ours, server)
}

const NO: &str = "535 5.7.8 expired\r\n";

fn in_the_clear() -> Endpoint {
    Endpoint::new("mx", 25).tls(Tls::Off).allow_clear_auth()
}

#[tokio::test]
async fn a_refused_token_is_asked_for_once_more_and_the_fresh_one_is_sent() {
    // As Google and Microsoft do it: the error comes as a challenge, the reply after an empty answer.
    let (stream, server) = refusing(&["334 eyJzdGF0dXMiOiI0MDEifQ==\r\n", NO, "235 welcome\r\n"]).await;
    let told = Arc::new(std::sync::Mutex::new(Vec::new()));
    let all = Arc::clone(&told);
    let endpoint = in_the_clear().ask_credentials_again(move |refused| {
        let mut all = all.lock().unwrap();
        all.push(refused.map(|reply| reply.code()));
        std::future::ready(Ok::<_, String>(Credentials::token("alice", format!("token-{}", all.len()))))
    });
    let connection = endpoint.open_over(stream, TokioSleeper).await.unwrap();
    drop(connection);
    assert_eq!(*told.lock().unwrap(), [None, Some(535)]);
    assert_eq!(server.await.unwrap(), [FIRST, "", SECOND]);
}

#[tokio::test]
async fn a_second_refusal_the_same_token_and_credentials_that_nobody_is_asked_for_are_misconfigured() {
    let refused = NotOpened::from(Refusal::Reply { stage: Stage::Auth, reply: Reply::new(535, "5.7.8 expired") });
    let same = || std::future::ready(Ok::<_, String>(Credentials::token("alice", "token-1")));
    for (endpoint, logins) in [
        (in_the_clear().ask_credentials(tokens(0)), &[FIRST, SECOND][..]),
        // Not sent again: servers lock accounts after so many failures.
        (in_the_clear().ask_credentials(same), &[FIRST]),
        (in_the_clear().credentials(Credentials::token("alice", "token-1")), &[FIRST]),
    ] {
        let (stream, server) = refusing(&[NO, NO, NO]).await;
        assert_eq!(endpoint.open_over(stream, TokioSleeper).await.unwrap_err(), refused);
        assert_eq!(server.await.unwrap(), logins);
    }
    // 454 is for now (RFC 4954 section 6): nobody is asked again at once.
    let (stream, server) = refusing(&["454 4.7.0 later\r\n"]).await;
    let error = in_the_clear().ask_credentials(tokens(0)).open_over(stream, TokioSleeper).await.unwrap_err();
    assert!(matches!(error, NotOpened::Refused(Refusal::Reply { stage: Stage::Auth, .. })));
    assert_eq!(server.await.unwrap(), [FIRST]);
}
