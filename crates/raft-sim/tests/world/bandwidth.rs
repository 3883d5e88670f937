//! Links that take time to take messages on.

use crate::{Run, Voyage, ms, run};
use raft_core::NodeId;
use raft_trace::{Endpoint, LostBecause, PacketKind, WorldTime};

const S1: Endpoint = Endpoint::Server(NodeId(1));
const S2: Endpoint = Endpoint::Server(NodeId(2));
const S3: Endpoint = Endpoint::Server(NodeId(3));

fn takes(voyage: &Voyage<'_>) -> u64 {
    voyage.arrives.0 - voyage.sent.at.0
}

/// What is sent from S1 to S2 when.
fn sent(run: &Run) -> Vec<(WorldTime, WorldTime)> {
    run.link(S1, S2).iter().map(|v| (v.sent.at, v.arrives)).collect()
}

#[test]
fn a_message_takes_its_size_at_the_links_bandwidth_and_then_its_latency() {
    // A RequestVote has 100 bytes: 20 ms at 5 kB/s.
    let run = run("set latency 10ms\nset bandwidth S1->S2 5kB/s\n@10ms timeout S1\n@50ms end");
    assert_eq!(takes(&run.link(S1, S2)[0]), 20_000 + 10_000);
    assert_eq!(takes(&run.link(S1, S3)[0]), 10_000);
}

#[test]
fn messages_are_put_onto_a_link_one_after_the_other() {
    // 100 ms each, and heartbeats every 50 ms: the queue grows by one every 100 ms.
    let run = run(
        "servers 2\nset latency 1ms\nset bandwidth S1->S2 1kB/s\nset election-timeout 60s\n@10ms timeout S1\n@2s end",
    );
    let mut free_at = 0;
    for (sent_at, arrives) in sent(&run) {
        let begins = free_at.max(sent_at.0);
        let on_link = arrives.0 - 1_000 - begins;
        assert!(on_link >= 100_000, "{on_link} µs");
        free_at = begins + on_link;
    }
    let waits = sent(&run).iter().map(|(sent, arrives)| arrives.0 - sent.0).max();
    assert!(waits > Some(800_000), "{waits:?}");
}

#[test]
fn an_unlimited_link_has_no_queue() {
    let story =
        "servers 2\nset latency 1ms\nset bandwidth S1->S2 1kB/s\nset election-timeout 60s\n@10ms timeout S1";
    let run = run(&format!("{story}\n@1s set bandwidth unlimited\n@2s end"));
    let late = run.link(S1, S2).into_iter().filter(|v| v.sent.at > ms(1_000));
    assert!(late.map(|v| takes(&v)).all(|t| t == 1_000));
}

#[test]
fn a_copy_is_made_behind_the_narrow_place() {
    let run = run(
        "set latency 10ms\nset bandwidth S1->S2 5kB/s\n@0ms duplicate RequestVote S1->S2\n@10ms timeout S1\n@50ms end",
    );
    let voyages = run.link(S1, S2);
    assert_eq!(voyages[1].original.map(|id| id.0), Some(0));
    assert_eq!((takes(&voyages[0]), takes(&voyages[1])), (30_000, 30_000));
}

#[test]
fn what_is_delivered_by_hand_does_not_wait_for_the_link() {
    let run = run("set bandwidth S1->S2 100B/s\n@0ms deliver message S1->S2\n@10ms timeout S1\n@50ms end");
    assert_eq!(takes(&run.link(S1, S2)[0]), 1);
}

#[test]
fn what_a_full_link_cannot_carry_takes_no_place_in_its_queue() {
    let run = run("servers 2\nset heartbeat 1ms\n@10ms timeout S1\n@100ms set bandwidth 100B/s\n@5s end");
    let lost = run
        .voyages()
        .iter()
        .filter(|v| matches!(v.end, Some((_, Err(LostBecause::LinkFull)))))
        .count();
    assert!(lost > 100, "{lost}");
    // 128 messages of a second or a bit more each.
    let longest = run.voyages().iter().map(takes).max().expect("one");
    assert!(longest < 140_000_000, "{longest}");
}

#[test]
fn a_snapshot_on_a_thin_link_takes_long() {
    let run = run("servers 3\nset latency 5ms\n@10ms timeout S1\n@100ms crash S3\n\
         @100ms load C1 put after 0ms of 1000 keys\n@18s load C1 stop\n@18s set bandwidth S1->S3 20kB/s\n@19s snapshot S1\n@19s restart S3\n@25s end");
    let snapshots: Vec<_> = run
        .link(S1, S3)
        .into_iter()
        .filter(|v| v.packet.kind() == PacketKind::InstallSnapshot)
        .collect();
    assert!(takes(&snapshots[0]) > 300_000, "{} µs", takes(&snapshots[0]));
}

#[test]
fn draws_do_not_depend_on_the_bandwidth() {
    let story = "set latency 5ms..50ms\nset loss 20%\n@10ms timeout S1\n@15ms end";
    let wide = run(story);
    let narrow = run(&format!("set bandwidth 1000MB/s\n{story}"));
    let ways = |run: &Run| run.voyages().iter().map(|v| v.arrives.0).collect::<Vec<_>>();
    // 100 bytes take 0.1 µs at a thousand megabytes a second, and 1 µs is the least there is.
    let apart: Vec<u64> = ways(&narrow)
        .iter()
        .zip(ways(&wide))
        .map(|(a, b)| a - b)
        .collect();
    assert_eq!(apart, [1, 1, 1, 1]);
}
