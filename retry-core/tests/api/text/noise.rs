//! Texts that nobody meant: nothing panics, and what is accepted is sound.

use proptest::prelude::*;
use retry_core::{Law, LimitedPolicy, Policy, PolicyTable, Schedule};

use crate::support::strategies::{cases, policy};

static PRESET: Policy = Policy::constant(std::time::Duration::from_secs(60));
static NAMES: PolicyTable = PolicyTable::new(&[("preset", &PRESET)]);

/// Whatever comes of it: an error that points into the text and stays one line, or a policy that passes its check.
fn assert_sound(text: &str) -> Result<(), TestCaseError> {
    let _ = (text.parse::<Schedule>(), text.parse::<Law>(), text.parse::<Policy>());
    match LimitedPolicy::parse_with(&NAMES, text) {
        Ok(limited) => {
            prop_assert_eq!(limited.check(), Ok(()), "{:?}", text);
            prop_assert_eq!(limited.to_string().parse(), Ok(limited), "{:?}", text);
        }
        Err(error) => {
            let columns = text.chars().count() + 1;
            prop_assert!((1..=columns).contains(&error.column()), "{:?}: {}", text, error);
            prop_assert_eq!(error.to_string().lines().count(), 1, "{:?}: {}", text, error);
            let shown = error.pointing_at(text);
            prop_assert_eq!(shown.lines().count(), 3, "{:?}: {}", text, shown);
        }
    }
    Ok(())
}

/// Words and signs of the grammar, near misses and other things.
fn token() -> impl Strategy<Value = String> {
    let known = [
        "exp",
        "const",
        "linear",
        "step",
        "fib",
        "poly",
        "n^4",
        "n^",
        "decorrelated",
        "decorrelated-v2",
        "age",
        "ages",
        "random",
        "take",
        "then",
        "floor",
        "times",
        "full",
        "equal",
        "none",
        "+-15%",
        "+20%",
        "-20%",
        "-10%+20%",
        "+30s",
        "+-",
        "+",
        "-",
        "%",
        "x2",
        "x1.5",
        "x3/2",
        "x0",
        "x",
        "1s",
        "1h30m",
        "..",
        "1s..1h",
        "5m*2",
        "*",
        "1h+",
        "[",
        "]",
        "(",
        ")",
        ",",
        ";",
        ":",
        "8 attempts",
        "7 retries",
        "0 attempts",
        "within 72h",
        "cap 1h",
        "hint",
        "at-least",
        "clamp 5s",
        "exactly",
        "ignore",
        "max 24h",
        "cost 50%",
        "timeout 30s",
        "budget 50%",
        "budget none",
        "throttled:",
        "persistent:",
        "misconfigured:",
        "transient:",
        "permanent:",
        "preset",
        "forever",
        "0",
        "7",
        "18446744073709551616s",
        "4294967296",
        "0.0000000001s",
        "1.5",
        "\u{b1}",
        "\u{d7}3",
        "5\u{b5}s",
        "EXP",
        "\n",
        "\u{1f980}",
    ];
    prop_oneof![
        8 => prop::sample::select(known.to_vec()).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => "[a-z0-9.+%*:;,-]{1,6}",
    ]
}

/// A policy's text with some characters gone, put in, or in each other's places.
fn mutated() -> impl Strategy<Value = String> {
    let change = (any::<prop::sample::Index>(), 0..4_u8, any::<prop::sample::Index>(), any::<char>());
    (policy(), prop::collection::vec(change, 1..4)).prop_map(|(policy, changes)| {
        let mut text: Vec<char> = policy.to_string().chars().collect();
        for (at, what, with, other) in changes {
            let at = at.index(text.len().max(1));
            let letters: Vec<char> = "0159.,;:+-*%[]()xXn^ smhdwfeat".chars().collect();
            match what {
                0 if at < text.len() => drop(text.remove(at)),
                1 => text.insert(at, letters[with.index(letters.len())]),
                2 => text.insert(at, other),
                _ if !text.is_empty() => {
                    let with = with.index(text.len());
                    text.swap(at, with);
                }
                _ => {}
            }
        }
        text.into_iter().collect()
    })
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn any_text_is_accepted_or_explained(text in any::<String>()) {
        assert_sound(&text)?;
    }

    #[test]
    fn any_bytes_are_accepted_or_explained(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        assert_sound(&String::from_utf8_lossy(&bytes))?;
    }

    #[test]
    fn any_words_of_the_grammar_are_accepted_or_explained(words in prop::collection::vec(token(), 0..12), space in any::<bool>()) {
        assert_sound(&words.join(if space { " " } else { "" }))?;
    }

    #[test]
    fn a_text_with_slips_is_accepted_or_explained(text in mutated()) {
        assert_sound(&text)?;
    }
}
