//! The door to the browser.

use wasm_bindgen::prelude::wasm_bindgen;

/// The version of the engine behind the page.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").into()
}
