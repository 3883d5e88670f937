//! Long links: the scenario's text deflated, in the 64 letters that a link may hold. The page packs them (`www/link-packing.ts`).

use miniz_oxide::inflate::decompress_to_vec_with_limit;
use raft_lab::Permalink;

/// A scenario is no longer.
const LONGEST: usize = 64 * 1024;
const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-=";

/// The text of a link that is packed; `None` of one that is not.
pub(crate) fn text(link: &Permalink) -> Result<Option<String>, &'static str> {
    let Some(packed) = link.note("deflate") else {
        return Ok(None);
    };
    let length = link.note("length").and_then(|length| length.parse().ok());
    let text = bytes(packed)
        .filter(|bytes| bytes.len() <= LONGEST)
        .and_then(|bytes| decompress_to_vec_with_limit(&bytes, LONGEST).ok())
        .filter(|bytes| Some(bytes.len()) == length)
        .and_then(|bytes| String::from_utf8(bytes).ok());
    text.map(Some)
        .ok_or("this link is damaged: what is packed in it is not whole")
}

fn bytes(digits: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(digits.len() * 3 / 4);
    let (mut held, mut bits) = (0_u32, 0);
    for digit in digits.bytes() {
        let value = DIGITS.iter().position(|one| *one == digit)?;
        held = (held << 6 | u32::try_from(value).ok()?) & 0xFFFF;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xFF).ok()?);
        }
    }
    Some(bytes)
}
