//! What can be done: the words behind a time.

use crate::parse::{Parser, Words, limited, list};
use crate::setting::{READS, SETTINGS};
use crate::values::{self, Cast, is_client};
use crate::{Command, Keys, Link, Load, LoadKind, Pace, ParseError, Setting, limits};
use raft_core::{Change, Duration, NodeId};
use raft_trace::{Endpoint, Handling, Operation, PacketKind, Plan};

pub(crate) const COMMANDS: &Words<Command> = &[
    ("crash", |p| Ok(Command::Crash(p.server_list()?))),
    ("restart", |p| Ok(Command::Restart(p.server_list()?))),
    ("power-off", |p| Ok(Command::PowerOff(p.server_list()?))),
    ("power-on", |p| Ok(Command::PowerOn(p.server_list()?))),
    ("pause", |p| Ok(Command::Pause(p.server_list()?))),
    ("resume", |p| Ok(Command::Resume(p.server_list()?))),
    ("stall", |p| {
        Ok(Command::Stall(p.server()?, p.time(&limits::DISK)?))
    }),
    ("clock-jump", |p| {
        Ok(Command::ClockJump(p.server()?, values::jump(p.word())?))
    }),
    ("timeout", |p| Ok(Command::Timeout(p.server()?))),
    ("transfer", |p| p.transfer()),
    ("add", |p| {
        p.server().and_then(|id| p.change(Change::AddVoter(id)))
    }),
    ("learner", |p| {
        p.server().and_then(|id| p.change(Change::AddLearner(id)))
    }),
    ("remove", |p| {
        p.server().and_then(|id| p.change(Change::Remove(id)))
    }),
    ("voters", |p| {
        p.server_list().and_then(|ids| p.change(Change::Voters(ids)))
    }),
    ("snapshot", |p| Ok(Command::Snapshot(p.server()?))),
    ("partition", |p| Ok(Command::Partition(p.groups()?))),
    ("heal", |_| Ok(Command::Heal)),
    ("cut", |p| Ok(Command::Cut(p.link()?))),
    ("mend", |p| Ok(Command::Mend(p.link()?))),
    ("drop", |p| p.handle(Handling::Drop)),
    ("hold", |p| p.handle(Handling::Hold)),
    ("deliver", |p| p.handle(Handling::Deliver)),
    ("duplicate", |p| p.handle(Handling::Duplicate)),
    ("load", |p| p.load()),
    ("set", |p| Ok(Command::Set(p.choose("a setting:", SETTINGS)?))),
    ("off", |p| Ok(Command::Set(Setting::Rule(p.rule()?, false)))),
    ("on", |p| Ok(Command::Set(Setting::Rule(p.rule()?, true)))),
    ("say", |p| p.say()),
    ("end", |_| Ok(Command::End)),
];

pub(crate) const OPERATIONS: &Words<Operation> = &[
    ("put", |p| {
        values::pair(p.word()).map(|(key, value)| Operation::Put { key, value })
    }),
    ("del", |p| Ok(Operation::Del { key: p.key()? })),
    ("get", |p| p.get()),
];

pub(crate) const LOADS: &Words<Option<LoadKind>> = &[
    ("put", |_| Ok(Some(LoadKind::Put))),
    ("get", |_| Ok(Some(LoadKind::Get))),
    ("del", |_| Ok(Some(LoadKind::Del))),
    ("mixed", |p| Ok(Some(LoadKind::Mixed(values::share(p.word())?)))),
    ("stop", |_| Ok(None)),
];

/// What stands for a message of any kind.
pub(crate) const ANY_MESSAGE: &str = "message";

const PACES: &Words<Pace> = &[
    ("every", |p| {
        Ok(Pace::Every {
            time: p.time(&limits::CLIENT)?,
            queue: p.queue()?,
        })
    }),
    ("after", |p| Ok(Pace::After(p.time(&limits::PAUSE)?))),
];

impl Parser<'_> {
    pub(crate) fn command(&mut self) -> Result<Command, ParseError> {
        let word = self.cursor.peek();
        let command = if is_client(word) {
            self.operation()?
        } else {
            self.choose("a client such as C1, or a command:", COMMANDS)?
        };
        self.fitting(word, command, Command::protocol)
    }

    pub(crate) fn operation(&mut self) -> Result<Command, ParseError> {
        let word = self.word();
        let client = self.cast().client(word)?;
        let operation = self.choose("what the client does:", OPERATIONS)?;
        let (via, within) = (self.via()?, self.within()?);
        Ok(Command::Client {
            client,
            operation,
            via,
            within,
        })
    }

    /// Behind `drop`: `m17`, `AppendEntries S1->S2`, `message S1->S2`
    pub(crate) fn handle(&mut self, handling: Handling) -> Result<Command, ParseError> {
        let word = self.word();
        if let Some(message) = values::message(word) {
            return Ok(Command::Handle(handling, message));
        }
        let protocol = self.protocol();
        let kinds = || {
            PacketKind::ALL
                .into_iter()
                .filter(move |kind| kind.is_of(protocol))
        };
        let kind = kinds().find(|kind| kind.name() == word.text);
        if kind.is_none() && word.text != ANY_MESSAGE {
            let names = || kinds().map(PacketKind::name);
            return Err(word.unknown(
                format!(
                    "a message such as m17, or its kind: {}",
                    list(names().chain([ANY_MESSAGE]))
                ),
                names().chain([ANY_MESSAGE]),
            ));
        }
        let Link { from, to } = self.link()?;
        Ok(Command::Plan(Plan {
            handling,
            kind,
            from,
            to,
        }))
    }

    /// `get x`, `get x lease`
    pub(crate) fn get(&mut self) -> Result<Operation, ParseError> {
        let key = self.key()?;
        let modes = READS
            .iter()
            .filter_map(|(name, _)| (*name != "log").then_some(*name));
        let named = modes.clone().any(|name| name == self.cursor.peek().text);
        if named && let Some(mode) = self.choose("a way to read:", READS)? {
            return Ok(Operation::Read { key, mode });
        }
        self.cursor.possible(modes);
        Ok(Operation::Get { key })
    }

    pub(crate) fn load(&mut self) -> Result<Command, ParseError> {
        let word = self.word();
        let client = self.cast().client(word)?;
        let Some(kind) = self.choose("what the client does:", LOADS)? else {
            return Ok(Command::LoadStop(client));
        };
        let load = Load {
            kind,
            pace: self.choose("a pace:", PACES)?,
            keys: self.keys()?,
            via: self.via()?,
            within: self.within()?,
        };
        Ok(Command::Load { client, load })
    }

    /// The optional `queue 100`.
    fn queue(&mut self) -> Result<u32, ParseError> {
        match self.cursor.keyword("queue") {
            true => values::small_number(self.word(), 1..=limits::QUEUE),
            false => Ok(1),
        }
    }

    /// The optional `on x` or `of 10 keys`.
    fn keys(&mut self) -> Result<Keys, ParseError> {
        if self.cursor.keyword("on") {
            return self.key().map(Keys::One);
        }
        if !self.cursor.keyword("of") {
            return Ok(Keys::InTurn);
        }
        let count = values::small_number(self.word(), 1..=limits::KEYS)?;
        match self.cursor.keyword("keys") {
            true => Ok(Keys::Of(count)),
            false => Err(self.word().unexpected("keys")),
        }
    }

    pub(crate) fn say(&mut self) -> Result<Command, ParseError> {
        let (text, word) = self.cursor.quoted()?;
        Ok(Command::Say(limited(word, &text, limits::SAY)?.into()))
    }

    pub(crate) fn groups(&mut self) -> Result<Vec<Vec<Endpoint>>, ParseError> {
        let cast = self.cast();
        let mut named = Vec::new();
        let mut groups = Vec::new();
        loop {
            groups.push(self.list(&mut named, |word| cast.endpoint(word))?);
            match self.cursor.peek().text {
                "|" => drop(self.word()),
                _ if groups.len() == 1 => {
                    return Err(self.word().unexpected("| and who is on the other side"));
                }
                _ => return Ok(groups),
            }
        }
    }

    /// `transfer S1->S2`
    pub(crate) fn transfer(&mut self) -> Result<Command, ParseError> {
        let word = self.word();
        let cast = Cast {
            clients: 0,
            ..self.cast()
        };
        match cast.link(word)? {
            Link {
                from: Endpoint::Server(from),
                to: Endpoint::Server(to),
            } => Ok(Command::Transfer(from, to)),
            _ => Err(word.unexpected("two servers, such as S1->S2")),
        }
    }

    /// The optional `via S1` behind a change.
    pub(crate) fn change(&mut self, change: Change) -> Result<Command, ParseError> {
        let via = self.via()?;
        Ok(Command::Change { change, via })
    }

    pub(crate) fn via(&mut self) -> Result<Option<NodeId>, ParseError> {
        match self.cursor.keyword("via") {
            true => self.server().map(Some),
            false => Ok(None),
        }
    }

    /// The optional `within 500ms` behind what a client does.
    fn within(&mut self) -> Result<Option<Duration>, ParseError> {
        match self.cursor.keyword("within") {
            true => self.time(&limits::CLIENT).map(Some),
            false => Ok(None),
        }
    }
}
