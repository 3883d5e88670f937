//! What servers and clients have in common around them.

use crate::alarms::{Alarm, Alarms, Armed};
use crate::dice::Dice;
use crate::moment::Moment;
use crate::network::Network;
use crate::scenario::Settings;
use raft_core::{Duration, Output};
use raft_trace::{Event, Handling, MessageId, OpId, Packet, Protocol, Seq, Word};
use std::sync::Arc;

/// Everything in a world but its servers and clients.
#[derive(Clone, Debug)]
pub(crate) struct Surroundings {
    pub(crate) moment: Moment,
    pub(crate) network: Network,
    pub(crate) alarms: Alarms,
    /// Shared between the clones of a world.
    pub(crate) settings: Arc<Settings>,
    pub(crate) dice: Dice,
    /// What the servers run.
    pub(crate) protocol: Protocol,
    /// How many servers there are.
    pub(crate) servers: u32,
    /// The first so many of them are the cluster's first voters.
    pub(crate) voters: u32,
    /// The number of the next operation a client begins.
    pub(crate) next_op: OpId,
    /// What the author said last.
    pub(crate) said: Option<Word>,
    /// Room for what a server wants done; empty between steps. Kept to spare an allocation a step.
    pub(crate) outputs: Vec<Output>,
}

impl Surroundings {
    /// Records an event that `cause` led to.
    pub(crate) fn record(&mut self, cause: impl Into<Option<Seq>>, event: Event) -> Seq {
        self.moment.record(cause, event)
    }

    /// Puts a packet onto the network. Returns whether there is a copy of it.
    pub(crate) fn send(&mut self, packet: Packet, cause: Seq) -> bool {
        self.network
            .send(packet, cause, &self.settings, self.dice, &mut self.moment)
    }

    /// Does something to a message on its way. Returns what was copied, if that is what was done.
    pub(crate) fn handle(&mut self, handling: Handling, message: MessageId) -> Option<Packet> {
        self.network
            .handle(handling, message, &self.settings, self.dice, &mut self.moment)
    }

    /// Sets an alarm that is due after this long; at least 1 µs, so that time goes on whatever the settings.
    pub(crate) fn arm(&mut self, alarm: Alarm, after: Duration, cause: Option<Seq>) -> Armed {
        let since = self.moment.at;
        let armed = Armed {
            due: since + after.max(Duration::micros(1)),
            since,
            cause,
        };
        self.alarms.set(alarm, armed);
        armed
    }
}
