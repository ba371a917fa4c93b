use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use retry_core::{
    Admission, Because, Class, Decision, Entropy, Failure, Grant, Outcome, RetryPolicy, Seeded, StopReason,
    ThreadSleeper, Wait,
};

use crate::support::facts::{SECOND, nth};
use crate::support::gate::Gate;

/// Asks everything that a policy can be asked.
fn ask(policy: impl RetryPolicy) {
    assert_eq!(policy.decide(&nth(1), &mut Seeded::new(0)).delay(), Some(SECOND));
    policy.withdrawn(&mut Grant::new(Wait::new(SECOND, Because::Schedule), Class::Transient));
    assert_eq!(policy.admit(3, &ThreadSleeper), Admission::Refuse(StopReason::Breaker));
    policy.outcome(Outcome::GaveUp(StopReason::Budget));
    assert!(policy.needs().admission && !policy.needs().time);
}

#[test]
fn every_pointer_forwards_every_question() {
    let gate = || Gate::new(SECOND, &[Admission::Refuse(StopReason::Breaker)]);
    let heard = |gate: &Gate| (gate.asked(), gate.heard());
    let expected = (vec![3], vec![Outcome::Withdrawn, Outcome::GaveUp(StopReason::Budget)]);

    /// Hears of a withdrawal by `withdrawn` alone.
    struct Own(Cell<u32>);
    impl RetryPolicy for Own {
        fn decide(&self, _: &Failure, _: &mut dyn Entropy) -> Decision {
            Decision::retry(SECOND)
        }
        fn withdrawn(&self, _: &mut Grant) {
            self.0.set(self.0.get() + 1);
        }
    }
    let own = Rc::new(Own(Cell::new(0)));
    let grant = &mut Grant::new(Wait::new(SECOND, Because::Schedule), Class::Transient);
    let object: Box<dyn RetryPolicy> = Box::new(own.clone());
    object.withdrawn(grant);
    own.clone().at_most_once().withdrawn(grant);
    assert_eq!(own.0.get(), 2);

    let lent = gate();
    ask(&lent);
    assert_eq!(heard(&lent), expected);

    let shared = Rc::new(gate());
    ask(shared.clone());
    assert_eq!(heard(&shared), expected);

    let object: Rc<dyn RetryPolicy> = Rc::new(gate());
    ask(&object);
    ask(Box::new(gate()));
    ask(Box::new(gate()) as Box<dyn RetryPolicy>);
    #[expect(clippy::arc_with_non_send_sync, reason = "the pointer is the matter here")]
    ask(Arc::new(gate()));
}
