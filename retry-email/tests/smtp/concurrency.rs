//! Postfix's feedback: the window of deliveries to a host.

use proptest::prelude::*;
use retry_email::ConcurrencyWindow;

use crate::hostile::cases;

/// The same law in fractions, as Postfix states it: a success adds 1/w, a failure takes 1/w, whole steps change the window. In parts of
/// the window, so that nothing is rounded.
struct Model {
    window: u32,
    initial: u32,
    most: u32,
    /// Successes, of `window` parts each.
    up: u32,
    /// Parts of a failure that the last step down has paid for.
    paid: u32,
}

impl Model {
    fn hears(&mut self, fit: bool, under_way: u32) {
        if fit {
            if self.window < self.most && self.window < under_way.saturating_add(self.initial) {
                self.up += 1;
                // up / window = 1
                if self.up == self.window {
                    (self.window, self.up, self.paid) = (self.window + 1, 0, 0);
                }
            }
            return;
        }
        self.up = 0;
        if self.paid == 0 {
            self.window = (self.window - 1).max(1);
            self.paid = self.window;
        }
        self.paid -= 1;
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases() / 10, ..ProptestConfig::default() })]

    #[test]
    fn the_window_follows_the_law_and_stays_within_its_bounds(
        (initial, most) in (0..30_u32, 0..30_u32),
        told in prop::collection::vec((any::<bool>(), 0..30_u32), 0..400),
    ) {
        let mut window = ConcurrencyWindow::new(initial, most);
        let most = most.max(1);
        let initial = initial.clamp(1, most);
        let mut model = Model { window: initial, initial, most, up: 0, paid: 0 };
        for (fit, under_way) in told {
            let before = window.size();
            if fit { window.succeeded(under_way) } else { window.failed() }
            model.hears(fit, under_way);
            prop_assert_eq!(window.size(), model.window);
            prop_assert!((1..=most).contains(&window.size()));
            let (least, greatest) = if fit { (before, before + 1) } else { (before - 1, before) };
            prop_assert!((least..=greatest).contains(&window.size()));
        }
        window.reset();
        prop_assert_eq!(window, ConcurrencyWindow::new(initial, most));
    }

    /// n windows' worth of successes grow it by n; a burst as long as the window costs one step.
    #[test]
    fn a_window_of_successes_is_a_step_up_and_a_window_of_failures_one_down(
        (initial, steps) in (1..20_u32, 0..20_u32),
    ) {
        let mut window = ConcurrencyWindow::new(initial, 100);
        for step in 0..steps {
            (0..initial + step).for_each(|_| window.succeeded(u32::MAX));
            prop_assert_eq!(window.size(), initial + step + 1);
        }
        let size = window.size();
        // The first is a step at once, and the size - 1 after it are spared.
        (0..size - 1).for_each(|_| window.failed());
        prop_assert_eq!(window.size(), if size == 1 { 1 } else { size - 1 });
    }
}

#[test]
fn a_window_that_nobody_fills_does_not_grow() {
    let mut window = ConcurrencyWindow::default();
    (0..1000).for_each(|_| window.succeeded(1));
    // 1 under way and 5 at the beginning
    assert_eq!(window.size(), 6);
    (0..1000).for_each(|_| window.succeeded(10));
    assert_eq!(window.size(), 15);
    (0..1000).for_each(|_| window.succeeded(u32::MAX));
    assert_eq!(window.size(), 20);
}
