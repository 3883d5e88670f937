//! Moves what a first visit does not run out of the functions that it does run.
//!
//! Code is structured: once control came to a place within a block that never ran, all of that block from there to its end never ran
//! either. Such an end of a block becomes a function of its own, if that is worth it: it takes the variables that it reads, gives back those
//! that it writes and somebody reads later, and says where to go on if there is a choice.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use wasm_encoder::reencode::Reencode;
use wasm_encoder::{CodeSection, FunctionSection, Module, TypeSection, ValType};
use wasmparser::{
    BlockType, CodeSectionReader, FuncType, FuncValidator, FuncValidatorAllocations, FunctionBody,
    FunctionSectionReader, Operator, Parser, TypeSectionReader, ValidPayload, Validator, ValidatorResources,
};

use crate::count::ends_stretch;
use crate::part::Part;
use crate::whole::Whole;

type Error = wasm_encoder::reencode::Error<Infallible>;
type Failure = Box<dyn std::error::Error>;

/// The same module with what never ran in functions of its own; and which of its functions ran. `ran` says it of each stretch of code.
pub fn outline(module: &[u8], ran: &[bool]) -> Result<(Vec<u8>, Vec<bool>), Failure> {
    let whole = Whole::of(module)?;
    let mut made = Outlined {
        types: u32::try_from(whole.types.len())?,
        functions: u32::try_from(whole.kinds.len())?,
        ..Outlined::default()
    };
    let mut functions = Vec::new();
    let mut stretches = ran.iter().copied();
    let mut validator = Validator::new();
    let mut kept = FuncValidatorAllocations::default();
    for payload in Parser::new(0).parse_all(module) {
        if let ValidPayload::Func(function, body) = validator.payload(&payload?)? {
            let mut checked = function.into_validator(kept);
            let kind = &whole.types[whole.kinds[checked.index() as usize] as usize];
            let code = Code::read(&body, kind, &mut checked, &mut stretches)?;
            functions.push(code.steps[0].ran);
            let body = if code.steps[0].ran {
                made.rewrite(module, &code)
            } else {
                None
            };
            made.bodies.push(body);
            kept = checked.into_allocations();
        }
    }
    if stretches.next().is_some() {
        return Err("more is said to have run than there is".into());
    }
    functions.extend(made.parts.iter().map(|_| false));
    let mut written = Module::new();
    made.parse_core_module(&mut written, Parser::new(0), module)?;
    Ok((written.finish(), functions))
}

/// A step of a function, and what is known before it.
pub struct Step<'a> {
    pub operator: Operator<'a>,
    /// Where it begins in the module.
    pub at: usize,
    /// Whether it ever ran.
    pub ran: bool,
    /// How many blocks are open, the function itself among them.
    pub depth: usize,
    /// Whether the values at hand are none of the innermost block's own.
    bare: bool,
    /// Whether control can come here.
    pub reached: bool,
}

/// A block that is open.
#[derive(Clone, Copy)]
pub struct Block {
    pub is_loop: bool,
    /// Whether whoever jumps to it, or comes to its end, brings nothing.
    pub is_plain: bool,
}

/// A function, read.
pub struct Code<'a> {
    pub steps: Vec<Step<'a>>,
    /// Its variables, parameters first.
    pub variables: Vec<ValType>,
    pub parameters: usize,
    /// What it gives back, one value at most.
    pub result: Option<ValType>,
    /// How often each variable is read.
    pub reads: Vec<u32>,
}

impl<'a> Code<'a> {
    fn read(
        body: &FunctionBody<'a>,
        kind: &FuncType,
        checked: &mut FuncValidator<ValidatorResources>,
        stretches: &mut impl Iterator<Item = bool>,
    ) -> Result<Code<'a>, Failure> {
        let mut reader = body.get_binary_reader();
        checked.read_locals(&mut reader)?;
        let variables = (0..checked.len_locals())
            .filter_map(|n| checked.get_local_type(n))
            .map(encoded)
            .collect();
        let mut code = Code {
            steps: Vec::new(),
            variables,
            parameters: kind.params().len(),
            result: kind.results().first().copied().map(encoded),
            reads: vec![0; checked.len_locals() as usize],
        };
        let mut ran = stretches.next().ok_or("too little is said to have run")?;
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            let at = operators.original_position();
            let operator = operators.read()?;
            let frame = checked.get_control_frame(0).ok_or("nothing is open")?;
            code.steps.push(Step {
                operator: operator.clone(),
                at,
                ran,
                depth: checked.control_stack_height() as usize,
                bare: checked.operand_stack_height() as usize == frame.height,
                reached: !frame.unreachable,
            });
            checked.op(at, &operator)?;
            if let Operator::LocalGet { local_index } = operator {
                code.reads[local_index as usize] += 1;
            }
            if ends_stretch(&operator) && !operators.eof() {
                ran = stretches.next().ok_or("too little is said to have run")?;
            }
        }
        Ok(code)
    }

    /// The blocks that are open before a step, the outermost first: the function, then others.
    fn open_at(&self, step: usize) -> Vec<Block> {
        let mut open = vec![Block {
            is_loop: false,
            is_plain: self.result.is_none(),
        }];
        for step in &self.steps[..step] {
            match step.operator {
                Operator::Block { blockty } | Operator::If { blockty } => open.push(Block {
                    is_loop: false,
                    is_plain: blockty == BlockType::Empty,
                }),
                Operator::Loop { blockty } => open.push(Block {
                    is_loop: true,
                    is_plain: blockty == BlockType::Empty,
                }),
                Operator::End => {
                    open.pop();
                }
                _ => {}
            }
        }
        open
    }

    /// Where the innermost block that is open at a step ends, or its first arm.
    fn end_of(&self, start: usize) -> usize {
        let depth = self.steps[start].depth;
        let is_end =
            |step: &Step| matches!(step.operator, Operator::End | Operator::Else) && step.depth == depth;
        (start..)
            .zip(&self.steps[start..])
            .find(|(_, step)| is_end(step))
            .map_or(start, |(n, _)| n)
    }
}

/// Kinds of functions: what they take and what they give back.
type Kinds = BTreeMap<(Vec<ValType>, Vec<ValType>), u32>;

/// What comes of it.
#[derive(Default)]
struct Outlined {
    types: u32,
    functions: u32,
    /// The functions of the module that are others now.
    bodies: Vec<Option<wasm_encoder::Function>>,
    kinds: Kinds,
    parts: Vec<(u32, wasm_encoder::Function)>,
}

impl Outlined {
    /// A function without what never ran; `None` if all that there is stays.
    fn rewrite(&mut self, module: &[u8], code: &Code) -> Option<wasm_encoder::Function> {
        let mut parts = Vec::new();
        let mut next = 0;
        let mut refused = BTreeSet::new(); // the ends of blocks of which it was not worth it
        while next < code.steps.len() {
            let step = &code.steps[next];
            let is_end = matches!(step.operator, Operator::End | Operator::Else);
            if step.ran || !step.bare || is_end {
                next += 1;
                continue;
            }
            let end = code.end_of(next);
            let part = if refused.contains(&end) {
                None
            } else {
                Part::of(code, next..end, &code.open_at(next))
            };
            if let Some(part) = part {
                parts.push(part);
                next = end;
            } else {
                refused.insert(end);
                next += 1;
            }
        }
        if parts.is_empty() {
            return None;
        }
        let variables = code.variables[code.parameters..].iter();
        let variables = variables.chain(&[ValType::I32]).chain(&code.result).copied();
        let mut body = wasm_encoder::Function::new_with_locals_types(variables);
        let mut from = code.steps[0].at;
        for part in parts {
            let kind = self.kind(part.kind(code));
            let function = self.functions + self.parts.len() as u32;
            body.raw(module[from..code.steps[part.steps.start].at].iter().copied());
            part.call(function, code.variables.len() as u32, &mut body);
            from = code.steps[part.steps.end].at;
            self.parts.push((kind, part.body(code)));
        }
        let last = code.steps.last()?.at;
        body.raw(module[from..=last].iter().copied()); // the function's own end, one byte
        Some(body)
    }

    fn kind(&mut self, kind: (Vec<ValType>, Vec<ValType>)) -> u32 {
        let next = self.types + self.kinds.len() as u32;
        *self.kinds.entry(kind).or_insert(next)
    }
}

impl Reencode for Outlined {
    type Error = Infallible;

    fn parse_type_section(
        &mut self,
        types: &mut TypeSection,
        section: TypeSectionReader<'_>,
    ) -> Result<(), Error> {
        for group in section {
            self.parse_recursive_type_group(types.ty(), group?)?;
        }
        let by_number: BTreeMap<_, _> = self.kinds.iter().map(|(kind, n)| (n, kind)).collect();
        for (takes, gives) in by_number.into_values() {
            types.ty().function(takes.iter().copied(), gives.iter().copied());
        }
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: FunctionSectionReader<'_>,
    ) -> Result<(), Error> {
        for kind in section {
            functions.function(kind?);
        }
        for (kind, _) in &self.parts {
            functions.function(*kind);
        }
        Ok(())
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: CodeSectionReader<'_>,
    ) -> Result<(), Error> {
        for (body, other) in section.into_iter().zip(std::mem::take(&mut self.bodies)) {
            match other {
                Some(other) => code.function(&other),
                None => code.raw(body?.as_bytes()),
            };
        }
        for (_, part) in &self.parts {
            code.function(part);
        }
        Ok(())
    }
}

/// The kind of a value, to write it.
fn encoded(kind: wasmparser::ValType) -> ValType {
    let kind = wasm_encoder::reencode::RoundtripReencoder.val_type(kind);
    kind.expect("infallible")
}
