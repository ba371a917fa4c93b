//! The names of errors in the second field.

use super::time;

/// Whether Exim knows it. Capitals count as small letters, as in Exim.
pub(super) fn is_known(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    if let Some(code) = ["data_4", "mail_4", "rcpt_4"].iter().find_map(|prefix| name.strip_prefix(prefix)) {
        return matches!(code.as_bytes(), [b'x', b'x'] | [b'0'..=b'9', b'x' | b'0'..=b'9']);
    }
    if let Some(unused) = name.strip_prefix("quota_") {
        return time::seconds(unused).is_ok();
    }
    matches!(
        name.as_str(),
        "*" | "auth_failed"
            | "lookup"
            | "lost_connection"
            | "quota"
            | "refused"
            | "refused_a"
            | "refused_mx"
            | "timeout"
            | "timeout_a"
            | "timeout_mx"
            | "timeout_connect"
            | "timeout_connect_a"
            | "timeout_connect_mx"
            // It never worked, and newer versions take it for "timeout"; old configurations have it.
            | "timeout_dns"
            | "tls_required"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_known_as_exim_knows_them() {
        for name in [
            "*",
            "quota",
            "quota_7d",
            "rcpt_4xx",
            "rcpt_45x",
            "data_421",
            "MAIL_4xx",
            "refused_MX",
            "timeout_connect_A",
            "timeout_DNS",
            "tls_required",
            "auth_failed",
            "lost_connection",
            "lookup",
        ] {
            assert!(is_known(name), "{name}");
        }
        for name in ["", "**", "quota_", "quota_7", "rcpt_9xx", "rcpt_4x5", "rcpt_4", "rcpt_4xxx", "refused_X", "foo"] {
            assert!(!is_known(name), "{name}");
        }
    }
}
