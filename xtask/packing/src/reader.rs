//! What the next byte of a module is, and what came before it that it may depend on.

use core::ops::Range;

/// What a byte is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Outside of code.
    Data,
    /// How long a function is, and of what kinds its variables are.
    Head,
    Opcode,
    Local,
    I32,
    I64,
    Align,
    Offset,
    Function,
    Label,
    /// Any other operand.
    Other,
}

/// How many kinds there are.
pub(crate) const KINDS: usize = 11;

/// Within the head of a function, what comes next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Head {
    Size,
    Groups,
    Count,
    Type,
}

/// Where in a module one is.
pub(crate) struct Reader {
    code: Range<usize>,
    at: usize,
    pub(crate) kind: Kind,
    /// How many bytes of the operand were read.
    pub(crate) nth: u32,
    pub(crate) opcode: u8,
    head: Head,
    /// Where the function ends.
    end: usize,
    /// How many groups of variables are to come.
    groups: u32,
    /// The number that is being read.
    number: u32,
    /// How many operands are to come, and of what kind.
    more: u32,
    then: Kind,
}

impl Reader {
    pub(crate) fn of(code: Range<usize>) -> Reader {
        let mut reader = Reader {
            code,
            at: 0,
            kind: Kind::Data,
            nth: 0,
            opcode: 0,
            head: Head::Size,
            end: 0,
            groups: 0,
            number: 0,
            more: 0,
            then: Kind::Other,
        };
        reader.place();
        reader
    }

    /// Takes the next byte. Whether it ended an instruction, or all before the first.
    pub(crate) fn read(&mut self, byte: u8) -> bool {
        self.at += 1;
        let kind = self.kind;
        match kind {
            Kind::Data => self.place(),
            Kind::Opcode => {
                self.opcode = byte;
                self.operands(byte);
            }
            _ => {
                self.number |= u32::from(byte & 127) << (7 * self.nth).min(31);
                self.nth += 1;
                let is_float = matches!(self.opcode, 0x43 | 0x44) && kind == Kind::Other;
                if byte < 128 || is_float {
                    self.end_of_number(kind);
                }
            }
        }
        self.kind == Kind::Opcode
    }

    /// What begins at a place where nothing is open.
    fn place(&mut self) {
        let in_code = self.code.contains(&self.at);
        self.kind = if !in_code {
            Kind::Data
        } else if self.at >= self.end {
            self.head = Head::Size;
            Kind::Head
        } else {
            Kind::Opcode
        };
        self.begin();
    }

    fn begin(&mut self) {
        self.nth = 0;
        self.number = 0;
    }

    fn end_of_number(&mut self, kind: Kind) {
        let number = self.number;
        self.begin();
        if kind == Kind::Head {
            self.end_of_head(number);
            return;
        }
        // `br_table` says how many labels there are, besides one; `0xfc` which instruction it is.
        if kind == Kind::Other && self.then == Kind::Label {
            self.more = number.saturating_add(1);
        } else if kind == Kind::Other && self.opcode == 0xfc && self.then == Kind::Opcode {
            self.then = Kind::Other;
            self.more = match number {
                8 | 10 | 12 | 14 => 2,
                9 | 11 | 13.. => 1,
                _ => 0,
            };
        }
        self.next();
    }

    fn next(&mut self) {
        if self.more > 0 && self.code.contains(&self.at) {
            self.more -= 1;
            self.kind = self.then;
        } else {
            self.place();
        }
    }

    fn end_of_head(&mut self, number: u32) {
        match self.head {
            Head::Size => {
                self.end = self.at.saturating_add(number as usize);
                self.head = Head::Groups;
            }
            Head::Groups => {
                self.groups = number;
                self.head = Head::Count;
            }
            Head::Count => self.head = Head::Type,
            Head::Type => {
                self.groups -= 1;
                self.head = Head::Count;
            }
        }
        if self.head == Head::Count && self.groups == 0 {
            self.place();
        }
    }

    /// What an instruction takes.
    fn operands(&mut self, opcode: u8) {
        self.begin();
        let (kind, then, more) = match opcode {
            0x0c | 0x0d => (Kind::Label, Kind::Other, 0),
            0x0e => (Kind::Other, Kind::Label, 0),
            0x10 => (Kind::Function, Kind::Other, 0),
            0x11 | 0x1c => (Kind::Other, Kind::Other, 1),
            0x20..=0x22 => (Kind::Local, Kind::Other, 0),
            0x28..=0x3e => (Kind::Align, Kind::Offset, 1),
            0x41 => (Kind::I32, Kind::Other, 0),
            0x42 => (Kind::I64, Kind::Other, 0),
            0x43 => (Kind::Other, Kind::Other, 3),
            0x44 => (Kind::Other, Kind::Other, 7),
            0x02..=0x04 | 0x23..=0x26 | 0x3f | 0x40 | 0xd0 | 0xd2 => (Kind::Other, Kind::Other, 0),
            0xfc => (Kind::Other, Kind::Opcode, 0),
            _ => {
                self.place();
                return;
            }
        };
        (self.kind, self.then, self.more) = (kind, then, more);
    }
}
