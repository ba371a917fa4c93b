//! What a sender keeps of each host: budget, breaker, window, pacer.

use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use retry_core::{
    BreakerRule, BreakerState, BudgetRule, Clock, DestinationRule, Destinations, Policy, StopReason, Time,
};
use retry_email::{ConcurrencyWindow, HostRule, Reason, Sender, Sent, State};

use crate::manual::{GREYLISTED, HOUR, Manual, SECOND, SLOW_DOWN, at, closing, end, every, patient, sender, tries};
use crate::sender::{Host, once, refusing, states};
use crate::server::{
    MESSAGE,
    Reaction::{Accept, Close, Say},
    to,
};

#[tokio::test]
async fn a_message_may_use_all_its_attempts_and_the_next_one_pays_from_what_is_left() {
    let (clock, host) = (Manual::default(), closing(100).await);
    let sender = sender(&clock, every(Duration::ZERO, 8), HostRule::default()).host(at(&host, 0));
    assert_eq!(sender.host_states()[0].balance, Some(800), "8 attempts are asked for");
    let sent = sender.send(&to(1), MESSAGE).await;
    assert_eq!(end(&sent), (State::Deferred, Some(StopReason::Attempts), 8));
    // 8 - 7 retries
    assert_eq!(sender.host_states()[0].balance, Some(100));
    let sent = sender.send(&to(1), MESSAGE).await;
    assert_eq!(end(&sent), (State::Deferred, Some(StopReason::Budget), 2));
    // A minute later, to within a part, one more has trickled in.
    clock.advance(62 * SECOND);
    assert_eq!(tries(&sender.send(&to(1), MESSAGE).await), 2);
}

#[tokio::test]
async fn where_the_wait_is_long_enough_for_the_budget_to_be_there_again_nobody_is_refused() {
    let (clock, host) = (Manual::default(), closing(100).await);
    let rule = HostRule::default().budget(BudgetRule::DEFAULT.floor(1));
    let sender = sender(&clock, every(61 * SECOND, 4), rule).host(at(&host, 0));
    for _ in 0..3 {
        assert_eq!(end(&sender.send(&to(1), MESSAGE).await), (State::Deferred, Some(StopReason::Attempts), 4));
    }
}

#[tokio::test]
async fn without_a_budget_each_message_has_its_attempts() {
    let (clock, host) = (Manual::default(), closing(100).await);
    let sender = sender(&clock, every(Duration::ZERO, 3), HostRule::default().without_budget()).host(at(&host, 0));
    for _ in 0..10 {
        assert_eq!(tries(&sender.send(&to(1), MESSAGE).await), 3);
    }
    assert_eq!(sender.host_states()[0].balance, None);
}

#[tokio::test]
async fn what_is_only_the_recipients_matter_costs_trips_and_slows_nothing() {
    let clock = Manual::default();
    // MAIL, RCPT, DATA for each message that nobody gets; one connection carries them all.
    let greylisted = |_| [Accept, GREYLISTED, Say(554, "5.5.1 nobody"), Accept, Accept, Accept, Accept, Accept];
    let host = Host::saying([(0..20).flat_map(greylisted).collect()]).await;
    let sender = sender(&clock, every(Duration::ZERO, 2), HostRule::default()).host(at(&host, 0));
    for _ in 0..20 {
        assert_eq!(end(&sender.send(&to(1), MESSAGE).await), (State::Delivered, None, 2));
    }
    let state = &sender.host_states()[0];
    assert_eq!((state.breaker, state.success_percent), (Some(BreakerState::Closed), 100));
    assert!(state.balance >= Some(300) && state.window >= 5, "{state:?}");
    sender.close().await;
    assert_eq!(host.end().await, ([("r0@example.net".to_owned(), 20)].into(), 1));
}

#[tokio::test]
async fn a_failover_is_paid_to_the_host_it_goes_to_and_a_refused_connect_by_nobody() {
    let (clock, up) = (Manual::default(), Host::saying([]).await);
    let sender =
        sender(&clock, every(Duration::ZERO, 4), HostRule::default()).host(patient(refusing())).host(at(&up, 1));
    assert!(sender.send(&to(1), MESSAGE).await.is_delivered());
    // 4 each; the second pays 1, and earns 1/2 by the success
    assert_eq!(sender.host_states().iter().map(|host| host.balance).collect::<Vec<_>>(), [Some(400), Some(350)]);
    // The first one rests: the second is the first choice, and that is free.
    assert!(sender.send(&to(1), MESSAGE).await.is_delivered());
    assert_eq!(sender.host_states()[1].balance, Some(400));
    sender.close().await;
    assert_eq!(up.end().await.0, [("r0@example.net".to_owned(), 2)].into());
}

#[tokio::test]
async fn attempts_that_are_refused_at_connect_leave_the_budget_as_it_is() {
    let clock = Manual::default();
    let rule = HostRule::default().without_breaker();
    // Also those that fail over, which are charged before they are refused.
    let sender = sender(&clock, every(Duration::ZERO, 4), rule).host(patient(refusing())).host(patient(refusing()));
    for _ in 0..5 {
        assert_eq!(end(&sender.send(&to(1), MESSAGE).await), (State::Deferred, Some(StopReason::Attempts), 8));
    }
    assert_eq!(sender.host_states().iter().map(|host| host.balance).collect::<Vec<_>>(), [Some(400), Some(400)]);
}

#[tokio::test]
async fn rounds_of_connecting_that_are_asked_for_by_number_are_counted_in() {
    let sender = sender(&Manual::default(), every(SECOND, 6), HostRule::default());
    let sender = sender.connect_policy(Policy::constant(SECOND).attempts(3)).host(refusing());
    assert_eq!(sender.host_states()[0].balance, Some(1800), "6 * 3");
}

#[tokio::test]
async fn a_host_that_fails_rests_and_is_probed_by_one_delivery() {
    let clock = Manual::default();
    let (first, second) = (Host::saying([vec![Close], vec![Close], vec![]]).await, Host::saying([]).await);
    let rule =
        HostRule::default().breaker(BreakerRule::consecutive(1).cool_down(Policy::exponential(60 * SECOND, HOUR)));
    let sender = sender(&clock, every(Duration::ZERO, 2), rule).host(at(&first, 0)).host(at(&second, 1));
    let breaker = |sender: &Sender<Policy, Manual>| sender.host_states()[0].breaker.unwrap();
    // Fails at the first; its retry goes to the second, and so do all others.
    let sent = sender.send(&to(1), MESSAGE).await;
    assert_eq!(end(&sent), (State::Delivered, None, 2));
    assert_ne!(sent.recipients[0].attempts[0].host, sent.recipients[0].attempts[1].host);
    assert_eq!(breaker(&sender), BreakerState::Open { until: Time::default().after(60 * SECOND) });
    assert_eq!(tries(&sender.send(&to(1), MESSAGE).await), 1);
    // One probes, and fails: it rests for twice as long.
    clock.advance(60 * SECOND);
    assert_eq!(breaker(&sender), BreakerState::HalfOpen);
    assert_eq!(tries(&sender.send(&to(1), MESSAGE).await), 2);
    assert_eq!(breaker(&sender), BreakerState::Open { until: Time::default().after(180 * SECOND) });
    // The next probe succeeds.
    clock.advance(120 * SECOND);
    assert_eq!(tries(&sender.send(&to(1), MESSAGE).await), 1);
    assert_eq!(breaker(&sender), BreakerState::Closed);
    sender.close().await;
    assert_eq!((first.end().await.0, second.end().await.0), (once([0]), [("r0@example.net".to_owned(), 3)].into()));
}

#[tokio::test]
async fn a_single_host_is_tried_though_it_rests_unless_told_otherwise() {
    let (clock, host) = (Manual::default(), closing(2).await);
    let to_it = sender(&clock, every(SECOND, 3), HostRule::default()).host(at(&host, 0));
    assert_eq!(end(&to_it.send(&to(1), MESSAGE).await), (State::Delivered, None, 3));

    let (clock, host) = (Manual::default(), closing(2).await);
    let strict = sender(&clock, every(SECOND, 3), HostRule::default().refuse_at_rest()).host(at(&host, 0));
    assert_eq!(end(&strict.send(&to(1), MESSAGE).await), (State::Deferred, Some(StopReason::Breaker), 1));
    assert_eq!(end(&strict.send(&to(1), MESSAGE).await), (State::Deferred, Some(StopReason::Breaker), 0));
    // 5 to 10 minutes are the longest rest.
    clock.advance(600 * SECOND);
    assert_eq!(tries(&strict.send(&to(1), MESSAGE).await), 1);

    let without = HostRule::default().without_breaker();
    let sender = sender(&clock, every(SECOND, 1), without).host(patient(refusing())).host(patient(refusing()));
    for _ in 0..3 {
        assert_eq!(tries(&sender.send(&to(1), MESSAGE).await), 2, "nobody rests");
    }
    assert_eq!(sender.host_states()[0].breaker, None);
}

#[tokio::test]
async fn a_host_that_throttles_is_paced_and_gets_less_at_once_but_does_not_rest() {
    let clock = Manual::default();
    let host = Host::saying([vec![Accept, SLOW_DOWN, Say(554, "5.5.1 nobody")]]).await;
    let rule = HostRule::default().paced_by_aimd();
    let paced = sender(&clock, every(10 * SECOND, 2), rule.clone()).host(at(&host, 0));
    assert_eq!(paced.host_states()[0].rate, None);
    assert!(paced.send(&to(1), MESSAGE).await.is_delivered());
    let state = &paced.host_states()[0];
    assert!(state.rate.unwrap() >= 0.5);
    // 5 - 1, and a quarter of a step up
    assert_eq!((state.breaker, state.window), (Some(BreakerState::Closed), 4));
    let begun = clock.now();
    for _ in 0..20 {
        assert!(paced.send(&to(1), MESSAGE).await.is_delivered());
    }
    // Nothing else takes time here: 20 places at a rate that grows from 0.5/s.
    assert!(clock.now().since(begun) > SECOND, "{:?}", clock.now().since(begun));

    let host = Host::saying([vec![Accept, SLOW_DOWN, Say(554, "5.5.1 nobody")]]).await;
    let hasty = sender(&clock, every(Duration::ZERO, 2), rule.max_wait(Duration::ZERO)).host(at(&host, 0));
    assert_eq!(end(&hasty.send(&to(1), MESSAGE).await), (State::Deferred, Some(StopReason::Pacing), 1));
}

#[tokio::test]
async fn no_more_are_under_way_than_the_window_allows() {
    let host = Host::saying([]).await;
    let rule = HostRule::default().concurrency(ConcurrencyWindow::new(2, 2));
    let sender = Sender::new(every(Duration::ZERO, 1)).host_rule(rule).host(host.at(0));
    let (envelope, none) = (to(1), sender.host_states()[0].under_way);
    let all = join_all((0..20).map(|_| sender.send(&envelope, MESSAGE))).await;
    assert!(all.iter().all(Sent::is_delivered));
    assert_eq!((none, sender.host_states()[0].under_way), (0, 0));
    sender.close().await;
    let (taken, connections) = host.end().await;
    assert_eq!((taken["r0@example.net"], connections), (20, 2));
}

#[tokio::test]
async fn the_window_shrinks_as_a_host_fails_and_is_as_at_the_beginning_when_it_is_up_again() {
    let (clock, host) = (Manual::default(), closing(3).await);
    let sender = sender(&clock, every(HOUR - SECOND, 10), HostRule::default()).host(at(&host, 0));
    let window = |sender: &Sender<Policy, Manual>| sender.host_states()[0].window;
    assert_eq!(window(&sender), 5);
    // 5 - 1, and the next three are spared; then it is up, and probes say so.
    let sent = sender.send(&to(1), MESSAGE).await;
    assert_eq!(end(&sent), (State::Delivered, None, 4));
    assert_eq!(window(&sender), 5);
    let down = Sender::new(every(Duration::ZERO, 5)).host(refusing());
    down.send(&to(1), MESSAGE).await;
    assert_eq!(window_of(&down), 3, "5 failures: 4, three spared, 3");
    let fixed =
        Sender::new(every(Duration::ZERO, 5)).host_rule(HostRule::default().without_feedback()).host(refusing());
    fixed.send(&to(1), MESSAGE).await;
    assert_eq!(window_of(&fixed), 10, "the pool's connections");
}

fn window_of(sender: &Sender) -> u32 {
    sender.host_states()[0].window
}

#[tokio::test]
async fn senders_that_share_their_destinations_share_a_budget() {
    let (clock, host) = (Manual::default(), closing(100).await);
    let shared = Arc::new(Destinations::new(DestinationRule::DEFAULT));
    let [first, second] = [(); 2].map(|()| {
        sender(&clock, every(Duration::ZERO, 9), HostRule::default()).sharing(shared.clone()).host(at(&host, 0))
    });
    assert_eq!(end(&first.send(&to(1), MESSAGE).await), (State::Deferred, Some(StopReason::Budget), 4));
    assert_eq!(end(&second.send(&to(1), MESSAGE).await), (State::Deferred, Some(StopReason::Budget), 1));
}

#[tokio::test]
async fn what_is_the_accounts_matter_says_nothing_of_the_host() {
    let denied = Say(554, "5.7.1 Relay access denied");
    let host =
        Host::saying([(0..5).flat_map(|_| [Accept, denied.clone(), Say(554, "nobody"), Accept]).collect()]).await;
    let sender = sender(&Manual::default(), every(SECOND, 1), HostRule::default()).host(at(&host, 0));
    for _ in 0..5 {
        let sent = sender.send(&to(1), MESSAGE).await;
        assert_eq!((states(&sent), sent.recipients[0].attempts[0].reason), (vec![State::Failed], Reason::RelayDenied));
    }
    let state = &sender.host_states()[0];
    assert_eq!((state.breaker, state.success_percent), (Some(BreakerState::Closed), 100));
    assert!(state.window >= 5);
}
