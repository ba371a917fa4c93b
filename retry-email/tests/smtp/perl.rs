//! The options of Perl's Net::SMTP::Retryable: waits, counts, and the scripts on which the module fails.

use std::time::Duration;

use retry_core::Policy;
use retry_email::{PerlOptions, Sender, State};

use crate::sender::{Host, once, refusing, states};
use crate::server::{
    MESSAGE,
    Reaction::{Accept, Close, Say},
    to,
};

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn rounds_of_connecting_and_attempts_double_their_waits_each_from_its_beginning() {
    let options = PerlOptions { connectretries: 2, sendretries: 2, retryfactor: SECOND };
    let sent = Sender::like_perl(options).host(refusing()).send(&to(1), MESSAGE).await;
    let tried = sent.recipients[0].attempts.iter().map(|tried| (tried.attempt, tried.at.as_secs()));
    // Rounds after 1 and 2 s; the second attempt after 1 s, the third after 2 s.
    let expected = [(1, 0), (1, 1), (1, 3), (2, 4), (2, 5), (2, 7), (3, 9), (3, 10), (3, 12)];
    assert_eq!(tried.collect::<Vec<_>>(), expected);
    assert_eq!(states(&sent), [State::Deferred]);
}

#[tokio::test]
async fn retries_that_were_asked_for_are_granted_and_for_ever_is_ten_thousand() {
    for (connectretries, sendretries, percent) in [(2, 5, 1_800), (0, 0, 300), (0, u32::MAX, 1_000_000)] {
        let options = PerlOptions { connectretries, sendretries, retryfactor: SECOND };
        let sender = Sender::like_perl(options).host(refusing());
        // (5 + 1) * (2 + 1) retries; 3 at the least
        assert_eq!(sender.host_states()[0].balance, Some(percent));
    }
}

#[tokio::test]
async fn unless_set_nothing_is_retried() {
    let sent = Sender::like_perl(PerlOptions::default()).host(refusing()).send(&to(1), MESSAGE).await;
    assert_eq!((states(&sent), sent.recipients[0].attempts.len()), (vec![State::Deferred], 1));
}

#[tokio::test]
async fn a_host_that_was_reached_and_deferred_ends_the_rounds_of_connecting() {
    let later = Host::saying([vec![Accept, Say(450, "4.2.0 later")]]).await;
    let at_once = Policy::constant(Duration::ZERO).attempts(2);
    let sender = Sender::new(at_once.clone()).connect_policy(at_once).host(refusing()).host(later.at(1));
    let sent = sender.send(&to(1), MESSAGE).await;
    sender.close().await;
    let attempts: Vec<u32> = sent.recipients[0].attempts.iter().map(|tried| tried.attempt).collect();
    // Refused, deferred; the first host rests in the second attempt.
    assert_eq!((states(&sent), attempts), (vec![State::Delivered], vec![1, 1, 2]));
    assert_eq!(later.end().await, (once([0]), 1));
}

/// Measured on version 0.0.2: recipients lost, mail lost, or no end.
#[tokio::test]
async fn on_the_scripts_that_the_module_fails_everybody_has_the_mail_once() {
    let options = PerlOptions { connectretries: 2, sendretries: 5, retryfactor: Duration::ZERO };
    for (script, ends) in [
        (vec![], [State::Delivered; 2]),
        (vec![Accept, Accept, Say(450, "4.7.1 later")], [State::Delivered; 2]),
        (vec![Accept, Accept, Say(550, "5.1.1 no such user")], [State::Delivered, State::Failed]),
        (vec![Accept, Accept, Close], [State::Delivered; 2]),
        (vec![Accept, Accept, Accept, Close], [State::Delivered; 2]),
    ] {
        let (first, second) = (Host::saying([script.clone()]).await, Host::saying([]).await);
        let sender = Sender::like_perl(options).host(refusing()).host(first.at(1)).host(second.at(2));
        let sent = sender.send(&to(2), MESSAGE).await;
        sender.close().await;
        assert_eq!(states(&sent), ends, "{script:?}");
        let (mut taken, _) = first.end().await;
        for (address, times) in second.end().await.0 {
            *taken.entry(address).or_insert(0) += times;
        }
        let delivered = ends.iter().filter(|&&end| end == State::Delivered).count();
        assert_eq!(taken, once(0..delivered), "{script:?}");
    }
}
