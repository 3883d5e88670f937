//! Small random histories of one key, right and wrong, to try those who judge them.

use crate::dice::{Dice, Purpose};
use raft_trace::linearizability::{Record, When};
use raft_trace::{ClientId, OpId, Operation, Outcome, Seq, Word, WorldTime};

/// What two to four clients did with one key, as a function of the seed alone: two to nine operations, some of which nobody ever got an
/// answer to. In three of four a store is to blame that forgets writes, does them twice or late, or reads what is old, or not there at
/// all; often that shows.
#[must_use]
pub fn random_history(seed: u64) -> Vec<Record> {
    let operations = Author::new(seed).below(8) as usize + 2;
    random_history_of(seed, operations, 4)
}

/// The same with so many operations; if any go wrong, it is two of `wrong_in`.
#[must_use]
pub fn random_history_of(seed: u64, operations: usize, wrong_in: u64) -> Vec<Record> {
    let mut author = Author::new(seed);
    let clients = author.below(3) as usize + 2;
    author.wrong_in = (author.below(4) > 0).then_some(wrong_in);
    author.busy = vec![None; clients];
    while author.records.len() < operations || author.busy.iter().any(Option::is_some) {
        author.act(author.records.len() < operations);
    }
    author.records
}

struct Author {
    dice: Dice,
    drawn: u32,
    /// Of so many operations the store does two wrong, if it does.
    wrong_in: Option<u64>,
    now: u32,
    records: Vec<Record>,
    /// Which operation each client waits for.
    busy: Vec<Option<Waiting>>,
    /// Everything that ever stood at the key, and who left it there; now the last.
    store: Vec<(Option<Word>, Option<OpId>)>,
    /// Writes that nobody waits for any more and that have not taken effect yet.
    late: Vec<usize>,
}

#[derive(Clone, Debug)]
struct Waiting {
    op: usize,
    /// What it read, or nothing for a write, once it took effect.
    done: Option<(Option<Word>, Option<OpId>)>,
}

impl Author {
    fn new(seed: u64) -> Author {
        Author {
            dice: Dice::new(seed),
            drawn: 0,
            wrong_in: None,
            now: 0,
            records: Vec::new(),
            busy: Vec::new(),
            store: vec![(None, None)],
            late: Vec::new(),
        }
    }

    /// A client begins something, or what it began takes effect or ends.
    fn act(&mut self, begin: bool) {
        if !self.late.is_empty() && self.below(8) == 0 {
            let op = self.late.remove(0);
            self.take_effect(op);
        }
        let client = self.below(self.busy.len() as u64) as usize;
        match self.busy[client].clone() {
            None if begin => self.begin(client),
            None => {}
            Some(Waiting { op, done: None }) if self.below(10) == 0 => {
                self.busy[client] = None;
                self.late.push(op);
                self.end(op, Outcome::Unknown);
            }
            Some(Waiting { op, done: None }) => {
                let done = Some(self.take_effect(op));
                self.busy[client] = Some(Waiting { op, done });
            }
            Some(Waiting {
                op,
                done: Some((value, tag)),
            }) => {
                self.busy[client] = None;
                let reads = self.records[op].operation.reads();
                let outcome = match self.below(12) {
                    0 | 1 => Outcome::Unknown,
                    2 if reads || self.wrong_in.is_some_and(|wrong_in| self.below(wrong_in) < 2) => {
                        Outcome::Failed
                    }
                    _ => Outcome::Ok { value, tag },
                };
                self.end(op, outcome);
            }
        }
    }

    fn begin(&mut self, client: usize) {
        let op = self.records.len();
        let key: Word = "x".into();
        let operation = match self.below(8) {
            0 => Operation::Del { key },
            1..=3 => Operation::Put {
                key,
                value: self.below(3).to_string().into(),
            },
            _ => Operation::Get { key },
        };
        let record = Record {
            op: OpId(op as u32),
            client: ClientId(client as u32 + 1),
            operation,
            invoked: self.moment(),
            returned: None,
        };
        self.records.push(record);
        self.busy[client] = Some(Waiting { op, done: None });
    }

    /// Returns what it read, nothing for a write.
    fn take_effect(&mut self, op: usize) -> (Option<Word>, Option<OpId>) {
        let fault = self.wrong_in.map(|wrong_in| self.below(wrong_in));
        let record = &self.records[op];
        match (&record.operation, fault) {
            // One that nobody made.
            (Operation::Get { .. }, Some(0)) if op.is_multiple_of(5) => (None, Some(OpId(99_999))),
            // One that is old, or of an operation under way.
            (Operation::Get { .. }, Some(0 | 1)) => {
                let old = self.below(self.store.len() as u64) as usize;
                self.store[old].clone()
            }
            (Operation::Get { .. }, _) => self.store.last().cloned().unwrap_or_default(),
            // It is forgotten.
            (_, Some(0)) => (None, None),
            (operation, fault) => {
                let left = match operation {
                    Operation::Put { value, .. } => Some(value.clone()),
                    _ => None,
                };
                let tag = Some(record.op);
                self.store.push((left, tag));
                if fault == Some(1) && self.store.len() > 2 {
                    let again = self.below(self.store.len() as u64 - 1) as usize + 1;
                    self.store.push(self.store[again].clone());
                }
                (None, None)
            }
        }
    }

    /// Of what ends without an answer, half does so without a word.
    fn end(&mut self, op: usize, outcome: Outcome) {
        if outcome != Outcome::Unknown || self.below(2) == 0 {
            self.records[op].returned = Some((self.moment(), outcome));
        }
    }

    fn moment(&mut self) -> When {
        self.now += 1;
        When {
            seq: Seq(self.now),
            at: WorldTime(u64::from(self.now) * 1_000),
        }
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.drawn += 1;
        self.dice.below(Purpose::History, 0, self.drawn, bound)
    }
}
