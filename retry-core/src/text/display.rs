//! Writes the canonical form.
// NOTE: whatever is written here, `parser` reads as the same value; `tests/api/text` holds them to it.

use std::fmt;

use super::duration::Span;
use crate::time::{FOREVER, nanos};
use crate::{BudgetShare, HintRule, Law, LimitedPolicy, Policy, Retryable};

mod law;
mod ratio;
mod schedule;

use ratio::Percent;
use schedule::Ranged;

/// The canonical text: see the [grammar](crate::grammar).
impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_policy(f, self, FOREVER, None)
    }
}

/// The canonical text: see the [grammar](crate::grammar).
impl fmt::Display for LimitedPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_policy(f, self.policy(), self.timeout_limit().map_or(FOREVER, nanos), self.budget_share())
    }
}

fn write_policy(f: &mut fmt::Formatter<'_>, policy: &Policy, timeout: u64, budget: Option<BudgetShare>) -> fmt::Result {
    write_part(f, policy)?;
    if timeout != FOREVER {
        write!(f, ", timeout {}", Span(timeout))?;
    }
    if let Some(share) = budget {
        write!(f, ", budget {share}")?;
    }
    for class in [Retryable::Transient, Retryable::Throttled, Retryable::Persistent, Retryable::Misconfigured] {
        if let Some(own) = policy.class_policy(class) {
            write!(f, "; {}: ", class.as_str())?;
            write_part(f, own)?;
        }
    }
    Ok(())
}

/// A policy without its classes.
fn write_part(f: &mut fmt::Formatter<'_>, policy: &Policy) -> fmt::Result {
    let cap = policy.cap().map(nanos);
    match cap {
        Some(cap) if policy.schedule().has_range() => write!(f, "{}", Ranged(policy.schedule(), cap))?,
        _ => write!(f, "{}", policy.schedule())?,
    }
    if policy.law() != Law::None {
        write!(f, " {}", policy.law())?;
    }
    if let Some(cap) = cap.filter(|_| !policy.schedule().has_range()) {
        write!(f, ", cap {}", Span(cap))?;
    }
    match policy.attempt_limit().map(u32::from) {
        Some(1) => f.write_str(", 1 attempt")?,
        Some(attempts) => write!(f, ", {attempts} attempts")?,
        None => {}
    }
    if let Some(limit) = policy.time_limit() {
        write!(f, ", within {}", Span(nanos(limit)))?;
    }
    let (rule, max) = (policy.hint_rule(), nanos(policy.hint_max()));
    if rule != HintRule::AtLeast || max != DAY {
        write!(f, ", hint {rule}")?;
    }
    if max != DAY {
        write!(f, " max {}", Span(max))?;
    }
    if policy.cost_percent() != 100 {
        write!(f, ", cost {}%", policy.cost_percent())?;
    }
    Ok(())
}

/// The hints that a policy follows unless told otherwise.
const DAY: u64 = 86_400_000_000_000;

/// The words of the text form: `at-least`, `clamp 5s`, `exactly`, `ignore`.
impl fmt::Display for HintRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast => f.write_str("at-least"),
            Self::Clamp(slack) => write!(f, "clamp {}", Span(nanos(*slack))),
            Self::Exactly => f.write_str("exactly"),
            Self::Ignore => f.write_str("ignore"),
        }
    }
}

/// The words of the text form: `50%`, `none`.
impl fmt::Display for BudgetShare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.ratio() {
            Some(ratio) => Percent(ratio).fmt(f),
            None => f.write_str("none"),
        }
    }
}
