//! Random worlds steered at random: every branch can be written down and played again, and stays as it was.

use raft_lab::{Session, WorldTime};
use raft_sim::random_scenario;

/// Whole numbers that look random and are the same in every run of the test.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

fn line(session: &Session, numbers: &mut Numbers) -> String {
    let (servers, clients) = (
        session.state().servers.len() as u64,
        session.state().clients.len() as u64,
    );
    let server = 1 + numbers.below(servers);
    let other = 1 + server % servers;
    let client = 1 + numbers.below(clients.max(1));
    match numbers.below(if clients > 0 { 18 } else { 9 }) {
        0 => format!("crash S{server}"),
        1 | 2 => format!("restart S{server}"),
        3 => format!("timeout S{server}"),
        4 => format!("partition S{server} | S{other}"),
        5 => "heal".into(),
        6 => format!("cut S{server}->S{other}"),
        7 => format!("set loss {}%", numbers.below(30)),
        8 => format!("set drift S{server} {}ppm", numbers.below(9_000)),
        9 => format!("C{client} del k{}", numbers.below(3)),
        10 => format!("load C{client} stop"),
        14 | 15 => {
            // Mostly one that is on its way.
            let flying = &session.state().in_flight;
            let one = flying.get(numbers.below(flying.len() as u64 + 1) as usize);
            let verb = ["drop", "hold", "deliver", "duplicate"][numbers.below(4) as usize];
            format!("{verb} m{}", one.map_or(7, |message| message.id.0))
        }
        16 => format!("hold message S{server}->S{other}"),
        17 => format!("deliver message S{server}->S{other}"),
        11 => format!("load C{client} put every {}ms", 5 + numbers.below(90)),
        _ => format!("C{client} put k{}=v", numbers.below(3)),
    }
}

/// Goes somewhere, on any way there is.
fn wander(session: &mut Session, numbers: &mut Numbers) {
    match numbers.below(6) {
        0 => session.play_to(WorldTime(session.at().0 + numbers.below(300_000))),
        1 => session.seek(WorldTime(numbers.below(session.known_until().0 + 2))),
        2 => (0..numbers.below(20)).for_each(|_| {
            session.step_back();
        }),
        3 => (0..numbers.below(20)).for_each(|_| {
            session.step_forward();
        }),
        4 => session.to_end(),
        _ => {
            let branches = session.branches().len() as u64;
            session.switch(numbers.below(branches) as u32);
        }
    }
}

fn again(session: &Session) -> Session {
    let mut again = Session::parse(&session.scenario().to_string()).expect("a scenario");
    again.play_to(session.at());
    again
}

#[test]
fn whatever_is_done_can_be_written_down_and_played_again() {
    for seed in 0..60 {
        let mut numbers = Numbers(seed);
        let mut session = Session::open(random_scenario(seed));
        session.play_to(WorldTime(500_000));
        for _ in 0..25 {
            wander(&mut session, &mut numbers);
            let line = line(&session, &mut numbers);
            session
                .command(&line)
                .unwrap_or_else(|error| panic!("{line}: {error}"));
            assert_eq!(
                again(&session).state(),
                session.state(),
                "seed {seed}, {line}, at {:?}",
                session.at()
            );
        }
        for branch in 0..session.branches().len() as u32 {
            session.switch(branch);
            session.to_end();
            let again = again(&session);
            assert_eq!(
                again.fingerprint(),
                session.fingerprint(),
                "seed {seed}, branch {branch}"
            );
            assert_eq!(again.trace().len(), session.trace().len());
            let at = WorldTime(numbers.below(session.at().0 + 1));
            session.seek(at);
            let mut fresh = Session::open(session.scenario().clone());
            fresh.play_to(at);
            assert_eq!(
                fresh.fingerprint(),
                session.fingerprint(),
                "seed {seed}, branch {branch}, {at:?}"
            );
        }
    }
}
