//! What clients were promised, apart from what they merely did.

use super::{Linearizability, Verdict};
use crate::{Event, Evidence, OpId, TraceEvent};

/// Judges all that clients do; and, once one of them reads in a mode that promises nothing, apart from that also what they do in the
/// others.
#[derive(Clone, Debug, Default)]
pub(crate) struct Clients {
    all: Linearizability,
    promised: Option<Linearizability>,
}

impl Clients {
    /// Whether all that clients did is linearizable.
    pub(crate) fn verdict(&self) -> &Verdict {
        self.all.verdict()
    }

    /// This write took effect a second time: should somebody read it, that may be why.
    pub(crate) fn applied_twice(&mut self, write: OpId) {
        self.all.applied_twice(write);
        self.promised
            .iter_mut()
            .for_each(|promised| promised.applied_twice(write));
    }

    /// Judges one event. Tells when what was promised is broken by it.
    pub(crate) fn observe(&mut self, event: &TraceEvent) -> Option<Evidence> {
        match &event.event {
            Event::Invoked { operation, .. } if !operation.is_linearizable() => {
                self.promised.get_or_insert_with(|| self.all.clone());
            }
            Event::Invoked { .. } | Event::Returned { .. } => {
                self.promised
                    .iter_mut()
                    .for_each(|promised| promised.observe(event));
            }
            _ => return None,
        }
        self.all.observe(event);
        match self.promised.as_ref().unwrap_or(&self.all).verdict() {
            Verdict::No { since, because } if since.seq == event.seq => Some(Evidence::NotLinearizable {
                because: because.clone(),
            }),
            _ => None,
        }
    }
}
