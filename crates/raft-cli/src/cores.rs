//! Work on many seeds, on every core.

use std::io::{IsTerminal, stderr};
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

/// Seeds a worker takes at a time.
const BATCH: u64 = 50;

/// Does the seeds in parts and adds up what comes of them. The sum must not depend on the order: which core does which part, and when,
/// is left to chance. A terminal is told how far it is.
pub(crate) fn on_all_cores<T: Default + Send>(
    seeds: Range<u64>,
    part: impl Fn(Range<u64>) -> T + Sync,
    add: impl Fn(&mut T, T) + Sync,
) -> T {
    let count = seeds.end - seeds.start;
    let next = AtomicU64::new(0);
    let tells = stderr().is_terminal();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut total = T::default();
    std::thread::scope(|scope| {
        let work = || {
            let mut sum = T::default();
            loop {
                let from = next.fetch_add(BATCH, Ordering::Relaxed);
                if from >= count {
                    return sum;
                }
                let to = (from + BATCH).min(count);
                add(&mut sum, part(seeds.start + from..seeds.start + to));
                if tells && from.is_multiple_of(BATCH * 20) {
                    eprint!("\r{from} of {count} ");
                }
            }
        };
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            add(&mut total, worker.join().expect("a worker does not panic"));
        }
    });
    if tells {
        eprint!("\r");
    }
    total
}
