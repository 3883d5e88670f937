//! Where the places stand, in a module's data, that a panic tells: file, line and column. Nothing else reads them.
//!
//! A first visit does not panic, so the first half goes without them: should it panic all the same, it says what is wrong but not where.

use std::ops::Range;

/// The size of a place: address and length of the file's name, line, column.
const SIZE: usize = 16;
/// No name, line or column is longer or larger than these.
const LONGEST: u32 = 200;
const LAST_LINE: u32 = 20_000;
const LAST_COLUMN: u32 = 500;

/// The ranges of the data, which begins at an address, that hold places and the names of their files.
pub fn places(data: &[u8], address: u32) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for at in (0..data.len().saturating_sub(SIZE - 1)).step_by(4) {
        if let Some(name) = name_of(data, at, address) {
            found.push(at..at + SIZE);
            found.push(name);
        }
    }
    merged(found)
}

/// The name of the file, if this is a place.
fn name_of(data: &[u8], at: usize, address: u32) -> Option<Range<usize>> {
    let word = |n: usize| {
        let bytes = data[at + 4 * n..].first_chunk()?;
        Some(u32::from_le_bytes(*bytes))
    };
    let (start, length, line, column) = (word(0)?.checked_sub(address)?, word(1)?, word(2)?, word(3)?);
    let is_place =
        (1..=LAST_LINE).contains(&line) && (1..=LAST_COLUMN).contains(&column) && length <= LONGEST;
    let name = start as usize..start as usize + length as usize;
    let text = data.get(name.clone()).filter(|_| is_place)?;
    let is_name = text.ends_with(b".rs") && text.contains(&b'/') && text.iter().all(u8::is_ascii_graphic);
    is_name.then_some(name)
}

/// In order, and each but once.
fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| (range.start, range.end));
    let mut all: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match all.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => all.push(range),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::places;

    fn data(line: u32, name: &[u8]) -> Vec<u8> {
        let words = [1000 + 24, name.len() as u32, line, 7];
        let words = words.iter().flat_map(|word| word.to_le_bytes());
        [9; 8]
            .into_iter()
            .chain(words)
            .chain(name.iter().copied())
            .chain(*b"more")
            .collect()
    }

    #[test]
    fn a_place_and_its_name_are_found() {
        let found = places(&data(12, b"src/log.rs"), 1000);
        assert_eq!(
            found
                .iter()
                .map(|range| (range.start, range.end))
                .collect::<Vec<_>>(),
            [(8, 34)]
        );
    }

    #[test]
    fn what_only_looks_like_one_is_left() {
        assert_eq!(places(&data(0, b"src/log.rs"), 1000), []);
        assert_eq!(places(&data(12, b"src/log.ra"), 1000), []);
        assert_eq!(places(&data(12, b"src/log.rs"), 1004), []);
    }
}
