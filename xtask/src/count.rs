//! Lets every stretch of a module's code tell that it ran: by a global of its own, `ran0`, `ran1` and so on.

use std::convert::Infallible;
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{
    CodeSection, ConstExpr, ExportKind, ExportSection, Function, GlobalSection, GlobalType, Instruction,
    Module, ValType,
};
use wasmparser::{
    BinaryReaderError, ExportSectionReader, FunctionBody, GlobalSectionReader, Operator, Parser, Payload,
};

/// The same module, telling what ran.
pub fn count(module: &[u8]) -> Result<Vec<u8>, Error<Infallible>> {
    let mut counted = Counted::default();
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::GlobalSection(section) => counted.globals = section.count(),
            Payload::CodeSectionEntry(body) => counted.stretches += stretches(&body)?,
            _ => {}
        }
    }
    let mut written = Module::new();
    counted.parse_core_module(&mut written, Parser::new(0), module)?;
    Ok(written.finish())
}

/// Whether another stretch begins after it: who ran what is before need not run what is after.
pub fn ends_stretch(operator: &Operator) -> bool {
    matches!(
        operator,
        Operator::Loop { .. } | Operator::If { .. } | Operator::Else | Operator::End | Operator::BrIf { .. }
    )
}

/// How many there are in a function: one to begin with, and its end begins none.
fn stretches(body: &FunctionBody) -> Result<u32, BinaryReaderError> {
    let mut ends = 0;
    for operator in body.get_operators_reader()? {
        ends += u32::from(ends_stretch(&operator?));
    }
    Ok(ends)
}

#[derive(Default)]
struct Counted {
    stretches: u32,
    /// How many globals there were.
    globals: u32,
    /// How many stretches are written.
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
        for _ in 0..self.stretches {
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
        for n in 0..self.stretches {
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
        self.mark(&mut function);
        let mut rest = body.get_operators_reader()?;
        while !rest.eof() {
            let operator = rest.clone().read()?;
            function.instruction(&self.parse_instruction(&mut rest)?);
            if ends_stretch(&operator) && !rest.eof() {
                self.mark(&mut function);
            }
        }
        code.function(&function);
        Ok(())
    }
}

impl Counted {
    /// Tells that the next stretch ran.
    fn mark(&mut self, function: &mut Function) {
        function.instruction(&Instruction::I32Const(1));
        function.instruction(&Instruction::GlobalSet(self.globals + self.done));
        self.done += 1;
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
