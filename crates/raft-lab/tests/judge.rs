//! What the judge says, also when an expectation does not hold.

use raft_lab::judge;
use raft_sim::scenario::Scenario;

/// Three servers of which S1 leads, S3 is down and one put is done.
const STORY: &str = "raft 1
servers 3
clients 2
seed 1
@100ms timeout S1
@400ms C1 put x=1 via S1
@700ms C1 get y
@800ms C1 get x
@1000ms crash S3
@1200ms end
";

/// The sentence about one expectation of that story, and whether it holds.
fn verdict(expect: &str) -> (bool, String) {
    let scenario = Scenario::parse(&format!("{STORY}expect {expect}")).expect(expect);
    let [verdict] = judge(&scenario).try_into().expect("one expectation, one verdict");
    (verdict.holds, verdict.sentence)
}

#[test]
fn what_holds() {
    for expect in [
        "no-violation",
        "linearizable",
        "linearizable at 50ms",
        "no-leader at 50ms",
        "leader S1 at 390ms",
        "leader S1",
        "role follower on S2",
        "term 1",
        "term 1 on S3",
        "voted-for S1 on S1 S2 S3",
        "voted-for nobody at 50ms",
        "log empty at 50ms",
        "log 1 1 at 690ms",
        "log 1 1 1 1 on S1 S2 S3",
        "committed 4",
        "state x=1",
        "no-state x at 390ms",
        "C1 ok at 690ms",
        "C1 read-nothing at 790ms",
        "C1 ok at 790ms",
        "C1 read 1",
    ] {
        assert_eq!(verdict(expect), (true, format!("expect {expect} holds")));
    }
}

#[test]
fn what_does_not_hold_and_why() {
    for (expect, why) in [
        ("violation LogMatching", "LogMatching was not violated"),
        ("not-linearizable", "what clients saw is linearizable"),
        ("no-leader", "S1 leads"),
        ("leader S2", "S1 leads"),
        ("leader S1 at 50ms", "no server leads"),
        ("role leader", "S2 has role follower"),
        ("role follower on S3", "S3 is down"),
        ("term 2", "S1 has term 1"),
        ("voted-for nobody on S2", "S2 has voted-for S1"),
        ("voted-for S1 at 50ms", "S1 has voted-for nobody"),
        ("log 1 1", "S1 has log 1 1 1 1"),
        ("log 1 at 50ms", "S1 has log empty"),
        ("committed 3", "S1 has committed 4"),
        ("state x=2", "S1 has state x=1"),
        ("state y=2", "S1 has no-state y"),
        ("no-state x", "S1 has state x=1"),
        ("no-state x on S3", "S3 is down"),
        ("C2 ok", "no operation of C2 has ended"),
        ("C1 failed", "C1 get x ended as read 1"),
        ("C1 read 2", "C1 get x ended as read 1"),
        ("C1 unknown at 690ms", "C1 put x=1 ended as ok"),
    ] {
        assert_eq!(
            verdict(expect),
            (false, format!("expect {expect} does not hold: {why}"))
        );
    }
}

#[test]
fn from_the_read_that_shows_it_on_it_is_not_linearizable() {
    let text =
        "raft 1;clients 2;seed 4;@0ms timeout S1;@400ms C1 put x=1;@600ms partition S1 S2 C1 | S3 S4 S5 C2;
        @1500ms C2 put x=2 via S3;@1900ms C1 get x stale via S1;@2s end
        expect linearizable at 1900ms;expect not-linearizable;expect no-violation;expect linearizable";
    let verdicts = judge(&Scenario::parse(text).unwrap());
    let holds: Vec<bool> = verdicts.iter().map(|verdict| verdict.holds).collect();
    assert_eq!(holds, [true, true, true, false]);
    let why = &verdicts[3].sentence;
    let said = "expect linearizable does not hold: get x stale returned 1 at 1.9";
    assert!(
        why.starts_with(said) && why.contains(" although put x=2 was acknowledged at 1."),
        "{why}"
    );
}

#[test]
fn an_expectation_without_on_needs_a_server_that_is_up() {
    let scenario = Scenario::parse("raft 1;servers 1;@1s crash S1;@2s end;expect term 1").unwrap();
    assert_eq!(
        judge(&scenario)[0].sentence,
        "expect term 1 does not hold: no server is up"
    );
}

#[test]
fn verdicts_come_in_the_order_written() {
    let text = format!("{STORY}expect state x=1 at 690ms\nexpect no-leader at 50ms\nexpect leader S1");
    let scenario = Scenario::parse(&text).unwrap();
    let expects: Vec<_> = judge(&scenario)
        .into_iter()
        .map(|verdict| (verdict.expect, verdict.holds))
        .collect();
    assert_eq!(
        expects,
        scenario
            .expects
            .iter()
            .map(|expect| (expect.clone(), true))
            .collect::<Vec<_>>()
    );
}

#[test]
fn everything_of_its_time_has_happened_when_it_is_judged() {
    let text =
        "raft 1;servers 1;@1s crash S1;expect role follower at 999999us;expect role follower on S1 at 1s";
    let holds: Vec<_> = judge(&Scenario::parse(text).unwrap())
        .iter()
        .map(|verdict| verdict.holds)
        .collect();
    // A single server leads at once; so the first is about the leader, the second about one that is down.
    assert_eq!(holds, [false, false]);
    let text = text.replace("role follower", "role leader");
    let holds: Vec<_> = judge(&Scenario::parse(&text).unwrap())
        .iter()
        .map(|verdict| verdict.holds)
        .collect();
    assert_eq!(holds, [true, false]);
}
