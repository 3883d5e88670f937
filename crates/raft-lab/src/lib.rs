//! Experiments on worlds: sessions that seek and branch, frames for a page, sweeps.
