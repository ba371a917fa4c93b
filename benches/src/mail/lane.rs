//! What sends one message after the other, and how that is measured.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;

use crate::callgrind::Failure;
use crate::cpu_time;
use crate::stopwatch::Stopwatch;

/// A sender of messages over one connection at a time, its own or one of a pool.
pub trait Lane: Send + 'static {
    /// Sends one message; an error unless all recipients have it.
    fn send(&mut self) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// When a lane has sent enough.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// So many messages at the most.
    pub messages: u32,
    /// None is begun after this.
    pub time: Duration,
}

/// What a process has measured of its lanes.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub struct Taken {
    /// Messages that were sent.
    pub messages: u32,
    /// Nanoseconds of real time.
    pub wall_ns: f64,
    /// Nanoseconds of the process on any core, in the program and in the system.
    pub cpu_ns: f64,
}

/// Lets every lane send, all at the same time. Connections are opened, and each has carried a message, before anything is
/// counted.
///
/// # Errors
/// Where a message was not delivered.
pub async fn measured<L: Lane>(lanes: Vec<L>, limits: Limits) -> Result<Taken, Failure> {
    let (lanes, _) = all(lanes, Limits { messages: 1, time: Duration::MAX }).await?;
    let (watch, before) = (Stopwatch::start(), cpu_time::of_process());
    let (_, messages) = all(lanes, limits).await?;
    let cpu = cpu_time::of_process().saturating_sub(before);
    let nanoseconds = |time: Duration| time.as_secs_f64() * 1e9;
    Ok(Taken { messages, wall_ns: nanoseconds(watch.elapsed()), cpu_ns: nanoseconds(cpu) })
}

async fn all<L: Lane>(lanes: Vec<L>, limits: Limits) -> Result<(Vec<L>, u32), Failure> {
    let watch = Stopwatch::start();
    let mut sending: JoinSet<Result<(L, u32), Failure>> = JoinSet::new();
    for mut lane in lanes {
        sending.spawn(async move {
            let mut messages = 0;
            while messages < limits.messages && (messages == 0 || watch.elapsed() < limits.time) {
                lane.send().await?;
                messages += 1;
            }
            Ok((lane, messages))
        });
    }
    let (mut lanes, mut total) = (Vec::new(), 0);
    while let Some(ended) = sending.join_next().await {
        let (lane, messages) = ended??;
        lanes.push(lane);
        total += messages;
    }
    Ok((lanes, total))
}
