use std::borrow::Borrow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasher, Hash};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::Destination;
use crate::Time;

/// A part of a registry, under a lock of its own.
#[derive(Debug)]
pub(super) struct Shard<K, S> {
    entries: HashMap<K, Kept, S>,
}

#[derive(Debug)]
struct Kept {
    destination: Arc<Destination>,
    /// When it was last asked for, in nanoseconds, to within [`STEP`].
    used: AtomicU64,
}

/// Asking writes only that often, so that readers on many cores do not take a line of memory from each other.
const STEP: u64 = 1_000_000_000;

impl<K: Eq + Hash, S: BuildHasher> Shard<K, S> {
    pub(super) const fn new(hasher: S) -> Self {
        Self { entries: HashMap::with_hasher(hasher) }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn get<Q>(&self, key: &Q, now: Time) -> Option<Arc<Destination>>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let kept = self.entries.get(key)?;
        if now.as_nanos().saturating_sub(kept.used.load(Ordering::Relaxed)) >= STEP {
            kept.used.store(now.as_nanos(), Ordering::Relaxed);
        }
        Some(kept.destination.clone())
    }

    /// The destination of `key`, which `make` makes if there is room for it among `most`.
    pub(super) fn get_or_insert(
        &mut self,
        key: K,
        most: usize,
        idle: Duration,
        now: Time,
        make: impl FnOnce() -> Destination,
    ) -> Option<Arc<Destination>> {
        if self.entries.len() >= most && !self.entries.contains_key(&key) {
            self.evict(idle, now);
            if self.entries.len() >= most {
                return None;
            }
        }
        let kept = match self.entries.entry(key) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => {
                entry.insert(Kept { destination: Arc::new(make()), used: AtomicU64::new(now.as_nanos()) })
            }
        };
        Some(kept.destination.clone())
    }

    /// Forgets what nobody holds or has asked for during `idle`, and of which nothing would be lost.
    pub(super) fn evict(&mut self, idle: Duration, now: Time) {
        self.entries.retain(|_, kept| {
            let used = Time::from_nanos(kept.used.load(Ordering::Relaxed));
            now.since(used) < idle
                || Arc::strong_count(&kept.destination) > 1
                || !kept.destination.is_at_rest(idle, now)
        });
    }
}

#[cfg(test)]
mod tests {
    use std::hash::RandomState;

    use super::*;

    /// So that readers on many cores share the line of memory that it is in.
    #[test]
    fn asking_writes_once_a_second_at_the_most() {
        let at = |millis: u64| Time::from_nanos(millis * 1_000_000);
        let mut shard = Shard::new(RandomState::new());
        shard.get_or_insert(7, 9, Duration::ZERO, at(5_000), Destination::default).unwrap();
        for (millis, written) in [(5_000, 5_000), (5_999, 5_000), (6_000, 6_000), (6_500, 6_000), (1_000, 6_000)] {
            shard.get(&7, at(millis)).unwrap();
            assert_eq!(shard.entries[&7].used.load(Ordering::Relaxed), at(written).as_nanos(), "{millis}");
        }
    }
}
