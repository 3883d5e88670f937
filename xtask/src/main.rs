//! Writes the JavaScript bindings of a compiled WebAssembly module, and the module so that it compresses well.
//!
//! Usage: `xtask MODULE.wasm FOLDER`. A library in place of the `wasm-bindgen` program, so that its version is
//! pinned by a lock file and nothing has to be installed beforehand.

mod arrange;

use std::env::args;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::exit;

use wasm_bindgen_cli_support::Bindgen;

fn main() {
    let [module, folder] = &args().skip(1).collect::<Vec<_>>()[..] else {
        eprintln!("usage: xtask MODULE.wasm FOLDER");
        exit(2);
    };
    if let Err(error) = write_bindings(module, folder) {
        eprintln!("{error}");
        exit(1);
    }
}

fn write_bindings(module: &str, folder: &str) -> Result<(), Box<dyn Error>> {
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
    let stem = Path::new(module).file_stem().ok_or("a module has a name")?;
    let written = Path::new(folder).join(format!("{}_bg.wasm", stem.display()));
    fs::write(&written, arrange::arrange(&fs::read(&written)?)?)?;
    Ok(())
}
