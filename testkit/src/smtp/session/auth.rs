use super::Session;
use super::link::Ended;

use crate::smtp::reply::Reply;

impl Session {
    /// Takes any credentials (RFC 4954), with the mechanisms `PLAIN` and `LOGIN` where they are advertised.
    pub(super) fn auth(&mut self, argument: &str) -> Result<(), Ended> {
        if !self.has("AUTH") {
            return self.say(502, "5.5.1", "Command not implemented");
        }
        if self.is_authenticated || self.transaction.is_some() {
            return self.say(503, "5.5.1", "Not now");
        }
        let mut words = argument.split_ascii_whitespace();
        let mechanism = words.next().unwrap_or_default().to_ascii_uppercase();
        // In base64: the empty challenge, "Username:", "Password:".
        let challenges: &[&str] = match mechanism.as_str() {
            _ if !self.offers(&mechanism) => &[],
            "PLAIN" => &[""],
            "LOGIN" => &["VXNlcm5hbWU6", "UGFzc3dvcmQ6"],
            _ => &[],
        };
        if challenges.is_empty() {
            return self.say(504, "5.5.4", "Mechanism not supported");
        }
        // An initial response answers the first challenge.
        for challenge in challenges.iter().skip(words.count()) {
            self.link.say(&Reply::new(format!("334 {challenge}")))?;
            let line = self.link.read_line()?;
            self.link.hear(None, &line.bytes);
            if line.is_too_long || line.bytes.trim_ascii() == b"*" {
                return self.say(501, "5.7.0", "Authentication cancelled");
            }
        }
        self.is_authenticated = true;
        self.say(235, "2.7.0", "Authenticated")
    }

    fn offers(&self, mechanism: &str) -> bool {
        let offered = self.cues.dialogue().extension("AUTH");
        offered.is_some_and(|mut offered| offered.any(|one| one.eq_ignore_ascii_case(mechanism)))
    }
}
