//! Answers as curl shows them.

use std::fmt::Write as _;
use std::io::{self, BufRead, Write};
use std::time::{Duration, SystemTime};

use retry_core::Effect;
use retry_http::http::header::Entry;
use retry_http::http::{HeaderMap, HeaderName, HeaderValue};
use retry_http::{Exchange, Fault, HttpClassifier, Judgement, time_of_day};

use super::curl::{self, Sent};
use super::{Options, Tally, next_line, say};
use crate::exit::printable;

/// How much of a body is looked at.
const BODY: usize = 1 << 16;

pub(super) fn classify(options: &Options, mut input: impl BufRead, mut output: impl Write) -> io::Result<Tally> {
    let mut reader =
        Reader { options, classifier: options.classifier(), now: time_of_day(), sent: Sent::default(), answer: None };
    let mut tally = Tally::default();
    while let Some(line) = next_line(&mut input)? {
        for said in reader.take(&curl::plain(&line)) {
            tally.count(said, &mut output)?;
        }
    }
    if let Some(said) = reader.finish() {
        tally.count(said, &mut output)?;
    }
    Ok(tally)
}

impl Tally {
    fn count(&mut self, said: Result<String, String>, output: &mut impl Write) -> io::Result<()> {
        self.all += 1;
        self.bad += u64::from(said.is_err());
        match said {
            Ok(line) => say(output, printable(&line)),
            Err(line) => say(output, format_args!("error: {}", printable(&line))),
        }
    }
}

/// An answer as far as it has been read.
struct Answer {
    status: u16,
    line: String,
    /// How far the status line is indented: a header that is indented further continues the one before (RFC 9112 section 5.2).
    indent: usize,
    headers: HeaderMap,
    last: Option<HeaderName>,
    body: Option<String>,
}

struct Reader<'a> {
    options: &'a Options,
    classifier: HttpClassifier,
    now: SystemTime,
    /// The request, as `curl -v` shows it.
    sent: Sent,
    answer: Option<Answer>,
}

type Said = Result<String, String>;

impl Reader<'_> {
    /// Takes a line, and says what can be said after it.
    fn take(&mut self, line: &str) -> Vec<Said> {
        // `curl -v` marks what was sent and received, and its own remarks.
        let line = match line.as_bytes() {
            [b'*', b' ', ..] | [b'{' | b'}', b' ', b'[', ..] => return Vec::new(),
            [b'>', ..] => {
                self.sent.take(line[1..].trim());
                return Vec::new();
            }
            [b'<', b' ', ..] => &line[2..],
            [b'<'] => "",
            _ => line,
        };
        // In a body, a number is just a number.
        let in_body = self.answer.as_ref().is_some_and(|answer| answer.body.is_some());
        if let Some(status) = status(line)
            .filter(|_| !in_body || line.trim_start().get(..5).is_some_and(|start| start.eq_ignore_ascii_case("HTTP/")))
        {
            let said = self.finish();
            self.answer = Some(Answer::new(status, line));
            return said.into_iter().collect();
        }
        if curl::is_error(line) {
            return self.broken(line);
        }
        match &mut self.answer {
            Some(answer) => {
                answer.take(line);
                Vec::new()
            }
            None if line.trim().is_empty() || curl::is_noise(line) => Vec::new(),
            None => vec![self.error(line)],
        }
    }

    /// An error of curl's, after what there is of an answer: a failed answer says more, and a good one is not whole.
    fn broken(&mut self, line: &str) -> Vec<Said> {
        match self.answer.take() {
            Some(answer) if answer.has_begun() && answer.status >= 400 => {
                self.answer = Some(answer);
                self.finish().into_iter().collect()
            }
            Some(answer) if answer.has_begun() && answer.status >= 200 => {
                let exchange = Exchange::fault(self.method(), Fault::Body, self.now);
                vec![Ok(self.say(&format!("{}, {}", answer.line, line.trim()), exchange))]
            }
            answer => {
                self.answer = answer;
                self.finish().into_iter().chain([self.error(line)]).collect()
            }
        }
    }

    fn method(&self) -> &str {
        self.sent.method().unwrap_or(&self.options.method)
    }

    /// What the answer before says; `None`: there is none.
    fn finish(&mut self) -> Option<Said> {
        let answer = self.answer.take()?;
        // Interim answers say nothing yet, nor does a proxy's word that the way is free.
        if (100..200).contains(&answer.status) || curl::is_tunnel(&answer.line) {
            return None;
        }
        let exchange = Exchange::answer(self.method(), answer.status, &answer.headers, self.now)
            .body(answer.body.as_deref().unwrap_or_default().as_bytes());
        Some(Ok(self.say(&answer.line, exchange)))
    }

    fn error(&self, line: &str) -> Said {
        match curl::fault(line).map_or_else(|| line.parse::<Fault>(), Ok) {
            Ok(fault) => Ok(self.say(line.trim(), Exchange::fault(self.method(), fault, self.now))),
            // Nobody reads on in a line of a megabyte.
            Err(error) => Err(format!("'{:.200}': no status line, and {error}", line.trim())),
        }
    }

    fn say(&self, what: &str, mut exchange: Exchange<'_>) -> String {
        let host = self.options.host.as_deref().or_else(|| self.sent.host());
        if self.options.keyed || self.sent.is_keyed(self.options.provider, host) {
            exchange = exchange.keyed(Duration::ZERO);
        }
        let judgement = match host {
            Some(host) => self.classifier.judge(&exchange.host(host)),
            None => self.classifier.judge(&exchange),
        };
        let mut said = format!("{} {what}: ", self.method());
        // Writing to a string cannot fail.
        let _ = match judgement {
            None => write!(said, "done"),
            Some(judgement) => describe(&mut said, &judgement),
        };
        said
    }
}

fn describe(said: &mut String, judgement: &Judgement) -> std::fmt::Result {
    let verdict = &judgement.verdict;
    write!(said, "{} ({}); {}", verdict.class, judgement.reason, judgement.action())?;
    if let Some(hint) = verdict.hint() {
        write!(said, " after {} s", hint.not_before.as_secs_f64())?;
    }
    let effect = if verdict.effect == Effect::None { "nothing happened" } else { "it may have happened" };
    let repeat = if judgement.repeatable { "a repeat does no harm" } else { "a repeat could do it twice" };
    write!(
        said,
        "; {effect}, {repeat} [scope {}, rule {}, confidence {}]",
        verdict.scope.as_str(),
        judgement.rule,
        judgement.confidence
    )
}

impl Answer {
    fn new(status: u16, line: &str) -> Self {
        let indent = indent(line);
        Self { status, line: line.trim().into(), indent, headers: HeaderMap::new(), last: None, body: None }
    }

    /// Whether there is more of it than the status: a status alone is one of a list.
    fn has_begun(&self) -> bool {
        self.body.is_some() || !self.headers.is_empty()
    }

    fn take(&mut self, line: &str) {
        match &mut self.body {
            Some(body) if body.len() + line.len() < BODY => {
                body.push_str(line);
                body.push('\n');
            }
            Some(_) => {}
            None if line.trim().is_empty() => self.body = Some(String::new()),
            None if indent(line) > self.indent => self.go_on(line.trim()),
            None => {
                // What is no header is left out: pastes have all sorts of lines.
                if let Some((name, value)) = line.split_once(':')
                    && let Ok(name) = HeaderName::from_bytes(name.trim().as_bytes())
                    && let Ok(value) = HeaderValue::from_bytes(value.trim().as_bytes())
                {
                    self.last = Some(name.clone());
                    // More headers than a map can hold say nothing more.
                    let _ = self.headers.try_append(name, value);
                }
            }
        }
    }

    /// A header that goes on in the next line.
    fn go_on(&mut self, more: &str) {
        let Some(name) = &self.last else { return };
        let Entry::Occupied(mut values) = self.headers.entry(name) else { return };
        // The last of those with this name.
        let Some(header) = values.iter_mut().last() else { return };
        let whole = [header.as_bytes(), b" ", more.as_bytes()].concat();
        if let Ok(whole) = HeaderValue::from_bytes(whole.trim_ascii()) {
            *header = whole;
        }
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

/// Whether a line begins with a version, as a status line does.
fn is_version(line: &str) -> bool {
    line.as_bytes().get(..4).is_some_and(|start| start.eq_ignore_ascii_case(b"HTTP"))
        && line.as_bytes().get(4).is_some_and(|byte| matches!(byte, b'/' | b' '))
}

/// The code of a status line: `HTTP/1.1 503 Service Unavailable`, or `503 Service Unavailable`.
fn status(line: &str) -> Option<u16> {
    let mut words = line.split_ascii_whitespace();
    let first = words.next()?;
    let code = if is_version(line.trim_start()) { words.next()? } else { first };
    let is_code = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit());
    // A number at the beginning of a line of text is none, unless a phrase or nothing follows.
    let is_phrase = words.next().is_none_or(|word| word.starts_with(|c: char| c.is_ascii_alphabetic()));
    if is_code && is_phrase { code.parse().ok() } else { None }
}
