//! How events become few bytes and come back.
//!
//! Most events are like the last one of their *shape*: a heartbeat is the heartbeat before it but for its receiver and its time of
//! arrival. An event is a row of items. Those that say which variants and how many elements there are make its shape; of the others only
//! those are written that differ from the last row of the same shape. A shape and what differs are together a *habit*; an event begins
//! with the number of its habit.
//!
//! Shapes and habits are known in a whole trace, last rows and recent bytes ([`Memory`]) within a chunk of it.

use crate::codec::{Context, Sink};
use crate::hash::mix;
use crate::{MessageId, Seq, WorldTime};
use std::collections::VecDeque;
use std::sync::Arc;

/// Longer rows are written in full.
const MAX_ROW: usize = u64::BITS as usize;

/// With so many shapes, or so many habits of one shape, what is new is written in full.
const MAX_SHAPES: usize = 512;
const MAX_HABITS: usize = 64;

/// How many of the last byte strings are known by number.
const MAX_RECENT: usize = 32;

/// The number of being written in full. Habits count from 1.
const IN_FULL: u64 = 0;

/// All shapes and habits of a trace. Nothing is ever taken away: what was written stays readable.
#[derive(Clone, Debug, Default)]
pub(crate) struct Habits {
    shapes: Vec<Shape>,
    /// Where shapes are, each at the first free place from the one that its hash names.
    places: Vec<Option<u16>>,
    /// By number, less one.
    all: Vec<Habit>,
    /// How long the rows of all shapes are.
    rows: usize,
}

#[derive(Clone, Debug)]
struct Shape {
    /// The variants and lengths.
    tags: Arc<[u64]>,
    /// How many other items there are. The tags say how many.
    len: usize,
    /// Where in [`Memory`] its last row stands.
    row: usize,
    /// What its habits differ in, and their numbers.
    habits: Vec<(u64, u64)>,
}

#[derive(Clone, Copy, Debug)]
struct Habit {
    shape: u16,
    /// A bit for each item that differs.
    differs: u64,
}

impl Habits {
    /// The shape of these tags, a new one if need be and there is room.
    fn shape(this: &mut Arc<Habits>, row: &Row) -> Option<u16> {
        let mask = 2 * MAX_SHAPES - 1;
        let mut place = row.hash() as usize & mask;
        while let Some(shape) = this.places.get(place).copied().flatten() {
            if *this.shapes[usize::from(shape)].tags == row.tags[..] {
                return Some(shape);
            }
            place = (place + 1) & mask;
        }
        let (number, len) = (this.shapes.len(), row.values.len());
        if number == MAX_SHAPES || len > MAX_ROW {
            return None;
        }
        let habits = Arc::make_mut(this);
        habits.places.resize(2 * MAX_SHAPES, None);
        habits.places[place] = Some(number as u16); // far below
        habits.shapes.push(Shape {
            tags: row.tags[..].into(),
            len,
            row: habits.rows,
            habits: Vec::new(),
        });
        habits.rows += len;
        Some(number as u16)
    }

    /// The number of a habit, a new one if need be and there is room.
    fn number(this: &mut Arc<Habits>, habit: Habit) -> Option<u64> {
        let known = &this.shapes[usize::from(habit.shape)].habits;
        if let Some((_, number)) = known.iter().find(|(differs, _)| *differs == habit.differs) {
            return Some(*number);
        }
        if known.len() == MAX_HABITS {
            return None;
        }
        let habits = Arc::make_mut(this);
        habits.all.push(habit);
        let number = habits.all.len() as u64;
        habits.shapes[usize::from(habit.shape)]
            .habits
            .push((habit.differs, number));
        Some(number)
    }

    /// How much memory it takes, in bytes.
    pub(crate) fn heap_bytes(&self) -> u64 {
        let shape = |s: &Shape| size_of_val(&*s.tags) + s.habits.capacity() * size_of::<(u64, u64)>();
        let shapes: usize = self.shapes.iter().map(shape).sum();
        let lists = self.shapes.capacity() * size_of::<Shape>() + self.all.capacity() * size_of::<Habit>();
        (shapes + lists + self.places.capacity() * size_of::<Option<u16>>()) as u64
    }
}

/// What is remembered from the beginning of a chunk on. Writer and reader come to the same.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory {
    /// The last rows of all shapes.
    rows: Vec<u64>,
    /// Where in the chunk the last byte strings stand, and how long they are; the newest first.
    recent: VecDeque<(usize, usize)>,
}

impl Memory {
    /// A chunk begins.
    pub(crate) fn forget(&mut self) {
        self.rows.fill(0);
        self.recent.clear();
    }

    fn ready_for(&mut self, shape: &Shape) {
        let end = shape.row + shape.len;
        if self.rows.len() < end {
            self.rows.resize(end, 0);
        }
    }
}

fn remember(recent: &mut VecDeque<(usize, usize)>, at: usize, len: usize) {
    recent.truncate(MAX_RECENT - 1);
    recent.push_front((at, len));
}

/// The event being written; kept to be filled anew.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    /// The variants and lengths.
    tags: Vec<u64>,
    /// How many values come before each of them.
    places: Vec<usize>,
    /// All other items. Bytes that are not known yet count as 0.
    values: Vec<u64>,
    /// A bit for each of the first that rises slowly, if it changes: the difference is written. Others are relative to something anyway.
    rising: u64,
    /// Which values are new bytes, and how many.
    new: Vec<(usize, usize)>,
    /// All new bytes, one after the other.
    bytes: Vec<u8>,
}

impl Row {
    fn clear(&mut self) {
        self.tags.clear();
        self.places.clear();
        self.values.clear();
        self.rising = 0;
        self.new.clear();
        self.bytes.clear();
    }

    fn hash(&self) -> u64 {
        self.tags.iter().fold(0, |hash, tag| mix(hash, *tag))
    }

    /// Which values are new bytes, and those.
    fn texts(&self) -> impl Iterator<Item = (usize, &[u8])> {
        let mut rest = &self.bytes[..];
        self.new
            .iter()
            .map(move |&(at, len)| (at, rest.split_off(..len).unwrap_or_default()))
    }
}

/// Takes in one event and appends it to a chunk's bytes.
pub(crate) struct Writer<'a> {
    pub(crate) chunk: &'a mut Vec<u8>,
    pub(crate) context: &'a mut Context,
    pub(crate) habits: &'a mut Arc<Habits>,
    pub(crate) memory: &'a mut Memory,
    pub(crate) row: &'a mut Row,
}

impl Sink for Writer<'_> {
    #[cfg_attr(target_family = "wasm", inline(never))] // events have hundreds of fields
    fn tag(&mut self, n: u64) {
        self.row.tags.push(n);
        self.row.places.push(self.row.values.len());
    }

    #[cfg_attr(target_family = "wasm", inline(never))]
    fn number(&mut self, n: u64) {
        self.row.rising |= 1 << (self.row.values.len() % MAX_ROW);
        self.row.values.push(n);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        // The reader counts new bytes as it meets them, the writer when the event is complete: all that follow count as new.
        if self.row.new.is_empty() {
            let same = |&(at, len): &(usize, usize)| self.chunk[at..at + len] == *bytes;
            if let Some(age) = self.memory.recent.iter().position(same) {
                return self.relative(1 + age as u64);
            }
        }
        self.row.new.push((self.row.values.len(), bytes.len()));
        self.row.bytes.extend_from_slice(bytes);
        self.relative(0);
    }

    fn now(&mut self, at: WorldTime) {
        self.time(at);
        self.context.at = at;
    }

    fn cause(&mut self, cause: Option<Seq>) {
        let ago = |seq: Seq| self.context.seq.0.wrapping_sub(seq.0);
        self.relative(cause.map_or(0, |seq| 1 + u64::from(ago(seq))));
    }

    fn time(&mut self, at: WorldTime) {
        self.relative(at.0.wrapping_sub(self.context.at.0));
    }

    fn message(&mut self, id: MessageId) {
        let ahead = id.0.wrapping_sub(self.context.message.0).cast_signed();
        self.relative(fold(ahead.into()));
        self.context.message = self.context.message.max(id);
    }
}

impl Writer<'_> {
    #[cfg_attr(target_family = "wasm", inline(never))]
    fn relative(&mut self, n: u64) {
        self.row.values.push(n);
    }

    /// The event is complete.
    pub(crate) fn finish(mut self) {
        match self.habit() {
            Some((number, habit)) => {
                put(self.chunk, number);
                self.put_what_differs(habit);
            }
            None => {
                put(self.chunk, IN_FULL);
                self.put_in_full();
            }
        }
        self.row.clear();
    }

    fn habit(&mut self) -> Option<(u64, Habit)> {
        let shape = Habits::shape(self.habits, self.row)?;
        let Shape { row, len, .. } = self.habits.shapes[usize::from(shape)];
        self.memory.ready_for(&self.habits.shapes[usize::from(shape)]);
        let last = &self.memory.rows[row..row + len];
        let mut differs = 0;
        for (new, last) in self.row.values.iter().zip(last).rev() {
            differs = differs << 1 | u64::from(new != last);
        }
        let habit = Habit { shape, differs };
        Some((Habits::number(self.habits, habit)?, habit))
    }

    fn put_what_differs(&mut self, habit: Habit) {
        let row = self.habits.shapes[usize::from(habit.shape)].row;
        let new = self.row.new.iter().fold(0, |bits, (at, _)| bits | 1 << at);
        let mut texts = self.row.texts();
        let mut bits = habit.differs | new;
        while bits != 0 {
            let i = bits.trailing_zeros() as usize;
            let bit = 1 << i;
            if habit.differs & bit != 0 {
                let (value, last) = (self.row.values[i], &mut self.memory.rows[row + i]);
                let risen = fold(value.wrapping_sub(*last).cast_signed());
                put(self.chunk, if self.row.rising & bit == 0 { value } else { risen });
                *last = value;
            }
            if new & bit != 0
                && let Some((_, bytes)) = texts.next()
            {
                put_bytes(self.chunk, &mut self.memory.recent, bytes);
            }
            bits &= bits - 1;
        }
    }

    fn put_in_full(&mut self) {
        let mut tags = self.row.tags.iter().zip(&self.row.places).peekable();
        let mut texts = self.row.texts().peekable();
        for i in 0..=self.row.values.len() {
            while let Some((tag, _)) = tags.next_if(|(_, place)| **place == i) {
                put(self.chunk, *tag);
            }
            if let Some(value) = self.row.values.get(i) {
                put(self.chunk, *value);
            }
            if let Some((_, bytes)) = texts.next_if(|(at, _)| *at == i) {
                put_bytes(self.chunk, &mut self.memory.recent, bytes);
            }
        }
    }
}

fn put_bytes(chunk: &mut Vec<u8>, recent: &mut VecDeque<(usize, usize)>, bytes: &[u8]) {
    put(chunk, bytes.len() as u64);
    remember(recent, chunk.len(), bytes.len());
    chunk.extend_from_slice(bytes);
}

/// Appends a number, seven bits a byte, the lowest first.
fn put(chunk: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        chunk.push(n as u8 | 0x80);
        n >>= 7;
    }
    chunk.push(n as u8);
}

/// 0, -1, 1, -2, … as 0, 1, 2, 3, …
fn fold(n: i64) -> u64 {
    ((n << 1) ^ (n >> 63)).cast_unsigned()
}

fn unfold(n: u64) -> i64 {
    (n >> 1).cast_signed() ^ -(n & 1).cast_signed()
}

/// Reads what a [`Writer`] wrote, a chunk from its beginning on.
///
/// # Panics
/// When the bytes are not a writer's: they never leave this crate.
pub(crate) struct Reader<'a> {
    chunk: &'a [u8],
    at: usize,
    pub(crate) context: Context,
    habits: &'a Habits,
    memory: Memory,
    /// What is left of the event's tags, where the last row of its shape goes on, and what differs; nothing in an event written in full.
    event: Option<(&'a [u64], usize, u64)>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(chunk: &'a [u8], context: Context, habits: &'a Habits) -> Reader<'a> {
        Reader {
            chunk,
            at: 0,
            context,
            habits,
            memory: Memory::default(),
            event: None,
        }
    }

    /// Goes on with the next chunk.
    pub(crate) fn turn_to(&mut self, chunk: &'a [u8]) {
        self.chunk = chunk;
        self.at = 0;
        self.memory.forget();
    }

    /// How many bytes of the chunk were read.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    /// What a writer remembers that goes on from here.
    pub(crate) fn into_memory(self) -> Memory {
        self.memory
    }

    /// An event begins.
    pub(crate) fn begin(&mut self) {
        self.event = self.take_number().checked_sub(1).map(|habit| {
            let Habit { shape, differs } = self.habits.all[habit as usize];
            let shape = &self.habits.shapes[usize::from(shape)];
            self.memory.ready_for(shape);
            (&*shape.tags, shape.row, differs)
        });
    }

    pub(crate) fn tag(&mut self) -> u64 {
        match &mut self.event {
            None => self.take_number(),
            Some((tags, ..)) => *tags.split_off_first().expect("a tag of this shape"),
        }
    }

    pub(crate) fn number(&mut self) -> u64 {
        self.value(|last, written| last.wrapping_add_signed(unfold(written)))
    }

    fn relative(&mut self) -> u64 {
        self.value(|_, written| written)
    }

    fn value(&mut self, new: impl Fn(u64, u64) -> u64) -> u64 {
        let Some((_, row, differs)) = &mut self.event else {
            return self.take_number();
        };
        let (i, differs_here) = (*row, *differs & 1 == 1);
        *row += 1;
        *differs >>= 1;
        if differs_here {
            let written = self.take_number();
            self.memory.rows[i] = new(self.memory.rows[i], written);
        }
        self.memory.rows[i]
    }

    pub(crate) fn bytes(&mut self) -> &'a [u8] {
        let (at, len) = match self.relative().checked_sub(1) {
            Some(age) => self.memory.recent[age as usize],
            None => {
                let len = self.take_number() as usize; // was a length in memory before
                remember(&mut self.memory.recent, self.at, len);
                self.at += len;
                (self.at - len, len)
            }
        };
        &self.chunk[at..at + len]
    }

    pub(crate) fn now(&mut self) -> WorldTime {
        self.context.at = self.time();
        self.context.at
    }

    pub(crate) fn cause(&mut self) -> Option<Seq> {
        let ago = self.relative().checked_sub(1)?;
        Some(Seq(self.context.seq.0.wrapping_sub(ago as u32))) // was a u32
    }

    pub(crate) fn time(&mut self) -> WorldTime {
        WorldTime(self.relative().wrapping_add(self.context.at.0))
    }

    pub(crate) fn message(&mut self) -> MessageId {
        let ahead = unfold(self.relative()) as i32; // was one
        let id = MessageId(self.context.message.0.wrapping_add_signed(ahead));
        self.context.message = self.context.message.max(id);
        id
    }

    fn take_number(&mut self) -> u64 {
        let mut n = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.chunk[self.at];
            self.at += 1;
            n |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return n;
            }
        }
        unreachable!("no number takes more than ten bytes")
    }
}
