// Written by bindings/api/update.py; do not edit.

//! The numbers of cryo.h. Each type holds numbers of later versions, too.

use std::fmt;

/// What a call answers.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Status(pub i32);

impl Status {
    /// `CRYO_OK`
    pub const OK: Self = Self(0);
    /// An argument is NULL, out of range or malformed
    pub const INVALID: Self = Self(-1);
    /// A handle is NULL, was freed, or is of another type
    pub const HANDLE: Self = Self(-2);
    /// Not now: already started, not connected, already settled, called from inside a callback,
    /// …
    pub const STATE: Self = Self(-3);
    /// Memory ran out
    pub const NO_MEMORY: Self = Self(-4);
    /// The session is closed or closing; the server has stopped
    pub const CLOSED: Self = Self(-5);
    /// The session's send queue is full: its peer is slower than you send
    pub const FULL: Self = Self(-6);
    /// A message is longer than any peer could be sent
    pub const TOO_BIG: Self = Self(-7);
    /// Nothing came within the time given
    pub const TIMEOUT: Self = Self(-8);
    /// There is no such thing: parameter, key, session, sample
    pub const NOT_FOUND: Self = Self(-9);
    /// The buffer is too small; *len has the length that is needed
    pub const BUFFER: Self = Self(-10);
    /// The host is no address of this machine, or cannot be resolved
    pub const ADDRESS: Self = Self(-11);
    /// Another program listens on that port
    pub const ADDRESS_IN_USE: Self = Self(-12);
    /// The system does not allow it: a port below 1024, a file that may not be read
    pub const PERMISSION: Self = Self(-13);
    /// A certificate or key file does not exist or cannot be read
    pub const TLS_FILE: Self = Self(-14);
    /// No certificate could be read from what was given
    pub const TLS_CERTIFICATE: Self = Self(-15);
    /// No private key could be read from what was given
    pub const TLS_KEY: Self = Self(-16);
    /// The key does not belong to the certificate
    pub const TLS_MISMATCH: Self = Self(-17);
    /// The certificate is no longer, or not yet, valid
    pub const TLS_EXPIRED: Self = Self(-18);
    /// TLS could not be set up for another reason
    pub const TLS: Self = Self(-19);
    /// The operating system refused: the text has its words
    pub const SYSTEM: Self = Self(-20);
    /// Not on this platform or not in this build
    pub const UNSUPPORTED: Self = Self(-21);
    /// A defect of this library: please report it
    pub const INTERNAL: Self = Self(-22);
    /// All sessions together hold as many bytes as they may
    pub const TOTAL_FULL: Self = Self(-23);
    /// The session owes as many receipts as it may
    pub const RECEIPTS_FULL: Self = Self(-24);
    /// There is one of that name already
    pub const EXISTS: Self = Self(-25);
    /// There is no such host, or its name could not be looked up
    pub const RESOLVE: Self = Self(-30);
    /// The host refused the connection or could not be reached
    pub const CONNECT: Self = Self(-31);
    /// The server answered, but not with a WebSocket: the text has its words
    pub const HTTP: Self = Self(-32);
    /// The server's certificate is for another name
    pub const TLS_NAME: Self = Self(-33);
    /// The server's certificate is signed by nobody whom this side trusts
    pub const TLS_UNTRUSTED: Self = Self(-34);
    /// The token provider has no token: the text has its words
    pub const TOKEN: Self = Self(-35);
}

impl fmt::Debug for Status {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::OK => to.write_str("Status::OK"),
            Self::INVALID => to.write_str("Status::INVALID"),
            Self::HANDLE => to.write_str("Status::HANDLE"),
            Self::STATE => to.write_str("Status::STATE"),
            Self::NO_MEMORY => to.write_str("Status::NO_MEMORY"),
            Self::CLOSED => to.write_str("Status::CLOSED"),
            Self::FULL => to.write_str("Status::FULL"),
            Self::TOO_BIG => to.write_str("Status::TOO_BIG"),
            Self::TIMEOUT => to.write_str("Status::TIMEOUT"),
            Self::NOT_FOUND => to.write_str("Status::NOT_FOUND"),
            Self::BUFFER => to.write_str("Status::BUFFER"),
            Self::ADDRESS => to.write_str("Status::ADDRESS"),
            Self::ADDRESS_IN_USE => to.write_str("Status::ADDRESS_IN_USE"),
            Self::PERMISSION => to.write_str("Status::PERMISSION"),
            Self::TLS_FILE => to.write_str("Status::TLS_FILE"),
            Self::TLS_CERTIFICATE => to.write_str("Status::TLS_CERTIFICATE"),
            Self::TLS_KEY => to.write_str("Status::TLS_KEY"),
            Self::TLS_MISMATCH => to.write_str("Status::TLS_MISMATCH"),
            Self::TLS_EXPIRED => to.write_str("Status::TLS_EXPIRED"),
            Self::TLS => to.write_str("Status::TLS"),
            Self::SYSTEM => to.write_str("Status::SYSTEM"),
            Self::UNSUPPORTED => to.write_str("Status::UNSUPPORTED"),
            Self::INTERNAL => to.write_str("Status::INTERNAL"),
            Self::TOTAL_FULL => to.write_str("Status::TOTAL_FULL"),
            Self::RECEIPTS_FULL => to.write_str("Status::RECEIPTS_FULL"),
            Self::EXISTS => to.write_str("Status::EXISTS"),
            Self::RESOLVE => to.write_str("Status::RESOLVE"),
            Self::CONNECT => to.write_str("Status::CONNECT"),
            Self::HTTP => to.write_str("Status::HTTP"),
            Self::TLS_NAME => to.write_str("Status::TLS_NAME"),
            Self::TLS_UNTRUSTED => to.write_str("Status::TLS_UNTRUSTED"),
            Self::TOKEN => to.write_str("Status::TOKEN"),
            Self(other) => write!(to, "Status({})", other),
        }
    }
}

/// How much is logged.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct LogLevel(pub i32);

impl LogLevel {
    /// `CRYO_LOG_OFF`
    pub const OFF: Self = Self(0);
    /// `CRYO_LOG_ERROR`
    pub const ERROR: Self = Self(1);
    /// `CRYO_LOG_WARNING`
    pub const WARNING: Self = Self(2);
    /// `CRYO_LOG_INFO`
    pub const INFO: Self = Self(3);
    /// `CRYO_LOG_DEBUG`
    pub const DEBUG: Self = Self(4);
}

impl fmt::Debug for LogLevel {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::OFF => to.write_str("LogLevel::OFF"),
            Self::ERROR => to.write_str("LogLevel::ERROR"),
            Self::WARNING => to.write_str("LogLevel::WARNING"),
            Self::INFO => to.write_str("LogLevel::INFO"),
            Self::DEBUG => to.write_str("LogLevel::DEBUG"),
            Self(other) => write!(to, "LogLevel({})", other),
        }
    }
}

/// The kind of a message.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Kind(pub i32);

impl Kind {
    /// `CRYO_UTF8`
    pub const UTF8: Self = Self(1);
    /// `CRYO_BINARY`
    pub const BINARY: Self = Self(2);
}

impl fmt::Debug for Kind {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::UTF8 => to.write_str("Kind::UTF8"),
            Self::BINARY => to.write_str("Kind::BINARY"),
            Self(other) => write!(to, "Kind({})", other),
        }
    }
}

/// Why a session closed: these, and those of RFC 6455.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct CloseCode(pub i32);

impl CloseCode {
    /// Wanted by either side
    pub const GRACEFUL: Self = Self(4000);
    /// The client's fault: silent, or it broke the protocol
    pub const CLIENT_ERROR: Self = Self(4001);
    /// The server's fault
    pub const SERVER_ERROR: Self = Self(4002);
    /// One side expects CALE encryption, the other does not
    pub const CALE_MISMATCH: Self = Self(4010);
    /// The CALE handshake failed
    pub const CALE_HANDSHAKE: Self = Self(4011);
    /// Seen only: the peer gave no code
    pub const NO_STATUS: Self = Self(1005);
    /// Seen only: the connection was lost without a close
    pub const ABNORMAL: Self = Self(1006);
}

impl fmt::Debug for CloseCode {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::GRACEFUL => to.write_str("CloseCode::GRACEFUL"),
            Self::CLIENT_ERROR => to.write_str("CloseCode::CLIENT_ERROR"),
            Self::SERVER_ERROR => to.write_str("CloseCode::SERVER_ERROR"),
            Self::CALE_MISMATCH => to.write_str("CloseCode::CALE_MISMATCH"),
            Self::CALE_HANDSHAKE => to.write_str("CloseCode::CALE_HANDSHAKE"),
            Self::NO_STATUS => to.write_str("CloseCode::NO_STATUS"),
            Self::ABNORMAL => to.write_str("CloseCode::ABNORMAL"),
            Self(other) => write!(to, "CloseCode({})", other),
        }
    }
}

/// What a session counts.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Stat(pub i32);

impl Stat {
    /// Moving average (alpha 0.2) from message to acknowledgement, in milliseconds
    pub const RTT: Self = Self(1);
    /// WebSocket payload bytes received, since the session began
    pub const BYTES_RX: Self = Self(2);
    /// WebSocket payload bytes handed to the transport, since the session began
    pub const BYTES_TX: Self = Self(3);
    /// Messages not acknowledged in time; as an event: since the last such event
    pub const ACK_TIMEOUT: Self = Self(4);
    /// Bytes sent by the application and not yet taken by the operating system
    pub const QUEUED_BYTES: Self = Self(5);
    /// Messages sent by the application that have not begun to leave
    pub const QUEUED_COUNT: Self = Self(6);
}

impl fmt::Debug for Stat {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::RTT => to.write_str("Stat::RTT"),
            Self::BYTES_RX => to.write_str("Stat::BYTES_RX"),
            Self::BYTES_TX => to.write_str("Stat::BYTES_TX"),
            Self::ACK_TIMEOUT => to.write_str("Stat::ACK_TIMEOUT"),
            Self::QUEUED_BYTES => to.write_str("Stat::QUEUED_BYTES"),
            Self::QUEUED_COUNT => to.write_str("Stat::QUEUED_COUNT"),
            Self(other) => write!(to, "Stat({})", other),
        }
    }
}

/// What gives way when a session's queue is full.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct DropPolicy(pub i32);

impl DropPolicy {
    /// Queued messages go, the oldest first, until the new one fits
    pub const OLDEST: Self = Self(1);
    /// The new message is refused
    pub const NEWEST: Self = Self(2);
    /// A queued message with the same key, or else of the same kind and content, is replaced in
    /// its place; when the queue is full, the oldest one of the same kind. If the new one is
    /// longer, others give way until it fits, the oldest first, its own kind before the other.
    /// Only one that is larger than the whole queue may be is refused: what is queued is always
    /// the latest
    pub const DEDUPE_LATEST: Self = Self(3);
}

impl fmt::Debug for DropPolicy {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::OLDEST => to.write_str("DropPolicy::OLDEST"),
            Self::NEWEST => to.write_str("DropPolicy::NEWEST"),
            Self::DEDUPE_LATEST => to.write_str("DropPolicy::DEDUPE_LATEST"),
            Self(other) => write!(to, "DropPolicy({})", other),
        }
    }
}

/// A version of TLS.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TlsVersion(pub i32);

impl TlsVersion {
    /// `CRYO_TLS_1_2`
    pub const V1_2: Self = Self(12);
    /// `CRYO_TLS_1_3`
    pub const V1_3: Self = Self(13);
}

impl fmt::Debug for TlsVersion {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::V1_2 => to.write_str("TlsVersion::V1_2"),
            Self::V1_3 => to.write_str("TlsVersion::V1_3"),
            Self(other) => write!(to, "TlsVersion({})", other),
        }
    }
}

/// What becomes of a live session when a client comes with its id.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct DuplicatePolicy(pub i32);

impl DuplicatePolicy {
    /// It stays, and the newcomer is refused with 409
    pub const REFUSE: Self = Self(1);
    /// Its peer is pinged: it stays if that shows life, and else gives way
    pub const PROBE: Self = Self(2);
    /// It gives way
    pub const REPLACE: Self = Self(3);
}

impl fmt::Debug for DuplicatePolicy {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::REFUSE => to.write_str("DuplicatePolicy::REFUSE"),
            Self::PROBE => to.write_str("DuplicatePolicy::PROBE"),
            Self::REPLACE => to.write_str("DuplicatePolicy::REPLACE"),
            Self(other) => write!(to, "DuplicatePolicy({})", other),
        }
    }
}

/// Which headers of a trusted proxy say where a client is.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Forwarded(pub i32);

impl Forwarded {
    /// None
    pub const NONE: Self = Self(0);
    /// Whichever is there; where both are, they must say the same
    pub const ANY: Self = Self(1);
    /// X-Forwarded-For
    pub const X_FORWARDED_FOR: Self = Self(2);
    /// Forwarded (RFC 7239)
    pub const RFC7239: Self = Self(3);
}

impl fmt::Debug for Forwarded {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NONE => to.write_str("Forwarded::NONE"),
            Self::ANY => to.write_str("Forwarded::ANY"),
            Self::X_FORWARDED_FOR => to.write_str("Forwarded::X_FORWARDED_FOR"),
            Self::RFC7239 => to.write_str("Forwarded::RFC7239"),
            Self(other) => write!(to, "Forwarded({})", other),
        }
    }
}

/// What carries a server's connections.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Transport(pub i32);

impl Transport {
    /// CRYO_TRANSPORT_POLL where it can be had
    pub const AUTO: Self = Self(0);
    /// Libwebsockets: every system
    pub const LIBWEBSOCKETS: Self = Self(1);
    /// Plain sockets, and what the system says of their readiness (epoll, or else libuv)
    pub const POLL: Self = Self(2);
}

impl fmt::Debug for Transport {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::AUTO => to.write_str("Transport::AUTO"),
            Self::LIBWEBSOCKETS => to.write_str("Transport::LIBWEBSOCKETS"),
            Self::POLL => to.write_str("Transport::POLL"),
            Self(other) => write!(to, "Transport({})", other),
        }
    }
}

/// Why a message was dropped.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct DropReason(pub i32);

impl DropReason {
    /// It made room for a newer one: by CRYO_DROP_OLDEST, or by CRYO_DEDUPE_LATEST for a longer
    /// one
    pub const OLDEST: Self = Self(1);
    /// There was no room for it when it reached the queue
    pub const REFUSED: Self = Self(2);
    /// By CRYO_DEDUPE_LATEST: a newer one stands in its place
    pub const REPLACED: Self = Self(3);
    /// All sessions together held as many bytes as they may
    pub const TOTAL: Self = Self(4);
}

impl fmt::Debug for DropReason {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::OLDEST => to.write_str("DropReason::OLDEST"),
            Self::REFUSED => to.write_str("DropReason::REFUSED"),
            Self::REPLACED => to.write_str("DropReason::REPLACED"),
            Self::TOTAL => to.write_str("DropReason::TOTAL"),
            Self(other) => write!(to, "DropReason({})", other),
        }
    }
}

/// How a message that was sent with a receipt ended.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Outcome(pub i32);

impl Outcome {
    /// The peer has it
    pub const ACKNOWLEDGED: Self = Self(1);
    /// It left, and was not acknowledged in time
    pub const TIMED_OUT: Self = Self(2);
    /// It did not leave: the queue was full
    pub const DROPPED: Self = Self(3);
    /// It did not leave: an extension stopped it
    pub const VETOED: Self = Self(4);
    /// The session closed, or its connection was lost, before one of these was known
    pub const CLOSED: Self = Self(5);
    /// The peer closed the connection because of it: it is too big (1009), or against its rules
    /// (1007, 1008). It is not sent again
    pub const REFUSED: Self = Self(6);
}

impl fmt::Debug for Outcome {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::ACKNOWLEDGED => to.write_str("Outcome::ACKNOWLEDGED"),
            Self::TIMED_OUT => to.write_str("Outcome::TIMED_OUT"),
            Self::DROPPED => to.write_str("Outcome::DROPPED"),
            Self::VETOED => to.write_str("Outcome::VETOED"),
            Self::CLOSED => to.write_str("Outcome::CLOSED"),
            Self::REFUSED => to.write_str("Outcome::REFUSED"),
            Self(other) => write!(to, "Outcome({})", other),
        }
    }
}

/// What a server counts.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ServerStat(pub i32);

impl ServerStat {
    /// Live sessions, now
    pub const SESSIONS: Self = Self(1);
    /// Of these, that wait for their client, now
    pub const AWAY: Self = Self(2);
    /// Open connections, now
    pub const CONNECTIONS: Self = Self(3);
    /// Connections that came
    pub const ACCEPTED_CONNECTIONS: Self = Self(4);
    /// Sessions that were announced
    pub const ACCEPTED_SESSIONS: Self = Self(5);
    /// Sessions that went on with another connection
    pub const RESUMED: Self = Self(6);
    /// Sessions that closed
    pub const CLOSED: Self = Self(7);
    /// Requests that were refused; `of`: with this HTTP status, 400 to 599
    pub const REFUSED: Self = Self(8);
    /// TLS handshakes that failed
    pub const TLS_FAILURES: Self = Self(9);
    /// What clients sent against the protocol, whether it closed their session or not
    pub const VIOLATIONS: Self = Self(10);
    /// Messages that were dropped; `of`: for this reason, CRYO_DROPPED_*
    pub const DROPPED: Self = Self(11);
    /// Receipts that were told; `of`: with this outcome, CRYO_RECEIPT_*
    pub const RECEIPTS: Self = Self(12);
    /// Messages that were delivered to the application
    pub const MESSAGES_RX: Self = Self(13);
    /// Messages that have left; one that is sent again counts again
    pub const MESSAGES_TX: Self = Self(14);
    /// Bytes received on connections, requests included, without what TLS adds
    pub const BYTES_RX: Self = Self(15);
    /// Bytes sent, likewise
    pub const BYTES_TX: Self = Self(16);
    /// Calls of other threads that a thread found waiting at once: the most of the last half
    /// minute
    pub const MAILBOX: Self = Self(17);
    /// Times that a thread was held up for 100 ms or more, as by a callback that takes long
    pub const SLOW_CALLBACKS: Self = Self(18);
    /// Milliseconds that a thread was busy at a stretch: the most of the last half minute
    pub const LOOP_LAG: Self = Self(19);
    /// Milliseconds that the threads were busy
    pub const BUSY: Self = Self(20);
    /// Tickets that wait for the validator, now
    pub const VALIDATIONS: Self = Self(21);
    /// Requests of cryo_server_options_set_health and _set_metrics that were answered
    pub const HEALTH_CHECKS: Self = Self(22);
    /// 1 once nobody is let in any more, else 0
    pub const DRAINING: Self = Self(23);
}

impl fmt::Debug for ServerStat {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::SESSIONS => to.write_str("ServerStat::SESSIONS"),
            Self::AWAY => to.write_str("ServerStat::AWAY"),
            Self::CONNECTIONS => to.write_str("ServerStat::CONNECTIONS"),
            Self::ACCEPTED_CONNECTIONS => to.write_str("ServerStat::ACCEPTED_CONNECTIONS"),
            Self::ACCEPTED_SESSIONS => to.write_str("ServerStat::ACCEPTED_SESSIONS"),
            Self::RESUMED => to.write_str("ServerStat::RESUMED"),
            Self::CLOSED => to.write_str("ServerStat::CLOSED"),
            Self::REFUSED => to.write_str("ServerStat::REFUSED"),
            Self::TLS_FAILURES => to.write_str("ServerStat::TLS_FAILURES"),
            Self::VIOLATIONS => to.write_str("ServerStat::VIOLATIONS"),
            Self::DROPPED => to.write_str("ServerStat::DROPPED"),
            Self::RECEIPTS => to.write_str("ServerStat::RECEIPTS"),
            Self::MESSAGES_RX => to.write_str("ServerStat::MESSAGES_RX"),
            Self::MESSAGES_TX => to.write_str("ServerStat::MESSAGES_TX"),
            Self::BYTES_RX => to.write_str("ServerStat::BYTES_RX"),
            Self::BYTES_TX => to.write_str("ServerStat::BYTES_TX"),
            Self::MAILBOX => to.write_str("ServerStat::MAILBOX"),
            Self::SLOW_CALLBACKS => to.write_str("ServerStat::SLOW_CALLBACKS"),
            Self::LOOP_LAG => to.write_str("ServerStat::LOOP_LAG"),
            Self::BUSY => to.write_str("ServerStat::BUSY"),
            Self::VALIDATIONS => to.write_str("ServerStat::VALIDATIONS"),
            Self::HEALTH_CHECKS => to.write_str("ServerStat::HEALTH_CHECKS"),
            Self::DRAINING => to.write_str("ServerStat::DRAINING"),
            Self(other) => write!(to, "ServerStat({})", other),
        }
    }
}

/// Which way a message goes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Direction(pub i32);

impl Direction {
    /// `CRYO_BEFORE_SEND`
    pub const BEFORE_SEND: Self = Self(1);
    /// `CRYO_ON_RECEIVE`
    pub const ON_RECEIVE: Self = Self(2);
}

impl fmt::Debug for Direction {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::BEFORE_SEND => to.write_str("Direction::BEFORE_SEND"),
            Self::ON_RECEIVE => to.write_str("Direction::ON_RECEIVE"),
            Self(other) => write!(to, "Direction({})", other),
        }
    }
}

/// What becomes of a message whose hook failed.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Verdict(pub i32);

impl Verdict {
    /// `CRYO_HOOK_PASS`
    pub const PASS: Self = Self(1);
    /// `CRYO_HOOK_STOP`
    pub const STOP: Self = Self(2);
}

impl fmt::Debug for Verdict {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::PASS => to.write_str("Verdict::PASS"),
            Self::STOP => to.write_str("Verdict::STOP"),
            Self(other) => write!(to, "Verdict({})", other),
        }
    }
}
