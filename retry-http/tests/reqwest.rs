use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use retry_core::{Clock, Policy, StopReason, TokioSleeper};
use retry_http::reqwest::reqwest::{Body, Client, Response};
use retry_http::reqwest::{RetryClient, SendWith, fault};
use retry_http::{Ended, Fault, HttpClassifier, HttpRetry, Provider, Retried};

/// A server on 127.0.0.1 that gives each connection the next of its answers, byte by byte as they stand, and then hangs up.
struct Server {
    url: String,
    seen: Arc<Mutex<Vec<String>>>,
}

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nfine";
const CLOSED: &str = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
/// Ten bytes are promised.
const BROKEN: &str = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\nfi";
const NOTHING: &str = "";

impl Server {
    fn new(answers: &[&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let seen = Arc::<Mutex<Vec<String>>>::default();
        let (answers, requests) = (answers.to_vec(), Arc::clone(&seen));
        std::thread::spawn(move || {
            for answer in answers {
                let (mut stream, _) = listener.accept().unwrap();
                let request = read(&mut stream);
                requests.lock().unwrap().push(request);
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        Self { url, seen }
    }

    fn requests(&self) -> usize {
        self.seen.lock().unwrap().len()
    }
}

/// A request with a body of the length it names, or chunked.
fn read(stream: &mut TcpStream) -> String {
    let (mut text, mut buffer) = (String::new(), [0; 4096]);
    loop {
        let got = stream.read(&mut buffer).unwrap();
        text.push_str(std::str::from_utf8(&buffer[..got]).unwrap());
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let head = head.to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
        let whole = if head.contains("transfer-encoding: chunked") {
            body.ends_with("0\r\n\r\n")
        } else {
            body.len() >= length
        };
        if whole || got == 0 {
            return text;
        }
    }
}

fn retry() -> HttpRetry<Policy> {
    HttpRetry::new(Policy::constant(Duration::ZERO).attempts(4))
}

fn client() -> RetryClient<Policy> {
    RetryClient::new(Client::new(), retry())
}

#[tokio::test]
async fn an_idempotent_request_is_repeated_until_it_succeeds() {
    let server = Server::new(&[CLOSED, NOTHING, OK]);
    let answer = Client::new().put(&server.url).body("hello").send_with(&retry()).await.unwrap();
    assert_eq!(answer.extensions().get::<Retried>().unwrap().attempts, 3);
    assert_eq!(answer.text().await.unwrap(), "fine");
    assert!(server.seen.lock().unwrap().iter().all(|request| request.ends_with("hello")));
}

#[tokio::test]
async fn a_post_that_may_have_happened_is_not_repeated_without_a_key() {
    let server = Server::new(&[CLOSED, OK]);
    let answer = Client::new().post(&server.url).body("hello").send_with(&retry()).await.unwrap();
    let retried = *answer.extensions().get::<Retried>().unwrap();
    assert_eq!((answer.status().as_u16(), retried.attempts), (503, 1));
    assert_eq!(retried.ended, Some(Ended::Policy(StopReason::UnknownOutcome)));

    let server = Server::new(&[NOTHING, OK]);
    let lost = Client::new().post(&server.url).send_with(&retry()).await.unwrap_err();
    assert_eq!((lost.ended, lost.attempts), (Ended::Policy(StopReason::UnknownOutcome), 1));
    assert_eq!(fault(&lost.last.unwrap()), Fault::Closed);
}

#[tokio::test]
async fn a_key_is_the_same_in_every_attempt() {
    let server = Server::new(&[CLOSED, NOTHING, OK]);
    let answer = Client::new().post(&server.url).send_with(&retry().idempotency_keys()).await.unwrap();
    assert_eq!(answer.status(), 200);
    let seen = server.seen.lock().unwrap();
    let keys: Vec<_> =
        seen.iter().map(|request| request.lines().find(|line| line.starts_with("idempotency-key: "))).collect();
    assert!(keys.len() == 3 && keys[0].is_some() && keys.iter().all(|key| *key == keys[0]), "{keys:?}");
}

#[tokio::test]
async fn a_stream_is_refused_before_the_first_retry_unless_it_can_be_made_anew() {
    // The body of an answer is a stream.
    let stream = async || Body::from(Client::new().get(Server::new(&[OK]).url).send().await.unwrap());
    let put = |url: &str, body| Client::new().put(url).body(body).build().unwrap();

    let server = Server::new(&[OK]);
    assert_eq!(client().execute(put(&server.url, stream().await)).await.unwrap().status(), 200);

    let server = Server::new(&[CLOSED, OK]);
    let refused = client().execute(put(&server.url, stream().await)).await.unwrap_err();
    assert_eq!((refused.ended, refused.attempts, server.requests()), (Ended::BodyUsedUp, 1, 1));
    assert_eq!(refused.status.unwrap().as_u16(), 503);

    let server = Server::new(&[CLOSED, CLOSED, OK]);
    let bodies = Mutex::new(vec![stream().await, stream().await, stream().await]);
    let request = Client::new().put(&server.url).build().unwrap();
    let answer = client().execute_with(request, || bodies.lock().unwrap().pop().unwrap()).await.unwrap();
    assert_eq!((answer.status().as_u16(), server.requests()), (200, 3));
}

#[tokio::test]
async fn a_body_that_breaks_off_is_retried_when_asked() {
    let server = Server::new(&[BROKEN, CLOSED, BROKEN, OK]);
    let answer = client().execute_reading(Client::new().get(&server.url).build().unwrap()).await.unwrap();
    assert_eq!((&answer.body()[..], server.requests()), (&b"fine"[..], 4));
    assert_eq!(answer.extensions().get::<Retried>().unwrap().attempts, 4);

    let server = Server::new(&[BROKEN, OK]);
    let unread = client().execute(Client::new().get(&server.url).build().unwrap()).await.unwrap();
    assert_eq!((unread.status().as_u16(), server.requests()), (200, 1));
    assert!(unread.bytes().await.is_err());
    // Nor is a POST repeated whose answer breaks off: it has happened.
    let server = Server::new(&[BROKEN, OK]);
    let lost = client().execute_reading(Client::new().post(&server.url).build().unwrap()).await.unwrap_err();
    assert_eq!((lost.ended, fault(&lost.last.unwrap())), (Ended::Policy(StopReason::UnknownOutcome), Fault::Body));
}

/// Both doors of the builder and of the client, and the client that reads.
#[tokio::test]
async fn a_stream_is_made_anew_for_each_attempt_where_there_is_a_way_to() {
    // What is wrapped is a stream, whatever it was.
    let stream = || Body::wrap(Body::from("hello"));
    let put = |url: &str| Client::new().put(url).body(stream());
    let server = Server::new(&[CLOSED, NOTHING, OK]);
    assert_eq!(put(&server.url).send_with_body(&retry(), stream).await.unwrap().status(), 200);
    assert_eq!(server.requests(), 3);
    let server = Server::new(&[CLOSED, OK]);
    assert_eq!(client().execute_with(put(&server.url).build().unwrap(), stream).await.unwrap().status(), 200);
    let server = Server::new(&[BROKEN, OK]);
    let whole = client().execute_reading_with(put(&server.url).build().unwrap(), stream).await.unwrap();
    assert_eq!((&whole.body()[..], server.requests()), (&b"fine"[..], 2));
    assert!(server.seen.lock().unwrap().iter().all(|request| request.contains("hello")));
    // Without one it is refused before the first retry.
    let server = Server::new(&[BROKEN, OK]);
    let refused = client().execute_reading(put(&server.url).build().unwrap()).await.unwrap_err();
    assert_eq!((refused.ended, refused.attempts, server.requests()), (Ended::BodyUsedUp, 1, 1));
    let server = Server::new(&[CLOSED, OK]);
    let refused = put(&server.url).send_with(&retry()).await.unwrap_err();
    assert_eq!((refused.ended, refused.attempts, server.requests()), (Ended::BodyUsedUp, 1, 1));
}

/// A listener that nobody serves: connections stand, and no answer comes.
fn silent() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    (listener, url)
}

#[tokio::test(start_paused = true)]
async fn no_attempt_is_longer_than_its_timeout_and_no_request_longer_than_its_deadline() {
    const SECOND: Duration = Duration::from_secs(1);
    let (_listener, url) = silent();
    let policy = Policy::constant(SECOND).attempts(3);
    // 3 attempts of 5 s, and 2 waits of 1 s; a timer of tokio's may be a millisecond late.
    for (timeout, deadline, attempts, most) in [(5, 100, 3, 17), (5, 8, 2, 8), (100, 8, 1, 8), (5, 5, 1, 5)] {
        let retry = HttpRetry::new(policy.clone()).without_guards();
        let retry = retry.timeout(timeout * SECOND).deadline(deadline * SECOND);
        let client = RetryClient::new(Client::new(), retry.clone());
        for door in 0..3 {
            let start = TokioSleeper.now();
            let request = Client::new().get(&url);
            let lost = match door {
                0 => request.send_with(&retry).await.err(),
                1 => client.execute(request.build().unwrap()).await.err(),
                _ => client.execute_reading(request.build().unwrap()).await.err(),
            };
            let (lost, took) = (lost.unwrap(), TokioSleeper.now().since(start));
            assert_eq!(lost.attempts, attempts, "{timeout} s, {deadline} s, {lost}");
            assert!(took >= most * SECOND && took <= most * SECOND + Duration::from_millis(10), "{took:?}");
        }
    }
}

#[tokio::test]
async fn guards_are_shared_by_all_who_send_with_clones_of_a_retrier() {
    let server = Server::new(&[CLOSED; 9]);
    // 3 attempts, and so 3 retries for this host
    let retry = HttpRetry::new(Policy::constant(Duration::ZERO).attempts(3));
    let client = RetryClient::new(Client::new(), retry.clone());
    let get = || Client::new().get(&server.url);
    let retried = |answer: Response| *answer.extensions().get::<Retried>().unwrap();
    let first = retried(get().send_with(&retry).await.unwrap());
    assert_eq!((first.attempts, first.ended), (3, Some(Ended::Policy(StopReason::Attempts))));
    let second = retried(client.execute(get().build().unwrap()).await.unwrap());
    assert_eq!((second.attempts, second.ended), (2, Some(Ended::Policy(StopReason::Budget))));
    let third = client.execute_reading(get().build().unwrap()).await.unwrap();
    assert_eq!(third.extensions().get::<Retried>().unwrap().ended, Some(Ended::Policy(StopReason::Budget)));
    #[cfg(feature = "reqwest-middleware")]
    {
        use retry_http::reqwest::RetryMiddleware;
        use retry_http::reqwest::reqwest_middleware::ClientBuilder;

        let chain = ClientBuilder::new(Client::new()).with(RetryMiddleware::new(retry.clone())).build();
        let fourth = retried(chain.get(&server.url).send().await.unwrap());
        assert_eq!((fourth.attempts, fourth.ended), (1, Some(Ended::Policy(StopReason::Budget))));
    }
    assert_eq!(retry.guards().unwrap().len(), 1);
}

#[tokio::test]
async fn what_a_provider_says_in_the_body_counts_where_it_is_read() {
    const INVALID_KEY: &str = "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 49\r\nConnection: close\r\n\r\n\
        {\"status\":\"error\",\"code\":-1,\"name\":\"Invalid_Key\"}";
    let classifier = HttpClassifier::new().provider(Provider::named("mandrill").unwrap());
    let client = RetryClient::new(Client::new(), retry().classify(classifier));
    let get = |url: &str| Client::new().get(url).build().unwrap();

    let server = Server::new(&[INVALID_KEY; 4]);
    let answer = client.execute_reading(get(&server.url)).await.unwrap();
    assert_eq!(answer.extensions().get::<Retried>().unwrap().ended, Some(Ended::Policy(StopReason::Misconfigured)));
    assert_eq!(server.requests(), 1);

    let server = Server::new(&[INVALID_KEY; 4]);
    assert_eq!(client.execute(get(&server.url)).await.unwrap().status(), 500);
    assert_eq!(server.requests(), 4);
}

#[tokio::test]
async fn what_came_after_a_redirect_says_nothing_of_the_first_request() {
    use testkit::http::{Answer, HttpServer, Script};
    // The order is taken, and the page to which it leads is busy.
    let moved = |status| Answer::status(status).after_work().header("location", "/orders/1042");
    for status in [301, 302, 303] {
        let server = HttpServer::start(Script::of([moved(status), Answer::status(429)])).unwrap();
        let answer = Client::new().post(server.url("/orders")).body("order").send_with(&retry()).await.unwrap();
        assert_eq!((answer.status().as_u16(), server.requests().len()), (429, 2), "{status}");
        let ended = answer.extensions().get::<Retried>().unwrap().ended;
        assert_eq!(ended, Some(Ended::Policy(StopReason::UnknownOutcome)), "{status}");
        // What can be repeated goes on as ever.
        let server = HttpServer::start(Script::of([moved(status), Answer::status(429)])).unwrap();
        assert_eq!(Client::new().get(server.url("/orders")).send_with(&retry()).await.unwrap().status(), 200);
    }
}

#[tokio::test]
async fn a_key_that_will_be_forgotten_before_the_next_attempt_is_none() {
    use retry_http::IdempotencyKey;
    use testkit::StagedClock;
    use testkit::http::{Answer, HttpServer, Script};
    // Resend remembers a key for 24 hours.
    let resend = HttpClassifier::new().provider(Provider::named("resend").unwrap());
    let hour = Duration::from_secs(3600);
    for (delay, attempts) in [(11 * hour, 3), (12 * hour, 2), (24 * hour, 1)] {
        let down = Script::new().finally(Answer::status(500).after_work());
        let (server, clock) = (HttpServer::start(down).unwrap(), StagedClock::new());
        let retry = HttpRetry::with_sleeper(Policy::constant(delay).attempts(3), clock.clone());
        let request = Client::new().post(server.url("/emails")).header(IdempotencyKey::HEADER, "1042");
        let answer = request.send_with(&retry.observe(clock).classify(resend.clone())).await.unwrap();
        assert_eq!(answer.extensions().get::<Retried>().unwrap().attempts, attempts, "{delay:?}");
        assert_eq!(server.requests().len(), usize::try_from(attempts).unwrap());
    }
}

#[tokio::test]
async fn errors_are_told_apart() {
    let fails = async |url: &str| fault(&Client::new().get(url).send().await.unwrap_err());
    assert_eq!(fails("no URL").await, Fault::BadRequest);
    assert_eq!(fails(&Server::new(&[NOTHING]).url).await, Fault::Closed);
    let endless = "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    assert_eq!(fails(&Server::new(&[endless; 20]).url).await, Fault::TooManyRedirects);
    let refused = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert_eq!(fails(&format!("http://{refused}/")).await, Fault::Refused);
}

#[tokio::test]
async fn a_request_can_be_sent_from_a_spawned_task() {
    let server = Server::new(&[CLOSED, OK, CLOSED, OK]);
    let url = server.url.clone();
    let by_builder = tokio::spawn(async move { Client::new().get(url).send_with(&retry()).await.unwrap().status() });
    assert_eq!(by_builder.await.unwrap(), 200);
    let (client, url) = (client(), server.url.clone());
    let by_client = tokio::spawn(async move { client.send(client.client().get(url)).await.unwrap().status() });
    assert_eq!(by_client.await.unwrap(), 200);
}

#[cfg(feature = "reqwest-blocking")]
mod blocking {
    use retry_core::ThreadSleeper;
    use retry_http::reqwest::SendBlockingWith;
    use retry_http::reqwest::reqwest::blocking::{Body, Client};

    use super::*;

    fn retry() -> HttpRetry<Policy, ThreadSleeper> {
        HttpRetry::with_sleeper(Policy::constant(Duration::ZERO).attempts(4), ThreadSleeper)
    }

    #[test]
    fn what_can_be_repeated_is_repeated() {
        let server = Server::new(&[CLOSED, NOTHING, OK]);
        let answer = Client::new().put(&server.url).body("hello").send_with(&retry()).unwrap();
        assert_eq!((answer.status().as_u16(), server.requests()), (200, 3));
        assert!(server.seen.lock().unwrap().iter().all(|request| request.ends_with("hello")));

        let server = Server::new(&[CLOSED, OK]);
        assert_eq!(Client::new().post(&server.url).send_with(&retry()).unwrap().status(), 503);
        assert_eq!(server.requests(), 1);
        let server = Server::new(&[CLOSED, OK]);
        assert_eq!(Client::new().post(&server.url).send_with(&retry().idempotency_keys()).unwrap().status(), 200);
    }

    #[test]
    fn a_stream_is_refused_before_the_first_retry() {
        let server = Server::new(&[CLOSED, OK]);
        let refused = Client::new().put(&server.url).body(Body::new(&b"stream"[..])).send_with(&retry()).unwrap_err();
        assert_eq!((refused.ended, refused.attempts, server.requests()), (Ended::BodyUsedUp, 1, 1));
    }

    #[test]
    fn a_stream_is_made_anew_for_each_attempt() {
        let server = Server::new(&[CLOSED, NOTHING, OK]);
        let body = || Body::new(&b"stream"[..]);
        let answer = Client::new().put(&server.url).body(body()).send_with_body(&retry(), body).unwrap();
        assert_eq!((answer.status().as_u16(), server.requests()), (200, 3));
        assert!(server.seen.lock().unwrap().iter().all(|request| request.contains("stream")));
    }

    #[test]
    fn guards_may_be_shared_with_whoever_does_not_block() {
        let server = Server::new(&[CLOSED; 9]);
        let three = HttpRetry::new(Policy::constant(Duration::ZERO).attempts(3));
        let retry = retry().guarded_by(three.guards().unwrap().clone());
        let ends = [(); 3].map(|()| {
            let answer = Client::new().get(&server.url).send_with(&retry).unwrap();
            let retried = answer.extensions().get::<Retried>().unwrap();
            (retried.attempts, retried.ended)
        });
        // 3 retries, then none
        let empty = Some(Ended::Policy(StopReason::Budget));
        assert_eq!(ends, [(4, Some(Ended::Policy(StopReason::Attempts))), (1, empty), (1, empty)]);
        assert!(Arc::ptr_eq(&retry.destination(&server.url).unwrap(), &three.destination(&server.url).unwrap()));
    }

    #[test]
    fn a_builder_that_failed_makes_no_attempt() {
        let refused = Client::new().get("no URL").send_with(&retry()).unwrap_err();
        assert_eq!((refused.attempts, fault(&refused.last.unwrap())), (0, Fault::BadRequest));
    }
}

#[cfg(feature = "reqwest-middleware")]
mod middleware {
    use std::sync::atomic::{AtomicU32, Ordering};

    use retry_http::http::Extensions;
    use retry_http::reqwest::reqwest::Request;
    use retry_http::reqwest::reqwest_middleware::{ClientBuilder, Middleware, Next, Result};
    use retry_http::reqwest::{MakeBody, RetryMiddleware};

    use super::*;

    /// Counts attempts in itself and in the extensions.
    #[derive(Default)]
    struct Count(Arc<AtomicU32>);

    #[async_trait::async_trait]
    impl Middleware for Count {
        async fn handle(&self, request: Request, extensions: &mut Extensions, next: Next<'_>) -> Result<Response> {
            self.0.fetch_add(1, Ordering::Relaxed);
            *extensions.get_or_insert_with(|| 0_u32) += 1;
            let seen = *extensions.get::<u32>().unwrap();
            let mut answer = next.run(request, extensions).await?;
            answer.extensions_mut().insert(seen);
            Ok(answer)
        }
    }

    #[tokio::test]
    async fn a_chain_is_run_again_for_each_attempt_with_what_it_noted() {
        let (server, count) = (Server::new(&[CLOSED, NOTHING, OK]), Count::default());
        let attempts = Arc::clone(&count.0);
        let client = ClientBuilder::new(Client::new()).with(RetryMiddleware::new(retry())).with(count).build();
        let answer = client.get(&server.url).send().await.unwrap();
        assert_eq!((answer.status().as_u16(), attempts.load(Ordering::Relaxed)), (200, 3));
        assert_eq!(answer.extensions().get::<u32>(), Some(&3));
        assert_eq!(answer.extensions().get::<Retried>().unwrap().attempts, 3);
    }

    #[tokio::test]
    async fn a_stream_is_made_anew_for_each_attempt() {
        let server = Server::new(&[CLOSED, NOTHING, OK]);
        let client = ClientBuilder::new(Client::new()).with(RetryMiddleware::new(retry())).build();
        let body = MakeBody::new(|| Body::wrap(Body::from("hello")));
        let answer = client.put(&server.url).with_extension(body).send().await.unwrap();
        assert_eq!((answer.status().as_u16(), server.requests()), (200, 3));
        assert!(server.seen.lock().unwrap().iter().all(|request| request.contains("hello")));

        let server = Server::new(&[CLOSED, OK]);
        let refused = client.put(&server.url).body(Body::wrap(Body::from("hello"))).send().await.unwrap_err();
        assert!(refused.to_string().contains("the body can be sent once only"), "{refused}");
        assert_eq!(server.requests(), 1);
    }

    #[tokio::test]
    async fn the_end_without_an_answer_says_why() {
        let server = Server::new(&[NOTHING, OK]);
        let client = ClientBuilder::new(Client::new()).with(RetryMiddleware::new(retry())).build();
        let lost = client.post(&server.url).send().await.unwrap_err();
        assert!(lost.to_string().contains("gave up after 1 attempt"), "{lost}");
    }
}
