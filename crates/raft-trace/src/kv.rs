//! The state machine that every server runs: a small key-value store.

use crate::{ClientId, OpId};
use raft_core::{Command, ReadMode, SortedMap};
use serde::Serialize;
use std::fmt;
use std::sync::Arc;

/// A key or a value: 1–32 characters of `[A-Za-z0-9_.-]`. The scenario parser sees to it.
pub type Word = Arc<str>;

/// What a client wants done.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(tag = "type", rename_all_fields = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Operation {
    /// `put key=value`
    Put {
        /// Where.
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        key: Word,
        /// What.
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        value: Word,
    },
    /// `del key`
    Del {
        /// Where.
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        key: Word,
    },
    /// `get key`, by a place in the log
    Get {
        /// Where.
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        key: Word,
    },
    /// `get key stale`: a get that takes no place in the log
    Read {
        /// Where.
        #[cfg_attr(feature = "ts", ts(type = "string"))]
        key: Word,
        /// How current it has to be.
        mode: ReadMode,
    },
}

impl Operation {
    /// The key that it is about.
    #[must_use]
    pub fn key(&self) -> &Word {
        match self {
            Operation::Put { key, .. }
            | Operation::Del { key }
            | Operation::Get { key }
            | Operation::Read { key, .. } => key,
        }
    }

    /// Whether it reads and changes nothing.
    #[must_use]
    pub fn reads(&self) -> bool {
        matches!(self, Operation::Get { .. } | Operation::Read { .. })
    }

    /// Whether it is to see everything that was acknowledged before it began.
    #[must_use]
    pub fn is_linearizable(&self) -> bool {
        match self {
            Operation::Read { mode, .. } => matches!(mode, ReadMode::ReadIndex | ReadMode::Lease),
            _ => true,
        }
    }
}

/// A mode of reading as a scenario writes it.
#[must_use]
pub const fn read_mode_name(mode: ReadMode) -> &'static str {
    match mode {
        ReadMode::Stale => "stale",
        ReadMode::LeaderLocal => "leader-local",
        ReadMode::ReadIndex => "read-index",
        ReadMode::Lease => "lease",
    }
}

/// `put x=1`, `del x`, `get x`, `get x lease`
impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Operation::Put { key, value } => write!(f, "put {key}={value}"),
            Operation::Del { key } => write!(f, "del {key}"),
            Operation::Get { key } => write!(f, "get {key}"),
            Operation::Read { key, mode } => write!(f, "get {key} {}", read_mode_name(*mode)),
        }
    }
}

/// An operation as it stands in the log: whose it is and its number, so that a retried one is applied once (thesis 6.3) and what
/// a write left behind can be told from what others did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Whose.
    pub client: ClientId,
    /// Which. A client's later operations have higher numbers.
    pub op: OpId,
    /// Mostly 0. Without the rule `client-session` what is sent again counts up here, and so looks like something new.
    pub attempt: u32,
    /// What.
    pub operation: Operation,
}

impl Request {
    /// As a command for the log: readable text, `C1.7 put x=1`; the attempt only if it is not 0, `C1.7+1 put x=1`.
    #[must_use]
    pub fn encode(&self) -> Command {
        let (client, op, operation) = (self.client, self.op.0, &self.operation);
        let text = match self.attempt {
            0 => format!("{client}.{op} {operation}"),
            attempt => format!("{client}.{op}+{attempt} {operation}"),
        };
        Command::new(text.as_bytes())
    }

    /// Back from the log. `None` for bytes that [`Request::encode`] did not make.
    #[must_use]
    pub fn decode(command: &Command) -> Option<Request> {
        let Asked { whose, key, what } = Asked::read(command)?;
        let (client, op, attempt) = whose;
        let key = key.into();
        let operation = match what {
            What::Put(value) => Operation::Put {
                key,
                value: value.into(),
            },
            What::Del => Operation::Del { key },
            What::Get => Operation::Get { key },
        };
        Some(Request {
            client,
            op,
            attempt,
            operation,
        })
    }

    /// Only whose it is, which operation, and which attempt at it.
    pub(crate) fn decode_whose(command: &Command) -> Option<(ClientId, OpId, u32)> {
        let end = command.as_bytes().iter().position(|byte| *byte == b' ')?;
        decode_name(str::from_utf8(&command.as_bytes()[..end]).ok()?)
    }
}

/// A request as the text of its command has it.
struct Asked<'a> {
    whose: (ClientId, OpId, u32),
    key: &'a str,
    what: What<'a>,
}

enum What<'a> {
    Put(&'a str),
    Del,
    Get,
}

impl Asked<'_> {
    fn read(command: &Command) -> Option<Asked<'_>> {
        let text = str::from_utf8(command.as_bytes()).ok()?;
        let (name, text) = cut(text, b' ')?;
        let (verb, argument) = cut(text, b' ')?;
        let whose = decode_name(name)?;
        let (key, what) = match verb {
            "put" => {
                let (key, value) = cut(argument, b'=')?;
                (key, What::Put(value))
            }
            "del" => (argument, What::Del),
            "get" => (argument, What::Get),
            _ => return None,
        };
        Some(Asked { whose, key, what })
    }
}

/// `C1.7`, `C1.7+1`.
fn decode_name(name: &str) -> Option<(ClientId, OpId, u32)> {
    let (client, number) = cut(name.strip_prefix('C')?, b'.')?;
    let (op, attempt) = decode_attempt(number)?;
    Some((ClientId(decode_number(client)?), op, attempt))
}

/// `7` or, with an attempt that is not 0, `7+1`.
fn decode_attempt(text: &str) -> Option<(OpId, u32)> {
    let (op, attempt) = match cut(text, b'+') {
        Some((op, attempt)) => (op, decode_number(attempt).filter(|n| *n > 0)?),
        None => (text, 0),
    };
    Some((OpId(decode_number(op)?), attempt))
}

/// Only as it would be printed: without sign or leading zeros.
fn decode_number(digits: &str) -> Option<u32> {
    let plain = match digits.as_bytes() {
        [b'0', more @ ..] => more.is_empty(),
        [first, ..] => first.is_ascii_digit(),
        [] => false,
    };
    digits.parse().ok().filter(|_| plain)
}

/// What stands before and behind the first of these, which is ASCII. Commands are short: this is several times as fast as `split_once`.
fn cut(text: &str, at: u8) -> Option<(&str, &str)> {
    let place = text.bytes().position(|byte| byte == at)?;
    Some((text.get(..place)?, text.get(place + 1..)?))
}

/// What stands at a key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The value, if there is one.
    pub value: Option<Word>,
    /// The write that left it so: a put, or the del after which there is none. `None` where nothing was ever written.
    pub tag: Option<OpId>,
}

/// One server's copy of the store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyValue {
    /// Whatever was written once. A deleted key stays, for its tag.
    places: SortedMap<Word, Reading>,
    /// Per client the last operation applied, at which attempt, and what it read.
    sessions: SortedMap<ClientId, (OpId, u32, Reading)>,
}

impl KeyValue {
    /// Applies a [`Request`] as it stands in the log and answers it; a write answers that it read nothing. A request applied before only
    /// gets its answer again, and what is no request none.
    pub fn apply(&mut self, command: &Command) -> Option<Reading> {
        let Asked { whose, key, what } = Asked::read(command)?;
        let (client, op, attempt) = whose;
        if let Some((last, at, answer)) = self.sessions.get(&client)
            && (*last, *at) >= (op, attempt)
        {
            return Some(answer.clone());
        }
        let answer = match what {
            What::Put(value) => self.write(op, key, Some(value.into())),
            What::Del => self.write(op, key, None),
            What::Get => self.read(key),
        };
        self.sessions.insert(client, (op, attempt, answer.clone()));
        Some(answer)
    }

    /// Puts a value at a key, or deletes what is there, whoever wants it: the write is known by this number. Answers that it read nothing.
    pub fn write(&mut self, op: OpId, key: &str, value: Option<Word>) -> Reading {
        let tag = Some(op);
        let place = Reading { value, tag };
        match self.places.get_mut(key) {
            Some(known) => *known = place,
            None => {
                self.places.insert(key.into(), place);
            }
        }
        Reading::default()
    }

    /// How many keys were ever written.
    #[must_use]
    pub fn keys(&self) -> usize {
        self.places.len()
    }

    /// All of it as bytes, for a snapshot: readable text. A line for each key, `x#12=1` or, if it was deleted, `x#12`, with the
    /// number of the write; an empty one; a line for each client, `1.7` or, with what its last operation read, `1.7 #12=1`.
    #[must_use]
    pub fn to_bytes(&self) -> Arc<[u8]> {
        let mut text = String::new();
        for (key, place) in self.places.iter() {
            text.push_str(key);
            encode_reading(place, &mut text);
            text.push('\n');
        }
        text.push('\n');
        for (client, (op, attempt, answer)) in self.sessions.iter() {
            text.push_str(&format!("{}.{}", client.0, op.0));
            if *attempt > 0 {
                text.push_str(&format!("+{attempt}"));
            }
            if answer.tag.is_some() {
                text.push(' ');
                encode_reading(answer, &mut text);
            }
            text.push('\n');
        }
        text.into_bytes().into()
    }

    /// Back from [`KeyValue::to_bytes`]. What it did not make is left out.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> KeyValue {
        let mut lines = str::from_utf8(bytes).unwrap_or_default().lines();
        let places = lines.by_ref().take_while(|line| !line.is_empty());
        KeyValue {
            places: places.filter_map(decode_place).collect(),
            sessions: lines.filter_map(decode_session).collect(),
        }
    }

    /// What stands at a key, and who left it so.
    #[must_use]
    pub fn read(&self, key: &str) -> Reading {
        self.places.get(key).cloned().unwrap_or_default()
    }

    /// The value at a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.places.get(key)?.value.as_deref()
    }

    /// All pairs, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.places
            .iter()
            .filter_map(|(key, place)| Some((&**key, place.value.as_deref()?)))
    }
}

/// `#12=1`, or without a value `#12`; nothing where nothing was written.
fn encode_reading(reading: &Reading, to: &mut String) {
    if let Some(tag) = reading.tag {
        to.push_str(&format!("#{}", tag.0));
    }
    if let Some(value) = &reading.value {
        to.extend(["=", value]);
    }
}

/// What stands behind the `#`.
fn decode_reading(text: &str) -> Option<Reading> {
    let (tag, value) = match cut(text, b'=') {
        Some((tag, value)) => (tag, Some(value.into())),
        None => (text, None),
    };
    Some(Reading {
        value,
        tag: Some(OpId(decode_number(tag)?)),
    })
}

fn decode_place(line: &str) -> Option<(Word, Reading)> {
    let (key, reading) = cut(line, b'#')?;
    Some((key.into(), decode_reading(reading)?))
}

fn decode_session(line: &str) -> Option<(ClientId, (OpId, u32, Reading))> {
    let (name, answer) = match cut(line, b' ') {
        Some((name, answer)) => (name, decode_reading(answer.strip_prefix('#')?)?),
        None => (line, Reading::default()),
    };
    let (client, number) = cut(name, b'.')?;
    let (op, attempt) = decode_attempt(number)?;
    Some((ClientId(decode_number(client)?), (op, attempt, answer)))
}
