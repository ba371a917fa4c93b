//! A policy as it is written: a map without what is default.

use std::fmt::Display;
use std::time::Duration;

use serde::{Serialize, Serializer};

use crate::text::duration::Span;
use crate::time::nanos;
use crate::{BudgetShare, HintRule, Law, Policy, Retryable, Schedule};

// NOTE: `Map` reads these keys.
#[derive(Serialize)]
#[serde(rename = "policy")]
pub(super) struct Written<'a> {
    schedule: Shown<&'a Schedule>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jitter: Option<Shown<Law>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cap: Option<Shown<Span>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attempts: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    within: Option<Shown<Span>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<Shown<HintRule>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint_max: Option<Shown<Span>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cost: Option<Shown<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timeout: Option<Shown<Span>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    budget: Option<Shown<BudgetShare>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    transient: Option<Box<Self>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    throttled: Option<Box<Self>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    persistent: Option<Box<Self>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    misconfigured: Option<Box<Self>>,
}

/// By its `Display`.
struct Shown<T>(T);

impl<T: Display> Serialize for Shown<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'a> Written<'a> {
    pub(super) fn of(policy: &'a Policy, timeout: Option<Duration>, budget: Option<BudgetShare>) -> Self {
        let bare = Policy::constant(Duration::ZERO);
        let span = |duration: Duration| Shown(Span(nanos(duration)));
        let class = |class| policy.class_policy(class).map(|own| Box::new(Self::of(own, None, None)));
        Self {
            schedule: Shown(policy.schedule()),
            jitter: other_than(bare.law(), policy.law()).map(Shown),
            cap: policy.cap().map(span),
            attempts: policy.attempt_limit().map(u32::from),
            within: policy.time_limit().map(span),
            hint: other_than(bare.hint_rule(), policy.hint_rule()).map(Shown),
            hint_max: other_than(bare.hint_max(), policy.hint_max()).map(span),
            cost: other_than(bare.cost_percent(), policy.cost_percent()).map(|percent| Shown(format!("{percent}%"))),
            timeout: timeout.map(span),
            budget: budget.map(Shown),
            transient: class(Retryable::Transient),
            throttled: class(Retryable::Throttled),
            persistent: class(Retryable::Persistent),
            misconfigured: class(Retryable::Misconfigured),
        }
    }
}

fn other_than<T: PartialEq>(default: T, value: T) -> Option<T> {
    (value != default).then_some(value)
}
