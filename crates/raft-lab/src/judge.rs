//! Judges what a scenario expects.

use crate::Run;
use raft_core::{Index, NodeId, Role};
use raft_sim::scenario::{Ending, Expect, Expected, Fact, Scenario, limits};
use raft_trace::{ClientId, ClusterState, Outcome, ServerState, linearizability};

/// Whether an expectation holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What was expected.
    pub expect: Expect,
    /// Whether it holds.
    pub holds: bool,
    /// The same for people: `expect state x=1 holds`, `expect term 2 does not hold: S1 has term 3`.
    pub sentence: String,
}

/// Runs a scenario to its end and judges each of its expectations, in the order written.
#[must_use]
pub fn judge(scenario: &Scenario) -> Vec<Verdict> {
    judge_run(scenario, Run::new(scenario))
}

fn judge_run(scenario: &Scenario, mut run: Run) -> Vec<Verdict> {
    let end = scenario.ends_at();
    let mut verdicts = vec![None; scenario.expects.len()];
    let mut by_time: Vec<usize> = (0..verdicts.len()).collect();
    let time_of = |i: usize| scenario.expects[i].at.unwrap_or(end);
    by_time.sort_by_key(|&i| time_of(i));
    for i in by_time {
        run.until(time_of(i));
        verdicts[i] = Some(judge_one(&run, &scenario.expects[i]));
    }
    verdicts.into_iter().flatten().collect()
}

/// The run has come to the time of the expectation.
fn judge_one(run: &Run, expect: &Expect) -> Verdict {
    let refuted = match &expect.what {
        // Nobody knows how it went on.
        _ if run.limit().is_some() => run.limit(),
        Expected::NoViolation => run.violations().first().map(ToString::to_string),
        Expected::Violation(property) => {
            let violated = run.violations().iter().any(|v| v.property() == *property);
            (!violated).then(|| format!("{property} was not violated"))
        }
        Expected::Linearizable(expected) => refute_linearizable(*expected, run.linearizable()),
        what => refute(what, &run.state()),
    };
    let sentence = match &refuted {
        None => format!("expect {expect} holds"),
        Some(why) => format!("expect {expect} does not hold: {why}"),
    };
    Verdict {
        expect: expect.clone(),
        holds: refuted.is_none(),
        sentence,
    }
}

/// Why this does not hold for a cluster, if so.
fn refute(what: &Expected, cluster: &ClusterState) -> Option<String> {
    match what {
        Expected::Violation(_) | Expected::NoViolation | Expected::Linearizable(_) => None, // not to be seen in a single state
        Expected::Leader(expected) => match leader(cluster) {
            Some(leader) if leader == *expected => None,
            Some(leader) => Some(format!("{leader} leads")),
            None => Some("no server leads".to_owned()),
        },
        Expected::NoLeader => leader(cluster).map(|leader| format!("{leader} leads")),
        Expected::Client(client, ending) => refute_ending(*client, ending, cluster),
        Expected::Servers { fact, on } if on.is_empty() => {
            let mut up = cluster.servers.iter().filter(|server| server.up).peekable();
            if up.peek().is_none() {
                return Some("no server is up".to_owned());
            }
            up.find_map(|server| refute_fact(fact, server))
        }
        Expected::Servers { fact, on } => on
            .iter()
            .find_map(|&id| cluster.server(id).and_then(|server| refute_fact(fact, server))),
    }
}

fn refute_linearizable(expected: bool, found: &linearizability::Verdict) -> Option<String> {
    match (found, expected) {
        (linearizability::Verdict::Yes, false) => Some("what clients saw is linearizable".to_owned()),
        (linearizability::Verdict::No { because, .. }, true) => Some(because.to_string()),
        (linearizability::Verdict::Unknown { .. }, _) => {
            Some("too many writes got no answer to know that".to_owned())
        }
        _ => None,
    }
}

/// Of the servers that are up and believe to lead, the one with the highest term.
fn leader(cluster: &ClusterState) -> Option<NodeId> {
    let leaders = cluster
        .servers
        .iter()
        .filter(|server| server.up && server.role == Role::Leader);
    leaders.max_by_key(|server| server.term).map(|server| server.id)
}

fn refute_ending(client: ClientId, expected: &Ending, cluster: &ClusterState) -> Option<String> {
    let Some((invocation, outcome)) = cluster.client(client).and_then(|client| client.last.as_ref()) else {
        return Some(format!("no operation of {client} has ended"));
    };
    let found = match outcome {
        Outcome::Ok {
            value: Some(value), ..
        } => Ending::Read(value.clone()),
        Outcome::Ok { value: None, .. } if invocation.operation.reads() => Ending::ReadNothing,
        Outcome::Ok { value: None, .. } => Ending::Ok,
        Outcome::Failed => Ending::Failed,
        Outcome::Unknown => Ending::Unknown,
    };
    let done = matches!(outcome, Outcome::Ok { .. });
    let holds = found == *expected || (done && *expected == Ending::Ok);
    (!holds).then(|| format!("{client} {} ended as {found}", invocation.operation))
}

fn refute_fact(expected: &Fact, server: &ServerState) -> Option<String> {
    let on_disk = matches!(expected, Fact::Term(_) | Fact::VotedFor(_) | Fact::Log(_));
    if !server.up && !on_disk {
        return Some(format!("{} is down", server.id));
    }
    let found = match expected {
        Fact::Role(_) => Fact::Role(server.role),
        Fact::Term(_) => Fact::Term(server.term),
        Fact::VotedFor(_) => Fact::VotedFor(server.voted_for),
        // One term more than can be expected is enough to tell the difference.
        Fact::Log(_) => {
            let entries = server.log.iter_from(Index(1)).take(limits::LOG + 1);
            Fact::Log(entries.map(|entry| entry.term).collect())
        }
        Fact::Committed(_) => Fact::Committed(server.commit_index.0),
        Fact::State(key, _) | Fact::NoState(key) => match server.machine.get(key) {
            Some(value) => Fact::State(key.clone(), value.into()),
            None => Fact::NoState(key.clone()),
        },
        Fact::Blocked | Fact::NotBlocked => match server.two_phase.as_ref().and_then(|t| t.blocked_by()) {
            Some(_) => Fact::Blocked,
            None => Fact::NotBlocked,
        },
    };
    let verb = match found {
        Fact::Blocked | Fact::NotBlocked => "is",
        _ => "has",
    };
    (found != *expected).then(|| format!("{} {verb} {found}", server.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_holds_of_a_time_that_the_run_does_not_come_to() {
        let scenario =
            Scenario::parse("raft 1;@9s end;expect no-violation at 1s;expect no-violation").unwrap();
        let verdicts = judge_run(&scenario, Run::new(&scenario).stopping_after(1_500));
        assert!(verdicts[0].holds);
        let stopped = "expect no-violation does not hold: the run was stopped at ";
        assert!(
            verdicts[1].sentence.starts_with(stopped),
            "{}",
            verdicts[1].sentence
        );
    }
}
