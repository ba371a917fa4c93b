//! Budget, pacer and breaker of each host.

use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use retry_core::{
    BreakerRule, BreakerState, BudgetRule, Clock, DestinationRule, Never, Policy, RetryBudget, RetryPolicy, StopReason,
    TokioSleeper,
};
use retry_http::http::Request;
use retry_http::tower::IoFault;
use retry_http::tower::tower_layer::Layer;
use retry_http::{Ended, Guards, HttpRetry};

use crate::tower::{Act, Answer, Answered, Fail, Hang, SECOND, Scripted, retried, send};

const HOST: &str = "http://127.0.0.1";

fn policy(attempts: u32) -> Policy {
    Policy::constant(SECOND).attempts(attempts)
}

fn request(method: &str, uri: &str) -> Request<String> {
    Request::builder().method(method).uri(uri).body(String::new()).unwrap()
}

/// Sends a GET that meets `script`; how many attempts were made, why it ended if it did without success, and after how long.
async fn get<P>(
    retry: &HttpRetry<P>,
    uri: &str,
    script: impl IntoIterator<Item = Act>,
) -> (u32, Option<Ended>, Duration)
where
    P: RetryPolicy + Clone + Send + Sync + 'static,
{
    let layer = retry.clone().into_layer().faults_by(IoFault);
    let (answer, took) = send(layer.layer(Scripted::new(script)), request("GET", uri)).await;
    let (attempts, ended) = end(&answer);
    (attempts, ended, took)
}

fn end(answer: &Answered) -> (u32, Option<Ended>) {
    match answer {
        Ok(answer) if answer.extensions().is_empty() => (1, None),
        Ok(_) => (retried(answer).attempts, retried(answer).ended),
        Err(error) => (error.attempts, Some(error.ended)),
    }
}

fn down() -> Vec<Act> {
    vec![Answer(503); 99]
}

const fn ended(reason: StopReason) -> Option<Ended> {
    Some(Ended::Policy(reason))
}

fn balance<P>(retry: &HttpRetry<P>, host: &str) -> Option<u64> {
    retry.destination(host).unwrap().balance(TokioSleeper.now())
}

#[tokio::test(start_paused = true)]
async fn the_requests_to_one_host_share_a_budget_and_say_so_when_it_is_empty() {
    // 4 attempts raise the floor to 4 retries.
    let retry = HttpRetry::new(policy(4));
    let (attempts, why, _) = get(&retry, "http://127.0.0.1/a", down()).await;
    assert_eq!((attempts, why), (4, ended(StopReason::Attempts)));
    let (attempts, why, _) = get(&retry, "http://127.0.0.1:80/b?c", down()).await;
    assert_eq!((attempts, why), (2, ended(StopReason::Budget)));
    let (attempts, why, took) = get(&retry, "HTTP://127.0.0.1/", down()).await;
    assert_eq!((attempts, why, took), (1, ended(StopReason::Budget), Duration::ZERO));
    // Others have their own: another port, another scheme.
    for other in ["http://127.0.0.1:81/", "https://127.0.0.1/"] {
        assert_eq!(get(&retry, other, down()).await.0, 4);
    }
    assert_eq!(retry.guards().unwrap().len(), 3);

    let lost = vec![Fail(ErrorKind::ConnectionReset)];
    let layer = retry.into_layer().faults_by(IoFault);
    let (lost, _) = send(layer.layer(Scripted::new(lost)), request("GET", HOST)).await;
    assert_eq!(lost.unwrap_err().to_string(), "gave up after 1 attempt: the retry budget is empty");
}

#[tokio::test(start_paused = true)]
async fn a_single_request_may_use_all_attempts_that_the_policy_names() {
    let (attempts, why, _) = get(&HttpRetry::new(policy(9)), HOST, down()).await;
    assert_eq!((attempts, why), (9, ended(StopReason::Attempts)));
    // Without a number there are the floor's three retries.
    let (attempts, why, _) = get(&HttpRetry::new(Policy::constant(SECOND)), HOST, down()).await;
    assert_eq!((attempts, why), (4, ended(StopReason::Budget)));
    let guards = Guards::new(DestinationRule::DEFAULT.budget(BudgetRule::DEFAULT.floor(1)));
    let (attempts, why, _) = get(&HttpRetry::new(policy(9)).guarded_by(guards), HOST, down()).await;
    assert_eq!((attempts, why), (2, ended(StopReason::Budget)));
    let (attempts, why, _) = get(&HttpRetry::new(policy(9)).without_guards(), HOST, down()).await;
    assert_eq!((attempts, why), (9, ended(StopReason::Attempts)));
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_was_refused_at_connect_costs_nothing() {
    let retry = HttpRetry::new(policy(9));
    let refused = vec![Fail(ErrorKind::ConnectionRefused); 99];
    for _ in 0..5 {
        let (attempts, why, _) = get(&retry, HOST, refused.clone()).await;
        assert_eq!((attempts, why), (9, ended(StopReason::Attempts)));
    }
    assert_eq!(balance(&retry, HOST), Some(900));
}

#[tokio::test(start_paused = true)]
async fn successes_pay_for_retries_and_so_do_answers_that_blame_the_request() {
    for status in [200, 404] {
        let retry = HttpRetry::new(policy(4));
        assert_eq!(get(&retry, HOST, down()).await.0, 4);
        assert_eq!(get(&retry, HOST, down()).await.0, 2);
        // Half a retry each
        for _ in 0..4 {
            assert_eq!(get(&retry, HOST, [Answer(status)]).await.0, 1);
        }
        let (attempts, why, _) = get(&retry, HOST, down()).await;
        assert_eq!((attempts, why), (3, ended(StopReason::Budget)), "{status}");
    }
}

/// Successes are dated, so that a burst of failures after a long time without any finds what they have saved up.
#[tokio::test(start_paused = true)]
async fn what_many_successes_have_saved_up_is_there_when_many_fail_at_once() {
    let retry = HttpRetry::new(policy(2));
    assert_eq!(get(&retry, HOST, [Answer(503)]).await.0, 2);
    tokio::time::advance(Duration::from_secs(3600)).await;
    for _ in 0..100 {
        get(&retry, HOST, []).await;
    }
    // 100 * 0.5, less what rounding takes: 126 / 128 of it.
    let saved = balance(&retry, HOST).unwrap();
    assert!((4900..=5000).contains(&saved), "{saved}");
}

#[tokio::test(start_paused = true)]
async fn what_is_not_repeated_takes_nothing_from_the_budget() {
    let retry = HttpRetry::new(policy(4));
    let layer = retry.clone().into_layer().replay(|_: &String| None);
    let (post, _) = send(retry.clone().into_layer().layer(Scripted::new(down())), request("POST", HOST)).await;
    assert_eq!(end(&post), (1, ended(StopReason::UnknownOutcome)));
    let (once, _) = send(layer.layer(Scripted::new(down())), request("PUT", HOST)).await;
    assert_eq!(end(&once), (1, Some(Ended::BodyUsedUp)));
    assert_eq!(balance(&retry, HOST), Some(400));
    // Nor does a retry that nobody waits for any more.
    let waiting = get(&retry, HOST, down());
    assert!(polled_once(waiting).await.is_none());
    assert_eq!(balance(&retry, HOST), Some(400));
}

/// Polls once, and drops it.
async fn polled_once<F: Future>(future: F) -> Option<F::Output> {
    let mut future = std::pin::pin!(future);
    std::future::poll_fn(|cx| {
        std::task::Poll::Ready(match future.as_mut().poll(cx) {
            std::task::Poll::Ready(output) => Some(output),
            std::task::Poll::Pending => None,
        })
    })
    .await
}

#[tokio::test(start_paused = true)]
async fn a_pacer_paces_once_something_was_throttled_and_not_before() {
    let paced = Guards::new(DestinationRule::DEFAULT.paced_by_cubic());
    let retry = HttpRetry::new(Never).guarded_by(paced.clone());
    for act in [Answer(503), Answer(500), Fail(ErrorKind::ConnectionReset), Hang] {
        let (_, _, took) = get(&retry.clone().timeout(SECOND), HOST, [act.clone()]).await;
        assert!(took == Duration::ZERO || matches!(act, Hang), "{act:?}");
    }
    assert_eq!(get(&retry, HOST, []).await, (1, None, Duration::ZERO));
    let (_, why, _) = get(&retry, HOST, [Answer(429)]).await;
    assert_eq!(why, ended(StopReason::Attempts));
    // One in two seconds is the least rate: the next waits for its place, and other hosts do not.
    let (attempts, why, took) = get(&retry, HOST, []).await;
    assert_eq!((attempts, why), (1, None));
    assert!(took > Duration::ZERO && took <= 2 * SECOND, "{took:?}");
    assert_eq!(get(&retry, "http://127.0.0.1:81/", []).await.2, Duration::ZERO);
    // By default there is none.
    let unpaced = HttpRetry::new(Never);
    get(&unpaced, HOST, [Answer(429)]).await;
    assert_eq!(get(&unpaced, HOST, []).await.2, Duration::ZERO);

    get(&retry, HOST, [Answer(429)]).await;
    let impatient = HttpRetry::new(Never).guarded_by(paced.max_wait(Duration::from_millis(1)));
    assert_eq!(get(&impatient, HOST, []).await, (0, ended(StopReason::Pacing), Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn a_breaker_refuses_where_one_was_asked_for() {
    let rule = BreakerRule::consecutive(3).cool_down(Policy::constant(10 * SECOND));
    let guards = Guards::new(DestinationRule::DEFAULT.breaker(rule));
    let retry = HttpRetry::new(Never).guarded_by(guards);
    // A request's own fault is none of the host's.
    for status in [404, 404, 404, 404, 503, 503, 503] {
        assert_eq!(get(&retry, HOST, [Answer(status)]).await.0, 1);
    }
    let host = retry.destination(HOST).unwrap();
    assert!(matches!(host.breaker().unwrap().state(TokioSleeper.now()), BreakerState::Open { .. }));
    assert_eq!(get(&retry, HOST, []).await, (0, ended(StopReason::Breaker), Duration::ZERO));
    tokio::time::advance(10 * SECOND).await;
    assert_eq!(get(&retry, HOST, []).await, (1, None, Duration::ZERO));
    assert_eq!(host.breaker().unwrap().state(TokioSleeper.now()), BreakerState::Closed);

    let plain = HttpRetry::new(Never);
    for _ in 0..20 {
        assert_eq!(get(&plain, HOST, down()).await.0, 1);
    }
}

#[tokio::test(start_paused = true)]
async fn another_policy_meets_what_was_learnt() {
    let retry = HttpRetry::new(policy(4));
    assert_eq!(get(&retry, HOST, down()).await.0, 4);
    let other = retry.with_policy(Policy::constant(Duration::ZERO).attempts(9));
    let (attempts, why, _) = get(&other, HOST, down()).await;
    assert_eq!((attempts, why), (2, ended(StopReason::Budget)));
    // New guards know nothing.
    assert_eq!(get(&other.guarded_by(Guards::default()), HOST, down()).await.0, 4);
}

#[tokio::test(start_paused = true)]
async fn a_name_joins_hosts_and_parts_accounts() {
    let guards = Guards::default();
    let account = |name: &str| HttpRetry::new(policy(9)).guarded_by(guards.clone().named(name));
    let (one, two) = (account("one"), account("two"));
    assert_eq!(get(&one, "http://127.0.0.1/", down()).await.0, 4);
    assert_eq!(get(&one, "http://127.0.0.2/", down()).await.0, 1);
    assert_eq!(get(&two, "http://127.0.0.1/", down()).await.0, 4);
    assert_eq!(guards.len(), 2);
    assert!(Arc::ptr_eq(&one.destination("two").unwrap(), &two.destination("two").unwrap()));
}

#[test]
fn what_is_shown_of_guards_names_no_secret() {
    let retry = HttpRetry::new(Never);
    let request = request("GET", "http://user:hunter2@127.0.0.1/");
    let clock = retry_core::test_util::VirtualClock::new();
    let retry = HttpRetry::with_sleeper(Never, clock.clone()).guarded_by(retry.guards().unwrap().clone());
    let service = retry.clone().into_layer().layer(Scripted::new([]));
    assert!(clock.run(send(service, request)).0.is_ok());
    assert!(!format!("{retry:?}").contains("hunter2"));
    assert_eq!(retry.guards().unwrap().len(), 1);
    retry.destination(HOST).unwrap();
    assert_eq!(retry.guards().unwrap().len(), 1);
}
