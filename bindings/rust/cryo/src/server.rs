//! The end that lets clients in.

use std::os::unix::io::{AsRawFd, RawFd};
use std::sync::Arc;
use std::time::Duration;

use crate::endpoint::{Endpoint, SLICE};
use crate::error::Result;
use crate::event::{Event, Events};
use crate::extension::Extension;
use crate::id::SessionId;
use crate::message::Payload;
use crate::raw;
use crate::session::Session;
use crate::settings::{milliseconds, timeout, ClientOptions, ServerOptions};
use crate::stream::EventStream;
use crate::{CloseCode, ServerStat, Status, Transport};

/// A server. Clones are the same one; when the last is dropped, it stops, and its sessions close.
#[derive(Clone)]
pub struct Server(Arc<Endpoint>);

/// For [`Server::drain`].
#[derive(Clone, Copy, Debug)]
pub struct Drain<'a> {
    /// When the last sessions are closed.
    pub deadline: Duration,
    /// How often some are, evenly spread; zero: none before the deadline.
    pub batch: Duration,
    /// Of these closes.
    pub code: CloseCode,
    /// The same.
    pub reason: &'a str,
    /// When clients may come back, an hour at most; zero: nothing is said.
    pub retry: Duration,
}

impl Default for Drain<'_> {
    fn default() -> Self {
        Self {
            deadline: Duration::ZERO,
            batch: Duration::ZERO,
            code: CloseCode::GRACEFUL,
            reason: "Server shutdown.",
            retry: Duration::ZERO,
        }
    }
}

impl Server {
    /// One that is not started yet. [`Status::INVALID`]: options that do not fit together; the text says which.
    pub fn new(options: &ServerOptions) -> Result<Self> {
        let make = |events| {
            let options = options.handle()?;
            raw::cryo_server_options_set_events(options, events)?;
            raw::cryo_server_new(options)
        };
        let ended = |server| raw::cryo_server_wait(server, 0);
        Ok(Self(Arc::new(Endpoint::new(make, ended, raw::cryo_server_free)?)))
    }

    /// Binds and listens. When it answers `Ok`, clients can connect. `STATE` (started before), `ADDRESS`,
    /// `ADDRESS_IN_USE`, `PERMISSION`, `TLS_…`, `SYSTEM`, `UNSUPPORTED`. One that could not be started can be tried again.
    pub fn start(&self) -> Result<()> {
        raw::cryo_server_start(self.0.handle)
    }

    /// The port that it listens on; 0 before the start, and for a Unix-domain socket.
    pub fn port(&self) -> u16 {
        raw::cryo_server_port(self.0.handle)
    }

    /// What carries its connections, whatever the options left to the library.
    pub fn transport(&self) -> Transport {
        Transport(raw::cryo_server_transport(self.0.handle))
    }

    /// All events, as they come, until it has stopped.
    pub fn events(&self) -> Events<'_> {
        Events { endpoint: &self.0 }
    }

    /// Starts, and calls the function for each event until it has stopped.
    pub fn run(&self, handler: impl FnMut(Event) -> Result<()>) -> Result<()> {
        self.start()?;
        self.handle_events(handler);
        Ok(())
    }

    /// The same where it was started before. One event that the function fails at, or panics at, is told on standard
    /// error and ends nothing: tickets that were in its hands then refuse.
    pub fn handle_events(&self, handler: impl FnMut(Event) -> Result<()>) {
        self.0.handle_events(handler);
    }

    /// The next event, waiting so long for one; `None` is for ever. `None` when none came in time, after
    /// [`Server::wake`], and when it has stopped. Any number of threads may take events.
    pub fn next_event(&self, wait: Option<Duration>) -> Option<Event> {
        self.0.next_event(wait)
    }

    /// Ends the wait of one [`Server::next_event`], or of the next one to come.
    pub fn wake(&self) {
        self.0.wake();
    }

    /// The events for a task that polls, of whatever runtime.
    pub fn stream(&self) -> EventStream {
        EventStream::of(Arc::clone(&self.0))
    }

    /// So many events, and bytes of messages, may wait before sessions are no longer read from. At first 16384 and 67108864.
    pub fn set_queue_capacity(&self, events: u32, bytes: u64) -> Result<()> {
        raw::cryo_queue_set_capacity(self.0.queue, events, bytes)
    }

    /// Begins to stop, and returns at once: no new clients; every session closes with 4000 `Server shutdown.`, after
    /// what was sent before. Twice is no error. [`Status::STATE`]: it was not started.
    pub fn stop(&self) -> Result<()> {
        raw::cryo_server_stop(self.0.handle)
    }

    /// SIGINT and SIGTERM stop this server from now on, in the place of what the process did about them. For programs
    /// that handle no signals of their own.
    pub fn stop_on_signals(&self) {
        raw::stop_on_signals(self.0.handle);
    }

    /// Stops gently, and returns at once: from now on nobody is let in, the sessions are closed one after the other, and
    /// then the server stops. Called again, the new times count.
    pub fn drain(&self, how: Drain<'_>) -> Result<()> {
        raw::cryo_server_drain_with(
            self.0.handle,
            milliseconds(how.deadline)?,
            milliseconds(how.batch)?,
            how.code.0,
            Some(how.reason),
            milliseconds(how.retry)?,
        )
    }

    /// Waits until it has stopped, so long at most; `None` is for ever. Its last events may wait to be taken then.
    /// [`Status::TIMEOUT`]. [`Status::STATE`]: it was not started.
    pub fn wait(&self, wait: Option<Duration>) -> Result<()> {
        match wait {
            Some(wait) => raw::cryo_server_wait(self.0.handle, timeout(wait)),
            None => loop {
                match raw::cryo_server_wait(self.0.handle, timeout(SLICE)) {
                    Err(error) if error.status() == Status::TIMEOUT => {}
                    result => return result,
                }
            },
        }
    }

    /// Stops, and waits until it has.
    pub fn close(&self) -> Result<()> {
        self.stop()?;
        self.wait(None)
    }

    /// How many sessions are live: announced and not closed.
    pub fn session_count(&self) -> usize {
        raw::cryo_server_session_count(self.0.handle)
    }

    /// The live sessions.
    pub fn sessions(&self) -> Vec<Session> {
        let mut capacity = self.session_count() + 16;
        loop {
            // cryo_server_sessions
            let (handles, count) = match raw::server_sessions(self.0.handle, capacity) {
                Ok(found) => found,
                Err(_) => return Vec::new(),
            };
            let sessions = handles.into_iter().map(|each| self.0.table.given(each)).collect();
            if count <= capacity {
                return sessions;
            }
            capacity = count + 16;
        }
    }

    /// The live session with this id.
    pub fn find(&self, id: SessionId) -> Option<Session> {
        let found = raw::cryo_server_find_session(self.0.handle, &id.0).ok()?;
        Some(self.0.table.given(found))
    }

    /// Sends to every live session but one, and answers to how many; where that is not known at once, how many were
    /// live. [`Status::TOTAL_FULL`]: nobody gets it. [`Status::CLOSED`]: the server does not run.
    pub fn broadcast<'a>(&self, payload: impl Into<Payload<'a>>, except: Option<&Session>) -> Result<usize> {
        let (kind, data) = payload.into().parts();
        raw::cryo_server_broadcast(self.0.handle, kind, data, except.map_or(0, Session::handle))
    }

    /// One figure of all threads together, as it stands now. `of` picks one kind where there are several (an HTTP status,
    /// a [`crate::DropReason`], an [`crate::Outcome`]); 0: all.
    pub fn stat(&self, stat: ServerStat, of: i32) -> Result<f64> {
        raw::cryo_server_stat(self.0.handle, stat.0, of)
    }

    /// All figures in the text format of Prometheus.
    pub fn metrics(&self) -> Result<String> {
        raw::cryo_server_metrics(self.0.handle)
    }

    /// Exchanges what the server shows by TLS: new connections get what these options have of it. `None`: what it had,
    /// with all files read again, as after a renewal. When it fails the server goes on with what it had.
    pub fn set_tls(&self, options: Option<&ServerOptions>) -> Result<()> {
        let options = options.map_or(Ok(0), ServerOptions::handle)?;
        raw::cryo_server_set_tls(self.0.handle, options)
    }

    /// Exchanges the keys of session tickets: 1 to 16 of 80 random bytes each. Empty: keys of its own.
    pub fn set_tls_ticket_keys(&self, keys: &[u8]) -> Result<()> {
        raw::cryo_server_set_tls_ticket_keys(self.0.handle, keys)
    }

    /// Opens a session from this server to another one. It comes back after a loss as a client does, and tells this
    /// server's events. `INVALID`: no URL, no token, options that do not fit together. `STATE`: the server was not started,
    /// or a session has the id. `CLOSED`: the server stops. Further `TLS_…`, `SYSTEM`.
    pub fn connect_peer(&self, options: &ClientOptions) -> Result<Session> {
        let options = options.handle()?;
        self.0.table.opened(|| raw::cryo_server_connect_peer(self.0.handle, options))
    }

    /// Adds it behind those that are there, at any time. [`Status::EXISTS`]: one of that name is there.
    pub fn add_extension(&self, extension: &Extension) -> Result<()> {
        extension.add(self.0.queue, |made| raw::cryo_server_add_extension(self.0.handle, made))
    }

    /// Messages that come to it from now on pass by; tickets that are out still count. [`Status::NOT_FOUND`].
    pub fn remove_extension(&self, name: &str) -> Result<()> {
        raw::cryo_server_remove_extension(self.0.handle, name)
    }

    /// Whether there is one of that name.
    pub fn has_extension(&self, name: &str) -> bool {
        let found = raw::cryo_server_find_extension(self.0.handle, name);
        found.map(raw::cryo_extension_free).is_ok()
    }
}

impl AsRawFd for Server {
    /// Readable while an event waits, to be watched and not read: take events with [`Server::next_event`] and no time
    /// until there is none. Negative where the system has none.
    fn as_raw_fd(&self) -> RawFd {
        raw::cryo_queue_fd(self.0.queue)
    }
}
