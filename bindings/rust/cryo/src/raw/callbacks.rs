//! What the library calls. Nothing that panics here gets into C.

use std::any::Any;
use std::ffi::{CStr, CString};
use std::os::raw::{c_char, c_void};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::ptr;
use std::sync::Arc;

use cryo_sys as sys;

use super::{check, to_c, Handle};
use crate::error::Result;
use crate::session::Values;
use crate::LogLevel;

type Log = Box<dyn Fn(LogLevel, &str) + Send + Sync>;
type Unregistered = Option<Box<dyn Fn() + Send + Sync>>;

const VALUES: &[u8] = b"cryo.rs\0";

unsafe extern "C" fn drop_boxed<T>(user: *mut c_void) {
    // SAFETY: made by Box::into_raw of this type, and handed over by the library once.
    let owned = unsafe { Box::from_raw(user.cast::<T>()) };
    let _ = catch_unwind(AssertUnwindSafe(|| drop(owned)));
}

/// Hands a value over together with a function that drops it; the library keeps it if `register` answers CRYO_OK.
fn registered<T: Send>(value: T, register: impl FnOnce(*mut c_void, sys::cryo_finalizer) -> i32) -> Result<()> {
    let user = Box::into_raw(Box::new(value));
    let status = register(user.cast(), Some(drop_boxed::<T>));
    let result = check(status);
    if status < 0 {
        // SAFETY: a failed call leaves it with the caller.
        drop(unsafe { Box::from_raw(user) });
    }
    result
}

/// A set of events that all come out of the queue.
pub fn events_new(queue: Handle) -> Result<Handle> {
    let mut events = ptr::null_mut();
    // SAFETY: no function, no user.
    check(unsafe { sys::cryo_events_new(ptr::null_mut(), None, &mut events) })?;
    // SAFETY: handles are told where they are none.
    let used = check(unsafe { sys::cryo_events_use_queue(events, queue as _) });
    if used.is_err() {
        unsafe { sys::cryo_events_free(events) };
    }
    used.map(|()| events as Handle)
}

unsafe extern "C" fn log_line(level: i32, message: *const c_char, user: *mut c_void) {
    // SAFETY: what set_log has given, and a text that lives until this returns.
    let (write, text) = unsafe { (&*user.cast::<Log>(), CStr::from_ptr(message)) };
    let _ = catch_unwind(AssertUnwindSafe(|| write(LogLevel(level), &text.to_string_lossy())));
}

pub fn set_log(level: i32, write: Option<Log>) -> Result<()> {
    match write {
        // SAFETY: NULL writes to standard error.
        None => check(unsafe { sys::cryo_set_log(level, None, ptr::null_mut(), None) }),
        // SAFETY: log_line is for a Log, which lives until the finalizer.
        Some(write) => {
            registered(write, |user, finalizer| unsafe { sys::cryo_set_log(level, Some(log_line), user, finalizer) })
        }
    }
}

/// Keeps values for the session that a ticket opens.
pub fn auth_set(auth: Handle, values: Arc<Values>) -> Result<()> {
    // SAFETY: the key ends with a NUL; the value lives until its finalizer.
    registered(values, |user, finalizer| unsafe {
        sys::cryo_auth_set(auth as _, VALUES.as_ptr().cast(), user, finalizer)
    })
}

unsafe extern "C" fn clone_values(value: *mut c_void, user: *mut c_void) {
    if !value.is_null() {
        // SAFETY: by that key there are only values of auth_set; `user` is the variable in session_values.
        unsafe { *user.cast::<Option<Arc<Values>>>() = Some(Arc::clone(&*value.cast::<Arc<Values>>())) };
    }
}

/// What auth_set has kept for it.
pub fn session_values(session: Handle) -> Option<Arc<Values>> {
    let mut found: Option<Arc<Values>> = None;
    // SAFETY: clone_values runs inside of the call, if at all, while nobody can replace the value.
    unsafe {
        sys::cryo_session_visit(
            session as _,
            VALUES.as_ptr().cast(),
            Some(clone_values),
            (&mut found as *mut Option<Arc<Values>>).cast(),
        )
    };
    found
}

unsafe extern "C" fn unregistered(_name: *const c_char, user: *mut c_void) {
    // SAFETY: what extension_new has given.
    let told = unsafe { &*user.cast::<Unregistered>() };
    if let Some(told) = told {
        let _: std::result::Result<(), Box<dyn Any + Send>> = catch_unwind(AssertUnwindSafe(told));
    }
}

pub fn extension_new(name: &str, told: Unregistered) -> Result<Handle> {
    let name: CString = to_c(name)?;
    let mut made = ptr::null_mut();
    // SAFETY: `unregistered` is for an Unregistered, which lives until the finalizer.
    registered(told, |user, finalizer| unsafe { sys::cryo_extension_new(name.as_ptr(), user, finalizer, &mut made) })?;
    // SAFETY: a handle.
    let set = check(unsafe { sys::cryo_extension_on_unregister(made, Some(unregistered)) });
    if set.is_err() {
        unsafe { sys::cryo_extension_free(made) };
    }
    set.map(|()| made as Handle)
}
