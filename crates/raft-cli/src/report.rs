//! How a run is told: as text for people, as JSON for programs.

use crate::input::Named;
use raft_lab::linearizability::Verdict;
use raft_lab::{Property, ReadStats, Reads, Role, Run, Scenario, ServerState, TwoPhaseState, Wait};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Who leads, terms, logs, state, violations and the fingerprint, as lines.
pub(crate) fn text(named: &Named, run: &Run) -> String {
    let mut out = String::new();
    let title = if named.scenario.title.is_empty() {
        &named.name
    } else {
        &named.scenario.title
    };
    let _ = writeln!(out, "{title}");
    let _ = writeln!(
        out,
        "  {} ms simulated, {} events, {} messages, fingerprint {}",
        run.now().0 / 1000,
        run.events(),
        run.messages(),
        run.fingerprint()
    );
    out.push_str(&differs(named, run).unwrap_or_default());
    for server in &run.state().servers {
        if server.two_phase.is_some() {
            let (id, records) = (server.id.to_string(), server.log.last_index().0);
            let _ = writeln!(
                out,
                "  {id:<3}{:<12}log {records:<5}{}",
                role(server),
                state(server)
            );
            continue;
        }
        let _ = writeln!(
            out,
            "  {:<3}{:<10}term {:<4}log {:<5}committed {:<5}applied {:<5}{}",
            server.id.to_string(),
            role(server),
            server.term.0,
            server.log.last_index().0,
            server.commit_index.0,
            server.last_applied.0,
            state(server)
        );
    }
    if let Some(limit) = run.limit() {
        let _ = writeln!(out, "  {limit}: too much happens in it");
    }
    if let Some(wait) = run.longest_wait() {
        let _ = writeln!(out, "{}", longest_wait(&wait));
    }
    if run.violations().is_empty() {
        let _ = writeln!(out, "  no property violated");
    }
    for violation in run.violations() {
        let _ = writeln!(
            out,
            "  {}: {violation} ({} µs)",
            violation.property(),
            violation.at.0
        );
    }
    let mut broken = run.violations().iter().map(raft_lab::Violation::property);
    let promised = broken.any(|property| property == Property::Linearizability);
    let _ = match run.linearizable() {
        Verdict::Yes => writeln!(out, "  what clients saw is linearizable"),
        Verdict::No { .. } if promised => writeln!(out, "  so what clients saw is not linearizable"),
        Verdict::No { since, because } => writeln!(out, "  not linearizable: {because} ({} µs)", since.at.0),
        Verdict::Unknown { since } => writeln!(
            out,
            "  whether what clients saw is linearizable nobody knows: too many writes got no answer ({} µs)",
            since.at.0
        ),
    };
    out
}

fn role(server: &ServerState) -> &'static str {
    match server.role {
        _ if server.unpowered => "no power",
        _ if !server.up => "crashed",
        _ if server.two_phase.is_some() => two_phase_role(server),
        Role::Leader => "leader",
        Role::PreCandidate => "pre-candidate",
        Role::Candidate => "candidate",
        Role::Follower => "follower",
    }
}

fn longest_wait(wait: &Wait) -> String {
    let (server, transaction, ms) = (wait.server, wait.transaction, wait.lasted.0 / 1000);
    format!("  longest wait for a decision: {server} for {transaction}, {ms} ms")
}

/// What a server of two-phase commit is, or that it waits in vain.
fn two_phase_role(server: &ServerState) -> &'static str {
    match &server.two_phase {
        Some(state) if state.blocked_by().is_some() => "blocked",
        _ if server.id == TwoPhaseState::COORDINATOR => "coordinator",
        _ => "participant",
    }
}

fn state(server: &ServerState) -> String {
    server
        .machine
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect::<Vec<_>>()
        .join(" ")
}

/// What is to be said where the fingerprint began otherwise when a link was made.
fn differs(named: &Named, run: &Run) -> Option<String> {
    let made = named.made.as_deref()?;
    let same = run.fingerprint().to_string().starts_with(made);
    (!same).then(|| format!("  the link differs: where it was made, the fingerprint began with {made}\n"))
}

#[derive(Serialize)]
struct Report<'a> {
    title: &'a str,
    fingerprint: String,
    events: u64,
    messages: u64,
    simulated_us: u64,
    /// Why the run was stopped before its end, if it was.
    limit: Option<String>,
    servers: Vec<Server>,
    /// In two-phase commit: how long at most a server waited for a decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    longest_wait_us: Option<u64>,
    violations: Vec<Violation>,
    linearizable: &'static str,
    reads: BTreeMap<&'static str, ReadsOfAMode>,
}

#[derive(Serialize)]
struct Server {
    id: String,
    status: &'static str,
    role: Role,
    /// `coordinator`, `participant` or `blocked`, in two-phase commit alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    two_phase: Option<&'static str>,
    term: u64,
    commit_index: u64,
    last_applied: u64,
    log_len: u64,
    state: BTreeMap<String, String>,
}

#[derive(Serialize)]
struct Violation {
    invariant: String,
    at_us: u64,
    seq: u32,
    why: String,
}

#[derive(Serialize)]
struct ReadsOfAMode {
    asked: u32,
    ok: u32,
    failed: u32,
    unknown: u32,
    p50_us: Option<u32>,
    p99_us: Option<u32>,
    stale: u32,
}

/// One JSON object on one line.
pub(crate) fn json(scenario: &Scenario, run: &Run, reads: &ReadStats) -> Result<String, String> {
    let report = Report {
        title: &scenario.title,
        fingerprint: run.fingerprint().to_string(),
        events: run.events(),
        messages: run.messages(),
        simulated_us: run.now().0,
        limit: run.limit(),
        servers: run.state().servers.iter().map(server).collect(),
        violations: run
            .violations()
            .iter()
            .map(|v| Violation {
                invariant: v.property().to_string(),
                at_us: v.at.0,
                seq: v.seq.0,
                why: v.to_string(),
            })
            .collect(),
        linearizable: run.linearizable().word(),
        longest_wait_us: run.longest_wait().map(|wait| wait.lasted.0),
        reads: reads
            .reads()
            .iter()
            .map(|(mode, reads)| (*mode, reads_of(reads)))
            .collect(),
    };
    serde_json::to_string(&report).map_err(|e| e.to_string())
}

fn reads_of(reads: &Reads) -> ReadsOfAMode {
    let answers = &reads.answers;
    ReadsOfAMode {
        asked: answers.asked,
        ok: answers.ok,
        failed: answers.failed,
        unknown: answers.unknown,
        p50_us: answers.percentile(50),
        p99_us: answers.percentile(99),
        stale: reads.stale,
    }
}

fn server(server: &ServerState) -> Server {
    Server {
        id: server.id.to_string(),
        status: match server {
            server if server.up => "up",
            server if server.unpowered => "unpowered",
            _ => "crashed",
        },
        role: server.role,
        two_phase: server.two_phase.is_some().then(|| two_phase_role(server)),
        term: server.term.0,
        commit_index: server.commit_index.0,
        last_applied: server.last_applied.0,
        log_len: server.log.last_index().0,
        state: server
            .machine
            .iter()
            .map(|(k, v)| (k.to_string(), v.to_string()))
            .collect(),
    }
}
