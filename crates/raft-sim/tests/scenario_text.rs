//! Parse → print → parse is the identity, and no text makes the parser panic.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};
use raft_core::{Change, Duration, NodeId, ReadMode, Repair, Role, Rule, Span, Term};
use raft_sim::scenario::{
    Command, Contact, DiskManner, Ending, Expect, Expected, Fact, Keys, Link, Load, LoadKind, Pace, Ppm,
    Rate, Scenario, Setting, Timed, limits,
};
use raft_trace::{
    ClientId, Endpoint, Handling, MessageId, Operation, PacketKind, Plan, Property, Protocol, WorldTime,
};
use std::ops::RangeInclusive;

const EXAMPLE: &str = "\u{feff}# A comment.\r
raft 1
title Élections, and \"what\" follows   # not this
servers 9; clients 2 ;seed 18446744073709551615
set latency  1.5ms..2ms
set latency S1->C2 1s ; set loss 0.0001%
set drift S9 -0.5%
@1s\tC1 put a_.-Z=0 via S9
@0.0015s partition S1 C1|S2|S3 S4
@1000000us say \"; # \\\"quoted\\\" \\\\ é\"
@1000ms load C2 get every 1s; @3s end

expect state x=2 on S1 S2 at 1.5s
expect log 1 1 2
expect C1 read 5
";

#[test]
fn the_canonical_text() {
    let scenario = Scenario::parse(EXAMPLE).unwrap();
    let canonical = r#"raft 1
title Élections, and "what" follows
servers 9
clients 2
seed 18446744073709551615
set latency 1500us..2ms
set latency S1->C2 1000ms
set loss 0.0001%
set drift S9 -5000ppm
@1500us partition S1 C1 | S2 | S3 S4
@1000ms C1 put a_.-Z=0 via S9
@1000ms say "; # \"quoted\" \\ é"
@1000ms load C2 get every 1000ms
@3000ms end
expect state x=2 on S1 S2 at 1500ms
expect log 1 1 2
expect C1 read 5
"#;
    assert_eq!(scenario.to_string(), canonical);
    assert_eq!(Scenario::parse(canonical).unwrap(), scenario);
    assert_eq!(
        Scenario::parse(&canonical.replace('\n', "\r\n")).unwrap(),
        scenario
    );
}

#[test]
fn defaults_are_five_servers_and_a_client() {
    let scenario = Scenario::parse("raft 1").unwrap();
    assert_eq!(scenario, Scenario::default());
    assert_eq!(scenario.to_string(), "raft 1\nservers 5\nclients 1\nseed 1\n");
    assert_eq!(scenario.one_line(), "raft 1;servers 5;clients 1;seed 1");
}

proptest! {
    #[test]
    fn printing_and_parsing_give_the_same(scenario in scenarios()) {
        let text = scenario.to_string();
        let parsed = Scenario::parse(&text).map_err(|error| TestCaseError::fail(format!("{error} in\n{text}")))?;
        prop_assert_eq!(&parsed, &scenario);
        prop_assert_eq!(parsed.to_string(), text);
        prop_assert_eq!(Scenario::parse(&scenario.one_line()), Ok(parsed.clone()));
        prop_assert_eq!(Scenario::parse_text_or_link(&scenario.fragment()), Ok(parsed));
    }

    #[test]
    fn a_command_alone_reads_the_same((scenario, timed) in cast().prop_flat_map(|(servers, clients)| {
        (Just(Scenario { servers, clients, ..Scenario::default() }), timed(servers, clients))
    })) {
        let protocol = timed.command.protocol().unwrap_or_default();
        let scenario = Scenario { protocol, ..scenario };
        prop_assert_eq!(scenario.parse_command(&timed.command.to_string()), Ok(timed.command));
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in vec(any::<u8>(), 0..200)) {
        refused_somewhere_or_right(&String::from_utf8_lossy(&bytes))?;
    }

    /// Texts of the right words in a wrong order get further into the parser than noise does.
    #[test]
    fn no_words_make_it_panic(words in vec((any::<Index>(), select(vec![" ", "\n", ";", "", "#", "\"", "|"])), 0..60)) {
        let known: Vec<&str> = EXAMPLE.split(|c: char| c.is_whitespace() || c == ';').collect();
        let text: String = words.iter().flat_map(|(word, blank)| [*word.get(&known), *blank]).collect();
        refused_somewhere_or_right(&format!("raft 1\n{text}"))?;
    }

    #[test]
    fn no_change_of_a_text_makes_it_panic(
        scenario in scenarios(),
        changes in vec((any::<Index>(), option::of(any::<char>())), 1..4),
    ) {
        let mut text: Vec<char> = scenario.to_string().chars().collect();
        for (place, character) in changes {
            match character {
                Some(character) => text.insert(place.index(text.len()), character),
                None => drop(text.remove(place.index(text.len()))),
            }
        }
        refused_somewhere_or_right(&text.into_iter().collect::<String>())?;
    }
}

/// An error is at a place of the text; and what is accepted prints to what is accepted.
fn refused_somewhere_or_right(text: &str) -> Result<(), TestCaseError> {
    if let Ok(scenario) = Scenario::parse_text_or_link(text) {
        prop_assert_eq!(Scenario::parse_text_or_link(&scenario.fragment()), Ok(scenario));
    }
    match Scenario::parse(text) {
        Ok(scenario) => prop_assert_eq!(Scenario::parse(&scenario.to_string()), Ok(scenario)),
        Err(error) => {
            let lines: Vec<&str> = text.split('\n').collect();
            let line = lines.get(error.line as usize - 1).copied();
            let characters = line.map(|line| line.chars().count());
            prop_assert!(
                characters.is_some_and(|n| (1..=n + 1).contains(&(error.column as usize))),
                "{}",
                error
            );
            prop_assert!(!error.to_string().chars().any(char::is_control));
        }
    }
    Ok(())
}

fn cast() -> impl Strategy<Value = (u32, u32)> {
    (1..=limits::ENDPOINTS, 1..=limits::ENDPOINTS)
}

fn scenarios() -> impl Strategy<Value = Scenario> {
    (cast(), any::<u64>(), option::of("[^;#\\pC]{0,30}[^;#\\pC\\s]")).prop_flat_map(
        |((servers, clients), seed, title)| {
            let script = vec(timed(servers, clients), 0..12);
            let settings = vec(setting(servers, clients), 0..12);
            let expects = vec(expect(servers, clients), 0..12);
            let protocol = select(vec![Protocol::Raft, Protocol::Raft, Protocol::TwoPhaseCommit]);
            (settings, script, expects, protocol).prop_map(move |(settings, script, expects, protocol)| {
                let known = |one: Option<Protocol>| one.is_none_or(|one| one == protocol);
                let (mut settings, mut script, mut expects) = (settings, script, expects);
                settings.retain(|setting| known(setting.protocol()));
                script.retain(|timed| known(timed.command.protocol()));
                expects.retain(|expect| known(expect.what.protocol()));
                script.sort_by_key(|timed| timed.at);
                let raft = protocol == Protocol::Raft;
                Scenario {
                    title: title.clone().unwrap_or_default().trim_start().to_owned(),
                    servers,
                    protocol,
                    voters: (raft && seed % 2 == 0).then_some(1 + (seed >> 1) as u32 % servers),
                    clients,
                    seed,
                    settings: each_once(settings),
                    script,
                    expects,
                }
            })
        },
    )
}

/// A setting may be given once; by its text without the value.
fn each_once(settings: Vec<Setting>) -> Vec<Setting> {
    let mut seen = std::collections::BTreeSet::new();
    let target = |setting: &Setting| match setting {
        Setting::Rule(rule, _) => rule.name().to_owned(),
        other => other.to_string().rsplit_once(' ').unwrap().0.to_owned(),
    };
    settings
        .into_iter()
        .filter(|setting| seen.insert(target(setting)))
        .collect()
}

fn timed(servers: u32, clients: u32) -> impl Strategy<Value = Timed> {
    (duration(&limits::TIME), command(servers, clients)).prop_map(|(at, command)| Timed {
        at: WorldTime(at.0),
        command,
    })
}

fn command(servers: u32, clients: u32) -> impl Strategy<Value = Command> {
    prop_oneof![
        server_list(servers).prop_map(Command::Crash),
        server_list(servers).prop_map(Command::Restart),
        server_list(servers).prop_map(Command::PowerOff),
        server_list(servers).prop_map(Command::PowerOn),
        server_list(servers).prop_map(Command::Pause),
        server_list(servers).prop_map(Command::Resume),
        (server(servers), duration(&limits::DISK)).prop_map(|(server, by)| Command::Stall(server, by)),
        (server(servers), duration(&limits::JUMP), any::<bool>()).prop_map(|(server, by, back)| {
            let by = by.0 as i64;
            Command::ClockJump(server, if back { -by } else { by })
        }),
        server(servers).prop_map(Command::Timeout),
        groups(servers, clients).prop_map(Command::Partition),
        two_servers(servers).prop_map(move |(from, to)| match servers {
            1 => Command::Timeout(from),
            _ => Command::Transfer(from, to),
        }),
        server(servers).prop_map(Command::Snapshot),
        (change(servers), option::of(server(servers)))
            .prop_map(|(change, via)| Command::Change { change, via }),
        Just(Command::Heal),
        link(servers, clients).prop_map(Command::Cut),
        link(servers, clients).prop_map(Command::Mend),
        plan(servers, clients).prop_map(Command::Plan),
        (select(Handling::ALL.to_vec()), any::<u32>())
            .prop_map(|(handling, n)| Command::Handle(handling, MessageId(n))),
        (client(clients), operation(), how_to_ask(servers)).prop_map(|(client, operation, (via, within))| {
            Command::Client {
                client,
                operation,
                via,
                within,
            }
        }),
        (client(clients), load(servers)).prop_map(|(client, load)| Command::Load { client, load }),
        client(clients).prop_map(Command::LoadStop),
        setting(servers, clients).prop_map(Command::Set),
        "\\PC{1,40}".prop_map(|text| Command::Say(text.into())),
    ]
}

fn how_to_ask(servers: u32) -> impl Strategy<Value = (Option<NodeId>, Option<Duration>)> {
    (option::of(server(servers)), option::of(duration(&limits::CLIENT)))
}

fn load(servers: u32) -> impl Strategy<Value = Load> {
    let kind = prop_oneof![
        select(vec![LoadKind::Put, LoadKind::Get, LoadKind::Del]),
        share().prop_map(LoadKind::Mixed),
    ];
    let pace = prop_oneof![
        (duration(&limits::CLIENT), 1..=limits::QUEUE).prop_map(|(time, queue)| Pace::Every { time, queue }),
        duration(&limits::CLIENT).prop_map(|time| Pace::Every { time, queue: 1 }),
        duration(&limits::PAUSE).prop_map(Pace::After),
    ];
    let keys = prop_oneof![
        Just(Keys::InTurn),
        word().prop_map(Keys::One),
        (1..=limits::KEYS).prop_map(Keys::Of),
    ];
    (kind, pace, keys, how_to_ask(servers)).prop_map(|(kind, pace, keys, (via, within))| Load {
        kind,
        pace,
        keys,
        via,
        within,
    })
}

fn rate() -> impl Strategy<Value = Rate> {
    let (least, most) = (limits::RATE.start().0, limits::RATE.end().0);
    prop_oneof![least..=most, (1..=most / 1_000).prop_map(|kilo| kilo * 1_000)].prop_map(Rate)
}

fn plan(servers: u32, clients: u32) -> impl Strategy<Value = Plan> {
    let kind = option::of(select(PacketKind::ALL.to_vec()));
    (select(Handling::ALL.to_vec()), kind, link(servers, clients)).prop_map(|(handling, kind, link)| Plan {
        handling,
        kind,
        from: link.from,
        to: link.to,
    })
}

fn setting(servers: u32, clients: u32) -> impl Strategy<Value = Setting> {
    let maybe_link = move || option::of(link(servers, clients));
    prop_oneof![
        span(&limits::TIMER).prop_map(Setting::ElectionTimeout),
        duration(&limits::TIMER).prop_map(Setting::Heartbeat),
        (1..=limits::MAX_ENTRIES).prop_map(Setting::MaxEntries),
        (1..=limits::INFLIGHT).prop_map(Setting::Inflight),
        select(vec![Repair::StepBack, Repair::ConflictHint]).prop_map(Setting::Repair),
        any::<bool>().prop_map(Setting::PreVote),
        option::of(1..=limits::SNAPSHOT_EVERY).prop_map(Setting::SnapshotEvery),
        any::<bool>().prop_map(Setting::CheckQuorum),
        any::<bool>().prop_map(Setting::Stickiness),
        share().prop_map(Setting::DriftBound),
        option::of(read_mode()).prop_map(Setting::Reads),
        (select(Rule::ALL.to_vec()), any::<bool>()).prop_map(|(rule, holds)| Setting::Rule(rule, holds)),
        duration(&limits::TIMER).prop_map(Setting::VoteTimeout),
        duration(&limits::TIMER).prop_map(Setting::AskAgain),
        any::<bool>().prop_map(Setting::Cooperative),
        duration(&limits::CLIENT).prop_map(Setting::ClientTimeout),
        option::of(duration(&limits::CLIENT)).prop_map(Setting::ClientRetry),
        select(vec![Contact::Leader, Contact::Random]).prop_map(Setting::Contact),
        (maybe_link(), span(&limits::LATENCY)).prop_map(|(link, span)| Setting::Latency(link, span)),
        (maybe_link(), share()).prop_map(|(link, share)| Setting::Loss(link, share)),
        (maybe_link(), share()).prop_map(|(link, share)| Setting::Duplicate(link, share)),
        (maybe_link(), option::of(rate())).prop_map(|(link, rate)| Setting::Bandwidth(link, rate)),
        (option::of(server(servers)), span(&limits::DISK))
            .prop_map(|(server, span)| Setting::Write(server, span)),
        (option::of(server(servers)), span(&limits::DISK))
            .prop_map(|(server, span)| Setting::Fsync(server, span)),
        (
            server(servers),
            select(vec![DiskManner::Honest, DiskManner::Lies, DiskManner::Full])
        )
            .prop_map(|(server, manner)| Setting::Disk(server, manner)),
        any::<bool>().prop_map(Setting::TornWrites),
        (server(servers), -limits::DRIFT..=limits::DRIFT)
            .prop_map(|(server, ppm)| Setting::Drift(server, ppm)),
    ]
}

fn expect(servers: u32, clients: u32) -> impl Strategy<Value = Expect> {
    let what = prop_oneof![
        select(Property::ALL.to_vec()).prop_map(Expected::Violation),
        Just(Expected::NoViolation),
        any::<bool>().prop_map(Expected::Linearizable),
        server(servers).prop_map(Expected::Leader),
        Just(Expected::NoLeader),
        (client(clients), ending()).prop_map(|(client, ending)| Expected::Client(client, ending)),
        (fact(servers), prop_oneof![Just(Vec::new()), server_list(servers)])
            .prop_map(|(fact, on)| Expected::Servers { fact, on }),
    ];
    (what, option::of(duration(&limits::TIME))).prop_map(|(what, at)| Expect {
        what,
        at: at.map(|at| WorldTime(at.0)),
    })
}

fn ending() -> impl Strategy<Value = Ending> {
    prop_oneof![
        Just(Ending::Ok),
        Just(Ending::Failed),
        Just(Ending::Unknown),
        word().prop_map(Ending::Read),
        Just(Ending::ReadNothing),
    ]
}

fn fact(servers: u32) -> impl Strategy<Value = Fact> {
    prop_oneof![
        select(vec![Role::Follower, Role::Candidate, Role::Leader]).prop_map(Fact::Role),
        any::<u64>().prop_map(|term| Fact::Term(Term(term))),
        option::of(server(servers)).prop_map(Fact::VotedFor),
        vec(any::<u64>().prop_map(Term), 0..8).prop_map(Fact::Log),
        any::<u64>().prop_map(Fact::Committed),
        (word(), word()).prop_map(|(key, value)| Fact::State(key, value)),
        word().prop_map(Fact::NoState),
        Just(Fact::Blocked),
        Just(Fact::NotBlocked),
    ]
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        (word(), word()).prop_map(|(key, value)| Operation::Put { key, value }),
        word().prop_map(|key| Operation::Del { key }),
        word().prop_map(|key| Operation::Get { key }),
        (word(), read_mode()).prop_map(|(key, mode)| Operation::Read { key, mode }),
    ]
}

fn read_mode() -> impl Strategy<Value = ReadMode> {
    select(vec![
        ReadMode::Stale,
        ReadMode::LeaderLocal,
        ReadMode::ReadIndex,
        ReadMode::Lease,
    ])
}

fn groups(servers: u32, clients: u32) -> impl Strategy<Value = Vec<Vec<Endpoint>>> {
    let all: Vec<Endpoint> = (1..=servers)
        .map(|n| Endpoint::Server(NodeId(n)))
        .chain((1..=clients).map(|n| Endpoint::Client(ClientId(n))))
        .collect();
    let least = 2;
    let most = all.len();
    (subsequence(all, least..=most), any::<Index>()).prop_map(|(named, cut)| {
        let (a, b) = named.split_at(1 + cut.index(named.len() - 1));
        vec![a.to_vec(), b.to_vec()]
    })
}

fn link(servers: u32, clients: u32) -> impl Strategy<Value = Link> {
    // The other endpoint is anybody but the server itself: numbered on from it, round.
    (1..=servers, 1..servers + clients, any::<bool>()).prop_map(move |(n, step, turned)| {
        let other = (n - 1 + step) % (servers + clients) + 1;
        let other = match other.checked_sub(servers) {
            Some(client @ 1..) => Endpoint::Client(ClientId(client)),
            _ => Endpoint::Server(NodeId(other)),
        };
        let server = Endpoint::Server(NodeId(n));
        if turned {
            Link {
                from: other,
                to: server,
            }
        } else {
            Link {
                from: server,
                to: other,
            }
        }
    })
}

fn server(servers: u32) -> impl Strategy<Value = NodeId> {
    (1..=servers).prop_map(NodeId)
}

fn change(servers: u32) -> impl Strategy<Value = Change> {
    prop_oneof![
        server(servers).prop_map(Change::AddVoter),
        server(servers).prop_map(Change::AddLearner),
        server(servers).prop_map(Change::Remove),
        server_list(servers).prop_map(Change::Voters),
    ]
}

/// Two different servers.
fn two_servers(servers: u32) -> impl Strategy<Value = (NodeId, NodeId)> {
    (1..=servers, 1..servers.max(2))
        .prop_map(move |(n, step)| (NodeId(n), NodeId((n - 1 + step) % servers + 1)))
}

fn server_list(servers: u32) -> impl Strategy<Value = Vec<NodeId>> {
    subsequence(
        (1..=servers).map(NodeId).collect::<Vec<_>>(),
        1..=servers as usize,
    )
    .prop_shuffle()
}

fn client(clients: u32) -> impl Strategy<Value = ClientId> {
    (1..=clients).prop_map(ClientId)
}

fn word() -> impl Strategy<Value = raft_trace::Word> {
    "[A-Za-z0-9_.-]{1,32}".prop_map(Into::into)
}

fn share() -> impl Strategy<Value = Ppm> {
    (0..=Ppm::ALL.0).prop_map(Ppm)
}

fn duration(range: &RangeInclusive<Duration>) -> impl Strategy<Value = Duration> + use<> {
    let (from, to) = (range.start().0, range.end().0);
    // Round ones too: they print differently.
    prop_oneof![
        from..=to,
        (from.div_ceil(1_000)..=to / 1_000).prop_map(|ms| ms * 1_000)
    ]
    .prop_map(Duration)
}

fn span(range: &RangeInclusive<Duration>) -> impl Strategy<Value = Span> + use<> {
    (duration(range), duration(range)).prop_map(|(a, b)| Span::new(a.min(b), a.max(b)))
}

#[test]
fn a_run_is_over_at_its_end_or_some_time_after_the_last_line() {
    let ends_at = |lines: &str| Scenario::parse(&format!("raft 1;{lines}")).unwrap().ends_at();
    assert_eq!(
        ends_at("@2s heal;@3s end;expect no-leader at 1s"),
        WorldTime(3_000_000)
    );
    assert_eq!(ends_at("@2s heal"), WorldTime(7_000_000));
    assert_eq!(
        ends_at("@2s heal;expect no-leader at 4s;expect no-leader"),
        WorldTime(9_000_000)
    );
    assert_eq!(ends_at(""), WorldTime(5_000_000));
}
