//! What servers promise each other holds beyond a crash (thesis 3.8): a term once told, a vote once given, an entry once counted.

use crate::chain::Link;
use crate::{Event, Evidence, Packet};
use raft_core::{Body, Configuration, Index, Message, NodeId, Note, Role, Term};

/// Follows what each server told the others.
#[derive(Clone, Debug, Default)]
pub(crate) struct Promises {
    servers: Vec<Server>,
}

#[derive(Clone, Debug, Default)]
struct Server {
    /// The latest term it told anybody.
    told: Term,
    /// The latest term in which it gave its vote away, and to whom.
    vote: Option<(Term, NodeId)>,
    /// The configuration it goes by.
    configuration: Configuration,
    role: Role,
    commit_index: Index,
}

impl Promises {
    pub(crate) fn begin(&mut self, servers: u32, voters: u32) {
        let configuration = Configuration {
            voters: (1..=voters).map(NodeId).collect(),
            ..Configuration::default()
        };
        let server = Server {
            configuration,
            ..Server::default()
        };
        self.servers = vec![server; servers as usize];
    }

    /// Judges one event. `durable` says what a server has on its disk at an index.
    pub(crate) fn observe(
        &mut self,
        event: &Event,
        voters: u32,
        durable: impl Fn(NodeId, Index) -> Option<Link>,
        log: impl Fn(NodeId, Index) -> Option<Link>,
    ) -> Option<Evidence> {
        match event {
            Event::Began { servers, voters, .. } => self.begin(*servers, *voters),
            Event::Crashed { server } => {
                let server = self.server(*server);
                server.role = Role::Follower;
                server.commit_index = Index(0);
                server.configuration = Configuration {
                    voters: (1..=voters).map(NodeId).collect(),
                    ..Configuration::default()
                };
            }
            Event::Noted { server, note } => match note {
                Note::Became { role, .. } => self.server(*server).role = *role,
                Note::ConfigurationChanged { configuration, .. } => {
                    self.server(*server).configuration = (**configuration).clone();
                }
                _ => {}
            },
            Event::Sent {
                packet: Packet::Raft { message },
                ..
            } => return self.told(message),
            Event::Committed { server, through } => {
                let back = self.commit(*server, *through);
                return back.or_else(|| self.counted(*server, *through, durable, log));
            }
            Event::Restored { server, through } => return self.commit(*server, *through),
            _ => {}
        }
        None
    }

    fn told(&mut self, message: &Message) -> Option<Evidence> {
        let (id, term) = (message.from, message.term);
        let server = self.server(id);
        if term < server.told {
            let told = server.told;
            return Some(Evidence::TermWentBack {
                server: id,
                term,
                told,
            });
        }
        server.told = term;
        if let Body::RequestVoteReply { granted: true } = message.body {
            let second = message.to;
            match server.vote {
                Some((voted_in, first)) if voted_in == term && first != second => {
                    return Some(Evidence::VotedTwice {
                        server: id,
                        term,
                        first,
                        second,
                    });
                }
                _ => server.vote = Some((term, second)),
            }
        }
        None
    }

    fn commit(&mut self, id: NodeId, through: Index) -> Option<Evidence> {
        let server = self.server(id);
        let before = server.commit_index;
        server.commit_index = through;
        (through < before).then_some(Evidence::CommitWentBack {
            server: id,
            from: before,
            to: through,
        })
    }

    /// A leader counts: a majority has it on disk.
    fn counted(
        &mut self,
        id: NodeId,
        through: Index,
        durable: impl Fn(NodeId, Index) -> Option<Link>,
        log: impl Fn(NodeId, Index) -> Option<Link>,
    ) -> Option<Evidence> {
        let server = self.server(id);
        let entry = log(id, through)?;
        if server.role != Role::Leader {
            return None;
        }
        let has = |voter: &&NodeId| durable(**voter, through) == Some(entry);
        let configuration = &server.configuration;
        let missing = [&configuration.voters, &configuration.outgoing]
            .into_iter()
            .find(|voters| !voters.is_empty() && 2 * voters.iter().filter(has).count() <= voters.len())?;
        Some(Evidence::NotOnDisks {
            leader: id,
            index: through,
            disks: missing.iter().filter(has).count() as u32,
            voters: missing.len() as u32,
        })
    }

    fn server(&mut self, id: NodeId) -> &mut Server {
        &mut self.servers[(id.0 as usize).wrapping_sub(1)]
    }
}
