//! Cuts a module in two: a first half with the functions that ran, and the rest, which is fetched when one of the others is called.
//!
//! Where the first half calls one of the others, it asks for the rest unless that is there, by the imported function `rest`, and calls on
//! through the table. Those that are called from many places, or from outside, have a stand-in that does so. The rest takes from the first half its memory, its table, its globals and what it
//! calls there, all exported under names that begin with `$`, and puts its own functions into the table, and into memory the data that only
//! it comes to.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::ops::Range;
use wasm_encoder::reencode::Reencode;
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, DataSection, ElementSection, Elements, EntityType, ExportKind,
    ExportSection, Function, FunctionSection, GlobalSection, GlobalType, ImportSection, Instruction, Module,
    StartSection, TableSection, TypeSection,
};
use wasmparser::{
    Data, ExportSectionReader, FunctionBody, FunctionSectionReader, GlobalSectionReader, Operator, Parser,
    Table,
};

use crate::count::flag;
use crate::places::places;
use crate::reach::Reach;
use crate::whole::{Whole, address_of};

type Error = wasm_encoder::reencode::Error<Infallible>;
type Failure = Box<dyn std::error::Error>;

/// The two halves of a module; `ran` says of each function, imported ones aside, whether it belongs to the first.
pub fn split(module: &[u8], ran: &[bool], reach: &Reach) -> Result<[Vec<u8>; 2], Failure> {
    let whole = Whole::of(module)?;
    if ran.len() != whole.bodies.len() {
        return Err(format!(
            "{} functions, and {} are told to run or not",
            whole.bodies.len(),
            ran.len()
        )
        .into());
    }
    let plan = Plan::of(&whole, ran, reach)?;
    let mut first = Module::new();
    First(&whole, &plan).parse_core_module(&mut first, Parser::new(0), module)?;
    Ok([first.finish(), Rest(&whole, &plan).write()?])
}

/// From more places than these a stand-in is less code.
const OFTEN: u32 = 3;

/// Who goes where.
struct Plan {
    first: Vec<u32>,
    rest: Vec<u32>,
    /// Of the rest those that the first half, or somebody outside, may call: the place of each in the table.
    places: BTreeMap<u32, u64>,
    /// Those of them that have a stand-in in the first half.
    stand_ins: Vec<u32>,
    /// Of the first half and of what it imports, those that the rest calls.
    lent: Vec<u32>,
    /// Where in memory stands what only the rest comes to.
    later: Vec<Range<u32>>,
    /// What a function is in either half.
    in_first: BTreeMap<u32, u32>,
    in_rest: BTreeMap<u32, u32>,
}

impl Plan {
    fn of(whole: &Whole, ran: &[bool], reach: &Reach) -> Result<Plan, Failure> {
        let (first, rest): (Vec<u32>, Vec<u32>) = (whole.imported..)
            .take(ran.len())
            .partition(|function| ran[(function - whole.imported) as usize]);
        let later: BTreeSet<u32> = rest.iter().copied().collect();
        let calls = whole.calls(&first)?;
        let outside: BTreeSet<u32> = whole.listed.iter().chain(&whole.exported).copied().collect();
        let called: BTreeSet<u32> = calls.keys().copied().chain(outside.iter().copied()).collect();
        let places: BTreeMap<u32, u64> = called
            .intersection(&later)
            .copied()
            .zip(whole.places()..)
            .collect();
        let often = |function: &u32| calls.get(function).is_some_and(|times| *times > OFTEN);
        let stand_ins: Vec<u32> = (places.keys().copied())
            .filter(|function| outside.contains(function) || often(function))
            .collect();
        let lent: Vec<u32> = whole
            .calls(&rest)?
            .into_keys()
            .filter(|function| !later.contains(function))
            .collect();
        Ok(Plan {
            places,
            later: only_later(whole, reach, &whole.constants(&first)?),
            in_first: numbered(
                (0..whole.imported)
                    .chain(first.iter().copied())
                    .chain(stand_ins.iter().copied()),
            ),
            in_rest: numbered(lent.iter().chain(&rest).copied()),
            first,
            rest,
            stand_ins,
            lent,
        })
    }
}

/// The data that this code, with these constants in it, does not come to, or only to tell where it panicked.
fn only_later(whole: &Whole, reach: &Reach, code: &BTreeSet<u32>) -> Vec<Range<u32>> {
    let mut later = Vec::new();
    for (address, data) in &whole.data {
        let mut beyond = reach.beyond(code, data, *address);
        for told in places(data, *address) {
            beyond[told].fill(true);
        }
        let mut at = *address;
        for run in beyond.chunk_by(|a, b| a == b) {
            let range = at..at + run.len() as u32;
            at = range.end;
            if run[0] {
                later.push(range);
            }
        }
    }
    later
}

fn numbered(functions: impl Iterator<Item = u32>) -> BTreeMap<u32, u32> {
    functions.zip(0..).collect()
}

/// Where in the data that begins at an address a range of memory stands.
fn within(range: &Range<u32>, address: u32, data: &[u8]) -> Option<Range<usize>> {
    let start = range.start.checked_sub(address)? as usize;
    let place = start..start + range.len();
    (place.end <= data.len()).then_some(place)
}

/// The name under which the rest finds what it takes.
fn lent_name(n: impl std::fmt::Display) -> String {
    format!("${n}")
}

struct First<'a>(&'a Whole<'a>, &'a Plan);

impl First<'_> {
    /// The function that asks for the rest unless it is there; the last of all.
    fn asks(&self) -> u32 {
        u32::try_from(self.1.in_first.len()).expect("numbers of functions are a u32")
    }

    fn ask(&self) -> Function {
        let mut body = Function::new([]);
        body.instruction(&Instruction::GlobalGet(self.0.is_whole()));
        body.instruction(&Instruction::I32Eqz);
        body.instruction(&Instruction::If(BlockType::Empty));
        body.instruction(&Instruction::Call(self.0.rest.expect("checked")));
        body.instruction(&Instruction::End);
        body.instruction(&Instruction::End);
        body
    }

    fn stand_in(&self, function: u32) -> Function {
        let mut body = Function::new([]);
        for (parameter, _) in (0..).zip(self.0.types[self.0.kind(function) as usize].params()) {
            body.instruction(&Instruction::LocalGet(parameter));
        }
        self.call_on(function, &mut body);
        body.instruction(&Instruction::End);
        body
    }

    /// What stands for a call of a function of the rest, after what it takes.
    fn call_on(&self, function: u32, body: &mut Function) {
        let place = i32::try_from(self.1.places[&function]).expect("a small table");
        body.instruction(&Instruction::Call(self.asks()));
        body.instruction(&Instruction::I32Const(place));
        body.instruction(&Instruction::CallIndirect {
            type_index: self.0.kind(function),
            table_index: 0,
        });
    }
}

impl Reencode for First<'_> {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error> {
        Ok(self.1.in_first[&function])
    }

    fn parse_function_section(
        &mut self,
        section: &mut FunctionSection,
        _: FunctionSectionReader<'_>,
    ) -> Result<(), Error> {
        for function in self.1.first.iter().chain(&self.1.stand_ins) {
            section.function(self.0.kind(*function));
        }
        section.function(self.0.kind(self.0.rest.expect("checked")));
        Ok(())
    }

    fn parse_table(&mut self, tables: &mut TableSection, mut table: Table<'_>) -> Result<(), Error> {
        if table.ty.element_type.is_func_ref() {
            table.ty.initial += self.1.places.len() as u64;
            table.ty.maximum = Some(table.ty.initial);
        }
        tables.table(self.table_type(table.ty)?);
        Ok(())
    }

    fn parse_global_section(
        &mut self,
        globals: &mut GlobalSection,
        section: GlobalSectionReader<'_>,
    ) -> Result<(), Error> {
        for global in section {
            self.parse_global(globals, global?)?;
        }
        globals.global(flag(), &ConstExpr::i32_const(0));
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: ExportSectionReader<'_>,
    ) -> Result<(), Error> {
        for export in section {
            self.parse_export(exports, export?)?;
        }
        for (table, _) in (0..).zip(&self.0.tables) {
            exports.export(&lent_name(format!("t{table}")), ExportKind::Table, table);
        }
        for global in 0..=self.0.is_whole() {
            exports.export(&lent_name(format!("g{global}")), ExportKind::Global, global);
        }
        for (n, function) in self.1.lent.iter().enumerate() {
            exports.export(&lent_name(n), ExportKind::Func, self.1.in_first[function]);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        _: wasmparser::CodeSectionReader<'_>,
    ) -> Result<(), Error> {
        for function in &self.1.first {
            self.parse_function_body(code, self.0.body(*function).clone())?;
        }
        for function in &self.1.stand_ins {
            code.function(&self.stand_in(*function));
        }
        code.function(&self.ask());
        Ok(())
    }

    /// Without what only the rest comes to.
    fn parse_data(&mut self, data: &mut DataSection, segment: Data<'_>) -> Result<(), Error> {
        let address = address_of(&segment).map_err(|_| Error::InvalidConstExpr)?;
        let mut bytes = segment.data.to_vec();
        for range in &self.1.later {
            if let Some(place) = within(range, address, segment.data) {
                bytes[place].fill(0);
            }
        }
        data.active(0, &ConstExpr::i32_const(address.cast_signed()), bytes);
        Ok(())
    }

    fn parse_function_body(&mut self, code: &mut CodeSection, body: FunctionBody<'_>) -> Result<(), Error> {
        let mut written = self.new_function_with_parsed_locals(&body)?;
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            match operators.clone().read()? {
                Operator::Call { function_index } if !self.1.in_first.contains_key(&function_index) => {
                    operators.read()?;
                    self.call_on(function_index, &mut written);
                }
                _ => {
                    written.instruction(&self.parse_instruction(&mut operators)?);
                }
            }
        }
        code.function(&written);
        Ok(())
    }
}

struct Rest<'a>(&'a Whole<'a>, &'a Plan);

impl Reencode for Rest<'_> {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error> {
        Ok(self.1.in_rest[&function])
    }
}

impl Rest<'_> {
    fn write(mut self) -> Result<Vec<u8>, Failure> {
        let mut module = Module::new();
        let mut types = TypeSection::new();
        self.parse_type_section(&mut types, self.0.type_section())?;
        let starts = types.len();
        types.ty().function([], []);
        module.section(&types).section(&self.imports()?);
        let mut functions = FunctionSection::new();
        for function in &self.1.rest {
            functions.function(self.0.kind(*function));
        }
        functions.function(starts);
        module.section(&functions).section(&StartSection {
            function_index: u32::try_from(self.1.in_rest.len())?,
        });
        module
            .section(&self.places())
            .section(&self.code()?)
            .section(&self.data());
        Ok(module.finish())
    }

    fn imports(&mut self) -> Result<ImportSection, Failure> {
        let mut imports = ImportSection::new();
        for (n, table) in self.0.tables.iter().enumerate() {
            let any = wasmparser::TableType {
                maximum: None,
                ..*table
            }; // the first half has made room
            imports.import(
                "",
                &lent_name(format!("t{n}")),
                EntityType::Table(self.table_type(any)?),
            );
        }
        for memory in &self.0.memories {
            imports.import("", "memory", EntityType::Memory(self.memory_type(*memory)?));
        }
        for (n, global) in self.0.globals.iter().enumerate() {
            let kind: GlobalType = self.global_type(*global)?;
            imports.import("", &lent_name(format!("g{n}")), EntityType::Global(kind));
        }
        imports.import(
            "",
            &lent_name(format!("g{}", self.0.is_whole())),
            EntityType::Global(flag()),
        );
        for (n, function) in self.1.lent.iter().enumerate() {
            imports.import("", &lent_name(n), EntityType::Function(self.0.kind(*function)));
        }
        Ok(imports)
    }

    /// Where its functions stand in the table: those with a stand-in after what was there, those that were listed where they were.
    fn places(&self) -> ElementSection {
        let mut elements = ElementSection::new();
        let mut put = |at: u64, functions: Vec<u32>| {
            let at = ConstExpr::i32_const(i32::try_from(at).expect("a small table"));
            elements.active(None, &at, Elements::Functions(Cow::Owned(functions)));
        };
        let named = |function: &u32| self.1.in_rest[function];
        put(self.0.places(), self.1.places.keys().map(named).collect());
        let is_own = |function: &u32| self.1.rest.binary_search(function).is_ok();
        let mut at = u64::from(self.0.listed_at);
        for run in self.0.listed.chunk_by(|a, b| is_own(a) == is_own(b)) {
            if is_own(&run[0]) {
                put(at, run.iter().map(named).collect());
            }
            at += run.len() as u64;
        }
        elements
    }

    /// What only it comes to, where it was.
    fn data(&self) -> DataSection {
        let mut data = DataSection::new();
        for range in &self.1.later {
            for (address, bytes) in &self.0.data {
                let bytes = within(range, *address, bytes).map_or(&bytes[..0], |place| &bytes[place]);
                if bytes.iter().any(|byte| *byte > 0) {
                    let at = ConstExpr::i32_const(range.start.cast_signed());
                    data.active(0, &at, bytes.iter().copied());
                }
            }
        }
        data
    }

    fn code(&mut self) -> Result<CodeSection, Failure> {
        let mut code = CodeSection::new();
        for function in &self.1.rest {
            self.parse_function_body(&mut code, self.0.body(*function).clone())?;
        }
        let mut start = Function::new([]);
        start.instruction(&Instruction::I32Const(1));
        start.instruction(&Instruction::GlobalSet(self.0.is_whole()));
        start.instruction(&Instruction::End);
        code.function(&start);
        Ok(code)
    }
}
