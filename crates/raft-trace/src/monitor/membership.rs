//! Any majority of a configuration has a server in common with any majority of the next (§6, thesis 4.1, 4.3).
//!
//! That each differs little from the one before it in its log is not enough: two leaders may have put different ones behind the same.
//! So a leader begins no change before the last one is committed, and something of its own term: then whatever other leaders put there
//! is out of the race.

use super::Server;
use crate::chain::Chain;
use crate::{Event, Evidence};
use raft_core::{Append, Configuration, Index, NodeId, Payload, Role, SortedMap};
use std::sync::Arc;

/// Follows which configurations stand in logs, and judges those that leaders put there.
#[derive(Clone, Debug, Default)]
pub(super) struct Membership {
    initial: Arc<Configuration>,
    /// Every configuration that ever stood in a log, by the index of its entry and the hash of the log so far.
    entries: Arc<SortedMap<(Index, u64), Arc<Configuration>>>,
    /// A leader that leaves a joint configuration writes the next one just before it says that the joint one is committed.
    suspect: Option<Suspect>,
    /// The joint configuration that a leader leaves by the commit that is this event.
    left: Option<Arc<Configuration>>,
}

/// A change that is too early unless the next event is that this server committed so far.
#[derive(Clone, Debug)]
struct Suspect {
    server: NodeId,
    joint: Placed,
    evidence: Evidence,
}

/// A configuration, and where its entry is; 0 for the one that the cluster began with.
pub(super) type Placed = (Index, Arc<Configuration>);

impl Membership {
    /// The last configuration of a log before an index.
    pub(super) fn before(&self, index: Index, log: &Chain) -> Placed {
        let earlier = self.entries.back_from(&(index.prev(), u64::MAX));
        let mut there = earlier.filter(|((at, hash), _)| log.get(*at).is_some_and(|link| link.hash == *hash));
        match there.next() {
            Some(((at, _), configuration)) => (*at, configuration.clone()),
            None => (Index(0), self.initial.clone()),
        }
    }

    /// By which configuration a server counts that has this log: the last one in it.
    pub(super) fn last(&self, log: &Chain) -> Arc<Configuration> {
        self.before(log.last_index().next(), log).1
    }

    /// By which it counted instead for the commit that is this event: a joint one that it left by it.
    pub(super) fn left(&mut self) -> Option<Arc<Configuration>> {
        self.left.take()
    }

    /// The cluster begins with this many voters.
    pub(super) fn begin(&mut self, voters: u32) {
        let voters: Vec<NodeId> = (1..=voters).map(NodeId).collect();
        self.initial = Arc::new(Configuration::of(&voters));
    }

    /// Whether the next event decides about a change.
    pub(super) fn waits(&self) -> bool {
        self.suspect.is_some()
    }

    /// That event has come.
    pub(super) fn next(&mut self, event: &Event) -> Option<Evidence> {
        let Suspect {
            server,
            joint: (needs, joint),
            evidence,
        } = self.suspect.take()?;
        match event {
            Event::Committed { server: by, through } if *by == server && *through >= needs => {
                self.left = Some(joint);
                None
            }
            _ => Some(evidence),
        }
    }

    /// A server, which has committed so far, appends these.
    pub(super) fn append(
        &mut self,
        id: NodeId,
        append: &Append,
        server: &Server,
        committed: Index,
    ) -> Option<Evidence> {
        let mut found = None;
        for (entry, index) in append.entries.iter().zip((append.first.0..).map(Index)) {
            let Payload::Configuration(configuration) = &entry.payload else {
                continue;
            };
            if server.role == Role::Leader {
                found = found.or_else(|| self.judge(id, server, (index, configuration.clone()), committed));
            }
            if let Some(link) = server.log.get(index) {
                Arc::make_mut(&mut self.entries).insert((index, link.hash), configuration.clone());
            }
        }
        found
    }

    /// A leader, which has committed so far, puts this configuration into its log.
    fn judge(
        &mut self,
        leader: NodeId,
        server: &Server,
        placed: Placed,
        committed: Index,
    ) -> Option<Evidence> {
        let Server { term, ref log, .. } = *server;
        let (index, after) = placed;
        let (pending, before) = self.before(index, log);
        if before.voters == after.voters && before.outgoing == after.outgoing {
            return None; // who learns has no vote
        }
        if !overlap(&before, &after) {
            return Some(Evidence::MajoritiesApart {
                leader,
                index,
                before,
                after,
            });
        }
        let own_term = log.get(committed).is_some_and(|link| link.term == term);
        if pending <= committed && own_term {
            return None;
        }
        let evidence = Evidence::ChangedTooEarly {
            leader,
            term,
            index,
            pending: (pending > committed).then_some(pending),
        };
        if !before.is_joint() {
            return Some(evidence);
        }
        self.suspect = Some(Suspect {
            server: leader,
            joint: (pending, before),
            evidence,
        });
        None
    }
}

/// Whether any majority of the one has a server in common with any majority of the other. Of a joint configuration both majorities have
/// to agree: one of them is enough here.
fn overlap(a: &Configuration, b: &Configuration) -> bool {
    let lists = |c: &Configuration| [c.voters.clone(), c.outgoing.clone()];
    let [of_a, of_b] = [lists(a), lists(b)];
    of_a.iter().any(|x| of_b.iter().any(|y| majorities_meet(x, y)))
}

/// Two majorities that avoid one another take whom they can from outside the other list, and share those in both between them.
fn majorities_meet(a: &[NodeId], b: &[NodeId]) -> bool {
    let common = a.iter().filter(|id| b.contains(id)).count();
    let of_common = |list: &[NodeId]| (list.len() / 2 + 1).saturating_sub(list.len() - common);
    !a.is_empty() && !b.is_empty() && of_common(a) + of_common(b) > common
}

#[cfg(test)]
mod tests {
    use super::majorities_meet;
    use raft_core::NodeId;

    /// The same by trying all of them.
    fn meet(a: u32, b: u32) -> bool {
        let majority = |some: u32, all: u32| some & !all == 0 && 2 * some.count_ones() > all.count_ones();
        let all = 0..1u32 << 6;
        a != 0
            && b != 0
            && all
                .clone()
                .filter(|x| majority(*x, a))
                .all(|x| all.clone().filter(|y| majority(*y, b)).all(|y| x & y != 0))
    }

    #[test]
    fn majorities_meet_exactly_when_no_two_of_them_are_apart() {
        let list =
            |set: u32| -> Vec<NodeId> { (0..6).filter(|bit| set & 1 << bit != 0).map(NodeId).collect() };
        for a in 0..1u32 << 6 {
            // The names do not matter: what counts is how many are in the one, in the other, in both.
            for b in (0..=6).flat_map(|n| (0..=6 - n).map(move |at| ((1u32 << n) - 1) << at)) {
                assert_eq!(majorities_meet(&list(a), &list(b)), meet(a, b), "{a:b} {b:b}");
            }
        }
    }
}
