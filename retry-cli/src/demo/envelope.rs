//! The envelope, from the headers.

use mail_parser::{Header, HeaderName};
use retry_email::lettre::lettre::address::{Address, Envelope};

/// Makes the envelope: `Sender`, or else the first of `From`; and everybody in `To`, `Cc` and `Bcc`, once each.
///
/// The error says what is missing or wrong, and what to do.
pub(super) fn of(headers: &[Header<'_>]) -> Result<Envelope, String> {
    let sender = addresses(headers, &[HeaderName::Sender])?;
    let from = addresses(headers, &[HeaderName::From])?;
    let Some(sender) = sender.into_iter().chain(from).next() else {
        return Err(String::from("has no sender: give it a From header with a mail address"));
    };
    let mut recipients: Vec<Address> = Vec::new();
    for recipient in addresses(headers, &[HeaderName::To, HeaderName::Cc, HeaderName::Bcc])? {
        if !recipients.contains(&recipient) {
            recipients.push(recipient);
        }
    }
    Envelope::new(Some(sender), recipients)
        .map_err(|_| String::from("has no recipient: give it a To, Cc or Bcc header with a mail address"))
}

/// The mail addresses in all headers of these names. A display name without address is none.
fn addresses(headers: &[Header<'_>], names: &[HeaderName<'_>]) -> Result<Vec<Address>, String> {
    headers
        .iter()
        .filter(|header| names.contains(&header.name))
        .filter_map(|header| Some((header.name(), header.value().as_address()?)))
        .flat_map(|(name, list)| list.iter().map(move |one| (name, one)))
        .filter_map(|(name, one)| Some((name, one.address()?)))
        .map(|(name, text)| {
            text.parse().map_err(|_| format!("has \"{text}\" in its {name} header, which is no mail address: mend it"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use mail_parser::MessageParser;

    use super::*;

    fn envelope(headers: &str) -> Result<Envelope, String> {
        let message = MessageParser::default().parse_headers(headers).unwrap();
        of(message.headers())
    }

    fn recipients(headers: &str) -> Vec<String> {
        let envelope = envelope(&format!("From: a@example.org\r\n{headers}\r\n\r\n")).unwrap();
        envelope.to().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn everybody_is_a_recipient_once() {
        assert_eq!(
            recipients("To: Bob <b@example.org>, c@example.org\r\nCc: c@example.org\r\nBcc: d@example.org"),
            ["b@example.org", "c@example.org", "d@example.org"]
        );
        assert_eq!(recipients("To: b@example.org\r\nTo: c@example.org"), ["b@example.org", "c@example.org"]);
        assert_eq!(recipients("To: friends: b@example.org, c@example.org;"), ["b@example.org", "c@example.org"]);
        assert_eq!(recipients("To:\r\n =?utf-8?q?B=C3=B6b?=\r\n <b@example.org>"), ["b@example.org"]);
        assert_eq!(recipients("Cc: undisclosed-recipients:;\r\nBcc: b@example.org"), ["b@example.org"]);
    }

    #[test]
    fn the_sender_header_goes_before_from() {
        let both = "From: a@example.org, x@example.org\r\nSender: s@example.org\r\nTo: b@example.org\r\n\r\n";
        assert_eq!(envelope(both).unwrap().from().unwrap().to_string(), "s@example.org");
        let from = "From: a@example.org, x@example.org\r\nTo: b@example.org\r\n\r\n";
        assert_eq!(envelope(from).unwrap().from().unwrap().to_string(), "a@example.org");
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        for (headers, expected) in [
            ("To: b@example.org\r\n\r\n", "has no sender"),
            ("From: Alice\r\nTo: b@example.org\r\n\r\n", "From header"),
            ("From: a@example.org\r\n\r\n", "has no recipient"),
            ("From: a@example.org\r\nTo: undisclosed-recipients:;\r\n\r\n", "has no recipient"),
            ("From: a@example.org\r\nTo: <b@@example.org>\r\n\r\n", "no mail address"),
        ] {
            let error = envelope(headers).unwrap_err();
            assert!(error.contains(expected), "{headers}: {error}");
        }
    }
}
