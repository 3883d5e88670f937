//! Limits of a scenario. The parser refuses what is beyond them, so that no text can make a world that never gets on.

use crate::Rate;
use raft_core::Duration;
use std::ops::RangeInclusive;

/// Bytes of text.
pub const TEXT: usize = 64 * 1024;
/// Servers, and clients: S1…S9, C1…C9.
pub const ENDPOINTS: u32 = 9;
/// Commands with a time.
pub const COMMANDS: usize = 2_000;
/// Expectations.
pub const EXPECTS: usize = 200;
/// Characters of a title.
pub const TITLE: usize = 80;
/// Characters of what `say` says.
pub const SAY: usize = 280;
/// Characters of a key or value.
pub const WORD: usize = 32;
/// Terms in an expected log.
pub const LOG: usize = 64;
/// Entries in one AppendEntries.
pub const MAX_ENTRIES: u32 = 10_000;
/// Applied entries until the next snapshot.
pub const SNAPSHOT_EVERY: u32 = 1_000_000;
/// AppendEntries under way to a follower.
pub const INFLIGHT: u32 = 100;
/// Things that shall be done to messages yet to be sent, at a time. Any more are not done.
pub const PLANS: usize = 100;
/// How much faster or slower a clock may go, in ppm.
pub const DRIFT: i32 = 500_000;

/// When commands may be given, and expectations be judged.
pub const TIME: RangeInclusive<Duration> = Duration(0)..=Duration::secs(24 * 60 * 60);
/// The election timeout and the heartbeat.
pub const TIMER: RangeInclusive<Duration> = Duration::millis(1)..=Duration::secs(60);
/// How long messages take. Not 0: then servers and clients that answer one another at once would stop time.
pub const LATENCY: RangeInclusive<Duration> = Duration(1)..=Duration::secs(60);
/// How many bytes a link of limited bandwidth takes on in a second.
pub const RATE: RangeInclusive<Rate> = Rate(100)..=Rate(1_000_000_000);
/// How long the disk takes.
pub const DISK: RangeInclusive<Duration> = Duration(0)..=Duration::secs(60);
/// How many operations of a load may wait.
pub const QUEUE: u32 = 1_000;
/// How far a clock may jump at once.
pub const JUMP: RangeInclusive<Duration> = Duration(0)..=Duration::secs(60 * 60);
/// How many keys a load may use.
pub const KEYS: u32 = 1_000;
/// How long a load pauses between an operation and the next.
pub const PAUSE: RangeInclusive<Duration> = Duration(0)..=Duration::secs(60 * 60);
/// How long a client tries and waits, and how often a load asks.
pub const CLIENT: RangeInclusive<Duration> = Duration::millis(1)..=Duration::secs(60 * 60);
