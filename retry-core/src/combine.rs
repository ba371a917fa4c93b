//! Policies made of policies.

mod and;
mod for_class;
mod never;
mod or_else;

pub use and::And;
pub use for_class::ForClass;
pub use never::Never;
pub use or_else::OrElsePolicy;
