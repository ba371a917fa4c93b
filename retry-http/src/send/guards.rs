//! What is remembered of each host.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use foldhash::quality::RandomState;
use retry_core::{Clock, Destination, DestinationRule, Destinations, RetryBudget, Time};

use super::Place;

/// What keeps retries from harming those who are called: for each host a retry budget, and where the rule says so a pacer and
/// a circuit breaker. Clones share what was learnt.
///
/// | guard | default | acts on |
/// |---|---|---|
/// | [budget](retry_core::SuccessBudget) | on; a single call can use all attempts of the policy | retries |
/// | pacer ([`paced_by_cubic`](DestinationRule::paced_by_cubic), [`paced_by_aimd`](DestinationRule::paced_by_aimd)) | off | every attempt, once something was throttled (429) |
/// | [breaker](retry_core::Breaker) | off | every attempt, the first included |
///
/// # By what
/// By the origin a request is sent to, such as `https://api.example.org`: scheme, host, and the port unless it is the scheme's
/// own. A redirect that the client follows by itself counts at the first host. What has several hosts, or several accounts
/// behind one host, is [`named`](Self::named).
///
/// # What counts
/// A retry after an attempt that was refused at connect costs nothing. A success fills the budget, and so does an answer that
/// blames the request (404): the host has served it. At most 10,000 destinations are remembered; see [`Destinations`] for what
/// is forgotten. Where a guard refuses, the request ends with [`StopReason::Budget`](retry_core::StopReason::Budget),
/// `Pacing` or `Breaker`.
///
/// ```
/// use retry_core::{BreakerRule, BudgetRule, DestinationRule, Policy};
/// use retry_http::{Guards, HttpRetry};
/// use std::time::Duration;
///
/// let rule = DestinationRule::DEFAULT
///     .budget(BudgetRule::DEFAULT.ratio_percent(20))
///     .paced_by_cubic()
///     .breaker(BreakerRule::rate(50, 20, Duration::from_secs(30)));
/// let policy = Policy::exponential(Duration::from_millis(100), Duration::from_secs(20)).attempts(5);
/// let retry = HttpRetry::new(policy).guarded_by(Guards::new(rule).max_wait(Duration::from_secs(5)));
/// assert!(retry.destination("https://api.example.org").unwrap().breaker().is_some());
/// ```
#[derive(Clone)]
pub struct Guards {
    // By a quick hash with a random seed: who makes hosts collide gets at most 625 of them into one place, and is refused
    // room for more.
    destinations: Arc<Destinations<String, RandomState>>,
    /// Of the first host that was called, which for most clients is the only one: found without hash and lock.
    first: Arc<OnceLock<First>>,
    name: Option<Arc<str>>,
    is_budget_alone: bool,
    pub(super) max_wait: Duration,
}

struct First {
    key: Box<str>,
    /// Not a name, nor what an odd URL without a host comes to.
    is_origin: bool,
    destination: Arc<Destination>,
}

/// What guards one request.
#[derive(Debug)]
pub(crate) struct Guard {
    pub(super) destination: Arc<Destination>,
    /// When the request began.
    pub(super) since: Time,
    pub(super) max_wait: Duration,
}

impl Default for Guards {
    fn default() -> Self {
        Self::new(DestinationRule::DEFAULT)
    }
}

impl Guards {
    /// What `rule` says, for each host.
    ///
    /// The budget is that of the rule as it stands: a policy with more attempts than its floor is not taken into account.
    ///
    /// ```
    /// # use retry_core::{DestinationRule, Time};
    /// # use retry_http::Guards;
    /// let guards = Guards::new(DestinationRule::DEFAULT.paced_by_aimd());
    /// assert!(guards.at("https://api.example.org", Time::default()).pacer().is_some());
    /// ```
    #[must_use]
    pub fn new(rule: DestinationRule) -> Self {
        let is_budget_alone = is_budget_alone(&Destination::new(&rule, Time::default()));
        let destinations = Arc::new(Destinations::with_hasher(rule, RandomState::default()));
        Self { destinations, first: Arc::default(), name: None, is_budget_alone, max_wait: Duration::MAX }
    }

    /// Counts all requests at one destination of this name, whatever their host: a provider with several hosts, or one of
    /// several accounts. Other clones keep their own name, and share what was learnt.
    ///
    /// ```
    /// # use retry_core::{Never, Time};
    /// # use retry_http::{Guards, HttpRetry};
    /// # use std::sync::Arc;
    /// let guards = Guards::default();
    /// let first = HttpRetry::new(Never).guarded_by(guards.clone().named("account 1"));
    /// let second = HttpRetry::new(Never).guarded_by(guards.named("account 2"));
    /// let seen_by = |retry: &HttpRetry<Never>| retry.destination("account 1").unwrap();
    /// assert!(Arc::ptr_eq(&seen_by(&first), &seen_by(&second)));
    /// ```
    #[must_use]
    pub fn named(self, name: impl Into<Arc<str>>) -> Self {
        Self { name: Some(name.into()), ..self }
    }

    /// Replaces the longest wait of one attempt for its place, where a pacer is on: what would wait longer ends with
    /// [`StopReason::Pacing`](retry_core::StopReason::Pacing). Unlimited by default.
    ///
    /// ```
    /// # use retry_http::Guards;
    /// # use std::time::Duration;
    /// assert!(format!("{:?}", Guards::default().max_wait(Duration::from_secs(9))).contains("9s"));
    /// ```
    #[must_use]
    pub fn max_wait(self, max_wait: Duration) -> Self {
        Self { max_wait, ..self }
    }

    /// What is known of a destination, by its origin or name; made if it is new. `now` is of the clock of the retrier.
    ///
    /// ```
    /// # use retry_core::{RetryBudget, Time};
    /// # use retry_http::Guards;
    /// let host = Guards::default().at("https://api.example.org", Time::default());
    /// // three retries to begin with
    /// assert_eq!(host.balance(Time::default()), Some(300));
    /// ```
    #[must_use]
    pub fn at(&self, key: &str, now: Time) -> Arc<Destination> {
        self.destinations.at(key, now)
    }

    /// How many destinations are remembered.
    ///
    /// ```
    /// # use retry_core::Time;
    /// # use retry_http::Guards;
    /// let guards = Guards::default();
    /// guards.at("https://api.example.org", Time::default());
    /// assert_eq!(guards.len(), 1);
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.destinations.len()
    }

    /// Whether none is.
    ///
    /// ```
    /// assert!(retry_http::Guards::default().is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.destinations.is_empty()
    }

    /// Whether there were ever too many, so that new ones share a budget.
    ///
    /// ```
    /// assert!(!retry_http::Guards::default().is_crowded());
    /// ```
    #[must_use]
    pub fn is_crowded(&self) -> bool {
        self.destinations.is_crowded()
    }

    /// Whether no first attempt has to be admitted.
    #[inline]
    pub(super) const fn let_everybody_in(&self) -> bool {
        self.is_budget_alone
    }

    /// The guard of a request that begins now.
    #[inline]
    pub(super) fn guard(&self, place: Place<'_>, clock: &impl Clock) -> Guard {
        let now = clock.now();
        let destination = match self.known(place) {
            Some(destination) => Arc::clone(destination),
            None => self.find(place, now),
        };
        Guard { destination, since: now, max_wait: self.max_wait }
    }

    /// A first attempt succeeded that needed no guard.
    #[inline(always)]
    pub(super) fn succeeded(&self, place: Place<'_>, clock: &impl Clock) {
        match self.known(place) {
            Some(destination) => deposit(destination, clock),
            None => deposit(&self.find(place, clock.now()), clock),
        }
    }

    /// The first of all, if it is this one.
    // Always, so that what kind of place it is is known.
    #[inline(always)]
    fn known(&self, place: Place<'_>) -> Option<&Arc<Destination>> {
        let first = self.first.get()?;
        let is_first = match &self.name {
            Some(name) => **name == *first.key,
            None => first.is_origin && place.is_plainly(&first.key),
        };
        is_first.then_some(&first.destination)
    }

    #[inline(never)]
    fn find(&self, place: Place<'_>, now: Time) -> Arc<Destination> {
        match &self.name {
            Some(name) => self.find_by(name, now),
            None => self.find_by(place.origin().as_str(), now),
        }
    }

    fn find_by(&self, key: &str, now: Time) -> Arc<Destination> {
        let destination = self.destinations.at(key, now);
        if self.first.get().is_none() {
            // Two who come at once may both be first; either will do.
            let is_origin = self.name.is_none() && key.contains("://");
            let _ = self.first.set(First { key: key.into(), is_origin, destination: Arc::clone(&destination) });
        }
        destination
    }
}

impl Guard {
    /// Whether it is a budget alone, which needs no admission.
    #[inline]
    pub(super) fn is_budget_alone(&self) -> bool {
        is_budget_alone(&self.destination)
    }
}

#[inline]
fn is_budget_alone(destination: &Destination) -> bool {
    destination.pacer().is_none() && destination.breaker().is_none()
}

#[inline]
fn deposit(destination: &Destination, clock: &impl Clock) {
    destination.average().record(true);
    let date = destination.budget().wants_date().then(|| clock.now());
    destination.budget().succeeded(None, date);
}

impl fmt::Debug for Guards {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guards")
            .field("destinations", &self.destinations)
            .field("name", &self.name)
            .field("max_wait", &self.max_wait)
            .finish()
    }
}
