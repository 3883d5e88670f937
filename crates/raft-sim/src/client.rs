//! A client: one operation at a time, through a leader that it must find.

use crate::alarms::Alarm;
use crate::dice::Purpose;
use crate::load::Loads;
use crate::scenario::{Contact, Load, limits};
use crate::surroundings::Surroundings;
use raft_core::{Duration, NodeId, Rule};
use raft_trace::{
    ClientId, ClientState, Event, Invocation, OpId, Operation, Outcome, Packet, Reply, Request, Seq,
};
use std::collections::VecDeque;

/// How many operations can wait behind the current one. Any more are dropped.
const QUEUE: usize = limits::COMMANDS;

/// A client and what it is doing.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    id: ClientId,
    current: Option<Asking>,
    /// The last operation that ended, and how.
    last: Option<(Invocation, Outcome)>,
    /// What it will do next.
    waiting: VecDeque<Wish>,
    /// Whom it asked last; mostly that is the leader. `None` at first.
    contact: Option<NodeId>,
    /// How many operations it began.
    begun: u32,
    loads: Loads,
}

/// An operation that a client is to do.
#[derive(Clone, Debug)]
pub(crate) struct Wish {
    pub(crate) operation: Operation,
    /// Whom to ask first; else whom the settings say.
    pub(crate) via: Option<NodeId>,
    /// How long to try; else as long as the settings say.
    pub(crate) within: Option<Duration>,
}

/// An operation under way.
#[derive(Clone, Debug)]
struct Asking {
    invocation: Invocation,
    /// The servers know it for the same when it is asked for again, unless this differs.
    attempt: u32,
    /// Whether the contact owes an answer.
    awaiting: bool,
    /// How many requests were sent, and how many of them were refused.
    asked: u32,
    refused: u32,
    /// The network made copies: the counts say nothing about what may still be done.
    doubtful: bool,
}

impl Client {
    pub(crate) fn new(id: ClientId) -> Client {
        Client {
            id,
            current: None,
            last: None,
            waiting: VecDeque::new(),
            contact: None,
            begun: 0,
            loads: Loads::new(id),
        }
    }

    /// How many operations wait behind the current one.
    pub(crate) fn wishes(&self) -> u64 {
        self.waiting.len() as u64
    }

    /// What there is to see of it.
    #[inline]
    pub(crate) fn state(&self) -> ClientState {
        ClientState {
            id: self.id,
            current: self.current.as_ref().map(|asking| asking.invocation.clone()),
            waiting: self.waiting.len() as u32,
            last: self.last.clone(),
        }
    }

    /// Begins an operation, or puts it behind those that are waiting.
    pub(crate) fn invoke(&mut self, wish: Wish, cause: Option<Seq>, around: &mut Surroundings) {
        if self.current.is_none() {
            self.begin(wish, cause, around);
        } else if self.waiting.len() < QUEUE {
            let queued = Event::Queued {
                client: self.id,
                operation: wish.operation.clone(),
            };
            around.record(cause, queued);
            self.waiting.push_back(wish);
        }
    }

    /// Keeps asking from now on.
    pub(crate) fn start_load(&mut self, load: Load, around: &mut Surroundings) {
        self.loads.set(Some(load));
        around.alarms.stop(Alarm::Load(self.id));
        self.on_load(None, around);
    }

    /// Ends the load. What was begun goes on.
    pub(crate) fn stop_load(&mut self, around: &mut Surroundings) {
        self.loads.set(None);
        around.alarms.stop(Alarm::Load(self.id));
    }

    /// The load wants its next operation. By the clock it gets none while as many wait as may; after the last one, none while one is
    /// under way, whose end will bring the next.
    pub(crate) fn on_load(&mut self, cause: Option<Seq>, around: &mut Surroundings) {
        let busy = match self.loads.every() {
            Some((every, queue)) => {
                around.arm(Alarm::Load(self.id), every, None);
                self.waiting.len() >= queue as usize
            }
            None => self.current.is_some(),
        };
        if busy {
            return;
        }
        if let Some((operation, load)) = self.loads.next(around.dice) {
            let wish = Wish {
                operation,
                via: load.via,
                within: load.within,
            };
            self.invoke(wish, cause, around);
        }
    }

    /// A server answered. `copied`: the network made this answer out of another one.
    pub(crate) fn on_response(
        &mut self,
        from: NodeId,
        op: OpId,
        reply: Reply,
        copied: bool,
        cause: Seq,
        around: &mut Surroundings,
    ) {
        let Some(asking) = self.current.as_mut().filter(|a| a.invocation.op == op) else {
            return;
        };
        asking.doubtful |= copied;
        let hint = match reply {
            Reply::Done { value, tag } => return self.end(Outcome::Ok { value, tag }, Some(cause), around),
            Reply::Aborted => return self.end(Outcome::Failed, Some(cause), around),
            Reply::NotLeader { leader } => leader,
            Reply::NotCoordinator { coordinator } => Some(coordinator),
        };
        asking.refused += 1;
        if !asking.awaiting || self.contact != Some(from) {
            return; // the answer of one that was given up
        }
        asking.awaiting = false;
        match (hint, around.settings.client_retry) {
            (hint, None) => {
                // The next operation may have better luck.
                self.contact = hint.or(self.contact);
                self.give_up(Some(cause), around);
            }
            // This leads in no circle: who is sent on by a server hears of a later term than that of whoever sent it there.
            (Some(leader), Some(_)) => self.ask(leader, cause, around),
            (None, Some(retry)) => {
                around.arm(Alarm::Ask(self.id), Duration(retry.0 / 8), Some(cause));
            }
        }
    }

    /// The network made a copy of a request for this operation.
    pub(crate) fn copied(&mut self, op: OpId) {
        if let Some(asking) = self.current.as_mut().filter(|a| a.invocation.op == op) {
            asking.doubtful = true;
        }
    }

    /// Waited long enough, for an answer or after a refusal: asks the next server.
    pub(crate) fn on_ask(&mut self, cause: Option<Seq>, around: &mut Surroundings) {
        if let (Some(NodeId(last)), Some(cause)) = (self.contact, cause)
            && around.settings.client_retry.is_some()
        {
            self.ask(NodeId(last % around.servers + 1), cause, around);
        }
    }

    /// Gives the operation up. It has failed only if every request was refused and none was copied.
    pub(crate) fn give_up(&mut self, cause: Option<Seq>, around: &mut Surroundings) {
        let Some(asking) = &self.current else { return };
        let certain = !asking.doubtful && asking.refused == asking.asked;
        let outcome = if certain {
            Outcome::Failed
        } else {
            Outcome::Unknown
        };
        self.end(outcome, cause, around);
    }

    fn begin(&mut self, wish: Wish, cause: Option<Seq>, around: &mut Surroundings) {
        let operation = match (wish.operation, around.settings.reads) {
            (Operation::Get { key }, Some(mode)) => Operation::Read { key, mode },
            (operation, _) => operation,
        };
        let op = around.next_op;
        around.next_op = OpId(op.0 + 1);
        self.begun += 1;
        let invoked = around.record(
            cause,
            Event::Invoked {
                client: self.id,
                op,
                operation: operation.clone(),
            },
        );
        around.arm(
            Alarm::GiveUp(self.id),
            wish.within.unwrap_or(around.settings.client_timeout),
            Some(invoked),
        );
        let servers = u64::from(around.servers);
        let believed = match around.settings.contact {
            Contact::Leader => self.contact,
            Contact::Random => None,
        };
        let contact = wish.via.or(believed).unwrap_or_else(|| {
            let drawn = around
                .dice
                .below(Purpose::Contact, self.id.0, self.begun, servers);
            NodeId(drawn as u32 + 1)
        });
        self.current = Some(Asking {
            invocation: Invocation {
                op,
                operation,
                seq: invoked,
                at: around.moment.at,
            },
            attempt: 0,
            awaiting: false,
            asked: 0,
            refused: 0,
            doubtful: false,
        });
        self.ask(contact, invoked, around);
    }

    /// Sends the request to a server.
    fn ask(&mut self, to: NodeId, cause: Seq, around: &mut Surroundings) {
        let Some(asking) = &mut self.current else { return };
        self.contact = Some(to);
        asking.awaiting = true;
        if asking.asked > 0 && !around.settings.rules.hold(Rule::ClientSession) {
            asking.attempt += 1; // what is sent again looks like something new
        }
        asking.asked += 1;
        let request = asking.request(self.id, to);
        asking.doubtful |= around.send(request, cause);
        if let Some(retry) = around.settings.client_retry {
            around.arm(Alarm::Ask(self.id), retry, Some(asking.invocation.seq));
        }
    }

    fn end(&mut self, outcome: Outcome, cause: Option<Seq>, around: &mut Surroundings) {
        let Some(asking) = self.current.take() else { return };
        around.alarms.stop(Alarm::Ask(self.id));
        around.alarms.stop(Alarm::GiveUp(self.id));
        let op = asking.invocation.op;
        let returned = around.record(
            cause,
            Event::Returned {
                client: self.id,
                op,
                outcome: outcome.clone(),
            },
        );
        let now = around.moment.at;
        let due = self.loads.after(asking.invocation.at, now);
        self.last = Some((asking.invocation, outcome));
        if let Some(wish) = self.waiting.pop_front() {
            self.begin(wish, Some(returned), around);
        } else if let Some(due) = due {
            around.arm(Alarm::Load(self.id), due - now, Some(returned));
        }
    }
}

impl Asking {
    fn request(&self, from: ClientId, to: NodeId) -> Packet {
        let op = self.invocation.op;
        match self.invocation.operation.clone() {
            Operation::Read { key, mode } => Packet::Query {
                from,
                to,
                op,
                key,
                mode,
            },
            operation => {
                let request = Request {
                    client: from,
                    op,
                    attempt: self.attempt,
                    operation,
                };
                Packet::Request {
                    from,
                    to,
                    op,
                    command: request.encode(),
                }
            }
        }
    }
}
