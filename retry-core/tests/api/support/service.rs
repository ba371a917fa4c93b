//! A service that answers by script and panics where it is used against its contract.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::future::{Future, pending, ready};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use retry_core::Sleeper;
use retry_core::test_util::{VirtualClock, VirtualSleep};
use retry_core::tower::tower_service::Service;

/// What becomes of a call.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Answer {
    Status(u16),
    Error(&'static str),
    Never,
}

/// What becomes of an instance that is asked whether it is ready.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Readiness {
    Now,
    After(Duration),
    Never,
    Dead(&'static str),
}

#[derive(Debug, Default)]
pub(crate) struct Script {
    clock: VirtualClock,
    /// The calls' answers in turn, and then 200.
    answers: RefCell<VecDeque<Answer>>,
    /// How instances become ready in turn, and then at once.
    readiness: RefCell<VecDeque<Readiness>>,
    calls: RefCell<Vec<String>>,
    /// Instances that are ready: each holds a place.
    places: Cell<u32>,
    clones: Cell<u32>,
}

impl Script {
    /// The requests that came.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.calls.borrow().clone()
    }

    pub(crate) fn places(&self) -> u32 {
        self.places.get()
    }

    pub(crate) fn clones(&self) -> u32 {
        self.clones.get()
    }
}

#[derive(Debug)]
pub(crate) struct Scripted {
    script: Rc<Script>,
    state: State,
}

#[derive(Debug)]
enum State {
    Idle,
    Waiting(VirtualSleep),
    Ready,
    Dead,
}

impl Scripted {
    pub(crate) fn new(clock: &VirtualClock, answers: &[Answer], readiness: &[Readiness]) -> (Self, Rc<Script>) {
        let script = Rc::new(Script {
            clock: clock.clone(),
            answers: RefCell::new(answers.iter().copied().collect()),
            readiness: RefCell::new(readiness.iter().copied().collect()),
            ..Script::default()
        });
        (Self { script: Rc::clone(&script), state: State::Idle }, script)
    }

    fn become_ready(&mut self) -> Poll<Result<(), &'static str>> {
        self.state = State::Ready;
        self.script.places.update(|places| places + 1);
        Poll::Ready(Ok(()))
    }
}

impl Service<&'static str> for Scripted {
    type Response = u16;
    type Error = &'static str;
    type Future = Pin<Box<dyn Future<Output = Result<u16, &'static str>>>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), &'static str>> {
        match &mut self.state {
            State::Idle => {}
            State::Waiting(sleep) => {
                ready!(Pin::new(sleep).poll(cx));
                return self.become_ready();
            }
            State::Ready => return Poll::Ready(Ok(())),
            State::Dead => panic!("an instance that has failed must be thrown away"),
        }
        let next = self.script.readiness.borrow_mut().pop_front().unwrap_or(Readiness::Now);
        match next {
            Readiness::Now => return self.become_ready(),
            Readiness::After(delay) => self.state = State::Waiting(self.script.clock.sleep(delay)),
            Readiness::Never => self.state = State::Waiting(self.script.clock.sleep(Duration::MAX)),
            Readiness::Dead(error) => {
                self.state = State::Dead;
                return Poll::Ready(Err(error));
            }
        }
        self.poll_ready(cx)
    }

    fn call(&mut self, request: &'static str) -> Self::Future {
        assert!(matches!(self.state, State::Ready), "called without being ready: {:?}", self.state);
        self.state = State::Idle;
        self.script.places.update(|places| places - 1);
        self.script.calls.borrow_mut().push(request.to_owned());
        match self.script.answers.borrow_mut().pop_front().unwrap_or(Answer::Status(200)) {
            Answer::Status(status) => Box::pin(ready(Ok(status))),
            Answer::Error(error) => Box::pin(ready(Err(error))),
            Answer::Never => Box::pin(pending()),
        }
    }
}

/// A clone of a service that is ready is not ready.
impl Clone for Scripted {
    fn clone(&self) -> Self {
        assert!(!matches!(self.state, State::Dead), "a clone of what has failed");
        self.script.clones.update(|clones| clones + 1);
        Self { script: Rc::clone(&self.script), state: State::Idle }
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        if let State::Ready = self.state {
            self.script.places.update(|places| places - 1);
        }
    }
}
