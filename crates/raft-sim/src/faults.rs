//! What befalls a single server, carried out.

use crate::World;
use crate::alarms::{Alarm, Alarms, Armed};
use crate::scenario::{Command, DiskManner};
use crate::server::Server;
use crate::surroundings::Surroundings;
use raft_core::{Duration, NodeId, SortedMap, Timer, WriteId};
use raft_trace::{Endpoint, Event, Seq, WorldTime};

impl World {
    /// Does to a server what the command says.
    pub(crate) fn strike(&mut self, command: &Command, id: NodeId) {
        if !self.has(Endpoint::Server(id)) {
            return;
        }
        let (server, around) = (&mut self.servers[id.0 as usize - 1], &mut self.around);
        match command {
            Command::Crash(_) if server.is_up() => {
                server.crash(around);
                around.record(None, Event::Crashed { server: id });
                around.network.open_door(id, around.moment.at);
            }
            Command::PowerOff(_) => {
                server.power_off(around);
                around.network.open_door(id, around.moment.at);
            }
            Command::Restart(_) | Command::PowerOn(_) if !server.is_up() => {
                let restarted = around.record(None, Event::Restarted { server: id });
                server.start(restarted, around);
            }
            Command::Pause(_) if server.runs() => {
                server.pause(around);
                around.record(None, Event::Paused { server: id });
            }
            Command::Resume(_) if server.is_up() && !server.runs() => {
                let resumed = around.record(None, Event::Resumed { server: id });
                server.resume(resumed, around);
                around.network.open_door(id, around.moment.at);
            }
            &Command::Stall(_, by) if server.is_up() => {
                around.record(None, Event::DiskStalled { server: id, by });
                server.stall(by, around);
            }
            &Command::ClockJump(_, by) if by != 0 => {
                let jumped = around.record(None, Event::ClockJumped { server: id, by });
                server.jump_clock(by, jumped, around);
            }
            _ => {}
        }
    }
}

const TIMERS: [Timer; 2] = [Timer::Election, Timer::Heartbeat];

/// What waits for a process that stands still. Messages wait at its door, which is the network's.
#[derive(Clone, Debug, Default)]
pub(crate) struct Paused {
    /// Its timers, which go on but wake nobody.
    timers: Vec<(Timer, Armed)>,
    /// What its disk has done and it has not heard of: when, through which write, and the event that says so. It gives the disk nothing to
    /// do meanwhile: so this is one batch at most.
    pub(crate) synced: Option<(WorldTime, WriteId, Seq)>,
    /// Whether settings have changed.
    pub(crate) configured: bool,
}

/// What a process finds when it goes on.
enum Due {
    Timer(Timer, Armed),
    Disk(WriteId, Seq),
}

impl Server {
    /// Stops the process where it is. Its disk goes on with what it has.
    fn pause(&mut self, around: &mut Surroundings) {
        let stop = |timer| Some((timer, around.alarms.stop(Alarm::Raft(self.id, timer))?));
        self.paused = Some(Paused {
            timers: TIMERS.into_iter().filter_map(stop).collect(),
            ..Paused::default()
        });
        around.network.close_door(self.id);
    }

    /// Lets it go on. First comes what was due meanwhile, in the order of time; then the messages.
    fn resume(&mut self, cause: Seq, around: &mut Surroundings) {
        let Some(paused) = self.paused.take() else {
            return;
        };
        let now = around.moment.at;
        let mut due = SortedMap::default();
        for (timer, armed) in paused.timers {
            around.alarms.set(Alarm::Raft(self.id, timer), armed);
            if armed.due <= now {
                due.insert((armed.due, due.len()), Due::Timer(timer, armed));
            }
        }
        if let Some((at, through, seq)) = paused.synced {
            due.insert((at, due.len()), Due::Disk(through, seq));
        }
        if paused.configured {
            self.take_settings(cause, around);
        }
        for (_, due) in due {
            match due {
                // What came before may have stopped it, or set it anew.
                Due::Timer(timer, armed) if around.alarms.get(Alarm::Raft(self.id, timer)) == Some(armed) => {
                    around.alarms.stop(Alarm::Raft(self.id, timer));
                    self.on_timer(timer, armed.cause, around);
                }
                Due::Timer(..) => {}
                Due::Disk(through, synced) => self.on_synced(through, synced, around),
            }
        }
    }

    /// A timer that runs, or would if the process did.
    pub(crate) fn timer(&self, timer: Timer, alarms: &Alarms) -> Option<Armed> {
        match &self.paused {
            Some(paused) => {
                let held = paused.timers.iter().find(|(held, _)| *held == timer);
                held.map(|(_, armed)| *armed)
            }
            None => alarms.get(Alarm::Raft(self.id, timer)),
        }
    }

    /// Its disk takes that much longer.
    fn stall(&mut self, by: Duration, around: &mut Surroundings) {
        let alarm = Alarm::Disk(self.id);
        if self.disk.stall(by)
            && let Some(armed) = around.alarms.stop(alarm)
        {
            let due = armed.due + by;
            around.alarms.set(alarm, Armed { due, ..armed });
        }
    }

    /// Its clock jumps by so many µs.
    fn jump_clock(&mut self, by: i64, cause: Seq, around: &mut Surroundings) {
        self.clock.jump(around.moment.at, by);
        self.move_timers(cause, around);
    }

    /// Its clock goes differently: timers that run, which wait for what it shows, are due at another time.
    pub(crate) fn move_timers(&mut self, cause: Seq, around: &mut Surroundings) {
        let now = around.moment.at;
        for timer in TIMERS {
            let Some(armed) = self.timer(timer, &around.alarms) else {
                continue;
            };
            let after = self.clock.until(now, self.timers_due[timer as usize]);
            let deadline = now + after.max(Duration::micros(1));
            if deadline == armed.due {
                continue;
            }
            let server = self.id;
            let moved = Event::TimerMoved {
                server,
                timer,
                deadline,
            };
            around.record(cause, moved);
            let armed = Armed {
                due: deadline,
                ..armed
            };
            match &mut self.paused {
                Some(paused) => {
                    let held = paused.timers.iter_mut().filter(|(held, _)| *held == timer);
                    held.for_each(|(_, old)| *old = armed);
                }
                None => around.alarms.set(Alarm::Raft(server, timer), armed),
            }
        }
    }

    pub(crate) fn disk_lies(&self, around: &Surroundings) -> bool {
        around.settings.disk(self.id).manner == DiskManner::Lies
    }

    pub(crate) fn disk_is_full(&self, around: &Surroundings) -> bool {
        around.settings.disk(self.id).manner == DiskManner::Full
    }

    /// What the disk says of a batch that is done.
    pub(crate) fn synced(&self, through: WriteId, lies: bool) -> Event {
        let server = self.id;
        match lies {
            true => Event::SyncClaimed { server, through },
            false => Event::Synced { server, through },
        }
    }

    /// A write failed. What it promises must not leave, and there is nothing a server can do without its disk: it stops (fail-stop).
    pub(crate) fn give_up(&mut self, cause: Seq, around: &mut Surroundings) {
        let server = self.id;
        let full = around.record(cause, Event::DiskFull { server });
        self.crash(around);
        around.record(full, Event::Crashed { server });
    }
}
