//! What is on a disk when the power goes while it is written to.

use raft_core::{Append, Write, WriteId};
use std::collections::VecDeque;

/// Of writes that were not synced, those that are on disk all the same: those up to `through`, and of the next one so many entries, with the
/// term and vote that stand before them. Disks write in order, and recovery drops the record that ends in the middle: so this is always
/// a beginning of what was written.
pub fn on_disk_all_the_same(
    pending: &VecDeque<Write>,
    through: WriteId,
    entries: u32,
) -> impl Iterator<Item = Write> {
    let whole = pending.partition_point(|write| write.id <= through);
    let torn = pending.get(whole).and_then(|write| torn(write, entries));
    pending.iter().take(whole).cloned().chain(torn)
}

/// The write as far as it is on disk if so many of its entries are.
fn torn(write: &Write, entries: u32) -> Option<Write> {
    let append = write.append.as_ref().filter(|_| entries > 0)?;
    let append = Append {
        first: append.first,
        entries: append
            .entries
            .iter()
            .take(entries as usize)
            .cloned()
            .collect::<Vec<_>>()
            .into(),
    };
    Some(Write {
        append: Some(append),
        ..write.clone()
    })
}
