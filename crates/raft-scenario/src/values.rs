//! Single words with a meaning of their own: times, ranges, shares, numbers, names, links, keys.

use crate::cursor::Word;
use crate::limits;
use crate::print::Time;
use crate::{Link, ParseError, Ppm, Rate};
use raft_core::{Duration, NodeId, Span};
use raft_trace::{ClientId, Endpoint, MessageId};
use std::fmt::Display;
use std::ops::RangeInclusive;

/// Units and how many decimals of them are exact: times are whole µs, rates whole bytes a second, shares whole ppm.
const TIMES: [(&str, u32); 3] = [("us", 0), ("ms", 3), ("s", 6)];
const RATES: [(&str, u32); 3] = [("B/s", 0), ("kB/s", 3), ("MB/s", 6)];
const SHARES: [(&str, u32); 2] = [("ppm", 0), ("%", 4)];

/// A time within a range.
pub(crate) fn time(word: Word<'_>, range: &RangeInclusive<Duration>) -> Result<Duration, ParseError> {
    quantity(word.text, &TIMES)
        .map(Duration)
        .filter(|d| range.contains(d))
        .ok_or_else(|| {
            word.unexpected(format!(
                "a time {}",
                from_to(Time(*range.start()), Time(*range.end()))
            ))
        })
}

/// `150ms..300ms`, or one time for both ends.
pub(crate) fn span(word: Word<'_>, range: &RangeInclusive<Duration>) -> Result<Span, ParseError> {
    match word.split_once("..") {
        Some((min, max)) => {
            let min = time(min, range)?;
            Ok(Span::new(min, time(max, &(min..=*range.end()))?))
        }
        None => Ok(Span::exactly(time(word, range)?)),
    }
}

/// `10%`, `0.5%`, `200ppm`
pub(crate) fn share(word: Word<'_>) -> Result<Ppm, ParseError> {
    quantity(word.text, &SHARES)
        .and_then(|ppm| u32::try_from(ppm).ok())
        .map(Ppm)
        .filter(|share| *share <= Ppm::ALL)
        .ok_or_else(|| word.unexpected("a share from 0% to 100%, such as 10% or 200ppm"))
}

/// `100kB/s`, `1.5MB/s`
pub(crate) fn rate(word: Word<'_>) -> Result<Rate, ParseError> {
    quantity(word.text, &RATES)
        .and_then(|bytes| u32::try_from(bytes).ok())
        .map(Rate)
        .filter(|rate| limits::RATE.contains(rate))
        .ok_or_else(|| {
            let range = from_to(limits::RATE.start(), limits::RATE.end());
            word.unexpected(format!("a bandwidth {range}, or unlimited"))
        })
}

/// `200ppm`, `-200ppm`
pub(crate) fn drift(word: Word<'_>) -> Result<i32, ParseError> {
    let (sign, text) = match word.text.strip_prefix('-') {
        Some(text) => (-1, text),
        None => (1, word.text),
    };
    quantity(text, &SHARES)
        .and_then(|ppm| i32::try_from(ppm).ok())
        .filter(|ppm| *ppm <= limits::DRIFT)
        .map(|ppm| sign * ppm)
        .ok_or_else(|| word.unexpected(format!("a drift from -{0}ppm to {0}ppm", limits::DRIFT)))
}

/// `+500ms`, `-500ms`
pub(crate) fn jump(word: Word<'_>) -> Result<i64, ParseError> {
    let signed = word.text.split_at_checked(1);
    let sign = match signed {
        Some(("+", _)) => Some(1),
        Some(("-", _)) => Some(-1),
        _ => None,
    };
    signed
        .and_then(|(_, text)| quantity(text, &TIMES))
        .filter(|us| limits::JUMP.contains(&Duration(*us)))
        .zip(sign)
        .map(|(us, sign)| sign * us as i64) // at most an hour
        .ok_or_else(|| word.unexpected(format!("+ or - and a time up to {}, such as +500ms", Time(*limits::JUMP.end()))))
}

/// A number within a range.
pub(crate) fn number(word: Word<'_>, range: RangeInclusive<u64>) -> Result<u64, ParseError> {
    whole(word.text)
        .filter(|n| range.contains(n))
        .ok_or_else(|| word.unexpected(format!("a number {}", from_to(range.start(), range.end()))))
}

/// A [`number`] that is held in 32 bits.
pub(crate) fn small_number(word: Word<'_>, range: RangeInclusive<u32>) -> Result<u32, ParseError> {
    let wide = u64::from(*range.start())..=u64::from(*range.end());
    Ok(u32::try_from(number(word, wide)?).expect("the range is of 32 bits"))
}

/// A key or a value.
pub(crate) fn key(word: Word<'_>, what: &str) -> Result<raft_trace::Word, ParseError> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    if (1..=limits::WORD).contains(&word.text.len()) && word.text.chars().all(allowed) {
        Ok(word.text.into())
    } else {
        Err(word.unexpected(format!(
            "{what} of 1 to {} letters, digits, \"_\", \".\", \"-\"",
            limits::WORD
        )))
    }
}

/// `x=1`
pub(crate) fn pair(word: Word<'_>) -> Result<(raft_trace::Word, raft_trace::Word), ParseError> {
    let (k, v) = word
        .split_once("=")
        .ok_or_else(|| word.unexpected("a key and a value, such as x=1"))?;
    Ok((key(k, "a key")?, key(v, "a value")?))
}

/// The number of a message: `m17`
pub(crate) fn message(word: Word<'_>) -> Option<MessageId> {
    let number = whole(word.strip_prefix('m')?.text)?;
    u32::try_from(number).ok().map(MessageId)
}

/// Who takes part: servers S1…Sn and clients C1…Cm.
#[derive(Clone, Copy)]
pub(crate) struct Cast {
    pub(crate) servers: u32,
    pub(crate) clients: u32,
}

impl Cast {
    pub(crate) fn server(self, word: Word<'_>) -> Result<NodeId, ParseError> {
        find(word, 'S', self.servers).map(NodeId).map_err(|nearest| {
            let expected = format!("a server, {}", names('S', self.servers));
            ParseError {
                nearest,
                ..word.unexpected(expected)
            }
        })
    }

    pub(crate) fn client(self, word: Word<'_>) -> Result<ClientId, ParseError> {
        find(word, 'C', self.clients).map(ClientId).map_err(|nearest| {
            let expected = format!("a client, {}", names('C', self.clients));
            ParseError {
                nearest,
                ..word.unexpected(expected)
            }
        })
    }

    pub(crate) fn endpoint(self, word: Word<'_>) -> Result<Endpoint, ParseError> {
        if is_client(word) && self.clients > 0 {
            return self.client(word).map(Endpoint::Client);
        }
        self.server(word)
            .map(Endpoint::Server)
            .map_err(|error| match self.clients {
                0 => error,
                n => ParseError {
                    expected: format!("{} or a client, {}", error.expected, names('C', n)),
                    ..error
                },
            })
    }

    pub(crate) fn link(self, word: Word<'_>) -> Result<Link, ParseError> {
        let (from, to) = word
            .split_once("->")
            .ok_or_else(|| word.unexpected("a link from one to another, such as S1->S2"))?;
        let link = Link {
            from: self.endpoint(from)?,
            to: self.endpoint(to)?,
        };
        match (link.from, link.to) {
            (Endpoint::Client(_), Endpoint::Client(_)) => Err(to.unexpected(format!(
                "a server, {}: clients do not talk to each other",
                names('S', self.servers)
            ))),
            (a, b) if a == b => Err(to.unexpected(format!("another one than {a}"))),
            _ => Ok(link),
        }
    }
}

/// Whether this looks like a client's name.
pub(crate) fn is_client(word: Word<'_>) -> bool {
    word.strip_prefix('C').is_some_and(|n| whole(n.text).is_some())
}

/// The number in a name such as `S3`; else what was probably meant.
fn find(word: Word<'_>, letter: char, count: u32) -> Result<u32, Option<String>> {
    let number = |word: &str| (1..=count).find(|n| word == format!("{letter}{n}"));
    number(word.text)
        .ok_or_else(|| Some(word.text.to_ascii_uppercase()).filter(|upper| number(upper).is_some()))
}

fn names(letter: char, count: u32) -> String {
    match count {
        0 => "of which there is none".to_owned(),
        1 => format!("{letter}1"),
        n => format!("{letter}1 to {letter}{n}"),
    }
}

fn from_to(from: impl Display, to: impl Display) -> String {
    format!("from {from} to {to}")
}

/// A number with one of these units, in the smallest: `1.5ms` is 1500.
fn quantity(text: &str, units: &[(&str, u32)]) -> Option<u64> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, unit) = text.split_at(end);
    let (_, decimals) = units.iter().find(|(name, _)| *name == unit)?;
    decimal(number, *decimals)
}

/// A number with at most so many decimals, times ten to the power of them. Exact: `None` when it does not fit.
fn decimal(text: &str, decimals: u32) -> Option<u64> {
    let (above, below) = text.split_once('.').unwrap_or((text, "0"));
    whole(below)?;
    let digits = below.trim_end_matches('0');
    let missing = decimals.checked_sub(u32::try_from(digits.len()).ok()?)?;
    let below = whole(digits).unwrap_or(0) * 10_u64.pow(missing);
    whole(above)?
        .checked_mul(10_u64.pow(decimals))?
        .checked_add(below)
}

/// A number of digits alone.
fn whole(text: &str) -> Option<u64> {
    text.bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| text.parse().ok())
        .flatten()
}
