//! Thesis 4.2.3, 6.2, 9.6.

use crate::support::*;
use crate::{Proof, led_with, of};
use raft_core::{Body, Duration, Index, Message, NodeId, Role, Rule, Rules, Term};

pub(crate) const PROOFS: &[Proof] = &[
    (Rule::PreVote, pre_vote),
    (Rule::PreVoteAnswered, pre_vote_answered),
    (Rule::PreVoteStickiness, pre_vote_stickiness),
    (Rule::LeaderStickiness, leader_stickiness),
    (Rule::CheckQuorum, check_quorum),
];

const TICK: Duration = Duration::millis(50);

/// S3 was cut off for a while and comes back.
fn pre_vote(rules: Rules) {
    let mut cluster = led_with(3, rules, |config| config.pre_vote = true);
    cluster.isolate(&[3]);
    for _ in 0..20 {
        tick(&mut cluster, |_| false);
    }
    cluster.heal();
    for _ in 0..4 {
        tick(&mut cluster, |_| false);
    }
    assert_eq!(
        (cluster.term(1), cluster.role(3)),
        (1, Role::Follower),
        "Progress"
    );
}

/// S3 is down. S1 has the longer log, S2 the later term.
fn pre_vote_answered(rules: Rules) {
    let mut cluster = of(&[(3, &[1, 1]), (5, &[1]), (0, &[])], rules, |config| {
        config.pre_vote = true;
    });
    cluster.crash(3);
    for _ in 0..10 {
        for id in [1, 2] {
            if cluster.leaders() == 0 {
                cluster.expire(id);
                cluster.settle();
            }
        }
    }
    assert!(cluster.leaders() > 0, "Progress");
}

/// S1 cannot reach S3, though S2 can.
fn pre_vote_stickiness(rules: Rules) {
    let mut cluster = led_with(3, rules, |config| config.pre_vote = true);
    for _ in 0..20 {
        tick(&mut cluster, |m| (m.from, m.to) == (NodeId(1), NodeId(3)));
    }
    assert_eq!((cluster.role(1), cluster.term(1)), (Role::Leader, 1), "Progress");
}

/// Nothing reaches S3, but what it says is heard: as of a server that was removed and was not told.
fn leader_stickiness(rules: Rules) {
    let mut cluster = led_with(3, rules, |config| config.stickiness = true);
    for _ in 0..20 {
        tick(&mut cluster, |m| m.to == NodeId(3));
    }
    assert_eq!((cluster.role(1), cluster.term(1)), (Role::Leader, 1), "Progress");
}

/// Nothing reaches S1, but what it says is heard.
fn check_quorum(rules: Rules) {
    let mut cluster = led_with(3, rules, |config| {
        config.check_quorum = true;
        config.pre_vote = true;
    });
    let committed = cluster.committed.len();
    for _ in 0..40 {
        tick(&mut cluster, |m| m.to == NodeId(1));
        for id in cluster.ids() {
            cluster.propose(id, "x=1");
        }
    }
    assert!(cluster.committed.len() > committed + 1, "Progress");
}

/// 50 ms go by: leaders are heard, timers run out that may, and everything arrives but what is lost.
fn tick(cluster: &mut Cluster, lost: impl Fn(&Message) -> bool) {
    for id in cluster.ids() {
        if cluster.role(id) == Role::Leader {
            cluster.heartbeat(id);
        } else if cluster.is_due(id) {
            cluster.timeout(id);
        }
        cluster.settle_but(&lost);
    }
    cluster.wait(TICK);
}

/// Without the rule only who asks in an earlier term gets no answer.
#[test]
fn without_pre_vote_answered_the_current_term_is_still_answered() {
    let rules = Rules::ALL.without(Rule::PreVoteAnswered);
    let mut cluster = of(&[(3, &[]), (3, &[])], rules, |_| {});
    for (term, answers) in [(2, 0), (3, 1), (4, 1)] {
        let question = Message {
            body: Body::PreVote {
                last_log_index: Index(0),
                last_log_term: Term(0),
            },
            ..vote_reply(1, 2, term, false)
        };
        assert_eq!(sent(&cluster.receive(question)).len(), answers, "term {term}");
    }
}
