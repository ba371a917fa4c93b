//! A place in a text, and what stands there.

/// Reads forward; never out of bounds, always at the border of a character.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

/// A place in the text, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place(usize);

impl<'a> Cursor<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    pub(super) const fn place(&self) -> Place {
        Place(self.at)
    }

    /// The place as people count it: in characters, from 1.
    pub(super) fn column(&self, place: Place) -> usize {
        self.text.get(..place.0).unwrap_or(self.text).chars().count() + 1
    }

    /// The token at `place`, shortened for a message; empty at the end.
    pub(super) fn token(&self, place: Place) -> String {
        const LONGEST: usize = 24;
        let rest = self.text.get(place.0..).unwrap_or("");
        let length = rest.find(|c: char| c.is_whitespace() || ",;:()[]".contains(c)).unwrap_or(rest.len());
        // Where it begins with one of those, it is that alone.
        let length = if length == 0 { rest.chars().next().map_or(0, char::len_utf8) } else { length };
        let token = rest.get(..length).unwrap_or(rest);
        match token.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}...", token.get(..end).unwrap_or(token)),
            None => token.to_owned(),
        }
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn at_digit(&self) -> bool {
        self.peek().is_some_and(|c| c.is_ascii_digit())
    }

    pub(super) fn skip_space(&mut self) {
        self.take_while(char::is_whitespace);
    }

    /// The characters from here on that are `wanted`.
    pub(super) fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or("")
    }

    /// Goes past `symbol`, if it stands here.
    pub(super) fn eat(&mut self, symbol: &str) -> bool {
        let here = self.rest().starts_with(symbol);
        self.at += if here { symbol.len() } else { 0 };
        here
    }

    /// The word that stands here, as written; empty if none does.
    ///
    /// A letter, then letters, digits and `_`; a `-` belongs to it if a letter follows (`at-least`, but not `full-20%`).
    pub(super) fn word(&self) -> &'a str {
        let rest = self.rest();
        if !rest.starts_with(|c: char| c.is_alphabetic()) {
            return "";
        }
        let mut chars = rest.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let joins = c == '-' && chars.peek().is_some_and(|(_, next)| next.is_alphabetic());
            if !(c.is_alphanumeric() || c == '_' || joins) {
                return rest.get(..at).unwrap_or("");
            }
        }
        rest
    }

    /// Whether the word here is `keyword`, in any case and with `_` for `-`.
    pub(super) fn at_word(&self, keyword: &str) -> bool {
        is(self.word(), keyword)
    }

    /// Goes past `keyword`, if it stands here.
    pub(super) fn eat_word(&mut self, keyword: &str) -> bool {
        let here = self.at_word(keyword);
        self.at += if here { self.word().len() } else { 0 };
        here
    }

    /// Goes past the word that stands here.
    pub(super) fn take_word(&mut self) -> &'a str {
        let word = self.word();
        self.at += word.len();
        word
    }
}

/// Whether `word` is `keyword`, in any case and with `_` for `-`.
pub(super) fn is(word: &str, keyword: &str) -> bool {
    let same = |(a, b): (u8, u8)| a.eq_ignore_ascii_case(&b) || a == b'_' && b == b'-';
    word.len() == keyword.len() && word.bytes().zip(keyword.bytes()).all(same)
}
