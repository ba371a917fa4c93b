use super::Policy;
use crate::{Class, Invalid, Law};

impl Policy {
    /// Whether the settings agree with each other, those of the classes' policies included.
    ///
    /// A contradictory policy still keeps its cap and panics nowhere; it just does not do what somebody meant.
    ///
    /// # Errors
    /// [`Invalid::Bounds`]: a floor, or the base of what grows, above the cap. [`Invalid::Empty`], [`Invalid::Order`]: a list or
    /// segments without entries or out of order. [`Invalid::Spread`]: additive jitter wider than the cap.
    /// [`Invalid::Jitter`]: jitter on a schedule that is random by itself. [`Invalid::Factor`]: a factor of 0.
    /// [`Invalid::Nested`]: classes in the policy of a class.
    ///
    /// # Example: at compile time
    /// ```
    /// use retry_core::{Additive, Invalid, Law, Policy};
    /// use std::time::Duration;
    ///
    /// const HOUR: Duration = Duration::from_secs(3600);
    /// static GOOD: Policy = Policy::constant(HOUR).capped(HOUR);
    /// const _: () = assert!(GOOD.check().is_ok());
    ///
    /// let wide = GOOD.clone().jitter(Law::Additive(Additive::new(2 * HOUR)));
    /// assert_eq!(wide.check(), Err(Invalid::Spread));
    /// ```
    ///
    /// # Example: a contradiction does not compile
    /// ```compile_fail,E0080
    /// use retry_core::Policy;
    /// use std::time::Duration;
    ///
    /// // The base is above the cap.
    /// static WRONG: Policy = Policy::exponential(Duration::from_secs(60), Duration::from_secs(1));
    /// const _: () = assert!(WRONG.check().is_ok());
    /// ```
    pub const fn check(&self) -> Result<(), Invalid> {
        if let Some(invalid) = self.schedule.invalid() {
            return Err(invalid);
        }
        if self.schedule.floor() > self.cap {
            return Err(Invalid::Bounds);
        }
        if let Law::Additive(additive) = self.law
            && additive.spread() > self.cap
        {
            return Err(Invalid::Spread);
        }
        if self.schedule.is_random() && !matches!(self.law, Law::None) {
            return Err(Invalid::Jitter);
        }
        let classes = [Class::Transient, Class::Throttled, Class::Persistent, Class::Misconfigured];
        let mut at = 0;
        while at < classes.len() {
            if let Some(policy) = self.by_class.get(classes[at]) {
                if !policy.by_class.is_empty() {
                    return Err(Invalid::Nested);
                }
                if let Err(invalid) = policy.check() {
                    return Err(invalid);
                }
            }
            at += 1;
        }
        Ok(())
    }
}
