//! Properties are laws in words and formulas. A law is known by its text, whatever its numbers are: a shim names the text with `#`
//! for each number that may differ, and gets those numbers.

use super::case::Case;
use super::fault::Fault;

/// The numbers of the law of `case`, if it reads like `pattern`: white space aside, `#` stands for a number.
pub(crate) fn numbers(case: &Case, pattern: &str) -> Result<Option<Vec<f64>>, Fault> {
    Ok(matched(case.all().need_text("law")?, pattern))
}

fn matched(law: &str, pattern: &str) -> Option<Vec<f64>> {
    let squeezed = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let (law, pattern) = (squeezed(law), squeezed(pattern));
    let mut rest = law.as_str();
    let mut numbers = Vec::new();
    for (at, part) in pattern.split('#').enumerate() {
        if at > 0 {
            let end = number_end(rest);
            numbers.push(rest[..end].parse().ok()?);
            rest = &rest[end..];
        }
        rest = rest.strip_prefix(part)?;
    }
    rest.is_empty().then_some(numbers)
}

/// Digits, and a point only where digits follow it: `1..99` begins with 1.
fn number_end(text: &str) -> usize {
    let digits = |from: usize| text[from..].find(|c: char| !c.is_ascii_digit()).map_or(text.len(), |at| from + at);
    let end = digits(0);
    if text[end..].starts_with('.') && digits(end + 1) > end + 1 { digits(end + 1) } else { end }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_law_is_known_by_its_words_and_gives_its_numbers() {
        let law = "0.75 d <= jitter(d) <= 1.25 d, k=1..99";
        assert_eq!(matched(law, "# d<=jitter(d) <= #d, k=#..#"), Some(vec![0.75, 1.25, 1.0, 99.0]));
        assert_eq!(matched(law, "# d <= jitter(d) <= # d"), None);
        assert_eq!(matched("x", "#"), None);
    }
}
