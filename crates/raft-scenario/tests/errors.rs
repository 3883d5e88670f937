//! Every refusal of the parser, as the sentence that a person reads.

use raft_scenario::{Scenario, limits};

const HEAD: &str = "raft 1\nservers 3\nclients 1\n";

/// The sentence for a line that follows a header of three servers and one client.
fn refusal(line: &str) -> String {
    let error = Scenario::parse(&format!("{HEAD}{line}\n")).expect_err(line);
    error.to_string().replace("line 4, ", "")
}

#[test]
fn the_version_comes_first_and_is_known() {
    let refusal = |text| Scenario::parse(text).unwrap_err().to_string();
    let first = "expected \"raft 1\" first: the format and its version";
    assert_eq!(
        refusal(""),
        format!("line 1, column 1: found nothing more, {first}")
    );
    assert_eq!(
        refusal("# only\n\n"),
        format!("line 3, column 1: found nothing more, {first}")
    );
    assert_eq!(
        refusal("title x"),
        format!("line 1, column 1: found \"title\", {first}")
    );
    assert_eq!(
        refusal("Raft 1"),
        format!("line 1, column 1: found \"Raft\", {first}; did you mean \"raft\"?")
    );
    assert_eq!(
        refusal("raft 2"),
        "line 1, column 6: found \"2\", expected 1, the only version known here"
    );
    assert_eq!(
        refusal("raft"),
        "line 1, column 5: found nothing more, expected 1, the only version known here"
    );
    assert_eq!(
        refusal("raft 1 2"),
        "line 1, column 8: found \"2\", expected the end of the line"
    );
}

#[test]
fn the_sentence_says_where_what_and_what_was_meant() {
    assert_eq!(
        refusal("@0ms    crahs S1"),
        "column 9: found \"crahs\", expected a client such as C1, or a command: crash, restart, power-off, power-on, pause, resume, stall, clock-jump, timeout, transfer, add, \
         learner, remove, voters, snapshot, partition, heal, cut, mend, drop, hold, deliver, duplicate, load, set, off, on, say or end; did you mean \"crash\"?"
    );
    assert_eq!(
        refusal("sett loss 1%"),
        "column 1: found \"sett\", expected a time such as @100ms, or title, protocol, servers, voters, clients, seed, \
         set, off, on or expect; \
         did you mean \"set\"?"
    );
    assert_eq!(
        refusal("set heart-beat 5ms"),
        "column 5: found \"heart-beat\", expected a setting: election-timeout, heartbeat, max-entries, inflight, \
         repair, pre-vote, snapshot-every, check-quorum, stickiness, drift-bound, reads, vote-timeout, ask-again, cooperative-termination, client-timeout, client-retry, contact, latency, loss, duplicate, bandwidth, write, fsync, disk, torn-writes or drift; did you mean \"heartbeat\"?"
    );
    assert_eq!(
        refusal("expect violation LogMatch"),
        "column 18: found \"LogMatch\", expected a property: ElectionSafety, LeaderAppendOnly, LogMatching, \
         LeaderCompleteness, StateMachineSafety, Durability, ReadFreshness, Progress, ExactlyOnce, MonotonicTerm, \
         OneVotePerTerm, MonotonicCommit, QuorumDurability, ConfigurationOverlap, Atomicity or Linearizability"
    );
    assert_eq!(
        refusal("@1ms C1 put x=1 vai S1"),
        "column 17: found \"vai\", expected via, within or the end of the line; did you mean \"via\"?"
    );
    assert_eq!(
        refusal("@1ms heal now"),
        "column 11: found \"now\", expected the end of the line"
    );
    assert_eq!(
        refusal("expect term 1 on S1 att 5ms"),
        "column 21: found \"att\", expected a server, S1 to S3"
    );
    assert_eq!(
        refusal("expect term 1 onn S1"),
        "column 15: found \"onn\", expected on, at or the end of the line; did you mean \"on\"?"
    );
    assert_eq!(
        refusal("crash S1"),
        "column 1: found \"crash\", expected a time before a command, such as @100ms"
    );
    assert_eq!(
        refusal("C1 put x=1"),
        "column 1: found \"C1\", expected a time before a command, such as @100ms"
    );
}

#[test]
fn columns_count_characters() {
    assert_eq!(
        refusal("title Élection; @0ms crsh S1").split(':').next(),
        Some("column 22")
    );
    assert_eq!(
        refusal("@0ms say \"é\" é"),
        "column 14: found \"é\", expected the end of the line"
    );
}

#[test]
fn the_header_stands_first_and_once() {
    assert_eq!(
        refusal("seed 1\nseed 2"),
        "line 5, column 1: found \"seed\", expected another word: seed is already given above"
    );
    assert_eq!(
        refusal("set loss 1%; set loss 2%"),
        "column 18: found \"loss\", expected another word: loss is already given above"
    );
    assert_eq!(
        refusal("set loss S1->S2 1%; set loss S2->S1 1%; set loss S1->S2 2%"),
        "column 45: found \"loss\", expected another word: loss S1->S2 is already given above"
    );
    assert_eq!(
        refusal("set loss 1%; seed 2"),
        "column 14: found \"seed\", expected seed before the first set, @ and expect"
    );
    assert_eq!(
        refusal("@0ms heal; set loss 1%"),
        "column 12: found \"set\", expected set before the first @ and expect"
    );
    assert_eq!(
        refusal("expect no-leader; title x"),
        "column 19: found \"title\", expected title before the first set, @ and expect"
    );
}

#[test]
fn words_of_one_protocol_are_refused_in_a_world_of_the_other() {
    let refusal = |line: &str| {
        let text = format!("raft 1;protocol two-phase-commit;servers 3;{line}");
        let error = Scenario::parse(&text).unwrap_err();
        assert_eq!(
            error.expected, "something that protocol two-phase-commit knows: this belongs to Raft",
            "{line}"
        );
        error.found
    };
    for (line, found) in [
        ("voters 2", "2"),
        ("set heartbeat 5ms", "heartbeat"),
        ("set reads lease", "reads"),
        ("off one-vote", "one-vote"),
        ("@1s on one-vote", "on"),
        ("@1s set inflight 2", "set"),
        ("@1s timeout S1", "timeout"),
        ("@1s transfer S1->S2", "transfer"),
        ("@1s add S1", "add"),
        ("@1s snapshot S1", "snapshot"),
        ("@1s C1 get x lease", "C1"),
        ("expect leader S1", "leader"),
        ("expect no-leader", "no-leader"),
        ("expect term 1", "term"),
        ("expect committed 1 on S1", "committed"),
        ("expect violation Progress", "violation"),
    ] {
        assert_eq!(refusal(line), found);
    }
    for (line, found) in [
        ("set vote-timeout 1s", "vote-timeout"),
        ("set cooperative-termination off", "cooperative-termination"),
        ("@1s set ask-again 1s", "set"),
        ("expect blocked on S1", "blocked"),
        ("expect not-blocked", "not-blocked"),
        ("expect violation Atomicity", "violation"),
    ] {
        let error = Scenario::parse(&format!("raft 1;{line}")).unwrap_err();
        let expected = "something that protocol raft knows: this belongs to protocol two-phase-commit";
        assert_eq!((&*error.found, &*error.expected), (found, expected), "{line}");
    }
    let error = Scenario::parse("raft 1;voters 2;protocol two-phase-commit").unwrap_err();
    assert_eq!(error.expected, "raft, for voters are given above");
    let world = Scenario::parse("raft 1;protocol two-phase-commit").unwrap();
    assert!(world.parse_command("timeout S1").is_err() && world.parse_command("crash S1").is_ok());
}

#[test]
fn header_values_are_within_limits() {
    let refusal = |line: &str| {
        Scenario::parse(&format!("raft 1;{line}"))
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        refusal("servers 0"),
        "line 1, column 16: found \"0\", expected a number from 1 to 9"
    );
    assert_eq!(
        refusal("servers 10"),
        "line 1, column 16: found \"10\", expected a number from 1 to 9"
    );
    assert_eq!(
        refusal("clients -1"),
        "line 1, column 16: found \"-1\", expected a number from 0 to 9"
    );
    assert_eq!(
        refusal("seed 18446744073709551616"),
        "line 1, column 13: found \"18446744073709551616\", expected a number from 0 to 18446744073709551615"
    );
    let title = "expected 1 to 80 characters, none of them a control character";
    assert_eq!(
        refusal("title"),
        format!("line 1, column 13: found nothing more, {title}")
    );
    assert_eq!(
        refusal("title a\tb"),
        format!("line 1, column 14: found \"a\u{fffd}b\", {title}")
    );
    let long = "x".repeat(81);
    assert_eq!(
        refusal(&format!("title {long}")),
        format!("line 1, column 14: found \"{}…\", {title}", &long[..40])
    );
}

#[test]
fn times_are_exact_and_within_limits() {
    let heartbeat =
        |found: &str| format!("column 15: found \"{found}\", expected a time from 1ms to 60000ms");
    for bad in [
        "50", "50 ms", "ms", "-5ms", "5m", "1e3ms", ".5ms", "1.ms", "1..5ms", "1.5.5ms", "999us", "61s",
        "1.0005ms", "٣ms",
    ] {
        let found = bad.split(' ').next().unwrap();
        assert_eq!(refusal(&format!("set heartbeat {bad}")), heartbeat(found));
    }
    assert_eq!(
        refusal("set heartbeat"),
        "column 14: found nothing more, expected a time from 1ms to 60000ms"
    );
    assert_eq!(
        refusal("@25h heal"),
        "column 2: found \"25h\", expected a time from 0ms to 86400000ms"
    );
    assert_eq!(
        refusal("@ 5ms heal"),
        "column 2: found nothing more, expected a time from 0ms to 86400000ms"
    );
    assert_eq!(
        refusal("@99999999999999999999s heal").split(',').next(),
        Some("column 2: found \"99999999999999999999s\"")
    );
    assert_eq!(
        refusal("set election-timeout 300ms..150ms"),
        "column 29: found \"150ms\", expected a time from 300ms to 60000ms"
    );
    assert_eq!(
        refusal("set latency 0ms"),
        "column 13: found \"0ms\", expected a time from 1us to 60000ms"
    );
    assert_eq!(
        refusal("@0ms load C1 put every 500us"),
        "column 24: found \"500us\", expected a time from 1ms to 3600000ms"
    );
}

#[test]
fn a_load_says_what_when_and_about_which_keys() {
    assert_eq!(
        refusal("@0ms load C1 put 50ms"),
        "column 18: found \"50ms\", expected a pace: every or after"
    );
    assert_eq!(
        refusal("@0ms load C1 mixed every 50ms"),
        "column 20: found \"every\", expected a share from 0% to 100%, such as 10% or 200ppm"
    );
    assert_eq!(
        refusal("@0ms load C1 get after 0ms of 1001 keys"),
        "column 31: found \"1001\", expected a number from 1 to 1000"
    );
    assert_eq!(
        refusal("@0ms load C1 get after 0ms of 10"),
        "column 33: found nothing more, expected keys"
    );
    assert_eq!(
        refusal("@0ms load C1 get after 0ms within 1s via S1"),
        "column 38: found \"via\", expected the end of the line"
    );
    assert_eq!(
        refusal("@0ms load C1 get every 1s queue 1001"),
        "column 33: found \"1001\", expected a number from 1 to 1000"
    );
    assert_eq!(
        refusal("@0ms load C1 get after 1s queue 10"),
        "column 27: found \"queue\", expected on, of, via, within or the end of the line"
    );
    assert_eq!(
        refusal("@0ms load C1 get after 0ms witin 1s"),
        "column 28: found \"witin\", expected on, of, via, within or the end of the line; did you mean \"within\"?"
    );
    assert_eq!(
        refusal("@0ms C1 get x within 0ms"),
        "column 22: found \"0ms\", expected a time from 1ms to 3600000ms"
    );
}

#[test]
fn bandwidths_are_within_limits() {
    for bad in ["99B/s", "1000001kB/s", "10", "10kb/s", "1.5B/s", "never"] {
        assert_eq!(
            refusal(&format!("set bandwidth {bad}")),
            format!(
                "column 15: found \"{bad}\", expected a bandwidth from 100B/s to 1000000kB/s, or unlimited"
            )
        );
    }
    assert_eq!(
        refusal("set contact S1"),
        "column 13: found \"S1\", expected whom a client asks first: leader or random"
    );
}

#[test]
fn shares_and_drifts_are_within_limits() {
    for bad in ["10", "101%", "1000001ppm", "0.00001%", "-1%", "1.5ppm"] {
        let expected = "expected a share from 0% to 100%, such as 10% or 200ppm";
        assert_eq!(
            refusal(&format!("set loss {bad}")),
            format!("column 10: found \"{bad}\", {expected}")
        );
    }
    for bad in ["500001ppm", "-51%", "--1ppm", "200", "+1ppm"] {
        let expected = "expected a drift from -500000ppm to 500000ppm";
        assert_eq!(
            refusal(&format!("set drift S1 {bad}")),
            format!("column 14: found \"{bad}\", {expected}")
        );
    }
    assert_eq!(
        refusal("set max-entries 0"),
        "column 17: found \"0\", expected a number from 1 to 10000"
    );
}

#[test]
fn only_those_who_take_part_are_named() {
    assert_eq!(
        refusal("@0ms crash S4"),
        "column 12: found \"S4\", expected a server, S1 to S3"
    );
    assert_eq!(
        refusal("@0ms crash"),
        "column 11: found nothing more, expected a server, S1 to S3"
    );
    assert_eq!(
        refusal("@0ms crash s1"),
        "column 12: found \"s1\", expected a server, S1 to S3; did you mean \"S1\"?"
    );
    assert_eq!(
        refusal("@0ms crash S01"),
        "column 12: found \"S01\", expected a server, S1 to S3"
    );
    assert_eq!(
        refusal("@0ms C2 get x"),
        "column 6: found \"C2\", expected a client, C1"
    );
    assert_eq!(
        refusal("@0ms crash S1 S1"),
        "column 15: found \"S1\", expected each of them once"
    );
    assert_eq!(
        refusal("@0ms partition S1 S2 | S3 S2"),
        "column 27: found \"S2\", expected each of them once"
    );
    assert_eq!(
        refusal("@0ms partition S1 S2"),
        "column 21: found nothing more, expected | and who is on the other side"
    );
    assert_eq!(
        refusal("@0ms partition S1 | "),
        "column 21: found nothing more, expected a server, S1 to S3 or a client, C1"
    );
    assert_eq!(
        refusal("@0ms cut S1"),
        "column 10: found \"S1\", expected a link from one to another, such as S1->S2"
    );
    assert_eq!(
        refusal("@0ms cut S1->S1"),
        "column 14: found \"S1\", expected another one than S1"
    );
    assert_eq!(
        refusal("@0ms cut S1->S9"),
        "column 14: found \"S9\", expected a server, S1 to S3 or a client, C1"
    );
    assert_eq!(
        refusal("@0ms cut C1->C1"),
        "column 14: found \"C1\", expected a server, S1 to S3: clients do not talk to each other"
    );
    let lonely = Scenario::parse("raft 1; servers 1; clients 0; @0ms C1 get x")
        .unwrap_err()
        .to_string();
    assert_eq!(
        lonely,
        "line 1, column 36: found \"C1\", expected a client, of which there is none"
    );
}

#[test]
fn keys_and_values_are_short_words() {
    let long = "x".repeat(33);
    let allowed = "of 1 to 32 letters, digits, \"_\", \".\", \"-\"";
    assert_eq!(
        refusal("@0ms C1 put x"),
        "column 13: found \"x\", expected a key and a value, such as x=1"
    );
    assert_eq!(
        refusal("@0ms C1 put =1"),
        format!("column 13: found nothing more, expected a key {allowed}")
    );
    assert_eq!(
        refusal("@0ms C1 put x="),
        format!("column 15: found nothing more, expected a value {allowed}")
    );
    assert_eq!(
        refusal("@0ms C1 put x=1=2"),
        format!("column 15: found \"1=2\", expected a value {allowed}")
    );
    assert_eq!(
        refusal("@0ms C1 get ü"),
        format!("column 13: found \"ü\", expected a key {allowed}")
    );
    assert_eq!(
        refusal(&format!("@0ms C1 get {long}")),
        format!("column 13: found \"{long}\", expected a key {allowed}")
    );
}

#[test]
fn said_texts_are_in_quotes_and_short() {
    let quotes = "expected a text in quotes, such as \"Hello.\"";
    assert_eq!(
        refusal("@0ms say hello there"),
        format!("column 10: found \"hello there\", {quotes}")
    );
    assert_eq!(
        refusal("@0ms say"),
        format!("column 9: found nothing more, {quotes}")
    );
    assert_eq!(
        refusal("@0ms say \"open"),
        format!("column 10: found \"\"open\", {quotes}")
    );
    assert_eq!(
        refusal("@0ms say \"a\\nb\""),
        "column 13: found \"n\", expected \" or \\ behind a \\"
    );
    assert!(refusal("@0ms say \"\"").contains("expected 1 to 280 characters"));
    assert!(refusal(&format!("@0ms say \"{}\"", "x".repeat(281))).contains("expected 1 to 280 characters"));
}

#[test]
fn nothing_comes_after_the_end() {
    assert_eq!(
        refusal("@2s end; @1s heal; @3s heal"),
        "column 21: found \"3s\", expected a time before the end at 2000ms"
    );
    assert_eq!(
        refusal("@2s end; @2s end"),
        "column 11: found \"2s\", expected a time before the end at 2000ms"
    );
    assert_eq!(
        refusal("@2s end; expect no-leader at 2001ms"),
        "column 30: found \"2001ms\", expected a time before the end at 2000ms"
    );
}

#[test]
fn texts_are_of_limited_size() {
    let commands = format!("{HEAD}{}", "@0ms heal\n".repeat(limits::COMMANDS));
    assert!(Scenario::parse(&commands).is_ok());
    let refusal = Scenario::parse(&format!("{commands}@0ms heal"))
        .unwrap_err()
        .to_string();
    assert_eq!(
        refusal,
        "line 2004, column 2: found \"0ms\", expected at most 2000 commands"
    );
    let expects = format!("{HEAD}{}", "expect no-leader\n".repeat(limits::EXPECTS + 1));
    assert!(
        Scenario::parse(&expects)
            .unwrap_err()
            .to_string()
            .contains("expected at most 200 expectations")
    );
    let text = format!("raft 1\n#{}", "x".repeat(limits::TEXT));
    assert!(
        Scenario::parse(&text)
            .unwrap_err()
            .to_string()
            .contains("expected a text of at most 65536 bytes")
    );
    let terms = format!("{HEAD}expect log{}", " 1".repeat(limits::LOG + 1));
    assert!(
        Scenario::parse(&terms)
            .unwrap_err()
            .to_string()
            .contains("expected at most 64 terms")
    );
}

#[test]
fn a_single_command_is_read_for_a_scenario() {
    let scenario = Scenario::parse(HEAD).unwrap();
    let read = |line| {
        scenario
            .parse_command(line)
            .map(|command| command.to_string())
            .map_err(|error| error.to_string())
    };
    assert_eq!(read("C1 put x=1 via S3"), Ok("C1 put x=1 via S3".to_owned()));
    assert_eq!(read("set loss 10%"), Ok("set loss 10%".to_owned()));
    assert_eq!(
        read("crash S4"),
        Err("line 1, column 7: found \"S4\", expected a server, S1 to S3".to_owned())
    );
    assert_eq!(
        read("heal; heal"),
        Err("line 1, column 7: found \"heal\", expected one command only".to_owned())
    );
    assert!(read("").is_err());
    assert!(read("@1ms heal").is_err());
}

#[test]
fn a_message_is_named_by_its_number_or_by_kind_and_link() {
    let which = "expected a message such as m17, or its kind: RequestVote, RequestVoteReply, PreVote, PreVoteReply, \
                 AppendEntries, Heartbeat, AppendEntriesReply, InstallSnapshot, InstallSnapshotReply, TimeoutNow, ReadIndex, \
                 ReadIndexReply, Request, Query, Response or message";
    assert_eq!(
        refusal("@0ms drop appendentries S1->S2"),
        format!("column 11: found \"appendentries\", {which}; did you mean \"AppendEntries\"?")
    );
    assert_eq!(
        refusal("@0ms hold m4294967296"),
        format!("column 11: found \"m4294967296\", {which}")
    );
    assert_eq!(
        refusal("@0ms deliver message"),
        "column 21: found nothing more, expected a link from one to another, such as S1->S2"
    );
    assert_eq!(
        refusal("@0ms duplicate m7 S1->S2"),
        "column 19: found \"S1->S2\", expected the end of the line"
    );
}

#[test]
fn every_word_is_in_the_grammar() {
    let page = include_str!("../../../docs/SCENARIO.md");
    for line in [
        "?",
        "@0ms ?",
        "set ?",
        "set repair ?",
        "set reads ?",
        "set pre-vote ?",
        "@0ms C1 ?",
        "@0ms hold ?",
        "@0ms load C1 ?",
        "@0ms load C1 put ?",
        "set contact ?",
        "expect ?",
        "expect violation ?",
        "expect role ?",
        "expect C1 ?",
    ] {
        let error = Scenario::parse(&format!("{HEAD}{line}")).unwrap_err();
        let words = error
            .expected
            .rsplit([':', ','])
            .flat_map(|words| words.split(" or "));
        for word in words
            .map(str::trim)
            .filter(|word| !word.is_empty() && !word.contains(' '))
        {
            assert!(
                page.contains(&format!("\"{word}\"")),
                "{word} is not in the grammar of docs/SCENARIO.md"
            );
        }
    }
}
