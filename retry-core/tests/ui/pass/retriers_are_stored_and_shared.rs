//! Retriers as statics, in fields, with every part's type written down; calls in fields.

use std::future::{Ready, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use retry_core::{
    AnyError, Attempt, Backoff, BackoffPolicy, Call, Exponential, History, Limits, NoArg, Plain, Policy, Retry,
    RetryPolicy, TokioSleeper, With, WithAttempt,
};

static POLICY: Policy = Policy::constant(Duration::from_millis(1)).attempts(3);
static RETRY: Retry<&Policy, TokioSleeper> = Retry::new(&POLICY);

type Op = fn() -> Ready<Result<u8, &'static str>>;
type OpWith = fn(Attempt) -> Ready<Result<u32, &'static str>>;

struct Service {
    retry: Retry<Arc<dyn RetryPolicy + Send + Sync>, TokioSleeper, AnyError, (), With<Limits, (), History<4>, ()>>,
}

struct Page<'a>(Call<'a, &'static Policy, TokioSleeper, AnyError, (), Plain, NoArg<Op>>);

struct Held<'a> {
    call: Pin<Box<Call<'a, BackoffPolicy<Exponential>, TokioSleeper, AnyError, (), Plain, WithAttempt<OpWith>>>>,
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let page = Page(RETRY.call((|| ready(Ok(1))) as Op));
    assert_eq!(page.0.await.unwrap(), 1);

    let task = tokio::spawn(RETRY.call(|| ready(Ok::<_, &str>(2))));
    assert_eq!(task.await.unwrap().unwrap(), 2);

    let exponential = Retry::new(Exponential::new(Duration::from_millis(1)).up_to(3));
    let op: OpWith = |attempt| ready(if attempt.number < 3 { Err("no") } else { Ok(attempt.number) });
    let held = Held { call: Box::pin(exponential.call_with(op)) };
    assert_eq!(held.call.await.unwrap(), 3);

    let policy: Arc<dyn RetryPolicy + Send + Sync> = Arc::new(POLICY.clone());
    let service = Service { retry: Retry::new(policy).timeout(Duration::from_secs(5)).history::<4>() };
    let service = Arc::new(service);
    let task = tokio::spawn(async move { service.retry.call(async || Err::<(), _>("no")).await });
    assert_eq!(task.await.unwrap().unwrap_err().history.iter().count(), 3);
}
