//! From a refusal to a verdict: a first, small table.

use retry_core::{Class, Effect, Hint, HintSource, Scope, Verdict};

use super::hint;

/// Classifies a 4xx or 5xx reply. The table stands at [`LettreClassifier`](super::LettreClassifier).
pub(super) fn classify(code: u16, text: &str) -> Verdict {
    let text = text.to_ascii_lowercase();
    let (class, scope) = class_and_scope(code, &text);
    let verdict = Verdict::new(class).effect(Effect::None).scope(scope);
    match (class, hint::wait(&text)) {
        (Class::Transient | Class::Throttled | Class::Persistent, Some(wait)) => {
            verdict.hinted(Hint::new(wait, HintSource::Text))
        }
        _ => verdict,
    }
}

fn class_and_scope(code: u16, text: &str) -> (Class, Scope) {
    let enhanced = enhanced(text);
    if is_greylisted(text) {
        (Class::Transient, Scope::Request)
    } else if is_mailbox_full(code, enhanced, text) {
        (Class::Persistent, Scope::Request)
    } else if is_any_of(RELAY_DENIED, text) || is_not_authenticated(code, enhanced) {
        (Class::Misconfigured, Scope::Account)
    } else if code == 521 {
        (Class::Permanent, Scope::Destination)
    } else if code >= 500 {
        (Class::Permanent, Scope::Request)
    } else if is_throttled(code, enhanced, text) {
        (Class::Throttled, account_if(code == 454))
    } else if code == 454 {
        (Class::Transient, account_if(!text.contains("tls")))
    } else if code == 421 || is_trouble_of_the_host(enhanced) {
        (Class::Transient, Scope::Destination)
    } else {
        (Class::Transient, Scope::Request)
    }
}

const fn account_if(is_account: bool) -> Scope {
    if is_account { Scope::Account } else { Scope::Destination }
}

const RELAY_DENIED: &[&str] = &[
    "relay access denied",
    "relay denied",
    "relaying denied",
    "relay not permitted",
    "relaying not permitted",
    "relay not allowed",
    "relaying not allowed",
    "relaying is prohibited",
    "unable to relay",
    "not permitted to relay",
    "do not relay",
    "does not relay",
];

const TOO_FAST: &[&str] = &["throttl", "too much", "too fast", "too quickly"];

fn is_greylisted(text: &str) -> bool {
    is_any_of(&["greylist", "graylist", "grey-list", "gray-list"], text)
}

fn is_mailbox_full(code: u16, enhanced: Option<Enhanced>, text: &str) -> bool {
    let says_so = || text.contains("quota") || (text.contains("mailbox") && text.contains("full"));
    matches!(enhanced, Some((_, 2, 2))) || (matches!(code, 422 | 452 | 522 | 552) && says_so())
}

fn is_not_authenticated(code: u16, enhanced: Option<Enhanced>) -> bool {
    matches!(code, 530 | 534 | 535 | 538) || (code >= 500 && matches!(enhanced, Some((5, 7, 8 | 9 | 11))))
}

fn is_throttled(code: u16, enhanced: Option<Enhanced>, text: &str) -> bool {
    let too_many = || text.contains("too many") && !text.contains("too many recipients");
    let rate =
        || text.split(|c: char| !c.is_alphanumeric()).any(|word| matches!(word, "rate" | "ratelimit" | "ratelimited"));
    (code == 421 && matches!(enhanced, Some((4, 7, _)))) || is_any_of(TOO_FAST, text) || too_many() || rate()
}

fn is_trouble_of_the_host(enhanced: Option<Enhanced>) -> bool {
    // 4.3.4 is "message too big for system".
    matches!(enhanced, Some((4, 3 | 4, _))) && enhanced != Some((4, 3, 4))
}

fn is_any_of(phrases: &[&str], text: &str) -> bool {
    phrases.iter().any(|phrase| text.contains(phrase))
}

/// Class, subject and detail of RFC 3463.
pub(super) type Enhanced = (u16, u16, u16);

/// The enhanced status code that `text` begins with.
pub(super) fn enhanced(text: &str) -> Option<Enhanced> {
    let mut parts = text.split_ascii_whitespace().next()?.splitn(3, '.').map(number);
    let code = (parts.next()??, parts.next()??, parts.next()??);
    matches!(code.0, 2 | 4 | 5).then_some(code)
}

/// A number of one to three digits.
fn number(digits: &str) -> Option<u16> {
    let is_number = matches!(digits.len(), 1..=3) && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| is_number)
}

#[cfg(test)]
mod tests {
    use retry_core::{Entropy, Seeded};

    use super::*;

    #[test]
    fn an_enhanced_code_is_read_at_the_beginning_only() {
        assert_eq!(enhanced("4.2.2 mailbox full"), Some((4, 2, 2)));
        assert_eq!(enhanced("5.7.650"), Some((5, 7, 650)));
        for text in
            ["", "mailbox 4.2.2", "4.2", "4.2.", "4.2.2222", "4.2.+2", "3.2.1", "44.2.1", "4.2.1.1", "4.2.é", "..."]
        {
            assert_eq!(enhanced(text), None, "{text}");
        }
    }

    #[test]
    fn any_text_is_classified_without_panic_and_without_effect() {
        const PIECES: [&str; 12] =
            ["4", "5", ".", "7.", " ", "in ", "try ", "99999999999999999999", "hours", "é", "\0", "rate"];
        for seed in 0..5_000 {
            let mut rng = Seeded::new(seed);
            let mut draw = |below: u64| usize::try_from(rng.next_u64() % below).unwrap();
            let text: String = (0..draw(12)).map(|_| PIECES[draw(12)]).collect();
            let code = u16::try_from(400 + draw(200)).unwrap();
            assert_eq!(classify(code, &text).effect, Effect::None, "{code} {text}");
        }
    }
}
