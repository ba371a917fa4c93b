use crate::words::words;

words! {
    /// What happened where there is no reply.
    ///
    /// ```
    /// use retry_email::Event;
    ///
    /// assert_eq!("connection_closed".parse(), Ok(Event::ConnectionClosed));
    /// assert_eq!(Event::DnsNxdomain.to_string(), "dns_nxdomain");
    /// ```
    Event, "event", {
        /// Nobody listens at the address, or the network says that it cannot be reached.
        Refused = "refused",
        /// The peer closed or reset the connection.
        ConnectionClosed = "connection_closed",
        /// Nothing came in time.
        Timeout = "timeout",
        /// The TLS handshake failed, for the peer's certificate or otherwise.
        BadCertificate = "bad_certificate",
        /// The name could not be looked up for now (SERVFAIL, no answer).
        DnsTemporary = "dns_temporary",
        /// The name does not exist, or has no address.
        DnsNxdomain = "dns_nxdomain",
    }
}
