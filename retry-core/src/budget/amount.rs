use std::sync::atomic::{AtomicU32, Ordering};

/// A number of tokens between 0 and its most, shared by threads.
#[derive(Debug)]
pub(crate) struct Amount {
    tokens: AtomicU32,
    most: u32,
}

impl Amount {
    /// `tokens`, or the most there can be.
    pub(crate) const fn new(tokens: u32, most: u32) -> Self {
        let tokens = if tokens < most { tokens } else { most };
        Self { tokens: AtomicU32::new(tokens), most }
    }

    pub(crate) const fn most(&self) -> u32 {
        self.most
    }

    pub(crate) fn get(&self) -> u32 {
        self.tokens.load(Ordering::Relaxed)
    }

    /// Takes all of `tokens` or nothing.
    pub(crate) fn take(&self, tokens: u64) -> bool {
        let taken = |left: u32| left.checked_sub(u32::try_from(tokens).ok()?);
        self.tokens.fetch_update(Ordering::Relaxed, Ordering::Relaxed, taken).is_ok()
    }

    /// Takes `tokens`, or as many as there are; what is left.
    pub(crate) fn drop_by(&self, tokens: u64) -> u32 {
        self.update(|left| left.saturating_sub(tokens))
    }

    /// Adds `tokens`, up to the most.
    pub(crate) fn add(&self, tokens: u64) {
        self.update(|left| left.saturating_add(tokens));
    }

    /// The new number.
    fn update(&self, f: impl Fn(u64) -> u64) -> u32 {
        let new = |left: u32| u32::try_from(f(u64::from(left))).unwrap_or(u32::MAX).min(self.most);
        let mut left = self.get();
        loop {
            let next = new(left);
            match self.tokens.compare_exchange_weak(left, next, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return next,
                Err(now) => left = now,
            }
        }
    }
}
