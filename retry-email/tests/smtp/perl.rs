//! The options of Perl's Net::SMTP::Retryable: waits, counts, and the scripts on which the module fails.

use std::time::Duration;

use retry_core::Policy;
use retry_email::{PerlOptions, Sender, State};

use crate::sender::{Host, once, refusing, states};
use crate::server::{
    MESSAGE,
    Reaction::{self, Accept, Close, Say},
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

/// Sends to two recipients by the module's options, through a host that is down, one that answers by `script` on its first
/// connection, and one that is well. Whoever is to be delivered to must have the mail once, from whichever host.
async fn everybody_ends_as_he_should(script: Vec<Reaction>, ends: [State; 2]) {
    let options = PerlOptions { connectretries: 2, sendretries: 5, retryfactor: Duration::ZERO };
    let (first, second) = (Host::saying([script]).await, Host::saying([]).await);
    let sender = Sender::like_perl(options).host(refusing()).host(first.at(1)).host(second.at(2));
    let sent = sender.send(&to(2), MESSAGE).await;
    sender.close().await;
    assert_eq!(states(&sent), ends);
    let (mut taken, _) = first.end().await;
    for (address, times) in second.end().await.0 {
        *taken.entry(address).or_insert(0) += times;
    }
    let delivered = ends.iter().enumerate().filter(|(_, end)| **end == State::Delivered).map(|(n, _)| n);
    assert_eq!(taken, once(delivered));
}

// The five scripts, each with what version 0.0.2 of the module does with it (measured with its own options):
//
// | script                  | the module                                                                  |
// |-------------------------|-----------------------------------------------------------------------------|
// | all is well             | one mail; it says EHLO with another name than it was told                   |
// | 450 for the second RCPT | replays that one alone: the first recipient is lost, and `data` returns 1   |
// | 550 for the second RCPT | does not end: 48 connections in 12 s with two retries                       |
// | a drop at RCPT          | as with the 450: the first recipient is lost                                |
// | a drop at DATA          | four connections, no mail, returns undef                                    |

#[tokio::test]
async fn script_1_where_all_is_well_both_have_it_once() {
    everybody_ends_as_he_should(vec![], [State::Delivered; 2]).await;
}

#[tokio::test]
async fn script_2_a_450_for_the_second_recipient_loses_not_the_first() {
    everybody_ends_as_he_should(vec![Accept, Accept, Say(450, "4.7.1 later")], [State::Delivered; 2]).await;
}

#[tokio::test]
async fn script_3_a_constant_550_ends_for_that_recipient_alone() {
    let script = vec![Accept, Accept, Say(550, "5.1.1 no such user")];
    everybody_ends_as_he_should(script, [State::Delivered, State::Failed]).await;
}

#[tokio::test]
async fn script_4_a_drop_at_rcpt_replays_both() {
    everybody_ends_as_he_should(vec![Accept, Accept, Close], [State::Delivered; 2]).await;
}

#[tokio::test]
async fn script_5_a_drop_at_data_replays_both() {
    everybody_ends_as_he_should(vec![Accept, Accept, Accept, Close], [State::Delivered; 2]).await;
}
