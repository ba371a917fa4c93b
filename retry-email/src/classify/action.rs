use crate::words::words;

words! {
    /// What a sender does next.
    ///
    /// ```
    /// use retry_email::Action;
    ///
    /// assert_eq!("split_recipients_now".parse(), Ok(Action::SplitRecipientsNow));
    /// ```
    Action, "action", {
        /// Nothing: it went as it should.
        Done = "done",
        /// Try again at once on a new connection; this is no attempt of the message.
        RetryNowNewConnection = "retry_now_new_connection",
        /// Try again after seconds to minutes.
        RetrySoon = "retry_soon",
        /// Try again by the schedule, of minutes to hours.
        RetryLater = "retry_later",
        /// Try again later, and send less to where the scope says.
        RetryThrottled = "retry_throttled",
        /// Try another host of the list now; without one, try again by the schedule.
        TryOtherHostThenLater = "try_other_host_then_later",
        /// Try another host of the list now; without one, the mail fails.
        TryOtherHostThenFail = "try_other_host_then_fail",
        /// Send to the accepted recipients, then at once to the rest.
        SplitRecipientsNow = "split_recipients_now",
        /// The reply tells nothing new: the replies to the `RCPT`s hold.
        UseRcptReplies = "use_rcpt_replies",
        /// The mail cannot reach this recipient.
        FailRecipient = "fail_recipient",
        /// The mail cannot reach anybody there.
        FailMessage = "fail_message",
        /// The receiver does not want mail from this sender.
        SenderRejected = "sender_rejected",
        /// The receiver does not want mail from our addresses or domain: reputation is to be mended.
        SenderReputation = "sender_reputation",
        /// The sender's domain is set up wrongly: DNS, SPF, DKIM, DMARC, reverse DNS.
        SenderConfig = "sender_config",
        /// Send by another route (another address of ours) where there is one; else the mail fails.
        OtherRouteOrFail = "other_route_or_fail",
        /// Our credentials are refused or missing: hold the queue, alert.
        ConfigErrorAuth = "config_error_auth",
        /// TLS is demanded, or fails, and waiting does not help: hold the queue, alert.
        ConfigErrorTls = "config_error_tls",
        /// We are not allowed to relay there: hold the queue, alert.
        ConfigErrorRelay = "config_error_relay",
        /// We are not allowed to send as this sender: hold the queue, alert.
        ConfigErrorSender = "config_error_sender",
        /// Say `HELO` instead of `EHLO`.
        FallbackHelo = "fallback_helo",
        /// The mail may have been taken: a policy decides whether it is sent again.
        UnknownOutcome = "unknown_outcome",
        /// The server does not speak SMTP as it must: close the connection.
        ProtocolErrorClose = "protocol_error_close",
    }
}
