//! What has to be known of a module to cut it in two.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use wasm_encoder::reencode::{Error, Reencode, RoundtripReencoder};
use wasmparser::{
    Data, DataKind, Element, ElementItems, ElementKind, Export, ExternalKind, FuncType, FunctionBody, Import,
    MemArg, Operator, Parser, Payload, TypeRef, TypeSectionReader,
};

type Failure = Box<dyn std::error::Error>;

/// Where the function comes from by which the first half asks for the rest (`www/rest.js`).
const REST: &str = "../rest.js";

/// Functions are numbered as in the module, imported ones first.
#[derive(Default)]
pub struct Whole<'a> {
    section: Option<TypeSectionReader<'a>>,
    pub types: Vec<FuncType>,
    /// The function that asks for the rest.
    pub rest: Option<u32>,
    pub imported: u32,
    /// The type of each function.
    pub kinds: Vec<u32>,
    pub bodies: Vec<FunctionBody<'a>>,
    pub globals: Vec<wasmparser::GlobalType>,
    pub memories: Vec<wasmparser::MemoryType>,
    /// The first is that of functions.
    pub tables: Vec<wasmparser::TableType>,
    /// Where in it its list of functions begins, and the list.
    pub listed_at: u32,
    pub listed: Vec<u32>,
    pub exported: Vec<u32>,
    /// What is in memory to begin with: where, and what.
    pub data: Vec<(u32, &'a [u8])>,
}

impl<'a> Whole<'a> {
    pub fn of(module: &'a [u8]) -> Result<Whole<'a>, Failure> {
        let mut whole = Whole::default();
        for payload in Parser::new(0).parse_all(module) {
            whole.read(payload?)?;
        }
        if whole.rest.is_none() {
            return Err(format!("nothing is imported from {REST}").into());
        }
        Ok(whole)
    }

    fn read(&mut self, payload: Payload<'a>) -> Result<(), Failure> {
        match payload {
            Payload::TypeSection(section) => {
                self.section = Some(section.clone());
                self.types = section.into_iter_err_on_gc_types().collect::<Result<_, _>>()?;
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    self.import(import?)?;
                }
            }
            Payload::FunctionSection(section) => {
                let kinds: Vec<u32> = section.into_iter().collect::<Result<_, _>>()?;
                self.kinds.extend(kinds);
            }
            Payload::TableSection(section) => {
                for table in section {
                    self.tables.push(table?.ty);
                }
            }
            Payload::MemorySection(section) => {
                self.memories = section.into_iter().collect::<Result<_, _>>()?
            }
            Payload::GlobalSection(section) => {
                for global in section {
                    self.globals.push(global?.ty);
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    if let Export {
                        kind: ExternalKind::Func,
                        index,
                        ..
                    } = export?
                    {
                        self.exported.push(index);
                    }
                }
            }
            Payload::ElementSection(section) => {
                for element in section {
                    self.list(element?)?;
                }
            }
            Payload::DataSection(section) => {
                for segment in section {
                    let segment = segment?;
                    self.data.push((address_of(&segment)?, segment.data));
                }
            }
            Payload::CodeSectionEntry(body) => self.bodies.push(body),
            _ => {}
        }
        Ok(())
    }

    fn import(&mut self, import: Import<'a>) -> Result<(), Failure> {
        let TypeRef::Func(kind) = import.ty else {
            return Err(format!("{} is imported and no function", import.name).into());
        };
        if import.module == REST {
            self.rest = Some(self.imported);
        }
        self.kinds.push(kind);
        self.imported += 1;
        Ok(())
    }

    fn list(&mut self, element: Element<'a>) -> Result<(), Failure> {
        let ElementKind::Active { offset_expr, .. } = element.kind else {
            return Err("functions are listed, and nobody says where".into());
        };
        let Operator::I32Const { value } = offset_expr.get_operators_reader().read()? else {
            return Err("nobody knows where the list of functions begins".into());
        };
        let ElementItems::Functions(functions) = element.items else {
            return Err("something is listed that is no function".into());
        };
        if !self.listed.is_empty() {
            return Err("functions are listed twice".into());
        }
        self.listed_at = u32::try_from(value)?;
        self.listed = functions.into_iter().collect::<Result<_, _>>()?;
        Ok(())
    }

    /// All that these functions call, and from how many places.
    pub fn calls(&self, functions: &[u32]) -> Result<BTreeMap<u32, u32>, Failure> {
        let mut calls = BTreeMap::new();
        for function in functions {
            for operator in self.body(*function).get_operators_reader()? {
                match operator? {
                    Operator::Call { function_index } => *calls.entry(function_index).or_default() += 1,
                    Operator::RefFunc { .. } => return Err("a function is taken by its name".into()),
                    _ => {}
                }
            }
        }
        Ok(calls)
    }

    /// All numbers in these functions that may be an address.
    pub fn constants(&self, functions: &[u32]) -> Result<BTreeSet<u32>, Failure> {
        let mut constants = Constants::default();
        for function in functions {
            for operator in self.body(*function).get_operators_reader()? {
                match operator? {
                    Operator::I32Const { value } => constants.0.extend([value.cast_unsigned()]),
                    operator => drop(constants.instruction(operator)?),
                }
            }
        }
        Ok(constants.0)
    }

    pub fn type_section(&self) -> TypeSectionReader<'a> {
        self.section.clone().expect("functions have types")
    }

    pub fn body(&self, function: u32) -> &FunctionBody<'a> {
        &self.bodies[(function - self.imported) as usize]
    }

    pub fn kind(&self, function: u32) -> u32 {
        self.kinds[function as usize]
    }

    /// How many places the table of functions has.
    pub fn places(&self) -> u64 {
        self.tables[0].initial
    }

    /// The global that says, in either half, whether the rest is there: the first after those of the module.
    pub fn is_whole(&self) -> u32 {
        u32::try_from(self.globals.len()).expect("a few globals")
    }
}

/// Where in memory a segment of data begins.
pub fn address_of(segment: &Data) -> Result<u32, Failure> {
    if let DataKind::Active { offset_expr, .. } = &segment.kind
        && let Operator::I32Const { value } = offset_expr.get_operators_reader().read()?
    {
        return Ok(u32::try_from(value)?);
    }
    Err("nobody knows where data begins".into())
}

/// What instructions add to an address that they read or write.
#[derive(Default)]
struct Constants(BTreeSet<u32>);

impl Reencode for Constants {
    type Error = Infallible;

    fn mem_arg(&mut self, access: MemArg) -> Result<wasm_encoder::MemArg, Error<Infallible>> {
        self.0.extend(u32::try_from(access.offset));
        RoundtripReencoder.mem_arg(access)
    }
}
