//! Puts functions that are alike next to each other, and those that are the same in one: compilers make one of every kind of generic
//! code for every type, and compression finds only what is near.

use std::collections::BTreeMap;
use std::convert::Infallible;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{CodeSection, FunctionSection, Module};
use wasmparser::{
    CodeSectionReader, CustomSectionReader, FunctionBody, FunctionSectionReader, Parser, Payload, TypeRef,
};

/// The same module, arranged.
pub fn arrange(module: &[u8]) -> Result<Vec<u8>, Error<Infallible>> {
    let mut module = module.to_vec();
    loop {
        let arranged = Arranged::of(&module)?.write(&module)?;
        // Whoever called one of two functions that were the same may now be the same as somebody else.
        if arranged.len() >= module.len() {
            return Ok(arranged);
        }
        module = arranged;
    }
}

/// A function as it stands in the module: its body and its type.
type Function<'a> = (&'a [u8], u32);

struct Arranged<'a> {
    /// How many functions come from outside; their numbers are the first and stay.
    imported: u32,
    /// All different functions, those that are alike next to each other.
    functions: Vec<Function<'a>>,
    /// For each function of the module, which of those it is.
    places: Vec<u32>,
}

impl<'a> Arranged<'a> {
    fn of(module: &'a [u8]) -> Result<Arranged<'a>, Error<Infallible>> {
        let (mut imported, mut types, mut bodies) = (0, Vec::new(), Vec::new());
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::FunctionSection(section) => types = section.into_iter().collect::<Result<_, _>>()?,
                Payload::CodeSectionEntry(body) => bodies.push(&module[body.range()]),
                _ => {}
            }
        }
        let all: Vec<Function> = bodies.into_iter().zip(types).collect();
        let mut order: BTreeMap<Function, u32> = all.iter().map(|function| (*function, 0)).collect();
        (0..).zip(order.values_mut()).for_each(|(n, place)| *place = n);
        Ok(Arranged {
            imported,
            places: all.iter().map(|function| order[function]).collect(),
            functions: order.into_keys().collect(),
        })
    }

    fn write(mut self, module: &[u8]) -> Result<Vec<u8>, Error<Infallible>> {
        let mut written = Module::new();
        self.parse_core_module(&mut written, Parser::new(0), module)?;
        Ok(written.finish())
    }
}

impl Reencode for Arranged<'_> {
    type Error = Infallible;

    /// What is told to tools has been heard.
    fn parse_custom_section(
        &mut self,
        _: &mut Module,
        _: CustomSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        Ok(())
    }

    fn function_index(&mut self, function: u32) -> Result<u32, Error<Infallible>> {
        Ok(match function.checked_sub(self.imported) {
            Some(own) => self.imported + self.places[own as usize],
            None => function,
        })
    }

    fn parse_function_section(
        &mut self,
        section: &mut FunctionSection,
        _: FunctionSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        for (_, kind) in &self.functions {
            section.function(*kind);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        section: &mut CodeSection,
        _: CodeSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        for n in 0..self.functions.len() {
            let body = wasmparser::BinaryReader::new(self.functions[n].0, 0);
            self.parse_function_body(section, FunctionBody::new(body))?;
        }
        Ok(())
    }
}
