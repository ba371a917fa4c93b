use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::{Answer, Request};

/// What the server answers, request by request, over all connections.
///
/// ```
/// use testkit::http::{Answer, HttpServer, Script};
///
/// let server = HttpServer::start(Script::of([Answer::status(503)]).finally(Answer::status(204)))?;
/// for status in ["503", "204", "204"] {
///     assert!(server.ask("GET / HTTP/1.1\r\nConnection: close\r\n\r\n")?.starts_with(&format!("HTTP/1.1 {status}")));
/// }
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Script {
    answers: Answers,
    remembers_keys: bool,
    time: Box<dyn Fn(Duration) + Send + Sync>,
    identity: Option<Identity>,
}

type Identity = Box<dyn Fn(&Request) -> Option<String> + Send + Sync>;

enum Answers {
    Listed(Mutex<VecDeque<Answer>>, Box<Answer>),
    Made(Box<dyn Fn(&Request) -> Answer + Send + Sync>),
}

impl Script {
    /// 200 for every request.
    ///
    /// ```
    /// # use testkit::http::{HttpServer, Script};
    /// let server = HttpServer::start(Script::new())?;
    /// assert!(server.ask("GET / HTTP/1.1\r\nConnection: close\r\n\r\n")?.starts_with("HTTP/1.1 200 OK"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::of([])
    }

    /// These answers in their order, and then 200 for every request.
    ///
    /// ```
    /// # use testkit::http::{Answer, HttpServer, Script};
    /// let server = HttpServer::start(Script::of([Answer::status(503), Answer::hang_up()]))?;
    /// assert!(server.ask("GET / HTTP/1.1\r\nConnection: close\r\n\r\n")?.contains("503"));
    /// assert_eq!(server.ask("GET / HTTP/1.1\r\n\r\n")?, "");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn of(answers: impl IntoIterator<Item = Answer>) -> Self {
        let answers = Mutex::new(answers.into_iter().collect());
        Self::by(Answers::Listed(answers, Box::new(Answer::status(200))))
    }

    /// What `f` answers to each request: for a server that looks at what it is asked.
    ///
    /// ```
    /// # use testkit::http::{Answer, HttpServer, Script};
    /// let script = Script::answering(|request| match &*request.target {
    ///     "/" => Answer::status(200),
    ///     _ => Answer::status(404),
    /// });
    /// let server = HttpServer::start(script)?;
    /// assert!(server.ask("GET /a HTTP/1.1\r\nConnection: close\r\n\r\n")?.contains("404"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn answering(f: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        Self::by(Answers::Made(Box::new(f)))
    }

    fn by(answers: Answers) -> Self {
        Self { answers, remembers_keys: false, time: Box::new(|_| {}), identity: None }
    }

    /// Replaces what follows the listed answers. A function's answers never end.
    ///
    /// ```
    /// # use testkit::http::{Answer, HttpServer, Script};
    /// let server = HttpServer::start(Script::new().finally(Answer::status(500)))?;
    /// assert!(server.ask("GET / HTTP/1.1\r\nConnection: close\r\n\r\n")?.contains("500"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn finally(mut self, answer: Answer) -> Self {
        if let Answers::Listed(_, last) = &mut self.answers {
            **last = answer;
        }
        self
    }

    /// What comes again with an idempotency key whose request was processed is answered, and not processed again.
    ///
    /// ```
    /// # use testkit::http::{HttpServer, Script};
    /// let server = HttpServer::start(Script::new().remembers_keys())?;
    /// for _ in 0..2 {
    ///     server.ask("POST / HTTP/1.1\r\nIdempotency-Key: 7\r\nConnection: close\r\n\r\n")?;
    /// }
    /// assert_eq!((server.requests().len(), server.processed("7")), (2, 1));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub const fn remembers_keys(mut self) -> Self {
        self.remembers_keys = true;
        self
    }

    /// Replaces the way to tell which request it is: by what its work is counted, and where
    /// [keys are remembered](Self::remembers_keys) is not done again. `None` is counted under no name (`""`).
    ///
    /// ```
    /// # use testkit::http::{HttpServer, Script};
    /// let by_path = Script::new().identify(|request| Some(request.target.clone()));
    /// let server = HttpServer::start(by_path)?;
    /// server.ask("POST /7 HTTP/1.1\r\nConnection: close\r\n\r\n")?;
    /// assert_eq!(server.processed("/7"), 1);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn identify(mut self, f: impl Fn(&Request) -> Option<String> + Send + Sync + 'static) -> Self {
        self.identity = Some(Box::new(f));
        self
    }

    /// Lets `f` know, and wait, for what a slow answer [takes](Answer::takes).
    ///
    /// ```
    /// # use testkit::{StagedClock, http::Script};
    /// let clock = StagedClock::new();
    /// let _ = Script::new().time(move |time| clock.pass(time));
    /// ```
    #[must_use]
    pub fn time(mut self, f: impl Fn(Duration) + Send + Sync + 'static) -> Self {
        self.time = Box::new(f);
        self
    }

    pub(super) fn answer(&self, request: &Request) -> Answer {
        match &self.answers {
            Answers::Made(f) => f(request),
            Answers::Listed(answers, last) => {
                let next = answers.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                next.unwrap_or_else(|| (**last).clone())
            }
        }
    }

    pub(super) fn pass(&self, time: Duration) {
        if !time.is_zero() {
            (self.time)(time);
        }
    }

    /// By what a request's work is counted, and whether it is done once only. What says nothing counts under no name.
    pub(super) fn identity(&self, request: &Request) -> (String, bool) {
        let (id, is_key) = match &self.identity {
            Some(f) => {
                let id = f(request);
                let is_key = id.is_some();
                (id, is_key)
            }
            None => (request.id().map(str::to_owned), request.has_key()),
        };
        (id.unwrap_or_default(), self.remembers_keys && is_key)
    }
}

impl Default for Script {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Script").field("remembers_keys", &self.remembers_keys).finish_non_exhaustive()
    }
}
