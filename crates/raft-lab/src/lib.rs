//! Experiments on worlds: sessions that seek and branch, frames for a page, sweeps.
#![forbid(unsafe_code)]

pub mod frame;
mod judge;

pub use judge::{Verdict, judge};

#[cfg(test)]
mod typescript;
