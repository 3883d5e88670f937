//! §5.2, §5.4.1.

use crate::{Proof, fresh, led, of};
use raft_core::{Body, Duration, Message, Role, Rule, Rules};
use std::collections::VecDeque;

pub(crate) const PROOFS: &[Proof] = &[
    (Rule::UpToDateVote, up_to_date_vote),
    (Rule::TermBeforeIndex, term_before_index),
    (Rule::OneVote, one_vote),
    (Rule::ElectionMajority, election_majority),
    (Rule::CountVotersOnce, count_voters_once),
    (Rule::VotesOfThisTerm, votes_of_this_term),
    (Rule::TimerOnlyWhenHeard, timer_only_when_heard),
    (Rule::TimerOnVote, timer_on_vote),
];

/// S3 misses an entry that S1 and S2 have, and stands.
fn up_to_date_vote(rules: Rules) {
    let mut cluster = led(3, rules);
    cluster.isolate(&[3]);
    cluster.propose(1, "x=1");
    cluster.settle();
    cluster.heal();
    cluster.timeout(3);
    cluster.settle();
}

/// S3 has more entries than S1 and S2, but misses their last.
fn term_before_index(rules: Rules) {
    let mut cluster = of(&[(1, &[1]), (1, &[1]), (1, &[1, 1, 1])], rules, |_| {});
    cluster.isolate(&[3]);
    cluster.elect(1);
    cluster.heal();
    for _ in 0..2 {
        cluster.timeout(3);
        cluster.settle();
    }
}

/// S1 and S2 both ask S3.
fn one_vote(rules: Rules) {
    let mut cluster = fresh(3, rules);
    cluster.timeout(1);
    cluster.timeout(2);
    cluster.deliver_from(1, 3);
    cluster.deliver_from(2, 3);
    cluster.deliver_from(3, 1);
    cluster.deliver_from(3, 2);
}

/// Two of five vote for S1, two for S2.
fn election_majority(rules: Rules) {
    let mut cluster = fresh(5, rules);
    for (candidate, voter) in [(1, 3), (2, 4)] {
        cluster.timeout(candidate);
        cluster.deliver_from(candidate, voter);
        cluster.deliver_from(voter, candidate);
    }
}

/// S3's vote for S1 arrives twice; S4 and S5 vote for S2.
fn count_voters_once(rules: Rules) {
    let mut cluster = fresh(5, rules);
    cluster.timeout(1);
    cluster.timeout(2);
    cluster.deliver_from(1, 3);
    let vote = cluster.intercept(1).remove(1); // after S2's request
    cluster.receive(vote.clone());
    cluster.receive(vote);
    for voter in [4, 5] {
        cluster.deliver_from(2, voter);
        cluster.deliver_from(voter, 2);
    }
}

/// S3's vote for S1 in term 1 arrives when S1 stands in term 2, which S2 leads.
fn votes_of_this_term(rules: Rules) {
    let mut cluster = fresh(3, rules);
    cluster.timeout(1);
    cluster.deliver_from(1, 3);
    let vote = cluster.intercept(1).remove(0);
    cluster.timeout(2);
    cluster.timeout(2);
    cluster.isolate(&[1]);
    cluster.settle();
    cluster.timeout(1);
    cluster.receive(vote);
}

/// S1 is down. S3, whose log is behind, draws 150 ms each time and S2 160 ms: S2 has to get its turn.
fn timer_only_when_heard(rules: Rules) {
    let mut cluster = led(3, rules);
    cluster.isolate(&[3]);
    cluster.propose(1, "x=1");
    cluster.settle();
    cluster.heal();
    cluster.crash(1);
    for _ in 0..20 {
        cluster.expire(3);
        cluster.settle();
        cluster.wait(Duration::millis(10));
        if cluster.timer_age(2) >= Duration::millis(160) {
            cluster.timeout(2);
            cluster.settle();
            break;
        }
    }
    assert!(cluster.leaders() > 1, "Progress");
}

/// Votes take 100 ms to arrive, requests no time, and all servers draw 200 ms, but did not start at once.
fn timer_on_vote(rules: Rules) {
    let mut cluster = fresh(3, rules);
    for late in [2, 3] {
        cluster.wait(Duration::millis(50));
        (late..=3).for_each(|id| cluster.crash_and_restart(id));
    }
    let mut votes: VecDeque<(u32, Message)> = VecDeque::new();
    for tick in 0..100 {
        for id in cluster.ids() {
            if cluster.role(id) != Role::Leader && cluster.timer_age(id) >= Duration::millis(200) {
                cluster.timeout(id);
                cluster.settle_but(|m| {
                    let is_vote = matches!(m.body, Body::RequestVoteReply { .. });
                    is_vote.then(|| votes.push_back((tick + 2, m.clone()))).is_some()
                });
            }
        }
        while votes.front().is_some_and(|(due, _)| *due <= tick) {
            let (_, vote) = votes.pop_front().expect("just seen");
            cluster.receive(vote);
            cluster.settle();
        }
        cluster.wait(Duration::millis(50));
    }
    assert!(cluster.leaders() > 0, "Progress");
}
