//! AIMD as the cases' simulation has it: from 10 a second, the same increase at any rate, and every cut for good. Ours
//! begins with what it measured, goes by the limit, and undoes what a ban has cut.

use std::cell::RefCell;
use std::time::Duration;

use retry_core::{Class, Pacer, Time, TokenBucket};

const START: f64 = 10.0;
const INCREASE: f64 = 2.0;
const DECREASE: f64 = 0.7;
const LEAST: f64 = 0.5;
const ONE_CUT: Duration = Duration::from_millis(500);

pub(super) struct Textbook(RefCell<State>);

struct State {
    bucket: TokenBucket,
    last_cut: Option<Time>,
}

impl Textbook {
    pub(super) const fn new() -> Self {
        let bucket = TokenBucket::full(START, 1.0, Time::from_nanos(0));
        Self(RefCell::new(State { bucket, last_cut: None }))
    }
}

impl State {
    fn set(&mut self, rate: f64, now: Time) {
        self.bucket.set_rate(rate, (rate / 10.0).max(1.0), now);
    }
}

impl Pacer for Textbook {
    fn acquire(&self, now: Time) -> Result<(), Duration> {
        self.0.borrow_mut().bucket.try_acquire(1.0, now)
    }

    fn release(&self) {
        self.0.borrow_mut().bucket.give(1.0);
    }

    fn succeeded(&self, now: Time) {
        let state = &mut *self.0.borrow_mut();
        let rate = state.bucket.rate();
        state.set(rate + INCREASE / rate.max(1.0), now);
    }

    fn failed(&self, class: Class, now: Time) {
        let state = &mut *self.0.borrow_mut();
        if class == Class::Throttled && state.last_cut.is_none_or(|cut| now.since(cut) > ONE_CUT) {
            let rate = state.bucket.rate();
            state.set((rate * DECREASE).max(LEAST), now);
            state.last_cut = Some(now);
        }
    }
}
