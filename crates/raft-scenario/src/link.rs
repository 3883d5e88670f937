//! A scenario as a link: its lines behind the `#` of an address, in characters that nothing on a link's way changes or cuts off.
//!
//! Letters, digits, `-` and `=` are themselves. A blank is `+`, a line end `/`. A line that begins with a digit is a command: its `@` goes
//! without saying. A point is itself between digits, and two are before a digit (`10ms..20ms`); else it begins a sign of its own, such as
//! `.t` for `->`. What has no sign is `.x`, its number in hexadecimal, `x`. A link ends in a letter or a digit. What rides along stands in
//! lines of its own, `at=1500ms`, which no scenario has.

use crate::cursor::printable;
use crate::{ParseError, Scenario};

/// What has a sign of its own, beside `->`, which is `.t`.
const SIGNS: &[(char, u8)] = &[
    ('.', b'd'),
    ('|', b'b'),
    ('%', b'p'),
    ('"', b'q'),
    ('_', b'u'),
    (',', b'c'),
    (':', b'k'),
    ('?', b'w'),
    ('!', b'e'),
    ('\'', b'a'),
    ('’', b'r'),
    ('/', b's'),
    ('+', b'n'),
];

/// What a link says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permalink {
    /// The scenario's text, not yet read.
    pub text: String,
    /// What rides along, by name.
    pub notes: Vec<(String, String)>,
}

impl Scenario {
    /// The scenario as it stands behind the `#` of a link.
    #[must_use]
    pub fn fragment(&self) -> String {
        let lines = self.lines(0);
        let written: Vec<_> = lines.iter().map(|line| write(line)).collect();
        written.join("/")
    }

    /// Reads a scenario as [`Scenario::parse`] does, or a [link](Permalink::read) to one.
    ///
    /// # Errors
    /// The first thing that is wrong, and where; in a link, where it would stand with everything written out.
    pub fn parse_text_or_link(text: &str) -> Result<Scenario, ParseError> {
        match Permalink::read(text)? {
            Some(link) => Scenario::parse(&link.text),
            None => Scenario::parse(text),
        }
    }
}

impl Permalink {
    /// Reads an address with a scenario behind its `#`, or what stands behind it; `None` of what is no link. `%` and two hexadecimal digits
    /// are a byte of UTF-8 wherever they stand, any other `%` is itself. A scenario on one line, `raft%201;servers%203`, is read too.
    ///
    /// # Errors
    /// What cannot be written out, and where.
    pub fn read(text: &str) -> Result<Option<Permalink>, ParseError> {
        let Some(fragment) = fragment(text)? else {
            return Ok(None);
        };
        let decoded = decode(fragment)?;
        if !is_in_signs(&decoded) {
            return Ok(Some(Permalink {
                text: decoded,
                notes: Vec::new(),
            }));
        }
        let mut link = Permalink {
            text: String::new(),
            notes: Vec::new(),
        };
        for line in decoded.split('/') {
            if let Some((name, value)) = note(line) {
                link.notes.push((name.into(), value.into()));
                continue;
            }
            if !link.text.is_empty() {
                link.text.push('\n');
            }
            if line.starts_with(|c: char| c.is_ascii_digit()) {
                link.text.push('@');
            }
            read(line, &mut link.text)?;
        }
        Ok(Some(link))
    }

    /// What rides along under this name.
    #[must_use]
    pub fn note(&self, name: &str) -> Option<&str> {
        let found = self.notes.iter().find(|(one, _)| one == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// A line in the signs of a link.
fn write(line: &str) -> String {
    let mut written = String::new();
    let is_command = line.starts_with('@') && line[1..].starts_with(|c: char| c.is_ascii_digit());
    let mut rest = if is_command { &line[1..] } else { line };
    let is_digit = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    while let Some(c) = rest.chars().next() {
        let behind = &rest[c.len_utf8()..];
        let is_last = behind.is_empty();
        let length = match c {
            _ if c.is_ascii_alphanumeric() => push(&mut written, rest, 1),
            '-' if behind.starts_with('>') => {
                written.push_str(".t");
                2
            }
            '-' | '=' if !is_last => push(&mut written, rest, 1),
            '.' if is_digit(behind) => push(&mut written, rest, 1),
            '.' if behind.starts_with('.') && is_digit(&behind[1..]) => push(&mut written, rest, 2),
            ' ' => {
                written.push('+');
                1
            }
            _ => {
                match SIGNS.iter().find(|(one, _)| *one == c) {
                    Some((_, sign)) => written.extend(['.', char::from(*sign)]),
                    None => written.push_str(&format!(".x{:x}x", u32::from(c))),
                }
                c.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    written
}

fn push(written: &mut String, rest: &str, length: usize) -> usize {
    written.push_str(&rest[..length]);
    length
}

/// Writes a line out that is in the signs of a link.
fn read(line: &str, text: &mut String) -> Result<(), ParseError> {
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let behind = &rest[c.len_utf8()..];
        let next = behind.bytes().next();
        let mut length = c.len_utf8();
        match (c, next) {
            ('+', _) => text.push(' '),
            ('.', Some(b'.')) => {
                text.push_str("..");
                length = 2;
            }
            ('.', Some(b't')) => {
                text.push_str("->");
                length = 2;
            }
            ('.', Some(b'x')) => {
                let digits = behind[1..].split('x').next().unwrap_or_default();
                let ends = behind[1..].len() > digits.len();
                let number = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
                match number {
                    Some(character) if ends => text.push(character),
                    _ => return Err(unknown(text, 'x')),
                }
                length = 3 + digits.len();
            }
            ('.', Some(sign)) if !sign.is_ascii_digit() => {
                let Some((character, _)) = SIGNS.iter().find(|(_, one)| *one == sign) else {
                    return Err(unknown(text, behind.chars().next().unwrap_or_default()));
                };
                text.push(*character);
                length = 2;
            }
            _ => text.push(c),
        }
        rest = &rest[length..];
    }
    Ok(())
}

fn unknown(text: &str, sign: char) -> ParseError {
    error(
        text,
        text.len(),
        &format!(".{}", printable(sign)),
        "a sign of links behind the point, such as .t for -> or .q for a quotation mark",
    )
}

/// Whether it is written in the signs of links; else it is a scenario's text.
fn is_in_signs(decoded: &str) -> bool {
    let Some(behind) = decoded.strip_prefix("raft") else {
        return false;
    };
    let version = behind.trim_start_matches([' ', '+']);
    let end = version.trim_start_matches(|c: char| c.is_ascii_digit());
    behind.starts_with('+') || (end.len() < version.len() && end.starts_with('/'))
}

/// What rides along, if this line is such a thing.
fn note(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once('=')?;
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase());
    is_name.then_some((name, value))
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
    let begins = |start: &&str| fragment.starts_with(start);
    let is_link = ["raft%20", "raft+", "raft%2B"].iter().any(begins)
        || (fragment != line && fragment.starts_with("raft "));
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

    const TEXT: &str = "raft 1;title Über 100%25 und_so ..;servers 3;set latency S1->S2 1.5ms..20ms;@1ms say \"a; b # c/d + e\";@2ms partition S1 | S2;@3ms C1 put x=a-;expect state x=a-";

    fn refusal(text: &str) -> String {
        Scenario::parse_text_or_link(text).unwrap_err().to_string()
    }

    #[test]
    fn a_link_is_read_however_much_of_it_is_given() {
        let scenario = Scenario::parse(TEXT).unwrap();
        let fragment = scenario.fragment();
        for text in [
            fragment.clone(),
            format!("#{fragment}"),
            format!("  https://example.org/raft?theme=dark#{fragment}\n"),
            format!("{fragment}/at=15ms/view=logs"),
            fragment.replace('+', "%20"),
            fragment
                .replace('+', "%2B")
                .replace('/', "%2F")
                .replace('=', "%3D"),
            format!("#{}", fragment.replace('+', " ")),
            format!("#{}", scenario.one_line().replace('%', "%25").replace(' ', "%20")),
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
    fn a_link_is_made_of_what_survives_and_ends_in_a_letter_or_a_digit() {
        let fragment = Scenario::parse(TEXT).unwrap().fragment();
        assert_eq!(
            fragment,
            "raft+1/title+.xdcxber+100.p25+und.uso+.d.d/servers+3/clients+1/seed+1/set+latency+S1.tS2+1500us..20ms\
             /1ms+say+.qa.x3bx+b+.x23x+c.sd+.n+e.q/2ms+partition+S1+.b+S2/3ms+C1+put+x=a.x2dx/expect+state+x=a.x2dx"
        );
        assert!(
            fragment
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"+-./=".contains(&b))
        );
        assert!(fragment.ends_with(|c: char| c.is_ascii_alphanumeric()));
    }

    #[test]
    fn what_rides_along_is_no_part_of_the_scenario() {
        let link = Permalink::read("#raft+1/at=1500ms/1s+crash+S1/view=logs/is=0123abcd")
            .unwrap()
            .unwrap();
        assert_eq!(link.text, "raft 1\n@1s crash S1");
        assert_eq!(link.note("at"), Some("1500ms"));
        assert_eq!(link.note("is"), Some("0123abcd"));
        assert_eq!(link.note("as"), None);
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
            refusal("#raft+1/1ms+crahs+S1"),
            Scenario::parse("raft 1\n@1ms crahs S1").unwrap_err().to_string()
        );
        assert_eq!(
            refusal("#raft+1/title+a.yb"),
            "line 2, column 8: found \".y\", expected a sign of links behind the point, such as .t for -> or .q for a quotation mark"
        );
        for broken in [".x", ".xx", ".x110000x", ".xd800x", ".x41"] {
            assert!(refusal(&format!("#raft+1/title+{broken}")).contains("found \".x\""));
        }
        assert_eq!(
            refusal("https://example.org/#"),
            Scenario::parse("").unwrap_err().to_string()
        );
    }
}
