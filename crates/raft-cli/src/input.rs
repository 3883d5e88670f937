//! What a command works on: scenarios from files, folders, standard input and links; or seeds.

use crate::packed;
use lexopt::{Arg, Parser, ValueExt};
use raft_lab::{Permalink, Scenario};
use std::io::Read;
use std::path::{Path, PathBuf};

/// The largest file that is read; the parser's own limit is smaller and says so more precisely.
const MAX_BYTES: u64 = 1 << 20;

/// A scenario and the name it was asked for by.
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) scenario: Scenario,
    /// How the fingerprint began where a link to it was made.
    pub(crate) made: Option<String>,
}

/// Reads every scenario named on the command line; a folder stands for its `.raft` files, in order, or for those of its folders if it has
/// none itself.
pub(crate) fn read(names: &[String]) -> Result<Vec<Named>, String> {
    if names.is_empty() {
        return Err(
            "expected at least one scenario: a file, a folder, a link, or `-` for standard input".into(),
        );
    }
    let mut all = Vec::new();
    for name in names {
        if name == "-" {
            all.push(parse("standard input", &text(std::io::stdin())?)?);
            continue;
        }
        if is_text(name) {
            all.push(parse("the command line", name)?);
            continue;
        }
        for path in expand(Path::new(name))? {
            let shown = path.display().to_string();
            let file = std::fs::File::open(&path).map_err(|e| format!("{shown}: {e}"))?;
            all.push(parse(&shown, &text(file).map_err(|e| format!("{shown}: {e}"))?)?);
        }
    }
    Ok(all)
}

/// Whether this is a scenario on one line, or a link to one, and no file's name. A file that is called so can be named `./…`.
fn is_text(name: &str) -> bool {
    name.contains("://")
        || ["raft ", "raft+", "raft%2", "#"]
            .iter()
            .any(|start| name.starts_with(start))
}

fn expand(path: &Path) -> Result<Vec<PathBuf>, String> {
    if !path.is_dir() {
        return Ok(vec![path.to_path_buf()]);
    }
    let mut found = texts_in(path)?;
    if found.is_empty() {
        for folder in list(path)?.into_iter().filter(|p| p.is_dir()) {
            found.extend(texts_in(&folder)?);
        }
    }
    if found.is_empty() {
        return Err(format!("{}: no .raft file in this folder", path.display()));
    }
    Ok(found)
}

/// The `.raft` files of a folder.
fn texts_in(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let is_text = |path: &PathBuf| path.extension().is_some_and(|e| e == "raft");
    Ok(list(folder)?.into_iter().filter(is_text).collect())
}

/// What is in a folder, in order.
fn list(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut found: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    found.sort();
    Ok(found)
}

fn text(source: impl Read) -> Result<String, String> {
    let mut text = String::new();
    source
        .take(MAX_BYTES)
        .read_to_string(&mut text)
        .map_err(|e| e.to_string())?;
    Ok(text)
}

fn parse(name: &str, text: &str) -> Result<Named, String> {
    let in_place = |error: &dyn std::fmt::Display| format!("{name}: {error}");
    let link = Permalink::read(text).map_err(|e| in_place(&e))?;
    let unpacked = match &link {
        Some(link) => packed::text(link).map_err(|e| in_place(&e))?,
        None => None,
    };
    let text = match (&unpacked, &link) {
        (Some(unpacked), _) => unpacked,
        (None, Some(link)) => &link.text,
        (None, None) => text,
    };
    Ok(Named {
        name: name.into(),
        scenario: Scenario::parse(text).map_err(|e| in_place(&e))?,
        made: link.as_ref().and_then(made),
    })
}

/// The fingerprint's beginning that rides along, if that is what it is.
fn made(link: &Permalink) -> Option<String> {
    let digits = link.note("is")?;
    let are_hex = digits.len() <= 16 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    are_hex.then(|| digits.to_ascii_lowercase())
}

/// `--seed` and `--count`: where to begin, 1 unless told, and how many to try.
pub(crate) fn seeds(mut arguments: Parser, default_count: u64) -> Result<(u64, u64), lexopt::Error> {
    let (mut first, mut count) = (1, default_count);
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("count") => count = arguments.value()?.parse()?,
            Arg::Long("seed") => first = arguments.value()?.parse()?,
            other => return Err(other.unexpected()),
        }
    }
    Ok((first, count))
}
