//! What a caller keeps from call to call.

use std::hint::black_box;

/// Lays `value` somewhere for good, as a `static` or a field of the application would, and hides what is in it from the
/// optimiser, as in a program that reads its policy at start.
///
/// For all that is kept, ours and the peers' alike; what a peer takes anew with each call stays a visible constant.
pub(crate) fn held<T>(value: T) -> &'static T {
    held_mut(value)
}

/// The same for what can only be called by `&mut`.
pub(crate) fn held_mut<T>(value: T) -> &'static mut T {
    black_box(Box::leak(Box::new(value)))
}
