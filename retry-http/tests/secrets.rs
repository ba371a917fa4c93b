//! What a request carries, and what its answer says, is shown by nobody: no type, no error, no event.

use std::time::Duration;

use retry_core::{Hint, HintSource};
use retry_http::{Exchange, Fault, HttpClassifier, IdempotencyKey, Provider, PushBack, RateLimit, RetryAfter, Rules};

use crate::support::{NOW, headers};

/// It stands wherever a secret can stand.
pub(crate) const SECRET: &str = "hunter2";

#[track_caller]
pub(crate) fn hides(shown: impl AsRef<str>) {
    assert!(!shown.as_ref().contains(SECRET), "{}", shown.as_ref());
}

#[test]
fn what_a_request_carries_is_not_shown() {
    let fields =
        headers(&[("authorization", "Bearer hunter2"), ("set-cookie", "hunter2"), ("x-amzn-errortype", "hunter2")]);
    let bodies = [r#"{"key":"hunter2"}"#, r#"{"name":"hunter2","message":"hunter2"}"#, r#"{"code":"hunter2"}"#];
    for provider in Provider::all() {
        for body in bodies {
            for status in [400, 401, 409, 420, 422, 429, 500, 503] {
                let exchange = Exchange::answer("POST", status, &fields, NOW).body(body.as_bytes()).code(SECRET);
                let exchange = exchange.keyed(Duration::ZERO);
                let classifier = HttpClassifier::new().provider(provider).rules(Rules::aws());
                let judgement = classifier.judge(&exchange).unwrap();
                for shown in [format!("{exchange:?}"), format!("{judgement:?}"), format!("{classifier:?}")] {
                    hides(shown);
                }
                hides(judgement.rule);
            }
        }
    }
}

#[test]
fn what_cannot_be_read_is_not_said_back() {
    hides(RetryAfter::parse(SECRET).unwrap_err().to_string());
    hides(format!("{:?}", RateLimit::parse(SECRET.as_bytes())));
    hides(format!("{:?}", PushBack::parse([SECRET.as_bytes()])));
    hides(SECRET.parse::<Fault>().unwrap_err().to_string());
    hides(format!("{SECRET}\n").parse::<IdempotencyKey>().unwrap_err().to_string());
    hides(format!("{:?}", Hint::new(Duration::ZERO, HintSource::Text)));
}

#[cfg(all(feature = "reqwest-middleware", feature = "tower"))]
mod sent {
    use std::error::Error;
    use std::fmt::Debug;
    use std::future::{Ready, ready};
    use std::io;
    use std::sync::{Arc, Mutex};
    use std::task::{Context, Poll};

    use retry_core::{Failed, ObserveError, Observer, Policy, Scheduled, Started, Stopped, Succeeded};
    use retry_http::http::{Request, Response};
    use retry_http::reqwest::reqwest::{Client, Method, RequestBuilder};
    use retry_http::reqwest::reqwest_middleware::ClientBuilder;
    use retry_http::reqwest::{RetryClient, RetryMiddleware, SendWith};
    use retry_http::tower::tower_layer::Layer;
    use retry_http::tower::tower_service::Service;
    use retry_http::{FailedAttempt, HttpRetry, RetryError};
    use testkit::StagedClock;
    use testkit::http::{Answer, HttpServer, Script};

    use super::*;

    /// Writes down everything that an observer can see, as a log would.
    #[derive(Clone, Default)]
    struct Everything(Arc<Mutex<String>>);

    impl Everything {
        fn note(&self, event: impl Debug) {
            *self.0.lock().unwrap() += &format!("{event:?}\n");
        }
    }

    impl Observer for Everything {
        fn started(&self, event: Started) {
            self.note(event);
        }
        fn scheduled(&self, event: Scheduled) {
            self.note(event);
        }
        fn gave_up(&self, event: Stopped) {
            self.note(event);
        }
        fn succeeded(&self, event: Succeeded) {
            self.note(event);
        }
    }

    impl<E: Debug, R> ObserveError<FailedAttempt<E, R>> for Everything {
        fn failed(&self, event: Failed<'_, FailedAttempt<E, R>>) {
            self.note(event.what.to_string());
            self.note(event);
        }
    }

    /// An error with all that stands behind it.
    fn all_of(error: &dyn Error) -> String {
        let mut shown = format!("{error:?} {error}");
        let mut link = error.source();
        while let Some(error) = link {
            shown += &format!(" {error:?} {error}");
            link = error.source();
        }
        shown
    }

    fn retry(log: &Everything) -> HttpRetry<Policy, StagedClock, (StagedClock, Everything)> {
        let clock = StagedClock::new();
        let policy = Policy::constant(Duration::from_secs(1)).attempts(3);
        HttpRetry::with_sleeper(policy, clock.clone()).observe((clock, log.clone()))
    }

    /// The secret stands in the URL (user, password and query), in headers and in the body.
    fn request(client: &Client, method: Method, url: &str) -> RequestBuilder {
        let url = url.replace("http://", &format!("http://{SECRET}:{SECRET}@"));
        client
            .request(method, format!("{url}?api_key={SECRET}#{SECRET}"))
            .bearer_auth(SECRET)
            .header("x-api-key", SECRET)
            .body(SECRET)
    }

    /// Each way to fail: refused, reset, half a head, half a body, no HTTP, endless redirects, and answers that repeat the secret.
    fn servers() -> Vec<HttpServer> {
        let leaky =
            |status| Answer::status(status).header("x-echo", SECRET).header("location", format!("/?key={SECRET}"));
        let answers = [
            Answer::reset(),
            Answer::hang_up(),
            leaky(200).cut_after(10),
            leaky(200).body([SECRET; 20].concat()).cut_after(120),
            Answer::raw(format!("{SECRET}\r\n\r\n")),
            leaky(302),
            leaky(401).json(format!(r#"{{"message":"{SECRET}","code":"{SECRET}"}}"#)),
            leaky(503),
            leaky(429),
        ];
        answers.into_iter().map(|answer| HttpServer::start(Script::new().finally(answer)).unwrap()).collect()
    }

    #[tokio::test]
    async fn no_error_and_no_event_shows_what_was_sent() {
        let client = Client::builder().no_proxy().build().unwrap();
        let refused = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let servers = servers();
        let urls = servers.iter().map(|server| server.url("/")).chain([format!("http://{refused}/")]);
        let mut errors = 0;
        for url in urls {
            for method in [Method::GET, Method::POST] {
                let log = Everything::default();
                let mut shown: Vec<String> = Vec::new();
                if let Err(error) = request(&client, method.clone(), &url).send_with(&retry(&log)).await {
                    shown.push(all_of(&error));
                }
                let reading = RetryClient::new(client.clone(), retry(&log));
                shown.push(format!("{reading:?}"));
                let built = request(&client, method.clone(), &url).build().unwrap();
                if let Err(error) = reading.execute_reading(built).await {
                    shown.push(all_of(&error));
                }
                let middleware = RetryMiddleware::new(retry(&log));
                shown.push(format!("{middleware:?}"));
                let chain = ClientBuilder::new(client.clone()).with(middleware).build();
                let built = request(&client, method.clone(), &url).build().unwrap();
                if let Err(error) = chain.execute(built).await {
                    shown.push(all_of(&error));
                }
                errors += shown.len() - 2;
                let events = std::mem::take(&mut *log.0.lock().unwrap());
                assert!(!events.is_empty());
                shown.push(events);
                shown.into_iter().for_each(hides);
            }
        }
        // Six ways to fail end in errors, for GET and POST, over three ways to send; the half body over one of them alone.
        assert_eq!(errors, 2 * (6 * 3 + 1));
    }

    #[tokio::test]
    async fn an_url_that_cannot_be_sent_is_not_shown_either() {
        let client = Client::builder().no_proxy().build().unwrap();
        for url in [format!("http://[{SECRET}"), format!("ftp://127.0.0.1/?key={SECRET}"), SECRET.to_owned()] {
            let error = client.get(url).send_with(&retry(&Everything::default())).await.unwrap_err();
            hides(all_of(&error));
        }
    }

    #[test]
    fn no_retrier_and_no_attempt_shows_what_is_in_it() {
        let log = Everything::default();
        hides(format!("{:?}", retry(&log)));
        let error: RetryError<io::Error> = {
            let layer = retry(&log).into_layer();
            hides(format!("{layer:?}"));
            let mut service = layer.layer(Leaky);
            hides(format!("{service:?}"));
            let request = Request::get("/").header("authorization", SECRET).body(SECRET).unwrap();
            let sent = service.call(request);
            hides(format!("{sent:?}"));
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(sent).unwrap_err()
        };
        hides(error.to_string());
        hides(std::mem::take(&mut *log.0.lock().unwrap()));
    }

    /// A service whose error says too much: what it says comes back whole to the caller, and to nobody else.
    #[derive(Clone)]
    struct Leaky;

    impl Service<Request<&'static str>> for Leaky {
        type Response = Response<()>;
        type Error = io::Error;
        type Future = Ready<Result<Self::Response, io::Error>>;

        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), io::Error>> {
            Poll::Ready(Ok(()))
        }

        fn call(&mut self, _: Request<&'static str>) -> Self::Future {
            ready(Err(io::Error::other(SECRET)))
        }
    }
}
