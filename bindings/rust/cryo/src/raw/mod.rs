//! All that is unsafe. What it gives to the rest of the crate is not: a handle is a number that the
//! library looks up, and one that is none is told, so that no number can do harm.

#![allow(unsafe_code)]
#![deny(unsafe_op_in_unsafe_fn)]

use std::ffi::{CStr, CString};
use std::os::raw::c_char;

use cryo_sys as sys;

use crate::error::{Error, Result};
use crate::Status;

mod batch;
mod callbacks;
#[allow(dead_code)]
#[rustfmt::skip]
mod calls;
mod system;

pub use batch::{Batch, Record, Taken};
pub use callbacks::{auth_set, events_new, extension_new, session_values, set_log};
pub use calls::*;
pub use system::{stop_on_signals, wait_readable};

/// The value of a pointer of cryo.h.
pub type Handle = usize;

/// The error is taken on the thread that made the call.
fn check(status: i32) -> Result<()> {
    if status >= 0 {
        return Ok(());
    }
    // SAFETY: static until this thread's next failed call, never NULL.
    let text = unsafe { CStr::from_ptr(sys::cryo_last_error()) };
    Err(Error::new(Status(status), text.to_string_lossy().into_owned()))
}

fn to_c(text: &str) -> Result<CString> {
    CString::new(text).map_err(|_| Error::new(Status::INVALID, "a text must not contain a NUL character"))
}

fn optional(text: Option<&str>) -> Result<Option<CString>> {
    text.map(to_c).transpose()
}

/// NULL where there is nothing, which has a meaning of its own in some calls.
fn start_of(bytes: &[u8]) -> *const u8 {
    if bytes.is_empty() {
        std::ptr::null()
    } else {
        bytes.as_ptr()
    }
}

fn static_text(text: *const c_char) -> String {
    // SAFETY: only what the library calls static text comes here.
    unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
}

/// Reads a text into a buffer that is made larger until it fits.
fn text_of(read: impl Fn(*mut c_char, usize, *mut usize) -> i32) -> Result<String> {
    let mut buffer = vec![0u8; 128];
    loop {
        let mut len = 0;
        let status = read(buffer.as_mut_ptr().cast(), buffer.len(), &mut len);
        if Status(status) == Status::BUFFER {
            buffer.resize(len + 1, 0);
            continue;
        }
        check(status)?;
        buffer.truncate(len);
        return Ok(String::from_utf8_lossy(&buffer).into_owned());
    }
}

/// Makes the tickets of a token provider come out of the queue.
pub fn use_token_queue(options: Handle) -> Result<()> {
    // SAFETY: NULL instead of a function is what asks for that.
    check(unsafe { sys::cryo_client_options_set_token_provider(options as _, None, std::ptr::null_mut(), None) })
}

/// Each retained for the caller, and how many there are in all.
pub fn server_sessions(server: Handle, capacity: usize) -> Result<(Vec<Handle>, usize)> {
    let mut found = vec![std::ptr::null_mut(); capacity];
    let mut count = 0;
    // SAFETY: room for `capacity` handles.
    check(unsafe { sys::cryo_server_sessions(server as _, found.as_mut_ptr(), capacity, &mut count) })?;
    found.truncate(count);
    Ok((found.into_iter().map(|each| each as Handle).collect(), count))
}

/// What each answers, and how many have accepted it.
pub fn sessions_send(sessions: &[Handle], kind: i32, data: &[u8]) -> Result<(Vec<Status>, usize)> {
    let sessions: Vec<*mut sys::cryo_session> = sessions.iter().map(|each| *each as _).collect();
    let mut statuses = vec![0; sessions.len()];
    let mut sent = 0;
    // SAFETY: both arrays have as many elements as is said.
    check(unsafe {
        sys::cryo_sessions_send(
            sessions.as_ptr(),
            sessions.len(),
            kind,
            data.as_ptr(),
            data.len(),
            statuses.as_mut_ptr(),
            &mut sent,
        )
    })?;
    Ok((statuses.into_iter().map(Status).collect(), sent))
}

/// The index-th query parameter.
pub fn session_parameter_at(session: Handle, index: usize) -> Result<(String, String)> {
    let mut name = vec![0u8; 64];
    let mut value = vec![0u8; 128];
    loop {
        let (mut name_len, mut value_len) = (0, 0);
        // SAFETY: the buffers are as long as is said.
        let status = unsafe {
            sys::cryo_session_parameter_at(
                session as _,
                index,
                name.as_mut_ptr().cast(),
                name.len(),
                &mut name_len,
                value.as_mut_ptr().cast(),
                value.len(),
                &mut value_len,
            )
        };
        if Status(status) == Status::BUFFER {
            name.resize(name.len().max(name_len + 1), 0);
            value.resize(value.len().max(value_len + 1), 0);
            continue;
        }
        check(status)?;
        name.truncate(name_len);
        value.truncate(value_len);
        return Ok((String::from_utf8_lossy(&name).into_owned(), String::from_utf8_lossy(&value).into_owned()));
    }
}
