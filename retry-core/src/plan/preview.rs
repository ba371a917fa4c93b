use std::time::Duration;

use super::runs::Runs;
use super::view::View;
use super::{Figure, Plan};
use crate::time::{duration, nanos};
use crate::{Class, Hint, Policy, RetryPolicy, Retryable, Verdict};

/// How to preview a policy. Each setter replaces what it sets.
///
/// | what | default | limits |
/// |---|---|---|
/// | [`attempts_take`](Self::attempts_take) | 0 | any span |
/// | [`class`](Self::class) | the default policy | |
/// | [`hint`](Self::hint) | none | any |
/// | [`attempts`](Self::attempts) | all, if there are at most 100; else the first 20 | 1 to 1,000 |
/// | [`samples`](Self::samples) | 2,000 | 1 to 100,000, and together with the attempts 4 million |
/// | [`seed`](Self::seed) | 0 | any |
///
/// A value beyond a limit counts as the limit. So a plan makes at most 4 million decisions and holds at most 64 MB, and by
/// default 200,000 and some 3 MB.
///
/// ```
/// use retry_core::{Hint, HintSource, Policy, Preview};
/// use std::time::Duration;
///
/// let second = Duration::from_secs(1);
/// let preview = Preview::new().hint(Hint::new(20 * second, HintSource::RetryAfter)).attempts_take(second);
/// let plan = Policy::constant(5 * second).attempts(3).plan_with(&preview);
/// // twice an attempt of 1 s and a hint of 20 s
/// assert_eq!(plan.attempts()[2].at().max().value, 42 * second);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Preview {
    pub(super) takes: u64,
    pub(super) seed: u64,
    samples: u32,
    attempts: Option<u32>,
    pub(super) class: Option<Retryable>,
    pub(super) hint: Option<Hint>,
}

const SAMPLES: u32 = 2_000;
const MOST_SAMPLES: u32 = 100_000;
/// Listed of a policy without end.
const LISTED: u32 = 20;
/// Listed whole.
const WHOLE: u32 = 100;
const MOST_LISTED: u32 = 1_000;
/// Samples times attempts.
const MOST_DECISIONS: u32 = 4_000_000;

impl Default for Preview {
    fn default() -> Self {
        Self::new()
    }
}

impl Preview {
    /// The defaults.
    ///
    /// ```
    /// assert_eq!(retry_core::Preview::new(), retry_core::Preview::default());
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self { takes: 0, seed: 0, samples: SAMPLES, attempts: None, class: None, hint: None }
    }

    /// Every attempt fails after so long.
    ///
    /// ```
    /// # use retry_core::{Policy, Preview};
    /// # use std::time::Duration;
    /// let second = Duration::from_secs(1);
    /// let policy = Policy::constant(second).within(10 * second);
    /// // at 0, 4 and 8 s
    /// assert_eq!(policy.plan_with(&Preview::new().attempts_take(3 * second)).attempts().len(), 3);
    /// ```
    #[must_use]
    pub const fn attempts_take(mut self, duration: Duration) -> Self {
        self.takes = nanos(duration);
        self
    }

    /// The seed of what is sampled.
    ///
    /// ```
    /// # use retry_core::{Law, Policy, Preview};
    /// # use std::time::Duration;
    /// let policy = Policy::constant(Duration::from_secs(9)).jitter(Law::FULL).attempts(5);
    /// let plan = |seed| policy.plan_with(&Preview::new().seed(seed));
    /// assert_eq!(plan(1), plan(1));
    /// assert_ne!(plan(1).attempts()[4].at().p95(), plan(2).attempts()[4].at().p95());
    /// ```
    #[must_use]
    pub const fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// How many runs are sampled, where something is left to chance. The error of a percentile shrinks by its root: of the 95th
    /// it is about half a percentile for 2,000 runs.
    ///
    /// ```
    /// # use retry_core::{Law, Policy, Preview};
    /// # use std::time::Duration;
    /// let policy = Policy::constant(Duration::from_secs(9)).jitter(Law::FULL).attempts(5);
    /// assert_eq!(policy.plan_with(&Preview::new().samples(50)).samples(), 50);
    /// assert_eq!(policy.plan_with(&Preview::new().samples(0)).samples(), 1);
    /// assert_eq!(policy.plan_with(&Preview::new().samples(u32::MAX)).samples(), 100_000);
    /// ```
    #[must_use]
    pub const fn samples(mut self, samples: u32) -> Self {
        self.samples = samples;
        self
    }

    /// Lists so many attempts at most.
    ///
    /// ```
    /// # use retry_core::{Policy, Preview};
    /// # use std::time::Duration;
    /// let policy = Policy::constant(Duration::from_secs(1));
    /// assert_eq!(policy.plan_with(&Preview::new().attempts(3)).attempts().len(), 3);
    /// assert_eq!(policy.plan_with(&Preview::new().attempts(u32::MAX)).attempts().len(), 1000);
    /// ```
    #[must_use]
    pub const fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = Some(attempts);
        self
    }

    /// Every failure is of this class, and its own policy decides, if it has one. Without it the default policy is previewed,
    /// whatever classes have policies of their own; of a [`RetryPolicy`] that is no [`Policy`], failures are then transient.
    ///
    /// ```
    /// # use retry_core::{Policy, Preview, Retryable, StopReason};
    /// # use std::time::Duration;
    /// let policy = Policy::constant(Duration::from_secs(1)).attempts(5);
    /// let plan = policy.plan_with(&Preview::new().class(Retryable::Persistent));
    /// assert_eq!((plan.attempts().len(), plan.ends()), (1, Some(StopReason::Persistent)));
    /// ```
    #[must_use]
    pub const fn class(mut self, class: Retryable) -> Self {
        self.class = Some(class);
        self
    }

    /// Every failure carries this hint.
    ///
    /// ```
    /// # use retry_core::{Hint, HintSource, Policy, Preview, StopReason};
    /// # use std::time::Duration;
    /// let week = Hint::new(Duration::from_secs(7 * 86_400), HintSource::RetryAfter);
    /// let plan = Policy::constant(Duration::from_secs(1)).plan_with(&Preview::new().hint(week));
    /// // hints of more than a day are not honoured unless the policy says so
    /// assert_eq!(plan.ends(), Some(StopReason::HintTooFar));
    /// ```
    #[must_use]
    pub const fn hint(mut self, hint: Hint) -> Self {
        self.hint = Some(hint);
        self
    }

    /// Previews any policy by runs under virtual time: every figure is sampled, and of [`Plan::max_attempts`] and
    /// [`Plan::max_total_delay`] it says what [`RetryPolicy::bounds`] does.
    ///
    /// Each run begins at time zero. A policy that keeps something from run to run (a budget, a breaker) is asked and told as
    /// by real runs one after the other, and keeps what it learns.
    ///
    /// ```
    /// # use retry_core::{Backoff, Exponential, Preview};
    /// # use std::time::Duration;
    /// let policy = Exponential::new(Duration::from_secs(1)).up_to(3);
    /// let plan = Preview::new().sample(&policy);
    /// // 1 + 2 s
    /// assert_eq!(plan.attempts()[2].at().max().value, Duration::from_secs(3));
    /// assert!(!plan.attempts()[2].at().max().is_exact);
    /// ```
    #[must_use]
    pub fn sample(&self, policy: &dyn RetryPolicy) -> Plan {
        let bounds = policy.bounds();
        let mut runs =
            Runs::new(self.takes, self.verdict(), self.listed(bounds.max_attempts().map(u32::from)), self.seed);
        let samples = self.sampled(runs.listed());
        for _ in 0..samples {
            runs.run(policy);
        }
        let mean_total_delay = runs.mean_total_delay();
        let (columns, ends) = runs.finish();
        let attempts = columns.into_iter().zip(1..).map(|(column, number)| column.sampled(number, samples));
        Plan {
            attempts: attempts.collect(),
            max_attempts: bounds.max_attempts(),
            max_total_delay: bounds.max_total_delay(),
            mean_total_delay,
            ends,
            samples,
            seed: self.seed,
        }
    }

    /// By runs, and by closed form where there is one.
    pub(super) fn plan(&self, policy: &Policy) -> Plan {
        let view = View::new(self, policy);
        let max_attempts = view.max_attempts();
        let mut runs = Runs::new(self.takes, self.verdict(), self.listed(max_attempts.map(u32::from)), self.seed);
        runs.run(view.asked());
        // A run that draws nothing is the only one there is.
        let samples = if runs.draws() == 0 { 1 } else { self.sampled(runs.listed()) };
        for _ in 1..samples {
            runs.run(view.asked());
        }
        let sampled_total = runs.mean_total_delay();
        let is_only = runs.draws() == 0;
        let (columns, ends) = runs.finish();
        let known = if is_only { Vec::new() } else { view.closed_forms(columns.len()) };
        let mut mean_total_delay = Figure::new(sampled_total.value, is_only);
        if let Some(last) = known.last()
            && known.len() == columns.len()
            && let Some(mean) = last.mean_total_delay()
        {
            mean_total_delay = Figure::new(duration(mean), true);
        }
        let mut known = known.into_iter();
        let attempts = columns.into_iter().zip(1..).map(|(column, number)| match (is_only, known.next()) {
            (true, _) => column.only(number),
            (false, Some(known)) => known.attempt(number, column, samples),
            (false, None) => column.sampled(number, samples),
        });
        Plan {
            attempts: attempts.collect(),
            max_attempts,
            max_total_delay: view.max_total_delay(),
            mean_total_delay,
            ends,
            samples: if is_only { 0 } else { samples },
            seed: self.seed,
        }
    }

    pub(super) fn verdict(&self) -> Verdict {
        let verdict = Verdict::new(self.class.map_or(Class::Transient, Class::from));
        self.hint.map_or(verdict, |hint| verdict.hinted(hint))
    }

    fn listed(&self, max_attempts: Option<u32>) -> u32 {
        let by_default = max_attempts.filter(|attempts| *attempts <= WHOLE).unwrap_or(LISTED);
        self.attempts.unwrap_or(by_default).clamp(1, MOST_LISTED)
    }

    fn sampled(&self, listed: u32) -> u32 {
        self.samples.clamp(1, MOST_SAMPLES.min(MOST_DECISIONS / listed.max(1)))
    }
}
