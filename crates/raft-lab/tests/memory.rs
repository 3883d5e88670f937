//! How much memory a long history takes, by counting every byte.

use raft_lab::{Session, WorldTime};
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The system's allocator, and how many bytes it has given out.
struct Counting;

static IN_USE: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every call is handed on as it is; the count is no part of what is given out.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        IN_USE.fetch_add(layout.size(), Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        IN_USE.fetch_sub(layout.size(), Ordering::Relaxed);
        unsafe { System.dealloc(at, layout) };
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const TEN_MINUTES: WorldTime = WorldTime(600_000_000);

#[test]
fn ten_minutes_and_twenty_branches_of_them_fit_into_memory() {
    let before = IN_USE.load(Ordering::Relaxed);
    let taken = || IN_USE.load(Ordering::Relaxed) - before;
    let text = "raft 1\nservers 5\nseed 7\n@0ms load C1 put every 100ms";
    let mut session = Session::parse(text).expect("a scenario");
    session.play_to(TEN_MINUTES);
    assert!(session.trace().len() > 500_000);
    let history = taken();
    assert!(
        history < 60_000_000,
        "a history of ten minutes takes {history} bytes"
    );
    assert!(session.heap_bytes() <= history as u64);
    let end = session.fingerprint();
    for n in 1..=20 {
        session.seek(WorldTime(TEN_MINUTES.0 - 1_000_000 * n));
        session.command("crash S1").expect("a command");
    }
    let branches = taken();
    assert!(branches < 60_000_000, "its branches take {branches} bytes");
    // Most had to be forgotten; they come back as they were.
    session.switch(0);
    session.to_end();
    assert_eq!((session.at(), session.fingerprint()), (TEN_MINUTES, end));
}
