//! Transactions: their names, what they change, how they end.

use alloc::sync::Arc;
use core::fmt;

/// A transaction's name: who asked for it, and which of what that client asked for. `TransactionId { client: 1, number: 7 }` is shown as
/// `C1.7`. A request that is sent again has the name of the first, and so cannot run twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct TransactionId {
    /// The client's number, from 1.
    pub client: u32,
    /// A client's later transactions have higher numbers, and it begins one only when it waits for no other.
    pub number: u32,
}

impl fmt::Display for TransactionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "C{}.{}", self.client, self.number)
    }
}

/// What a transaction does to the store.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(rename = "TransactionChange"))]
pub struct Change {
    /// Which key; the transaction holds its lock. Without blanks and `=`.
    #[cfg_attr(feature = "ts", ts(type = "string"))]
    pub key: Arc<str>,
    /// What shall stand there; `None` for nothing.
    #[cfg_attr(feature = "ts", ts(type = "string | null"))]
    pub value: Option<Arc<str>>,
}

/// `x=1`, `del x`
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Some(value) => write!(f, "{}={value}", self.key),
            None => write!(f, "del {}", self.key),
        }
    }
}

/// How a transaction ends, everywhere alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "camelCase"))]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Decision {
    /// It is done.
    Commit,
    /// It leaves no trace.
    Abort,
}
