//! The same over a stream in memory, in virtual time: replies that come late and in pieces, connections cut at any byte.

use std::time::Duration;

use proptest::prelude::*;
use retry_core::TokioSleeper;
use retry_email::{Connection, Endpoint, Envelope, Event, Fate, NotOpened, Report, Stage, Timeouts, Tls};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, duplex};

use crate::hostile::{cases, reaction};
use crate::server::{Reaction, Server, to};

const SECOND: Duration = Duration::from_secs(1);

/// How a server's end of the stream behaves.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// Bytes of a reply that are sent at once.
    pub(crate) piece: usize,
    /// How long it waits before each piece.
    pub(crate) pause: Duration,
    /// It closes when it has read so many bytes of the mail.
    pub(crate) cut_read: usize,
    /// It closes when it has written so many bytes in reply to it.
    pub(crate) cut_write: usize,
    /// What it greets with; `None`: as it should, `Some("")`: not at all.
    pub(crate) greeting: Option<&'static str>,
}

pub(crate) const FINE: Line =
    Line { piece: 1000, pause: Duration::ZERO, cut_read: usize::MAX, cut_write: usize::MAX, greeting: None };

/// Serves until the stream or the line ends.
pub(crate) async fn serve(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    mut server: Server,
    line: Line,
    pipelining: bool,
) -> Server {
    let hello = if pipelining {
        "220 hi\r\n250-mx\r\n250-DSN\r\n250 PIPELINING\r\n"
    } else {
        "220 hi\r\n250-mx\r\n250 DSN\r\n"
    };
    if stream.write_all(line.greeting.unwrap_or(hello).as_bytes()).await.is_err() || line.greeting.is_some() {
        // Held open until the other side has enough of it.
        let _ = stream.read(&mut [0; 512]).await;
        return server;
    }
    let (mut read, mut written, mut input) = (0, 0, vec![0; 512]);
    loop {
        let Ok(length @ 1..) = stream.read(&mut input).await else { return server };
        let mut bytes = &input[..length];
        if let Some(rest) = bytes.strip_prefix(b"EHLO localhost\r\n") {
            bytes = rest;
        }
        let left = line.cut_read.saturating_sub(read);
        server.receive(&bytes[..bytes.len().min(left)]);
        read += bytes.len();
        while let Some(reply) = server.next_reply() {
            for piece in format!("{reply}\r\n").into_bytes().chunks(line.piece) {
                tokio_sleep(line.pause).await;
                let left = line.cut_write.saturating_sub(written);
                let piece = &piece[..piece.len().min(left)];
                if stream.write_all(piece).await.is_err() {
                    return server;
                }
                written += piece.len();
                if written >= line.cut_write {
                    return server;
                }
            }
        }
        if server.is_closed || read >= line.cut_read {
            return server;
        }
    }
}

async fn tokio_sleep(delay: Duration) {
    retry_core::Sleeper::sleep(&TokioSleeper, delay).await;
}

async fn open(stream: DuplexStream) -> Connection<TokioSleeper> {
    Endpoint::new("mx", 25).tls(Tls::Off).open_over(stream, TokioSleeper).await.unwrap()
}

/// One mail; its report, the server's truth, and how long it took.
fn send(
    envelope: &Envelope,
    message: &[u8],
    server: Server,
    line: Line,
    pipelining: bool,
) -> (Report, Server, Duration) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        // A small buffer: writes block half-way.
        let (ours, theirs) = duplex(700);
        let server = tokio::spawn(serve(theirs, server, line, pipelining));
        let mut connection = open(ours).await;
        let begun = retry_core::Clock::now(&TokioSleeper);
        let report = connection.send(envelope, 0..envelope.recipients().len(), message).await;
        let took = retry_core::Clock::now(&TokioSleeper).since(begun);
        assert_eq!(connection.is_alive(), report.is_reusable && connection.is_alive());
        drop(connection);
        (report, server.await.unwrap(), took)
    })
}

pub(crate) fn line() -> impl Strategy<Value = Line> {
    let cut = || prop_oneof![2 => Just(usize::MAX), 3 => 0..400_usize];
    let pause = prop_oneof![3 => Just(0), 1 => 1..400_u64];
    (1..30_usize, pause, cut(), cut()).prop_map(|(piece, pause, cut_read, cut_write)| Line {
        piece,
        pause: SECOND * u32::try_from(pause).unwrap(),
        cut_read,
        cut_write,
        ..FINE
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases() / 4, ..ProptestConfig::default() })]

    #[test]
    fn over_any_line_each_recipient_has_the_fate_that_the_server_gave_it(
        reactions in prop::collection::vec(reaction(), 0..16),
        (recipients, pipelining, line) in (1..5_usize, any::<bool>(), line()),
        length in prop_oneof![Just(20_usize), Just(2000), Just(200_000)],
    ) {
        let message = b"x".repeat(length);
        let (report, server, took) = send(&to(recipients), &message, Server::new(reactions), line, pipelining);
        prop_assert_eq!(report.fates.len(), recipients);
        for (n, fate) in &report.fates {
            let address = format!("r{n}@example.net");
            let taken: usize = server.dots.iter().filter(|dot| dot.taken.contains(&address)).count();
            prop_assert!(taken <= 1, "served {} times", taken);
            match fate {
                Fate::Delivered { .. } => prop_assert_eq!(taken, 1),
                Fate::InDoubt { .. } => {}
                other => prop_assert_eq!(taken, 0, "{:?}", other),
            }
        }
        // Each reply has its limit, of 10 minutes at most; a command is answered once.
        let steps = u32::try_from(server.commands.len() + 2 * server.dots.len() + 2).unwrap();
        prop_assert!(took <= 600 * SECOND * steps, "{:?} for {:?}", took, server.commands);
    }
}

#[test]
fn every_cut_of_a_mail_at_any_byte_leaves_it_lost_or_in_doubt_but_never_wrongly_told() {
    let whole = send(&to(2), b"hello", Server::new([]), FINE, true).1;
    let sent = whole.commands.iter().map(|line| line.len() + 2).sum::<usize>() + "hello\r\n.\r\n".len();
    for cut in 0..=sent {
        for pipelining in [false, true] {
            let line = Line { cut_read: cut, ..FINE };
            let (report, server, _) = send(&to(2), b"hello", Server::new([]), line, pipelining);
            let taken = server.dots.iter().any(|dot| !dot.taken.is_empty());
            assert_eq!(taken, cut == sent);
            assert!(report.fates.iter().all(|(_, fate)| matches!(fate, Fate::Delivered { .. }) == taken));
        }
    }
}

#[test]
fn a_server_that_hangs_is_left_at_the_limit_of_its_stage() {
    for (reactions, stage, limit) in
        [(0, Stage::Mail, 300), (1, Stage::Rcpt, 300), (2, Stage::Data, 120), (3, Stage::Dot, 600)]
    {
        let reactions = std::iter::repeat_n(Reaction::Accept, reactions).chain([Reaction::Hang]);
        let (report, _, took) = send(&to(1), b"hello", Server::new(reactions), FINE, false);
        assert_eq!(took, SECOND * limit);
        let fate = match stage {
            Stage::Dot => Fate::InDoubt { event: Some(Event::Timeout), reply: None },
            stage => Fate::Lost { stage, event: Event::Timeout },
        };
        assert_eq!(report.fates, [(0, fate)]);
    }
}

#[test]
fn a_server_that_drips_does_not_stretch_the_limit() {
    // A byte a minute: "250 ok\r\n" takes eight, the limit is five.
    let line = Line { piece: 1, pause: 60 * SECOND, ..FINE };
    let (report, _, took) = send(&to(1), b"hello", Server::new([]), line, false);
    assert_eq!(report.fates, [(0, Fate::Lost { stage: Stage::Mail, event: Event::Timeout })]);
    assert_eq!(took, 300 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_connection_carries_several_mails_and_is_seen_to_be_dead() {
    let (ours, theirs) = duplex(1000);
    let server = tokio::spawn(serve(theirs, Server::new([]), FINE, true));
    let mut connection = open(ours).await;
    for n in 1..=3 {
        assert!(connection.is_alive());
        let report = connection.send(&to(1), [0], b"hello").await;
        assert!(report.is_reusable);
        assert_eq!(connection.messages(), n);
    }
    server.abort();
    assert!(server.await.is_err());
    assert!(!connection.is_alive(), "the other end is closed");
    assert!(connection.send(&to(1), [0], b"hello").await.was_stale);
}

#[tokio::test(start_paused = true)]
async fn a_word_unasked_means_dead() {
    let (ours, mut theirs) = duplex(1000);
    theirs.write_all(b"220 hi\r\n250 mx\r\n").await.unwrap();
    let mut connection = open(ours).await;
    assert!(connection.is_alive());
    theirs.write_all(b"421 4.4.2 idle too long\r\n").await.unwrap();
    assert!(!connection.is_alive());
}

#[tokio::test(start_paused = true)]
async fn opening_fails_with_stage_and_event_and_within_its_limits() {
    let endpoint = Endpoint::new("mx", 25).tls(Tls::Off);
    let failed = |stage, event| NotOpened::Failed { stage, event };
    // Says nothing: the greeting may take five minutes.
    let (ours, _theirs) = duplex(1000);
    let begun = retry_core::Clock::now(&TokioSleeper);
    let error = endpoint.open_over(ours, TokioSleeper).await.unwrap_err();
    assert_eq!(error, failed(Stage::Greeting, Event::Timeout));
    assert_eq!(retry_core::Clock::now(&TokioSleeper).since(begun), Timeouts::default().greeting);
    // Closes.
    let (ours, theirs) = duplex(1000);
    drop(theirs);
    let error = endpoint.open_over(ours, TokioSleeper).await.unwrap_err();
    assert_eq!(error, failed(Stage::Greeting, Event::ConnectionClosed));
    // Is no mail server.
    let (ours, mut theirs) = duplex(1000);
    theirs.write_all(b"SSH-2.0-OpenSSH_9.2\r\n").await.unwrap();
    let error = endpoint.open_over(ours, TokioSleeper).await.unwrap_err();
    assert_eq!(error, failed(Stage::Greeting, Event::ConnectionClosed));
    // Slips a command's answer in before TLS.
    let (ours, mut theirs) = duplex(1000);
    theirs.write_all(b"220 hi\r\n250-mx\r\n250 STARTTLS\r\n220 go\r\n250 evil\r\n").await.unwrap();
    let error = endpoint.clone().tls(Tls::Required).open_over(ours, TokioSleeper).await.unwrap_err();
    assert_eq!(error, retry_email::Refusal::Injected.into());
    // Does not speak TLS.
    let (ours, mut theirs) = duplex(1000);
    theirs.write_all(b"220 hi\r\n").await.unwrap();
    let error = endpoint.tls(Tls::Implicit).open_over(ours, TokioSleeper).await.unwrap_err();
    assert_eq!(error, failed(Stage::Tls, Event::BadCertificate));
}
