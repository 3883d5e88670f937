//! The state machine that every server runs: a small key-value store.

use crate::ClientId;
use raft_core::{Command, ReadMode};
use serde::Serialize;
use std::collections::BTreeMap;
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

/// An operation as it stands in the log: whose it is and which of that client's, so that a retried one is applied once (thesis 6.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Whose.
    pub client: ClientId,
    /// Which of this client's operations, from 1.
    pub serial: u32,
    /// What.
    pub operation: Operation,
}

impl Request {
    /// As a command for the log: readable text, `C1.7 put x=1`.
    #[must_use]
    pub fn encode(&self) -> Command {
        Command::new(format!("{}.{} {}", self.client, self.serial, self.operation).as_bytes())
    }

    /// Back from the log. `None` for bytes that [`Request::encode`] did not make.
    #[must_use]
    pub fn decode(command: &Command) -> Option<Request> {
        let text = str::from_utf8(command.as_bytes()).ok()?;
        let (name, text) = text.split_once(' ')?;
        let (verb, argument) = text.split_once(' ')?;
        let (client, serial) = name.strip_prefix('C')?.split_once('.')?;
        let operation = match verb {
            "put" => {
                let (key, value) = argument.split_once('=')?;
                Operation::Put {
                    key: key.into(),
                    value: value.into(),
                }
            }
            "del" => Operation::Del { key: argument.into() },
            "get" => Operation::Get { key: argument.into() },
            _ => return None,
        };
        Some(Request {
            client: ClientId(decode_number(client)?),
            serial: decode_number(serial)?,
            operation,
        })
    }
}

/// Only as it would be printed: without sign or leading zeros.
fn decode_number(digits: &str) -> Option<u32> {
    let plain = digits == "0" || digits.starts_with(|c| matches!(c, '1'..='9'));
    digits.parse().ok().filter(|_| plain)
}

/// One server's copy of the store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyValue {
    pairs: BTreeMap<Word, Word>,
    /// Per client the last operation applied and what it answered.
    sessions: BTreeMap<ClientId, (u32, Option<Word>)>,
}

impl KeyValue {
    /// Applies one request and answers it. A request applied before only gets its answer again.
    pub fn apply(&mut self, request: &Request) -> Option<Word> {
        if let Some((serial, answer)) = self.sessions.get(&request.client)
            && *serial >= request.serial
        {
            return answer.clone();
        }
        let answer = match &request.operation {
            Operation::Put { key, value } => {
                self.pairs.insert(key.clone(), value.clone());
                None
            }
            Operation::Del { key } => {
                self.pairs.remove(key);
                None
            }
            Operation::Get { key } | Operation::Read { key, .. } => self.pairs.get(key).cloned(),
        };
        self.sessions
            .insert(request.client, (request.serial, answer.clone()));
        answer
    }

    /// All of it as bytes, for a snapshot: readable text. A line for each pair, `x=1`; an empty one; a line for each client, `1.7` or,
    /// with what its last operation read, `1.7=v`.
    #[must_use]
    pub fn to_bytes(&self) -> Arc<[u8]> {
        let mut text = String::new();
        for (key, value) in &self.pairs {
            text.extend([key, "=", value, "\n"]);
        }
        text.push('\n');
        for (client, (serial, answer)) in &self.sessions {
            text.push_str(&format!("{}.{serial}", client.0));
            if let Some(answer) = answer {
                text.extend(["=", answer]);
            }
            text.push('\n');
        }
        text.into_bytes().into()
    }

    /// Back from [`KeyValue::to_bytes`]. What it did not make is left out.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> KeyValue {
        let mut store = KeyValue::default();
        let mut lines = str::from_utf8(bytes).unwrap_or_default().lines();
        for line in lines.by_ref().take_while(|line| !line.is_empty()) {
            if let Some((key, value)) = line.split_once('=') {
                store.pairs.insert(key.into(), value.into());
            }
        }
        for line in lines {
            let (name, answer) = match line.split_once('=') {
                Some((name, answer)) => (name, Some(answer.into())),
                None => (line, None),
            };
            let numbers = name.split_once('.');
            let numbers = numbers.and_then(|(c, s)| Some((decode_number(c)?, decode_number(s)?)));
            if let Some((client, serial)) = numbers {
                store.sessions.insert(ClientId(client), (serial, answer));
            }
        }
        store
    }

    /// What stands at a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.pairs.get(key).map(AsRef::as_ref)
    }

    /// All pairs, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(k, v)| (k.as_ref(), v.as_ref()))
    }
}
