//! Bytes for what goes over the wire and onto the disk: whole numbers little-endian, lists by their length. Reading gives `None`
//! whenever the bytes are not what they should be, for they come from outside.

use raft_core::{
    Append, Body, Command, Configuration, Conflict, Entries, Entry, HardState, Index, Message, NodeId,
    Payload, ReadId, Round, Snapshot, Term, Write, WriteId,
};
use std::sync::Arc;

/// Something with a form in bytes.
pub(crate) trait Codec: Sized {
    /// Appends the bytes.
    fn put(&self, bytes: &mut Vec<u8>);
    /// Takes the bytes off the front.
    fn take(bytes: &mut &[u8]) -> Option<Self>;

    fn encoded(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.put(&mut bytes);
        bytes
    }

    /// What these bytes say, if they say it to the last byte.
    fn decoded(mut bytes: &[u8]) -> Option<Self> {
        Self::take(&mut bytes).filter(|_| bytes.is_empty())
    }
}

macro_rules! integer {
    ($($type:ty)*) => {$(
        impl Codec for $type {
            fn put(&self, bytes: &mut Vec<u8>) {
                bytes.extend(self.to_le_bytes());
            }
            fn take(bytes: &mut &[u8]) -> Option<Self> {
                let (number, rest) = bytes.split_first_chunk()?;
                *bytes = rest;
                Some(Self::from_le_bytes(*number))
            }
        }
    )*};
}
integer!(u8 u32 u64);

/// Structs whose fields follow one another; `0` for those that are one number with a name.
macro_rules! fields {
    ($($type:ident { $($field:tt),* })*) => {$(
        impl Codec for $type {
            fn put(&self, bytes: &mut Vec<u8>) {
                $(self.$field.put(bytes);)*
            }
            fn take(bytes: &mut &[u8]) -> Option<Self> {
                Some($type { $($field: Codec::take(bytes)?),* })
            }
        }
    )*};
}
fields! {
    NodeId { 0 }
    Term { 0 }
    Index { 0 }
    WriteId { 0 }
    ReadId { 0 }
    Round { 0 }
    HardState { term, voted_for }
    Entry { term, payload }
    Append { first, entries }
    Write { id, hard_state, snapshot, append }
    Configuration { voters, outgoing, learners }
    Snapshot { last_index, last_term, configuration, data }
    Conflict { index, term }
    Message { from, to, term, body }
}

impl Codec for bool {
    fn put(&self, bytes: &mut Vec<u8>) {
        bytes.push(u8::from(*self));
    }
    fn take(bytes: &mut &[u8]) -> Option<Self> {
        match u8::take(bytes)? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl<T: Codec> Codec for Option<T> {
    fn put(&self, bytes: &mut Vec<u8>) {
        self.is_some().put(bytes);
        if let Some(value) = self {
            value.put(bytes);
        }
    }
    fn take(bytes: &mut &[u8]) -> Option<Self> {
        Some(if bool::take(bytes)? {
            Some(T::take(bytes)?)
        } else {
            None
        })
    }
}

impl<T: Codec> Codec for Arc<T> {
    fn put(&self, bytes: &mut Vec<u8>) {
        (**self).put(bytes);
    }
    fn take(bytes: &mut &[u8]) -> Option<Self> {
        T::take(bytes).map(Arc::new)
    }
}

impl Codec for Arc<[u8]> {
    fn put(&self, bytes: &mut Vec<u8>) {
        length(self.len()).put(bytes);
        bytes.extend(&**self);
    }
    fn take(bytes: &mut &[u8]) -> Option<Self> {
        let (data, rest) = bytes_after_length(bytes)?;
        *bytes = rest;
        Some(data.into())
    }
}

impl Codec for Vec<NodeId> {
    fn put(&self, bytes: &mut Vec<u8>) {
        length(self.len()).put(bytes);
        self.iter().for_each(|id| id.put(bytes));
    }
    fn take(bytes: &mut &[u8]) -> Option<Self> {
        let count = u32::take(bytes)?;
        (0..count).map(|_| NodeId::take(bytes)).collect()
    }
}

impl Codec for Command {
    fn put(&self, bytes: &mut Vec<u8>) {
        length(self.as_bytes().len()).put(bytes);
        bytes.extend(self.as_bytes());
    }
    fn take(bytes: &mut &[u8]) -> Option<Self> {
        let (command, rest) = bytes_after_length(bytes)?;
        *bytes = rest;
        Some(Command::new(command))
    }
}

impl Codec for Entries {
    fn put(&self, bytes: &mut Vec<u8>) {
        length(self.len()).put(bytes);
        for entry in self.iter() {
            entry.put(bytes);
        }
    }
    fn take(bytes: &mut &[u8]) -> Option<Self> {
        let count = u32::take(bytes)?;
        let entries: Option<Vec<Entry>> = (0..count).map(|_| Entry::take(bytes)).collect();
        Some(entries?.into())
    }
}

impl Codec for Payload {
    fn put(&self, bytes: &mut Vec<u8>) {
        match self {
            Payload::Noop => 0_u8.put(bytes),
            Payload::Command(command) => {
                1_u8.put(bytes);
                command.put(bytes);
            }
            Payload::Configuration(configuration) => {
                2_u8.put(bytes);
                configuration.put(bytes);
            }
        }
    }
    fn take(bytes: &mut &[u8]) -> Option<Self> {
        match u8::take(bytes)? {
            0 => Some(Payload::Noop),
            1 => Some(Payload::Command(Codec::take(bytes)?)),
            2 => Some(Payload::Configuration(Codec::take(bytes)?)),
            _ => None,
        }
    }
}

macro_rules! bodies {
    ($($tag:literal $name:ident { $($field:ident),* })*) => {
        impl Codec for Body {
            fn put(&self, bytes: &mut Vec<u8>) {
                match self {
                    $(Body::$name { $($field),* } => {
                        bytes.push($tag);
                        $($field.put(bytes);)*
                    })*
                }
            }
            fn take(bytes: &mut &[u8]) -> Option<Self> {
                match u8::take(bytes)? {
                    $($tag => Some(Body::$name { $($field: Codec::take(bytes)?),* }),)*
                    _ => None,
                }
            }
        }
    };
}
bodies! {
    0 RequestVote { last_log_index, last_log_term, transfer }
    1 RequestVoteReply { granted }
    2 AppendEntries { prev_log_index, prev_log_term, entries, leader_commit, round }
    3 AppendEntriesReply { success, index, conflict, round }
    4 ReadIndex { id }
    5 ReadIndexReply { id, index }
    6 PreVote { last_log_index, last_log_term }
    7 PreVoteReply { granted, asked_in }
    8 TimeoutNow {}
    9 InstallSnapshot { snapshot }
    10 InstallSnapshotReply { index }
}

/// A length as it is written.
pub(crate) fn length(length: usize) -> u32 {
    u32::try_from(length).expect("nothing here is as long as 4 GiB")
}

/// As many bytes as the number in front of them says, and the bytes after them.
fn bytes_after_length(mut bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = u32::take(&mut bytes)?;
    bytes.split_at_checked(usize::try_from(length).ok()?)
}

/// CRC-32 as Ethernet and zip have it.
pub(crate) fn checksum(bytes: &[u8]) -> u32 {
    let mut crc = !0_u32;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg());
        }
    }
    !crc
}
