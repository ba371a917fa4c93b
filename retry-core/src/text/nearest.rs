//! Near misses.

/// The word of `known` that `word` was most likely meant to be: a third of its letters may be wrong, missing, too many or
/// swapped with their neighbour.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    const LONGEST: usize = 40;
    let word: Vec<char> = word.chars().flat_map(char::to_lowercase).take(LONGEST + 1).collect();
    if word.len() < 2 || word.len() > LONGEST {
        return None;
    }
    let at_most = (word.len() / 3).max(1);
    known
        .into_iter()
        .map(|known| (distance(&word, &known.chars().take(LONGEST + 1).collect::<Vec<_>>()), known))
        .filter(|(distance, _)| *distance <= at_most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

/// The optimal string alignment distance: single letters changed, put in or left out, and neighbours swapped.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let changed = row[j] + usize::from(x != y);
            let mut best = changed.min(row[j + 1] + 1).min(next[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                best = best.min(before[j - 1] + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(a: &str, b: &str) -> usize {
        distance(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>())
    }

    #[test]
    fn distances_count_single_changes_and_swaps() {
        assert_eq!(of("full", "full"), 0);
        // one left out, one put in, one changed, two swapped
        assert_eq!([of("ful", "full"), of("fulll", "full"), of("fill", "full"), of("flul", "full")], [1, 1, 1, 1]);
        assert_eq!(of("attemtps", "attempts"), 1);
        // k -> s, e -> i, and a g
        assert_eq!(of("kitten", "sitting"), 3);
        assert_eq!([of("", "abc"), of("abc", "")], [3, 3]);
    }

    #[test]
    fn only_what_is_near_is_suggested() {
        let words = ["exp", "const", "linear", "postfix"];
        assert_eq!(nearest("expp", words), Some("exp"));
        assert_eq!(nearest("POSTFX", words), Some("postfix"));
        assert_eq!(nearest("xyz", words), None);
        assert_eq!(nearest("e", words), None);
        assert_eq!(nearest(&"e".repeat(100_000), words), None);
    }
}
