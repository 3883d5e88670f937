//! A client's command: bytes that mean nothing to Raft.

use alloc::sync::Arc;
use core::fmt;

const INLINE: usize = 22;

/// What a client asks the state machine to do. Opaque to Raft. Short ones (up to 22 bytes) need no allocation,
/// long ones are shared between clones.
#[derive(Clone)]
pub struct Command(Repr);

#[derive(Clone)]
enum Repr {
    Inline { len: u8, bytes: [u8; INLINE] },
    Shared(Arc<[u8]>),
}

impl Command {
    /// A command of these bytes.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Command {
        match u8::try_from(bytes.len()) {
            Ok(len) if bytes.len() <= INLINE => {
                let mut inline = [0; INLINE];
                inline[..bytes.len()].copy_from_slice(bytes);
                Command(Repr::Inline { len, bytes: inline })
            }
            _ => Command(Repr::Shared(Arc::from(bytes))),
        }
    }

    /// The bytes given to [`Command::new`].
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Repr::Inline { len, bytes } => &bytes[..usize::from(*len)],
            Repr::Shared(bytes) => bytes,
        }
    }
}

impl PartialEq for Command {
    fn eq(&self, other: &Command) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for Command {}

impl core::hash::Hash for Command {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match core::str::from_utf8(self.as_bytes()) {
            Ok(text) => write!(f, "{text:?}"),
            Err(_) => write!(f, "{:?}", self.as_bytes()),
        }
    }
}

/// As text where the bytes are text, else as a list of bytes.
#[cfg(feature = "serde")]
impl serde::Serialize for Command {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match core::str::from_utf8(self.as_bytes()) {
            Ok(text) => serializer.serialize_str(text),
            Err(_) => serializer.serialize_bytes(self.as_bytes()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Command, INLINE, Repr};
    use std::format;
    use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
    use std::vec::Vec;

    #[test]
    fn bytes_come_back_whatever_their_number() {
        for len in [0, 1, INLINE - 1, INLINE, INLINE + 1, 255, 256, 1000] {
            let bytes: Vec<u8> = (0..len).map(|i| (i % 251) as u8).collect();
            let command = Command::new(&bytes);
            assert_eq!(command.as_bytes(), bytes);
            assert_eq!(matches!(command.0, Repr::Inline { .. }), len <= INLINE);
        }
    }

    #[test]
    fn equality_and_hash_are_those_of_the_bytes() {
        let inline = Command::new(b"x=1");
        let shared = Command(Repr::Shared(b"x=1"[..].into()));
        let hash = |command| BuildHasherDefault::<DefaultHasher>::default().hash_one(command);
        assert_eq!(inline, shared);
        assert_eq!(hash(&inline), hash(&shared));
        assert_ne!(hash(&inline), hash(&Command::new(b"x=2")));
        assert_ne!(inline, Command::new(b"x=1\0"), "unused room does not count");
    }

    #[test]
    fn short_commands_are_small() {
        assert_eq!(size_of::<Command>(), 24);
        assert_eq!(size_of::<crate::Entry>(), 32);
    }

    #[test]
    fn shows_as_text_where_it_is_text() {
        assert_eq!(format!("{:?}", Command::new(b"put x=1")), "\"put x=1\"");
        assert_eq!(format!("{:?}", Command::new(&[0xff, 1])), "[255, 1]");
    }
}
