//! The same reply as other servers, logs and reports would put it.

use retry_email::Classification;

use super::support::classify;

/// Replies with their reason.
fn wordings() -> impl Iterator<Item = (&'static str, String)> {
    let lines = include_str!("wordings.tsv").lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| {
        let (reason, reply) = line.split_once('\t').unwrap();
        (reason, reply.replace("\\r\\n", "\r\n"))
    })
}

/// Code, enhanced code with a space behind it or nothing, and words.
fn parts(reply: &str) -> (&str, &str, &str) {
    let (code, rest) = reply.split_at(3);
    let rest = rest.trim_start_matches([' ', '-']);
    let is_enhanced =
        |word: &str| word.matches('.').count() == 2 && word.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    match rest.split_once(' ') {
        Some((enhanced, words)) if is_enhanced(enhanced) => (code, &rest[..=enhanced.len()], words),
        _ => (code, "", rest),
    }
}

/// The reply with its words replaced by what `change` makes of them.
fn with_words(reply: &str, change: impl Fn(&str) -> String) -> String {
    let (code, enhanced, words) = parts(reply);
    format!("{code} {enhanced}{}", change(words))
}

/// One line of so many words each.
fn wrapped(reply: &str, length: usize) -> String {
    let (code, enhanced, words) = parts(reply);
    let words: Vec<_> = words.split(' ').collect();
    let last = words.len().div_ceil(length);
    let lines = words.chunks(length).enumerate().map(|(at, words)| {
        let sign = if at + 1 == last { ' ' } else { '-' };
        format!("{code}{sign}{enhanced}{}", words.join(" "))
    });
    lines.collect::<Vec<_>>().join("\r\n")
}

/// All that a reply may become on its way, with the same meaning.
fn variations(reply: &str) -> Vec<String> {
    let with = |change: &dyn Fn(&str) -> String| with_words(reply, change);
    vec![
        reply.to_uppercase(),
        reply.to_lowercase(),
        with(&|words| words.replace(' ', "  ")),
        with(&|words| words.replace(' ', "\t")),
        with(&|words| format!("{}!...", words.trim_end_matches('.'))),
        with(&|words| format!("\"{words}\"")),
        with(&|words| format!("mx7.example.net {words}")),
        with(&|words| format!("mx7.example.net: {words}")),
        with(&|words| format!("<bob@example.org>: {words}")),
        with(&|words| format!("Sorry, {words}")),
        format!("{reply} [a1b2c3d4e5f6.17]"),
        format!("{reply} - 5b1f17b1804b1-42aa2b5c7d1si123.45"),
        format!("{reply} see https://postmaster.example.net/e?id=12345"),
        format!("{reply} For more information call +1 555 0100"),
        wrapped(reply, 1),
        wrapped(reply, 3),
        format!("smtp; {reply}"),
        format!("Diagnostic-Code: smtp;{reply}"),
        format!("host mx.example.org[192.0.2.1] said: {reply}"),
        format!("Remote Server returned '{reply}'"),
    ]
}

fn meaning(got: &Classification<'_>) -> (String, Option<retry_core::Class>, String) {
    (got.reason.to_string(), got.class, got.action.to_string())
}

#[test]
fn each_wording_has_its_reason() {
    let wrong: Vec<_> = wordings()
        .filter_map(|(reason, reply)| {
            let got = classify(&reply);
            (got.reason.as_str() != reason)
                .then(|| format!("{reply}: {} by rule {}, not {reason}", got.reason, got.rule))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_reply_means_the_same_however_it_is_put() {
    let mut wrong = Vec::new();
    for (_, reply) in wordings() {
        // In one line, so that each variation is a reply of its own.
        let line = reply.split("\r\n").map(parts).enumerate();
        let line = line.fold(String::new(), |line, (at, (code, enhanced, words))| match at {
            0 => format!("{code} {enhanced}{words}"),
            _ => format!("{line} {words}"),
        });
        let expected = meaning(&classify(&line));
        for variation in variations(&line) {
            let got = classify(&variation);
            if meaning(&got) != expected {
                wrong.push(format!("{variation:?}: {:?} by rule {}, not {expected:?}", meaning(&got), got.rule));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Where words decide, the command that was refused does not.
#[test]
fn the_reason_is_that_of_the_words_and_not_of_the_remark_behind_them() {
    let mut wrong = Vec::new();
    for (reason, reply) in wordings() {
        // 503 is about the session, and what it means depends on the command; a code of SMTP ends in a 5.
        if !reply.starts_with(['4', '5']) || reply.starts_with("503") || reply.contains("\r\n") {
            continue;
        }
        let text = format!("host mx.example.org[192.0.2.1] said: {reply} (in reply to RCPT TO command)");
        let got = classify(&text);
        let is_code = classify(&reply).confidence == retry_email::Confidence::Low;
        if got.reason.as_str() != reason && !is_code {
            wrong.push(format!("{text}: {} by rule {}, not {reason}", got.reason, got.rule));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
