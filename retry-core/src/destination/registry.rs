use std::borrow::Borrow;
use std::fmt;
use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use super::shard::Shard;
use super::{Destination, DestinationRule};
use crate::Time;

/// One [`Destination`] for each key: a host, a provider, an account.
///
/// [`at`](Self::at) hands out a shared handle: take it once a call, or keep it. Reading takes the read lock of one of
/// 16 parts; only a new key takes a write lock.
///
/// # What is forgotten
/// At most [`capacity`](Self::capacity) destinations are kept. When a new one finds no room, those are forgotten that
/// nobody holds a handle of, that were not asked for during the idle time, and that are [at
/// rest](Destination::is_at_rest): made anew they would behave the same. What still matters is never forgotten. If
/// there is no room even then, all new keys share one destination that has a budget only, so that strangers do not
/// open each other's breaker; [`crowded`](Self::is_crowded) tells.
///
/// # Defaults
/// 10,000 destinations, idle time 10 min.
///
/// ```
/// use retry_core::{Destinations, DestinationRule, Policy, Retry, RetryPolicy, ThreadSleeper, Clock};
/// use std::time::Duration;
///
/// let hosts: Destinations<String> = Destinations::new(DestinationRule::DEFAULT);
/// let host = hosts.at("mx1.example.org", ThreadSleeper.now());
/// let policy = Policy::constant(Duration::ZERO).attempts(3).toward(host.clone());
/// Retry::with_sleeper(policy, ThreadSleeper).call_blocking(|| Err::<(), _>("down")).unwrap_err();
/// // 3 at the start, 2 retries
/// let same = hosts.at("mx1.example.org", ThreadSleeper.now());
/// assert!(std::sync::Arc::ptr_eq(&host, &same));
/// assert_eq!(hosts.len(), 1);
/// ```
pub struct Destinations<K, S = RandomState> {
    rule: DestinationRule,
    hasher: S,
    shards: [RwLock<Shard<K, S>>; SHARDS],
    crowd: OnceLock<Arc<Destination>>,
    capacity: usize,
    idle: Duration,
}

const SHARDS: usize = 16;

impl<K: Eq + Hash> Destinations<K> {
    /// A registry whose destinations have what `rule` says.
    ///
    /// ```
    /// # use retry_core::{Destinations, DestinationRule};
    /// assert!(Destinations::<String>::new(DestinationRule::DEFAULT).is_empty());
    /// ```
    #[must_use]
    pub fn new(rule: DestinationRule) -> Self {
        Self::with_hasher(rule, RandomState::new())
    }
}

impl<K: Eq + Hash, S: BuildHasher + Clone> Destinations<K, S> {
    /// The same by a hasher of your own: a fixed one, say, where runs must repeat.
    ///
    /// ```
    /// # use retry_core::{Destinations, DestinationRule};
    /// # use std::hash::{BuildHasherDefault, DefaultHasher};
    /// let hasher = BuildHasherDefault::<DefaultHasher>::default();
    /// assert!(Destinations::<u32, _>::with_hasher(DestinationRule::DEFAULT, hasher).is_empty());
    /// ```
    #[must_use]
    pub fn with_hasher(rule: DestinationRule, hasher: S) -> Self {
        let shards = std::array::from_fn(|_| RwLock::new(Shard::new(hasher.clone())));
        Self { rule, hasher, shards, crowd: OnceLock::new(), capacity: 10_000, idle: Duration::from_secs(600) }
    }

    /// Replaces how many destinations are kept at the most, rounded up to a multiple of 16.
    ///
    /// ```
    /// # use retry_core::{Destinations, DestinationRule};
    /// assert_eq!(Destinations::<u32>::new(DestinationRule::DEFAULT).capacity(100).len(), 0);
    /// ```
    #[must_use]
    pub fn capacity(self, capacity: usize) -> Self {
        Self { capacity, ..self }
    }

    /// Replaces the time after which a destination that nobody asks for may be forgotten.
    ///
    /// ```
    /// # use retry_core::{Destinations, DestinationRule, Time};
    /// # use std::time::Duration;
    /// let hosts = Destinations::<u32>::new(DestinationRule::DEFAULT).idle(Duration::from_secs(60));
    /// hosts.at(&1, Time::default());
    /// hosts.evict(Time::default().after(Duration::from_secs(60)));
    /// assert!(hosts.is_empty());
    /// ```
    #[must_use]
    pub fn idle(self, idle: Duration) -> Self {
        Self { idle, ..self }
    }

    /// The destination of `key`, made if it is new. `now` comes from the clock of the retriers that use it.
    ///
    /// ```
    /// # use retry_core::{Destinations, DestinationRule, Time};
    /// # use std::sync::Arc;
    /// let hosts: Destinations<String> = Destinations::new(DestinationRule::DEFAULT);
    /// let (a, b) = (hosts.at("a", Time::default()), hosts.at("b", Time::default()));
    /// assert!(!Arc::ptr_eq(&a, &b));
    /// ```
    pub fn at<Q>(&self, key: &Q, now: Time) -> Arc<Destination>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned = K> + ?Sized,
    {
        let shard = self.shard(key);
        if let Some(destination) = shard.read().unwrap_or_else(PoisonError::into_inner).get(key, now) {
            return destination;
        }
        let most = self.capacity.div_ceil(SHARDS);
        let make = || Destination::new(&self.rule, now);
        let mut shard = shard.write().unwrap_or_else(PoisonError::into_inner);
        shard.get_or_insert(key.to_owned(), most, self.idle, now, make).unwrap_or_else(|| self.crowd(now))
    }

    /// How many are kept.
    ///
    /// ```
    /// # use retry_core::{Destinations, DestinationRule, Time};
    /// let hosts = Destinations::<u32>::new(DestinationRule::DEFAULT);
    /// hosts.at(&25, Time::default());
    /// assert_eq!(hosts.len(), 1);
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.read().unwrap_or_else(PoisonError::into_inner).len()).sum()
    }

    /// Whether there is none.
    ///
    /// ```
    /// # use retry_core::{Destinations, DestinationRule};
    /// assert!(Destinations::<u32>::new(DestinationRule::DEFAULT).is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether some new key has ever found no room, and shares a destination with others.
    ///
    /// ```
    /// # use retry_core::{Destinations, DestinationRule, Time};
    /// let hosts = Destinations::<u32>::new(DestinationRule::DEFAULT).capacity(0);
    /// hosts.at(&1, Time::default());
    /// assert!(hosts.is_crowded() && hosts.is_empty());
    /// ```
    #[must_use]
    pub fn is_crowded(&self) -> bool {
        self.crowd.get().is_some()
    }

    /// Forgets at once all that may be forgotten. Without it that happens where there is no room.
    ///
    /// ```
    /// # use retry_core::{Destinations, DestinationRule, Time};
    /// # use std::time::Duration;
    /// let hosts = Destinations::<u32>::new(DestinationRule::DEFAULT);
    /// let held = hosts.at(&1, Time::default());
    /// hosts.evict(Time::default().after(Duration::from_secs(3600)));
    /// assert_eq!(hosts.len(), 1);
    /// drop(held);
    /// hosts.evict(Time::default().after(Duration::from_secs(3600)));
    /// assert!(hosts.is_empty());
    /// ```
    pub fn evict(&self, now: Time) {
        for shard in &self.shards {
            shard.write().unwrap_or_else(PoisonError::into_inner).evict(self.idle, now);
        }
    }

    fn shard<Q: Hash + ?Sized>(&self, key: &Q) -> &RwLock<Shard<K, S>> {
        // The map within goes by other bits of the same hash.
        #[expect(clippy::cast_possible_truncation, reason = "a remainder of 16")]
        let shard = (self.hasher.hash_one(key) >> 32) as u8 % SHARDS as u8;
        &self.shards[usize::from(shard)]
    }

    fn crowd(&self, now: Time) -> Arc<Destination> {
        let rule = DestinationRule::DEFAULT.budget(self.rule.budget_rule());
        self.crowd.get_or_init(|| Arc::new(Destination::new(&rule, now))).clone()
    }
}

impl<K, S> fmt::Debug for Destinations<K, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Destinations").field("rule", &self.rule).finish_non_exhaustive()
    }
}
