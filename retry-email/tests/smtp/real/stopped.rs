//! A Postfix that is stopped, or killed, while mail is under way: what is told of each mail is true.

use std::cell::Cell;
use std::process::{Command, Stdio};
use std::time::Duration;

use futures::future::join_all;
use retry_core::{Policy, Sleeper, TokioSleeper};
use retry_email::{Action, Sent, State, WhenInDoubt};
use testkit::real::RealServers;

use super::support::{Mail, PATIENT, TWICE, endpoint, host, mail, sender, servers, to};

const MAILS: usize = 45;

fn postfix(servers: &RealServers, what: &str) {
    let mut command = Command::new("postfix");
    command.arg("-c").arg(servers.folder().join("mortal/etc")).arg(what);
    // It says much, and a server that it starts must not hold on to the runner's output.
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    assert!(command.status().unwrap().success(), "postfix {what}");
}

fn runs(servers: &RealServers) -> bool {
    let mut command = Command::new("postfix");
    command.arg("-c").arg(servers.folder().join("mortal/etc")).arg("status").stderr(Stdio::null());
    command.status().unwrap().success()
}

/// Sends many mails, and does `what` with the server when a third of them are done.
async fn batch(servers: &RealServers, what: &'static str, doubt: WhenInDoubt, spare: bool) -> Vec<(Mail, Sent)> {
    let policy: Policy = if spare { PATIENT } else { TWICE };
    let mut sender = sender(policy).in_doubt(doubt).host(endpoint(servers, "mortal"));
    if spare {
        sender = sender.host(host(servers, "plain", 1));
    }
    let mails: Vec<Mail> = (0..MAILS).map(|_| mail()).collect();
    let (envelope, done, stopping) = (to(["ok"]), Cell::new(0), Cell::new(None));
    let ends = join_all(mails.iter().map(|mail| async {
        let sent = sender.send(&envelope, &mail.bytes).await;
        done.set(done.get() + 1);
        if done.get() == MAILS / 3 {
            let servers = servers.clone();
            // Nobody waits for it: the others go on meanwhile.
            stopping.set(Some(tokio::task::spawn_blocking(move || postfix(&servers, what))));
        }
        sent
    }))
    .await;
    stopping.into_inner().unwrap().await.unwrap();
    sender.close().await;
    mails.into_iter().zip(ends).collect()
}

fn check(servers: &RealServers, ends: &[(Mail, Sent)], doubt: WhenInDoubt) {
    let mailboxes = servers.mailboxes().unwrap();
    for (mail, sent) in ends {
        let delivered = mailboxes.iter().filter(|taken| taken.id.as_ref() == Some(&mail.id)).count();
        let copies = servers.held(&mail.id).unwrap() + delivered;
        let recipient = &sent.recipients[0];
        let doubts = recipient.attempts.iter().filter(|tried| tried.action == Action::UnknownOutcome).count();
        match recipient.state {
            State::Delivered if doubt == WhenInDoubt::Hold => assert_eq!((copies, doubts), (1, 0), "{sent:?}"),
            // One for each time that it was told to be in doubt, at most.
            State::Delivered => assert!((1..=1 + doubts).contains(&copies), "{copies} copies: {sent:?}"),
            State::Unknown => assert!(doubts > 0 && copies <= doubts, "{copies} copies: {sent:?}"),
            State::Deferred => assert_eq!(copies, 0, "{sent:?}"),
            _ => panic!("a server that stops refuses nobody for good: {sent:?}"),
        }
    }
}

/// One test, for there is one such server: it is stopped, and started again, several times.
#[tokio::test]
async fn of_mails_under_way_none_is_lost_or_doubled_without_a_word() {
    let Some(servers) = servers() else { return };
    for (what, doubt, spare) in
        [("abort", WhenInDoubt::Hold, false), ("abort", WhenInDoubt::Resend, true), ("stop", WhenInDoubt::Hold, true)]
    {
        let ends = batch(&servers, what, doubt, spare).await;
        // The last word of a process may come after the command that stopped it.
        for _ in 0..1000 {
            if !runs(&servers) {
                break;
            }
            TokioSleeper.sleep(Duration::from_millis(20)).await;
        }
        check(&servers, &ends, doubt);
        let count = |state| ends.iter().filter(|(_, sent)| sent.recipients[0].state == state).count();
        println!(
            "{what}, {doubt:?}: {} delivered, {} deferred, {} unknown",
            count(State::Delivered),
            count(State::Deferred),
            count(State::Unknown)
        );
        postfix(&servers, "start");
    }
}
