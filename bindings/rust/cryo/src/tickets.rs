//! Questions: each is settled once, at once or later, from any thread. One that is dropped refuses.

use std::any::Any;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::error::Result;
use crate::message::Message;
use crate::raw::{self, Handle};
use crate::session::{PeerCertificate, Session, Values};
use crate::settings::{expiry, milliseconds};
use crate::{Direction, Status};

/// A client asks to be let in. Dropped without an answer, it is refused. What settles it answers
/// [`Status::STATE`] when its time is over or the client has gone.
pub struct Auth {
    handle: Handle,
    token: String,
    values: Values,
    settled: bool,
}

impl Auth {
    pub(crate) fn new(handle: Handle, token: String) -> Self {
        Self { handle, token, values: Values::default(), settled: false }
    }

    /// Lets the client in.
    pub fn accept(mut self) -> Result<()> {
        self.keep_values()?;
        self.settled(raw::cryo_auth_accept(self.handle))
    }

    /// Lets the client in, also in the place of a live session with the same id, whatever its token was. Say it
    /// only where both belong to the same user.
    pub fn replace(mut self) -> Result<()> {
        self.keep_values()?;
        self.settled(raw::cryo_auth_replace(self.handle))
    }

    /// Refuses with 401. The client sees the reason, one line; empty: `The token was refused.`
    pub fn reject(mut self, reason: &str) -> Result<()> {
        self.settled(raw::cryo_auth_reject(self.handle, Some(reason)))
    }

    /// Refuses with a status from 400 to 599. The client sees the body, at most 4096 bytes. `retry_after`
    /// becomes a Retry-After header, in seconds and rounded up; zero: none. Where it fails, 401 it is.
    pub fn refuse(mut self, http_status: i32, body: &str, retry_after: Duration) -> Result<()> {
        let ms = milliseconds(retry_after)?;
        self.settled(raw::cryo_auth_refuse(self.handle, http_status, Some(body), ms))
    }

    fn settled(&mut self, result: Result<()>) -> Result<()> {
        self.settled = result.as_ref().map_or_else(|error| error.status() == Status::STATE, |()| true);
        result
    }

    fn keep_values(&mut self) -> Result<()> {
        if self.values.is_empty() {
            return Ok(());
        }
        raw::auth_set(self.handle, Arc::new(std::mem::take(&mut self.values))) // cryo_auth_set
    }

    /// Keeps a value with the session that this ticket opens, for [`Session::get`] from its first event on. Where
    /// a session goes on with a client that came back, it replaces that session's value of this key.
    pub fn set<T: Any + Send + Sync>(&mut self, key: &str, value: T) {
        self.values.insert(key.to_owned(), Arc::new(value));
    }

    /// Keeps a text that is known of the client, such as `user` or `tenant`, for [`Session::claim`]. `None` takes
    /// it back. [`Status::TOO_BIG`]: names and values of one session have more than 16384 bytes.
    pub fn set_claim(&self, name: &str, value: Option<&str>) -> Result<()> {
        raw::cryo_auth_set_claim(self.handle, name, value)
    }

    /// Ends the session that this ticket opens after so long, as [`Session::set_expiry`].
    pub fn set_expiry(&self, after: Option<Duration>) -> Result<()> {
        raw::cryo_auth_set_expiry_ms(self.handle, expiry(after))
    }

    /// What the client has shown.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Where the client is, as of a [`Session`]. Like all that follow, empty when the client has gone.
    pub fn remote_address(&self) -> String {
        raw::cryo_auth_remote_address(self.handle).unwrap_or_default()
    }

    /// That of the proxy that has told the client's; empty where the client came by itself.
    pub fn proxy_address(&self) -> String {
        raw::cryo_auth_proxy_address(self.handle).unwrap_or_default()
    }

    /// That of the upgrade request.
    pub fn path(&self) -> String {
        raw::cryo_auth_path(self.handle).unwrap_or_default()
    }

    /// The first one of that name in the query. The id that the client asks for is `x-cryo-sid`, and is not
    /// checked yet.
    pub fn parameter(&self, name: &str) -> Option<String> {
        raw::cryo_auth_parameter(self.handle, name).ok()
    }

    /// One of the upgrade request, by its name in any case. Several of one name are joined.
    pub fn header(&self, name: &str) -> Option<String> {
        raw::cryo_auth_header(self.handle, name).ok()
    }

    /// The certificate that the client has shown.
    pub fn peer_certificate(&self) -> Option<PeerCertificate> {
        PeerCertificate::read(
            self.handle,
            raw::cryo_auth_peer_certificate_subject,
            raw::cryo_auth_peer_certificate_name,
            raw::cryo_auth_peer_certificate_fingerprint,
        )
    }
}

impl Drop for Auth {
    fn drop(&mut self) {
        if !self.settled {
            let _ = raw::cryo_auth_reject(self.handle, None);
        }
    }
}

impl fmt::Debug for Auth {
    /// Without the token.
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "Auth({})", self.remote_address())
    }
}

/// A message is in the hands of an extension. Dropped without an answer, the hook has failed.
#[derive(Debug)]
pub struct Hook {
    handle: Handle,
    settled: bool,
    /// Whose message it is.
    pub session: Session,
    /// The content.
    pub message: Message,
    /// Before it is sent, or after it was received.
    pub direction: Direction,
    /// The name of the extension.
    pub extension: String,
}

impl Hook {
    pub(crate) fn new(
        handle: Handle,
        session: Session,
        message: Message,
        direction: Direction,
        extension: String,
    ) -> Self {
        Self { handle, settled: false, session, message, direction, extension }
    }

    /// Lets the message go on.
    pub fn pass(mut self) -> Result<()> {
        self.settled = true;
        raw::cryo_hook_pass(self.handle)
    }

    /// Lets it go on with another content, of the same kind. Where that fails, so has the hook.
    pub fn replace(mut self, data: impl AsRef<[u8]>) -> Result<()> {
        let result = raw::cryo_hook_replace(self.handle, data.as_ref());
        self.settled = result.is_ok();
        result
    }

    /// Ends its way.
    pub fn stop(mut self) -> Result<()> {
        self.settled = true;
        raw::cryo_hook_stop(self.handle)
    }

    /// The hook could not do its work, for a reason that is logged.
    pub fn fail(mut self, reason: &str) -> Result<()> {
        self.settled = true;
        raw::cryo_hook_fail(self.handle, Some(reason))
    }
}

impl Drop for Hook {
    fn drop(&mut self) {
        if !self.settled {
            let _ = raw::cryo_hook_fail(self.handle, Some("the hook was dropped without an answer"));
        }
    }
}

/// With which token shall a client connect? Dropped without an answer, the attempt has failed.
#[derive(Debug)]
pub struct TokenRequest {
    handle: Handle,
    settled: bool,
    /// Of the client or peer.
    pub session: Session,
}

impl TokenRequest {
    pub(crate) fn new(handle: Handle, session: Session) -> Self {
        Self { handle, settled: false, session }
    }

    /// The token for the attempt that has asked. [`Status::INVALID`]: it is empty.
    pub fn give(mut self, token: &str) -> Result<()> {
        let result = raw::cryo_token_give(self.handle, token);
        self.settled = result.is_ok();
        result
    }

    /// There is none, for a reason that [`crate::Event::AttemptFailed`] tells.
    pub fn fail(mut self, reason: &str) -> Result<()> {
        self.settled = true;
        raw::cryo_token_fail(self.handle, Some(reason))
    }
}

impl Drop for TokenRequest {
    fn drop(&mut self) {
        if !self.settled {
            let _ = raw::cryo_token_fail(self.handle, Some("the request was dropped without an answer"));
        }
    }
}
