use std::collections::VecDeque;
use std::future::{Future, pending};
use std::io::{Error, ErrorKind};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use retry_core::{Clock, Failed, ObserveError, Observer, Policy, StopReason, TokioSleeper, What};
use retry_http::http::{HeaderMap, Request, Response};
use retry_http::tower::tower_layer::Layer;
use retry_http::tower::tower_service::Service;
use retry_http::tower::{IoFault, RetryLayer, RetryService};
use retry_http::{
    CategoryLimits, Ended, FailedAttempt, HttpClassifier, HttpRetry, IdempotencyKey, Retried, RetryError, Rules,
};

/// What the service does next; once the script is over, it answers 200.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    Answer(u16),
    AnswerAfter(u16, &'static str),
    Fail(ErrorKind),
    Hang,
}
pub(crate) use Act::{Answer, AnswerAfter, Fail, Hang};

/// A service that follows a script, and insists on being ready before each call.
#[derive(Default)]
pub(crate) struct Scripted {
    shared: Arc<Mutex<Shared>>,
    ready: bool,
}

#[derive(Default)]
struct Shared {
    script: VecDeque<Act>,
    seen: Vec<(HeaderMap, String)>,
}

impl Clone for Scripted {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), ready: false }
    }
}

impl Scripted {
    pub(crate) fn new(script: impl IntoIterator<Item = Act>) -> Self {
        let service = Self::default();
        service.shared.lock().unwrap().script.extend(script);
        service
    }

    pub(crate) fn seen(&self) -> Vec<(HeaderMap, String)> {
        self.shared.lock().unwrap().seen.clone()
    }
}

impl Service<Request<String>> for Scripted {
    type Response = Response<&'static str>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.ready = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<String>) -> Self::Future {
        assert!(std::mem::take(&mut self.ready), "called without being ready");
        let mut shared = self.shared.lock().unwrap();
        shared.seen.push((request.headers().clone(), request.into_body()));
        let act = shared.script.pop_front().unwrap_or(Answer(200));
        Box::pin(async move {
            let response = |status| Response::builder().status(status);
            match act {
                Answer(status) => Ok(response(status).body("body").unwrap()),
                AnswerAfter(status, after) => Ok(response(status).header("retry-after", after).body("body").unwrap()),
                Fail(kind) => Err(kind.into()),
                Hang => pending().await,
            }
        })
    }
}

pub(crate) const SECOND: Duration = Duration::from_secs(1);

fn policy() -> Policy {
    Policy::constant(SECOND).attempts(4)
}

fn request(method: &str) -> Request<String> {
    Request::builder().method(method).uri("http://127.0.0.1/").body("hello".into()).unwrap()
}

pub(crate) type Answered = Result<Response<&'static str>, RetryError<Error>>;

/// Sends one request, and says what came and how long it took.
pub(crate) async fn send<S>(mut service: S, request: Request<String>) -> (Answered, Duration)
where
    S: Service<Request<String>, Response = Response<&'static str>, Error = RetryError<Error>>,
{
    let start = TokioSleeper.now();
    std::future::poll_fn(|cx| service.poll_ready(cx)).await.unwrap();
    let answer = service.call(request).await;
    (answer, TokioSleeper.now().since(start))
}

pub(crate) fn retried(answer: &Answered) -> Retried {
    *answer.as_ref().unwrap().extensions().get().unwrap()
}

#[tokio::test(start_paused = true)]
async fn an_idempotent_request_is_repeated_until_it_succeeds() {
    let inner = Scripted::new([Answer(503), Fail(ErrorKind::ConnectionReset)]);
    let (answer, took) = send(RetryLayer::new(policy()).layer(inner.clone()), request("PUT")).await;
    assert_eq!((retried(&answer).attempts, retried(&answer).ended), (3, None));
    assert_eq!(*answer.unwrap().body(), "body");
    assert_eq!(took, 2 * SECOND);
    assert!(inner.seen().iter().all(|(_, body)| body == "hello") && inner.seen().len() == 3);
}

#[tokio::test(start_paused = true)]
async fn a_first_success_is_handed_on_as_it_is() {
    let (answer, took) = send(RetryLayer::new(policy()).layer(Scripted::new([])), request("POST")).await;
    assert!(answer.unwrap().extensions().get::<Retried>().is_none());
    assert_eq!(took, Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn the_last_answer_is_handed_on_with_the_reason() {
    let (answer, _) = send(RetryLayer::new(policy()).layer(Scripted::new(vec![Answer(502); 9])), request("GET")).await;
    assert_eq!(retried(&answer).ended, Some(Ended::Policy(StopReason::Attempts)));
    assert_eq!((retried(&answer).attempts, answer.unwrap().status().as_u16()), (4, 502));
    let (missing, _) = send(RetryLayer::new(policy()).layer(Scripted::new([Answer(404)])), request("GET")).await;
    assert_eq!(retried(&missing).ended, Some(Ended::Policy(StopReason::Permanent)));
}

#[tokio::test(start_paused = true)]
async fn a_post_that_may_have_happened_is_not_repeated() {
    for act in [Answer(503), Answer(504)] {
        let inner = Scripted::new([act]);
        let (answer, _) = send(RetryLayer::new(policy()).layer(inner.clone()), request("POST")).await;
        assert_eq!(retried(&answer).ended, Some(Ended::Policy(StopReason::UnknownOutcome)));
        assert_eq!(inner.seen().len(), 1);
    }
    let inner = Scripted::new([Fail(ErrorKind::ConnectionRefused)]);
    let (lost, _) = send(RetryLayer::new(policy()).layer(inner.clone()), request("POST")).await;
    let lost = lost.unwrap_err();
    assert_eq!((lost.ended, lost.attempts), (Ended::Policy(StopReason::UnknownOutcome), 1));
    assert_eq!(lost.last.unwrap().kind(), ErrorKind::ConnectionRefused);
}

#[tokio::test(start_paused = true)]
async fn what_surely_had_no_effect_is_repeated_with_any_method() {
    let inner = Scripted::new([Answer(429), Fail(ErrorKind::ConnectionRefused)]);
    let (answer, _) = send(RetryLayer::new(policy()).faults_by(IoFault).layer(inner.clone()), request("POST")).await;
    assert_eq!(answer.unwrap().status(), 200);
    assert_eq!(inner.seen().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_key_is_the_same_in_every_attempt() {
    let keys = |inner: &Scripted| -> Vec<_> {
        inner.seen().iter().map(|(headers, _)| headers.get(IdempotencyKey::HEADER).cloned()).collect()
    };
    let inner = Scripted::new([Answer(503), Answer(409)]);
    let layer = HttpRetry::new(policy()).idempotency_keys().into_layer();
    let (answer, _) = send(layer.layer(inner.clone()), request("POST")).await;
    assert_eq!(answer.unwrap().status(), 200);
    assert!(keys(&inner).len() == 3 && keys(&inner).iter().all(|key| key.is_some() && *key == keys(&inner)[0]));

    let inner = Scripted::new([Answer(503)]);
    let mut own = request("POST");
    own.headers_mut().insert(IdempotencyKey::HEADER, "mine".parse().unwrap());
    let (answer, _) = send(layer.layer(inner.clone()), own).await;
    assert_eq!(answer.unwrap().status(), 200);
    assert!(keys(&inner).iter().all(|key| key.as_ref().unwrap() == "mine"));

    // None where it is of no use: idempotent anyway, or a provider that has no such keys.
    for (method, uri) in [("GET", "http://127.0.0.1/"), ("POST", "https://api.sendgrid.com/v3/mail/send")] {
        let inner = Scripted::new([]);
        let request = Request::builder().method(method).uri(uri).body(String::new()).unwrap();
        drop(send(layer.layer(inner.clone()), request).await);
        assert_eq!(keys(&inner), [None], "{method} {uri}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_servers_hint_is_waited_for() {
    let inner = Scripted::new([AnswerAfter(503, "30"), AnswerAfter(429, "Thu, 01 Jan 1970 00:01:00 GMT")]);
    let layer = HttpRetry::new(policy()).wall_clock(|| std::time::SystemTime::UNIX_EPOCH).into_layer();
    let (answer, took) = send(layer.layer(inner), request("GET")).await;
    assert_eq!(answer.unwrap().status(), 200);
    assert_eq!(took, 90 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_can_be_sent_once_is_refused_before_the_first_retry() {
    let once = || RetryLayer::new(policy()).replay(|_: &String| None);
    let (fine, _) = send(once().layer(Scripted::new([])), request("PUT")).await;
    assert_eq!(fine.unwrap().status(), 200);

    let inner = Scripted::new([Answer(503)]);
    let (refused, took) = send(once().layer(inner.clone()), request("PUT")).await;
    let refused = refused.unwrap_err();
    assert_eq!((refused.ended, refused.attempts), (Ended::BodyUsedUp, 1));
    assert_eq!(
        refused.to_string(),
        "gave up after 1 attempt: the body can be sent once only; give one that can be cloned, or a way to make it anew \
         (the last answer was 503)"
    );
    assert_eq!((inner.seen().len(), took), (1, Duration::ZERO));

    // What would not be repeated anyway is handed on.
    let (missing, _) = send(once().layer(Scripted::new([Answer(404)])), request("PUT")).await;
    assert_eq!(missing.unwrap().status(), 404);
    let (post, _) = send(once().layer(Scripted::new([Answer(503)])), request("POST")).await;
    assert_eq!(retried(&post).ended, Some(Ended::Policy(StopReason::UnknownOutcome)));
    let once_within_a_second = HttpRetry::new(policy()).timeout(SECOND).into_layer().replay(|_: &String| None);
    // A cut attempt has used the body up as well.
    let (cut, _) = send(once_within_a_second.layer(Scripted::new([Hang])), request("PUT")).await;
    assert_eq!(cut.unwrap_err().ended, Ended::BodyUsedUp);
}

#[tokio::test(start_paused = true)]
async fn a_timeout_cuts_an_attempt_that_is_repeated_only_if_that_does_no_harm() {
    let layer = HttpRetry::new(policy()).timeout(5 * SECOND).into_layer();
    let (answer, took) = send(layer.layer(Scripted::new([Hang])), request("GET")).await;
    assert_eq!(answer.unwrap().status(), 200);
    assert_eq!(took, 6 * SECOND);

    let (cut, _) = send(layer.layer(Scripted::new([Hang])), request("POST")).await;
    let cut = cut.unwrap_err();
    assert_eq!((cut.ended, cut.attempts, cut.last.is_none()), (Ended::Policy(StopReason::UnknownOutcome), 1, true));
}

#[tokio::test(start_paused = true)]
async fn a_deadline_ends_the_request_as_a_whole() {
    let layer = HttpRetry::new(Policy::constant(SECOND)).without_guards().deadline(5 * SECOND).into_layer();
    let (answer, took) = send(layer.layer(Scripted::new(vec![Answer(503); 99])), request("GET")).await;
    assert_eq!(retried(&answer).ended, Some(Ended::Policy(StopReason::Deadline)));
    assert!(took <= 5 * SECOND, "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn limits_by_category_end_a_request_and_say_so() {
    let rules = Rules::standard().limits(CategoryLimits::NONE.connect(1));
    let layer = HttpRetry::new(policy()).classify(HttpClassifier::new().rules(rules)).into_layer().faults_by(IoFault);
    let script = [Answer(503), Fail(ErrorKind::ConnectionRefused), Fail(ErrorKind::ConnectionRefused)];
    let (lost, _) = send(layer.layer(Scripted::new(script)), request("GET")).await;
    let lost = lost.unwrap_err();
    assert_eq!(lost.attempts, 3);
    assert_eq!(lost.to_string(), "gave up after 3 attempts: connection refused, and no connect retry is left");
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Observer for Log {}

impl<E, R> ObserveError<FailedAttempt<E, R>> for Log {
    fn failed(&self, event: Failed<'_, FailedAttempt<E, R>>) {
        if let What::Error(failed) = event.what {
            self.0.lock().unwrap().push(format!("{}: {failed} {failed:?}", event.attempt));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_observer_is_shown_every_failure_and_no_secret() {
    let log = Log::default();
    let inner = Scripted::new([AnswerAfter(503, "2"), Fail(ErrorKind::ConnectionReset)]);
    let mut secret = request("PUT");
    secret.headers_mut().insert("authorization", "Bearer hunter2".parse().unwrap());
    let service = HttpRetry::new(policy()).observe(log.clone()).into_layer().layer(inner);
    assert!(!format!("{service:?}").contains("hunter2"));
    let (answer, _) = send(service, secret).await;
    assert_eq!(answer.unwrap().status(), 200);
    let lines = log.0.lock().unwrap();
    assert!(lines[0].starts_with("1: 503, overloaded (standard/503)"), "{lines:?}");
    assert!(lines[1].starts_with("2: no answer, unspecified (fault/other)"), "{lines:?}");
    assert!(lines.iter().all(|line| !line.contains("hunter2") && !line.contains("hello")), "{lines:?}");
}

/// Whether the first attempt ran before the machinery (PUT, no limits) or in it.
#[tokio::test(start_paused = true)]
async fn an_observer_hears_of_each_attempt_once() {
    use retry_core::test_util::{Event, Recorder};

    for (retry, method) in [
        (HttpRetry::new(policy()), "PUT"),
        (HttpRetry::new(policy()).timeout(SECOND), "PUT"),
        (HttpRetry::new(policy()).idempotency_keys(), "POST"),
    ] {
        for (answers, attempts) in [(vec![], 1), (vec![Answer(503)], 2), (vec![Answer(503), Answer(502)], 3)] {
            let recorder = Arc::new(Recorder::default());
            let service = retry.clone().observe(recorder.clone()).into_layer().layer(Scripted::new(answers));
            assert_eq!(send(service, request(method)).await.0.unwrap().status(), 200);
            let events = recorder.events();
            let started = events.iter().filter_map(|event| match event {
                Event::Started(event) => Some(event.attempt),
                _ => None,
            });
            assert!(started.eq(1..=attempts), "{events:?}");
            let ends = events.iter().filter(|event| matches!(event, Event::Succeeded(_))).count();
            assert_eq!((ends, events.len()), (1, 3 * attempts as usize - 1), "{events:?}");
        }
    }
}

#[test]
fn layers_services_and_futures_can_be_sent_and_shared() {
    fn is<T: Send + Sync + Clone>() {}
    is::<RetryLayer<Policy>>();
    is::<RetryService<Scripted, Policy, TokioSleeper, (), retry_http::tower::CloneBody, retry_http::tower::AnyFault>>();
}
