//! Numbers and verdicts in words.

use std::time::Duration;

use retry_core::{Because, HintSource, Verdict};

/// In seconds from a second on, in milliseconds below.
pub(super) fn duration(duration: Duration) -> String {
    if duration < Duration::from_secs(1) {
        format!("{} ms", duration.as_millis())
    } else {
        format!("{}.{:02} s", duration.as_secs(), duration.subsec_millis() / 10)
    }
}

/// `1 copy`, `2 copies`.
pub(super) fn count(number: usize, one: &str, more: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { more })
}

pub(super) fn verdict(verdict: Verdict) -> String {
    let (class, effect, scope) = (verdict.class, verdict.effect.as_str(), verdict.scope.as_str());
    let hint =
        verdict.hint().map_or_else(String::new, |hint| format!(", hint: not before {}", duration(hint.not_before)));
    format!("class {class}, effect {effect}, scope {scope}{hint}")
}

/// Why a delay is as long as it is.
pub(super) fn because(because: Because) -> &'static str {
    match because {
        Because::Schedule => "by schedule, with jitter",
        Because::Cap => "the schedule's cap, with jitter",
        Because::Hint(HintSource::Text) => "the hint in the server's text, with jitter on top",
        Because::Hint(_) => "the server's hint, with jitter on top",
        _ => because.as_str(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_short_to_read() {
        for (millis, words) in [(0, "0 ms"), (999, "999 ms"), (1_000, "1.00 s"), (1_239, "1.23 s"), (61_050, "61.05 s")]
        {
            assert_eq!(duration(Duration::from_millis(millis)), words);
        }
    }
}
