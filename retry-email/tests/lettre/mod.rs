mod asynchronous;
mod blocking;
mod classify;
mod limits;
mod pool;
mod support;
mod unanswered;
mod unknown_outcome;
