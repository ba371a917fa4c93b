/// Holds an address of an envelope with the parameters that came with it.
///
/// # Examples
///
/// ```
/// use std::io::Write;
/// use std::net::TcpStream;
/// use std::time::Duration;
///
/// use testkit::smtp::{Script, SmtpServer};
///
/// let server = SmtpServer::start(Script::new())?;
/// let mut client = TcpStream::connect(server.addr())?;
/// client.write_all(b"EHLO c\r\nMAIL FROM:<> SIZE=3\r\nRCPT TO:<bob@example.org>\r\nDATA\r\nx\r\n.\r\nQUIT\r\n")?;
/// std::io::copy(&mut client, &mut std::io::sink())?; // up to the server's close
///
/// let sender = &server.accepted()[0].sender;
/// assert_eq!(sender.address, "");
/// assert_eq!(sender.parameters, ["SIZE=3"]);
/// assert_eq!(sender.parameter("size"), Some("3"));
/// assert_eq!(sender.parameter("BODY"), None);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mailbox {
    /// The address without its angle brackets, empty for the null sender. Bytes that are no UTF-8 are replaced.
    pub address: String,
    /// The parameters of the `MAIL` or `RCPT` command as they were written, in their order.
    pub parameters: Vec<String>,
}

impl Mailbox {
    /// Returns the value of the parameter `keyword`, in any ASCII case: empty if it has none, `None` if it is absent.
    ///
    /// ```
    /// # use std::{io::{Write, read_to_string}, net::TcpStream};
    /// # use testkit::smtp::{Script, SmtpServer};
    /// # let server = SmtpServer::start(Script::new())?;
    /// let mut client = TcpStream::connect(server.addr())?;
    /// client.write_all(b"EHLO c\r\nMAIL FROM:<> BODY=8BITMIME SMTPUTF8\r\nRCPT TO:<c@d>\r\nDATA\r\n.\r\nQUIT\r\n")?;
    /// read_to_string(client)?; // up to the server's close
    /// let sender = &server.accepted()[0].sender;
    /// let parameters = ["body", "SMTPUTF8", "SIZE"].map(|keyword| sender.parameter(keyword));
    /// assert_eq!(parameters, [Some("8BITMIME"), Some(""), None]);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn parameter(&self, keyword: &str) -> Option<&str> {
        self.named_parameters().find(|(name, _)| name.eq_ignore_ascii_case(keyword)).map(|(_, value)| value)
    }

    pub(super) fn named_parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parameters.iter().map(|one| one.split_once('=').unwrap_or((one, "")))
    }

    /// Parses `FROM:<address> PARAMETER=value`, where `label` is `FROM:`.
    pub(super) fn parse(argument: &str, label: &str) -> Option<Self> {
        let (given, rest) = argument.split_at_checked(label.len())?;
        let path = rest.trim_ascii_start().strip_prefix('<').filter(|_| given.eq_ignore_ascii_case(label))?;
        let end = closing_bracket(path)?;
        let parameters = &path[end + 1..];
        if !parameters.is_empty() && !parameters.starts_with(' ') {
            return None;
        }
        let parameters = parameters.split_ascii_whitespace().map(String::from).collect();
        Some(Self { address: path[..end].to_owned(), parameters })
    }
}

/// Finds the first `>` outside of a quoted local part.
fn closing_bracket(path: &str) -> Option<usize> {
    let (mut quoted, mut escaped) = (false, false);
    path.bytes().position(|byte| match byte {
        _ if escaped => {
            escaped = false;
            false
        }
        b'\\' => {
            escaped = quoted;
            false
        }
        b'"' => {
            quoted = !quoted;
            false
        }
        byte => byte == b'>' && !quoted,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_ends_at_the_first_bracket_outside_of_quotes() {
        for (argument, address) in [
            ("TO:<bob@example.org>", "bob@example.org"),
            ("to: <bob@example.org> NOTIFY=NEVER", "bob@example.org"),
            (r#"TO:<"a>b \"> c"@example.org>"#, r#""a>b \"> c"@example.org"#),
            ("TO:<>", ""),
            ("TO:<é@example.org>", "é@example.org"),
        ] {
            assert_eq!(Mailbox::parse(argument, "TO:").unwrap().address, address, "{argument}");
        }
    }

    #[test]
    fn a_path_without_brackets_is_refused() {
        for argument in
            ["", "TO:", "TO:bob", "TO:<bob", "FROM:<bob>", "T", "TO:<bob>NOTIFY=NEVER", "TO:<\"bob>", "ééé<"]
        {
            assert_eq!(Mailbox::parse(argument, "TO:"), None, "{argument}");
        }
    }
}
