//! What sees messages on their way.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::error::Result;
use crate::raw::{self, Handle};
use crate::settings::milliseconds;
use crate::{Direction, Kind, Verdict};

/// Sees the messages of all sessions of the servers and clients to which it is added, those that it asks for: each
/// comes as [`crate::Event::Hook`], which has its name, and waits for the answer; so do the later messages of that
/// session and direction. A ticket that is dropped, or left alone, has failed.
#[derive(Clone)]
pub struct Extension {
    name: String,
    wanted: Vec<(Direction, Kind)>,
    timeout: Option<Duration>,
    on_failure: Option<Verdict>,
    on_register: Option<Arc<dyn Fn() + Send + Sync>>,
    on_unregister: Option<Arc<dyn Fn() + Send + Sync>>,
}

impl Extension {
    /// The name, 1 to 255 bytes, is what it is known by.
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            wanted: Vec::new(),
            timeout: None,
            on_failure: None,
            on_register: None,
            on_unregister: None,
        }
    }

    /// Ask for messages of this kind before they are sent.
    #[must_use]
    pub fn before_send(self, kind: Kind) -> Self {
        self.asking(Direction::BEFORE_SEND, kind)
    }

    /// Ask for messages of this kind after they were received.
    #[must_use]
    pub fn on_receive(self, kind: Kind) -> Self {
        self.asking(Direction::ON_RECEIVE, kind)
    }

    /// Ask for messages that go this way.
    #[must_use]
    pub fn asking(mut self, direction: Direction, kind: Kind) -> Self {
        self.wanted.push((direction, kind));
        self
    }

    /// How long a ticket may be out. At first 5 s.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// What becomes of a message whose hook failed: [`Verdict::STOP`] at first; [`Verdict::PASS`] is for what only looks.
    #[must_use]
    pub fn on_failure(mut self, what: Verdict) -> Self {
        self.on_failure = Some(what);
        self
    }

    /// Called inside of each call that adds it.
    #[must_use]
    pub fn on_register(mut self, told: impl Fn() + Send + Sync + 'static) -> Self {
        self.on_register = Some(Arc::new(told));
        self
    }

    /// Called once it was removed and no message is in its hands any more, on any thread.
    #[must_use]
    pub fn on_unregister(mut self, told: impl Fn() + Send + Sync + 'static) -> Self {
        self.on_unregister = Some(Arc::new(told));
        self
    }

    pub(crate) fn add(&self, queue: Handle, add: impl FnOnce(Handle) -> Result<()>) -> Result<()> {
        let told = self.on_unregister.clone().map(|told| Box::new(move || told()) as Box<dyn Fn() + Send + Sync>);
        let made = raw::extension_new(&self.name, told)?; // cryo_extension_new, cryo_extension_on_unregister
        let added = self.set(made, queue).and_then(|()| add(made));
        raw::cryo_extension_free(made);
        added?;
        // When cryo_extension_on_register would call it.
        if let Some(told) = &self.on_register {
            told();
        }
        Ok(())
    }

    fn set(&self, made: Handle, queue: Handle) -> Result<()> {
        for (direction, kind) in &self.wanted {
            raw::cryo_extension_set_queue(made, direction.0, kind.0, queue)?;
        }
        if let Some(timeout) = self.timeout {
            raw::cryo_extension_set_timeout_ms(made, milliseconds(timeout)?)?;
        }
        self.on_failure.map_or(Ok(()), |what| raw::cryo_extension_set_on_failure(made, what.0))
    }
}

impl fmt::Debug for Extension {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "Extension({}, {:?})", self.name, self.wanted)
    }
}
