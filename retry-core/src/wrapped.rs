//! What a policy around another leaves to it.

/// The methods of [`RetryPolicy`](crate::RetryPolicy) that are those of the policy in the field `policy`, by name.
macro_rules! wrapped {
    ($($method:ident),+) => {$(
        crate::wrapped::method!($method);
    )+};
}

macro_rules! method {
    (admit) => {
        fn admit(&self, attempt: u32, clock: &dyn Clock) -> Admission {
            self.policy.admit(attempt, clock)
        }
    };
    (outcome) => {
        fn outcome(&self, outcome: Outcome) {
            self.policy.outcome(outcome);
        }
    };
    (withdrawn) => {
        fn withdrawn(&self, grant: &mut Grant) {
            self.policy.withdrawn(grant);
        }
    };
    (needs) => {
        #[inline]
        fn needs(&self) -> Needs {
            self.policy.needs()
        }
    };
    (retry_cost) => {
        fn retry_cost(&self, class: Class) -> u16 {
            self.policy.retry_cost(class)
        }
    };
    (bounds) => {
        fn bounds(&self) -> crate::Bounds {
            self.policy.bounds()
        }
    };
}

pub(crate) use {method, wrapped};
