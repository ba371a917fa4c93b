//! The verdicts that rows have in common.

use retry_core::{Class, Effect, Scope, Verdict};

/// Too many requests a second: refused.
pub(super) const THROTTLED: Verdict = Verdict::THROTTLED.scope(Scope::Account);
/// The day's or the month's is used up: refused, until it is over or somebody pays.
pub(super) const QUOTA: Verdict = Verdict::new(Class::Persistent).effect(Effect::None).scope(Scope::Account);
/// Key, rights, plan or account: refused, until we mend it.
pub(super) const OURS: Verdict = Verdict::new(Class::Misconfigured).effect(Effect::None).scope(Scope::Account);
/// This request will never be taken.
pub(super) const NEVER: Verdict = Verdict::PERMANENT.effect(Effect::None).scope(Scope::Request);
/// The service is out of order.
pub(super) const DOWN: Verdict = Verdict::TRANSIENT;
/// Not there yet, as a system says that is consistent after a while only.
pub(super) const NOT_YET: Verdict = Verdict::TRANSIENT.effect(Effect::None).scope(Scope::Request);
/// The first request with the same key is still running.
pub(super) const RUNNING: Verdict = Verdict::TRANSIENT.scope(Scope::Request);
