//! The word that was probably meant.

/// The known word that differs from `word` in the fewest letters: at most a third of them, and at most two.
pub(crate) fn nearest<'w>(word: &str, known: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    let typed: Vec<char> = word.chars().collect();
    let most = (typed.len() / 3).clamp(1, 2);
    known
        .filter(|name| name.len().abs_diff(typed.len()) <= most)
        .map(|name| (distance(&typed, &name.chars().collect::<Vec<_>>()), name))
        .filter(|&(distance, name)| distance <= most && distance < name.len())
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, name)| name)
}

/// How many letters must be added, dropped, changed or swapped with their neighbour to make one word of the other.
fn distance(a: &[char], b: &[char]) -> usize {
    // rows[i][j]: distance of the first i letters of a and the first j of b. Case does not count.
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    let same = |i: usize, j: usize| a[i].eq_ignore_ascii_case(&b[j]);
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let changed = rows[i - 1][j - 1] + usize::from(!same(i - 1, j - 1));
                let swapped = i > 1 && j > 1 && same(i - 1, j - 2) && same(i - 2, j - 1);
                let swap = if swapped { rows[i - 2][j - 2] + 1 } else { changed };
                changed.min(swap).min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1)
            };
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_what_was_meant() {
        let known = ["crash", "restart", "timeout", "set", "say", "end"];
        let meant = |word| nearest(word, known.into_iter());
        assert_eq!(meant("crahs"), Some("crash"));
        assert_eq!(meant("Crash"), Some("crash"));
        assert_eq!(meant("tiemotu"), Some("timeout"));
        assert_eq!(meant("rstrt"), None);
        assert_eq!(meant("ends"), Some("end"));
        assert_eq!(meant("zzz"), None);
        assert_eq!(meant(""), None);
    }
}
