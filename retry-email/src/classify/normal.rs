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
        let mut normal = Self::default();
        normal.read(text);
        normal
    }

    /// Replaces what was read before.
    pub(super) fn read(&mut self, text: &str) {
        let text = &text[..text.floor_char_boundary(2 * MOST)];
        self.text.clear();
        self.text.reserve(text.len() + text.len() / 4 + 16);
        self.text.push(b' ');
        let mut start = 0;
        while start < text.len() && self.text.len() <= MOST {
            let begin = self.text.len();
            let (length, signs) = self.add_ascii(&text.as_bytes()[start..]);
            if signs & (bit(AT) | bit(JOINT) | bit(FOREIGN)) != 0 {
                self.mend_chunk(text.get(start..start + length).unwrap_or_default(), signs, begin);
            }
            start += length + 1;
        }
    }

    /// Adds a chunk, which ends before a sign that says so, as if all of it were ASCII: how many bytes it has, and the bits of
    /// its signs.
    fn add_ascii(&mut self, bytes: &[u8]) -> (usize, u8) {
        // Apart from `Self` until the end, so that the loop keeps its length in a register.
        let mut words = std::mem::take(&mut self.text);
        let (mut signs, mut in_word, mut length) = (0, false, bytes.len());
        for (at, byte) in bytes.iter().enumerate() {
            let sign = TABLE[usize::from(*byte)];
            if sign >= LETTERS {
                words.push(sign);
                in_word = true;
                continue;
            }
            if in_word {
                words.push(b' ');
                in_word = false;
            }
            if sign == END {
                length = at;
                break;
            }
            signs |= bit(sign);
        }
        if in_word {
            words.push(b' ');
        }
        self.text = words;
        (length, signs)
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.text
    }

    /// Takes back what was added since `begin` where the chunk turns out to be more than ASCII words; `signs` are the bits of
    /// its signs.
    fn mend_chunk(&mut self, chunk: &str, signs: u8, begin: usize) {
        if signs & bit(JOINT) != 0 && chunk.starts_with(|c: char| c.is_ascii_hexdigit() || c == '#' || c == ':') {
            match number(chunk.trim_start_matches('#')) {
                Some(Number::Ip) => {
                    self.text.truncate(begin);
                    return self.add_ip();
                }
                Some(Number::Code) => return self.text.truncate(begin),
                None => {}
            }
        }
        let at = if signs & bit(AT) != 0 { chunk.find('@') } else { None };
        match at {
            Some(at) if !chunk.contains("://") => {
                self.text.truncate(begin);
                self.add_words(after_address(chunk, at));
            }
            _ if signs & bit(FOREIGN) != 0 => {
                self.text.truncate(begin);
                self.add_words(chunk);
            }
            _ => {}
        }
    }

    fn add_ip(&mut self) {
        if !self.text.ends_with(b" ip ") {
            self.text.extend_from_slice(b"ip ");
        }
    }

    fn add_words(&mut self, mut chunk: &str) {
        while !chunk.is_empty() {
            let letters = chunk.bytes().position(|byte| !byte.is_ascii_alphanumeric()).unwrap_or(chunk.len());
            let (word, rest) = chunk.split_at(letters);
            self.text.extend(word.bytes().map(|byte| byte.to_ascii_lowercase()));
            let mut rest = rest.chars();
            match rest.next() {
                Some(c) if !c.is_ascii() => self.add_foreign(c),
                _ => self.end_word(),
            }
            chunk = rest.as_str();
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

/// What each byte is in normal text: a sign, or for letters and digits the lower-case letter or the digit.
const TABLE: [u8; 256] = table();
/// A sign without meaning.
const OTHER: u8 = 0;
/// It ends a chunk.
const END: u8 = 1;
/// It may be part of a number of several parts.
const JOINT: u8 = 2;
/// It is in the middle of a mail address.
const AT: u8 = 3;
/// It is part of a character that is not ASCII.
const FOREIGN: u8 = 4;
/// From here on it is no sign.
const LETTERS: u8 = 8;

/// The bit of a sign in a set of signs.
const fn bit(sign: u8) -> u8 {
    1 << sign
}

const fn table() -> [u8; 256] {
    let mut table = [OTHER; 256];
    let mut byte = 0_u8;
    loop {
        table[byte as usize] = match byte {
            b' ' | b'\t' | b'\r' | b'\n' | b'<' | b'>' | b'(' | b')' | b'[' | b']' | b'{' | b'}' => END,
            b'"' | b'\'' | b';' | b',' | b'|' | b'`' => END,
            b'.' | b':' | b'-' => JOINT,
            b'@' => AT,
            0x80.. => FOREIGN,
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => byte.to_ascii_lowercase(),
            _ => OTHER,
        };
        if byte == u8::MAX {
            return table;
        }
        byte += 1;
    }
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
        assert!(normal(&"word ".repeat(10_000)).len() < 2 * MOST);
    }
}
