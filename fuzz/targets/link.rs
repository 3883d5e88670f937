#![no_main]

#[path = "../src/promises.rs"]
#[allow(dead_code)]
mod promises;

libfuzzer_sys::fuzz_target!(|text: &str| promises::link(text));
