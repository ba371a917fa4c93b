//! Which types can be sent, shared and moved, one line a type.

use std::future::Ready;
use std::marker::PhantomData;
use std::rc::Rc;

use retry_core::simulate::{
    Bin, Contended, Contention, Disturbance, Fleet, Latencies, Load, Mean, RateLimit, Report, Scenario, Seat, SimClock,
    SimulationError, Summary, Tally, Trials,
};
use retry_core::test_util::{Event, Recorder, Scripted, VirtualClock, VirtualSleep};
use retry_core::*;

struct Probe<T: ?Sized>(PhantomData<T>);

/// What holds where the inherent constants of the same name do not apply.
trait Absent {
    const SEND: bool = false;
    const SYNC: bool = false;
    const UNPIN: bool = false;
}

impl<T: ?Sized> Absent for Probe<T> {}
impl<T: ?Sized + Send> Probe<T> {
    const SEND: bool = true;
}
impl<T: ?Sized + Sync> Probe<T> {
    const SYNC: bool = true;
}
impl<T: ?Sized + Unpin> Probe<T> {
    const UNPIN: bool = true;
}

/// `Send`, `Sync` and `Unpin`, as far as they hold.
macro_rules! table {
    ($($ty:ty => $($holds:ident)*;)*) => {
        #[test]
        fn types_are_send_sync_and_unpin_as_the_table_says() {
            $({
                let names = [
                    (Probe::<$ty>::SEND, "Send"),
                    (Probe::<$ty>::SYNC, "Sync"),
                    (Probe::<$ty>::UNPIN, "Unpin"),
                ];
                let held: Vec<_> = names.iter().filter(|(holds, _)| *holds).map(|(_, name)| *name).collect();
                let expected: &[&str] = &[$(stringify!($holds)),*];
                assert_eq!(held, expected, stringify!($ty));
            })*
        }
    };
}

type Op = NoArg<fn() -> Ready<Result<(), ()>>>;
/// An operation whose future stays where it is.
type Pinned = NoArg<fn() -> tokio::time::Sleep>;
/// One that stays on its thread.
type Local = NoArg<fn() -> Ready<Result<Rc<u8>, ()>>>;
type Classify = fn(&u8) -> Verdict;
type Tokio<Op, P = Policy> = Call<'static, P, TokioSleeper, AnyError, (), Plain, Op>;
type Virtual<Op> = Call<'static, Policy, VirtualClock, AnyError, (), Plain, Op>;
type Full4 = With<Limits, (), History<4>, ()>;
type Wait<S, E> = Waiting<'static, 'static, Policy, S, AnyError, (), Plain, E, ()>;

table! {
    Plan => Send Sync Unpin;
    Planned => Send Sync Unpin;
    Spread => Send Sync Unpin;
    Figure => Send Sync Unpin;
    Preview => Send Sync Unpin;
    Bounds => Send Sync Unpin;
    // plain data
    Attempt => Send Sync Unpin;
    Because => Send Sync Unpin;
    BudgetShare => Send Sync Unpin;
    Class => Send Sync Unpin;
    Decision => Send Sync Unpin;
    Effect => Send Sync Unpin;
    Entry => Send Sync Unpin;
    Failure => Send Sync Unpin;
    Grant => Send Sync Unpin;
    GaveUp<u8> => Send Sync Unpin;
    GaveUp<Rc<u8>> => Unpin;
    Hint => Send Sync Unpin;
    HintRule => Send Sync Unpin;
    HintSource => Send Sync Unpin;
    History<4> => Send Sync Unpin;
    Invalid => Send Sync Unpin;
    Last<u8> => Send Sync Unpin;
    LimitedPolicy => Send Sync Unpin;
    Limits => Send Sync Unpin;
    Needs => Send Sync Unpin;
    LimitedRetry<TokioSleeper> => Send Sync Unpin;
    Outcome => Send Sync Unpin;
    ParseError => Send Sync Unpin;
    ParseErrorKind => Send Sync Unpin;
    PolicyTable => Send Sync Unpin;
    Ratio => Send Sync Unpin;
    retry_core::Wait => Send Sync Unpin;
    Retryable => Send Sync Unpin;
    Scope => Send Sync Unpin;
    Session => Send Sync Unpin;
    StopReason => Send Sync Unpin;
    Time => Send Sync Unpin;
    Verdict => Send Sync Unpin;
    // the simulator
    Bin => Send Sync Unpin;
    Contended => Send Sync Unpin;
    Contention => Send Sync Unpin;
    Disturbance => Send Sync Unpin;
    // made of closures that need not be
    Fleet<'static> => Unpin;
    Latencies => Send Sync Unpin;
    Load => Send Sync Unpin;
    Mean => Send Sync Unpin;
    RateLimit => Send Sync Unpin;
    Report => Send Sync Unpin;
    Scenario => Send Sync Unpin;
    Seat => Send Sync Unpin;
    SimClock => Send Sync Unpin;
    SimulationError => Send Sync Unpin;
    Summary => Send Sync Unpin;
    Tally => Send Sync Unpin;
    Trials => Send Sync Unpin;
    // overload
    Aimd => Send Sync Unpin;
    AimdLimit => Send Sync Unpin;
    AwsQuota => Send Sync Unpin;
    Breaker => Send Sync Unpin;
    BreakerRule => Send Sync Unpin;
    BreakerState => Send Sync Unpin;
    BudgetRule => Send Sync Unpin;
    Budgeted<Policy, &'static SuccessBudget> => Send Sync Unpin;
    Budgeted<Policy, Rc<SuccessBudget>> => Unpin;
    Charge => Send Sync Unpin;
    Cubic => Send Sync Unpin;
    CubicCurve => Send Sync Unpin;
    Destination => Send Sync Unpin;
    DestinationRule => Send Sync Unpin;
    Destinations<String> => Send Sync Unpin;
    DrawOnly<SuccessBudget> => Send Sync Unpin;
    GrpcThrottle => Send Sync Unpin;
    Guarded<Policy, &'static Breaker> => Send Sync Unpin;
    Paced<Policy, &'static Cubic> => Send Sync Unpin;
    RateMeter => Send Sync Unpin;
    SuccessAverage => Send Sync Unpin;
    SuccessBudget => Send Sync Unpin;
    TokenBucket => Send Sync Unpin;
    Toward<Policy, std::sync::Arc<Destination>> => Send Sync Unpin;
    Under<Policy> => Send Sync Unpin;
    // schedules and jitter
    ByAge => Send Sync Unpin;
    Capped<Constant> => Send Sync Unpin;
    Constant => Send Sync Unpin;
    Decorrelated => Send Sync Unpin;
    DecorrelatedV2 => Send Sync Unpin;
    Exponential => Send Sync Unpin;
    Fibonacci => Send Sync Unpin;
    Floored<Constant> => Send Sync Unpin;
    Interval => Send Sync Unpin;
    Jittered<Constant, Full> => Send Sync Unpin;
    Linear => Send Sync Unpin;
    Nested => Send Sync Unpin;
    Polynomial => Send Sync Unpin;
    Scaled<Constant> => Send Sync Unpin;
    Schedule => Send Sync Unpin;
    Segment => Send Sync Unpin;
    Segments => Send Sync Unpin;
    Staggered => Send Sync Unpin;
    Take<Constant> => Send Sync Unpin;
    Then<Constant, Constant> => Send Sync Unpin;
    Additive => Send Sync Unpin;
    Equal => Send Sync Unpin;
    Full => Send Sync Unpin;
    Law => Send Sync Unpin;
    Proportional => Send Sync Unpin;
    // policies
    Admission => Send Sync Unpin;
    And<Policy, Never> => Send Sync Unpin;
    AtMostOnce<Policy> => Send Sync Unpin;
    BackoffPolicy<Constant> => Send Sync Unpin;
    ForClass<Policy, Never> => Send Sync Unpin;
    Never => Send Sync Unpin;
    OrElsePolicy<Policy, Never> => Send Sync Unpin;
    Policy => Send Sync Unpin;
    Box<dyn RetryPolicy + Send + Sync> => Send Sync Unpin;
    Box<dyn RetryPolicy> => Unpin;
    // classifiers
    AnyError => Send Sync Unpin;
    BySelf => Send Sync Unpin;
    ClassifyFn<Classify> => Send Sync Unpin;
    ClassifySource<std::fmt::Error, Classify> => Send Sync Unpin;
    ClassifySource<std::fmt::Error, Rc<u8>> => Unpin;
    BoxedSource<AnyError> => Send Sync Unpin;
    OrElse<AnyError, AnyError> => Send Sync Unpin;
    // randomness and clocks
    Seeded => Send Sync Unpin;
    ThreadEntropy => Send Sync Unpin;
    BoxSleep => Send Unpin;
    BoxSleeper => Send Sync Unpin;
    SeededSleeper<TokioSleeper> => Send Sync Unpin;
    ThreadSleeper => Send Sync Unpin;
    TokioSleeper => Send Sync Unpin;
    // observers and events
    Failed<'static, u8> => Send Sync Unpin;
    Scheduled => Send Sync Unpin;
    Started => Send Sync Unpin;
    Stopped => Send Sync Unpin;
    Succeeded => Send Sync Unpin;
    What<'static, u8> => Send Sync Unpin;
    // the retrier and its parts
    Retry<Policy, TokioSleeper> => Send Sync Unpin;
    Retry<Box<dyn RetryPolicy + Send + Sync>, TokioSleeper, AnyError, (), Full4> => Send Sync Unpin;
    Retry<Rc<Policy>, TokioSleeper> => Unpin;
    Plain => Send Sync Unpin;
    With<Limits, (), History<4>, ()> => Send Sync Unpin;
    RejectFn<Classify> => Send Sync Unpin;
    StopFn<Classify> => Send Sync Unpin;
    NoArg<Classify> => Send Sync Unpin;
    WithAttempt<Classify> => Send Sync Unpin;
    // named futures: `Unpin` as far as the sleeper's and the operation's are
    Tokio<Op> => Send Sync;
    Tokio<Op, Rc<Policy>> => ;
    Virtual<Op> => Send Sync Unpin;
    Virtual<Pinned> => Send Sync;
    Virtual<Local> => Unpin;
    Call<'static, Policy, BoxSleeper, AnyError, (), Plain, Op> => Send Unpin;
    Call<'static, Policy, TokioSleeper, AnyError, (), Full4, Op> => Send Sync;
    Run<'static, Policy, TokioSleeper, AnyError, (), Plain> => Send Sync Unpin;
    Run<'static, Rc<Policy>, TokioSleeper, AnyError, (), Plain> => Unpin;
    Wait<TokioSleeper, u8> => Send Sync;
    Wait<VirtualClock, u8> => Send Sync Unpin;
    Wait<VirtualClock, Rc<u8>> => Unpin;
    Uncut<Ready<()>> => Send Sync Unpin;
    Uncut<tokio::time::Sleep> => Send Sync;
    Timed<Ready<()>, tokio::time::Sleep> => Send Sync;
    Timed<Ready<()>, VirtualSleep> => Send Sync Unpin;
    // the test kit
    Event => Send Sync Unpin;
    Recorder => Send Sync Unpin;
    Scripted => Send Sync Unpin;
    VirtualClock => Send Sync Unpin;
    VirtualSleep => Send Sync Unpin;
}

#[cfg(feature = "stream")]
mod stream {
    use futures::stream::{Empty, Pending};

    use super::*;

    type Open<S, St> = Reopening<'static, Policy, S, AnyError, (), Plain, fn() -> St, St>;

    table! {
        Open<TokioSleeper, Empty<u8>> => Send Sync;
        Open<VirtualClock, Empty<u8>> => Send Sync Unpin;
        Open<VirtualClock, Pending<Rc<u8>>> => Unpin;
    }
}

#[cfg(feature = "tower")]
mod tower {
    use std::task::{Context, Poll};

    use retry_core::tower::tower_service::Service;
    use retry_core::tower::{ByClone, CloneFn, ResponseFuture, RetryLayer, Retrying};

    use super::*;

    #[derive(Clone)]
    struct Echo;

    impl<Req> Service<Req> for Echo {
        type Response = Req;
        type Error = ();
        type Future = Ready<Result<Req, ()>>;
        fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ()>> {
            Poll::Ready(Ok(()))
        }
        fn call(&mut self, request: Req) -> Self::Future {
            std::future::ready(Ok(request))
        }
    }

    type Response<Req, S, P = Policy> = ResponseFuture<Echo, Req, P, S, AnyError, (), Plain>;

    table! {
        ByClone => Send Sync Unpin;
        CloneFn<Classify> => Send Sync Unpin;
        RetryLayer<Policy, TokioSleeper> => Send Sync Unpin;
        RetryLayer<Rc<Policy>, TokioSleeper> => Unpin;
        Retrying<Echo, Policy, TokioSleeper, AnyError, (), Plain> => Send Sync Unpin;
        Response<u8, TokioSleeper> => Send Sync;
        Response<u8, VirtualClock> => Send Sync Unpin;
        Response<Rc<u8>, VirtualClock> => Unpin;
        Response<u8, TokioSleeper, Rc<Policy>> => ;
    }
}

#[cfg(feature = "futures-timer")]
mod futures_timer {
    use super::*;

    table! {
        FuturesTimerSleeper => Send Sync Unpin;
        Call<'static, Policy, FuturesTimerSleeper, AnyError, (), Plain, Op> => Send Sync Unpin;
    }
}

#[cfg(all(feature = "tracing", feature = "metrics"))]
mod adapters {
    use super::*;

    table! {
        MetricsObserver => Send Sync Unpin;
        TracingObserver => Send Sync Unpin;
    }
}

fn sent<T: Send>(_: &T) {}

/// Those without a name.
#[tokio::test]
async fn unnamed_futures_are_send_where_their_parts_are() {
    let retry = Retry::new(Policy::constant(std::time::Duration::ZERO));
    sent(&retry.call_mut(async |_| Ok::<_, u8>(1)));
    let mut owned = String::new();
    sent(&retry.call_mut(async move |_| {
        owned.push('x');
        tokio::task::yield_now().await;
        Ok::<_, u8>(owned.len())
    }));
    sent(&retry_core::retry(Policy::constant(std::time::Duration::ZERO), async || Ok::<_, u8>(1)));
    let mut run = retry.begin();
    sent(&run.admitted::<u8, ()>());
    sent(&run.failed(3_u8));
    sent(&run.timed_out::<u8>());
    sent(&run.limit(std::future::ready(1)));
}
