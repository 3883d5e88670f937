//! What may reach a server besides what the paper expects: repeated, late, misdirected and hostile messages. None may do harm.

use crate::support::*;
use raft_core::{
    Body, Change, Command, Configuration, Conflict, Entries, Entry, IgnoredBecause, Index, Input, Message,
    NodeId, Note, Output, Payload, ReadId, ReadMode, Role, Round, Snapshot, Term, Timer,
};
use std::sync::Arc;

fn ignored_because(outputs: &[Output]) -> IgnoredBecause {
    match outputs {
        [Output::Note(Note::Ignored { because, .. })] => *because,
        _ => panic!("not ignored: {outputs:?}"),
    }
}

/// Messages for others, a server's own, and answers from servers outside the cluster are ignored.
#[test]
fn strangers_are_ignored() {
    let mut cluster = Cluster::of(3);
    let mut for_another = request_vote(1, 3, 9, (9, 9));
    let as_s2 = |message| Input::Message(message);
    let own = cluster.step(2, as_s2(request_vote(2, 2, 9, (9, 9))));
    assert_eq!(ignored_because(&own), IgnoredBecause::Stranger);
    for from in [0, 4, u32::MAX] {
        for answer in [vote_reply(from, 2, 9, true), append_reply(from, 2, 9, true, 9)] {
            let outputs = cluster.step(2, as_s2(answer));
            assert_eq!(ignored_because(&outputs), IgnoredBecause::Stranger);
        }
    }
    for_another.to = NodeId(3);
    let outputs = cluster.step(2, as_s2(for_another));
    assert_eq!(ignored_because(&outputs), IgnoredBecause::Stranger);
    assert_eq!(cluster.term(2), 0);
}

/// Every answer that is no use says why.
#[test]
fn useless_answers_are_named() {
    let mut cluster = Cluster::led_by_s1(3);
    let mut because = |message| ignored_because(&cluster.receive(message));
    assert_eq!(because(vote_reply(2, 1, 0, true)), IgnoredBecause::StaleTerm);
    assert_eq!(because(append_reply(2, 1, 0, true, 1)), IgnoredBecause::StaleTerm);
    assert_eq!(because(vote_reply(2, 1, 1, true)), IgnoredBecause::NotWaiting);
    assert_eq!(
        because(append_reply(3, 2, 1, true, 1)),
        IgnoredBecause::NotWaiting
    );
    assert_eq!(
        because(append_reply(2, 1, 1, true, 1)),
        IgnoredBecause::NothingNew
    );
    assert_eq!(
        because(append_reply(2, 1, 1, true, 2)),
        IgnoredBecause::Impossible
    );
    assert_eq!(
        because(append(2, 1, 1, (0, 0), &[], 0)),
        IgnoredBecause::Impossible
    );
}

/// An acknowledgement of an earlier term says nothing about this one, though the same server leads again: the entry meant then may be
/// another by now.
#[test]
fn acknowledgements_of_an_earlier_term_do_not_count() {
    let mut cluster = Cluster::led_by_s1(3);
    cluster.propose(1, "x=1");
    let request = cluster.intercept(2).remove(0);
    cluster.receive(request);
    let late = cluster
        .in_flight
        .iter()
        .position(|m| m.from == NodeId(2))
        .expect("an answer");
    let late = cluster.in_flight.remove(late);
    cluster.in_flight.clear();
    cluster.receive(vote_reply(3, 1, 2, false));
    cluster.timeout(1);
    cluster.receive(vote_reply(3, 1, 3, true));
    assert_eq!(cluster.role(1), Role::Leader);
    assert_eq!(ignored_because(&cluster.receive(late)), IgnoredBecause::StaleTerm);
    assert_eq!((cluster.progress(1, 2).1, cluster.commit_index(1)), (0, 1));
}

/// A heartbeat's answer is nothing new, but it was waited for: it is not called useless, and the next command goes out at once.
#[test]
fn a_heartbeats_answer_is_expected() {
    let mut cluster = Cluster::led_by_s1(2);
    cluster.heartbeat(1);
    assert_eq!(sent(&cluster.propose(1, "x=1")).len(), 0, "an answer is owed");
    cluster.deliver_from(1, 2);
    let outputs = cluster.deliver_from(2, 1);
    assert_eq!(append_parts(only_message(&outputs)).1, [1]);
    cluster.settle();
    cluster.heartbeat(1);
    cluster.deliver_from(1, 2);
    assert_eq!(cluster.deliver_from(2, 1), []);
}

/// The answer to an earlier AppendEntries does not stand for the one that is on its way.
#[test]
fn an_overtaken_answer_is_not_the_one_waited_for() {
    let mut cluster = Cluster::led_by_s1(2);
    cluster.heartbeat(1);
    cluster.propose(1, "x=1");
    cluster.heartbeat(1); // sends again, now with the entry
    cluster.deliver_from(1, 2);
    let outputs = cluster.deliver_from(2, 1);
    assert_eq!(
        outputs,
        [],
        "it only tells that the follower recognises its leader"
    );
    cluster.deliver_from(1, 2);
    cluster.deliver_from(2, 1);
    assert_eq!(cluster.commit_index(1), 2);
}

/// A timer the host should have stopped does nothing.
#[test]
fn a_heartbeat_timer_of_another_role_does_nothing() {
    let mut cluster = Cluster::of(3);
    assert_eq!(cluster.step(1, Input::TimerFired(Timer::Heartbeat)), []);
    cluster.timeout(1);
    assert_eq!(cluster.step(1, Input::TimerFired(Timer::Heartbeat)), []);
}

/// After the last term there is none: no election, no overflow, and the timer goes on.
#[test]
fn the_last_term_is_the_last() {
    let mut cluster = Cluster::of(3);
    cluster.receive(append(1, 2, u64::MAX, (0, 0), &[], 0));
    let outputs = cluster.timeout(2);
    assert_eq!((cluster.role(2), cluster.term(2)), (Role::Follower, u64::MAX));
    assert_eq!(outputs, [Output::SetTimer(Timer::Election, ELECTION_TIMEOUT)]);
}

/// Settings change at run time, the running timers stay.
#[test]
fn settings_change_at_run_time() {
    let mut cluster = Cluster::led_by_s1(2);
    let mut config = cluster.raft(1).config().clone();
    config.max_entries = 0; // taken as 1
    assert_eq!(cluster.step(1, Input::Configure(config)), []);
    for text in ["a", "b", "c"] {
        cluster.propose(1, text);
    }
    cluster.deliver_from(1, 2);
    let outputs = cluster.deliver_from(2, 1);
    assert_eq!(append_parts(only_message(&outputs)).1, [1]);
}

/// No value of any field makes a server panic, in any role.
#[test]
fn no_message_makes_a_server_panic() {
    let edges = [0, 1, 2, 3, 4, 100, u64::MAX - 1, u64::MAX];
    let mut tried = 0;
    for role in [Role::Follower, Role::Candidate, Role::Leader] {
        for (a, b, term) in edges
            .iter()
            .flat_map(|a| edges.iter().flat_map(move |b| edges.map(|t| (*a, *b, t))))
        {
            for body in bodies(a, b) {
                let (mut raft, mut out) = (in_role(role), Vec::new());
                let message = Message {
                    from: NodeId(2),
                    to: NodeId(1),
                    term: Term(term),
                    body,
                };
                let now = raft_core::Instant(u64::MAX);
                raft.step(now, Input::Message(message.clone()), &mut out);
                raft.step(now, Input::Message(message), &mut out);
                raft.step(now, Input::TimerFired(Timer::Election), &mut out);
                raft.step(now, Input::TimerFired(Timer::Heartbeat), &mut out);
                raft.step(
                    now,
                    Input::Propose {
                        id: Default::default(),
                        command: Command::new(b""),
                    },
                    &mut out,
                );
                let id = Default::default();
                let change = Change::Remove(NodeId(1));
                raft.step(now, Input::ChangeMembership { id, change }, &mut out);
                raft.step(
                    now,
                    Input::Read {
                        id: ReadId(1),
                        mode: ReadMode::ReadIndex,
                    },
                    &mut out,
                );
                assert!(raft.current_term() >= Term(3));
                tried += 1;
            }
        }
    }
    assert_eq!(tried, 3 * 8 * 8 * 8 * 14);
}

fn bodies(a: u64, b: u64) -> [Body; 14] {
    let entry = Entry {
        term: Term(b),
        payload: Payload::Noop,
    };
    // Out of order, with a voter that learns, and now and then without any voter.
    let configuration = Arc::new(Configuration {
        voters: [3, 1].map(NodeId)[..(b % 3) as usize].to_vec(),
        outgoing: [2, 2].map(NodeId)[..(a % 3) as usize].to_vec(),
        learners: vec![NodeId(1), NodeId(2)],
    });
    let changing = Entry {
        term: Term(b),
        payload: Payload::Configuration(configuration.clone()),
    };
    let append = |entries: Entries, leader_commit| Body::AppendEntries {
        prev_log_index: Index(a),
        prev_log_term: Term(b),
        entries,
        leader_commit: Index(leader_commit),
        round: Round(b),
    };
    [
        Body::RequestVote {
            last_log_index: Index(a),
            last_log_term: Term(b),
            transfer: a > b,
        },
        Body::RequestVoteReply { granted: a == 0 },
        Body::PreVote {
            last_log_index: Index(a),
            last_log_term: Term(b),
        },
        Body::PreVoteReply {
            granted: a == 0,
            asked_in: Term(b),
        },
        Body::TimeoutNow,
        append(Entries::NONE, b),
        append(vec![entry.clone(), entry].into(), a),
        append(vec![changing].into(), a),
        Body::InstallSnapshot {
            snapshot: Arc::new(Snapshot {
                last_index: Index(a),
                last_term: Term(b),
                configuration,
                data: Arc::new([]),
            }),
        },
        Body::InstallSnapshotReply { index: Index(a) },
        Body::AppendEntriesReply {
            success: true,
            index: Index(a),
            conflict: None,
            round: Round(a),
        },
        Body::AppendEntriesReply {
            success: false,
            index: Index(a),
            conflict: (b > 0).then_some(Conflict {
                index: Index(b),
                term: Term(a),
            }),
            round: Round(b),
        },
        Body::ReadIndex { id: ReadId(a) },
        Body::ReadIndexReply {
            id: ReadId(a),
            index: (b > 0).then_some(Index(b)),
        },
    ]
}

/// S1 of three in term 3 or 4, with three entries.
fn in_role(role: Role) -> raft_core::Raft {
    let mut cluster = Cluster::with_logs(&[(3, &[1, 1, 2]), (3, &[]), (3, &[])]);
    if role != Role::Follower {
        cluster.timeout(1);
    }
    if role == Role::Leader {
        cluster.receive(vote_reply(2, 1, 4, true));
    }
    assert_eq!(cluster.role(1), role);
    cluster.raft(1).clone()
}
