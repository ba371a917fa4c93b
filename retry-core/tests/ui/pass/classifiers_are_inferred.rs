//! Closures for foreign errors: no annotation beyond the argument's, and none where the operation tells.

use std::error::Error;
use std::io;
use std::time::Duration;

use retry_core::{ErrorClassifier, Policy, Retry, TokioSleeper, Verdict, classify_fn, classify_source};

fn retry() -> Retry<Policy, TokioSleeper> {
    Retry::new(Policy::constant(Duration::from_millis(1)).attempts(3))
}

fn no() -> io::Error {
    io::Error::other("no")
}

#[tokio::main(flavor = "current_thread", start_paused = true)]
async fn main() {
    let named = retry().classify(classify_fn(|_: &io::Error| Verdict::PERMANENT));
    assert_eq!(named.call(|| async { Err::<(), _>(no()) }).await.unwrap_err().attempts, 1);

    let inferred = retry().classify(classify_fn(|_| Verdict::PERMANENT));
    assert_eq!(inferred.call(|| async { Err::<(), _>(no()) }).await.unwrap_err().attempts, 1);

    type Object = Box<dyn Error + Send + Sync>;
    let boxed = retry().classify(classify_fn(|_: &Object| Verdict::PERMANENT));
    assert_eq!(boxed.call(|| async { Err::<(), Object>("no".into()) }).await.unwrap_err().attempts, 1);

    let source = retry().classify(classify_source(|_: &io::Error| Verdict::PERMANENT).boxed());
    let end = source.call(|| async { Err::<(), Object>(Box::new(no())) }).await.unwrap_err();
    assert_eq!(end.attempts, 1);

    let chain = classify_fn(|_: &io::Error| Verdict::default()).or_else(classify_fn(|_| Verdict::PERMANENT));
    assert_eq!(retry().classify(chain).call(async || Err::<(), _>(no())).await.unwrap_err().attempts, 1);
}
