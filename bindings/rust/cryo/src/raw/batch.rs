//! Many events at a time, read in memory.

use std::ptr;

use cryo_sys as sys;

use super::{check, Handle};
use crate::error::{Error, Result};
use crate::Status;

/// A queue of its own, and the batch of it that is out, if any. For one thread at a time, which `&mut` says.
pub struct Batch {
    queue: Handle,
    at: *const u8,
    len: usize,
}

/// What came of a wait.
pub enum Taken {
    Batch,
    Nothing,
    Woken,
}

// SAFETY: any thread may read a batch and give it back.
unsafe impl Send for Batch {}

impl Batch {
    pub fn new() -> Result<Self> {
        Ok(Self { queue: super::cryo_queue_new()?, at: ptr::null(), len: 0 })
    }

    pub fn queue(&self) -> Handle {
        self.queue
    }

    /// Gives the batch back and waits for the next one.
    pub fn take(&mut self, timeout_ms: i32, max_events: u32) -> Result<Taken> {
        // SAFETY: `at` is NULL or a batch of this queue, which lives as long as this object.
        let status =
            unsafe { sys::cryo_queue_next_many(self.queue as _, timeout_ms, max_events, &mut self.at, &mut self.len) };
        if self.at.is_null() {
            self.len = 0;
        }
        match Status(status) {
            Status::TIMEOUT => Ok(Taken::Nothing),
            Status::STATE => Ok(Taken::Woken),
            _ => check(status).map(|()| Taken::Batch),
        }
    }

    /// Calls `tell` for each event; what it is given lives until it returns.
    pub fn read(&self, mut tell: impl FnMut(Record<'_>)) -> Result<()> {
        if self.at.is_null() {
            return Ok(());
        }
        // SAFETY: a batch of so many bytes, which lives until the next call of `take`.
        let bytes = unsafe { std::slice::from_raw_parts(self.at, self.len) };
        if u32_at(bytes, 0) != sys::CRYO_BATCH_VERSION as u32 {
            return Err(Error::new(
                Status::UNSUPPORTED,
                "this crate and the library do not fit together: batches have another layout",
            ));
        }
        let mut rest = &bytes[u32_at(bytes, sys::CRYO_BATCH_FIRST) as usize..];
        while !rest.is_empty() {
            let size = u64_at(rest, 0) as usize;
            tell(Record(&rest[..size]));
            rest = &rest[size..];
        }
        Ok(())
    }

    /// Gives it back: what was sent in answer leaves at once.
    pub fn release(&mut self) {
        if !self.at.is_null() {
            // SAFETY: a batch of this queue, which nobody reads any more.
            unsafe { sys::cryo_queue_release(self.queue as _, self.at) };
            self.at = ptr::null();
            self.len = 0;
        }
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        super::cryo_queue_free(self.queue);
    }
}

fn u32_at(bytes: &[u8], at: i32) -> u32 {
    let at = at as usize;
    u32::from_ne_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
}

fn u64_at(bytes: &[u8], at: i32) -> u64 {
    let at = at as usize;
    u64::from_ne_bytes(bytes[at..at + 8].try_into().expect("eight bytes"))
}

/// An event, as cryo.h lays it out.
#[derive(Clone, Copy)]
pub struct Record<'a>(&'a [u8]);

impl Record<'_> {
    pub fn kind(&self) -> i32 {
        u32_at(self.0, sys::CRYO_RECORD_KIND) as i32
    }
    pub fn message_kind(&self) -> i32 {
        u32_at(self.0, sys::CRYO_RECORD_MESSAGE_KIND) as i32
    }
    pub fn session(&self) -> Handle {
        u64_at(self.0, sys::CRYO_RECORD_SESSION) as Handle
    }
    pub fn ticket(&self) -> Handle {
        u64_at(self.0, sys::CRYO_RECORD_TICKET) as Handle
    }
    pub fn code(&self) -> i32 {
        u32_at(self.0, sys::CRYO_RECORD_CODE) as i32
    }
    pub fn http_status(&self) -> i32 {
        u32_at(self.0, sys::CRYO_RECORD_HTTP_STATUS) as i32
    }
    pub fn receipt(&self) -> u64 {
        u64_at(self.0, sys::CRYO_RECORD_RECEIPT)
    }
    pub fn message_id(&self) -> u64 {
        u64_at(self.0, sys::CRYO_RECORD_MESSAGE_ID)
    }
    pub fn value(&self) -> f64 {
        f64::from_bits(u64_at(self.0, sys::CRYO_RECORD_VALUE))
    }
    pub fn data(&self) -> &[u8] {
        self.part(sys::CRYO_RECORD_DATA, u64_at(self.0, sys::CRYO_RECORD_DATA_LENGTH) as usize)
    }
    pub fn text(&self) -> String {
        let bytes = self.part(sys::CRYO_RECORD_TEXT, u32_at(self.0, sys::CRYO_RECORD_TEXT_LENGTH) as usize);
        String::from_utf8_lossy(bytes).into_owned()
    }
    fn part(&self, field: i32, len: usize) -> &[u8] {
        let at = u32_at(self.0, field) as usize;
        &self.0[at..at + len]
    }
}
