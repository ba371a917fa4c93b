/// What to do with a message that may have arrived although its attempt failed.
///
/// The reply to the final dot may be lost after the server has taken the message (RFC 1047). lettre reports that just as
/// it reports a connection lost before the message; so here the outcome of every lost connection and every lost or
/// unreadable reply is unknown. The two answers:
///
/// | | the server took it | the server did not |
/// |---|---|---|
/// | `Hold` (default) | arrived once | lost, unless somebody looks into it |
/// | `Resend` | arrived twice | arrived once |
///
/// Held mail ends with [`StopReason::UnknownOutcome`](retry_core::StopReason::UnknownOutcome), error and all: it is not
/// silently dropped. Many receivers drop a second copy with the same `Message-ID`, which stays the same here.
///
/// A third answer, "assume it was sent", does not exist here: nobody but the server can make the transport's
/// Ok-value. Whoever wants it takes `StopReason::UnknownOutcome` for success.
///
/// ```
/// use retry_email::lettre::UnknownOutcome;
///
/// assert_eq!(UnknownOutcome::default(), UnknownOutcome::Hold);
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum UnknownOutcome {
    /// Stops, so that nothing arrives twice.
    #[default]
    Hold,
    /// Goes on, so that nothing is lost while the policy lasts.
    Resend,
}
