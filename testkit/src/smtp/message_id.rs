/// Finds the value of the first `Message-ID` field of a message (RFC 5322, section 3.6.4).
///
/// A folded value is unfolded. Of a value with angle brackets, the part from the one to the other is returned, without
/// white space; any other value as it stands, trimmed. A line may end in LF alone.
pub(crate) fn message_id(message: &[u8]) -> Option<String> {
    let mut lines = message.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let header = lines.by_ref().take_while(|line| !line.is_empty());
    let mut value: Option<Vec<u8>> = None;
    for line in header {
        let is_folded = line.starts_with(b" ") || line.starts_with(b"\t");
        match &mut value {
            Some(value) if is_folded => value.extend_from_slice(line),
            Some(_) => break,
            None if is_folded => {}
            None => value = field_value(line).map(<[u8]>::to_vec),
        }
    }
    normal(&String::from_utf8_lossy(&value?))
}

/// The text after the colon if the line begins a `Message-ID` field.
fn field_value(line: &[u8]) -> Option<&[u8]> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let (name, value) = line.split_at(colon);
    name.trim_ascii_end().eq_ignore_ascii_case(b"message-id").then(|| &value[1..])
}

fn normal(value: &str) -> Option<String> {
    let bracketed = value.find('<').and_then(|start| {
        let end = value[start..].find('>')?;
        Some(value[start..=start + end].split_ascii_whitespace().collect::<String>())
    });
    let id = bracketed.unwrap_or_else(|| value.trim().to_owned());
    (!id.is_empty()).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_id_is_found_however_it_is_written() {
        for message in [
            "Message-ID: <1@example.org>\r\n\r\n",
            "From: a\r\nMESSAGE-ID:<1@example.org>\r\nTo: b\r\n\r\nbody",
            "message-id:\r\n <1@example.org>\r\nSubject: a\r\n\r\n",
            "Message-Id: (comment)\r\n\t<1@example\r\n .org> (comment)\r\n\r\n",
            "Message-ID : <1@example.org>\n\n",
            "Message-ID: <1@example.org>",
            "Subject: a\r\n Message-ID: <0@example.org>\r\nMessage-ID: <1@example.org>\r\nMessage-ID: <2@example.org>",
        ] {
            assert_eq!(message_id(message.as_bytes()).as_deref(), Some("<1@example.org>"), "{message}");
        }
        assert_eq!(message_id(b"Message-ID:  bare  \r\n").as_deref(), Some("bare"));
    }

    #[test]
    fn a_message_id_is_found_in_the_header_only() {
        for message in
            ["", "\r\n", "Subject: a\r\n\r\nMessage-ID: <1@example.org>\r\n", "Message-ID:\r\n\r\nx", ":", "a"]
        {
            assert_eq!(message_id(message.as_bytes()), None, "{message}");
        }
    }
}
