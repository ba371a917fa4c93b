//! Keeps the parts of a retrier ours to change.

#[expect(unnameable_types, reason = "that is what seals")]
pub trait Sealed {}

/// The absent part.
impl Sealed for () {}
