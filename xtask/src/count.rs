//! Lets every function of a module tell that it was called: by a global of its own, `ran0`, `ran1` and so on.

use std::convert::Infallible;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{
    CodeSection, ConstExpr, ExportKind, ExportSection, GlobalSection, GlobalType, Instruction, Module,
    ValType,
};
use wasmparser::{ExportSectionReader, FunctionBody, GlobalSectionReader, Parser, Payload};

/// The same module, telling what ran.
pub fn count(module: &[u8]) -> Result<Vec<u8>, Error<Infallible>> {
    let mut counted = Counted::default();
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::FunctionSection(section) => counted.functions = section.count(),
            Payload::GlobalSection(section) => counted.globals = section.count(),
            _ => {}
        }
    }
    let mut written = Module::new();
    counted.parse_core_module(&mut written, Parser::new(0), module)?;
    Ok(written.finish())
}

#[derive(Default)]
struct Counted {
    functions: u32,
    /// How many globals there were.
    globals: u32,
    /// How many functions are written.
    done: u32,
}

impl Reencode for Counted {
    type Error = Infallible;

    fn parse_global_section(
        &mut self,
        globals: &mut GlobalSection,
        section: GlobalSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        for global in section {
            self.parse_global(globals, global?)?;
        }
        for _ in 0..self.functions {
            globals.global(flag(), &ConstExpr::i32_const(0));
        }
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: ExportSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        for export in section {
            self.parse_export(exports, export?)?;
        }
        for n in 0..self.functions {
            exports.export(&format!("ran{n}"), ExportKind::Global, self.globals + n);
        }
        Ok(())
    }

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: FunctionBody<'_>,
    ) -> Result<(), Error<Infallible>> {
        let mut function = self.new_function_with_parsed_locals(&body)?;
        function.instruction(&Instruction::I32Const(1));
        function.instruction(&Instruction::GlobalSet(self.globals + self.done));
        let mut rest = body.get_operators_reader()?;
        while !rest.eof() {
            function.instruction(&self.parse_instruction(&mut rest)?);
        }
        code.function(&function);
        self.done += 1;
        Ok(())
    }
}

/// What a global is that says yes or no.
pub fn flag() -> GlobalType {
    GlobalType {
        val_type: ValType::I32,
        mutable: true,
        shared: false,
    }
}
