//! Policies made of policies.

mod and;
mod at_most_once;
mod for_class;
mod never;
mod or_else;

pub use and::And;
pub use at_most_once::AtMostOnce;
pub use for_class::ForClass;
pub use never::Never;
pub use or_else::OrElsePolicy;
