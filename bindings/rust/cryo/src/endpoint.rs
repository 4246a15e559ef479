//! What servers and clients have in common: a handle, and a queue that its events come out of.

use std::collections::VecDeque;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::{Mutex, TryLockError};
use std::time::{Duration, Instant};

use crate::error::Result;
use crate::event::{Event, Events};
use crate::raw::{self, Batch, Handle, Taken};
use crate::settings::timeout;
use crate::table::{locked, Table};

/// One wait of the library's: the end of a process, and of other takers, waits no longer than this.
pub(crate) const SLICE: Duration = Duration::from_millis(200);

/// So many events at a time, so that what is sent in answer to them does not wait for long.
const EVENTS_AT_ONCE: u32 = 256;

pub struct Endpoint {
    pub(crate) handle: Handle,
    pub(crate) queue: Handle,
    pub(crate) table: Table,
    ready: Mutex<VecDeque<Event>>,
    batch: Mutex<Batch>,
    ended: fn(Handle) -> Result<()>,
    free: fn(Handle),
}

impl Endpoint {
    /// `make` is given a set of events that all come out of the queue.
    pub(crate) fn new(
        make: impl FnOnce(Handle) -> Result<Handle>,
        ended: fn(Handle) -> Result<()>,
        free: fn(Handle),
    ) -> Result<Self> {
        let batch = Batch::new()?;
        let queue = batch.queue();
        let events = raw::events_new(queue)?; // cryo_events_new, cryo_events_use_queue
        let made = make(events);
        raw::cryo_events_free(events);
        Ok(Self {
            handle: made?,
            queue,
            table: Table::new(),
            ready: Mutex::default(),
            batch: Mutex::new(batch),
            ended,
            free,
        })
    }

    /// Whether nothing more will be put into the queue.
    pub(crate) fn has_ended(&self) -> bool {
        (self.ended)(self.handle).is_ok()
    }

    /// `None`: none came in time, it was woken, or it has ended.
    pub(crate) fn next_event(&self, wait: Option<Duration>) -> Option<Event> {
        if let Some(event) = locked(&self.ready).pop_front() {
            return Some(event);
        }
        let deadline = wait.and_then(|wait| Instant::now().checked_add(wait));
        let mut ended = false; // looked at in a wait for ever only, and after a slice of it
        loop {
            let left = deadline.map_or(SLICE, |deadline| deadline.saturating_duration_since(Instant::now()));
            let slice = if ended { Duration::ZERO } else { left.min(SLICE) };
            // The next batch takes the place of the last one, whose answers leave with that.
            let mut batch = match self.batch.try_lock() {
                Err(TryLockError::WouldBlock) if slice.is_zero() => return None, // another thread waits for one
                Err(TryLockError::WouldBlock) => locked(&self.batch),
                Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
                Ok(batch) => batch,
            };
            // Another thread may have taken one meanwhile.
            if let Some(event) = locked(&self.ready).pop_front() {
                return Some(event);
            }
            // cryo_queue_next_many
            match batch.take(timeout(slice), EVENTS_AT_ONCE) {
                Ok(Taken::Batch) => self.decode(&batch),
                Ok(Taken::Nothing) if !slice.is_zero() => ended = deadline.is_none() && self.has_ended(),
                _ => return None,
            }
            if let Some(event) = locked(&self.ready).pop_front() {
                return Some(event);
            }
        }
    }

    /// Calls `handler` for each event until the end. What it answers or throws ends nothing.
    pub(crate) fn handle_events(&self, mut handler: impl FnMut(Event) -> Result<()>) {
        for event in (Events { endpoint: self }) {
            match catch_unwind(AssertUnwindSafe(|| handler(event))) {
                Ok(Err(error)) => eprintln!("cryo: a handler has failed: {}", error),
                Ok(Ok(())) | Err(_) => {} // the panic hook has told
            }
        }
    }

    fn decode(&self, batch: &Batch) {
        let mut ready = locked(&self.ready);
        batch.read(|record| ready.extend(Event::of(&record, &self.table))).expect("a library of the same layout");
    }

    pub(crate) fn wake(&self) {
        let _ = raw::cryo_queue_wake(self.queue);
    }
}

impl Drop for Endpoint {
    fn drop(&mut self) {
        locked(&self.batch).release();
        (self.free)(self.handle);
        self.table.receipts.end();
    }
}
