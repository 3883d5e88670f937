//! What is done to single messages by hand.

use crate::{Run, Voyage, ms, run};
use raft_core::NodeId;
use raft_trace::{
    ClientId, Endpoint, Event, Handling, LostBecause, MessageId, Outcome, PacketKind, WorldTime,
};

const S1: Endpoint = Endpoint::Server(NodeId(1));
const S2: Endpoint = Endpoint::Server(NodeId(2));
const C1: Endpoint = Endpoint::Client(ClientId(1));

/// What S1, the leader, sends to S2 of this kind.
fn sent(run: &Run, kind: PacketKind) -> Vec<Voyage<'_>> {
    let of_kind = |voyage: &Voyage<'_>| voyage.packet.kind() == kind;
    run.link(S1, S2).into_iter().filter(of_kind).collect()
}

fn held(run: &Run) -> Vec<(WorldTime, MessageId)> {
    run.events(|event| match event {
        Event::Held { message } => Some(*message),
        _ => None,
    })
}

#[test]
fn the_next_of_a_kind_on_a_link_is_dropped_and_no_other() {
    let run = run("@10ms timeout S1\n@200ms drop AppendEntries S1->S2\n@300ms C1 put x=1\n@1s end");
    let appends = sent(&run, PacketKind::AppendEntries);
    let first = appends.iter().position(|v| v.sent.at > ms(300)).expect("one");
    let half = WorldTime(appends[first].sent.at.0.midpoint(appends[first].arrives.0));
    assert_eq!(appends[first].end, Some((half, Err(LostBecause::Dropped))));
    let dropped = run
        .voyages()
        .into_iter()
        .filter(|v| matches!(v.end, Some((_, Err(_)))));
    assert_eq!(dropped.count(), 1);
    assert_eq!(run.value(2, "x"), Some("1"), "it is sent again");
    assert_eq!(run.state.plans, []);
}

#[test]
fn orders_for_one_link_are_carried_out_in_turn() {
    let run = run("@0ms drop message S1->S2\n@0ms duplicate message S1->S2\n@10ms timeout S1\n@1s end");
    let voyages = run.link(S1, S2);
    assert!(matches!(voyages[0].end, Some((_, Err(LostBecause::Dropped)))));
    assert_eq!(voyages[1].original, None);
    assert!(voyages[2].original.is_some());
    assert!(voyages[3..].iter().all(|v| v.original.is_none()));
}

#[test]
fn a_held_message_stays_until_it_is_delivered() {
    let run =
        run("@0ms hold RequestVote S1->S2\n@10ms timeout S1\n@700ms deliver RequestVote S1->S2\n@1s end");
    let votes = sent(&run, PacketKind::RequestVote);
    assert_eq!(held(&run), [(votes[0].sent.at, MessageId(0))]);
    assert_eq!(votes[0].end, Some((ms(700), Ok(()))));
    let hastened = run.events(|event| matches!(event, Event::Hastened { .. }).then_some(()));
    assert_eq!(hastened, [(ms(700), ())]);
}

#[test]
fn of_several_held_the_oldest_is_delivered_first() {
    let run = run(
        "@10ms timeout S1\n@200ms hold Heartbeat S1->S2\n@200ms hold Heartbeat S1->S2\n@400ms deliver Heartbeat S1->S2\n\
         @450ms deliver message S1->S2\n@451ms end",
    );
    let ends: Vec<_> = held(&run)
        .iter()
        .map(|(_, id)| run.voyages()[id.0 as usize].end)
        .collect();
    assert_eq!(ends, [Some((ms(400), Ok(()))), Some((ms(450), Ok(())))]);
}

#[test]
fn with_none_held_the_next_one_sent_arrives_at_once() {
    let run = run("@10ms timeout S1\n@200ms deliver Heartbeat S1->S2\n@1s end");
    let hurried = sent(&run, PacketKind::Heartbeat)
        .into_iter()
        .find(|v| v.sent.at > ms(200))
        .expect("one");
    assert_eq!(hurried.arrives.0 - hurried.sent.at.0, 1);
    assert_eq!(hurried.end, Some((hurried.arrives, Ok(()))));
}

#[test]
fn a_held_message_meets_the_link_and_its_receiver_as_they_are_when_it_is_delivered() {
    let story = |between: &str| {
        run(&format!(
            "@10ms timeout S1\n@200ms hold Heartbeat S1->S2\n@300ms {between}\n@500ms deliver Heartbeat S1->S2\n@501ms end"
        ))
    };
    let end = |run: &Run| {
        let (_, id) = held(run)[0];
        run.voyages()[id.0 as usize].end
    };
    assert_eq!(end(&story("cut S1->S2")), Some((ms(500), Err(LostBecause::Cut))));
    assert_eq!(
        end(&story("crash S2")),
        Some((ms(500), Err(LostBecause::ReceiverDown)))
    );
    // Held before the cut and delivered after it: the cut did not touch it.
    let whole = "cut S1->S2\n@400ms mend S1->S2";
    assert_eq!(end(&story(whole)), Some((ms(500), Ok(()))));
}

#[test]
fn a_message_on_its_way_is_handled_by_its_number() {
    // S1 asks S2 to S5 for votes: messages 0 to 3, on their way from 10 ms to at least 20 ms.
    let run = run(
        "@10ms timeout S1\n@15ms drop m0\n@15ms hold m1\n@15ms deliver m2\n@15ms duplicate m3\n@300ms end",
    );
    let voyages = run.voyages();
    assert_eq!(voyages[0].end, Some((ms(15), Err(LostBecause::Dropped))));
    assert_eq!((held(&run), voyages[1].end), (vec![(ms(15), MessageId(1))], None));
    assert_eq!(run.state.in_flight[0].held, Some(ms(15)));
    assert_eq!(voyages[2].end, Some((ms(15), Ok(()))));
    let copy = voyages
        .iter()
        .find(|v| v.original == Some(MessageId(3)))
        .expect("a copy");
    assert_eq!(copy.sent.at, ms(15));
    assert!((10_000..=15_000).contains(&(copy.arrives.0 - copy.sent.at.0)));
    assert!(matches!(copy.end, Some((_, Ok(())))));
}

#[test]
fn what_is_not_on_its_way_cannot_be_handled() {
    let run = run(
        "@10ms timeout S1\n@100ms drop m0\n@100ms deliver m1\n@100ms hold m99999\n@100ms duplicate m2\n@200ms end",
    );
    let by_hand = run.events(|event| {
        matches!(
            event,
            Event::Held { .. } | Event::Hastened { .. } | Event::Duplicated { .. } | Event::Lost { .. }
        )
        .then_some(())
    });
    assert_eq!(by_hand, []);
}

#[test]
fn to_hold_what_is_held_changes_nothing_and_it_can_be_dropped() {
    let run = run("@10ms timeout S1\n@15ms hold m0\n@20ms hold m0\n@200ms drop m0\n@300ms end");
    assert_eq!(held(&run), [(ms(15), MessageId(0))]);
    assert_eq!(run.voyages()[0].end, Some((ms(200), Err(LostBecause::Dropped))));
}

#[test]
fn the_hand_is_stronger_than_the_dice() {
    let run = run(
        "set loss S1->S2 100%\n@0ms hold RequestVote S1->S2\n@10ms timeout S1\n@15ms deliver m0\n\
         @30ms deliver AppendEntries S1->S2\n@1s end",
    );
    assert_eq!(run.voyages()[0].end, Some((ms(15), Ok(()))));
    let appends = sent(&run, PacketKind::AppendEntries);
    let arrived = appends.iter().filter(|v| matches!(v.end, Some((_, Ok(())))));
    assert_eq!(arrived.count(), 1);
}

#[test]
fn a_request_copied_by_hand_leaves_its_client_in_doubt() {
    // Nobody leads, so all answers are refusals: yet the copy might still be on its way.
    let story = |hand: &str| {
        run(&format!(
            "set election-timeout 60s\nset client-timeout 300ms\n{hand}\n@10ms C1 put x=1 via S1\n@15ms {}\n@1s end",
            if hand.is_empty() { "duplicate m0" } else { "heal" }
        ))
    };
    for hand in ["", "@0ms duplicate Request C1->S1"] {
        assert_eq!(story(hand).outcomes(1), [(ms(310), &Outcome::Unknown)], "{hand}");
    }
    assert_eq!(
        story("@0ms hold Heartbeat C1->S1").outcomes(1),
        [(ms(310), &Outcome::Failed)]
    );
}

#[test]
fn a_held_request_is_one_without_an_answer() {
    let run = run("set client-timeout 300ms\n@0ms hold Request C1->S1\n@10ms C1 put x=1 via S1\n@2s end");
    assert!(run.link(C1, Endpoint::Server(NodeId(2))).is_empty());
    assert_eq!(run.outcomes(1), [(ms(310), &Outcome::Unknown)]);
}

#[test]
fn no_more_than_a_hundred_orders_wait_at_a_time() {
    let orders = "@1ms hold Query C1->S1\n".repeat(150);
    let run = run(&format!("{orders}@2ms end"));
    assert_eq!(run.state.plans.len(), 100);
    assert!(run.state.plans.iter().all(|plan| plan.handling == Handling::Hold));
}

#[test]
fn held_messages_count_for_what_a_link_carries() {
    let holds = "@20ms hold message S1->S2\n".repeat(100);
    let more = "@2s hold message S1->S2\n".repeat(100);
    let run = run(&format!(
        "set heartbeat 1ms\n{holds}@10ms timeout S1\n{more}@4s end"
    ));
    let on_link = run.state.in_flight.iter().filter(|m| m.held.is_some());
    assert_eq!(on_link.count(), 128);
    let full = run
        .voyages()
        .iter()
        .filter(|v| matches!(v.end, Some((_, Err(LostBecause::LinkFull)))))
        .count();
    assert!(full > 0);
}

#[test]
fn without_orders_nothing_is_drawn_otherwise() {
    let story = "set loss 10%\nset duplicate 10%\n@10ms timeout S1\n@0ms load C1 put every 20ms\n@1s end";
    let plain = run(story);
    let late = run(&format!("{story}\n@990ms hold message S1->S2"));
    let before = |run: &Run| {
        run.trace
            .iter()
            .filter(|e| e.at < ms(990))
            .cloned()
            .collect::<Vec<_>>()
    };
    assert!(before(&plain) == before(&late));
    // A dropped message takes nothing else's draws: all others are as they were, until its answer is missed.
    let dropped = run(&story
        .replace("@10ms", "@0ms drop message S1->S2\n@10ms")
        .replace("@1s", "@15ms"));
    let ways = |run: &Run| run.voyages().iter().map(|v| v.arrives).collect::<Vec<_>>();
    assert_eq!(ways(&dropped), ways(&run(&story.replace("@1s", "@15ms"))));
}
