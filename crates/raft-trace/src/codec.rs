//! How events become bytes and come back. Which fields there are is listed in `fields.rs`, once for both ways.

pub(crate) use crate::habits::Reader;
use crate::{MessageId, Seq, WorldTime};

/// Takes in what events are made of. The trace's sink is a [`Writer`](crate::habits::Writer), the fingerprint's a hash.
pub(crate) trait Sink {
    fn number(&mut self, n: u64);

    /// Which variant this is, or how many elements follow: what comes next depends on it, and on nothing else.
    fn tag(&mut self, n: u64) {
        self.number(n);
    }

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

/// What was read is nothing that was written.
#[cold]
pub(crate) fn unknown(what: &str, tag: u64) -> ! {
    unreachable!("no {what} has the number {tag}")
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
                        to.tag($tag);
                        $($($field.write(to);)*)?
                        $($inner.write(to);)?
                    })*
                }
            }

            fn read(from: &mut Reader<'_>) -> Self {
                match from.tag() {
                    $($tag => {
                        $($(let $field = Coded::read(from);)*)?
                        $(let $inner = Coded::read(from);)?
                        $type::$variant $( { $($field),* } )? $( ($inner) )?
                    })*
                    tag => crate::codec::unknown(stringify!($type), tag),
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
