//! What is printed. The standard `println!` panics when nobody reads on, as after `raft run --ladder … | head`.

use std::fmt::Arguments;
use std::io::{ErrorKind, Write, stdout};
use std::process::exit;

/// What a shell reports of a process that `SIGPIPE` ended.
const NOBODY_READS: i32 = 141;

/// Writes to standard output. Once whoever reads it has gone, the process ends without a word, but not as if all had been done; any other
/// error ends it with status 2.
pub(crate) fn print(text: Arguments) {
    if let Err(error) = stdout().write_fmt(text) {
        if error.kind() == ErrorKind::BrokenPipe {
            exit(NOBODY_READS);
        }
        eprintln!("raft: standard output: {error}");
        exit(2);
    }
}

/// `print!` that ends quietly with its reader.
macro_rules! out {
    ($($text:tt)*) => {
        crate::out::print(format_args!($($text)*))
    };
}

/// The same with a line's end.
macro_rules! outln {
    () => {
        crate::out::print(format_args!("\n"))
    };
    ($($text:tt)*) => {
        crate::out::print(format_args!("{}\n", format_args!($($text)*)))
    };
}

pub(crate) use {out, outln};
