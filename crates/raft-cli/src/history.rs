//! `raft run --history`

use raft_lab::linearizability::{History, Record};
use raft_lab::{ClientId, Operation, Outcome};
use serde::{Serialize, Serializer};
use std::fs::File;
use std::io::{BufWriter, Result, Write};

/// An operation as `--history` tells it.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(serialize_with = "name")]
    client: ClientId,
    op: &'static str,
    key: &'a str,
    /// What a put writes.
    value: Option<&'a str>,
    invoke_us: u64,
    /// An operation of unknown outcome never returns: it may be done any time later.
    return_us: Option<u64>,
    outcome: &'static str,
    /// What a get found.
    result: Option<&'a str>,
}

fn name<S: Serializer>(client: &ClientId, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.collect_str(client)
}

/// Writes what the clients did and saw as JSON Lines.
pub(crate) fn write(file: &str, history: &History) -> Result<()> {
    let mut out = BufWriter::new(File::create(file)?);
    for record in history.records() {
        serde_json::to_writer(&mut out, &line(record))?;
        out.write_all(b"\n")?;
    }
    out.flush()
}

fn line(record: &Record) -> Line<'_> {
    let (op, value) = match &record.operation {
        Operation::Put { value, .. } => ("put", Some(&**value)),
        Operation::Del { .. } => ("del", None),
        Operation::Get { .. } | Operation::Read { .. } => ("get", None),
    };
    let (outcome, result, returned) = match &record.returned {
        Some((when, Outcome::Ok { value, .. })) => ("ok", value.as_deref(), Some(when)),
        Some((when, Outcome::Failed)) => ("failed", None, Some(when)),
        Some((_, Outcome::Unknown)) | None => ("unknown", None, None),
    };
    Line {
        client: record.client,
        op,
        key: record.operation.key(),
        value,
        invoke_us: record.invoked.at.0,
        return_us: returned.map(|when| when.at.0),
        outcome,
        result,
    }
}
