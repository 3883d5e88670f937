//! What a client under load asks for next, and when.

use crate::dice::{Dice, Purpose};
use crate::scenario::{Keys, Load, LoadKind, Pace};
use raft_core::Duration;
use raft_trace::{ClientId, Operation, Word, WorldTime};

/// A client begins operations of its load no faster than this, whatever the pace.
const FASTEST: Duration = Duration::millis(1);

/// The keys that loads use in turn.
const KEYS: [&str; 3] = ["x", "y", "z"];

/// A client's loads, one after the other.
#[derive(Clone, Debug)]
pub(crate) struct Loads {
    client: ClientId,
    load: Option<Load>,
    /// How many operations they have asked for.
    asked: u32,
}

impl Loads {
    pub(crate) fn new(client: ClientId) -> Loads {
        Loads {
            client,
            load: None,
            asked: 0,
        }
    }

    /// Begins a load in the place of the one before; `None` ends it.
    pub(crate) fn set(&mut self, load: Option<Load>) {
        self.load = load;
    }

    /// After how long the next operation is due, as the clock goes, and how many may wait. `None` if there is no load of that kind.
    pub(crate) fn every(&self) -> Option<(Duration, u32)> {
        match self.load.as_ref()?.pace {
            Pace::Every { time, queue } => Some((time.max(FASTEST), queue)),
            Pace::After(_) => None,
        }
    }

    /// When the next operation is due after one that began and ended then. `None` if there is no load of that kind.
    pub(crate) fn after(&self, began: WorldTime, ended: WorldTime) -> Option<WorldTime> {
        match self.load.as_ref()?.pace {
            Pace::Every { .. } => None,
            Pace::After(pause) => Some((ended + pause).max(began + FASTEST)),
        }
    }

    /// The next operation, and the load that it is of.
    pub(crate) fn next(&mut self, dice: Dice) -> Option<(Operation, &Load)> {
        let load = self.load.as_ref()?;
        let (who, n) = (self.client.0, self.asked);
        self.asked += 1;
        let key: Word = match &load.keys {
            Keys::InTurn => KEYS[n as usize % KEYS.len()].into(),
            Keys::One(key) => key.clone(),
            Keys::Of(count) => {
                let drawn = dice.below(Purpose::LoadKey, who, n, u64::from(*count));
                format!("k{}", drawn + 1).into()
            }
        };
        let put = |key| Operation::Put {
            key,
            value: value(self.client, self.asked),
        };
        let operation = match load.kind {
            LoadKind::Put => put(key),
            LoadKind::Get => Operation::Get { key },
            LoadKind::Del => Operation::Del { key },
            LoadKind::Mixed(gets) if dice.chance(Purpose::LoadKind, who, n, gets) => Operation::Get { key },
            LoadKind::Mixed(_) => put(key),
        };
        Some((operation, load))
    }
}

/// No two clients' loads write the same: C1 writes 1, 2, 3, …, C2 b1, b2, b3, …
fn value(client: ClientId, n: u32) -> Word {
    match client.0 {
        1 => n.to_string().into(),
        other => {
            let letter = char::from(b'a' + (other - 1) as u8); // there are nine clients at most
            format!("{letter}{n}").into()
        }
    }
}
