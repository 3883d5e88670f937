//! What is done all the time must not allocate: neither a heartbeat and its answer nor a short command.

mod support;

use raft_core::{Input, Instant, Output, ProposalId, Timer};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use support::{Cluster, append, append_reply, command};

struct Counting;

thread_local! {
    static COUNT: Cell<u32> = const { Cell::new(0) };
}

// SAFETY: everything is passed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How often a server allocates while it takes this in.
fn allocations(raft: &mut raft_core::Raft, input: Input) -> u32 {
    let mut out: Vec<Output> = Vec::with_capacity(64);
    let before = COUNT.get();
    raft.step(Instant(0), input, &mut out);
    COUNT.get() - before
}

#[test]
fn a_heartbeat_and_its_answer_allocate_nothing() {
    let mut cluster = Cluster::led_by_s1(5);
    let mut follower = cluster.raft(2).clone();
    let leader = &mut cluster.server_mut(1).raft; // itself: a clone has to make room anew
    assert_eq!(allocations(leader, Input::TimerFired(Timer::Heartbeat)), 0);
    let heartbeat = append(1, 2, 1, (1, 1), &[], 1);
    assert_eq!(allocations(&mut follower, Input::Message(heartbeat)), 0);
    let answer = append_reply(2, 1, 1, true, 1);
    assert_eq!(allocations(leader, Input::Message(answer)), 0);
}

#[test]
fn a_short_command_allocates_nothing() {
    let mut cluster = Cluster::led_by_s1(5);
    // Room in the log's chunk and in the list of pending writes is made now and then, not every time.
    cluster.propose(1, "x=0");
    cluster.settle();
    let propose = Input::Propose {
        id: ProposalId(1),
        command: command("x=1"),
    };
    let leader = &mut cluster.server_mut(1).raft;
    assert_eq!(allocations(leader, propose), 0);
    let entries = append(1, 2, 1, (2, 1), &[1], 1);
    let follower = &mut cluster.server_mut(2).raft;
    assert_eq!(allocations(follower, Input::Message(entries)), 0);
    let answer = append_reply(2, 1, 1, true, 3);
    let leader = &mut cluster.server_mut(1).raft;
    assert_eq!(allocations(leader, Input::Message(answer)), 0);
}
