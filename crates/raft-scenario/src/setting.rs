//! What can be set: the words behind `set`.

use crate::parse::{Parser, Words};
use crate::{Contact, DiskManner, ParseError, Rate, Setting, limits, values};
use raft_core::{ReadMode, Repair};

pub(crate) const SETTINGS: &Words<Setting> = &[
    ("election-timeout", |p| {
        Ok(Setting::ElectionTimeout(p.span(&limits::TIMER)?))
    }),
    ("heartbeat", |p| Ok(Setting::Heartbeat(p.time(&limits::TIMER)?))),
    ("max-entries", |p| {
        Ok(Setting::MaxEntries(values::small_number(
            p.word(),
            1..=limits::MAX_ENTRIES,
        )?))
    }),
    ("inflight", |p| {
        Ok(Setting::Inflight(values::small_number(
            p.word(),
            1..=limits::INFLIGHT,
        )?))
    }),
    ("repair", |p| {
        p.choose("a way of repair:", REPAIRS).map(Setting::Repair)
    }),
    ("pre-vote", |p| p.on_off().map(Setting::PreVote)),
    ("snapshot-every", |p| p.snapshot_every()),
    ("check-quorum", |p| p.on_off().map(Setting::CheckQuorum)),
    ("stickiness", |p| p.on_off().map(Setting::Stickiness)),
    ("drift-bound", |p| {
        values::share(p.word()).map(Setting::DriftBound)
    }),
    ("reads", |p| p.choose("a way to read:", READS).map(Setting::Reads)),
    ("vote-timeout", |p| {
        Ok(Setting::VoteTimeout(p.time(&limits::TIMER)?))
    }),
    ("ask-again", |p| Ok(Setting::AskAgain(p.time(&limits::TIMER)?))),
    ("cooperative-termination", |p| {
        p.on_off().map(Setting::Cooperative)
    }),
    ("client-timeout", |p| {
        Ok(Setting::ClientTimeout(p.time(&limits::CLIENT)?))
    }),
    ("client-retry", |p| {
        Ok(Setting::ClientRetry(match p.cursor.keyword("never") {
            true => None,
            false => Some(p.time(&limits::CLIENT)?),
        }))
    }),
    ("contact", |p| {
        p.choose("whom a client asks first:", CONTACTS)
            .map(Setting::Contact)
    }),
    ("latency", |p| {
        Ok(Setting::Latency(p.optional_link()?, p.span(&limits::LATENCY)?))
    }),
    ("loss", |p| {
        Ok(Setting::Loss(p.optional_link()?, values::share(p.word())?))
    }),
    ("duplicate", |p| {
        Ok(Setting::Duplicate(p.optional_link()?, values::share(p.word())?))
    }),
    ("bandwidth", |p| {
        Ok(Setting::Bandwidth(p.optional_link()?, p.rate()?))
    }),
    ("write", |p| {
        Ok(Setting::Write(p.optional_server()?, p.span(&limits::DISK)?))
    }),
    ("fsync", |p| {
        Ok(Setting::Fsync(p.optional_server()?, p.span(&limits::DISK)?))
    }),
    ("disk", |p| {
        let server = p.server()?;
        p.choose("what the disk does:", DISKS)
            .map(|manner| Setting::Disk(server, manner))
    }),
    ("torn-writes", |p| p.on_off().map(Setting::TornWrites)),
    ("drift", |p| {
        Ok(Setting::Drift(p.server()?, values::drift(p.word())?))
    }),
];

pub(crate) const DISKS: &Words<DiskManner> = &[
    ("honest", |_| Ok(DiskManner::Honest)),
    ("lies", |_| Ok(DiskManner::Lies)),
    ("full", |_| Ok(DiskManner::Full)),
];

pub(crate) const REPAIRS: &Words<Repair> = &[
    ("step-back", |_| Ok(Repair::StepBack)),
    ("conflict-hint", |_| Ok(Repair::ConflictHint)),
];

pub(crate) const CONTACTS: &Words<Contact> = &[
    ("leader", |_| Ok(Contact::Leader)),
    ("random", |_| Ok(Contact::Random)),
];

pub(crate) const READS: &Words<Option<ReadMode>> = &[
    ("log", |_| Ok(None)),
    ("stale", |_| Ok(Some(ReadMode::Stale))),
    ("leader-local", |_| Ok(Some(ReadMode::LeaderLocal))),
    ("read-index", |_| Ok(Some(ReadMode::ReadIndex))),
    ("lease", |_| Ok(Some(ReadMode::Lease))),
];

pub(crate) const ON_OFF: &Words<bool> = &[("on", |_| Ok(true)), ("off", |_| Ok(false))];

impl Parser<'_> {
    pub(crate) fn snapshot_every(&mut self) -> Result<Setting, ParseError> {
        if self.cursor.keyword("never") {
            return Ok(Setting::SnapshotEvery(None));
        }
        let entries = values::small_number(self.word(), 1..=limits::SNAPSHOT_EVERY)?;
        Ok(Setting::SnapshotEvery(Some(entries)))
    }

    pub(crate) fn rate(&mut self) -> Result<Option<Rate>, ParseError> {
        if self.cursor.keyword("unlimited") {
            return Ok(None);
        }
        values::rate(self.word()).map(Some)
    }

    pub(crate) fn on_off(&mut self) -> Result<bool, ParseError> {
        self.choose("one of", ON_OFF)
    }
}
