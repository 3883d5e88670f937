//! Which of a module's data its code can come to. The linker says (`--emit-relocs`) which constants in code and which words in data are
//! addresses, and of which piece of data; nothing else leads to one.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use wasmparser::RelocationType::{MemoryAddrI32, MemoryAddrLeb, MemoryAddrSleb};
use wasmparser::{
    DataSectionReader, KnownCustom, Linking, LinkingSectionReader, Parser, Payload, RelocSectionReader,
    RelocationEntry, RelocationType, SymbolInfo,
};

use crate::whole::address_of;

type Failure = Box<dyn std::error::Error>;

#[derive(Default)]
pub struct Reach {
    /// Where in memory each piece stands.
    pieces: Vec<Range<u32>>,
    /// Of which pieces a constant in code may be an address.
    meant: BTreeMap<u32, BTreeSet<usize>>,
    /// Where in data an address stands, and of which piece.
    words: BTreeMap<u32, usize>,
}

impl Reach {
    /// `module` as it came from the linker.
    pub fn of(module: &[u8]) -> Result<Reach, Failure> {
        let mut linked = Linked::default();
        for payload in Parser::new(0).parse_all(module) {
            linked.read(payload?)?;
        }
        linked.reach()
    }

    /// Of the data that begins at an address, what code with these constants in it cannot come to.
    pub fn beyond(&self, constants: &BTreeSet<u32>, data: &[u8], address: u32) -> Vec<bool> {
        let ends = address..address + data.len() as u32;
        let places = |piece: &Range<u32>| {
            let within = |n: u32| (n.clamp(ends.start, ends.end) - address) as usize;
            within(piece.start)..within(piece.end)
        };
        // What is no piece's is left where it is, unless it is nothing.
        let mut beyond: Vec<bool> = data.iter().map(|byte| *byte == 0).collect();
        for piece in &self.pieces {
            beyond[places(piece)].fill(true);
        }
        for piece in self.reached(constants) {
            beyond[places(&self.pieces[piece])].fill(false);
        }
        beyond
    }

    fn reached(&self, constants: &BTreeSet<u32>) -> BTreeSet<usize> {
        let meant = constants.iter().filter_map(|constant| self.meant.get(constant));
        let mut next: Vec<usize> = meant.flatten().copied().collect();
        let mut reached = BTreeSet::new();
        while let Some(piece) = next.pop() {
            if reached.insert(piece) {
                next.extend(self.words.range(self.pieces[piece].clone()).map(|(_, to)| to));
            }
        }
        reached
    }
}

/// What the linker wrote.
#[derive(Default)]
struct Linked {
    /// How many sections there were, and which of them is the data.
    sections: u32,
    data: Option<u32>,
    /// Of each segment, where it stands in memory, and in its section.
    segments: Vec<(u32, Range<u32>)>,
    /// Of each symbol that is a piece of data, its segment, and where it stands there.
    symbols: Vec<Option<(usize, Range<u32>)>>,
    /// In code, and in data.
    addresses: [Vec<RelocationEntry>; 2],
}

impl Linked {
    fn read(&mut self, payload: Payload) -> Result<(), Failure> {
        match &payload {
            Payload::DataSection(section) => {
                self.data = Some(self.sections);
                self.place(section)?;
            }
            Payload::CustomSection(section) => match section.as_known() {
                KnownCustom::Linking(linking) => self.name(&linking)?,
                KnownCustom::Reloc(relocations) => self.point(&relocations)?,
                _ => {}
            },
            _ => {}
        }
        let is_section = payload.as_section().is_some();
        self.sections += u32::from(is_section);
        Ok(())
    }

    fn place(&mut self, section: &DataSectionReader) -> Result<(), Failure> {
        for segment in section.clone() {
            let segment = segment?;
            let end = u32::try_from(segment.range.end - section.range().start)?;
            let start = end - u32::try_from(segment.data.len())?;
            self.segments.push((address_of(&segment)?, start..end));
        }
        Ok(())
    }

    fn name(&mut self, linking: &LinkingSectionReader) -> Result<(), Failure> {
        for part in linking.subsections() {
            let Linking::SymbolTable(symbols) = part? else {
                continue;
            };
            for symbol in symbols {
                let SymbolInfo::Data { symbol, .. } = symbol? else {
                    self.symbols.push(None);
                    continue;
                };
                let piece = symbol.map(|it| (it.index as usize, it.offset..it.offset + it.size));
                self.symbols.push(piece);
            }
        }
        Ok(())
    }

    fn point(&mut self, relocations: &RelocSectionReader) -> Result<(), Failure> {
        let is_data = self.data == Some(relocations.section_index());
        for entry in relocations.entries() {
            let entry = entry?;
            match entry.ty {
                MemoryAddrLeb | MemoryAddrSleb | MemoryAddrI32 => {
                    self.addresses[usize::from(is_data)].push(entry);
                }
                other if leads_to_data(other) => {
                    return Err(format!("an address of a kind that is not known: {other:?}").into());
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn reach(self) -> Result<Reach, Failure> {
        if self.addresses[0].is_empty() {
            return Err("the linker does not say what is an address".into());
        }
        let mut reach = Reach::default();
        let mut pieces = BTreeMap::new();
        for (symbol, piece) in self.symbols.iter().enumerate() {
            let Some((segment, range)) = piece else { continue };
            // What is zero to begin with has no segment.
            let Some((address, _)) = self.segments.get(*segment) else {
                continue;
            };
            pieces.insert(symbol as u32, reach.pieces.len());
            reach.pieces.push(address + range.start..address + range.end);
        }
        let [code, data] = &self.addresses;
        for entry in code {
            if let Some(piece) = pieces.get(&entry.index) {
                let meant = i64::from(reach.pieces[*piece].start) + entry.addend;
                reach.meant.entry(meant as u32).or_default().insert(*piece);
            }
        }
        for entry in data {
            let home = self
                .segments
                .iter()
                .find(|(_, place)| place.contains(&entry.offset));
            let (address, place) = home.ok_or("an address stands in no data")?;
            if let Some(piece) = pieces.get(&entry.index) {
                reach.words.insert(address + entry.offset - place.start, *piece);
            }
        }
        Ok(reach)
    }
}

/// Kinds of addresses that this code does not have.
fn leads_to_data(kind: RelocationType) -> bool {
    use RelocationType::*;
    matches!(
        kind,
        MemoryAddrRelSleb
            | MemoryAddrLeb64
            | MemoryAddrSleb64
            | MemoryAddrI64
            | MemoryAddrRelSleb64
            | MemoryAddrTlsSleb
            | MemoryAddrLocrelI32
            | MemoryAddrTlsSleb64
    )
}

#[cfg(test)]
mod tests {
    use super::Reach;
    use std::collections::BTreeSet;
    use wasm_encoder::{
        CodeSection, ConstExpr, CustomSection, DataSection, DataSymbolDefinition, Encode, Function,
        FunctionSection, LinkingSection, Module, SymbolTable, TypeSection,
    };

    const BASE: u32 = 1000;
    /// Kinds of addresses: in code, in data, relative to somewhere.
    const SLEB: u8 = 4;
    const I32: u8 = 5;
    const RELATIVE: u8 = 11;

    /// Pieces of eight bytes: 0 points to 2, which points to 4; nothing is said of 5.
    fn linked(kind: u8, in_code: &[(u32, i32)]) -> Module {
        let mut module = Module::new();
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let (mut functions, mut code, mut data) =
            (FunctionSection::new(), CodeSection::new(), DataSection::new());
        functions.function(0);
        code.function(&Function::new([]));
        data.active(0, &ConstExpr::i32_const(BASE.cast_signed()), [7; 48]);
        module
            .section(&types)
            .section(&functions)
            .section(&code)
            .section(&data);
        let (mut linking, mut symbols) = (LinkingSection::new(), SymbolTable::new());
        symbols.function(0, 0, Some("a function"));
        for piece in 0..5 {
            let [index, offset, size] = [0, 8 * piece, 8];
            symbols.data(0, "a piece", Some(DataSymbolDefinition { index, offset, size }));
        }
        linking.symbol_table(&symbols);
        module.section(&linking);
        const DATA_AT: u32 = 7; // in its section: a count, flags, three bytes and an end for where, a length
        let in_data = [(DATA_AT + 4, 3, 0), (DATA_AT + 16, 5, 0)];
        let in_code = in_code.iter().map(|(symbol, addend)| (0, *symbol, *addend));
        module.section(&relocations(3, I32, in_data.into_iter()));
        module.section(&relocations(2, kind, in_code));
        module
    }

    fn relocations(
        section: u32,
        kind: u8,
        entries: impl ExactSizeIterator<Item = (u32, u32, i32)>,
    ) -> CustomSection<'static> {
        let mut data = Vec::new();
        section.encode(&mut data);
        (entries.len() as u32).encode(&mut data);
        for (offset, symbol, addend) in entries {
            data.push(kind);
            offset.encode(&mut data);
            symbol.encode(&mut data);
            addend.encode(&mut data);
        }
        CustomSection {
            name: "reloc.".into(),
            data: data.into(),
        }
    }

    /// The pieces that code with these constants cannot come to.
    fn beyond(in_code: &[(u32, i32)], constants: &[u32]) -> Vec<usize> {
        let reach = Reach::of(&linked(SLEB, in_code).finish()).unwrap();
        let beyond = reach.beyond(&BTreeSet::from_iter(constants.iter().copied()), &[7; 48], BASE);
        let pieces = beyond.chunks(8).enumerate();
        pieces.filter(|(_, piece)| piece[0]).map(|(n, _)| n).collect()
    }

    #[test]
    fn what_a_constant_leads_to_is_reached_and_what_that_points_to() {
        let all = [(1, 0), (2, 0), (3, 0)];
        assert_eq!(beyond(&all, &[BASE]), [1, 3]);
        assert_eq!(beyond(&all, &[BASE + 8]), [0, 2, 3, 4]);
        assert_eq!(beyond(&all, &[BASE + 16]), [0, 1, 3]);
        assert_eq!(beyond(&all, &[]), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn a_number_that_is_no_address_leads_nowhere() {
        assert_eq!(beyond(&[(1, 0)], &[BASE + 8, BASE + 1, 7]), [0, 1, 2, 3, 4]);
    }

    #[test]
    fn an_address_beside_its_piece_leads_to_it() {
        assert_eq!(beyond(&[(2, -4)], &[BASE + 4]), [0, 2, 3, 4]);
        assert_eq!(beyond(&[(2, 8)], &[BASE + 16]), [0, 2, 3, 4]);
        let either = [(2, 8), (3, 0)];
        assert_eq!(beyond(&either, &[BASE + 16]), [0, 3]);
    }

    #[test]
    fn a_linker_that_says_too_little_is_refused() {
        assert!(Reach::of(&linked(SLEB, &[]).finish()).is_err());
        assert!(Reach::of(&linked(RELATIVE, &[(1, 0)]).finish()).is_err());
    }
}
