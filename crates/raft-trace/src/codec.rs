//! How events become bytes and come back. Which fields there are is listed in `fields.rs`, once for both ways.

use crate::{MessageId, Seq, WorldTime};

/// Takes in what events are made of. The trace's sink is a [`Writer`], the fingerprint's a hash.
pub(crate) trait Sink {
    fn number(&mut self, n: u64);

    /// Bytes, and how many.
    fn bytes(&mut self, bytes: &[u8]);

    // What grows all the time has a door of its own, so that a sink can write it relative to what it had before.

    /// When the event happens. Comes before all other times.
    fn now(&mut self, at: WorldTime) {
        self.number(at.0);
    }

    /// The event's cause.
    fn cause(&mut self, cause: Option<Seq>) {
        self.number(cause.map_or(0, |seq| 1 + u64::from(seq.0)));
    }

    fn time(&mut self, at: WorldTime) {
        self.number(at.0);
    }

    fn message(&mut self, id: MessageId) {
        self.number(id.0.into());
    }
}

/// Something that can be written to any sink and read back.
pub(crate) trait Coded: Sized {
    fn write(&self, to: &mut impl Sink);
    fn read(from: &mut Reader<'_>) -> Self;
}

/// How many variants an enum has, for the test that there is a sample of each.
#[cfg(test)]
pub(crate) trait Variants {
    const COUNT: usize;
}

/// What times and names are written relative to: where the trace stands. Small numbers make few bytes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Context {
    /// The event being written, or the next one.
    pub(crate) seq: Seq,
    /// The highest message number so far.
    pub(crate) message: MessageId,
    /// When the event happened, or the one before.
    pub(crate) at: WorldTime,
}

/// Appends to bytes: numbers seven bits a byte, the lowest first.
pub(crate) struct Writer<'a> {
    pub(crate) out: &'a mut Vec<u8>,
    pub(crate) context: &'a mut Context,
}

/// Reads what a [`Writer`] wrote.
///
/// # Panics
/// When the bytes are not a writer's: they never leave this crate.
pub(crate) struct Reader<'a> {
    pub(crate) rest: &'a [u8],
    pub(crate) context: Context,
}

impl Sink for Writer<'_> {
    fn number(&mut self, mut n: u64) {
        while n >= 0x80 {
            self.out.push(n as u8 | 0x80);
            n >>= 7;
        }
        self.out.push(n as u8);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.out.extend_from_slice(bytes);
    }

    fn now(&mut self, at: WorldTime) {
        self.time(at);
        self.context.at = at;
    }

    fn cause(&mut self, cause: Option<Seq>) {
        let ago = |seq: Seq| self.context.seq.0.wrapping_sub(seq.0);
        self.number(cause.map_or(0, |seq| 1 + u64::from(ago(seq))));
    }

    fn time(&mut self, at: WorldTime) {
        self.number(at.0.wrapping_sub(self.context.at.0));
    }

    fn message(&mut self, id: MessageId) {
        let ahead = id.0.wrapping_sub(self.context.message.0).cast_signed();
        self.number(((ahead << 1) ^ (ahead >> 31)).cast_unsigned().into()); // 0, -1, 1, -2, … as 0, 1, 2, 3, …
        self.context.message = self.context.message.max(id);
    }
}

impl Reader<'_> {
    pub(crate) fn number(&mut self) -> u64 {
        let mut n = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.take(1)[0];
            n |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return n;
            }
        }
        unreachable!("no number takes more than ten bytes")
    }

    pub(crate) fn bytes(&mut self) -> &[u8] {
        let len = self.number();
        self.take(len as usize) // was a length in memory before
    }

    pub(crate) fn now(&mut self) -> WorldTime {
        self.context.at = self.time();
        self.context.at
    }

    pub(crate) fn cause(&mut self) -> Option<Seq> {
        let ago = self.number().checked_sub(1)?;
        Some(Seq(self.context.seq.0.wrapping_sub(ago as u32))) // was a u32
    }

    pub(crate) fn time(&mut self) -> WorldTime {
        WorldTime(self.number().wrapping_add(self.context.at.0))
    }

    pub(crate) fn message(&mut self) -> MessageId {
        let folded = self.number() as u32; // was a u32
        let ahead = (folded >> 1) ^ 0u32.wrapping_sub(folded & 1);
        let id = MessageId(self.context.message.0.wrapping_add(ahead));
        self.context.message = self.context.message.max(id);
        id
    }

    fn take(&mut self, len: usize) -> &[u8] {
        let (taken, rest) = self.rest.split_at(len);
        self.rest = rest;
        taken
    }
}

/// Lists a struct's fields in the order of writing.
macro_rules! coded_struct {
    ($type:ident { $($field:ident),* $(,)? }) => {
        impl Coded for $type {
            fn write(&self, to: &mut impl Sink) {
                let $type { $($field),* } = self;
                $($field.write(to);)*
            }

            fn read(from: &mut Reader<'_>) -> Self {
                $(let $field = Coded::read(from);)*
                $type { $($field),* }
            }
        }
    };
}

/// Lists an enum's variants, each with its number, and their fields in the order of writing.
macro_rules! coded_enum {
    ($type:ident { $($tag:literal = $variant:ident $( { $($field:ident),* } )? $( ($inner:ident) )?),* $(,)? }) => {
        impl Coded for $type {
            fn write(&self, to: &mut impl Sink) {
                match self {
                    $($type::$variant $( { $($field),* } )? $( ($inner) )? => {
                        to.number($tag);
                        $($($field.write(to);)*)?
                        $($inner.write(to);)?
                    })*
                }
            }

            fn read(from: &mut Reader<'_>) -> Self {
                match from.number() {
                    $($tag => {
                        $($(let $field = Coded::read(from);)*)?
                        $(let $inner = Coded::read(from);)?
                        $type::$variant $( { $($field),* } )? $( ($inner) )?
                    })*
                    tag => unreachable!("no {} has the number {tag}", stringify!($type)),
                }
            }
        }

        #[cfg(test)]
        impl crate::codec::Variants for $type {
            const COUNT: usize = [$($tag),*].len();
        }
    };
}

pub(crate) use {coded_enum, coded_struct};
