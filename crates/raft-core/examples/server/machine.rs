//! The state machine, a table of values, and the clients who wait for it.

use raft_core::{Command, Entry, Index, Log, Payload, ReadId, Snapshot, Term};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::Sender;

/// How many reads may be on their way to the leader and back.
const READS: usize = 10_000;

#[derive(Default)]
pub(crate) struct Machine {
    values: BTreeMap<String, String>,
    applied: Index,
    /// Whose command is in the log, by where it is. They hear of it once that is applied.
    puts: BTreeMap<Index, (Term, Sender<String>)>,
    /// Who asked for a key and does not know yet how far the log must be applied for the answer.
    asked: BTreeMap<ReadId, (String, Sender<String>)>,
    /// Who knows.
    gets: BTreeMap<(Index, ReadId), (String, Sender<String>)>,
}

impl Machine {
    /// How far the log is applied.
    pub(crate) fn applied(&self) -> Index {
        self.applied
    }

    /// A client's command is in the log, here. Whoever waited for this place was led by this server in an earlier term, and hears
    /// `unknown`.
    pub(crate) fn put(&mut self, index: Index, term: Term, answer: Sender<String>) {
        self.puts.insert(index, (term, answer));
    }

    /// A client asks for a key.
    pub(crate) fn get(&mut self, id: ReadId, key: &str, answer: Sender<String>) {
        self.asked.insert(id, (key.to_owned(), answer));
        if self.asked.len() > READS {
            self.asked.pop_first(); // the one that waits longest: its question or the answer was lost
        }
    }

    /// The read may be answered once this is applied.
    pub(crate) fn may_get(&mut self, id: ReadId, index: Index) {
        if let Some(read) = self.asked.remove(&id) {
            self.gets.insert((index, id), read);
            self.answer_gets();
        }
    }

    /// The read cannot be answered. Returns whom to tell.
    pub(crate) fn cannot_get(&mut self, id: ReadId) -> Option<Sender<String>> {
        self.asked.remove(&id).map(|(_, answer)| answer)
    }

    /// The log through this index is committed.
    pub(crate) fn apply(&mut self, log: &Log, through: Index) {
        while self.applied < through {
            self.applied = self.applied.next();
            let entry = log.get(self.applied).expect("what is committed is in the log");
            self.execute(entry);
            // Under another term it is somebody else's command that came in the place of theirs.
            if let Some((term, answer)) = self.puts.remove(&self.applied)
                && term == entry.term
            {
                let _ = answer.send("ok".to_owned()); // whoever has gone needs no answer, here and below
            }
        }
        self.answer_gets();
    }

    /// It must do the same everywhere, so it looks at nothing but the command and the values.
    fn execute(&mut self, entry: &Entry) {
        if let Payload::Command(command) = &entry.payload
            && let Some((key, value)) = text(command).split_once(' ')
        {
            self.values.insert(key.to_owned(), value.to_owned());
        }
    }

    fn answer_gets(&mut self) {
        while let Some(read) = self.gets.first_entry()
            && read.key().0 <= self.applied
        {
            let (key, answer) = read.remove();
            let _ = answer.send(self.peek(&key));
        }
    }

    /// What is there now.
    pub(crate) fn peek(&self, key: &str) -> String {
        let value = self.values.get(key);
        value.map_or("none".to_owned(), |value| format!("value {value}"))
    }

    /// All of it: a line for each value.
    pub(crate) fn save(&self) -> Arc<[u8]> {
        let lines: String = self
            .values
            .iter()
            .map(|(key, value)| format!("{key} {value}\n"))
            .collect();
        lines.into_bytes().into()
    }

    /// Becomes what it was when this was saved. Clients whose commands are covered by it hear `unknown`.
    pub(crate) fn restore(&mut self, snapshot: &Snapshot) {
        let lines = String::from_utf8_lossy(&snapshot.data);
        let pairs = lines.lines().filter_map(|line| line.split_once(' '));
        self.values = pairs
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect();
        self.applied = snapshot.last_index;
        self.puts = self.puts.split_off(&self.applied.next());
        self.answer_gets();
    }
}

/// The command that puts this value there. Neither has spaces in it.
pub(crate) fn command(key: &str, value: &str) -> Command {
    Command::new(format!("{key} {value}").as_bytes())
}

fn text(command: &Command) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(command.as_bytes())
}
