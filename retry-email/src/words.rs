//! Enums whose variants have a spelling: in rule files, in JSON, in logs.

/// Defines an enum with `ALL`, `as_str`, `Display` and `FromStr` (which takes the very words of `as_str`).
macro_rules! words {
    (
        $(#[$doc:meta])*
        $name:ident, $what:literal, { $(#[$first_doc:meta])* $first:ident = $first_word:literal, $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        pub enum $name {
            $(#[$first_doc])*
            $first,
            $($(#[$variant_doc])* $variant,)*
        }

        impl $name {
            #[doc = concat!("All of them.\n\n```\nuse retry_email::", stringify!($name), ";\n\n")]
            #[doc = concat!("assert_eq!(", stringify!($name), "::ALL[0], ", stringify!($name), "::", stringify!($first), ");\n```")]
            pub const ALL: &'static [Self] = &[Self::$first, $(Self::$variant,)*];

            #[doc = concat!("Its spelling, in lower snake case.\n\n```\nuse retry_email::", stringify!($name), ";\n\n")]
            #[doc = concat!("assert_eq!(", stringify!($name), "::", stringify!($first), ".as_str(), \"", $first_word, "\");\n```")]
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    Self::$first => $first_word,
                    $(Self::$variant => $word,)*
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::UnknownWord;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                match word {
                    $first_word => Ok(Self::$first),
                    $($word => Ok(Self::$variant),)*
                    _ => Err($crate::UnknownWord::new($what, word, || Self::ALL.iter().map(|one| one.as_str()).collect())),
                }
            }
        }
    };
}
pub(crate) use words;

/// A word that is none of a list: no such stage, action, reason.
///
/// The message names the words that would be right.
///
/// ```
/// use retry_email::Stage;
///
/// let error = "rctp".parse::<Stage>().unwrap_err();
/// assert!(error.to_string().starts_with("\"rctp\" is no stage; use one of connect, greeting, "));
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct UnknownWord {
    what: &'static str,
    word: String,
    right: Vec<&'static str>,
}

impl UnknownWord {
    /// The longest word that is repeated in the message.
    const SHOWN: usize = 40;

    pub(crate) fn new(what: &'static str, word: &str, right: impl FnOnce() -> Vec<&'static str>) -> Self {
        Self { what, word: word.chars().take(Self::SHOWN).collect(), right: right() }
    }
}

impl std::fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} is no {}; use one of {}", self.word, self.what, self.right.join(", "))
    }
}

impl std::error::Error for UnknownWord {}
