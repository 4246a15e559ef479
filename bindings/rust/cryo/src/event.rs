//! What servers and clients tell.

use std::time::Duration;

use crate::endpoint::Endpoint;
use crate::message::Message;
use crate::raw::Record;
use crate::receipt::{Receipt, FIRST_OWN};
use crate::session::Session;
use crate::table::Table;
use crate::tickets::{Auth, Hook, TokenRequest};
use crate::{CloseCode, Direction, DropReason, Stat, Status};

/// What has happened. Those of one session come in their order.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event {
    /// The server listens at this host and port.
    Listening {
        /// What it really bound.
        host: String,
        /// 0 for a Unix-domain socket.
        port: u16,
    },
    /// Shall this client come in?
    Auth(Auth),
    /// The first event of a session: a client was let in, or this client is connected for the first time.
    Session(Session),
    /// A message came.
    Message {
        /// Whose.
        session: Session,
        /// What.
        message: Message,
        /// With `manual_ack` for [`Session::ack`]; else 0.
        id: u64,
    },
    /// The last event of a session.
    Closed {
        /// Which.
        session: Session,
        /// Of whichever side ended it; [`CloseCode::ABNORMAL`]: the connection was lost without a close.
        code: CloseCode,
        /// Why.
        reason: String,
    },
    /// A statistic, at each keep-alive tick; [`Stat::RTT`] is in milliseconds, the others count.
    Stat {
        /// Whose.
        session: Session,
        /// Which.
        stat: Stat,
        /// The figure.
        value: f64,
    },
    /// The connection is lost; it tries again, or the server waits for its client.
    Disconnected {
        /// Which.
        session: Session,
        /// As of `Closed`.
        code: CloseCode,
        /// Why.
        reason: String,
    },
    /// It is connected again, with the same id.
    Reconnected(Session),
    /// Of clients and peers: an attempt to connect has failed.
    AttemptFailed {
        /// Which.
        session: Session,
        /// How.
        attempt: Attempt,
    },
    /// Of clients and peers, at a loss: this was sent and not acknowledged.
    Lost {
        /// Whose.
        session: Session,
        /// What.
        message: Message,
    },
    /// A message that was accepted, or was broadcast, is dropped.
    Dropped {
        /// Whose.
        session: Session,
        /// Why.
        reason: DropReason,
        /// What.
        message: Message,
    },
    /// The session's queue, which was held, flows again.
    Writable(Session),
    /// What became of a message that was sent with a number.
    Receipt {
        /// Whose.
        session: Session,
        /// What became of it.
        receipt: Receipt,
    },
    /// What shall become of this message?
    Hook(Hook),
    /// With which token shall it connect?
    Token(TokenRequest),
}

/// An attempt to connect that has failed.
#[derive(Clone, Debug, PartialEq)]
pub struct Attempt {
    /// Why: `RESOLVE`, `CONNECT`, `TIMEOUT`, `TLS_UNTRUSTED`, `HTTP`, `TOKEN`, …
    pub status: Status,
    /// The server's answer to the upgrade; 0: there was none.
    pub http_status: i32,
    /// For people.
    pub text: String,
    /// It tries again after so long. `None`: it does not, and `Closed` follows.
    pub retry_after: Option<Duration>,
}

impl Event {
    /// Copies it. `None`: it is told elsewhere, or a kind of a later version.
    pub(crate) fn of(record: &Record<'_>, table: &Table) -> Option<Self> {
        let session = || table.lent(record.session());
        let message = || Message::copied(record.message_kind(), record.data());
        Some(match record.kind() {
            cryo_sys::CRYO_EVENT_MESSAGE => {
                Self::Message { session: session(), message: message(), id: record.message_id() }
            }
            cryo_sys::CRYO_EVENT_LISTENING => Self::Listening { host: record.text(), port: record.code() as u16 },
            cryo_sys::CRYO_EVENT_AUTH => {
                Self::Auth(Auth::new(record.ticket(), String::from_utf8_lossy(record.data()).into_owned()))
            }
            cryo_sys::CRYO_EVENT_SESSION => {
                session().keep_values();
                Self::Session(session())
            }
            cryo_sys::CRYO_EVENT_CLOSED => Self::Closed {
                session: table.ended(record.session()),
                code: CloseCode(record.code()),
                reason: record.text(),
            },
            cryo_sys::CRYO_EVENT_STAT => {
                Self::Stat { session: session(), stat: Stat(record.code()), value: record.value() }
            }
            cryo_sys::CRYO_EVENT_DISCONNECTED => {
                Self::Disconnected { session: session(), code: CloseCode(record.code()), reason: record.text() }
            }
            cryo_sys::CRYO_EVENT_RECONNECTED => {
                session().keep_values();
                Self::Reconnected(session())
            }
            cryo_sys::CRYO_EVENT_ATTEMPT_FAILED => {
                Self::AttemptFailed { session: session(), attempt: Attempt::of(record) }
            }
            cryo_sys::CRYO_EVENT_LOST => Self::Lost { session: session(), message: message() },
            cryo_sys::CRYO_EVENT_DROPPED => {
                Self::Dropped { session: session(), reason: DropReason(record.code()), message: message() }
            }
            cryo_sys::CRYO_EVENT_WRITABLE => Self::Writable(session()),
            cryo_sys::CRYO_EVENT_RECEIPT if record.receipt() >= FIRST_OWN => {
                table.receipts.arrived(Receipt::of(record));
                return None;
            }
            cryo_sys::CRYO_EVENT_RECEIPT => Self::Receipt { session: session(), receipt: Receipt::of(record) },
            cryo_sys::CRYO_EVENT_HOOK => {
                Self::Hook(Hook::new(record.ticket(), session(), message(), Direction(record.code()), record.text()))
            }
            cryo_sys::CRYO_EVENT_TOKEN => Self::Token(TokenRequest::new(record.ticket(), session())),
            _ => return None,
        })
    }
}

impl Attempt {
    fn of(record: &Record<'_>) -> Self {
        Self {
            status: Status(record.code()),
            http_status: record.http_status(),
            text: record.text(),
            retry_after: (record.value() >= 0.0).then(|| Duration::from_secs_f64(record.value() / 1000.0)),
        }
    }
}

/// All events, as they come; ends when the server has stopped, or the client has closed, and all were taken.
pub struct Events<'a> {
    pub(crate) endpoint: &'a Endpoint,
}

impl Iterator for Events<'_> {
    type Item = Event;

    fn next(&mut self) -> Option<Event> {
        let mut ended = false;
        loop {
            let wait = if ended { Duration::ZERO } else { crate::endpoint::SLICE };
            match self.endpoint.next_event(Some(wait)) {
                None if ended => return None,
                // What came before the end may have been put into the queue since.
                None => ended = self.endpoint.has_ended(),
                event => return event,
            }
        }
    }
}
