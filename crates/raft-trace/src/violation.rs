//! How a property was broken.

use crate::linearizability::Anomaly;
use crate::{ClientId, OpId, Property, Seq, TwoPhaseEvidence, WorldTime};
use raft_core::{Configuration, Index, NodeId, Term};
use serde::Serialize;
use std::fmt;
use std::sync::Arc;

/// A broken property. As text it is one sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Violation {
    /// The event that broke it.
    pub seq: Seq,
    /// When.
    #[serde(rename = "atUs")]
    pub at: WorldTime,
    /// How.
    pub evidence: Evidence,
}

/// Who did what against a property.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all_fields = "camelCase")]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub enum Evidence {
    /// Against [`Property::ElectionSafety`].
    TwoLeaders {
        /// Of which term.
        term: Term,
        /// The one before.
        first: NodeId,
        /// The one now.
        second: NodeId,
    },
    /// Against [`Property::LeaderAppendOnly`].
    LeaderRewrote {
        /// Who.
        leader: NodeId,
        /// In which term it leads.
        term: Term,
        /// The first entry it changed or removed.
        from: Index,
        /// Where its log ended before.
        last_index: Index,
    },
    /// Against [`Property::LogMatching`].
    LogsDiffer {
        /// Whose log now holds an entry …
        server: NodeId,
        /// … here …
        index: Index,
        /// … of this term, as another log did, though the two differ here or before.
        term: Term,
        /// Whose log was the first to hold one there.
        other: NodeId,
    },
    /// Against [`Property::LeaderCompleteness`].
    LeaderLacks {
        /// Who leads.
        leader: NodeId,
        /// In which term.
        term: Term,
        /// The first committed entry that its log lacks.
        index: Index,
        /// That entry's own term.
        entry_term: Term,
        /// In which term it was committed.
        committed_in: Term,
        /// By whom first.
        by: NodeId,
    },
    /// Against [`Property::StateMachineSafety`].
    CommittedDiffers {
        /// Who commits or applies …
        server: NodeId,
        /// … here …
        index: Index,
        /// … the entry of this term, or what it does not have …
        term: Option<Term>,
        /// … where this server was the first to commit …
        other: NodeId,
        /// … an entry of this term.
        other_term: Term,
    },
    /// Against [`Property::Durability`].
    TermForgotten {
        /// Whose disk …
        server: NodeId,
        /// … though it told others of this term …
        told: Term,
        /// … has only this one.
        #[serde(rename = "onDisk")]
        on_disk: Term,
    },
    /// Against [`Property::Durability`].
    VoteForgotten {
        /// Whose disk knows nothing of the vote that it gave …
        server: NodeId,
        /// … in this term …
        term: Term,
        /// … to this candidate.
        candidate: NodeId,
    },
    /// Against [`Property::Durability`].
    EntryForgotten {
        /// Whose disk lacks what it acknowledged: the entry …
        server: NodeId,
        /// … here …
        index: Index,
        /// … of this term, or one before it.
        term: Term,
    },
    /// Against [`Property::ReadFreshness`].
    ReadStale {
        /// Who answered …
        server: NodeId,
        /// … this client's …
        client: ClientId,
        /// … read …
        op: OpId,
        /// … having applied the log through here …
        applied: Index,
        /// … though through here it was acknowledged before.
        acknowledged: Index,
    },
    /// Against [`Property::Progress`].
    NoProgress {
        /// Since when.
        #[serde(rename = "sinceUs")]
        since: WorldTime,
        /// Who is up and connected.
        majority: Vec<NodeId>,
        /// Who of them leads to no avail.
        leader: Option<NodeId>,
    },
    /// Against [`Property::ExactlyOnce`].
    AppliedTwice {
        /// Who applies …
        server: NodeId,
        /// … of this client …
        client: ClientId,
        /// … the operation …
        op: OpId,
        /// … that took effect here …
        first: Index,
        /// … and does so here again.
        second: Index,
    },
    /// Against [`Property::MonotonicTerm`].
    TermWentBack {
        /// Who is …
        server: NodeId,
        /// … in this term …
        term: Term,
        /// … though it was in this one before.
        before: Term,
    },
    /// Against [`Property::OneVotePerTerm`].
    VotedTwice {
        /// Who gave its vote …
        server: NodeId,
        /// … in this term …
        term: Term,
        /// … to this candidate …
        first: NodeId,
        /// … and to this one.
        second: NodeId,
    },
    /// Against [`Property::MonotonicCommit`].
    CommitWentBack {
        /// Whose commit index fell, though it did not crash.
        server: NodeId,
        /// From here …
        from: Index,
        /// … to here.
        to: Index,
    },
    /// Against [`Property::MonotonicCommit`].
    CommittedRemoved {
        /// Who removed entries from its log …
        server: NodeId,
        /// … from here on …
        from: Index,
        /// … though it knew all through here to be committed.
        committed: Index,
    },
    /// Against [`Property::QuorumDurability`].
    NotOnDisks {
        /// Who takes for committed …
        server: NodeId,
        /// … what is here …
        index: Index,
        /// … and on so many disks only …
        disks: u32,
        /// … of so many voters.
        voters: u32,
    },
    /// Against [`Property::QuorumDurability`].
    LostFromDisk {
        /// Whose disk lost …
        server: NodeId,
        /// … what was committed through here, and is now …
        index: Index,
        /// … on so many disks only …
        disks: u32,
        /// … of so many voters.
        voters: u32,
    },
    /// Against [`Property::ConfigurationOverlap`].
    MajoritiesApart {
        /// Who leads, and put …
        leader: NodeId,
        /// … here …
        index: Index,
        /// … behind this configuration …
        before: Arc<Configuration>,
        /// … this one.
        after: Arc<Configuration>,
    },
    /// Against [`Property::ConfigurationOverlap`].
    ChangedTooEarly {
        /// Who leads …
        leader: NodeId,
        /// … in this term, and put a configuration …
        term: Term,
        /// … here …
        index: Index,
        /// … before the one here was committed; or, if none waits, before anything of its term was.
        pending: Option<Index>,
    },
    /// Against what two-phase commit promises.
    TwoPhase {
        /// What.
        what: TwoPhaseEvidence,
    },
    /// Against [`Property::Linearizability`].
    NotLinearizable {
        /// Why.
        because: Box<Anomaly>,
    },
}

impl Violation {
    /// Which property.
    #[must_use]
    pub fn property(&self) -> Property {
        match self.evidence {
            Evidence::TwoPhase { ref what } => what.property(),
            Evidence::TwoLeaders { .. } => Property::ElectionSafety,
            Evidence::LeaderRewrote { .. } => Property::LeaderAppendOnly,
            Evidence::LogsDiffer { .. } => Property::LogMatching,
            Evidence::LeaderLacks { .. } => Property::LeaderCompleteness,
            Evidence::CommittedDiffers { .. } => Property::StateMachineSafety,
            Evidence::TermForgotten { .. }
            | Evidence::VoteForgotten { .. }
            | Evidence::EntryForgotten { .. } => Property::Durability,
            Evidence::ReadStale { .. } => Property::ReadFreshness,
            Evidence::NoProgress { .. } => Property::Progress,
            Evidence::AppliedTwice { .. } => Property::ExactlyOnce,
            Evidence::TermWentBack { .. } => Property::MonotonicTerm,
            Evidence::VotedTwice { .. } => Property::OneVotePerTerm,
            Evidence::CommitWentBack { .. } | Evidence::CommittedRemoved { .. } => Property::MonotonicCommit,
            Evidence::NotOnDisks { .. } | Evidence::LostFromDisk { .. } => Property::QuorumDurability,
            Evidence::MajoritiesApart { .. } | Evidence::ChangedTooEarly { .. } => {
                Property::ConfigurationOverlap
            }
            Evidence::NotLinearizable { .. } => Property::Linearizability,
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is broken: {}", self.property(), self.evidence)
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Evidence::TwoPhase { what } => what.fmt(f),
            Evidence::TwoLeaders { term, first, second } => {
                write!(
                    f,
                    "{second} became leader of term {}, whose leader was {first}.",
                    term.0
                )
            }
            Evidence::LeaderRewrote {
                leader,
                term,
                from,
                last_index,
            } => write!(
                f,
                "{leader}, leader of term {}, changed its log from index {} on, which ended at {}.",
                term.0, from.0, last_index.0
            ),
            Evidence::LogsDiffer {
                server,
                index,
                term,
                other,
            } => write!(
                f,
                "{server} holds an entry of term {} at index {}, as {other} did, but their logs differ there or before.",
                term.0, index.0
            ),
            Evidence::LeaderLacks {
                leader,
                term,
                index,
                entry_term,
                committed_in,
                by,
            } => write!(
                f,
                "{leader} leads term {} without the entry of term {} at index {}, which {by} committed in term {}.",
                term.0, entry_term.0, index.0, committed_in.0
            ),
            Evidence::CommittedDiffers {
                server,
                index,
                term,
                other,
                other_term,
            } => {
                write!(
                    f,
                    "at index {} {other} committed an entry of term {}, but {server} ",
                    index.0, other_term.0
                )?;
                match term {
                    Some(term) if term != other_term => write!(f, "commits one of term {}.", term.0),
                    Some(_) => f.write_str("commits another."),
                    None => f.write_str("commits without having one there."),
                }
            }
            other => other.of_promises(f),
        }
    }
}

impl Evidence {
    fn of_promises(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Evidence::ReadStale {
                server,
                client,
                applied,
                acknowledged,
                ..
            } => write!(
                f,
                "{server} answered {client}'s read as of index {}, though index {} had been acknowledged before.",
                applied.0, acknowledged.0
            ),
            Evidence::NoProgress {
                since,
                majority,
                leader,
            } => {
                let names: Vec<String> = majority.iter().map(ToString::to_string).collect();
                write!(f, "{} are up and connected, ", names.join(", "))?;
                match leader {
                    Some(leader) => write!(f, "{leader} leads, and no client is served ")?,
                    None => f.write_str("and none of them leads ")?,
                }
                write!(f, "since {} ms.", since.0 / 1_000)
            }
            Evidence::AppliedTwice {
                server,
                client,
                first,
                second,
                ..
            } => write!(
                f,
                "{server} applies at index {} an operation of {client} that took effect at index {} already.",
                second.0, first.0
            ),
            other => other.of_servers(f),
        }
    }

    /// What a single server did.
    fn of_servers(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Evidence::TermForgotten {
                server,
                told,
                on_disk,
            } => write!(
                f,
                "{server} told others of term {}, but its disk has term {}.",
                told.0, on_disk.0
            ),
            Evidence::VoteForgotten {
                server,
                term,
                candidate,
            } => write!(
                f,
                "{server} voted for {candidate} in term {}, but its disk knows nothing of it.",
                term.0
            ),
            Evidence::EntryForgotten { server, index, term } => write!(
                f,
                "{server} acknowledged the log through the entry of term {} at index {}, but its disk does not hold all of it.",
                term.0, index.0
            ),
            Evidence::TermWentBack { server, term, before } => write!(
                f,
                "{server} is in term {}, though it was in term {} before.",
                term.0, before.0
            ),
            Evidence::VotedTwice {
                server,
                term,
                first,
                second,
            } => write!(
                f,
                "{server} voted for {first} and for {second} in term {}.",
                term.0
            ),
            Evidence::CommitWentBack { server, from, to } => write!(
                f,
                "what {server} knows to be committed went back from index {} to {}.",
                from.0, to.0
            ),
            Evidence::CommittedRemoved {
                server,
                from,
                committed,
            } => write!(
                f,
                "{server} removed its log from index {} on, though it knew everything through {} to be committed.",
                from.0, committed.0
            ),
            other => other.of_majorities(f),
        }
    }

    /// What concerns the cluster as a whole.
    fn of_majorities(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Evidence::NotOnDisks {
                server,
                index,
                disks,
                voters,
            } => write!(
                f,
                "{server} takes index {} for committed, which is on {disks} of {voters} disks.",
                index.0
            ),
            Evidence::LostFromDisk {
                server,
                index,
                disks,
                voters,
            } => write!(
                f,
                "index {} is committed, but since {server} lost it it is on {disks} of {voters} disks.",
                index.0
            ),
            Evidence::MajoritiesApart {
                leader,
                index,
                before,
                after,
            } => {
                write!(f, "{leader} lets ")?;
                voters(before, f)?;
                f.write_str(" be followed by ")?;
                voters(after, f)?;
                write!(
                    f,
                    " at index {}: they have majorities without a server in common.",
                    index.0
                )
            }
            Evidence::ChangedTooEarly {
                leader,
                term,
                index,
                pending,
            } => {
                write!(f, "{leader} changes the voters at index {} before ", index.0)?;
                match pending {
                    Some(pending) => write!(f, "the change at index {} is committed.", pending.0),
                    None => write!(f, "anything of its term {} is committed.", term.0),
                }
            }
            Evidence::NotLinearizable { because } => write!(f, "{because}"),
            _ => Ok(()),
        }
    }
}

/// `S1, S2, S3`; of a joint configuration also those before the change.
fn voters(configuration: &Configuration, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let names = |list: &[NodeId]| {
        list.iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", ")
    };
    f.write_str(&names(&configuration.voters))?;
    if configuration.is_joint() {
        write!(f, " (with {})", names(&configuration.outgoing))?;
    }
    Ok(())
}
