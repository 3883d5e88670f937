//! The system's allocator, and a count of what is asked of it. One thread is all there is.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

struct Counting;

static CALLS: AtomicU64 = AtomicU64::new(0);
static BYTES: AtomicU64 = AtomicU64::new(0);

/// How often memory was asked for.
pub(crate) fn calls() -> u64 {
    CALLS.load(Relaxed)
}

/// How many bytes are in use.
pub(crate) fn bytes() -> u64 {
    BYTES.load(Relaxed)
}

/// Without a lock: it shall cost next to nothing.
fn count(calls: u64, bytes: u64) {
    CALLS.store(CALLS.load(Relaxed) + calls, Relaxed);
    BYTES.store(BYTES.load(Relaxed).wrapping_add(bytes), Relaxed);
}

// SAFETY: everything is passed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(1, layout.size() as u64);
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(0, (layout.size() as u64).wrapping_neg());
        // SAFETY: the caller keeps the contract of `dealloc`.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(1, (size as u64).wrapping_sub(layout.size() as u64));
        // SAFETY: the caller keeps the contract of `realloc`.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;
