use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use retry_core::test_util::{Recorder, VirtualClock};
use retry_core::{
    Failed, ObserveError, Observer, Policy, Retry, Scheduled, Started, Stopped, Succeeded, Verdict, What,
};

use crate::support::doors::{Door, failing};
use crate::support::facts::SECOND;

/// Writes down each call with its own name in front.
struct Named<'a>(&'static str, &'a RefCell<Vec<String>>);

impl Named<'_> {
    fn note(&self, what: &str) {
        self.1.borrow_mut().push(format!("{} {what}", self.0));
    }
}

impl Observer for Named<'_> {
    fn started(&self, _: Started) {
        self.note("started");
    }
    fn scheduled(&self, _: Scheduled) {
        self.note("scheduled");
    }
    fn gave_up(&self, _: Stopped) {
        self.note("gave up");
    }
    fn succeeded(&self, _: Succeeded) {
        self.note("succeeded");
    }
}

impl<E: ?Sized> ObserveError<E> for Named<'_> {
    fn failed(&self, _: Failed<'_, E>) {
        self.note("failed");
    }
}

/// Two attempts and the end, or a success at once.
fn run<O: ObserveError<&'static str>>(observer: O, failures: u32) {
    let retry = Retry::with_sleeper(Policy::constant(SECOND).attempts(2), VirtualClock::new()).observe(observer);
    let _ = Door::Call.run(&retry, failing(failures));
}

#[test]
fn a_pair_hears_everything_left_first() {
    let log = RefCell::default();
    run((Named("a", &log), (Named("b", &log), Named("c", &log))), 9);
    let steps = ["started", "failed", "scheduled", "started", "failed", "gave up"];
    let expected: Vec<_> = steps.iter().flat_map(|step| ["a", "b", "c"].map(|name| format!("{name} {step}"))).collect();
    assert_eq!(log.into_inner(), expected);
    let log = RefCell::default();
    run((Named("a", &log), Named("b", &log)), 0);
    assert_eq!(log.into_inner(), ["a started", "b started", "a succeeded", "b succeeded"]);
}

#[test]
fn an_observer_serves_behind_any_pointer_and_as_an_object() {
    let direct = Recorder::default();
    run(&direct, 9);
    let expected = direct.events();
    assert_eq!(expected.len(), 6);

    let (boxed, shared, counted) =
        (Box::new(Recorder::default()), Arc::new(Recorder::default()), Rc::new(Recorder::default()));
    run(&boxed, 9);
    run(shared.clone(), 9);
    run(counted.clone(), 9);
    assert_eq!([boxed.events(), shared.events(), counted.events()], [(); 3].map(|()| expected.clone()));

    let object: Arc<dyn ObserveError<&'static str>> = Arc::new(Recorder::default());
    run(object, 9);
    let log = RefCell::default();
    let object: Box<dyn ObserveError<&'static str> + '_> = Box::new(Named("object", &log));
    run((object, ()), 0);
    assert_eq!(log.into_inner(), ["object started", "object succeeded"]);
    // all of the pointers' success, too
    let (direct, object) = (Recorder::default(), Recorder::default());
    run(&direct, 1);
    run(&object as &dyn ObserveError<&'static str>, 1);
    assert_eq!(direct.events(), object.events());
}

#[test]
fn an_observer_that_says_nothing_may_be_left_out() {
    struct Silent;
    impl Observer for Silent {}
    impl<E: ?Sized> ObserveError<E> for Silent {}
    run(Silent, 9);
    run((), 9);
}

#[test]
fn an_observer_sees_the_error_itself() {
    #[derive(Default)]
    struct Errors(RefCell<Vec<(u32, String, Verdict)>>);
    impl Observer for Errors {}
    impl ObserveError<String> for Errors {
        fn failed(&self, event: Failed<'_, String>) {
            let again = event;
            if let What::Error(error) = again.what {
                self.0.borrow_mut().push((event.attempt, error.clone(), event.verdict));
            }
        }
    }
    let errors = Errors::default();
    let retry = Retry::with_sleeper(Policy::constant(SECOND).attempts(2), VirtualClock::new()).observe(&errors);
    let mut n = 0;
    let end = Door::Loop.run(&retry, || {
        n += 1;
        Err::<(), _>(format!("error {n}"))
    });
    assert_eq!(end.unwrap_err().into_error().unwrap(), "error 2");
    let expected = [(1, "error 1".to_owned(), Verdict::TRANSIENT), (2, "error 2".to_owned(), Verdict::TRANSIENT)];
    assert_eq!(errors.0.into_inner(), expected);
}

#[test]
fn what_failed_can_be_written_out() {
    assert_eq!(format!("{:>6}|", What::Error(&"busy")), "  busy|");
    assert_eq!(What::<str>::Rejected.to_string(), "the value was rejected");
    assert_eq!(What::<str>::TimedOut.to_string(), "timed out");
}
