//! Where the parser stands in the text: words with their positions, and errors that say where.

use crate::ParseError;
use crate::nearest::nearest;

/// Characters of a found text that an error shows.
const SHOWN: usize = 40;

/// A piece of the text and where it stands. Empty at the end of a line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word<'a> {
    pub(crate) text: &'a str,
    line: u32,
    column: u32,
}

impl<'a> Word<'a> {
    /// The rest behind a prefix, if it stands here.
    pub(crate) fn strip_prefix(self, prefix: char) -> Option<Word<'a>> {
        let text = self.text.strip_prefix(prefix)?;
        Some(Word {
            text,
            column: self.column + 1,
            ..self
        })
    }

    /// Both sides of the first `separator`, if there is one.
    pub(crate) fn split_once(self, separator: &str) -> Option<(Word<'a>, Word<'a>)> {
        let mut places = self.text.as_bytes().windows(separator.len());
        let (left, rest) = self
            .text
            .split_at(places.position(|at| at == separator.as_bytes())?);
        let right = rest.get(separator.len()..)?;
        let column = self.column + characters(left) + characters(separator);
        Some((
            Word { text: left, ..self },
            Word {
                text: right,
                column,
                ..self
            },
        ))
    }

    /// The error that something else should stand here.
    pub(crate) fn unexpected(&self, expected: impl Into<String>) -> ParseError {
        let mut found: String = self.text.chars().take(SHOWN).map(printable).collect();
        if self.text.chars().nth(SHOWN).is_some() {
            found.push('…');
        }
        ParseError {
            line: self.line,
            column: self.column,
            found,
            expected: expected.into(),
            nearest: None,
        }
    }

    /// The error that one of these should stand here.
    pub(crate) fn unknown<'w>(
        &self,
        expected: impl Into<String>,
        known: impl Iterator<Item = &'w str>,
    ) -> ParseError {
        ParseError {
            nearest: nearest(self.text, known).map(str::to_owned),
            ..self.unexpected(expected)
        }
    }
}

/// A place in the text that moves forward. Words end at blanks, `|`, `;`, `#` and line ends.
#[derive(Clone, Debug)]
pub(crate) struct Cursor<'a> {
    rest: &'a str,
    line: u32,
    column: u32,
    /// Keywords that could have stood at this place.
    possible: Vec<&'static str>,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a str) -> Cursor<'a> {
        // Some editors begin a file with a byte order mark.
        let rest = text.strip_prefix('\u{feff}').unwrap_or(text);
        Cursor {
            rest,
            line: 1,
            column: 1,
            possible: Vec::new(),
        }
    }

    /// The next word of this line; empty at its end.
    pub(crate) fn word(&mut self) -> Word<'a> {
        self.possible.clear();
        self.skip_blanks();
        let ends = |c: char| is_blank(c) || ends_line(c) || c == '|';
        let length = if self.rest.starts_with('|') {
            1
        } else {
            length_until(self.rest, ends)
        };
        self.take(length)
    }

    /// The next word without moving on.
    pub(crate) fn peek(&self) -> Word<'a> {
        let mut ahead = Cursor {
            possible: Vec::new(),
            ..*self
        };
        ahead.word()
    }

    /// Whether this keyword comes next; moves past it.
    pub(crate) fn keyword(&mut self, keyword: &'static str) -> bool {
        let comes = self.peek().text == keyword;
        if comes {
            self.word();
        } else {
            self.possible.push(keyword);
        }
        comes
    }

    /// Notes keywords that could have stood here but do not.
    pub(crate) fn possible(&mut self, keywords: impl Iterator<Item = &'static str>) {
        self.possible.extend(keywords);
    }

    /// Everything to the end of this line, without blanks around it.
    pub(crate) fn rest_of_line(&mut self) -> Word<'a> {
        self.skip_blanks();
        let word = self.take(length_until(self.rest, ends_line));
        Word {
            text: word.text.trim_end_matches(is_blank),
            ..word
        }
    }

    /// A text in quotes, with `\"` and `\\` inside for `"` and `\`. Gives the text and where it stands.
    pub(crate) fn quoted(&mut self) -> Result<(String, Word<'a>), ParseError> {
        self.skip_blanks();
        let start = self.clone();
        let mut text = String::new();
        let mut escaped = false;
        for (i, c) in self.rest.char_indices() {
            match c {
                _ if i == 0 && c != '"' => break,
                _ if i == 0 => {}
                '\n' => break,
                '"' | '\\' if escaped => {
                    text.push(c);
                    escaped = false;
                }
                _ if escaped => {
                    self.take(i);
                    return Err(self.take(c.len_utf8()).unexpected("\" or \\ behind a \\"));
                }
                '\\' => escaped = true,
                '"' => return Ok((text, self.take(i + 1))),
                c => text.push(c),
            }
        }
        *self = start;
        Err(self
            .rest_of_line()
            .unexpected("a text in quotes, such as \"Hello.\""))
    }

    /// Makes sure that nothing more stands on this line.
    pub(crate) fn end_of_line(&self) -> Result<(), ParseError> {
        let word = self.peek();
        if word.text.is_empty() {
            return Ok(());
        }
        let mut expected = self.possible.join(", ");
        expected.push_str(if expected.is_empty() {
            "the end of the line"
        } else {
            " or the end of the line"
        });
        Err(word.unknown(expected, self.possible.iter().copied()))
    }

    /// Moves past line ends and comments to the next word. `false` at the end of the text.
    pub(crate) fn next_line(&mut self) -> bool {
        loop {
            self.skip_blanks();
            match self.rest.chars().next() {
                None => return false,
                Some('\n') => {
                    self.rest = &self.rest[1..];
                    self.line += 1;
                    self.column = 1;
                }
                Some('#') => drop(self.take(length_until(self.rest, |c| c == '\n'))),
                Some(';') => drop(self.take(1)),
                Some(_) => return true,
            }
        }
    }

    fn skip_blanks(&mut self) {
        self.take(length_until(self.rest, |c| !is_blank(c)));
    }

    /// Moves on by so many bytes of this line.
    fn take(&mut self, length: usize) -> Word<'a> {
        let (text, rest) = self.rest.split_at(length);
        let word = Word {
            text,
            line: self.line,
            column: self.column,
        };
        self.rest = rest;
        self.column += characters(text);
        word
    }
}

/// A carriage return counts as blank, so that files from Windows read the same.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r')
}

fn ends_line(c: char) -> bool {
    matches!(c, '\n' | ';' | '#')
}

fn length_until(text: &str, stop: impl Fn(char) -> bool) -> usize {
    text.find(stop).unwrap_or(text.len())
}

fn characters(text: &str) -> u32 {
    u32::try_from(text.chars().count()).expect("a text within limits")
}

/// What can be shown of it in a sentence.
pub(crate) fn printable(c: char) -> char {
    if c.is_control() { '\u{fffd}' } else { c }
}
