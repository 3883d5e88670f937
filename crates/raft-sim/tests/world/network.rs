//! Latency, loss, duplication, cuts and splits.

use crate::{ms, run};
use raft_core::NodeId;
use raft_trace::{ClientId, Endpoint, Event, LostBecause, WorldTime};

const S1: Endpoint = Endpoint::Server(NodeId(1));
const S2: Endpoint = Endpoint::Server(NodeId(2));
const S3: Endpoint = Endpoint::Server(NodeId(3));
const C1: Endpoint = Endpoint::Client(ClientId(1));

#[test]
fn a_message_takes_as_long_as_its_link_says() {
    let run = run("set latency 3ms..5ms\nset latency S1->S2 80ms..90ms\n@10ms timeout S1\n@1s end");
    for voyage in run.voyages() {
        let takes = (voyage.arrives.0 - voyage.sent.at.0) / 1_000;
        let slow = (voyage.packet.from(), voyage.packet.to()) == (S1, S2);
        let expected = if slow { 80..=90 } else { 3..=5 };
        assert!(expected.contains(&takes), "{voyage:?}");
        if let Some((at, Ok(()))) = voyage.end {
            assert_eq!(at, voyage.arrives);
        }
    }
}

#[test]
fn a_lost_message_is_lost_half_way() {
    let run = run("set loss S1->S2 100%\n@10ms timeout S1\n@1s end");
    assert!(run.link(S1, S2).len() > 10);
    for voyage in run.link(S1, S2) {
        let half = WorldTime(voyage.sent.at.0.midpoint(voyage.arrives.0));
        assert!(
            voyage.end.is_none_or(|end| end == (half, Err(LostBecause::Loss))),
            "{voyage:?}"
        );
    }
    let arrived = |v: &crate::Voyage<'_>| matches!(v.end, Some((_, Ok(()))));
    assert!(run.link(S1, S3).iter().any(arrived));
}

#[test]
fn loss_takes_its_share() {
    let run = run("set loss 20%\n@10ms timeout S1\n@20s end");
    let voyages = run.voyages();
    let lost = voyages
        .iter()
        .filter(|v| matches!(v.end, Some((_, Err(_)))))
        .count();
    let percent = lost * 100 / voyages.len();
    assert!((18..=22).contains(&percent), "{percent} % of {}", voyages.len());
}

#[test]
fn every_message_is_duplicated_once_and_no_copy_again() {
    let run = run("set duplicate 100%\n@10ms timeout S1\n@300ms C1 put x=1\n@1s end");
    let voyages = run.voyages();
    let copies: Vec<_> = voyages.iter().filter_map(|v| v.original).collect();
    assert_eq!(copies.len() * 2, voyages.len());
    assert!(
        copies
            .iter()
            .all(|original| voyages[original.0 as usize].original.is_none())
    );
    let apart = |v: &&crate::Voyage<'_>| {
        v.original
            .is_some_and(|o| voyages[o.0 as usize].arrives != v.arrives)
    };
    assert!(
        voyages.iter().filter(apart).count() > copies.len() / 2,
        "copies take their own time"
    );
    assert_eq!(run.value(5, "x"), Some("1"));
}

#[test]
fn a_cut_is_one_way_and_ends_with_the_mending() {
    let run = run("@10ms timeout S2\n@200ms cut S1->S2\n@500ms mend S1->S2\n@1s end");
    for voyage in run.link(S1, S2) {
        let Some((at, end)) = voyage.end else { continue };
        let cut = voyage.sent.at >= ms(200) && voyage.sent.at < ms(500) || (ms(200)..ms(500)).contains(&at);
        assert_eq!(
            end,
            if cut { Err(LostBecause::Cut) } else { Ok(()) },
            "{voyage:?}"
        );
    }
    assert!(
        run.link(S1, S2)
            .iter()
            .any(|v| v.sent.at > ms(500) && v.end.is_some())
    );
    assert!(
        run.link(S2, S1)
            .iter()
            .all(|v| !matches!(v.end, Some((_, Err(_)))))
    );
    assert_eq!(run.leaders(), [2]);
}

#[test]
fn a_message_under_way_when_the_cut_comes_is_lost_where_it_would_arrive() {
    let run = run("set latency 40ms\n@10ms timeout S1\n@30ms cut S1->S2\n@200ms end");
    let first = &run.link(S1, S2)[0];
    assert!(first.sent.at < ms(30), "{first:?}");
    assert_eq!(first.end, Some((first.arrives, Err(LostBecause::Cut))));
}

#[test]
fn messages_cross_only_within_a_group_and_who_is_in_none_reaches_everybody() {
    let run = run(
        "clients 2\n@0ms partition S1 S2 C1 | S3 S4\n@0ms load C1 get every 10ms\n\
        @0ms load C2 get every 10ms\n@3s heal\n@4s end",
    );
    let side = |e: Endpoint| match e {
        Endpoint::Server(NodeId(1 | 2)) | C1 => Some(1),
        Endpoint::Server(NodeId(3 | 4)) => Some(2),
        _ => None,
    };
    let mut crossed = 0;
    for voyage in run.voyages().iter().filter(|v| v.arrives < ms(3_000)) {
        let (from, to) = (side(voyage.packet.from()), side(voyage.packet.to()));
        let apart = from.is_some() && to.is_some() && from != to;
        crossed += usize::from(from.is_none() || to.is_none());
        assert_eq!(
            voyage.end.map(|(_, end)| end),
            Some(if apart { Err(LostBecause::Cut) } else { Ok(()) })
        );
    }
    assert!(crossed > 100, "{crossed}");
    assert!(
        run.voyages()
            .iter()
            .filter(|v| v.sent.at > ms(3_000))
            .all(|v| !matches!(v.end, Some((_, Err(_)))))
    );
}

#[test]
fn a_second_split_replaces_the_first() {
    let run = run(
        "@0ms partition S1 | S2 S3 S4 S5\n@100ms partition S2 | S1 S3 S4 S5\n@110ms timeout S3\n@500ms end",
    );
    assert!(
        run.link(S3, S1)
            .iter()
            .all(|v| matches!(v.end, None | Some((_, Ok(())))))
    );
    assert!(
        run.link(S3, S2)
            .iter()
            .all(|v| matches!(v.end, None | Some((_, Err(LostBecause::Cut)))))
    );
    assert_eq!(run.state.groups.len(), 2);
}

#[test]
fn what_arrives_at_a_server_that_is_down_is_lost_there() {
    let run = run("@10ms timeout S1\n@200ms crash S2\n@400ms restart S2\n@1s end");
    for voyage in run.link(S1, S2) {
        let Some((at, end)) = voyage.end else { continue };
        assert_eq!(at, voyage.arrives);
        let down = (ms(200)..ms(400)).contains(&at);
        assert_eq!(
            end,
            if down {
                Err(LostBecause::ReceiverDown)
            } else {
                Ok(())
            },
            "{voyage:?}"
        );
    }
}

#[test]
fn a_full_link_loses_what_is_put_onto_it() {
    let run = run("set latency S1->S2 60s\nset heartbeat 1ms\n@10ms timeout S1\n@1s end");
    let full = run.events(|e| {
        matches!(
            e,
            Event::Lost {
                because: LostBecause::LinkFull,
                ..
            }
        )
        .then_some(())
    });
    assert!(full.len() > 100, "{}", full.len());
    let on_link = run
        .state
        .in_flight
        .iter()
        .filter(|m| (m.packet.from(), m.packet.to()) == (S1, S2));
    assert_eq!(on_link.count(), 128);
}

#[test]
fn a_links_settings_change_one_way_and_while_it_runs() {
    let run = run(
        "set latency 10ms\n@10ms timeout S1\n@500ms set latency S1->S2 20ms\n@500ms set duplicate S1->S2 100%\n\
         @1s set loss S1->S2 100%\n@1500ms set loss 0%\n@1500ms set duplicate 0%\n@1500ms set latency 10ms\n@2s end",
    );
    for voyage in run.voyages() {
        let on_it = (voyage.packet.from(), voyage.packet.to()) == (S1, S2);
        let sent_at = voyage.sent.at;
        let troubled = on_it && (ms(500)..ms(1_500)).contains(&sent_at);
        let takes = voyage.arrives.0 - sent_at.0;
        assert_eq!(takes, if troubled { 20_000 } else { 10_000 }, "{voyage:?}");
        assert!(voyage.original.is_none() || troubled, "{voyage:?}");
        let lossy = on_it && (ms(1_000)..ms(1_500)).contains(&sent_at);
        if let Some((_, end)) = voyage.end {
            assert_eq!(end.is_err(), lossy, "{voyage:?}");
        }
    }
    let copies = run.link(S1, S2).iter().filter(|v| v.original.is_some()).count();
    assert!(copies > 10, "{copies}");
}
