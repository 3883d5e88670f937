//! What is wrong with a scenario text, exactly.

use std::fmt;

/// The first thing in a text that is not a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// What stands there; empty for the end of the line or text.
    pub found: String,
    /// What could have stood there, as a phrase: `a command such as crash or restart`.
    pub expected: String,
    /// The word that was probably meant.
    pub nearest: Option<String>,
}

/// `line 7, column 10: found "crahs", expected a command such as crash or restart; did you mean "crash"?`
impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: found ", self.line, self.column)?;
        if self.found.is_empty() {
            f.write_str("nothing more")?;
        } else {
            write!(f, "\"{}\"", self.found)?;
        }
        write!(f, ", expected {}", self.expected)?;
        match &self.nearest {
            Some(word) => write!(f, "; did you mean \"{word}\"?"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ParseError {}
