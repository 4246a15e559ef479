//! The one object of each session, from its first event to its closed event.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::Result;
use crate::raw::{self, Handle};
use crate::receipt::Receipts;
use crate::session::Session;

/// What a thread that panicked has left behind is whole here.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) struct Table {
    sessions: Mutex<HashMap<Handle, Session>>,
    pub receipts: Arc<Receipts>,
}

impl Table {
    pub fn new() -> Self {
        Self { sessions: Mutex::default(), receipts: Arc::default() }
    }

    /// The object of a session that an event tells of: live, for its closed event was not taken.
    pub fn lent(&self, handle: Handle) -> Session {
        let mut sessions = locked(&self.sessions);
        let made = || Session::owning(raw::cryo_session_retain(handle), Arc::clone(&self.receipts));
        sessions.entry(handle).or_insert_with(made).clone()
    }

    /// For a handle that was retained for the caller. The session may have closed, and its closed event been
    /// taken: then nothing would ever take it out of the table again.
    pub fn given(&self, handle: Handle) -> Session {
        let mut sessions = locked(&self.sessions);
        if let Some(session) = sessions.get(&handle) {
            raw::cryo_session_release(handle);
            return session.clone();
        }
        let session = Session::owning(handle, Arc::clone(&self.receipts));
        if session.is_open() {
            sessions.insert(handle, session.clone());
        }
        session
    }

    /// For a peer that `open` opens. Its first event, and its last, may come before that returns, and wait for this.
    pub fn opened(&self, open: impl FnOnce() -> Result<Handle>) -> Result<Session> {
        let mut sessions = locked(&self.sessions);
        let session = Session::owning(open()?, Arc::clone(&self.receipts));
        sessions.insert(session.handle(), session.clone());
        Ok(session)
    }

    pub fn ended(&self, handle: Handle) -> Session {
        let session = self.lent(handle);
        locked(&self.sessions).remove(&handle);
        session
    }
}
