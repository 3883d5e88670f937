//! The records of the write-ahead log.

use crate::{Change, Decision, TransactionId};
use alloc::format;
use alloc::string::String;
use raft_core::{Command, Entry, Payload, Term};

/// What a server writes down. In its log it is readable text, `prepared C1.7 x=1`, in an entry of term 0: there are no terms here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// This server has locked the key and leaves it to the coordinator what becomes of the transaction.
    Prepared(TransactionId, Change),
    /// The transaction is done. In the coordinator's log this is the decision.
    Committed(TransactionId),
    /// It is not done and never will be.
    Aborted(TransactionId),
    /// Everybody has it on disk that the transaction is done: nobody will ask the coordinator again.
    Ended(TransactionId),
}

impl Record {
    /// Of which transaction it speaks.
    #[must_use]
    pub fn transaction(&self) -> TransactionId {
        match self {
            Record::Prepared(id, _) | Record::Committed(id) | Record::Aborted(id) | Record::Ended(id) => *id,
        }
    }

    /// What it says about the transaction's end, if that is what it is about.
    #[must_use]
    pub fn decision(&self) -> Option<Decision> {
        match self {
            Record::Committed(_) => Some(Decision::Commit),
            Record::Aborted(_) => Some(Decision::Abort),
            Record::Prepared(..) | Record::Ended(_) => None,
        }
    }

    /// As it stands in the log.
    #[must_use]
    pub fn encode(&self) -> Entry {
        let id = self.transaction();
        let text: String = match self {
            Record::Prepared(_, change) => format!("prepared {id} {change}"),
            Record::Committed(_) => format!("committed {id}"),
            Record::Aborted(_) => format!("aborted {id}"),
            Record::Ended(_) => format!("ended {id}"),
        };
        Entry {
            term: Term(0),
            payload: Payload::Command(Command::new(text.as_bytes())),
        }
    }

    /// Back from the log. `None` for what [`Record::encode`] did not make.
    #[must_use]
    pub fn decode(entry: &Entry) -> Option<Record> {
        let Payload::Command(command) = &entry.payload else {
            return None;
        };
        let text = core::str::from_utf8(command.as_bytes()).ok()?;
        let (kind, rest) = text.split_once(' ')?;
        let (id, change) = match rest.split_once(' ') {
            Some((id, change)) => (id, Some(change)),
            None => (rest, None),
        };
        let id = transaction(id)?;
        match (kind, change) {
            ("prepared", Some(text)) => Some(Record::Prepared(id, parse_change(text)?)),
            ("committed", None) => Some(Record::Committed(id)),
            ("aborted", None) => Some(Record::Aborted(id)),
            ("ended", None) => Some(Record::Ended(id)),
            _ => None,
        }
    }
}

fn transaction(text: &str) -> Option<TransactionId> {
    let (client, number) = text.strip_prefix('C')?.split_once('.')?;
    let (client, number) = (client.parse().ok()?, number.parse().ok()?);
    let id = TransactionId { client, number };
    (format!("{id}") == text).then_some(id)
}

fn parse_change(text: &str) -> Option<Change> {
    if let Some(key) = text.strip_prefix("del ") {
        let (key, value) = (key.into(), None);
        return Some(Change { key, value });
    }
    let (key, value) = text.split_once('=')?;
    Some(Change {
        key: key.into(),
        value: Some(value.into()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_readable_text_and_comes_back_from_it() {
        let id = TransactionId { client: 1, number: 7 };
        let change = |value: Option<&str>| Change {
            key: "x".into(),
            value: value.map(Into::into),
        };
        for (record, text) in [
            (Record::Prepared(id, change(Some("1"))), "prepared C1.7 x=1"),
            (Record::Prepared(id, change(None)), "prepared C1.7 del x"),
            (Record::Committed(id), "committed C1.7"),
            (Record::Aborted(id), "aborted C1.7"),
            (Record::Ended(id), "ended C1.7"),
        ] {
            let entry = record.encode();
            assert_eq!(entry.payload, Payload::Command(Command::new(text.as_bytes())));
            assert_eq!(Record::decode(&entry), Some(record));
        }
    }

    #[test]
    fn what_is_no_record_is_not_read_as_one() {
        for text in [
            "",
            "ended",
            "ended C1",
            "ended C1.07",
            "ended C1.7 x=1",
            "prepared C1.7",
            "prepared C1.7 x",
            "C1.7 put x=1",
            "begun C1.7",
        ] {
            let payload = Payload::Command(Command::new(text.as_bytes()));
            let entry = Entry {
                term: Term(0),
                payload,
            };
            assert_eq!(Record::decode(&entry), None, "{text}");
        }
        let payload = Payload::Noop;
        assert_eq!(
            Record::decode(&Entry {
                term: Term(1),
                payload
            }),
            None
        );
    }
}
