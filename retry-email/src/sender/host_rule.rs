use std::time::Duration;

use retry_core::{BreakerRule, BudgetRule, DestinationRule, Law, Policy};

use super::ConcurrencyWindow;

/// What a [`Sender`](crate::Sender) keeps of each host, so that it does not make a host's trouble worse: plain data.
///
/// | part | what it does | hears of | unless set |
/// |---|---|---|---|
/// | retry budget | pays for further attempts and for failover out of what succeeded | what was delivered | [`BudgetRule::DEFAULT`], its floor raised to the attempts that the policies ask for by number |
/// | circuit breaker | lets a host rest that fails, while another does not | failures of the host: not of recipients, messages or our account, and not throttling | after one failure 30 s to 1 min, then longer, up to 10 min; one delivery probes it |
/// | concurrency window | bounds the deliveries under way | the same, and throttling | Postfix's: 5 to 20, and never more than the pool's connections |
/// | pacer | spaces deliveries out | throttling | none |
///
/// # The budget
/// The first try of a message is free. What comes after it for the same message, at a later attempt or at another host, is paid to
/// the host that it goes to; one that was refused at connect is paid back. A retry is free where the host answered and only the
/// recipient or the message was at fault (greylisted, mailbox full): that is no sign of a host in trouble, and the waits spread it.
/// Where no host can be paid at the time of the next attempt, the recipient ends [deferred](crate::State::Deferred) with
/// [`StopReason::Budget`](retry_core::StopReason::Budget). A policy that is bounded by time alone asks for no number of attempts: three
/// quick retries in a row are all that a host in trouble gets for it then, and after that one a minute. Say how many attempts it may
/// make, or replace the budget.
///
/// # The breaker
/// It chooses between hosts; where all rest, the one that will be up first is tried all the same, so that a single host is never
/// held back. [`refuse_at_rest`](Self::refuse_at_rest) says otherwise. Its price is that of any
/// [breaker](retry_core::Breaker).
///
/// # The pacer
/// Chosen by hand: [`paced_by_aimd`](Self::paced_by_aimd) where excess is punished (reputation, bans), which is the rule among mail
/// servers; [`paced_by_cubic`](Self::paced_by_cubic) where it is just refused. See [`Pacer`](retry_core::Pacer).
///
/// ```
/// use retry_core::{BreakerRule, BudgetRule, Policy};
/// use retry_email::{ConcurrencyWindow, HostRule, Sender};
/// use std::time::Duration;
///
/// let rule = HostRule::default()
///     .budget(BudgetRule::DEFAULT.floor(10))
///     .paced_by_aimd()
///     .breaker(BreakerRule::consecutive(3))
///     .concurrency(ConcurrencyWindow::new(1, 4));
/// let sender = Sender::new(Policy::constant(Duration::from_secs(5)).attempts(3)).host_rule(rule);
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct HostRule {
    budget: Budget,
    pace: Pace,
    pub(super) max_wait: Duration,
    breaker: Option<BreakerRule>,
    pub(super) refuses_at_rest: bool,
    pub(super) concurrency: Option<ConcurrencyWindow>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Budget {
    /// The engine's, with room for the attempts that were asked for.
    ByAttempts,
    Rule(BudgetRule),
    None,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Pace {
    None,
    Aimd,
    Cubic,
}

impl Default for HostRule {
    fn default() -> Self {
        // 30 s to 1 min, then twice that, up to 5 to 10 min.
        let rest = Policy::exponential(Duration::from_secs(60), Duration::from_secs(600)).jitter(Law::EQUAL);
        Self {
            budget: Budget::ByAttempts,
            pace: Pace::None,
            max_wait: Duration::MAX,
            breaker: Some(BreakerRule::consecutive(1).cool_down(rest)),
            refuses_at_rest: false,
            concurrency: Some(ConcurrencyWindow::default()),
        }
    }
}

impl HostRule {
    /// Replaces the rule of the budget, which is then taken as it is, whatever attempts the policies ask for.
    ///
    /// ```
    /// # use retry_core::BudgetRule;
    /// # use retry_email::HostRule;
    /// assert_ne!(HostRule::default().budget(BudgetRule::DEFAULT), HostRule::default());
    /// ```
    #[must_use]
    pub const fn budget(mut self, rule: BudgetRule) -> Self {
        self.budget = Budget::Rule(rule);
        self
    }

    /// Without a budget: the policies alone bound what a host in trouble is sent.
    ///
    /// ```
    /// # use retry_email::HostRule;
    /// assert_ne!(HostRule::default().without_budget(), HostRule::default());
    /// ```
    #[must_use]
    pub const fn without_budget(mut self) -> Self {
        self.budget = Budget::None;
        self
    }

    /// Spaces deliveries out by [`Aimd`](retry_core::Aimd) once something is throttled. Replaces the pacer.
    ///
    /// ```
    /// # use retry_email::HostRule;
    /// assert_ne!(HostRule::default().paced_by_aimd(), HostRule::default());
    /// ```
    #[must_use]
    pub const fn paced_by_aimd(mut self) -> Self {
        self.pace = Pace::Aimd;
        self
    }

    /// Spaces deliveries out by [`Cubic`](retry_core::Cubic) once something is throttled. Replaces the pacer.
    ///
    /// ```
    /// # use retry_email::HostRule;
    /// assert_ne!(HostRule::default().paced_by_cubic(), HostRule::default().paced_by_aimd());
    /// ```
    #[must_use]
    pub const fn paced_by_cubic(mut self) -> Self {
        self.pace = Pace::Cubic;
        self
    }

    /// Without a pacer, as it is unless set.
    ///
    /// ```
    /// # use retry_email::HostRule;
    /// assert_eq!(HostRule::default().paced_by_aimd().unpaced(), HostRule::default());
    /// ```
    #[must_use]
    pub const fn unpaced(mut self) -> Self {
        self.pace = Pace::None;
        self
    }

    /// The longest wait for the pacer, for one attempt: where it would be longer the next host is asked, and if there is none the
    /// recipients end with [`StopReason::Pacing`](retry_core::StopReason::Pacing). Unlimited unless set.
    ///
    /// ```
    /// # use retry_email::HostRule;
    /// # use std::time::Duration;
    /// let rule = HostRule::default().paced_by_aimd().max_wait(Duration::from_secs(10));
    /// assert_ne!(rule, HostRule::default().paced_by_aimd());
    /// ```
    #[must_use]
    pub const fn max_wait(mut self, wait: Duration) -> Self {
        self.max_wait = wait;
        self
    }

    /// Replaces the rule of the breaker.
    ///
    /// ```
    /// # use retry_core::BreakerRule;
    /// # use retry_email::HostRule;
    /// assert_ne!(HostRule::default().breaker(BreakerRule::consecutive(5)), HostRule::default());
    /// ```
    #[must_use]
    pub fn breaker(self, rule: BreakerRule) -> Self {
        Self { breaker: Some(rule), ..self }
    }

    /// Without a breaker: no host rests, and each attempt asks them all from the first on.
    ///
    /// ```
    /// # use retry_email::HostRule;
    /// assert_ne!(HostRule::default().without_breaker(), HostRule::default());
    /// ```
    #[must_use]
    pub fn without_breaker(self) -> Self {
        Self { breaker: None, ..self }
    }

    /// Sends nothing to a host whose breaker is open, even if there is no other: the recipients end with
    /// [`StopReason::Breaker`](retry_core::StopReason::Breaker).
    ///
    /// ```
    /// # use retry_email::HostRule;
    /// assert_ne!(HostRule::default().refuse_at_rest(), HostRule::default());
    /// ```
    #[must_use]
    pub const fn refuse_at_rest(mut self) -> Self {
        self.refuses_at_rest = true;
        self
    }

    /// Replaces the concurrency window.
    ///
    /// ```
    /// # use retry_email::{ConcurrencyWindow, HostRule};
    /// assert_ne!(HostRule::default().concurrency(ConcurrencyWindow::new(1, 2)), HostRule::default());
    /// ```
    #[must_use]
    pub const fn concurrency(mut self, window: ConcurrencyWindow) -> Self {
        self.concurrency = Some(window);
        self
    }

    /// Without a window: as many deliveries at once as the pool has connections, whatever the host says.
    ///
    /// ```
    /// # use retry_email::HostRule;
    /// assert_ne!(HostRule::default().without_feedback(), HostRule::default());
    /// ```
    #[must_use]
    pub const fn without_feedback(mut self) -> Self {
        self.concurrency = None;
        self
    }

    pub(super) const fn has_budget(&self) -> bool {
        !matches!(self.budget, Budget::None)
    }

    /// The engine's rule for it, where a single message may ask for so many attempts.
    pub(super) fn destination(&self, attempts: u32) -> DestinationRule {
        let budget = match self.budget {
            Budget::ByAttempts => BudgetRule::DEFAULT.for_attempts(attempts),
            Budget::Rule(rule) => rule,
            Budget::None => BudgetRule::DEFAULT,
        };
        let rule = DestinationRule::DEFAULT.budget(budget);
        let rule = match self.pace {
            Pace::None => rule,
            Pace::Aimd => rule.paced_by_aimd(),
            Pace::Cubic => rule.paced_by_cubic(),
        };
        match &self.breaker {
            Some(breaker) => rule.breaker(breaker.clone()),
            None => rule,
        }
    }
}
