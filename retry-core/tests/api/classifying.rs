//! From an error to a verdict.

use std::error::Error;
use std::fmt;
use std::io;
use std::rc::Rc;
use std::sync::Arc;

use retry_core::test_util::VirtualClock;
use retry_core::{
    AnyError, BySelf, Class, Classified, Effect, ErrorClassifier, Policy, Retry, Scope, StopReason, Verdict,
    classify_fn, classify_source,
};

use crate::support::doors::Door;
use crate::support::facts::SECOND;

/// An error with a source.
#[derive(Debug)]
struct Wrapped(Box<dyn Error + Send + Sync>);

impl fmt::Display for Wrapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("wrapped")
    }
}

impl Error for Wrapped {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.0)
    }
}

/// `depth` errors around an `io::Error`.
fn deep(depth: usize, kind: io::ErrorKind) -> Wrapped {
    let innermost = Wrapped(Box::new(io::Error::from(kind)));
    (1..depth).fold(innermost, |inner, _| Wrapped(Box::new(inner)))
}

fn by_kind(error: &io::Error) -> Verdict {
    match error.kind() {
        io::ErrorKind::TimedOut => Verdict::TRANSIENT,
        io::ErrorKind::Interrupted => Verdict::default(),
        _ => Verdict::PERMANENT,
    }
}

#[derive(Debug)]
struct Own(Verdict);

impl Classified for Own {
    fn verdict(&self) -> Verdict {
        self.0
    }
}

#[test]
fn by_default_every_error_is_transient_and_may_have_had_an_effect() {
    let verdict = AnyError.classify(&"whatever");
    assert_eq!(
        (verdict.class, verdict.effect, verdict.scope),
        (Class::Transient, Effect::Possible, Scope::Destination)
    );
    assert_eq!(verdict.hint(), None);
    assert_eq!(ErrorClassifier::<str>::classify(&AnyError, "unsized"), Verdict::TRANSIENT);
}

#[test]
fn no_opinion_is_unknown() {
    assert_eq!(Verdict::default(), Verdict::new(Class::Unknown));
    assert_eq!(Class::default(), Class::Unknown);
}

#[test]
fn a_closure_classifies_a_foreign_error() {
    let classifier = classify_fn(by_kind);
    assert_eq!(classifier.classify(&io::ErrorKind::TimedOut.into()), Verdict::TRANSIENT);
    assert_eq!(classifier.classify(&io::ErrorKind::NotFound.into()), Verdict::PERMANENT);
}

#[test]
fn an_error_that_knows_is_asked_itself() {
    assert_eq!(BySelf.classify(&Own(Verdict::PERSISTENT)), Verdict::PERSISTENT);
    assert_eq!(BySelf.classify(&Box::new(Own(Verdict::THROTTLED))), Verdict::THROTTLED);
    let object: Box<dyn Classified> = Box::new(Own(Verdict::MISCONFIGURED));
    assert_eq!(BySelf.classify(&object), Verdict::MISCONFIGURED);
    assert_eq!(BySelf.classify(&*object), Verdict::MISCONFIGURED);
}

#[test]
fn the_next_is_asked_where_the_first_has_no_opinion() {
    let chain = classify_fn(by_kind)
        .or_else(classify_fn(|error: &io::Error| {
            if error.kind() == io::ErrorKind::Interrupted { Verdict::default() } else { Verdict::PERSISTENT }
        }))
        .or_else(classify_fn(|_: &io::Error| Verdict::THROTTLED));
    // the first has an opinion, whatever the others'
    assert_eq!(chain.classify(&io::ErrorKind::TimedOut.into()), Verdict::TRANSIENT);
    assert_eq!(chain.classify(&io::ErrorKind::NotFound.into()), Verdict::PERMANENT);
    // neither of the first two
    assert_eq!(chain.classify(&io::ErrorKind::Interrupted.into()), Verdict::THROTTLED);
}

#[test]
fn the_first_of_its_type_among_the_sources_decides() {
    let classifier = classify_source(by_kind);
    // itself
    assert_eq!(classifier.classify(&io::Error::from(io::ErrorKind::TimedOut)), Verdict::TRANSIENT);
    for depth in [1, 2, 7, 1000] {
        assert_eq!(classifier.classify(&deep(depth, io::ErrorKind::TimedOut)), Verdict::TRANSIENT);
        assert_eq!(classifier.classify(&deep(depth, io::ErrorKind::NotFound)), Verdict::PERMANENT);
    }
    // the outer of two
    let outer = io::Error::new(io::ErrorKind::NotFound, deep(2, io::ErrorKind::TimedOut));
    assert_eq!(classifier.classify(&Wrapped(Box::new(outer))), Verdict::PERMANENT);
    // none
    assert_eq!(classifier.classify(&fmt::Error), Verdict::default());
}

#[test]
fn a_boxed_error_is_searched_as_well() {
    let classifier = classify_source(by_kind).boxed();
    let plain: Box<dyn Error> = Box::new(deep(3, io::ErrorKind::TimedOut));
    assert_eq!(classifier.classify(&plain), Verdict::TRANSIENT);
    let sent: Box<dyn Error + Send> = Box::new(deep(3, io::ErrorKind::NotFound));
    assert_eq!(classifier.classify(&sent), Verdict::PERMANENT);
    let shared: Box<dyn Error + Send + Sync> = Box::new(io::Error::from(io::ErrorKind::TimedOut));
    assert_eq!(classifier.classify(&shared), Verdict::TRANSIENT);
    let counted: Arc<dyn Error + Send + Sync> = Arc::from(Box::<dyn Error + Send + Sync>::from("text"));
    assert_eq!(classifier.classify(&counted), Verdict::default());
}

#[test]
fn a_classifier_serves_behind_any_pointer() {
    let run = |classifier: &dyn ErrorClassifier<Own>| classifier.classify(&Own(Verdict::PERSISTENT));
    let boxed: Box<dyn ErrorClassifier<Own>> = Box::new(BySelf);
    let shared: Arc<dyn ErrorClassifier<Own> + Send + Sync> = Arc::new(BySelf);
    let counted: Rc<dyn ErrorClassifier<Own>> = Rc::new(BySelf);
    for verdict in [run(&BySelf), run(&&BySelf), run(&boxed), run(&shared), run(&counted)] {
        assert_eq!(verdict, Verdict::PERSISTENT);
    }
}

/// The retrier of `policy` with `classifier`, on one failure: why it ended.
fn end<E>(classifier: impl ErrorClassifier<E>, error: E) -> StopReason {
    let retry = Retry::with_sleeper(Policy::constant(SECOND).attempts(1), VirtualClock::new()).classify(classifier);
    let mut error = Some(error);
    Door::Call.run(&retry, || Err::<(), _>(error.take().unwrap())).err().unwrap().reason
}

#[test]
fn a_retrier_takes_any_of_them() {
    let boxed: Box<dyn ErrorClassifier<Own>> = Box::new(BySelf);
    assert_eq!(end(boxed, Own(Verdict::PERSISTENT)), StopReason::Persistent);
    let shared: Arc<dyn ErrorClassifier<Own>> = Arc::new(BySelf);
    assert_eq!(end(shared, Own(Verdict::MISCONFIGURED)), StopReason::Misconfigured);
    assert_eq!(end(classify_source(by_kind), deep(4, io::ErrorKind::NotFound)), StopReason::Permanent);
    let object: Box<dyn Error + Send + Sync> = Box::new(deep(4, io::ErrorKind::NotFound));
    assert_eq!(end(classify_source(by_kind).boxed(), object), StopReason::Permanent);
    assert_eq!(end(AnyError, "any"), StopReason::Attempts);
    let retry = Retry::with_sleeper(Policy::constant(SECOND), VirtualClock::new()).by_self();
    let ended = Door::CallBlocking.run(&retry, || Err::<(), _>(Own(Verdict::PERMANENT)));
    assert_eq!(ended.unwrap_err().attempts, 1);
}

/// An error that lives no longer than the request.
#[test]
fn an_error_may_borrow() {
    struct Borrowed<'a>(&'a str);
    let text = String::from("gone");
    let classifier =
        classify_fn(|error: &Borrowed<'_>| if error.0 == "gone" { Verdict::PERMANENT } else { Verdict::TRANSIENT });
    assert_eq!(end(classifier, Borrowed(&text)), StopReason::Permanent);
}
