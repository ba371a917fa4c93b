//! A policy as a map.

use serde::Deserialize;

use super::OfClass;
use super::value::{Cost, Hints, Ranged, Text};
use crate::text::duration::Span;
use crate::text::parser::{Role, attempts, retries};
use crate::time::duration;
use crate::{BudgetShare, Invalid, Law, LimitedPolicy, Policy, Retryable};

// NOTE: the keys are those of `Written`, and some that only people write.
#[derive(Deserialize)]
#[serde(rename = "policy", deny_unknown_fields)]
pub(super) struct Map {
    schedule: Text<Ranged>,
    jitter: Option<Text<Law>>,
    cap: Option<Text<Span>>,
    attempts: Option<u64>,
    retries: Option<u64>,
    within: Option<Text<Span>>,
    hint: Option<Text<Hints>>,
    hint_max: Option<Text<Span>>,
    cost: Option<Text<Cost>>,
    timeout: Option<Text<Span>>,
    budget: Option<Text<BudgetShare>>,
    transient: Option<OfClass>,
    throttled: Option<OfClass>,
    persistent: Option<OfClass>,
    misconfigured: Option<OfClass>,
}

impl Map {
    /// The policy, checked; the error says what is wrong.
    pub(super) fn build(self, role: Role) -> Result<LimitedPolicy, String> {
        if role != Role::Limited && (self.timeout.is_some() || self.budget.is_some()) {
            return Err(
                "a timeout or budget is no part of a `Policy`, nor of a class; read a `LimitedPolicy`".to_owned()
            );
        }
        let Text(Ranged(schedule, end)) = self.schedule;
        let mut policy = Policy::new(schedule);
        if let Some(cap) = once("cap", self.cap.map(|Text(Span(cap))| cap), "the end of the schedule's range", end)? {
            policy = policy.capped(duration(cap));
        }
        if let Some(Text(law)) = self.jitter {
            policy = policy.jitter(law);
        }
        let limit = |count: fn(u64) -> Result<u32, &'static str>, key: &str, number: Option<u64>| {
            number.map(count).transpose().map_err(|expected| format!("{key}: expected {expected}"))
        };
        let by_attempts = limit(attempts, "attempts", self.attempts)?;
        if let Some(limit) = once("attempts", by_attempts, "retries", limit(retries, "retries", self.retries)?)? {
            policy = policy.attempts(limit);
        }
        if let Some(Text(Span(limit))) = self.within {
            policy = policy.within(duration(limit));
        }
        let (rule, max) = self.hint.map_or_else(|| (policy.hint_rule(), None), |Text(Hints(rule, max))| (rule, max));
        let max = once("hint_max", self.hint_max.map(|Text(Span(max))| max), "max in hint", max)?;
        let max = max.map_or_else(|| policy.hint_max(), duration);
        policy = policy.hints(rule, max);
        if let Some(Text(Cost(percent))) = self.cost {
            policy = policy.budget_cost(percent);
        }
        let classes = [
            (Retryable::Transient, self.transient),
            (Retryable::Throttled, self.throttled),
            (Retryable::Persistent, self.persistent),
            (Retryable::Misconfigured, self.misconfigured),
        ];
        for (class, own) in classes {
            if let Some(OfClass(own)) = own {
                if role == Role::Class {
                    return Err(Invalid::Nested.to_string());
                }
                policy = policy.on_class_owned(class, own);
            }
        }
        let mut limited = LimitedPolicy::new(policy);
        if let Some(Text(Span(limit))) = self.timeout {
            limited = limited.timeout(duration(limit));
        }
        if let Some(Text(share)) = self.budget {
            limited = limited.budget(share);
        }
        limited.check().map_err(|invalid| invalid.to_string())?;
        Ok(limited)
    }
}

/// The one of two that is there.
fn once<T>(a_name: &str, a: Option<T>, b_name: &str, b: Option<T>) -> Result<Option<T>, String> {
    if a.is_some() && b.is_some() {
        return Err(format!("{a_name} and {b_name} say the same; leave one out"));
    }
    Ok(a.or(b))
}
