//! Every state within small bounds: nothing is violated, a second checker counts the same, and without a rule the violation is found.

mod plain;

use plain::World;
use raft_core::{Config, Repair, Rule, Rules};
use raft_lab::explore::{ANY, Bounds, Broken, Counts, Order, Search};
use raft_trace::Property;
use stateright::{Checker, Model};

/// All there is within these bounds; nothing is wrong there.
fn complete(bounds: &Bounds, order: Order) -> Counts {
    let mut search = Search::new(bounds.clone(), order);
    search.finish();
    assert_eq!(search.found(), None, "{bounds}");
    search.counts()
}

#[test]
fn nothing_is_violated_within_small_bounds() {
    let lossy = Bounds {
        max_term: 2,
        ..Bounds::lossy()
    };
    assert!(complete(&lossy, Order::Deep).states > 300_000);
    let rough = Bounds {
        max_term: 1,
        ..Bounds::rough()
    };
    assert!(complete(&rough, Order::Deep).states > 100_000);
}

/// What the thesis adds to the paper: each a little, with messages lost.
#[test]
fn extensions_violate_nothing() {
    let small = || Bounds {
        max_term: 2,
        messages: 2,
        entries: 0,
        ..Bounds::lossy()
    };
    let config = |config: Config| Bounds { config, ..small() };
    let paper = Config::paper(Vec::new());
    let asking = Config {
        pre_vote: true,
        stickiness: true,
        ..paper.clone()
    };
    let pipelined = Config {
        inflight: 2,
        repair: Repair::ConflictHint,
        ..paper
    };
    let all = [
        config(asking),
        config(pipelined),
        Bounds {
            transfers: 1,
            ..small()
        },
        Bounds {
            snapshots: 1,
            ..small()
        },
        Bounds {
            changes: 1,
            spare: 1,
            ..small()
        },
        Bounds {
            changes: 1,
            max_term: 1,
            ..small()
        },
    ];
    for bounds in all {
        assert!(complete(&bounds, Order::Deep).states > 1_000, "{bounds}");
    }
}

#[test]
fn clusters_of_any_size() {
    for servers in 1..=4 {
        let bounds = Bounds {
            servers,
            max_term: 1,
            messages: servers,
            heartbeats: 0,
            ..Bounds::lossy()
        };
        assert!(complete(&bounds, Order::Deep).states > u64::from(servers));
    }
}

/// Another checker, and another world around the same core, without numbers for things and without renaming.
#[test]
fn stateright_counts_the_same() {
    let lossy = Bounds {
        max_term: 2,
        messages: 2,
        heartbeats: 0,
        symmetry: false,
        ..Bounds::lossy()
    };
    let rough = Bounds {
        max_term: 1,
        messages: 2,
        symmetry: false,
        ..Bounds::rough()
    };
    for bounds in [lossy, rough] {
        let ours = complete(&bounds, Order::Deep);
        let theirs = World::new(bounds.clone()).checker().spawn_bfs().join();
        theirs.assert_properties();
        assert_eq!(ours.states, theirs.unique_state_count() as u64, "{bounds}");
        assert!(ours.states > 20_000, "{} states are too few to tell", ours.states);
    }
}

#[test]
fn both_orders_see_the_same() {
    let bounds = Bounds {
        max_term: 1,
        ..Bounds::lossy()
    };
    let [deep, level] = [Order::Deep, Order::Level].map(|order| complete(&bounds, order));
    assert_eq!(
        (deep.states, deep.transitions, deep.ends),
        (level.states, level.transitions, level.ends)
    );
    assert!(deep.waiting < level.waiting);
}

/// One entry a message: with more, a no-op hides Figure 8.
fn without_rule(rule: Rule) -> Config {
    Config {
        max_entries: 1,
        rules: Rules::ALL.without(rule),
        ..Config::paper(Vec::new())
    }
}

/// What is found without this rule, and how many steps it takes.
fn without(rule: Rule, bounds: &Bounds) -> (Broken, usize) {
    let bounds = Bounds {
        config: without_rule(rule),
        entries: 0,
        heartbeats: 0,
        ..bounds.clone()
    };
    let mut search = Search::new(bounds.clone(), Order::Level);
    search.finish();
    let found = search.found().expect("a violation");
    let mut deep = Search::new(bounds.clone(), Order::Deep);
    deep.finish();
    assert!(deep.found().is_some(), "in whatever order");
    let with = Bounds {
        config: Config {
            rules: Rules::ALL,
            ..bounds.config.clone()
        },
        ..bounds
    };
    complete(&with, Order::Deep);
    (found.broken, found.trace.len())
}

#[test]
fn without_a_rule_the_violation_is_found() {
    let terms = |max_term, messages| Bounds {
        max_term,
        messages,
        ..Bounds::lossy()
    };
    let crash = Bounds {
        crashes: 1,
        instant_disk: false,
        ..terms(1, 3)
    };
    let property = Broken::Property;
    let expected = [
        (Rule::OneVote, terms(1, 4), (Broken::OneVote, 3)),
        (
            Rule::VotesOfThisTerm,
            terms(2, 4),
            (property(Property::ElectionSafety), 11),
        ),
        (
            Rule::UpToDateVote,
            terms(2, 3),
            (property(Property::LeaderCompleteness), 10),
        ),
        (
            Rule::CommitMajority,
            terms(2, 3),
            (property(Property::StateMachineSafety), 9),
        ),
        (Rule::LogCheck, terms(3, 2), (property(Property::LogMatching), 18)),
        (
            Rule::OwnTermCommit,
            terms(4, 2),
            (property(Property::LeaderCompleteness), 28),
        ),
        (Rule::SyncedVote, crash.clone(), (Broken::OneVote, 7)),
        (Rule::DurableVote, crash, (Broken::OneVote, 5)),
    ];
    for (rule, bounds, broken) in expected {
        assert_eq!(without(rule, &bounds), broken, "{}", rule.name());
    }
}

#[test]
fn a_trace_tells_what_happened_with_one_servers_name_throughout() {
    let bounds = Bounds {
        entries: 0,
        heartbeats: 0,
        max_term: 2,
        config: without_rule(Rule::UpToDateVote),
        ..Bounds::lossy()
    };
    let mut search = Search::new(bounds, Order::Level);
    search.finish();
    let trace = &search.found().expect("a violation").trace;
    assert_eq!(trace[0], "S1's election timer runs out");
    assert!(
        trace[1].starts_with("delivered: S1 → S2, term 1: RequestVote"),
        "{trace:#?}"
    );
    let stands = |line: &&String| line.ends_with("election timer runs out");
    assert_eq!(trace.iter().filter(stands).count(), 2);
}

#[test]
fn a_budget_bounds() {
    let states = |drops| {
        let bounds = Bounds {
            max_term: 1,
            drops,
            ..Bounds::lossy()
        };
        complete(&bounds, Order::Deep).states
    };
    let [none, one, any] = [0, 1, ANY].map(states);
    assert!(none < one && one < any);
}
