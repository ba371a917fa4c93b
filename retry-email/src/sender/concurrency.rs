/// How many deliveries to one host may be under way, by Postfix's feedback: plain state, for whoever counts what is under way.
///
/// With window w, each delivery that the host was fit for adds 1/w, and each that it was not takes 1/w away; only whole steps
/// change the window.
///
/// ```text
/// success   after w of them since the last change: w + 1, at most `most`
/// failure   the first after a change upwards, and then each w-th: w - 1, at least 1
/// ```
///
/// So it takes as many successes to grow by one as there are deliveries in the window, and a single failure takes back one step at
/// once. It grows only while it is less than the deliveries under way plus the initial window: room that nobody uses tells nothing.
///
/// Source: Postfix's queue manager (`SCHEDULER_README`: concurrency feedback 1/concurrency, initial window 5, limit 20). Its "dead"
/// destinations are the circuit breaker's matter here.
///
/// # Defaults
/// 5 at the beginning, 20 at the most.
///
/// ```
/// use retry_email::ConcurrencyWindow;
///
/// let mut window = ConcurrencyWindow::new(2, 20);
/// window.succeeded(2);
/// assert_eq!(window.size(), 2);
/// // 1/2 + 1/2
/// window.succeeded(2);
/// assert_eq!(window.size(), 3);
/// window.failed();
/// assert_eq!(window.size(), 2);
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct ConcurrencyWindow {
    size: u32,
    initial: u32,
    most: u32,
    /// Successes since the window last changed.
    successes: u32,
    /// Failures that are still to come before the next one takes a step.
    spared: u32,
}

impl Default for ConcurrencyWindow {
    fn default() -> Self {
        Self::new(5, 20)
    }
}

impl ConcurrencyWindow {
    /// Begins with `initial`, grows to `most`. Less than 1 counts as 1, an initial window above the greatest one as that.
    ///
    /// ```
    /// # use retry_email::ConcurrencyWindow;
    /// assert_eq!(ConcurrencyWindow::new(9, 3).size(), 3);
    /// assert_eq!(ConcurrencyWindow::new(0, 0).size(), 1);
    /// ```
    #[must_use]
    pub const fn new(initial: u32, most: u32) -> Self {
        let most = if most > 1 { most } else { 1 };
        let initial = if initial > most { most } else { initial };
        let initial = if initial > 1 { initial } else { 1 };
        Self { size: initial, initial, most, successes: 0, spared: 0 }
    }

    /// How many deliveries may be under way: 1 to the greatest window.
    ///
    /// ```
    /// # use retry_email::ConcurrencyWindow;
    /// assert_eq!(ConcurrencyWindow::default().size(), 5);
    /// ```
    #[must_use]
    pub const fn size(&self) -> u32 {
        self.size
    }

    /// A delivery ended that the host was fit for, whatever became of its recipients; `under_way` were so many, it included.
    ///
    /// ```
    /// # use retry_email::ConcurrencyWindow;
    /// let mut window = ConcurrencyWindow::new(1, 2);
    /// (0..100).for_each(|_| window.succeeded(u32::MAX));
    /// assert_eq!(window.size(), 2);
    /// ```
    pub const fn succeeded(&mut self, under_way: u32) {
        if self.size >= self.most || self.size >= under_way.saturating_add(self.initial) {
            return;
        }
        self.successes = self.successes.saturating_add(1);
        if self.successes >= self.size {
            self.size += 1;
            (self.successes, self.spared) = (0, 0);
        }
    }

    /// A delivery ended because the host could not be reached, was not fit, or throttled.
    ///
    /// ```
    /// # use retry_email::ConcurrencyWindow;
    /// let mut window = ConcurrencyWindow::new(4, 20);
    /// window.failed();
    /// assert_eq!(window.size(), 3);
    /// // Two more are spared: 1/3 each, and the third has its step again.
    /// window.failed();
    /// window.failed();
    /// assert_eq!(window.size(), 3);
    /// window.failed();
    /// assert_eq!(window.size(), 2);
    /// ```
    pub const fn failed(&mut self) {
        self.successes = 0;
        if self.spared > 0 {
            self.spared -= 1;
            return;
        }
        if self.size > 1 {
            self.size -= 1;
        }
        self.spared = self.size - 1;
    }

    /// Begins anew: for a host that was down.
    ///
    /// ```
    /// # use retry_email::ConcurrencyWindow;
    /// let mut window = ConcurrencyWindow::default();
    /// window.failed();
    /// window.reset();
    /// assert_eq!(window, ConcurrencyWindow::default());
    /// ```
    pub const fn reset(&mut self) {
        *self = Self::new(self.initial, self.most);
    }

    /// The same with a greatest window of `most` at the most.
    pub(super) const fn within(self, most: u32) -> Self {
        let most = if self.most < most { self.most } else { most };
        Self::new(self.initial, most)
    }
}
