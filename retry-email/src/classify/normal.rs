//! Text as phrases see it.

/// The most bytes of normal text that are looked at. Longer replies have said it by then.
const MOST: usize = 2 * 1024;

/// Words in lower case and without accents, a space before and after each.
///
/// What is no word is a space; mail addresses, enhanced status codes and repeated reply codes (`550-5.1.1`) are left out, and
/// an IP address reads `ip`. Each ideograph is a word of its own. So `Client host [192.0.2.1] isn’t allowed` reads
/// ` client host ip isn t allowed `, and no address can pass for a phrase.
#[derive(Clone, Debug, Default)]
pub(super) struct Normal {
    text: Vec<u8>,
}

impl Normal {
    pub(super) fn of(text: &str) -> Self {
        let mut normal = Self { text: Vec::with_capacity(MOST.min(text.len() + text.len() / 4) + 16) };
        normal.text.push(b' ');
        let mut rest = text;
        while !rest.is_empty() && normal.text.len() < MOST {
            let end = rest.bytes().position(is_end_of_chunk).unwrap_or(rest.len());
            let (chunk, after) = rest.split_at(end);
            if !chunk.is_empty() {
                normal.add_chunk(chunk);
            }
            rest = after.get(1..).unwrap_or_default();
        }
        normal
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.text
    }

    fn add_chunk(&mut self, chunk: &str) {
        let bytes = chunk.as_bytes();
        let may_be_number = bytes.first().is_some_and(|byte| byte.is_ascii_hexdigit() || *byte == b'#')
            && bytes.iter().any(|byte| matches!(byte, b'.' | b':' | b'-'));
        if may_be_number {
            match number(chunk.trim_start_matches('#')) {
                Some(Number::Ip) => return self.add_ip(),
                Some(Number::Code) => return,
                None => {}
            }
        }
        match bytes.iter().position(|byte| *byte == b'@') {
            Some(at) if !chunk.contains("://") => self.add_words(after_address(chunk, at)),
            _ => self.add_words(chunk),
        }
    }

    fn add_ip(&mut self) {
        if !self.text.ends_with(b" ip ") {
            self.text.extend_from_slice(b"ip ");
        }
    }

    fn add_words(&mut self, chunk: &str) {
        for c in chunk.chars() {
            if c.is_ascii_alphanumeric() {
                let c = c.to_ascii_lowercase();
                self.text.push(u8::try_from(c).unwrap_or(b' '));
            } else if c.is_ascii() {
                self.end_word();
            } else {
                self.add_foreign(c);
            }
        }
        self.end_word();
    }

    fn add_foreign(&mut self, c: char) {
        match c {
            // Between the letters and the ideographs stand symbols and quotation marks.
            '\u{2000}'..='\u{2bff}' | '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ff0f}' => self.end_word(),
            '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => {
                self.end_word();
                self.push(c);
                self.end_word();
            }
            _ if c.is_alphanumeric() => c.to_lowercase().for_each(|c| match plain(c) {
                Some(plain) => self.text.extend_from_slice(plain.as_bytes()),
                // Of a letter and its accent apart, the letter.
                None if ('\u{300}'..='\u{36f}').contains(&c) => {}
                None => self.push(c),
            }),
            '\u{300}'..='\u{36f}' => {}
            _ => self.end_word(),
        }
    }

    fn push(&mut self, c: char) {
        self.text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    }

    fn end_word(&mut self) {
        if self.text.last() != Some(&b' ') {
            self.text.push(b' ');
        }
    }
}

const fn is_end_of_chunk(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b'\t'
            | b'\r'
            | b'\n'
            | b'<'
            | b'>'
            | b'('
            | b')'
            | b'['
            | b']'
            | b'{'
            | b'}'
            | b'"'
            | b'\''
            | b';'
            | b','
            | b'|'
            | b'`'
    )
}

enum Number {
    Ip,
    Code,
}

/// An IP address, with or without a port, or a status code.
fn number(chunk: &str) -> Option<Number> {
    let chunk = chunk.trim_end_matches(['.', ':', '-', '!', '?', '/']);
    let bytes = chunk.as_bytes();
    let dots = bytes.iter().filter(|byte| **byte == b'.').count();
    // `550-5.1.1`, or `550-`, of which the hyphen is gone.
    let after_code = match bytes {
        [b'1'..=b'9', b'0'..=b'9', b'0'..=b'9', b'-', ..] => chunk.get(4..)?,
        _ => chunk,
    };
    if dots == 2 && after_code.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return is_dotted(after_code, 3).then_some(Number::Code);
    }
    if dots == 3 {
        let address = chunk.split([':', '/']).next().unwrap_or_default();
        return is_dotted(address, 4).then_some(Number::Ip);
    }
    let colons = bytes.iter().filter(|byte| **byte == b':').count();
    let is_ipv6 = colons >= 3 || (colons >= 2 && chunk.contains("::"));
    (is_ipv6 && bytes.iter().all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.'))).then_some(Number::Ip)
}

fn is_dotted(text: &str, parts: usize) -> bool {
    let is_number = |part: &str| matches!(part.len(), 1..=3) && part.bytes().all(|byte| byte.is_ascii_digit());
    text.split('.').count() == parts && text.split('.').all(is_number)
}

/// What stands behind an address in the same chunk: `a@b.example:blocked`, `a@b.example...unknown`.
fn after_address(chunk: &str, at: usize) -> &str {
    let domain = chunk.get(at + 1..).unwrap_or_default();
    let end = domain.find([':', '/', '=', '!', '?']).or_else(|| domain.find("..")).unwrap_or(domain.len());
    domain.get(end..).unwrap_or_default()
}

/// The letter without its accent, for the letters of Latin alphabets.
const fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ĥ' | 'ħ' => "h",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
        'ĵ' => "j",
        'ķ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => "o",
        'œ' => "oe",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ß' => "ss",
        'ţ' | 'ť' | 'ț' => "t",
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
        'ŵ' => "w",
        'ý' | 'ÿ' | 'ŷ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(text: &str) -> String {
        String::from_utf8(Normal::of(text).text).unwrap()
    }

    #[test]
    fn words_are_left() {
        for (text, expected) in [
            ("", " "),
            ("Mailbox  FULL!", " mailbox full "),
            ("isn’t isn't", " isn t isn t "),
            ("Boîte pleine, réessayez; Größe", " boite pleine reessayez grosse "),
            ("Почтовый Ящик", " почтовый ящик "),
            ("邮箱已满, 5分", " 邮 箱 已 满 5 分 "),
            ("p=OverQuotaPerm", " p overquotaperm "),
            ("e\u{301}te", " ete "),
        ] {
            assert_eq!(normal(text), expected, "{text}");
        }
    }

    #[test]
    fn addresses_and_codes_are_no_words() {
        for (text, expected) in [
            ("<spam@full.example>: unknown", " unknown "),
            ("spam@full.example...unknown", " unknown "),
            ("a@b.example:blocked", " blocked "),
            ("550-5.1.1 no such\n550 5.1.1 user", " no such 550 user "),
            ("(#5.1.1)", " "),
            ("IP [192.0.2.1] listed", " ip listed "),
            ("192.0.2.1:49309 listed", " ip listed "),
            ("2001:db8::1 listed, [IPv6:2001:db8::1]", " ip listed ipv6 2001 db8 1 "),
            ("at 12:30:00 on 1.2.3.4.5", " at 12 30 00 on 1 2 3 4 5 "),
            ("https://bl.example/q?ip=1.2.3.4", " https bl example q ip 1 2 3 4 "),
        ] {
            assert_eq!(normal(text), expected, "{text}");
        }
    }

    #[test]
    fn long_text_is_cut() {
        assert!(normal(&"word ".repeat(10_000)).len() < MOST + 16);
    }
}
