//! Writes the JavaScript bindings of a compiled WebAssembly module, and the module so that it compresses well, and in two halves.
//!
//! Usage: `xtask bind MODULE.wasm FOLDER` and, once it is known what a first visit runs, `xtask split MODULE.wasm FOLDER`, which packs
//! the halves too (`packing`). A library in place of the
//! `wasm-bindgen` program, so that its version is pinned by a lock file and nothing has to be installed beforehand.

mod arrange;
mod count;
mod outline;
mod part;
mod places;
mod reach;
mod split;
mod whole;

use std::env::args;
use std::error::Error;
use std::fs;
use std::ops::Range;
use std::path::Path;
use std::process::exit;

use reach::Reach;
use wasm_bindgen_cli_support::Bindgen;
use wasmparser::{Parser, Payload, Validator};

fn main() {
    let words: Vec<String> = args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words[..] {
        ["bind", module, folder] => bind(Path::new(module), Path::new(folder)),
        ["split", module, folder] => split(Path::new(module), Path::new(folder)),
        _ => {
            eprintln!("usage: xtask bind MODULE.wasm FOLDER | xtask split MODULE.wasm FOLDER");
            exit(2);
        }
    };
    if let Err(error) = done {
        eprintln!("{error}");
        exit(1);
    }
}

/// The module, arranged.
const WHOLE: &str = "raft_wasm_bg.wasm";
/// The same, telling which stretches of its code ran.
const COUNTED: &str = "counted.wasm";
/// Which did: a 1 or a 0 for each.
const RAN: &str = "ran.txt";

fn bind(module: &Path, folder: &Path) -> Result<(), Box<dyn Error>> {
    Bindgen::new()
        .input_path(module)
        .web(true)?
        .typescript(true)
        // The page names the module itself, and hands the compiled one to its workers.
        .omit_default_module_path(true)
        // Stripping in the release profile would also hide the target features from the generator.
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(folder)?;
    let whole = arrange::arrange(&fs::read(folder.join(WHOLE))?)?;
    fs::write(folder.join(COUNTED), count::count(&whole)?)?;
    fs::write(folder.join(WHOLE), whole)?;
    Ok(())
}

fn split(module: &Path, folder: &Path) -> Result<(), Box<dyn Error>> {
    let reach = Reach::of(&fs::read(module)?)?;
    let whole = fs::read(folder.join(WHOLE))?;
    let ran: Vec<bool> = fs::read(folder.join(RAN))?
        .iter()
        .map(|ran| *ran == b'1')
        .collect();
    let (whole, ran) = outline::outline(&whole, &ran)?;
    let [first, rest] = split::split(&whole, &ran, &reach)?;
    for (name, half) in [("first", first), ("rest", rest)] {
        let half = arrange::arrange(&half)?;
        Validator::new().validate_all(&half)?;
        let packed = packing::pack(&half, code_of(&half)?);
        fs::write(folder.join(name).with_extension("wasm"), half)?;
        fs::write(folder.join(name).with_extension("packed"), packed)?;
    }
    Ok(())
}

/// Where the functions of a module stand.
fn code_of(module: &[u8]) -> Result<Range<usize>, Box<dyn Error>> {
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::CodeSectionStart { range, .. } = payload? {
            let count = module[range.clone()]
                .iter()
                .take_while(|byte| **byte > 127)
                .count()
                + 1;
            return Ok(range.start + count..range.end);
        }
    }
    Err("there is no code".into())
}
