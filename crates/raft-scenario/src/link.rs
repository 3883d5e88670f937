//! A scenario as a link: its one line behind the `#` of an address.

use crate::{ParseError, Scenario};

/// What may stand in the fragment of an address as it is (RFC 3986, 3.5), but for `'`, which ends a word in many a shell and text.
const PLAIN: &[u8] = b"-._~!$&()*+,;=:@/?";

impl Scenario {
    /// The scenario on one line, as it stands behind the `#` of a link: what an address cannot hold is written `%20`.
    #[must_use]
    pub fn fragment(&self) -> String {
        let mut fragment = String::new();
        for byte in self.one_line().bytes() {
            if byte.is_ascii_alphanumeric() || PLAIN.contains(&byte) {
                fragment.push(char::from(byte));
            } else {
                fragment.push_str(&format!("%{byte:02X}"));
            }
        }
        fragment
    }

    /// Reads a scenario as [`Scenario::parse`] does, or a link to one: on a single line an address with the scenario behind its `#`, or
    /// what stands behind it. There, `%` and two hexadecimal digits are a byte of UTF-8; any other `%` is itself, as in `loss 10%`.
    ///
    /// # Errors
    /// The first thing that is wrong, and where; in a link, where it would stand with `%20` and the like written out.
    pub fn parse_text_or_link(text: &str) -> Result<Scenario, ParseError> {
        match fragment(text)? {
            Some(fragment) => Scenario::parse(&decode(fragment)?),
            None => Scenario::parse(text),
        }
    }
}

/// The part of a link behind its `#`; `None` of what is no link.
fn fragment(text: &str) -> Result<Option<&str>, ParseError> {
    let line = text.trim();
    if line.contains('\n') {
        return Ok(None); // a link has no room for a line end, and a comment may tell of a link
    }
    if is_address(line) {
        let (_, fragment) = line.split_once('#').ok_or_else(|| {
            error(
                line,
                line.len(),
                "",
                "a # and a scenario at the end of the address",
            )
        })?;
        return Ok(Some(fragment));
    }
    let fragment = line.strip_prefix('#').unwrap_or(line);
    let is_link = fragment.starts_with("raft%20") || (fragment != line && fragment.starts_with("raft "));
    Ok(is_link.then_some(fragment))
}

/// Whether it begins as addresses do, with `https://` or the like. A title may well hold one.
fn is_address(line: &str) -> bool {
    let scheme = line.split_once(':');
    scheme.is_some_and(|(scheme, rest)| {
        rest.starts_with("//")
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    })
}

/// Writes out what stands behind percent signs.
fn decode(fragment: &str) -> Result<String, ParseError> {
    let mut bytes = Vec::with_capacity(fragment.len());
    let mut rest = fragment.as_bytes();
    while let Some((&byte, behind)) = rest.split_first() {
        rest = behind;
        match (byte, behind) {
            (b'%', [high, low, behind @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                bytes.push(digit(*high) << 4 | digit(*low));
                rest = behind;
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8(bytes).map_err(|wrong| {
        let (good, bad) = wrong.as_bytes().split_at(wrong.utf8_error().valid_up_to());
        let good = String::from_utf8_lossy(good);
        error(
            &good,
            good.len(),
            &format!("%{:02X}", bad[0]),
            "UTF-8 behind the percent signs",
        )
    })
}

fn digit(hex: u8) -> u8 {
    match hex {
        b'0'..=b'9' => hex - b'0',
        _ => (hex | 0x20) - b'a' + 10,
    }
}

/// What is wrong behind so many bytes of a text.
fn error(text: &str, at: usize, found: &str, expected: &str) -> ParseError {
    let before = &text[..at];
    let line = before.rsplit('\n').next().unwrap_or_default();
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    ParseError {
        line: number(before.matches('\n').count() + 1),
        column: number(line.chars().count() + 1),
        found: found.into(),
        expected: expected.into(),
        nearest: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "raft 1;title Über 100%25;servers 3;@1ms say \"a; b # c\";expect no-leader";

    fn refusal(text: &str) -> String {
        Scenario::parse_text_or_link(text).unwrap_err().to_string()
    }

    #[test]
    fn a_link_is_read_however_much_of_it_is_given() {
        let scenario = Scenario::parse(TEXT).unwrap();
        let fragment = scenario.fragment();
        assert!(
            fragment.starts_with("raft%201;title%20%C3%9Cber%20100%2525;servers%203;"),
            "{fragment}"
        );
        for text in [
            fragment.clone(),
            format!("#{fragment}"),
            format!("  https://example.org/raft?theme=dark#{fragment}\n"),
            scenario.one_line(),
            scenario.to_string(),
        ] {
            assert_eq!(
                Scenario::parse_text_or_link(&text).as_ref(),
                Ok(&scenario),
                "{text}"
            );
        }
    }

    #[test]
    fn what_a_person_types_into_an_address_is_read_too() {
        let typed = "https://example.org/#raft 1;set%20loss 10%;set duplicate 5%%20;@1s%20end";
        let meant = "raft 1;set loss 10%;set duplicate 5% ;@1s end";
        assert_eq!(
            Scenario::parse_text_or_link(typed).unwrap(),
            Scenario::parse(meant).unwrap()
        );
    }

    /// Found by the fuzzer.
    #[test]
    fn the_title_of_a_link_may_hold_an_address() {
        let scenario = Scenario::parse("raft 1;title See https://@example.org").unwrap();
        assert_eq!(
            Scenario::parse_text_or_link(&scenario.fragment()).as_ref(),
            Ok(&scenario)
        );
    }

    #[test]
    fn a_text_is_no_link_though_it_speaks_of_one() {
        for text in [
            "# see https://example.org/#raft%201\nraft 1",
            "raft 1;title http://a/b",
            "raft 1;title http://a/b#c",
            "raft 1;title 50%ab",
        ] {
            assert_eq!(
                Scenario::parse_text_or_link(text),
                Scenario::parse(text),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_wrong_with_a_link_is_said_exactly() {
        assert_eq!(
            refusal("https://example.org/"),
            "line 1, column 21: found nothing more, expected a # and a scenario at the end of the address"
        );
        assert_eq!(
            refusal("raft%201;title%20%C3%9C%FF"),
            "line 1, column 15: found \"%FF\", expected UTF-8 behind the percent signs"
        );
        assert_eq!(
            refusal("#raft%201;@1ms%20crahs%20S1"),
            Scenario::parse("raft 1;@1ms crahs S1").unwrap_err().to_string()
        );
        assert_eq!(
            refusal("https://example.org/#"),
            Scenario::parse("").unwrap_err().to_string()
        );
    }
}
