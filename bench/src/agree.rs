//! The same schedules for several implementations, which have to agree after every step.
//!
//! What they say to one another differs, and what they have to say. So a step is something that happens to the cluster, and what follows
//! from it is whatever they do until nothing changes any more, heartbeats included. Within a step the order of messages must not matter;
//! that is why links heal one by one, and why nobody stands for election where a later term is in reach.

use crate::network::Cluster;
use crate::{Command, Durable, Server, View, command};
use std::collections::BTreeSet;

/// What can happen. Servers are counted from 1.
#[derive(Clone, Debug)]
pub enum Step {
    /// An election timeout runs out. What goes over these links (from, to) meanwhile is lost.
    Elect(u64, Vec<(u64, u64)>),
    /// A client proposes so many commands. What goes over these links meanwhile is lost.
    Propose(u64, u64, Vec<(u64, u64)>),
    /// A link breaks, both ways.
    Cut(u64, u64),
    /// A link heals, both ways.
    Heal(u64, u64),
    /// A server crashes and starts from its disk.
    Restart(u64),
    /// A client of the leader asks for a linearizable read.
    Read(u64),
}

/// A cluster of one implementation, seen from outside.
pub trait Cast {
    fn name(&self) -> &'static str;
    fn take(&mut self, step: &Step);
    fn views(&self) -> Vec<View>;
    /// For whom each server voted in its term.
    fn votes(&self) -> Vec<Option<u64>>;
    /// How many reads each server has answered.
    fn reads(&self) -> Vec<u64>;
}

/// A cluster and how many commands were proposed to it.
struct Stage<S: Server> {
    cluster: Cluster<S>,
    proposed: u64,
}

/// A cluster of this implementation, started from these disks.
#[must_use]
pub fn cast<S: Server + 'static>(disks: &[Durable]) -> Box<dyn Cast> {
    let cluster = Cluster::<S>::from_disks(disks);
    Box::new(Stage { cluster, proposed: 0 })
}

impl<S: Server> Cast for Stage<S> {
    fn name(&self) -> &'static str {
        S::NAME
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Elect(id, lossy) => self.over_lossy(lossy, |cluster| cluster.with(*id, S::campaign)),
            Step::Propose(id, count, lossy) => {
                let commands: Vec<Command> = (1..=*count).map(|n| command(self.proposed + n)).collect();
                self.proposed += count;
                self.over_lossy(lossy, |cluster| cluster.propose(*id, &commands));
            }
            Step::Cut(a, b) => {
                self.cluster.lose(*a, *b);
                self.cluster.lose(*b, *a);
            }
            Step::Heal(a, b) => {
                self.cluster.restore(*a, *b);
                self.cluster.restore(*b, *a);
            }
            Step::Restart(id) => self.cluster.server(*id).restart(),
            Step::Read(id) => self.cluster.with(*id, S::read),
        }
        self.settle();
    }

    fn views(&self) -> Vec<View> {
        self.cluster.views()
    }

    fn votes(&self) -> Vec<Option<u64>> {
        self.cluster.servers.iter().map(S::voted_for).collect()
    }

    fn reads(&self) -> Vec<u64> {
        self.cluster.servers.iter().map(S::reads).collect()
    }
}

impl<S: Server> Stage<S> {
    fn over_lossy(&mut self, lossy: &[(u64, u64)], act: impl FnOnce(&mut Cluster<S>)) {
        let whole: Vec<_> = lossy
            .iter()
            .filter(|(from, to)| self.cluster.carries(*from, *to))
            .collect();
        whole.iter().for_each(|(from, to)| self.cluster.lose(*from, *to));
        act(&mut self.cluster);
        self.cluster.deliver();
        whole
            .iter()
            .for_each(|(from, to)| self.cluster.restore(*from, *to));
    }

    /// Heartbeats of all leaders, the latest first, until they change nothing.
    fn settle(&mut self) {
        loop {
            let before = self.views();
            let mut leaders: Vec<_> = (1..).zip(&before).filter(|(_, view)| view.leads).collect();
            leaders.sort_by_key(|(_, view)| std::cmp::Reverse(view.term));
            for (id, _) in leaders {
                self.cluster.beat(id);
                self.cluster.beat(id); // one finds out, the next tells
            }
            if self.views() == before {
                return;
            }
        }
    }
}

/// A splitmix64 generator.
pub struct Dice(pub u64);

impl Dice {
    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end
    }
}

/// A random schedule that goes on from what the servers have come to.
pub struct Schedule {
    dice: Dice,
    servers: u64,
    cut: BTreeSet<(u64, u64)>,
    /// Whether steps are left out that noraft 0.4.0 does not have, reads, and those in which it departs from the paper: it compares the lengths of logs, not their last terms,
    /// before it votes (§5.4.1), and in a term in which it voted for somebody else, itself included, it does not listen to the leader (§5.2).
    spare_noraft: bool,
}

impl Schedule {
    #[must_use]
    pub fn new(seed: u64, servers: u64, spare_noraft: bool) -> Schedule {
        Schedule {
            dice: Dice(seed),
            servers,
            cut: BTreeSet::new(),
            spare_noraft,
        }
    }

    /// What happens next, to servers that look like this and voted like this in their terms.
    pub fn next(&mut self, views: &[View], votes: &[Option<u64>]) -> Step {
        loop {
            let id = 1 + self.dice.below(self.servers);
            let view = &views[id as usize - 1];
            match self.dice.below(if self.spare_noraft { 12 } else { 13 }) {
                0..=2 if self.may_stand(id, views) => return Step::Elect(id, self.lossy()),
                3..=7 if view.leads => return Step::Propose(id, 1 + self.dice.below(4), self.lossy()),
                8 => return Step::Restart(id),
                12 if view.leads => return Step::Read(id),
                9 | 10 => {
                    let link = self.link();
                    if self.cut.insert(link) {
                        return Step::Cut(link.0, link.1);
                    }
                }
                11 if !self.cut.is_empty() => {
                    let nth = self.dice.below(self.cut.len() as u64) as usize;
                    let link = *self.cut.iter().nth(nth).expect("there are more");
                    if self.may_meet(link, views, votes) {
                        self.cut.remove(&link);
                        return Step::Heal(link.0, link.1);
                    }
                }
                _ => {}
            }
        }
    }

    /// The links still cut.
    #[must_use]
    pub fn cut(&self) -> &BTreeSet<(u64, u64)> {
        &self.cut
    }

    fn may_stand(&self, id: u64, views: &[View]) -> bool {
        let own = &views[id as usize - 1];
        let in_reach = (1..)
            .zip(views)
            .filter(|(peer, _)| *peer != id && !self.cut.contains(&pair(id, *peer)));
        !own.leads
            && in_reach.into_iter().all(|(_, peer)| {
                let by_length = own.log.len() >= peer.log.len();
                peer.term <= own.term
                    && (!self.spare_noraft || by_length == (own.log_end() >= peer.log_end()))
            })
    }

    fn may_meet(&self, (a, b): (u64, u64), views: &[View], votes: &[Option<u64>]) -> bool {
        let deaf = |leader: u64, other: u64| {
            let (led, other_view) = (&views[leader as usize - 1], &views[other as usize - 1]);
            let vote = votes[other as usize - 1];
            led.leads && led.term == other_view.term && vote.is_some_and(|vote| vote != leader)
        };
        !self.spare_noraft || !(deaf(a, b) || deaf(b, a))
    }

    fn link(&mut self) -> (u64, u64) {
        let a = 1 + self.dice.below(self.servers);
        let b = 1 + (a + self.dice.below(self.servers - 1)) % self.servers;
        pair(a, b)
    }

    /// Mostly none; else some directions of some links.
    fn lossy(&mut self) -> Vec<(u64, u64)> {
        if self.dice.below(3) > 0 {
            return Vec::new();
        }
        let count = 1 + self.dice.below(self.servers);
        let mut one_way = || {
            let (a, b) = self.link();
            if self.dice.below(2) == 0 { (a, b) } else { (b, a) }
        };
        (0..count).map(|_| one_way()).collect()
    }
}

fn pair(a: u64, b: u64) -> (u64, u64) {
    (a.min(b), a.max(b))
}
