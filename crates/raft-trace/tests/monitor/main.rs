//! Each of Figure 3's properties, broken by a list of events made for it, and kept by one that comes close.

mod beyond;
mod storage;

use raft_core::{
    Append, Command, Entry, HardState, Index, NodeId, Note, Payload, Role, Term, Write, WriteId,
};
use raft_trace::{Event, Evidence, Monitor, Property, Seq, TraceEvent, Violation, WorldTime};

/// A run told event by event. Servers are given as numbers, entries as (term, text).
struct Run {
    monitor: Monitor,
    events: u32,
    writes: u64,
}

impl Run {
    fn of(servers: u32) -> Run {
        Run::among(servers, servers)
    }

    /// Of all these servers the first so many are voters.
    fn among(servers: u32, voters: u32) -> Run {
        let mut run = Run {
            monitor: Monitor::default(),
            events: 0,
            writes: 0,
        };
        run.see(Event::Began {
            servers,
            voters,
            clients: 0,
        });
        run
    }

    fn see(&mut self, event: Event) -> &mut Run {
        self.monitor.observe(&TraceEvent {
            seq: Seq(self.events),
            at: WorldTime(u64::from(self.events) * 10),
            cause: None,
            event,
        });
        self.events += 1;
        self
    }

    fn note(&mut self, server: u32, note: Note) -> &mut Run {
        let server = NodeId(server);
        self.see(Event::Noted { server, note })
    }

    fn becomes(&mut self, server: u32, role: Role, term: u64) -> &mut Run {
        let term = Term(term);
        self.note(server, Note::Became { role, term })
    }

    fn leads(&mut self, server: u32, term: u64) -> &mut Run {
        self.becomes(server, Role::Leader, term)
    }

    fn follows(&mut self, server: u32, term: u64) -> &mut Run {
        self.becomes(server, Role::Follower, term)
    }

    fn write(&mut self, server: u32, hard_state: Option<HardState>, append: Option<Append>) -> &mut Run {
        self.writes += 1;
        let server = NodeId(server);
        let write = Write {
            id: WriteId(self.writes),
            hard_state,
            snapshot: None,
            append,
        };
        self.see(Event::Written { server, write })
    }

    fn append(&mut self, server: u32, first: u64, entries: &[(u64, &str)]) -> &mut Run {
        let entry = |(term, text): &(u64, &str)| Entry {
            term: Term(*term),
            payload: match *text {
                "" => Payload::Noop,
                text => Payload::Command(Command::new(text.as_bytes())),
            },
        };
        let entries: Vec<Entry> = entries.iter().map(entry).collect();
        let append = Append {
            first: Index(first),
            entries: entries.into(),
        };
        self.write(server, None, Some(append))
    }

    /// Whatever was written so far is safe on this server's disk.
    fn sync(&mut self, server: u32) -> &mut Run {
        let through = WriteId(self.writes);
        let server = NodeId(server);
        self.see(Event::Synced { server, through })
    }

    fn truncate(&mut self, server: u32, from: u64, through: u64) -> &mut Run {
        let (from, through) = (Index(from), Index(through));
        self.note(server, Note::Truncated { from, through })
    }

    /// The process dies and starts again: what it wrote is synced first.
    fn crash(&mut self, server: u32) -> &mut Run {
        let id = NodeId(server);
        self.see(Event::Crashed { server: id })
            .see(Event::Restarted { server: id })
            .sync(server)
    }

    fn lose_power(&mut self, server: u32) -> &mut Run {
        self.lose_power_but(server, 0, 0)
    }

    /// The power goes while this write and those before it are on disk, and so many entries of the next.
    fn lose_power_but(&mut self, server: u32, through: u64, entries: u32) -> &mut Run {
        let (server, through) = (NodeId(server), WriteId(through));
        let off = Event::PoweredOff {
            server,
            through,
            entries,
        };
        self.see(off).see(Event::Restarted { server })
    }

    fn commit(&mut self, server: u32, through: u64) -> &mut Run {
        let (server, through) = (NodeId(server), Index(through));
        self.see(Event::Committed { server, through })
    }

    fn apply(&mut self, server: u32, index: u64) -> &mut Run {
        let (server, index) = (NodeId(server), Index(index));
        self.see(Event::Applied { server, index })
    }

    fn figure_3(&self) -> Vec<Violation> {
        let judged = |v: &&Violation| v.property() <= Property::StateMachineSafety;
        self.monitor.violations().iter().filter(judged).cloned().collect()
    }

    #[track_caller]
    fn is_clean(&self) {
        assert_eq!(self.figure_3(), []);
    }

    /// The last event, and no other, broke this and nothing else.
    #[track_caller]
    fn just_broke(&self, evidence: &Evidence) {
        let violations = self.figure_3();
        let [violation] = &violations[..] else {
            panic!("{violations:?}");
        };
        assert_eq!(violation.evidence, *evidence);
        assert_eq!(violation.seq, Seq(self.events - 1));
        assert_eq!(violation.at.0, u64::from(self.events - 1) * 10);
    }

    fn broken(&self) -> Vec<Property> {
        self.figure_3().iter().map(Violation::property).collect()
    }
}

// Election Safety: at most one leader can be elected in a given term.

#[test]
fn two_leaders_of_one_term() {
    let mut run = Run::of(3);
    run.leads(1, 1).leads(3, 2).follows(1, 2).is_clean();
    run.leads(2, 1).just_broke(&Evidence::TwoLeaders {
        term: Term(1),
        first: NodeId(1),
        second: NodeId(2),
    });
    assert_eq!(
        run.figure_3()[0].to_string(),
        "ElectionSafety is broken: S2 became leader of term 1, whose leader was S1."
    );
}

#[test]
fn leaders_of_different_terms_may_be_at_the_same_time_and_in_any_order() {
    let mut run = Run::of(3);
    run.leads(1, 2).leads(2, 3).leads(3, 1).leads(1, 2).is_clean();
}

// Leader Append-Only: a leader never overwrites or deletes entries in its log; it only appends new entries.

#[test]
fn a_leader_overwrites() {
    let mut run = Run::of(3);
    run.append(1, 1, &[(1, "a"), (1, "b"), (1, "c")]).leads(1, 2);
    run.append(1, 4, &[(2, "")]).is_clean();
    run.append(1, 3, &[(2, "x")])
        .just_broke(&Evidence::LeaderRewrote {
            leader: NodeId(1),
            term: Term(2),
            from: Index(3),
            last_index: Index(4),
        });
    assert_eq!(
        run.figure_3()[0].to_string(),
        "LeaderAppendOnly is broken: S1, leader of term 2, changed its log from index 3 on, which ended at 4."
    );
}

#[test]
fn a_leader_deletes() {
    let mut run = Run::of(3);
    run.append(1, 1, &[(1, "a"), (1, "b")])
        .leads(1, 2)
        .truncate(1, 2, 2);
    assert_eq!(run.broken(), [Property::LeaderAppendOnly]);
}

#[test]
fn followers_may_overwrite_also_when_they_led_before() {
    let mut run = Run::of(3);
    run.leads(1, 1).append(1, 1, &[(1, ""), (1, "a")]);
    run.follows(1, 2).truncate(1, 2, 2).append(1, 2, &[(2, "b")]);
    run.becomes(1, Role::Candidate, 3)
        .append(1, 2, &[(2, "b")])
        .is_clean();
}

// Log Matching: if two logs contain an entry with the same index and term, they are identical up through that index.

#[test]
fn the_same_index_and_term_with_another_command() {
    let mut run = Run::of(3);
    run.append(1, 1, &[(1, "a"), (1, "b"), (1, "c")])
        .append(2, 1, &[(1, "a"), (1, "b")])
        .is_clean();
    run.append(3, 1, &[(1, "a"), (1, "B"), (1, "c")])
        .just_broke(&Evidence::LogsDiffer {
            server: NodeId(3),
            index: Index(2),
            term: Term(1),
            other: NodeId(1),
        });
    assert_eq!(
        run.figure_3()[0].to_string(),
        "LogMatching is broken: S3 holds an entry of term 1 at index 2, as S1 did, but their logs differ there or before."
    );
}

#[test]
fn the_same_entry_after_a_different_one() {
    let mut run = Run::of(2);
    run.append(1, 1, &[(1, "a"), (3, "c")])
        .append(2, 1, &[(2, "a")])
        .is_clean();
    run.append(2, 2, &[(3, "c")]).just_broke(&Evidence::LogsDiffer {
        server: NodeId(2),
        index: Index(2),
        term: Term(3),
        other: NodeId(1),
    });
}

#[test]
fn different_terms_at_one_index_are_fine_but_each_of_them_only_once() {
    let mut run = Run::of(4);
    run.append(1, 1, &[(1, "a")])
        .append(2, 1, &[(2, "b")])
        .append(3, 1, &[(3, "c")])
        .append(4, 1, &[(2, "b")]);
    run.is_clean();
    run.append(3, 1, &[(2, "a")]).just_broke(&Evidence::LogsDiffer {
        server: NodeId(3),
        index: Index(1),
        term: Term(2),
        other: NodeId(2),
    });
}

#[test]
fn a_noop_is_not_an_empty_command() {
    let mut run = Run::of(2);
    let empty = Append {
        first: Index(1),
        entries: vec![Entry {
            term: Term(1),
            payload: Payload::Command(Command::new(b"")),
        }]
        .into(),
    };
    run.append(1, 1, &[(1, "")]).write(2, None, Some(empty));
    assert_eq!(run.broken(), [Property::LogMatching]);
}

#[test]
fn logs_are_compared_over_all_time() {
    let mut run = Run::of(2);
    run.append(1, 1, &[(1, "a")]).lose_power(1).is_clean();
    run.append(2, 1, &[(1, "b")]);
    assert_eq!(run.broken(), [Property::LogMatching]);
}

// Leader Completeness: an entry committed in a term is present in the logs of the leaders of all higher terms.

#[test]
fn a_leader_without_a_committed_entry() {
    let mut run = Run::of(3);
    run.leads(1, 3)
        .append(1, 1, &[(2, "a"), (2, "b"), (3, "c")])
        .commit(1, 3);
    run.append(2, 1, &[(2, "a")]).is_clean();
    run.leads(2, 4).just_broke(&Evidence::LeaderLacks {
        leader: NodeId(2),
        term: Term(4),
        index: Index(2),
        entry_term: Term(2),
        committed_in: Term(3),
        by: NodeId(1),
    });
    assert_eq!(
        run.figure_3()[0].to_string(),
        "LeaderCompleteness is broken: S2 leads term 4 without the entry of term 2 at index 2, which S1 committed in term 3."
    );
}

#[test]
fn a_leader_with_another_entry_in_the_place_of_a_committed_one() {
    let mut run = Run::of(3);
    run.leads(1, 1).append(1, 1, &[(1, "a"), (1, "b")]).commit(1, 2);
    run.append(2, 1, &[(1, "a"), (2, "x"), (2, "y")]).leads(2, 3);
    assert_eq!(run.broken(), [Property::LeaderCompleteness]);
}

#[test]
fn a_leader_needs_only_what_is_committed() {
    let mut run = Run::of(3);
    run.leads(1, 1).append(1, 1, &[(1, "a"), (1, "b")]).commit(1, 1);
    run.append(2, 1, &[(1, "a")])
        .leads(2, 2)
        .append(2, 2, &[(2, "c")])
        .commit(2, 2)
        .is_clean();
}

#[test]
fn a_leader_of_an_earlier_term_need_not_know_what_a_later_one_commits() {
    let mut run = Run::of(5);
    run.leads(1, 3).append(1, 1, &[(3, "a")]).commit(1, 1);
    run.leads(2, 2).is_clean();
}

#[test]
fn a_second_leader_of_one_term_is_no_later_one() {
    let mut run = Run::of(3);
    run.leads(1, 3).append(1, 1, &[(3, "a")]).commit(1, 1).leads(2, 3);
    assert_eq!(run.broken(), [Property::ElectionSafety]);
}

#[test]
fn what_a_leader_truncated_before_its_election_it_does_not_hold() {
    let mut run = Run::of(3);
    run.append(1, 1, &[(1, "a")])
        .append(2, 1, &[(1, "a")])
        .commit(1, 1);
    run.truncate(2, 1, 1).is_clean();
    run.leads(2, 2);
    assert_eq!(run.broken(), [Property::LeaderCompleteness]);
}

#[test]
fn what_an_earlier_leader_commits_after_a_later_one_counts_as_of_its_own_term() {
    let mut run = Run::of(5);
    let log = [(1, "a"), (1, "b"), (1, "c")];
    run.append(1, 1, &log)
        .append(2, 1, &log[..1])
        .append(3, 1, &log[..2]);
    run.leads(1, 3).leads(2, 4).commit(2, 1).leads(3, 5).is_clean();
    run.leads(4, 2).is_clean();
    run.commit(1, 2).just_broke(&Evidence::LeaderLacks {
        leader: NodeId(2),
        term: Term(4),
        index: Index(2),
        entry_term: Term(1),
        committed_in: Term(3),
        by: NodeId(1),
    });
}

#[test]
fn and_must_be_in_the_logs_of_the_leaders_after_both() {
    let mut run = Run::of(5);
    let log = [(1, "a"), (1, "b")];
    run.append(1, 1, &log).append(2, 1, &log).append(3, 1, &log[..1]);
    run.leads(1, 3).leads(2, 4).commit(2, 1).commit(1, 2).is_clean();
    run.leads(3, 5);
    assert_eq!(run.broken(), [Property::LeaderCompleteness]);
}

#[test]
fn of_a_commit_beyond_the_log_what_the_log_holds_is_committed() {
    let mut run = Run::of(3);
    run.leads(1, 1).append(1, 1, &[(1, "a")]).commit(1, 2).is_clean();
    run.leads(2, 2);
    assert_eq!(run.broken(), [Property::LeaderCompleteness]);
}

#[test]
fn what_an_earlier_leader_commits_late_must_be_in_the_later_leaders_log() {
    let mut run = Run::of(5);
    run.leads(1, 1).append(1, 1, &[(1, "a")]).leads(2, 2).is_clean();
    run.commit(1, 1).just_broke(&Evidence::LeaderLacks {
        leader: NodeId(2),
        term: Term(2),
        index: Index(1),
        entry_term: Term(1),
        committed_in: Term(1),
        by: NodeId(1),
    });
}

// State Machine Safety: no two servers apply different entries at one index.

#[test]
fn two_servers_commit_different_entries() {
    let mut run = Run::of(3);
    run.leads(1, 1)
        .append(1, 1, &[(1, "a"), (1, "b"), (1, "c")])
        .commit(1, 3);
    run.append(2, 1, &[(1, "a"), (2, "x"), (2, "y")])
        .commit(2, 1)
        .apply(2, 1)
        .is_clean();
    run.commit(2, 3).just_broke(&Evidence::CommittedDiffers {
        server: NodeId(2),
        index: Index(2),
        term: Some(Term(2)),
        other: NodeId(1),
        other_term: Term(1),
    });
    assert_eq!(
        run.figure_3()[0].to_string(),
        "StateMachineSafety is broken: at index 2 S1 committed an entry of term 1, but S2 commits one of term 2."
    );
}

#[test]
fn a_server_commits_what_it_does_not_have() {
    let mut run = Run::of(3);
    run.leads(1, 1).append(1, 1, &[(1, "a"), (1, "b")]).commit(1, 2);
    run.append(2, 1, &[(1, "a")]).commit(2, 2);
    assert_eq!(
        run.figure_3()[0].to_string(),
        "StateMachineSafety is broken: at index 2 S1 committed an entry of term 1, but S2 commits without having one there."
    );
}

#[test]
fn what_was_committed_first_stays_the_measure() {
    let mut run = Run::of(3);
    run.leads(1, 1).append(1, 1, &[(1, "a"), (1, "b")]).commit(1, 2);
    run.append(2, 1, &[(2, "x"), (2, "y"), (2, "z")]).commit(2, 3);
    run.leads(1, 4).append(1, 3, &[(4, "c")]).commit(1, 3).apply(1, 3);
    assert_eq!(run.broken(), [Property::StateMachineSafety]);
}

#[test]
fn applying_is_judged_too() {
    let mut run = Run::of(3);
    run.append(1, 1, &[(1, "a")])
        .apply(1, 1)
        .append(2, 1, &[(2, "b")])
        .is_clean();
    run.apply(2, 1);
    assert_eq!(run.broken(), [Property::StateMachineSafety]);
}

#[test]
fn everybody_applies_the_same_again_after_a_restart() {
    let mut run = Run::of(2);
    for server in [1, 2] {
        run.append(server, 1, &[(1, "a"), (1, "b")])
            .sync(server)
            .commit(server, 2);
        run.apply(server, 1)
            .apply(server, 2)
            .lose_power(server)
            .commit(server, 1)
            .apply(server, 1);
    }
    run.commit(2, 2).apply(2, 2).is_clean();
}

// The whole.

#[test]
fn each_property_is_reported_once() {
    let mut run = Run::of(3);
    run.leads(1, 1)
        .leads(2, 1)
        .leads(3, 1)
        .append(1, 1, &[(1, "a"), (1, "b")])
        .truncate(1, 2, 2)
        .truncate(1, 1, 1);
    assert_eq!(
        run.broken(),
        [Property::ElectionSafety, Property::LeaderAppendOnly]
    );
    assert_eq!(run.monitor.violations()[0].seq, Seq(2));
}

#[test]
fn one_event_may_break_several() {
    let mut run = Run::of(3);
    run.leads(1, 1)
        .append(1, 1, &[(1, "a")])
        .commit(1, 1)
        .append(2, 1, &[(1, "b")]);
    assert_eq!(run.broken(), [Property::LogMatching]);
    run.leads(2, 2).append(2, 1, &[(1, "c")]).commit(2, 1);
    assert_eq!(
        run.broken(),
        [
            Property::LogMatching,
            Property::LeaderCompleteness,
            Property::LeaderAppendOnly,
            Property::StateMachineSafety
        ]
    );
}

#[test]
fn a_clone_judges_by_itself() {
    let mut run = Run::of(3);
    run.leads(1, 1).append(1, 1, &[(1, "a")]).commit(1, 1);
    let mut other = Run {
        monitor: run.monitor.clone(),
        ..run
    };
    other.leads(2, 2);
    assert_eq!(other.broken(), [Property::LeaderCompleteness]);
    run.append(2, 1, &[(1, "a")]).leads(2, 2).is_clean();
}
