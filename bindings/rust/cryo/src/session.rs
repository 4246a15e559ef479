//! One peer of a server, or the one session of a client.

use std::any::Any;
use std::collections::HashMap;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::error::{Error, Result};
use crate::id::SessionId;
use crate::message::Payload;
use crate::raw::{self, Handle};
use crate::receipt::{Delivery, Receipts, FIRST_OWN};
use crate::settings::expiry;
use crate::table::locked;
use crate::{CloseCode, Stat, Status};

/// Values of the application's, by key.
pub type Values = HashMap<String, Arc<dyn Any + Send + Sync>>;

/// A session. Clones are the same one. It answers after it has closed, too: sends answer
/// [`Status::CLOSED`] then.
#[derive(Clone)]
pub struct Session(Arc<Inner>);

struct Inner {
    handle: Handle,
    receipts: Arc<Receipts>,
    values: Mutex<Values>,
}

/// For [`Session::send_with`].
#[derive(Clone, Copy, Debug, Default)]
pub struct SendOptions<'a> {
    /// 1 to 255 bytes, for [`crate::DropPolicy::DEDUPE_LATEST`].
    pub key: Option<&'a str>,
    /// Comes back in [`crate::Event::Receipt`], once for each message that was accepted. 0: none; below 2^63.
    pub receipt: u64,
}

/// What a client has shown, and the server has found good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeerCertificate {
    /// As in RFC 4514: `CN=alice,O=Example`.
    pub subject: String,
    /// The alternative names: `DNS:a.example`, `IP:192.0.2.7`, …
    pub names: Vec<String>,
    /// The SHA-256 of all of it, as 64 hexadecimal digits.
    pub fingerprint: String,
}

impl PeerCertificate {
    pub(crate) fn read(
        handle: Handle,
        subject: fn(Handle) -> Result<String>,
        name: fn(Handle, usize) -> Result<String>,
        fingerprint: fn(Handle) -> Result<String>,
    ) -> Option<Self> {
        let subject = subject(handle).ok()?;
        let names = (0..).map_while(|index| name(handle, index).ok()).collect();
        Some(Self { subject, names, fingerprint: fingerprint(handle).ok()? })
    }
}

impl Session {
    /// For a handle that was retained for it.
    pub(crate) fn owning(handle: Handle, receipts: Arc<Receipts>) -> Self {
        Self(Arc::new(Inner { handle, receipts, values: Mutex::default() }))
    }

    pub(crate) fn handle(&self) -> Handle {
        self.0.handle
    }

    /// Sends a message, and returns at once: `Ok` says that it was accepted. Messages leave in the order
    /// in which they were accepted. [`Status::FULL`]: the queue is full, and nothing may give way to this
    /// one. Further `TOTAL_FULL`, `CLOSED`, `STATE` (a client that is not connected, without `resend`), `TOO_BIG`.
    pub fn send<'a>(&self, payload: impl Into<Payload<'a>>) -> Result<()> {
        let (kind, data) = payload.into().parts();
        raw::cryo_session_send(self.0.handle, kind, data)
    }

    /// The same with a key and a receipt. [`Status::RECEIPTS_FULL`]: the session owes as many as it may.
    pub fn send_with<'a>(&self, payload: impl Into<Payload<'a>>, options: SendOptions<'_>) -> Result<()> {
        if options.receipt >= FIRST_OWN {
            return Err(Error::new(Status::INVALID, "the number of a receipt must be below 2^63"));
        }
        let (kind, data) = payload.into().parts();
        raw::cryo_session_send_with(self.0.handle, kind, data, options.key, options.receipt)
    }

    /// The same with a future that tells what became of the message. Somebody must take events meanwhile.
    pub fn deliver<'a>(&self, payload: impl Into<Payload<'a>>, key: Option<&str>) -> Result<Delivery> {
        let (kind, data) = payload.into().parts();
        let (number, delivery) = self.0.receipts.new_delivery();
        let sent = raw::cryo_session_send_with(self.0.handle, kind, data, key, number);
        if sent.is_err() {
            self.0.receipts.forget(number);
        }
        sent.map(|()| delivery)
    }

    /// Sends one message to many sessions, of any servers and clients; the payload is copied once. What each
    /// answers, and how many have accepted it. An error says that it went to nobody.
    pub fn send_all<'a, 'b>(
        sessions: impl IntoIterator<Item = &'b Session>,
        payload: impl Into<Payload<'a>>,
    ) -> Result<(Vec<Status>, usize)> {
        let (kind, data) = payload.into().parts();
        let handles: Vec<Handle> = sessions.into_iter().map(Session::handle).collect();
        raw::sessions_send(&handles, kind, data) // cryo_sessions_send
    }

    /// Sends a ping now, beside those of the keep-alive.
    pub fn ping(&self) -> Result<()> {
        raw::cryo_session_ping(self.0.handle)
    }

    /// Closes, after what was sent before has left. The code is one of 1000 to 1003, 1007 to 1009, 1011 to
    /// 1014 or 3000 to 4999; the reason is cut to 123 bytes. [`Status::CLOSED`]: closed or closing already.
    pub fn close(&self, code: CloseCode, reason: &str) -> Result<()> {
        raw::cryo_session_close(self.0.handle, code.0, Some(reason))
    }

    /// No messages for now. What the peer sends is kept, up to a bound; beyond, the peer is held up.
    pub fn pause(&self) -> Result<()> {
        raw::cryo_session_pause_reading(self.0.handle)
    }

    /// Messages again.
    pub fn resume(&self) -> Result<()> {
        raw::cryo_session_resume_reading(self.0.handle)
    }

    /// With `manual_ack`: the application is done with this message ([`crate::Event::Message`] has its id).
    /// [`Status::STATE`]: there is no such message, or its connection was lost since.
    pub fn ack(&self, message: u64) -> Result<()> {
        raw::cryo_message_ack(self.0.handle, message)
    }

    /// Ends the session after so long, with 4001 `Token expired.`; `None` takes it back. [`Status::STATE`]: it
    /// is a client's or peer's.
    pub fn set_expiry(&self, after: Option<Duration>) -> Result<()> {
        raw::cryo_session_set_expiry_ms(self.0.handle, expiry(after))
    }

    /// Whether messages can be sent.
    pub fn is_open(&self) -> bool {
        raw::cryo_session_is_open(self.0.handle) == 1
    }

    /// Whether CALE encrypts what it sends and receives; TLS is another matter.
    pub fn is_secure(&self) -> bool {
        raw::cryo_session_is_secure(self.0.handle) == 1
    }

    /// Whether this server has opened it ([`crate::Server::connect_peer`]).
    pub fn is_peer(&self) -> bool {
        raw::cryo_session_is_peer(self.0.handle) == 1
    }

    /// What the client chose.
    pub fn id(&self) -> SessionId {
        SessionId(raw::cryo_session_id(self.0.handle).unwrap_or_default())
    }

    /// The one that the session came in with; of a client the one of its options.
    pub fn token(&self) -> String {
        raw::cryo_session_token(self.0.handle).unwrap_or_default()
    }

    /// Where the peer is: `192.0.2.7:54321`, `[2001:db8::1]:54321`, `unix:`.
    pub fn remote_address(&self) -> String {
        raw::cryo_session_remote_address(self.0.handle).unwrap_or_default()
    }

    /// That of the proxy that has told the client's; empty where the client came by itself.
    pub fn proxy_address(&self) -> String {
        raw::cryo_session_proxy_address(self.0.handle).unwrap_or_default()
    }

    /// That of the upgrade request.
    pub fn path(&self) -> String {
        raw::cryo_session_path(self.0.handle).unwrap_or_default()
    }

    /// The first one of that name in the query of the upgrade request.
    pub fn parameter(&self, name: &str) -> Option<String> {
        raw::cryo_session_parameter(self.0.handle, name).ok()
    }

    /// All of them but the token, in the order of the request.
    pub fn parameters(&self) -> Vec<(String, String)> {
        // cryo_session_parameter_at
        (0..).map_while(|index| raw::session_parameter_at(self.0.handle, index).ok()).collect()
    }

    /// One of the upgrade request that the option `session_header` names.
    pub fn header(&self, name: &str) -> Option<String> {
        raw::cryo_session_header(self.0.handle, name).ok()
    }

    /// A text that [`crate::Auth::set_claim`] has set.
    pub fn claim(&self, name: &str) -> Option<String> {
        raw::cryo_session_claim(self.0.handle, name).ok()
    }

    /// The certificate that the client has shown.
    pub fn peer_certificate(&self) -> Option<PeerCertificate> {
        PeerCertificate::read(
            self.0.handle,
            raw::cryo_session_peer_certificate_subject,
            raw::cryo_session_peer_certificate_name,
            raw::cryo_session_peer_certificate_fingerprint,
        )
    }

    /// One figure, as it stands now. [`Status::NOT_FOUND`]: no round trip was measured yet.
    pub fn stat(&self, stat: Stat) -> Result<f64> {
        raw::cryo_session_stat(self.0.handle, stat.0)
    }

    /// Keeps a value of the application's with the session.
    pub fn set<T: Any + Send + Sync>(&self, key: &str, value: T) {
        locked(&self.0.values).insert(key.to_owned(), Arc::new(value));
    }

    /// What was kept by that key, by [`Session::set`] or [`crate::Auth::set`], if it has this type.
    pub fn get<T: Any + Send + Sync>(&self, key: &str) -> Option<Arc<T>> {
        locked(&self.0.values).get(key).cloned()?.downcast().ok()
    }

    /// Forgets a value.
    pub fn unset(&self, key: &str) {
        locked(&self.0.values).remove(key);
    }

    /// What [`crate::Auth::set`] has said: before its first event, and before it goes on with a client that came back.
    pub(crate) fn keep_values(&self) {
        if let Some(values) = raw::session_values(self.0.handle) {
            // cryo_session_visit
            locked(&self.0.values).extend(values.iter().map(|(key, value)| (key.clone(), Arc::clone(value))));
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        raw::cryo_session_release(self.handle);
    }
}

impl PartialEq for Session {
    fn eq(&self, other: &Self) -> bool {
        self.0.handle == other.0.handle
    }
}

impl Eq for Session {}

impl Hash for Session {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.handle.hash(state);
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "Session({})", self.id())
    }
}
