//! Promises, terms, votes, commit indexes, disks and configurations: each property broken by a list of events made for it, and kept by one
//! that comes close.

use super::Run;
use raft_core::{
    Append, Body, Configuration, Entry, HardState, Index, Message, NodeId, Note, Payload, Role, Round, Term,
    Write, WriteId,
};
use raft_trace::{Event, Evidence, MessageId, Packet, Property, Violation, WorldTime};
use std::sync::Arc;

const S1: NodeId = NodeId(1);
const S2: NodeId = NodeId(2);
const S3: NodeId = NodeId(3);

impl Run {
    fn says(&mut self, from: u32, to: u32, term: u64, body: Body) -> &mut Run {
        let message = Message {
            from: NodeId(from),
            to: NodeId(to),
            term: Term(term),
            body,
        };
        let arrives = WorldTime(u64::from(self.events) * 10 + 5);
        self.see(Event::Sent {
            message: MessageId(0),
            packet: Packet::Raft { message },
            arrives,
        })
    }

    fn votes(&mut self, from: u32, to: u32, term: u64) -> &mut Run {
        self.says(from, to, term, Body::RequestVoteReply { granted: true })
    }

    fn acknowledges(&mut self, from: u32, term: u64, through: u64) -> &mut Run {
        let body = Body::AppendEntriesReply {
            success: true,
            index: Index(through),
            conflict: None,
            round: Round(0),
        };
        self.says(from, 1, term, body)
    }

    /// Its term and vote, on disk.
    fn has(&mut self, server: u32, term: u64, vote: Option<u32>) -> &mut Run {
        let hard_state = HardState {
            term: Term(term),
            voted_for: vote.map(NodeId),
        };
        self.follows(server, term);
        if let Some(candidate) = hard_state.voted_for {
            self.note(server, Note::VoteGranted { candidate });
        }
        self.write(server, Some(hard_state), None).sync(server)
    }

    /// The same entries of term 1 on the disks of these.
    fn hold(&mut self, servers: &[u32], entries: &[(u64, &str)]) -> &mut Run {
        for server in servers {
            self.append(*server, 1, entries).sync(*server);
        }
        self
    }

    fn stops(&mut self, server: u32) -> &mut Run {
        let (server, through, entries) = (NodeId(server), WriteId(0), 0);
        self.see(Event::PoweredOff {
            server,
            through,
            entries,
        })
    }

    fn configures(&mut self, leader: u32, term: u64, index: u64, configuration: &Configuration) -> &mut Run {
        let entry = Entry {
            term: Term(term),
            payload: Payload::Configuration(Arc::new(configuration.clone())),
        };
        let append = Append {
            first: Index(index),
            entries: vec![entry].into(),
        };
        self.write(leader, None, Some(append))
    }

    fn all(&self) -> &[Violation] {
        self.monitor.violations()
    }

    #[track_caller]
    fn whole(&mut self) -> &mut Run {
        assert_eq!(self.all(), []);
        self
    }

    /// The run so far broke this and nothing else.
    #[track_caller]
    fn breaks(&self, evidence: &Evidence, sentence: &str) {
        let [violation] = self.all() else {
            panic!("{:?}", self.all());
        };
        assert_eq!(violation.evidence, *evidence);
        assert_eq!(violation.to_string(), sentence);
    }

    fn properties(&self) -> Vec<Property> {
        self.all().iter().map(Violation::property).collect()
    }
}

// Durability: what a server told others outlives its crashes.

#[test]
fn a_term_told_is_on_disk_after_a_crash() {
    let mut run = Run::of(3);
    run.has(1, 3, None)
        .says(1, 2, 3, Body::TimeoutNow)
        .lose_power(1)
        .whole();
    run.follows(1, 4).says(1, 2, 4, Body::TimeoutNow).stops(1).breaks(
        &Evidence::TermForgotten {
            server: S1,
            told: Term(4),
            on_disk: Term(3),
        },
        "Durability is broken: S1 told others of term 4, but its disk has term 3.",
    );
}

#[test]
fn a_vote_told_is_on_disk_after_a_crash() {
    let mut run = Run::of(3);
    run.has(1, 3, Some(2)).votes(1, 2, 3).lose_power(1).whole();
    run.has(1, 4, None).note(1, Note::VoteGranted { candidate: S3 });
    run.votes(1, 3, 4).stops(1).breaks(
        &Evidence::VoteForgotten {
            server: S1,
            term: Term(4),
            candidate: S3,
        },
        "Durability is broken: S1 voted for S3 in term 4, but its disk knows nothing of it.",
    );
}

#[test]
fn an_entry_acknowledged_is_on_disk_after_a_crash() {
    let mut run = Run::of(3);
    run.has(2, 1, None).hold(&[2], &[(1, "a"), (1, "b")]);
    run.acknowledges(2, 1, 2)
        .append(2, 3, &[(1, "c")])
        .lose_power(2)
        .whole();
    run.append(2, 3, &[(1, "c")]).acknowledges(2, 1, 3).stops(2).breaks(
        &Evidence::EntryForgotten {
            server: S2,
            index: Index(3),
            term: Term(1),
        },
        "Durability is broken: S2 acknowledged the log through the entry of term 1 at index 3, but its disk does not hold all of it.",
    );
}

#[test]
fn what_gave_way_to_a_leaders_entries_is_promised_no_more() {
    let mut run = Run::of(3);
    run.has(2, 1, None).hold(&[2], &[(1, "a"), (1, "b")]);
    run.acknowledges(2, 1, 2).has(2, 2, None);
    run.truncate(2, 2, 2)
        .append(2, 2, &[(2, "x")])
        .sync(2)
        .lose_power(2)
        .whole();
    // A late acknowledgement of what is not there any more is none.
    run.append(2, 3, &[(2, "z")])
        .acknowledges(2, 1, 3)
        .lose_power(2)
        .whole();
}

// MonotonicTerm: a server's term never goes back.

#[test]
fn a_term_does_not_go_back_while_a_server_runs() {
    let mut run = Run::of(3);
    run.follows(1, 2).follows(2, 1).follows(1, 2).whole();
    run.follows(1, 1).breaks(
        &Evidence::TermWentBack {
            server: S1,
            term: Term(1),
            before: Term(2),
        },
        "MonotonicTerm is broken: S1 is in term 1, though it was in term 2 before.",
    );
}

#[test]
fn a_term_that_nobody_was_told_of_may_be_forgotten() {
    let mut run = Run::of(3);
    run.has(1, 1, None)
        .follows(1, 2)
        .lose_power(1)
        .follows(1, 1)
        .whole();
}

#[test]
fn a_server_does_not_start_again_or_speak_in_an_earlier_term_than_it_told() {
    let mut run = Run::of(3);
    run.follows(1, 2).says(1, 2, 2, Body::TimeoutNow).lose_power(1);
    assert_eq!(run.properties(), [Property::Durability, Property::MonotonicTerm]);
    let mut run = Run::of(3);
    run.says(1, 2, 2, Body::TimeoutNow)
        .says(1, 2, 2, Body::TimeoutNow)
        .whole();
    run.says(1, 3, 1, Body::TimeoutNow);
    assert_eq!(run.properties(), [Property::MonotonicTerm]);
}

// OneVotePerTerm: a server votes for at most one candidate in a term.

#[test]
fn a_vote_may_be_told_again_but_not_be_given_again() {
    let mut run = Run::of(3);
    run.votes(1, 2, 1).votes(1, 2, 1).votes(3, 1, 1).votes(1, 3, 2);
    run.says(1, 3, 2, Body::RequestVoteReply { granted: false })
        .whole();
    run.votes(1, 2, 2).breaks(
        &Evidence::VotedTwice {
            server: S1,
            term: Term(2),
            first: S3,
            second: S2,
        },
        "OneVotePerTerm is broken: S1 voted for S3 and for S2 in term 2.",
    );
}

#[test]
fn a_vote_of_long_ago_still_counts() {
    let mut run = Run::of(3);
    run.votes(1, 2, 1).votes(1, 2, 2).votes(1, 3, 1);
    assert_eq!(
        run.properties(),
        [Property::MonotonicTerm, Property::OneVotePerTerm]
    );
}

#[test]
fn a_vote_counted_for_oneself_is_a_vote_and_a_pre_vote_is_none() {
    let counts = |role| {
        let mut run = Run::of(3);
        run.has(1, 1, Some(2)).votes(1, 2, 1).becomes(1, role, 1);
        run.note(1, Note::VoteCounted { voter: S3 });
        run.note(1, Note::VoteCounted { voter: S1 });
        run.properties()
    };
    assert_eq!(counts(Role::PreCandidate), []);
    assert_eq!(counts(Role::Candidate), [Property::OneVotePerTerm]);
}

// MonotonicCommit: the commit index of a running server never goes back, and what is committed stays in its log.

#[test]
fn a_commit_index_goes_back_only_in_a_crash() {
    let mut run = Run::of(3);
    run.hold(&[1, 2], &[(1, "a"), (1, "b")]);
    run.commit(2, 2).commit(2, 2).lose_power(2).commit(2, 1).whole();
    run.commit(2, 2).commit(2, 1).breaks(
        &Evidence::CommitWentBack {
            server: S2,
            from: Index(2),
            to: Index(1),
        },
        "MonotonicCommit is broken: what S2 knows to be committed went back from index 2 to 1.",
    );
}

#[test]
fn what_is_committed_stays_in_the_log() {
    let mut run = Run::of(3);
    run.hold(&[1, 2], &[(1, "a"), (1, "b"), (1, "c")]);
    run.commit(2, 2)
        .truncate(2, 3, 3)
        .append(2, 2, &[(1, "b"), (2, "d")])
        .whole();
    run.truncate(2, 2, 3).breaks(
        &Evidence::CommittedRemoved {
            server: S2,
            from: Index(2),
            committed: Index(2),
        },
        "MonotonicCommit is broken: S2 removed its log from index 2 on, though it knew everything through 2 to be committed.",
    );
}

// QuorumDurability: what is committed is on the disks of a majority.

#[test]
fn what_is_committed_is_on_the_disks_of_a_majority() {
    let run = |on_disk: &[u32], in_memory: &[u32]| {
        let mut run = Run::of(5);
        run.hold(on_disk, &[(1, "a"), (1, "b")]);
        in_memory.iter().for_each(|id| {
            run.append(*id, 1, &[(1, "a"), (1, "b")]);
        });
        run.leads(1, 1).commit(1, 2);
        run
    };
    run(&[1, 2, 5], &[]).whole();
    run(&[1, 2], &[3, 4, 5]).breaks(
        &Evidence::NotOnDisks {
            server: S1,
            index: Index(2),
            disks: 2,
            voters: 5,
        },
        "QuorumDurability is broken: S1 takes index 2 for committed, which is on 2 of 5 disks.",
    );
}

#[test]
fn another_entry_at_its_place_is_not_it() {
    let mut run = Run::of(3);
    run.hold(&[1], &[(1, "a")]).hold(&[2], &[(2, "a")]).commit(1, 1);
    assert_eq!(run.properties(), [Property::QuorumDurability]);
}

#[test]
fn and_stays_there() {
    let mut run = Run::of(3);
    run.hold(&[1, 2], &[(1, "a")]).commit(1, 1);
    run.hold(&[3], &[(1, "a"), (1, "b")]).lose_power(1).whole();
    // What S3 has now is as good as what S1 loses.
    run.append(1, 1, &[(2, "x")]).sync(1).whole();
    run.append(3, 1, &[(2, "x")]).sync(3).breaks(
        &Evidence::LostFromDisk {
            server: S3,
            index: Index(1),
            disks: 1,
            voters: 3,
        },
        "QuorumDurability is broken: index 1 is committed, but since S3 lost it it is on 1 of 3 disks.",
    );
}

fn voters(ids: &[u32]) -> Configuration {
    Configuration::of(&ids.iter().copied().map(NodeId).collect::<Vec<_>>())
}

fn joint(before: &[u32], after: &[u32]) -> Configuration {
    Configuration {
        outgoing: voters(before).voters,
        ..voters(after)
    }
}

/// S1 leads term 1 of three voters, and its no-op is committed; S4 and S5 are there besides.
fn three_of_five() -> Run {
    let mut run = Run::among(5, 3);
    run.leads(1, 1).hold(&[1, 2, 3], &[(1, "")]).commit(1, 1);
    run
}

#[test]
fn a_joint_configuration_needs_both_majorities_of_disks_also_to_be_left() {
    let leave = |on_disk: &[u32]| {
        let mut run = three_of_five();
        run.configures(1, 1, 2, &joint(&[1, 2, 3], &[1, 4, 5])).sync(1);
        for id in on_disk {
            run.append(*id, 1, &[(1, "")]);
            run.configures(*id, 1, 2, &joint(&[1, 2, 3], &[1, 4, 5]))
                .sync(*id);
        }
        run.configures(1, 1, 3, &voters(&[1, 4, 5])).commit(1, 2);
        run
    };
    leave(&[2, 4]).whole();
    leave(&[4, 5]).breaks(
        &Evidence::NotOnDisks {
            server: S1,
            index: Index(2),
            disks: 1,
            voters: 3,
        },
        "QuorumDurability is broken: S1 takes index 2 for committed, which is on 1 of 3 disks.",
    );
}

#[test]
fn a_joint_configuration_left_late_counts_for_that_commit_alone() {
    let mut run = three_of_five();
    for id in [1, 2, 4] {
        if id == 4 {
            run.append(4, 1, &[(1, "")]);
        }
        run.configures(id, 1, 2, &joint(&[1, 2, 3], &[1, 4, 5])).sync(id);
    }
    // S1 learns last what others know already; then the new configuration goes by its own majority.
    run.commit(2, 2)
        .configures(1, 1, 3, &voters(&[1, 4, 5]))
        .commit(1, 2);
    run.configures(4, 1, 3, &voters(&[1, 4, 5])).sync(4).sync(1);
    run.commit(1, 3).whole();
}

// ConfigurationOverlap: majorities of one configuration and the next have a server in common.

#[test]
fn one_server_more_or_less_leaves_majorities_in_touch_and_two_do_not() {
    for next in [&[1, 2, 3, 4][..], &[1, 2], &[2, 3], &[1, 2, 3]] {
        three_of_five().configures(1, 1, 2, &voters(next)).whole();
    }
    three_of_five().configures(1, 1, 2, &voters(&[1, 2, 3, 4, 5])).breaks(
        &Evidence::MajoritiesApart {
            leader: S1,
            index: Index(2),
            before: Arc::new(voters(&[1, 2, 3])),
            after: Arc::new(voters(&[1, 2, 3, 4, 5])),
        },
        "ConfigurationOverlap is broken: S1 lets S1, S2, S3 be followed by S1, S2, S3, S4, S5 at index 2: they have majorities without a server in common.",
    );
    three_of_five()
        .configures(1, 1, 2, &joint(&[1, 2, 3], &[3, 4, 5]))
        .whole();
}

#[test]
fn a_change_waits_for_the_one_before() {
    let mut run = three_of_five();
    run.configures(1, 1, 2, &voters(&[1, 2, 3, 4]));
    let learner = Configuration {
        learners: vec![NodeId(5)],
        ..voters(&[1, 2, 3, 4])
    };
    run.configures(1, 1, 3, &learner).whole();
    run.configures(1, 1, 4, &voters(&[1, 2, 3])).breaks(
        &Evidence::ChangedTooEarly {
            leader: S1,
            term: Term(1),
            index: Index(4),
            pending: Some(Index(3)),
        },
        "ConfigurationOverlap is broken: S1 changes the voters at index 4 before the change at index 3 is committed.",
    );
}

#[test]
fn a_change_waits_for_something_of_the_leaders_term() {
    let change = |committed: bool| {
        let mut run = three_of_five();
        run.leads(2, 2).commit(2, 1);
        run.append(2, 2, &[(2, "")]).sync(2);
        if committed {
            run.append(3, 2, &[(2, "")]).sync(3).commit(2, 2);
        }
        run.configures(2, 2, 3, &voters(&[2, 3]));
        run
    };
    change(true).whole();
    change(false).breaks(
        &Evidence::ChangedTooEarly {
            leader: S2,
            term: Term(2),
            index: Index(3),
            pending: None,
        },
        "ConfigurationOverlap is broken: S2 changes the voters at index 3 before anything of its term 2 is committed.",
    );
}

#[test]
fn a_joint_configuration_is_left_by_the_commit_that_the_next_event_tells_of() {
    let run = || {
        let mut run = three_of_five();
        for id in [1, 2, 4] {
            if id == 4 {
                run.append(4, 1, &[(1, "")]);
            }
            run.configures(id, 1, 2, &joint(&[1, 2, 3], &[3, 4, 1])).sync(id);
        }
        run.configures(1, 1, 3, &voters(&[3, 4, 1]));
        run
    };
    run().whole().commit(1, 2).whole();
    run().whole().commit(1, 1);
    let mut too_early = run();
    too_early.stops(5);
    assert_eq!(too_early.properties(), [Property::ConfigurationOverlap]);
}

#[test]
fn what_a_follower_takes_over_is_not_its_doing() {
    let mut run = three_of_five();
    run.configures(2, 1, 2, &voters(&[4, 5])).whole();
}

#[test]
fn a_configuration_that_gave_way_is_not_the_one_before() {
    let mut run = three_of_five();
    run.configures(1, 1, 2, &voters(&[1, 2, 3, 4]));
    run.follows(1, 2).truncate(1, 2, 2).leads(1, 3);
    for id in [1, 2] {
        run.append(id, 2, &[(3, "")]).sync(id);
    }
    run.commit(1, 2).configures(1, 3, 3, &voters(&[2, 3])).whole();
}

#[test]
fn a_write_is_told_apart_from_a_snapshot_of_what_stays() {
    // A snapshot of what the log holds removes nothing.
    let mut run = Run::of(3);
    run.hold(&[1, 2], &[(1, "a"), (1, "b")]).commit(1, 2);
    let snapshot = raft_core::Snapshot {
        last_index: Index(2),
        last_term: Term(1),
        configuration: Arc::default(),
        data: [].into(),
    };
    let write = Write {
        id: WriteId(1_000),
        hard_state: None,
        snapshot: Some(Arc::new(snapshot)),
        append: None,
    };
    run.see(Event::Written { server: S1, write }).whole();
}
