//! What the standard library does not have.

use std::os::raw::{c_int, c_ulong};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cryo_sys as sys;

use super::Handle;

#[repr(C)]
struct PollFd {
    fd: c_int,
    events: i16,
    revents: i16,
}

extern "C" {
    fn poll(fds: *mut PollFd, count: c_ulong, timeout: c_int) -> c_int;
    fn signal(number: c_int, handler: extern "C" fn(c_int)) -> usize;
}

/// Waits until the descriptor is readable, or so long; says whether it is.
pub fn wait_readable(fd: i32, timeout: Duration) -> bool {
    const POLLIN: i16 = 1;
    let mut watched = PollFd { fd, events: POLLIN, revents: 0 };
    let timeout = c_int::try_from(timeout.as_millis()).unwrap_or(c_int::MAX);
    // SAFETY: one structure, as is said.
    unsafe { poll(&mut watched, 1, timeout) > 0 }
}

static STOPPED_BY_SIGNALS: AtomicUsize = AtomicUsize::new(0);

extern "C" fn stop(_number: c_int) {
    let server = STOPPED_BY_SIGNALS.load(Ordering::SeqCst);
    // SAFETY: this one may be called in a signal handler, and a number that is no handle is told.
    unsafe { sys::cryo_server_stop(server as _) };
}

/// SIGINT and SIGTERM stop this server from now on.
pub fn stop_on_signals(server: Handle) {
    const SIGINT: c_int = 2;
    const SIGTERM: c_int = 15;
    STOPPED_BY_SIGNALS.store(server, Ordering::SeqCst);
    for number in [SIGINT, SIGTERM] {
        // SAFETY: the handler does only what a handler may.
        unsafe { signal(number, stop) };
    }
}
