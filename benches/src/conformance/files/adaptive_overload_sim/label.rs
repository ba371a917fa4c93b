//! Numbers in the labels that cases have for scenarios and policies.

/// The number at the beginning of `text`: `10`, `.5`, `0.2`, `1/60`.
pub(super) fn number(text: &str) -> Option<f64> {
    let digits = |text: &str| text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (first, rest) = text.split_at(digits(text));
    let number: f64 = first.parse().ok()?;
    let below = rest.strip_prefix('/').and_then(|rest| rest[..digits(rest)].parse::<f64>().ok());
    Some(number / below.filter(|below| *below > 0.0).unwrap_or(1.0))
}

/// The number after `key`, with or without blanks and `=` between them.
pub(super) fn after(label: &str, key: &str) -> Option<f64> {
    label.match_indices(key).find_map(|(at, _)| number(label[at + key.len()..].trim_start_matches([' ', '='])))
}

/// The number before `mark`.
pub(super) fn before(label: &str, mark: char) -> Option<f64> {
    let text = &label[..label.find(mark)?];
    let start = text.rfind(|c: char| !(c.is_ascii_digit() || c == '.')).map_or(0, |at| at + 1);
    number(&text[start..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_where_they_stand() {
        let same = |found: Option<f64>, expected: f64| assert!(found.is_some_and(|n| (n - expected).abs() < 1e-12));
        same(after("W r=.5 m=1 p=1/60", "p="), 1.0 / 60.0);
        same(after("W windowed bucket .2 ttl10 mn1", "bucket"), 0.2);
        same(after("G.5", "G"), 0.5);
        same(after("E10 finagle default 20% ttl10 min10/s x3", "min"), 10.0);
        same(before("E finagle 20% ttl10", '%'), 20.0);
        assert_eq!((after("F grpc", "throttle"), before("none", '%'), number("x")), (None, None, None));
    }
}
