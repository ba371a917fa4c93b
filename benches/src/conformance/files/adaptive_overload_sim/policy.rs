use std::time::Duration;

use retry_core::simulate::{Fleet, Seat};
use retry_core::{BudgetRule, GrpcThrottle, Never, Policy, Ratio, RetryPolicy, SuccessBudget};

use super::label::{after, before, number};
use super::reserved::Reserved;
use crate::comparators::{Aws, Brooker, Finagle, Guarded, SCHEDULE, Sre, Stretched};
use crate::conformance::fault::Fault;

/// A policy by the label of the cases: a letter, words, and numbers after them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named {
    kind: Kind,
    attempts: u32,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    None,
    Plain,
    Aws2_0,
    Aws2_1,
    Finagle { part: f64, free: f64, live: f64 },
    Grpc { most: f64, ratio: f64 },
    Brooker { part: f64, most: f64, stretched: bool },
    Sre { k: f64, window: f64, only_retries: bool },
    Stretched,
    Cubic { any_failure: bool },
    Budget { rule: BudgetRule, stretched: bool },
}

impl Named {
    pub(super) fn parse(label: &str) -> Result<Self, Fault> {
        let has = |word: &str| label.contains(word);
        let or = |key: &str, default: f64| after(label, key).unwrap_or(default);
        let attempts = label.split_whitespace().filter_map(|word| word.strip_prefix('x')?.parse().ok()).next();
        let kind = if has("cubic") {
            Kind::Cubic { any_failure: has("any failure") }
        } else if has("none") {
            Kind::None
        } else if has("expo") {
            Kind::Plain
        } else if has("aws") {
            if has("2.1") { Kind::Aws2_1 } else { Kind::Aws2_0 }
        } else if has("finagle") {
            Kind::Finagle {
                part: before(label, '%').unwrap_or(20.0) / 100.0,
                free: or("min", 10.0),
                live: or("ttl", 10.0),
            }
        } else if has("grpc") {
            // `throttle 10/0.1`: two numbers, and no fraction.
            let (most, ratio) = label.split_once('/').unwrap_or((label, ""));
            Kind::Grpc { most: after(most, "throttle").unwrap_or(10.0), ratio: number(ratio).unwrap_or(0.1) }
        } else if has("combo") {
            Kind::Brooker { part: or("bucket", or("brooker", 0.1)), most: or("mx", 10.0), stretched: true }
        } else if has("brooker") || label.starts_with('G') {
            Kind::Brooker { part: or("brooker", or("G", 0.1)), most: or("mx", 10.0), stretched: false }
        } else if has("sre") {
            Kind::Sre { k: or("K=", or("sreK", 2.0)), window: or("tau", 30.0), only_retries: has("retries only") }
        } else if label.starts_with('W') {
            let ratio = [after(label, "r="), after(label, "bucket"), after(label, "windowed")];
            Kind::Budget {
                rule: rule(
                    ratio.into_iter().flatten().next().unwrap_or(0.5),
                    or("mn", or(" m=", 1.0)),
                    or("ttl", 10.0),
                    or("p=", 0.0),
                ),
                stretched: has("ewma"),
            }
        } else if has("ewma") {
            Kind::Stretched
        } else {
            return Err(Fault::unreadable(format!("no policy is called `{label}`")));
        };
        Ok(Self { kind, attempts: attempts.unwrap_or(3) })
    }

    pub(super) const fn attempts(&self) -> u32 {
        self.attempts
    }

    pub(super) fn fleet(self) -> Result<Fleet<'static>, Fault> {
        // Refused here, not within a run.
        if let Kind::Grpc { .. } = self.kind {
            self.throttle()?;
        }
        Ok(Fleet::of(move |seat| self.policy(seat)))
    }

    fn schedule(&self) -> Policy {
        SCHEDULE.attempts(self.attempts)
    }

    fn throttle(&self) -> Result<GrpcThrottle, Fault> {
        let Kind::Grpc { most, ratio } = self.kind else { return Err(Fault::unreadable("no throttle")) };
        Ok(GrpcThrottle::new(whole(most), Ratio::new(whole(ratio * 1000.0), 1000)?)?)
    }

    fn policy(&self, seat: &Seat) -> Box<dyn RetryPolicy> {
        let schedule = self.schedule();
        let stretched = |floor: f64| Stretched::new(self.schedule(), 0.1, floor);
        match self.kind {
            Kind::None => Box::new(Never),
            Kind::Plain => Box::new(schedule),
            Kind::Aws2_0 => Box::new(Aws::v2_0(schedule)),
            Kind::Aws2_1 => Box::new(Aws::v2_1(schedule)),
            Kind::Finagle { part, free, live } => {
                let live = super::setting::seconds(live);
                Box::new(Guarded::new(schedule, Finagle::new(part, free, live), seat.clock()))
            }
            Kind::Grpc { .. } => match self.throttle() {
                Ok(throttle) => Box::new(schedule.budgeted(throttle)),
                Err(_) => Box::new(Never),
            },
            Kind::Brooker { part, most, stretched: false } => {
                Box::new(Guarded::new(schedule, Brooker::new(part, most), seat.clock()))
            }
            Kind::Brooker { part, most, stretched: true } => {
                Box::new(Guarded::new(stretched(1.0 / 64.0), Brooker::new(part, most), seat.clock()))
            }
            Kind::Sre { k, window, only_retries } => {
                Box::new(Sre::new(schedule, k, super::setting::seconds(window), only_retries, seat.clock()))
            }
            Kind::Cubic { any_failure } => Box::new(Reserved::new(schedule, any_failure)),
            Kind::Stretched => Box::new(stretched(1.0 / 64.0)),
            Kind::Budget { rule, stretched: false } => Box::new(schedule.budgeted(SuccessBudget::new(rule)).dated()),
            Kind::Budget { rule, stretched: true } => {
                Box::new(stretched(1.0 / 16.0).budgeted(SuccessBudget::new(rule)).dated())
            }
        }
    }
}

/// `trickle` in retries a second.
fn rule(ratio: f64, floor: f64, window: f64, trickle: f64) -> BudgetRule {
    let every = if trickle > 0.0 { super::setting::seconds(1.0 / trickle) } else { Duration::MAX };
    BudgetRule::DEFAULT
        .ratio_percent(u16::try_from(whole(ratio * 100.0)).unwrap_or(u16::MAX))
        .floor(u16::try_from(whole(floor)).unwrap_or(u16::MAX))
        .window(super::setting::seconds(window))
        .trickle(every)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates")]
fn whole(figure: f64) -> u32 {
    figure.round() as u32
}
