//! What is special to two-phase commit.

use crate::Protocol;
use crate::codec::{Coded, Reader, Sink, coded_enum, coded_struct};
use two_phase::{Body, Change, Decision, Message, Note, Reason, Refusal, TransactionId};

coded_enum!(Protocol { 0 = Raft, 1 = TwoPhaseCommit });
coded_struct!(TransactionId { client, number });
coded_struct!(Change { key, value });
coded_enum!(Decision { 0 = Commit, 1 = Abort });
coded_enum!(Refusal { 0 = Locked { by }, 1 = Over });
coded_enum!(Reason { 0 = VotedNo { by, because }, 1 = TimeIsUp, 2 = Presumed });

coded_enum!(Note {
    0 = Began { transaction, change },
    1 = VoteCounted { transaction, from },
    2 = GaveUp { transaction, because },
    3 = AcknowledgementCounted { transaction, from },
    4 = Blocked { transaction },
    5 = ReadWaits { key, transaction },
});

coded_struct!(Message {
    from,
    to,
    transaction,
    body
});

coded_enum!(Body {
    0 = Prepare { change },
    1 = Vote { refused },
    2 = Decided { decision },
    3 = Acknowledged,
    4 = Inquiry,
    5 = Uncertain,
});
