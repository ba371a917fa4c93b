//! Values that are texts.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::text::duration::Span;
use crate::text::error::ParseError;
use crate::text::parser::Parser;
use crate::{BudgetShare, HintRule, Law, Schedule};

/// What is stored as a text.
pub(super) trait Textual: Sized {
    /// For the error where there is none.
    const WHAT: &'static str;
    fn read(text: &str) -> Result<Self, ParseError>;
}

/// [`Textual`] to serde.
pub(super) struct Text<T>(pub(super) T);

impl<'de, T: Textual> Deserialize<'de> for Text<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reads<T>(PhantomData<T>);

        impl<T: Textual> Visitor<'_> for Reads<T> {
            type Value = Text<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(T::WHAT)
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Text<T>, E> {
                T::read(text).map(Text).map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Reads(PhantomData))
    }
}

/// A duration in nanoseconds.
impl Textual for Span {
    const WHAT: &'static str = "a duration such as \"1h30m\"";
    fn read(text: &str) -> Result<Self, ParseError> {
        Parser::run(&(), text, |parser| parser.alone(Parser::duration)).map(Self)
    }
}

/// Percent of a token.
pub(super) struct Cost(pub(super) u16);

impl Textual for Cost {
    const WHAT: &'static str = "a percentage such as \"50%\"";
    fn read(text: &str) -> Result<Self, ParseError> {
        Parser::run(&(), text, |parser| parser.alone(Parser::cost)).map(Self)
    }
}

/// A schedule, and the policy's cap where it is the end of a range.
pub(super) struct Ranged(pub(super) Schedule, pub(super) Option<u64>);

impl Textual for Ranged {
    const WHAT: &'static str = "a schedule such as \"exp 1s..1h\"";
    fn read(text: &str) -> Result<Self, ParseError> {
        let tree = Parser::run(&(), text, Parser::lone_tree)?;
        Ok(Self(tree.schedule, tree.cap.map(|(cap, _)| cap)))
    }
}

/// A hint rule with the greatest hint, either or both.
pub(super) struct Hints(pub(super) HintRule, pub(super) Option<u64>);

impl Textual for Hints {
    const WHAT: &'static str = "a hint rule such as \"clamp 5s max 1h\"";
    fn read(text: &str) -> Result<Self, ParseError> {
        Parser::run(&(), text, |parser| parser.alone(Parser::hints))
            .map(|(rule, max)| Self(rule.unwrap_or_default(), max))
    }
}

/// Those that are public are stored as their text by themselves.
macro_rules! textual {
    ($($ty:ty = $what:literal),*) => {$(
        impl Textual for $ty {
            const WHAT: &'static str = $what;
            fn read(text: &str) -> Result<Self, ParseError> {
                text.parse()
            }
        }

        impl Serialize for $ty {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $ty {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Text::deserialize(deserializer).map(|Text(value)| value)
            }
        }
    )*};
}
textual!(
    Schedule = "a schedule such as \"exp 1s\"",
    Law = "jitter such as \"full\" or \"+-15%\"",
    HintRule = "a hint rule such as \"at-least\" or \"clamp 5s\"",
    BudgetShare = "a percentage such as \"50%\", or \"none\""
);
