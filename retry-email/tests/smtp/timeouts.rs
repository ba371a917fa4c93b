//! Each step has a limit of its own that can be set: RFC 5321 section 4.5.3.2.

use std::time::Duration;

use retry_core::{Clock, TokioSleeper};
use retry_email::{Credentials, Endpoint, Event, Fate, NotOpened, Stage, Timeouts, Tls};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

use crate::server::to;

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// All different, so that a limit at the wrong place shows.
const TIMEOUTS: Timeouts = Timeouts {
    connect: seconds(11),
    greeting: seconds(12),
    ehlo: seconds(13),
    tls: seconds(14),
    auth: seconds(15),
    mail: seconds(16),
    rcpt: seconds(17),
    data: seconds(18),
    data_body: seconds(19),
    dot: seconds(20),
    rset: seconds(21),
    quit: seconds(22),
};

fn endpoint(tls: Tls) -> Endpoint {
    Endpoint::new("mx", 25).tls(tls).timeouts(TIMEOUTS)
}

/// Says all of it at once, and then nothing more; reads only if asked.
fn saying(said: &'static str, reads: bool) -> DuplexStream {
    let (ours, mut theirs) = duplex(1000);
    tokio::spawn(async move {
        theirs.write_all(said.as_bytes()).await.unwrap();
        while reads && matches!(theirs.read(&mut [0; 512]).await, Ok(1..)) {}
        std::future::pending::<()>().await;
    });
    ours
}

#[tokio::test(start_paused = true)]
async fn opening_is_given_up_at_the_limit_that_was_set_for_the_stage() {
    let login = |endpoint: Endpoint| endpoint.allow_clear_auth().credentials(Credentials::password("a", "b"));
    for (said, endpoint, stage) in [
        ("", endpoint(Tls::Off), Stage::Greeting),
        ("220 hi\r\n", endpoint(Tls::Off), Stage::Ehlo),
        ("220 hi\r\n250-mx\r\n250 STARTTLS\r\n", endpoint(Tls::Required), Stage::Tls),
        // TLS from the first byte: the handshake has the limit.
        ("", endpoint(Tls::Implicit), Stage::Tls),
        ("220 hi\r\n250-mx\r\n250 AUTH PLAIN\r\n", login(endpoint(Tls::Off)), Stage::Auth),
    ] {
        let begun = TokioSleeper.now();
        let error = endpoint.open_over(saying(said, true), TokioSleeper).await.unwrap_err();
        assert_eq!(error, NotOpened::Failed { stage, event: Event::Timeout });
        assert_eq!(TokioSleeper.now().since(begun), TIMEOUTS.of(stage), "{stage}");
    }
}

/// The greeting and `EHLO` without PIPELINING, and the beginning of a mail.
macro_rules! hello {
    ($($said:literal)*) => { concat!("220 hi\r\n250 mx\r\n", $($said, "\r\n"),*) };
}

#[tokio::test(start_paused = true)]
async fn a_mail_is_given_up_at_the_limit_that_was_set_for_the_stage() {
    let message = b"x".repeat(100_000);
    for (said, length, reads, stage) in [
        (hello!(), 5, true, Stage::Mail),
        (hello!("250 ok"), 5, true, Stage::Rcpt),
        (hello!("250 ok" "250 ok"), 5, true, Stage::Data),
        (hello!("250 ok" "250 ok" "354 go on"), 5, true, Stage::Dot),
        // It reads no more, and the message does not fit into what lies between.
        (hello!("250 ok" "250 ok" "354 go on"), 100_000, false, Stage::DataBody),
    ] {
        let mut connection = endpoint(Tls::Off).open_over(saying(said, reads), TokioSleeper).await.unwrap();
        let begun = TokioSleeper.now();
        let report = connection.send(&to(1), [0], &message[..length]).await;
        assert_eq!(TokioSleeper.now().since(begun), TIMEOUTS.of(stage), "{stage}");
        let lost = Fate::Lost { stage, event: Event::Timeout };
        let in_doubt = Fate::InDoubt { event: Some(Event::Timeout), reply: None };
        assert_eq!(report.fates, [(0, if stage == Stage::Dot { in_doubt } else { lost })]);
    }
}

#[tokio::test(start_paused = true)]
async fn rset_and_quit_have_limits_too_and_nothing_hangs_on_them() {
    // The recipient is refused, and RSET is to clear up after it.
    let stream = saying(hello!("250 ok" "550 5.1.1 no"), true);
    let mut connection = endpoint(Tls::Off).open_over(stream, TokioSleeper).await.unwrap();
    let begun = TokioSleeper.now();
    let report = connection.send(&to(1), [0], b"hello").await;
    assert!(matches!(report.fates[..], [(0, Fate::Refused { stage: Stage::Rcpt, .. })]) && !report.is_reusable);
    assert_eq!(TokioSleeper.now().since(begun), TIMEOUTS.rset);

    let connection = endpoint(Tls::Off).open_over(saying(hello!(), true), TokioSleeper).await.unwrap();
    let begun = TokioSleeper.now();
    connection.quit().await;
    assert_eq!(TokioSleeper.now().since(begun), TIMEOUTS.quit);
}
