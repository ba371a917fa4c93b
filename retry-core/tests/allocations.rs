//! Nothing is allocated: not on success, not on a retry, and not at the end.

use std::cell::Cell;
use std::future::{Future, Ready, ready};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use allocation_counter::measure;
use retry_core::{
    BlockingSleeper, BoxSleeper, Clock, Cut, Entropy, Failed, GaveUp, Keep, Law, ObserveError, Observer, Policy, Retry,
    RetryPolicy, Scheduled, Sleeper, Started, Stopped, Succeeded, ThreadEntropy, Time, With,
};

/// Waits for nothing and allocates nothing; draws from the thread.
#[derive(Clone, Copy)]
struct Noop;

impl Clock for Noop {
    fn now(&self) -> Time {
        Time::default()
    }
}

impl Sleeper for Noop {
    type Sleep = Ready<()>;
    fn sleep(&self, _: Duration) -> Ready<()> {
        ready(())
    }
}

impl BlockingSleeper for Noop {
    fn sleep_blocking(&self, _: Duration) {}
}

/// Counts what it hears.
#[derive(Default)]
struct Counter(Cell<u32>);

impl Counter {
    fn count(&self) {
        self.0.set(self.0.get() + 1);
    }
}

impl Observer for Counter {
    fn started(&self, _: Started) {
        self.count();
    }
    fn scheduled(&self, _: Scheduled) {
        self.count();
    }
    fn gave_up(&self, _: Stopped) {
        self.count();
    }
    fn succeeded(&self, _: Succeeded) {
        self.count();
    }
}

impl<E: ?Sized> ObserveError<E> for Counter {
    fn failed(&self, _: Failed<'_, E>) {
        self.count();
    }
}

fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return output;
        }
    }
}

type Run<H> = Result<u32, GaveUp<u8, std::convert::Infallible, H>>;

/// An operation that fails `failures` times.
fn failing(failures: u32) -> impl FnMut() -> Result<u32, u8> {
    let mut attempt = 0;
    move || {
        attempt += 1;
        if attempt > failures { Ok(attempt) } else { Err(7) }
    }
}

async fn by_loop<P, O, L, H>(
    retry: &Retry<P, Noop, retry_core::AnyError, O, With<L, (), H, ()>>,
    mut op: impl FnMut() -> Result<u32, u8>,
) -> Run<H>
where
    P: RetryPolicy,
    O: ObserveError<u8>,
    L: Cut<Noop>,
    H: Keep,
{
    let mut run = retry.begin();
    run.admitted().await?;
    loop {
        match run.limit(ready(op())).await {
            Some(Ok(value)) => break Ok(run.succeeded(value)),
            Some(Err(error)) => run.failed(error).await?,
            None => run.timed_out().await?,
        }
    }
}

fn by_blocking_loop<P, O, L, H>(
    retry: &Retry<P, Noop, retry_core::AnyError, O, With<L, (), H, ()>>,
    mut op: impl FnMut() -> Result<u32, u8>,
) -> Run<H>
where
    P: RetryPolicy,
    O: ObserveError<u8>,
    L: Cut<Noop>,
    H: Keep,
{
    let mut run = retry.begin();
    run.admitted_blocking()?;
    loop {
        match op() {
            Ok(value) => break Ok(run.succeeded(value)),
            Err(error) => run.failed_blocking(error)?,
        }
    }
}

/// By every door: a success at once, one after five failures, and an end after six.
#[track_caller]
fn allocates_nothing<P, O, L, H>(retry: &Retry<P, Noop, retry_core::AnyError, O, With<L, (), H, ()>>)
where
    P: RetryPolicy,
    O: ObserveError<u8>,
    L: Cut<Noop>,
    H: Keep,
{
    // the thread's generator is seeded once
    ThreadEntropy.next_u64();
    for (failures, attempts) in [(0, Ok(1)), (5, Ok(6)), (9, Err(6))] {
        let doors: [(&str, &dyn Fn() -> Run<H>); 7] = [
            ("call", &|| {
                let mut op = failing(failures);
                block_on(retry.call(|| ready(op())))
            }),
            ("call_with", &|| {
                let mut op = failing(failures);
                block_on(retry.call_with(|_| ready(op())))
            }),
            ("call_mut", &|| {
                let mut op = failing(failures);
                block_on(retry.call_mut(async |_| op()))
            }),
            ("loop", &|| block_on(by_loop(retry, failing(failures)))),
            ("call_blocking", &|| retry.call_blocking(failing(failures))),
            ("call_blocking_with", &|| {
                let mut op = failing(failures);
                retry.call_blocking_with(|_| op())
            }),
            ("blocking loop", &|| by_blocking_loop(retry, failing(failures))),
        ];
        for (name, door) in doors {
            let outcome = Cell::new(Ok(0));
            let allocations = measure(|| outcome.set(door().map_err(|end| end.attempts)));
            assert_eq!(outcome.get(), attempts, "{name}");
            assert_eq!((allocations.count_total, allocations.bytes_total), (0, 0), "{name}, {failures} failures");
        }
    }
}

fn policy() -> Policy {
    Policy::exponential(Duration::from_millis(1), Duration::from_secs(1)).jitter(Law::FULL).attempts(6)
}

#[test]
fn a_retrier_allocates_nothing() {
    allocates_nothing(&Retry::with_sleeper(policy(), Noop));
    allocates_nothing(&Retry::with_sleeper(policy().within(Duration::from_secs(9)), Noop));
}

#[test]
fn a_boxed_policy_allocates_nothing_more() {
    allocates_nothing(&Retry::with_sleeper(policy().boxed(), Noop));
    let composed = policy().and(policy()).or_else(retry_core::Never).boxed();
    allocates_nothing(&Retry::with_sleeper(composed, Noop));
}

#[test]
fn an_observer_that_counts_allocates_nothing() {
    let counter = Counter::default();
    allocates_nothing(&Retry::with_sleeper(policy(), Noop).observe(&counter));
    allocates_nothing(&Retry::with_sleeper(policy().boxed(), Noop).observe((&counter, &counter)));
    // each of 7 doors: 2, then 6 starts, 5 failures, 5 waits and a success, then 6, 6, 5 and the end; three times over
    assert_eq!(counter.0.get(), 7 * (2 + 17 + 18) * 3);
}

#[test]
fn a_history_allocates_nothing() {
    allocates_nothing(&Retry::with_sleeper(policy(), Noop).history::<4>());
    allocates_nothing(&Retry::with_sleeper(policy().boxed(), Noop).history::<4>());
}

#[test]
fn limits_allocate_nothing() {
    let hour = Duration::from_secs(3600);
    allocates_nothing(&Retry::with_sleeper(policy(), Noop).timeout(hour));
    allocates_nothing(&Retry::with_sleeper(policy().boxed(), Noop).timeout(hour).deadline(2 * hour));
}

#[test]
fn all_of_it_together_allocates_nothing() {
    let counter = Counter::default();
    let retry = Retry::with_sleeper(policy().boxed(), Noop);
    allocates_nothing(&retry.timeout(Duration::from_secs(3600)).history::<8>().observe(&counter));
}

/// Each reading is ten seconds after the one before, so that a pacer that is engaged has a place for everybody.
#[derive(Default)]
struct Striding(Cell<u64>);

impl Clock for Striding {
    fn now(&self) -> Time {
        self.0.set(self.0.get() + 10_000_000_000);
        Time::from_nanos(self.0.get())
    }
}

impl BlockingSleeper for Striding {
    fn sleep_blocking(&self, _: Duration) {}
}

#[test]
fn budget_pacer_and_breaker_together_allocate_nothing() {
    use retry_core::{BreakerRule, BudgetRule, Destination, DestinationRule, Verdict, classify_fn};

    let base = DestinationRule::DEFAULT.budget(BudgetRule::DEFAULT.floor(1000));
    let paced = [base.clone().paced_by_aimd(), base.paced_by_cubic()];
    let breakers = [BreakerRule::consecutive(1000), BreakerRule::rate(90, 1000, Duration::from_secs(60))];
    for (rule, breaker) in paced.iter().flat_map(|rule| breakers.iter().map(move |breaker| (rule, breaker))) {
        let host = Destination::new(&rule.clone().breaker(breaker.clone()), Time::default());
        let retry = Retry::with_sleeper(policy().toward(&host).adaptive(), Striding::default())
            .classify(classify_fn(|_: &u8| Verdict::THROTTLED));
        // the locks are made at their first use
        retry.call_blocking(failing(1)).unwrap();
        for (failures, attempts) in [(0, Ok(1)), (5, Ok(6)), (9, Err(6))] {
            let outcome = Cell::new(Ok(0));
            let allocations =
                measure(|| outcome.set(retry.call_blocking(failing(failures)).map_err(|end| end.attempts)));
            assert_eq!(outcome.get(), attempts, "{rule:?} {breaker:?}");
            assert_eq!(allocations.count_total, 0, "{rule:?} {breaker:?}, {failures} failures");
        }
    }
}

/// A call through the layer: clones of the service, of the request and of what they share.
#[cfg(feature = "tower")]
#[test]
fn a_tower_layer_allocates_nothing_for_a_call() {
    use retry_core::tower::tower_layer::Layer;
    use retry_core::tower::tower_service::Service;
    use retry_core::{Breaker, BreakerRule, SuccessBudget};

    /// Fails as often as the request says.
    #[derive(Clone)]
    struct Failing<'a>(&'a Cell<u32>);

    impl Service<u32> for Failing<'_> {
        type Response = u32;
        type Error = u8;
        type Future = Ready<Result<u32, u8>>;
        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), u8>> {
            Poll::Ready(Ok(()))
        }
        fn call(&mut self, failures: u32) -> Self::Future {
            self.0.set(self.0.get() + 1);
            ready(if self.0.get() > failures { Ok(self.0.get()) } else { Err(7) })
        }
    }

    ThreadEntropy.next_u64();
    let (calls, counter) = (Cell::new(0), Counter::default());
    let guards = (SuccessBudget::default(), Breaker::new(BreakerRule::consecutive(99)));
    let guarded = policy().budgeted(&guards.0).guarded(&guards.1);
    let hour = Duration::from_secs(3600);
    let mut plain = Retry::with_sleeper(policy(), Noop).into_layer().layer(Failing(&calls));
    let mut full = Retry::with_sleeper(guarded, Noop)
        .timeout(hour)
        .history::<4>()
        .observe(&counter)
        .into_layer()
        .layer(Failing(&calls));
    // a lock is made at its first use
    block_on(full.call(0)).unwrap();
    for (failures, attempts) in [(0, Some(1)), (2, Some(3)), (9, None)] {
        let run = |name: &str, call: &mut dyn FnMut() -> Option<u32>| {
            calls.set(0);
            let outcome = Cell::new(None);
            let allocations = measure(|| outcome.set(call()));
            assert_eq!(outcome.get(), attempts, "{name}");
            assert_eq!(allocations.count_total, 0, "{name}, {failures} failures");
        };
        run("plain", &mut || block_on(plain.call(failures)).ok());
        run("full", &mut || block_on(full.call(failures)).ok());
    }
}

/// The measure works: an erased sleeper allocates each of its sleeps.
#[test]
fn a_boxed_sleeper_allocates_each_sleep() {
    let retry = Retry::with_sleeper(policy(), BoxSleeper::new(Noop));
    ThreadEntropy.next_u64();
    let run = |failures| {
        let mut op = failing(failures);
        measure(|| drop(block_on(retry.call(|| ready(op()))))).count_total
    };
    assert_eq!([run(0), run(1), run(5)], [0, 1, 5]);
}
