//! What peers are proved to do wrong, and what becomes of the same with us.
//!
//! The peers wait by tokio's time, which is paused and jumps to the next timer; so no client here has an idle timeout.

use std::time::Duration;

use reqwest_retry::RetryTransientMiddleware;
use reqwest_retry::policies::ExponentialBackoff;
use retry_core::{BudgetRule, Clock, Policy, RetryPolicy, StopReason, SuccessBudget, Time, TokioSleeper};
use retry_http::reqwest::reqwest::retry::{Builder, for_host};
use retry_http::reqwest::reqwest::{Body, Client, ClientBuilder, StatusCode};
use retry_http::reqwest::reqwest_middleware::{ClientBuilder as ChainBuilder, ClientWithMiddleware};
use retry_http::reqwest::{RetryClient, SendWith};
use retry_http::{Ended, HttpRetry, Retried};
use testkit::StagedClock;
use testkit::http::{Answer, HttpServer, Script};

fn client() -> ClientBuilder {
    Client::builder().no_proxy().pool_idle_timeout(None)
}

/// `reqwest-retry` as its documentation shows it, but for shorter waits.
fn reqwest_retry() -> ClientWithMiddleware {
    let bounds = (Duration::from_millis(1), Duration::from_millis(2));
    let policy = ExponentialBackoff::builder().retry_bounds(bounds.0, bounds.1).build_with_max_retries(3);
    ChainBuilder::new(client().build().unwrap()).with(RetryTransientMiddleware::new_with_policy(policy)).build()
}

/// reqwest's own retries of 503, two a request.
fn reqwest_own(rule: Builder) -> Client {
    let rule = rule.classify_fn(|seen| {
        if seen.status() == Some(StatusCode::SERVICE_UNAVAILABLE) { seen.retryable() } else { seen.success() }
    });
    client().retry(rule).build().unwrap()
}

fn ours(clock: &StagedClock) -> HttpRetry<Policy, StagedClock, StagedClock> {
    let policy = Policy::constant(Duration::from_secs(1)).attempts(4);
    HttpRetry::with_sleeper(policy, clock.clone()).observe(clock.clone())
}

fn waited(clock: &impl Clock) -> Duration {
    clock.now().since(Time::default())
}

/// 503 for ever, each after the work, with this Retry-After.
fn busy(retry_after: &str) -> HttpServer {
    HttpServer::start(Script::new().finally(Answer::status(503).header("retry-after", retry_after).after_work()))
        .unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_post_is_not_repeated_on_a_503_without_leave() {
    let (server, start) = (busy("2"), TokioSleeper.now());
    reqwest_retry().post(server.url("/")).body("order").send().await.unwrap();
    // The work is done four times; and Retry-After, 2 s, is not heeded.
    assert_eq!(server.processed(""), 4);
    assert!(TokioSleeper.now().since(start) < Duration::from_secs(2));

    let (server, clock) = (busy("2"), StagedClock::new());
    let answer = client().build().unwrap().post(server.url("/")).body("order").send_with(&ours(&clock)).await.unwrap();
    assert_eq!((answer.status().as_u16(), server.processed("")), (503, 1));
    let retried = answer.extensions().get::<Retried>().unwrap();
    assert_eq!(retried.ended, Some(Ended::Policy(StopReason::UnknownOutcome)));
}

#[tokio::test(start_paused = true)]
async fn requests_out_of_scope_are_not_repeated() {
    // The scope is another host; the request is repeated once all the same.
    let server = busy("0");
    reqwest_own(for_host("other.example")).get(server.url("/")).send().await.unwrap();
    assert_eq!(server.requests().len(), 2);

    // Ours is switched on request by request.
    let (server, clock, client) = (busy("0"), StagedClock::new(), client().build().unwrap());
    client.get(server.url("/")).send().await.unwrap();
    assert_eq!(server.requests().len(), 1);
    client.get(server.url("/")).send_with(&ours(&clock)).await.unwrap();
    assert_eq!(server.requests().len(), 1 + 4);
}

#[tokio::test(start_paused = true)]
async fn hints_are_heeded_and_there_are_no_bursts() {
    let (server, start) = (busy("2"), TokioSleeper.now());
    reqwest_own(for_host("127.0.0.1").max_retries_per_request(5)).get(server.url("/")).send().await.unwrap();
    // Six requests at once.
    assert_eq!((server.requests().len(), TokioSleeper.now().since(start)), (6, Duration::ZERO));

    let (server, clock) = (busy("2"), StagedClock::new());
    client().build().unwrap().get(server.url("/")).send_with(&ours(&clock)).await.unwrap();
    // Three waits, each of 2 s where the schedule has 1 s.
    assert_eq!((server.requests().len(), waited(&clock)), (4, Duration::from_secs(6)));

    let (server, clock) = (HttpServer::start(Script::new().finally(Answer::status(503))).unwrap(), StagedClock::new());
    client().build().unwrap().get(server.url("/")).send_with(&ours(&clock)).await.unwrap();
    assert_eq!((server.requests().len(), waited(&clock)), (4, Duration::from_secs(3)));
}

#[tokio::test]
async fn a_hint_of_a_year_ends_the_run_and_holds_nobody() {
    let (server, clock) = (busy("31536000"), StagedClock::new());
    let answer = client().build().unwrap().get(server.url("/")).send_with(&ours(&clock)).await.unwrap();
    let retried = answer.extensions().get::<Retried>().unwrap();
    assert_eq!((retried.attempts, retried.ended), (1, Some(Ended::Policy(StopReason::HintTooFar))));
    assert_eq!(waited(&clock), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_budget_of_sixty_percent_is_one() {
    // A hundred failures, a hundred successes, and two hundred failures.
    const CALLS: usize = 400;
    let paths = || ["/bad", "/good", "/bad", "/bad"].into_iter().flat_map(|path| std::iter::repeat_n(path, CALLS / 4));
    let mixed = || {
        let script = Script::answering(|request| match &*request.target {
            "/good" => Answer::status(200),
            _ => Answer::status(503),
        });
        HttpServer::start(script).unwrap()
    };

    // 100 retries in reserve (10 a second for 10 s), and 0.6 for each of 100 successes: 160. It grants a whole one for each.
    let server = mixed();
    let client = reqwest_own(for_host("127.0.0.1").max_extra_load(0.6).max_retries_per_request(1));
    for path in paths() {
        client.get(server.url(path)).send().await.unwrap();
    }
    assert_eq!(server.requests().len() - CALLS, 200);

    let (server, clock) = (mixed(), StagedClock::new());
    let budget = SuccessBudget::new(BudgetRule::DEFAULT.ratio_percent(60).floor(100));
    let policy = Policy::constant(Duration::ZERO).attempts(2).budgeted(&budget);
    let retry = HttpRetry::with_sleeper(policy, clock).without_guards();
    let client = self::client().build().unwrap();
    for path in paths() {
        client.get(server.url(path)).send_with(&retry).await.unwrap();
    }
    assert_eq!(server.requests().len() - CALLS, 160);
}

#[tokio::test(start_paused = true)]
async fn a_stream_is_sent_as_long_as_it_need_not_be_repeated() {
    // The body of an answer is a stream.
    let stream = async || Body::from(client().build().unwrap().get(busy("0").url("/")).send().await.unwrap());
    let server = HttpServer::start(Script::new()).unwrap();
    let refused = reqwest_retry().put(server.url("/")).body(stream().await).send().await;
    assert!(refused.is_err() && server.requests().is_empty());

    let (server, clock) = (HttpServer::start(Script::new()).unwrap(), StagedClock::new());
    let sent = client().build().unwrap().put(server.url("/")).body(stream().await).send_with(&ours(&clock)).await;
    assert_eq!((sent.unwrap().status().as_u16(), server.requests().len()), (200, 1));
}

#[tokio::test(start_paused = true)]
async fn a_body_that_breaks_off_is_asked_for_again() {
    // Its head has some 40 bytes.
    let broken = || HttpServer::start(Script::of([Answer::status(200).body("0123456789").cut_after(45)])).unwrap();
    let server = broken();
    let answer = reqwest_retry().get(server.url("/")).send().await.unwrap();
    assert!(answer.bytes().await.is_err() && server.requests().len() == 1);

    let (server, clock) = (broken(), StagedClock::new());
    let client = RetryClient::new(client().build().unwrap(), ours(&clock));
    let request = client.client().get(server.url("/")).build().unwrap();
    assert_eq!((client.execute_reading(request).await.unwrap().status().as_u16(), server.requests().len()), (200, 2));
}
