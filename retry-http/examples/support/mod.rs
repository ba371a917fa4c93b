//! What the examples have in common: a fake of the provider, a client whose waits take no time, and a log on the screen.

use std::error::Error;
use std::time::{Duration, SystemTime};

use retry_core::{Clock, Failed, ObserveError, Observer, Policy, Scheduled, Started, StopReason, Time, What};
use retry_http::reqwest::{RetryClient, reqwest};
use retry_http::{Ended, FailedAttempt, HttpClassifier, HttpRetry, Provider, Retried};
use testkit::StagedClock;
use testkit::http::{Answer, HttpServer, Request, Script};

pub(crate) type Outcome = Result<(), Box<dyn Error>>;

/// What became of a request.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Told {
    pub(crate) status: u16,
    pub(crate) attempts: u32,
    /// Why it was not repeated, or not again; `None`: it is a success.
    pub(crate) ended: Option<StopReason>,
    /// All waits together.
    pub(crate) waited_s: u64,
    /// How often the server did what it was asked for.
    pub(crate) processed: usize,
}

/// Sends one request to a fake of `provider` that gives these answers and then takes everything, and tells what came of it.
pub(crate) async fn tell<const N: usize>(
    provider: &str,
    title: &str,
    answers: [Answer; N],
    request: impl FnOnce(&reqwest::Client, &str) -> reqwest::RequestBuilder,
) -> Result<Told, Box<dyn Error>> {
    println!("{provider}: {title}");
    let server = HttpServer::start(Script::of(answers).remembers_keys().identify(key))?;
    let clock = StagedClock::new();
    let policy = "exp 1s..1m, 4 attempts".parse::<Policy>()?;
    // In a program: `HttpRetry::new(policy)`, and the provider is known by its host.
    let retry = HttpRetry::with_sleeper(policy, clock.clone()).observe((clock.clone(), Screen));
    let retry = match Provider::named(provider) {
        Some(known) => retry.classify(HttpClassifier::new().provider(known)),
        None => retry,
    };
    let retry = retry.wall_clock(|| SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000));
    let client = RetryClient::new(reqwest::Client::builder().no_proxy().build()?, retry);

    // With the body, for it says what went wrong.
    let request = request(client.client(), &server.url("")).build()?;
    let answer = client.execute_reading(request).await?;
    let retried = answer.extensions().get::<Retried>();
    let told = Told {
        status: answer.status().as_u16(),
        attempts: retried.map_or(1, |retried| retried.attempts),
        ended: retried.and_then(|retried| match retried.ended {
            Some(Ended::Policy(reason)) => Some(reason),
            _ => None,
        }),
        waited_s: clock.now().since(Time::default()).as_secs(),
        processed: processed(&server),
    };
    println!("  the end: {}{}", told.status, told.ended.map_or_else(String::new, |reason| format!(", {reason}")));
    Ok(told)
}

/// The key of a request, in the header or where Brevo has it.
fn key(request: &Request) -> Option<String> {
    if let Some(key) = request.header("idempotency-key") {
        return Some(key.to_owned());
    }
    let body: serde_json::Value = serde_json::from_slice(&request.body).ok()?;
    Some(body.pointer("/headers/idempotencyKey")?.as_str()?.to_owned())
}

fn processed(server: &HttpServer) -> usize {
    let mut keys: Vec<_> = server.requests().iter().map(|request| key(request).unwrap_or_default()).collect();
    keys.sort();
    keys.dedup();
    keys.iter().map(|key| server.processed(key)).sum()
}

/// Prints what happens, attempt by attempt.
struct Screen;

impl Observer for Screen {
    fn started(&self, event: Started) {
        println!("  attempt {}", event.attempt);
    }

    fn scheduled(&self, event: Scheduled) {
        println!("    waits {:?}", event.delay);
    }
}

impl<E, R> ObserveError<FailedAttempt<E, R>> for Screen {
    fn failed(&self, event: Failed<'_, FailedAttempt<E, R>>) {
        match event.what {
            What::Error(failed) => println!("    {failed}"),
            _ => println!("    timed out"),
        }
    }
}
