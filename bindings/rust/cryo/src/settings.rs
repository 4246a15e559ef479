//! Options: objects of the library's.

use std::cell::Cell;
use std::marker::PhantomData;
use std::time::Duration;

use crate::error::{Error, Result};
use crate::raw::{self, Handle};
use crate::Status;

/// What a server shall do. It has the library's defaults at first, is copied by [`crate::Server::new`], and
/// remembers the first setting that was refused, which that call answers then. It is for one thread at a time:
///
/// ```compile_fail
/// fn shared<T: Sync>() {}
/// shared::<cryo::ServerOptions>();
/// ```
pub struct ServerOptions {
    handle: Result<Handle>,
    owned: Handle,
    one_thread: PhantomData<Cell<()>>,
}

/// What a client, or a peer, shall do; as [`ServerOptions`].
pub struct ClientOptions {
    handle: Result<Handle>,
    owned: Handle,
    one_thread: PhantomData<Cell<()>>,
}

impl ServerOptions {
    /// The defaults.
    pub fn new() -> Self {
        let made = fits().and_then(|()| raw::cryo_server_options_new());
        let owned = made.clone().unwrap_or(0);
        Self { handle: made, owned, one_thread: PhantomData }
    }

    pub(crate) fn with(mut self, set: impl FnOnce(Handle) -> Result<()>) -> Self {
        if let Ok(handle) = self.handle {
            if let Err(error) = set(handle) {
                self.handle = Err(error);
            }
        }
        self
    }

    pub(crate) fn handle(&self) -> Result<Handle> {
        self.handle.clone()
    }
}

impl Default for ServerOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for ServerOptions {
    fn drop(&mut self) {
        raw::cryo_server_options_free(self.owned);
    }
}

impl ClientOptions {
    /// The defaults, and where to: `ws://host[:port][/path][?query]`, or `wss://` for TLS.
    pub fn new(url: &str) -> Self {
        let made = fits().and_then(|()| raw::cryo_client_options_new());
        let owned = made.clone().unwrap_or(0);
        Self { handle: made, owned, one_thread: PhantomData }.url(url)
    }

    /// For tokens that expire, in the place of [`ClientOptions::token`]: before each attempt to connect
    /// [`crate::Event::Token`] asks for one.
    #[must_use]
    pub fn token_from_events(self) -> Self {
        self.with(raw::use_token_queue)
    }

    pub(crate) fn with(mut self, set: impl FnOnce(Handle) -> Result<()>) -> Self {
        if let Ok(handle) = self.handle {
            if let Err(error) = set(handle) {
                self.handle = Err(error);
            }
        }
        self
    }

    pub(crate) fn handle(&self) -> Result<Handle> {
        self.handle.clone()
    }
}

impl Drop for ClientOptions {
    fn drop(&mut self) {
        raw::cryo_client_options_free(self.owned);
    }
}

/// What to do where the library that was found is not the one that this crate is for.
fn fits() -> Result<()> {
    let found = raw::cryo_abi_version();
    if found == cryo_sys::CRYO_ABI_VERSION {
        return Ok(());
    }
    Err(Error::new(
        Status::UNSUPPORTED,
        format!(
            "this crate is for libcryo.so.{}, and the library that was loaded says {}: install Cryo {}, or set \
             LD_LIBRARY_PATH to where it is",
            cryo_sys::CRYO_ABI_VERSION,
            found,
            crate::VERSION
        ),
    ))
}

/// Rounded up, so that what is not nothing does not become it.
pub(crate) fn milliseconds(duration: Duration) -> Result<u32> {
    u32::try_from((duration.as_nanos() + 999_999) / 1_000_000)
        .map_err(|_| Error::new(Status::INVALID, "a duration must be 0 to 4294967295 ms"))
}

/// Rounded down: a token is good for no longer than it says. `None` never comes.
pub(crate) fn expiry(after: Option<Duration>) -> i64 {
    after.map_or(cryo_sys::CRYO_NEVER, |after| i64::try_from(after.as_millis()).unwrap_or(cryo_sys::CRYO_NEVER))
}

/// Of a wait, at most what the library takes.
pub(crate) fn timeout(left: Duration) -> i32 {
    i32::try_from((left.as_nanos() + 999_999) / 1_000_000).unwrap_or(i32::MAX)
}
