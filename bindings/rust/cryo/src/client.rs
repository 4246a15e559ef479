//! A session from its other end.

use std::os::unix::io::{AsRawFd, RawFd};
use std::sync::Arc;
use std::time::Duration;

use crate::endpoint::{Endpoint, SLICE};
use crate::error::Result;
use crate::event::{Event, Events};
use crate::extension::Extension;
use crate::raw;
use crate::session::Session;
use crate::settings::{timeout, ClientOptions};
use crate::stream::EventStream;
use crate::{CloseCode, Status};

/// A client: it connects, and connects again by itself when the connection is lost. Clones are the same one; when
/// the last is dropped, it closes with 4000. It is its [`Session`], too.
#[derive(Clone)]
pub struct Client {
    session: Session,
    endpoint: Arc<Endpoint>,
}

impl Client {
    /// One that is not started yet. [`Status::INVALID`]: no token, or options that do not fit together; the text
    /// says which.
    pub fn new(options: &ClientOptions) -> Result<Self> {
        let make = |events| {
            let options = options.handle()?;
            raw::cryo_client_options_set_events(options, events)?;
            raw::cryo_client_new(options)
        };
        let ended = |client| raw::cryo_client_wait(client, 0);
        let endpoint = Endpoint::new(make, ended, raw::cryo_client_free)?;
        let session = endpoint.table.lent(raw::cryo_client_session(endpoint.handle));
        Ok(Self { session, endpoint: Arc::new(endpoint) })
    }

    /// Begins to connect, and returns at once; events tell the rest. `STATE` (started before), `INVALID`, `TLS_…`, `SYSTEM`.
    pub fn start(&self) -> Result<()> {
        raw::cryo_client_start(self.endpoint.handle)
    }

    /// The one that it has.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// All events, as they come, until it has closed for good.
    pub fn events(&self) -> Events<'_> {
        Events { endpoint: &self.endpoint }
    }

    /// Starts, and calls the function for each event until it has closed for good.
    pub fn run(&self, handler: impl FnMut(Event) -> Result<()>) -> Result<()> {
        self.start()?;
        self.handle_events(handler);
        Ok(())
    }

    /// The same where it was started before. One event that the function fails at, or panics at, is told on standard
    /// error and ends nothing: tickets that were in its hands then refuse.
    pub fn handle_events(&self, handler: impl FnMut(Event) -> Result<()>) {
        self.endpoint.handle_events(handler);
    }

    /// The next event, waiting so long for one; `None` is for ever. `None` when none came in time, after
    /// [`Client::wake`], and when it has closed.
    pub fn next_event(&self, wait: Option<Duration>) -> Option<Event> {
        self.endpoint.next_event(wait)
    }

    /// Ends the wait of one [`Client::next_event`], or of the next one to come.
    pub fn wake(&self) {
        self.endpoint.wake();
    }

    /// The events for a task that polls, of whatever runtime.
    pub fn stream(&self) -> EventStream {
        EventStream::of(Arc::clone(&self.endpoint))
    }

    /// As [`crate::Server::set_queue_capacity`].
    pub fn set_queue_capacity(&self, events: u32, bytes: u64) -> Result<()> {
        raw::cryo_queue_set_capacity(self.endpoint.queue, events, bytes)
    }

    /// Closes it for good, connected or not, and returns at once; [`Event::Closed`] follows. [`Status::STATE`]: not
    /// started. [`Status::CLOSED`]: closed or closing already.
    pub fn close(&self, code: CloseCode, reason: &str) -> Result<()> {
        raw::cryo_client_close(self.endpoint.handle, code.0, Some(reason))
    }

    /// Waits until it has closed, so long at most; `None` is for ever. Its last events may wait to be taken then.
    /// [`Status::TIMEOUT`]. [`Status::STATE`]: it was not started.
    pub fn wait(&self, wait: Option<Duration>) -> Result<()> {
        match wait {
            Some(wait) => raw::cryo_client_wait(self.endpoint.handle, timeout(wait)),
            None => loop {
                match raw::cryo_client_wait(self.endpoint.handle, timeout(SLICE)) {
                    Err(error) if error.status() == Status::TIMEOUT => {}
                    result => return result,
                }
            },
        }
    }

    /// Another token, from the next attempt to connect on. [`Status::STATE`]: its tokens come from events.
    /// [`Status::CLOSED`]: it has closed.
    pub fn set_token(&self, token: &str) -> Result<()> {
        raw::cryo_client_set_token(self.endpoint.handle, token)
    }

    /// Adds it behind those that are there, at any time. [`Status::EXISTS`]: one of that name is there.
    pub fn add_extension(&self, extension: &Extension) -> Result<()> {
        extension.add(self.endpoint.queue, |made| raw::cryo_client_add_extension(self.endpoint.handle, made))
    }

    /// Messages that come to it from now on pass by; tickets that are out still count. [`Status::NOT_FOUND`].
    pub fn remove_extension(&self, name: &str) -> Result<()> {
        raw::cryo_client_remove_extension(self.endpoint.handle, name)
    }

    /// Whether there is one of that name.
    pub fn has_extension(&self, name: &str) -> bool {
        let found = raw::cryo_client_find_extension(self.endpoint.handle, name);
        found.map(raw::cryo_extension_free).is_ok()
    }
}

impl AsRawFd for Client {
    /// As that of a [`crate::Server`].
    fn as_raw_fd(&self) -> RawFd {
        raw::cryo_queue_fd(self.endpoint.queue)
    }
}
