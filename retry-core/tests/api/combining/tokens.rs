use proptest::prelude::*;
use retry_core::{Class, Decision, Policy, RetryPolicy, Retryable, Seeded, Session, Time, Verdict};

use crate::support::facts::{MINUTE, SECOND};
use crate::support::strategies::{cases, plain, verdict};
use crate::support::tokens::Tokens;

/// Retries that `policy` granted over `trace`.
fn granted(policy: &dyn RetryPolicy, trace: &[Verdict], seed: u64) -> i64 {
    let (mut session, mut rng) = (Session::begin(Time::default()), Seeded::new(seed));
    let decisions = trace.iter().map(|verdict| session.on_failure(Time::default(), *verdict, policy, &mut rng));
    decisions.filter(|decision| matches!(decision, Decision::Retry(_))).map(|_| 1).sum()
}

fn trace() -> impl Strategy<Value = Vec<Verdict>> {
    prop::collection::vec(verdict(), 1..40)
}

proptest! {
    #![proptest_config(cases())]

    /// Each token is either used for a retry that both granted, or still there.
    #[test]
    fn no_token_is_lost_where_the_right_refuses(right in plain(), trace in trace(), seed in any::<u64>()) {
        let tokens = Tokens::new(20, SECOND);
        let used = granted(&(&tokens).and(&right), &trace, seed);
        prop_assert_eq!(tokens.left() + used, 20);
    }

    #[test]
    fn no_token_is_lost_on_either_of_two_on_the_left(right in plain(), trace in trace(), seed in any::<u64>()) {
        let (a, b) = (Tokens::new(20, SECOND), Tokens::new(5, MINUTE));
        let used = granted(&(&a).and(&b).and(&right), &trace, seed);
        prop_assert_eq!((a.left() + used, b.left() + used), (20, 5));
    }

    /// A right that has no tokens left is a refusal as any other.
    #[test]
    fn the_scarcer_of_two_budgets_decides(left in 0..30_i64, right in 0..30_i64, seed in any::<u64>()) {
        let (a, b) = (Tokens::new(left, SECOND), Tokens::new(right, SECOND));
        let used = granted(&(&a).and(&b), &[Verdict::TRANSIENT; 40], seed);
        prop_assert_eq!(used, left.min(right));
        prop_assert_eq!((a.left(), b.left()), (left - used, right - used));
    }

    /// What is withdrawn comes back to the one that granted it, and the other's tokens are what they were.
    #[test]
    fn no_token_comes_to_the_policy_of_another_class(right in plain(), trace in trace(), seed in any::<u64>()) {
        let (rest, throttled) = (Tokens::new(50, SECOND), Tokens::new(50, SECOND));
        let right = right.on_class_owned(Retryable::Persistent, Policy::constant(SECOND));
        let policy = (&rest).for_class(Class::Throttled, &throttled).and(&right);
        let used = granted(&policy, &trace, seed);
        prop_assert!(rest.left() <= 50 && throttled.left() <= 50, "{} and {} of 50", rest.left(), throttled.left());
        prop_assert_eq!(rest.left() + throttled.left() + used, 100);
    }

    #[test]
    fn no_token_comes_to_a_policy_that_has_run_out(right in plain(), trace in trace(), seed in any::<u64>()) {
        let (first, next) = (Tokens::new(50, SECOND), Tokens::new(50, SECOND));
        let policy = (&first).and(Policy::constant(SECOND).attempts(3)).or_else(&next).and(&right);
        let used = granted(&policy, &trace, seed);
        prop_assert!(first.left() <= 50 && next.left() <= 50, "{} and {} of 50", first.left(), next.left());
        prop_assert_eq!(first.left() + next.left() + used, 100);
    }
}
