//! Requests of several threads over one quota.
//!
//! A case gives the steps of each thread in order and the quota after each step, but not how the threads take turns: it passes
//! where some order of turns gives all that is expected.

use retry_core::Time;
use serde_json::Value;

use super::session::{self, Client, Request};
use crate::conformance::case::Case;
use crate::conformance::fault::{Fault, Outcome, same};

pub(super) fn run(case: &Case) -> Outcome {
    let threads = case.all().need_list("threads")?;
    let steps = |thread: &'_ Value| thread.as_array().cloned().ok_or_else(|| Fault::unreadable("a thread is no list"));
    let threads: Vec<_> = threads.iter().map(steps).collect::<Result<_, _>>()?;
    let client = Client::of(case)?;
    let search = Search { case, client: &client, threads: &threads };
    let begun = vec![(0, Request::begin(Time::default())); threads.len()];
    search.turn(&begun, session::quota(case)?.available())
}

struct Search<'a> {
    case: &'a Case,
    client: &'a Client,
    threads: &'a [Vec<Value>],
}

impl Search<'_> {
    /// Lets each thread have the next turn, until one order comes to the end.
    fn turn(&self, at: &[(usize, Request)], tokens: u32) -> Outcome {
        if at.iter().zip(self.threads).all(|((step, _), steps)| *step == steps.len()) {
            return self.end(tokens);
        }
        let mut found = Err(Fault::differs("an order of turns", "none"));
        for (thread, steps) in self.threads.iter().enumerate() {
            let Some((step, mut request)) = at.get(thread).copied() else { continue };
            let Some(response) = steps.get(step) else { continue };
            let quota = session::quota(self.case)?.starting_with(tokens);
            let turn = self.client.step(self.case, self.case.all().within(response), &mut request, &quota);
            let rest = turn.and_then(|()| {
                let mut next = at.to_vec();
                if let Some(one) = next.get_mut(thread) {
                    *one = (step + 1, request);
                }
                self.turn(&next, quota.available())
            });
            match rest {
                Ok(()) => return Ok(()),
                Err(fault) => found = Err(fault),
            }
        }
        found
    }

    fn end(&self, tokens: u32) -> Outcome {
        match self.case.all().whole("expected_final_quota")? {
            Some(expected) => same(expected, u64::from(tokens)),
            None => Ok(()),
        }
    }
}
