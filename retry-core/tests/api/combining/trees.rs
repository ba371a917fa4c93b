use std::rc::Rc;

use proptest::prelude::*;
use retry_core::{Class, Decision, Failure, Grant, Policy, RetryPolicy, Seeded};

use crate::support::facts::{MINUTE, SECOND};
use crate::support::strategies::{cases, class, failure_of, verdict};
use crate::support::tokens::Tokens;

/// A policy made of policies, with budgets and limits for leaves.
#[derive(Clone, Debug)]
enum Tree {
    Budget(i64),
    Attempts(u32),
    And(Box<Self>, Box<Self>),
    OrElse(Box<Self>, Box<Self>),
    ForClass(Box<Self>, Class, Box<Self>),
    AtMostOnce(Box<Self>),
}

fn tree() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![2 => (0..4_i64).prop_map(Tree::Budget), 1 => (1..40_u32).prop_map(Tree::Attempts)];
    // at most 16 leaves, and so at most 15 `or_else` in a path
    leaf.prop_recursive(4, 16, 2, |inner| {
        let pair = (inner.clone().prop_map(Box::new), inner.clone().prop_map(Box::new));
        prop_oneof![
            3 => pair.clone().prop_map(|(a, b)| Tree::And(a, b)),
            3 => pair.clone().prop_map(|(a, b)| Tree::OrElse(a, b)),
            2 => (pair, class()).prop_map(|((a, b), class)| Tree::ForClass(a, class, b)),
            1 => inner.prop_map(|a| Tree::AtMostOnce(Box::new(a))),
        ]
    })
}

impl Tree {
    /// The policy; its budgets go to `budgets`.
    fn grow(&self, budgets: &mut Vec<Rc<Tokens>>) -> Box<dyn RetryPolicy> {
        match self {
            Self::Budget(tokens) => {
                let tokens = Rc::new(Tokens::new(*tokens, MINUTE));
                budgets.push(tokens.clone());
                Box::new(tokens)
            }
            Self::Attempts(attempts) => Box::new(Policy::constant(SECOND).attempts(*attempts)),
            Self::And(a, b) => Box::new(a.grow(budgets).and(b.grow(budgets))),
            Self::OrElse(a, b) => Box::new(a.grow(budgets).or_else(b.grow(budgets))),
            Self::ForClass(a, class, b) => Box::new(a.grow(budgets).for_class(*class, b.grow(budgets))),
            Self::AtMostOnce(a) => Box::new(a.grow(budgets).at_most_once()),
        }
    }
}

fn left(budgets: &[Rc<Tokens>]) -> Vec<i64> {
    budgets.iter().map(|tokens| tokens.left()).collect()
}

/// A decision that is no retry has taken nothing; one that is withdrawn gives back what it took, and no more.
fn gives_back(policy: &dyn RetryPolicy, budgets: &[Rc<Tokens>], failure: &Failure) -> Result<bool, TestCaseError> {
    let before = left(budgets);
    let decision = policy.decide(failure, &mut Seeded::new(0));
    let taken = left(budgets) != before;
    match decision {
        Decision::Stop(_) => prop_assert!(!taken, "{before:?} became {:?} by a stop", left(budgets)),
        Decision::Retry(wait) => {
            policy.withdrawn(&mut Grant::new(wait, failure.verdict().class));
            prop_assert_eq!(left(budgets), before);
        }
    }
    Ok(taken)
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_withdrawn_retry_gives_each_token_back_to_the_budget_it_came_from(
        tree in tree(),
        trace in prop::collection::vec(failure_of(verdict()), 1..30),
    ) {
        let mut budgets = Vec::new();
        let policy = tree.grow(&mut budgets);
        for failure in &trace {
            gives_back(&*policy, &budgets, failure)?;
            // go on with a retry that is made
            let _ = policy.decide(failure, &mut Seeded::new(0));
        }
    }

    /// The same where another refuses it, on the left of which the tree stands.
    #[test]
    fn a_refusal_on_the_right_takes_no_token_anywhere(
        tree in tree(),
        trace in prop::collection::vec(failure_of(verdict()), 1..30),
    ) {
        let mut budgets = Vec::new();
        let policy = tree.grow(&mut budgets).and(retry_core::Never);
        let before = left(&budgets);
        for failure in &trace {
            prop_assert!(policy.decide(failure, &mut Seeded::new(0)).delay().is_none());
            prop_assert_eq!(left(&budgets), &before[..]);
        }
    }
}

/// What the properties rely on: the trees take tokens.
#[test]
fn a_tree_takes_tokens() {
    let budget = |tokens| Box::new(Tree::Budget(tokens));
    let tree = Tree::And(budget(1), Box::new(Tree::OrElse(Box::new(Tree::Attempts(1)), budget(2))));
    let mut budgets = Vec::new();
    let policy = tree.grow(&mut budgets);
    let failure = crate::support::facts::nth(2);
    assert!(gives_back(&*policy, &budgets, &failure).unwrap());
    assert_eq!(policy.decide(&failure, &mut Seeded::new(0)).delay(), Some(MINUTE));
    assert_eq!(left(&budgets), [0, 1]);
}

/// Whichever side of each `or_else` granted it, and however the `and`s between them lie.
#[test]
fn three_budgets_side_by_side_get_back_what_is_their_own() {
    let side = |second: bool| {
        let (budget, other) = (Box::new(Tree::Budget(3)), Box::new(Tree::Budget(3)));
        let exhausted = Box::new(Tree::Attempts(1));
        // a first that has run out, or one that has not
        let first = if second { Box::new(Tree::And(exhausted, budget)) } else { budget };
        Box::new(Tree::OrElse(first, other))
    };
    let and = |a, b| Box::new(Tree::And(a, b));
    for sides in 0..8_u8 {
        let [a, b, c] = [0, 1, 2].map(|bit| sides >> bit & 1 == 1);
        let trees = [and(and(side(a), side(b)), side(c)), and(side(a), and(side(b), side(c)))];
        for tree in trees {
            let mut budgets = Vec::new();
            let policy = tree.grow(&mut budgets);
            assert!(gives_back(&*policy, &budgets, &crate::support::facts::nth(1)).unwrap(), "{tree:?}");
            let _ = policy.decide(&crate::support::facts::nth(1), &mut Seeded::new(0));
            // of each pair the one that granted, and no other
            let expected: Vec<_> =
                [a, b, c].into_iter().flat_map(|second| if second { [3, 2] } else { [2, 3] }).collect();
            assert_eq!(left(&budgets), expected, "{tree:?}");
        }
    }
}
