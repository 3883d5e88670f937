//! One 64-bit hash, defined here to the last bit: the standard library's may differ between platforms and versions.

/// Takes `word` into `hash`. For a given word different hashes stay different, so whatever came before is never forgotten.
pub(crate) fn mix(hash: u64, word: u64) -> u64 {
    let hash = (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15); // odd: 2^64 / golden ratio
    hash ^ (hash >> 32)
}

/// Takes bytes and their number into `hash`, eight at a time, the first one lowest.
pub(crate) fn mix_bytes(hash: u64, bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let hash = words
        .iter()
        .fold(hash, |h, word| mix(h, u64::from_le_bytes(*word)));
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    mix(mix(hash, u64::from_le_bytes(last)), bytes.len() as u64)
}
