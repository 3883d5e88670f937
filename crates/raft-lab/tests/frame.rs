//! What is shown of a moment, beside what `session.rs` holds.

use raft_core::{Index, NodeId};
use raft_lab::Session;
use raft_lab::frame::{EntryKind, Frame};
use raft_trace::{Event, WorldTime};

fn ms(ms: u64) -> WorldTime {
    WorldTime(ms * 1_000)
}

fn frame(session: &Session) -> Frame {
    session.frame(Index(1), 1_000)
}

fn run_to(text: &str, at: WorldTime) -> Session {
    let mut session = Session::parse(text).expect("a scenario");
    session.play_to(at);
    session
}

const CHANGING: &str = "raft 1\nservers 5\nvoters 3\nset snapshot-every 3\nset drift S3 100000ppm\n@0ms timeout S1\n\
    @100ms C1 put x=1\n@200ms C1 put x=2\n@300ms C1 put x=3\n@400ms learner S4\n@500ms clock-jump S2 -200ms\n\
    @600ms clock-jump S2 +50ms\n@900ms voters S1 S2 S4\n@1s set drift S3 0ppm\n@2s end\n";

#[test]
fn a_log_whose_beginning_is_gone_shows_what_is_left_in_its_place() {
    let session = run_to(CHANGING, ms(800));
    let all = frame(&session).servers.remove(0);
    let gone = all.snapshot.expect("a snapshot").last_index;
    assert_eq!((gone, all.log[0].index), (Index(3), Index(4)));
    assert_eq!(all.log.last().map(|cell| cell.index), Some(all.last_index));
    let window = session.frame(Index(2), 3).servers.remove(0);
    assert_eq!(window.log, all.log[..1]);
}

#[test]
fn logs_are_shown_from_0_with_their_end_in_sight_and_a_place_after_it() {
    let session = run_to(CHANGING, ms(1_500));
    let logs = |from, count| {
        session
            .frame(Index(from), count)
            .servers
            .into_iter()
            .map(|s| s.log)
    };
    let last = frame(&session).servers.iter().map(|s| s.last_index.0).max();
    let last = last.expect("servers");
    assert!(last > 5);
    for count in 3..last {
        let from = last + 3 - count;
        assert!(
            logs(0, count as u32).eq(logs(from, count as u32)),
            "{count} from {from}"
        );
    }
    assert!(logs(0, 1_000).eq(logs(1, 1_000)));
}

#[test]
fn who_belongs_to_the_cluster_is_told_as_each_server_knows_it() {
    let members = |at| {
        let known = frame(&run_to(CHANGING, at)).servers.remove(0).configuration;
        [known.voters, known.outgoing, known.learners].map(|ids| ids.join(" "))
    };
    assert_eq!(members(ms(100)), ["S1 S2 S3", "", ""]);
    assert_eq!(members(ms(800)), ["S1 S2 S3", "", "S4"]);
    assert_eq!(members(ms(901)), ["S1 S2 S4", "S1 S2 S3", ""]);
    assert_eq!(members(ms(1900)), ["S1 S2 S4", "", ""]);
    let kinds: Vec<EntryKind> = (frame(&run_to(CHANGING, ms(150))).servers[0].log.iter())
        .map(|cell| cell.kind)
        .collect();
    assert_eq!(kinds, [EntryKind::Noop, EntryKind::Command]);
}

#[test]
fn clocks_tell_how_far_they_are_ahead() {
    let ahead = |at| {
        let servers = frame(&run_to(CHANGING, at)).servers;
        [1, 2].map(|i: usize| servers[i].clock_ahead_us)
    };
    assert_eq!(ahead(ms(400)), [0, 40_000]);
    assert_eq!(ahead(ms(550)), [-200_000, 55_000]);
    assert_eq!(ahead(ms(1500)), [-150_000, 100_000]);
}

#[test]
fn it_is_known_when_a_server_first_knew_an_entry_to_be_committed() {
    let session = run_to(CHANGING, ms(350));
    let when = |server, index| {
        let seq = session.committed(NodeId(server), Index(index))?;
        Some(session.events(seq, 1).remove(0))
    };
    for server in [1, 2] {
        let event = when(server, 2).expect("it is committed");
        let through = match event.event {
            Event::Committed {
                server: whose,
                through,
            } if whose == NodeId(server) => through,
            other => panic!("{other:?}"),
        };
        assert!(through >= Index(2));
        let before = frame(&run_to(CHANGING, WorldTime(event.at.0 - 1)));
        assert!(before.servers[server as usize - 1].commit_index < Index(2));
    }
    assert_eq!((when(1, 99), when(0, 1)), (None, None));
}

#[test]
fn what_a_leader_sends_is_counted_for_each_follower_also_where_messages_are_left_out() {
    let text =
        "raft 1\nclients 1\nset latency 40ms..40ms\n@1ms timeout S1\n@500ms C1 put x=1\n@510ms C1 put y=2\n";
    let mut session = run_to(text, ms(500));
    let mut all = 0;
    for at in (500..800).step_by(5) {
        session.play_to(ms(at));
        let whole = frame(&session);
        for leader in &whole.servers {
            for known in &leader.progress {
                let sent = whole.messages.iter();
                let sent = sent.filter(|m| m.from == leader.id && m.to == known.server && m.entries > 0);
                assert_eq!(known.flying as usize, sent.count(), "{at} {}", known.server);
                all += known.flying;
            }
        }
        let moving = session.frame_in_motion(Index(1), 1_000);
        assert!(moving.messages.is_empty());
        let messages = whole.messages.clone();
        assert_eq!(Frame { messages, ..moving }, whole);
    }
    assert!(all > 0, "nothing was on its way");
}
