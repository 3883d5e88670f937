//! Who judges linearizability is judged here: by search, by trying every order, and by the definition of zones.

use raft_lab::{histories, long_history};
use raft_sim::{random_history, random_history_of};
use raft_trace::linearizability::wgl::{self, By};
use raft_trace::linearizability::{Linearizability, Record, Verdict, When};
use raft_trace::{OpId, Operation, Outcome, Seq, Word};
use std::collections::BTreeMap;
use std::sync::Arc;

fn judged(records: &[Record]) -> Verdict {
    let records: Vec<Arc<Record>> = records.iter().cloned().map(Arc::new).collect();
    Linearizability::of(&records)
}

fn by_zones(records: &[Record]) -> bool {
    judged(records) == Verdict::Yes
}

#[test]
fn zones_and_search_agree() {
    let found = histories(0..50_000);
    assert_eq!(found.disagreed, [0; 0]);
    let broken = found.histories - found.linearizable;
    let broken_with_unknown = found.with_unknown - found.linearizable_with_unknown;
    let least = [broken, found.linearizable_with_unknown, broken_with_unknown];
    assert!(least.iter().all(|n| *n > 4_000), "{found:?}");
}

/// What of a history can matter: writes that were not refused, and reads that were answered.
fn relevant(records: &[Record]) -> Vec<&Record> {
    let matters = |record: &&Record| match &record.returned {
        Some((_, Outcome::Ok { .. })) => true,
        Some((_, Outcome::Failed)) => false,
        Some((_, Outcome::Unknown)) | None => !record.operation.reads(),
    };
    records.iter().filter(matters).collect()
}

/// Whether any order of any choice of operations, all that were done among them, explains it. What stands at the key is told by `left`
/// of writes and `found` of reads.
fn by_trying_all<T: PartialEq>(
    chosen: &mut Vec<usize>,
    all: &[&Record],
    left: &impl Fn(&Record) -> T,
    found: &impl Fn(&Record) -> T,
    initial: &T,
) -> bool {
    let done = (0..all.len()).filter(|i| all[*i].done().is_some());
    let complete = done.clone().all(|i| chosen.contains(&i));
    (complete && explains(chosen, all, left, found, initial))
        || (0..all.len()).any(|i| {
            if chosen.contains(&i) {
                return false;
            }
            chosen.push(i);
            let explained = by_trying_all(chosen, all, left, found, initial);
            chosen.pop();
            explained
        })
}

fn explains<T: PartialEq>(
    order: &[usize],
    all: &[&Record],
    left: &impl Fn(&Record) -> T,
    found: &impl Fn(&Record) -> T,
    initial: &T,
) -> bool {
    let in_time = order.iter().enumerate().all(|(place, i)| {
        let later = &order[place + 1..];
        later
            .iter()
            .all(|j| all[*j].done().is_none_or(|done| done.seq > all[*i].invoked.seq))
    });
    let mut stands: Option<T> = None;
    in_time
        && order.iter().all(|i| {
            let record = all[*i];
            if record.operation.reads() {
                return found(record) == *stands.as_ref().unwrap_or(initial);
            }
            stands = Some(left(record));
            true
        })
}

fn tags_by_trying_all(records: &[Record]) -> bool {
    let (left, found) = (
        |r: &Record| Some(r.op),
        |r: &Record| r.found().and_then(|(_, tag)| tag),
    );
    by_trying_all(&mut Vec::new(), &relevant(records), &left, &found, &None)
}

fn values_by_trying_all(records: &[Record]) -> bool {
    let left = |record: &Record| match &record.operation {
        Operation::Put { value, .. } => Some(value.clone()),
        _ => None,
    };
    let found = |record: &Record| record.found().and_then(|(value, _)| value.cloned());
    by_trying_all(&mut Vec::new(), &relevant(records), &left, &found, &None::<Word>)
}

/// Small enough to try every order.
fn small() -> impl Iterator<Item = Vec<Record>> {
    (0..)
        .map(random_history)
        .filter(|records| relevant(records).len() <= 5)
}

#[test]
fn zones_and_search_agree_with_trying_every_order() {
    let mut linearizable = 0;
    for records in small().take(20_000) {
        let expected = tags_by_trying_all(&records);
        let all: Vec<&Record> = records.iter().collect();
        assert_eq!(by_zones(&records), expected, "{}", show(&records));
        assert_eq!(
            wgl::is_linearizable(&all, By::Tags, 10_000),
            Some(expected),
            "{}",
            show(&records)
        );
        linearizable += u32::from(expected);
    }
    assert!((4_000..18_000).contains(&linearizable), "{linearizable}");
}

#[test]
fn a_search_by_values_agrees_with_trying_every_order() {
    for records in small().take(5_000) {
        let all: Vec<&Record> = records.iter().collect();
        let expected = Some(values_by_trying_all(&records));
        assert_eq!(
            wgl::is_linearizable(&all, By::Values, 10_000),
            expected,
            "{}",
            show(&records)
        );
    }
}

#[test]
fn a_search_past_its_budget_knows_nothing() {
    let records = (0..)
        .map(random_history)
        .find(|records| records.len() == 9 && by_zones(records));
    let records = records.expect("there are many");
    let all: Vec<&Record> = records.iter().collect();
    assert_eq!(wgl::is_linearizable(&all, By::Tags, 2), None);
    assert_eq!(wgl::is_linearizable(&[], By::Tags, 0), Some(true));
}

/// Zones by their definition, all pairs compared.
fn by_pairs(records: &[Record]) -> bool {
    let mut zones: BTreeMap<Option<OpId>, (Seq, Seq)> = BTreeMap::from([(None, (Seq(0), Seq(0)))]);
    for record in relevant(records) {
        let tag = match record.found() {
            Some((_, tag)) => tag,
            None => Some(record.op),
        };
        let (from, to) = zones.entry(tag).or_insert((Seq(u32::MAX), Seq(0)));
        *from = (*from).min(record.done().map_or(Seq(u32::MAX), |done| done.seq));
        *to = (*to).max(record.invoked.seq);
    }
    let written = |record: &Record| match record.found() {
        Some((_, Some(op))) => {
            let write = relevant(records).into_iter().find(|write| write.op == op);
            write.is_some_and(|write| Some(write.invoked.seq) < record.done().map(|done| done.seq))
        }
        _ => true,
    };
    let zones: Vec<_> = zones.values().collect();
    let apart = |i: usize, j: usize| zones[i].0 > zones[j].1 || zones[j].0 > zones[i].1;
    records.iter().all(written) && (0..zones.len()).all(|i| (0..i).all(|j| apart(i, j)))
}

/// What was known of a history at a time.
fn prefix(records: &[Record], until: Seq) -> Vec<Record> {
    let begun = records.iter().filter(|record| record.invoked.seq <= until);
    let known = |record: &Record| Record {
        returned: record.returned.clone().filter(|(when, _)| when.seq <= until),
        ..record.clone()
    };
    begun.map(known).collect()
}

#[test]
fn a_history_is_judged_at_every_moment_as_it_would_be_whole() {
    for seed in 0..20_000 {
        let records = random_history(seed);
        let since = match judged(&records) {
            Verdict::No { since, .. } => since.seq,
            _ => Seq(u32::MAX),
        };
        for until in 0..=2 * records.len() as u32 {
            let expected = by_pairs(&prefix(&records, Seq(until)));
            assert_eq!(since > Seq(until), expected, "at {until} of {}", show(&records));
        }
    }
}

/// These operations by themselves: a write that one of them read but is not among them may have been done at any time.
fn only(guilty: &[OpId], records: &[Record]) -> Vec<Record> {
    let chosen = records.iter().filter(|record| guilty.contains(&record.op));
    let chosen: Vec<Record> = chosen.cloned().collect();
    let of = chosen.iter().filter_map(|record| record.found()?.1);
    let missing = records
        .iter()
        .filter(|record| of.clone().any(|op| op == record.op) && !guilty.contains(&record.op));
    let at_any_time = missing.enumerate().map(|(i, record)| {
        let early = When {
            seq: Seq(i as u32),
            ..record.invoked
        };
        Record {
            invoked: early,
            returned: None,
            ..record.clone()
        }
    });
    let later = |when: When| When {
        seq: Seq(when.seq.0 + 100),
        ..when
    };
    let mut all: Vec<Record> = at_any_time.collect();
    all.extend(chosen.iter().map(|record| {
        Record {
            invoked: later(record.invoked),
            returned: record
                .returned
                .clone()
                .map(|(when, outcome)| (later(when), outcome)),
            ..record.clone()
        }
    }));
    all
}

#[test]
fn the_guilty_are_as_few_as_can_be() {
    let mut sizes = BTreeMap::new();
    for seed in 0..20_000 {
        let records = random_history(seed);
        let Verdict::No { since, because } = judged(&records) else {
            continue;
        };
        let guilty = &because.guilty;
        let known = prefix(&records, since.seq);
        assert!(!by_pairs(&only(guilty, &known)), "{because} of {}", show(&known));
        for one in guilty {
            let rest: Vec<OpId> = guilty.iter().copied().filter(|op| op != one).collect();
            assert!(
                by_pairs(&only(&rest, &known)),
                "{because} without {one:?} of {}",
                show(&known)
            );
        }
        assert!(
            !any_smaller(guilty.len(), &mut Vec::new(), &known),
            "{because} of {}",
            show(&known)
        );
        *sizes.entry(guilty.len()).or_insert(0) += 1;
    }
    assert!(
        (1..=4).all(|size| sizes.get(&size).is_some_and(|n| *n > 10)),
        "{sizes:?}"
    );
}

#[test]
fn what_is_forgotten_of_a_long_history_is_not_missed() {
    let mut late = 0;
    for seed in 0..1_000 {
        let records = random_history_of(seed, 150, 100);
        let Verdict::No { since, because } = judged(&records) else {
            assert!(by_pairs(&records), "{}", show(&records));
            continue;
        };
        let known = prefix(&records, since.seq);
        assert!(
            by_pairs(&prefix(&records, Seq(since.seq.0 - 1))),
            "{because} of {}",
            show(&known)
        );
        assert!(
            !by_pairs(&only(&because.guilty, &known)),
            "{because} of {}",
            show(&known)
        );
        for one in &because.guilty {
            let rest: Vec<OpId> = because.guilty.iter().copied().filter(|op| op != one).collect();
            assert!(
                by_pairs(&only(&rest, &known)),
                "{because} without {one:?} of {}",
                show(&known)
            );
        }
        late += u32::from(known.len() > 60);
    }
    assert!(late > 200, "{late}");
}

#[test]
fn one_stale_read_in_a_long_history_is_found() {
    let mut records: Vec<Record> = long_history().iter().map(|record| (**record).clone()).collect();
    let unknown = records
        .iter()
        .filter(|record| matches!(record.returned, Some((_, Outcome::Unknown))));
    assert_eq!((records.len(), unknown.count()), (10_000, 100));
    assert!(by_zones(&records));
    let tag = Some(OpId(9_902));
    records[9_951].returned.as_mut().expect("it returned").1 = Outcome::Ok { value: None, tag };
    assert!(!by_zones(&records));
}

/// Whether fewer operations contradict one another.
fn any_smaller(than: usize, chosen: &mut Vec<OpId>, records: &[Record]) -> bool {
    if chosen.len() >= than {
        return false;
    }
    let next = chosen.last().map_or(0, |op| op.0 as usize + 1);
    !by_pairs(&only(chosen, records))
        || (next..records.len()).any(|i| {
            chosen.push(records[i].op);
            let found = any_smaller(than, chosen, records);
            chosen.pop();
            found
        })
}

/// A line for each: `#2 C1 get x 4..7 Ok { value: Some("1"), tag: Some(OpId(0)) }`.
fn show(records: &[Record]) -> String {
    let line = |record: &Record| {
        let (end, outcome) = match &record.returned {
            Some((when, outcome)) => (when.seq.0.to_string(), format!("{outcome:?}")),
            None => Default::default(),
        };
        let (op, client, operation) = (record.op.0, record.client, &record.operation);
        format!(
            "\n#{op} {client} {operation} {}..{end} {outcome}",
            record.invoked.seq.0
        )
    };
    records.iter().map(line).collect()
}
