//! Reads a line from left to right.

use super::line::{Line, is_space};
use super::{Problem, SyntaxError};

/// Where we are in a line.
#[derive(Clone, Debug)]
pub(super) struct Scanner<'a> {
    line: &'a Line,
    /// In bytes.
    at: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(line: &'a Line) -> Self {
        Self { line, at: 0 }
    }

    pub(super) fn rest(&self) -> &'a str {
        &self.line.text[self.at..]
    }

    pub(super) fn skip_spaces(&mut self) {
        self.at = self.line.text.len() - self.rest().trim_start_matches(is_space).len();
    }

    /// Goes past `c` if it stands here.
    pub(super) fn eat(&mut self, c: char) -> bool {
        let stands = self.rest().starts_with(c);
        self.at += if stands { c.len_utf8() } else { 0 };
        stands
    }

    /// Goes past this word if it stands here, followed by whatever.
    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let stands = self.rest().starts_with(word);
        self.at += if stands { word.len() } else { 0 };
        stands
    }

    /// Goes past a word that ends before `ends`, which may be empty.
    pub(super) fn word(&mut self, ends: impl Fn(char) -> bool) -> (usize, &'a str) {
        let (at, rest) = (self.at, self.rest());
        let word = &rest[..rest.find(ends).unwrap_or(rest.len())];
        self.at += word.len();
        (at, word)
    }

    /// Goes past a word up to white space, or a string in double quotes, in which a backslash takes the next character as it is.
    pub(super) fn string(&mut self) -> Result<String, SyntaxError> {
        let begin = self.at;
        if !self.eat('"') {
            return Ok(self.word(is_space).1.to_owned());
        }
        let mut string = String::new();
        let mut chars = self.rest().char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    self.at += at + 1;
                    return Ok(string);
                }
                '\\' => string.extend(chars.next().map(|(_, c)| c)),
                c => string.push(c),
            }
        }
        Err(self.line.error(begin, Problem::Quote))
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn error(&self, at: usize, problem: Problem) -> SyntaxError {
        self.line.error(at, problem)
    }

    pub(super) fn expected(&self, expected: &'static str) -> SyntaxError {
        self.error(self.at, Problem::Unexpected { expected })
    }
}
