//! The door to the page (`www/unpack.ts`), which puts what is packed into memory, makes room, and asks for a slice at a time: a browser
//! runs what it has compiled best only when it is called the next time.

use core::mem::MaybeUninit;
use core::ptr::addr_of_mut;
use core::slice::{from_raw_parts, from_raw_parts_mut};

use crate::Unpacking;
use crate::model::Model;

static mut MODEL: Model = Model::EMPTY;
static mut UNPACKING: MaybeUninit<Unpacking> = MaybeUninit::uninit();

/// Begins with what lies there, to unpack it to another place. Whether it is something that was packed.
///
/// # Safety
///
/// Both places are in memory and used by nobody else, and nothing was begun before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn begin(packed: *const u8, length: usize, out: *mut u8, size: usize) -> bool {
    let (packed, out) = unsafe { (from_raw_parts(packed, length), from_raw_parts_mut(out, size)) };
    let unpacking = unsafe { Unpacking::of(packed, out, &mut *addr_of_mut!(MODEL)) };
    unpacking
        .map(|unpacking| unsafe { (*addr_of_mut!(UNPACKING)).write(unpacking) })
        .is_some()
}

/// Unpacks so many bytes: 1 if there are more, 0 if that was all, 2 if what came is damaged.
///
/// # Safety
///
/// It was begun. Nobody else is in here: there is one thread, and nothing calls back.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn more(bytes: usize) -> u32 {
    let unpacking = unsafe { (*addr_of_mut!(UNPACKING)).assume_init_mut() };
    unpacking.go_on(bytes).map_or(2, u32::from)
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
