//! Stable storage: one file to which every [`Write`] is appended as a record with a checksum. Reading it from the front gives back what
//! the server has to remember. A snapshot makes most of it superfluous: then a new file takes the place of the old one.
//!
//! A record is the length of its body, the body's CRC-32, and the body. A crash may leave a torn record at the end. It was never synced,
//! so nothing was promised on it, and it is cut off. This file cannot tell that from a record that went bad years later; a server whose
//! disks rot needs to know how far it had synced.

use crate::codec::{Codec, checksum, length};
use raft_core::{Durable, Write};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

const NAME: &str = "raft.log";
const HEADER: usize = 8;

pub(crate) struct Storage {
    folder: PathBuf,
    file: File,
    /// Records handed over but not yet to the file: they go there in one piece.
    buffer: Vec<u8>,
}

impl Storage {
    /// Opens the file in this folder, or begins it, and reads what it holds.
    pub(crate) fn open(folder: &Path) -> io::Result<(Storage, Durable)> {
        fs::create_dir_all(folder)?;
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        let mut file = options.open(folder.join(NAME))?;
        sync_folder(folder)?;
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(0))?;
        file.read_to_end(&mut bytes)?;
        let (durable, good) = replay(&bytes);
        if good < bytes.len() {
            eprintln!("cutting {} bytes of a torn record", bytes.len() - good);
            file.set_len(good as u64)?;
        }
        // What an earlier life wrote but did not sync is trusted from now on, so it has to be safe.
        file.sync_all()?;
        let storage = Storage {
            folder: folder.to_owned(),
            file,
            buffer: Vec::new(),
        };
        Ok((storage, durable))
    }

    /// Takes a write in. It is safe after the next [`Storage::sync`].
    pub(crate) fn append(&mut self, write: &Write) {
        let body = write.encoded();
        length(body.len()).put(&mut self.buffer);
        checksum(&body).put(&mut self.buffer);
        self.buffer.extend(body);
    }

    /// Makes everything taken in safe. After an error nobody can say what is on the disk: the server has to stop.
    pub(crate) fn sync(&mut self) -> io::Result<()> {
        self.file.write_all(&self.buffer)?;
        self.buffer.clear();
        self.file.sync_data()
    }

    /// Begins a new file with this write, which does as much as all before it, and makes that safe. A crash leaves the old file or the
    /// new one, and what the old one may lack was never promised.
    pub(crate) fn replace(&mut self, everything: &Write) -> io::Result<()> {
        self.buffer.clear();
        self.append(everything);
        let new = self.folder.join("raft.new");
        self.file = File::create(&new)?;
        self.sync()?;
        fs::rename(new, self.folder.join(NAME))?;
        sync_folder(&self.folder)
    }
}

/// A file's name too must survive. Only Unix lets a folder be opened for that.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// What these records add up to, and how many bytes of them are whole.
fn replay(bytes: &[u8]) -> (Durable, usize) {
    let mut durable = Durable::default();
    let mut good = 0;
    while let Some((write, size)) = record(&bytes[good..]) {
        durable.apply(&write);
        good += size;
    }
    (durable, good)
}

/// The record these bytes begin with, and how long it is.
fn record(bytes: &[u8]) -> Option<(Write, usize)> {
    let mut header = bytes;
    let size = usize::try_from(u32::take(&mut header)?).ok()?;
    let sum = u32::take(&mut header)?;
    let body = header.get(..size).filter(|body| checksum(body) == sum)?;
    Some((Write::decoded(body)?, HEADER + size))
}
