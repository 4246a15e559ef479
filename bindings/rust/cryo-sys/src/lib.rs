// Written by bindings/api/update.py; do not edit.

//! The functions, types and constants of `cryo.h`, as they are. The rules stand in that header; the
//! crate `cryo` is what programs use.

#![allow(non_camel_case_types)]

use std::os::raw::{c_char, c_void};

pub type cryo_status = i32;

pub const CRYO_VERSION_MAJOR: u32 = 0;
pub const CRYO_VERSION_MINOR: u32 = 1;
pub const CRYO_VERSION_PATCH: u32 = 0;
pub const CRYO_ABI_VERSION: u32 = 1;
pub const CRYO_NEVER: i64 = 9223372036854775807;

pub const CRYO_OK: i32 = 0;
/// an argument is NULL, out of range or malformed
pub const CRYO_ERR_INVALID: i32 = -1;
/// a handle is NULL, was freed, or is of another type
pub const CRYO_ERR_HANDLE: i32 = -2;
/// not now: already started, not connected, already settled, called from inside a callback, …
pub const CRYO_ERR_STATE: i32 = -3;
/// memory ran out
pub const CRYO_ERR_NO_MEMORY: i32 = -4;
/// the session is closed or closing; the server has stopped
pub const CRYO_ERR_CLOSED: i32 = -5;
/// the session's send queue is full: its peer is slower than you send
pub const CRYO_ERR_FULL: i32 = -6;
/// a message is longer than any peer could be sent
pub const CRYO_ERR_TOO_BIG: i32 = -7;
/// nothing came within the time given
pub const CRYO_ERR_TIMEOUT: i32 = -8;
/// there is no such thing: parameter, key, session, sample
pub const CRYO_ERR_NOT_FOUND: i32 = -9;
/// the buffer is too small; *len has the length that is needed
pub const CRYO_ERR_BUFFER: i32 = -10;
/// the host is no address of this machine, or cannot be resolved
pub const CRYO_ERR_ADDRESS: i32 = -11;
/// another program listens on that port
pub const CRYO_ERR_ADDRESS_IN_USE: i32 = -12;
/// the system does not allow it: a port below 1024, a file that may not be read
pub const CRYO_ERR_PERMISSION: i32 = -13;
/// a certificate or key file does not exist or cannot be read
pub const CRYO_ERR_TLS_FILE: i32 = -14;
/// no certificate could be read from what was given
pub const CRYO_ERR_TLS_CERTIFICATE: i32 = -15;
/// no private key could be read from what was given
pub const CRYO_ERR_TLS_KEY: i32 = -16;
/// the key does not belong to the certificate
pub const CRYO_ERR_TLS_MISMATCH: i32 = -17;
/// the certificate is no longer, or not yet, valid
pub const CRYO_ERR_TLS_EXPIRED: i32 = -18;
/// TLS could not be set up for another reason
pub const CRYO_ERR_TLS: i32 = -19;
/// the operating system refused: the text has its words
pub const CRYO_ERR_SYSTEM: i32 = -20;
/// not on this platform or not in this build
pub const CRYO_ERR_UNSUPPORTED: i32 = -21;
/// a defect of this library: please report it
pub const CRYO_ERR_INTERNAL: i32 = -22;
/// all sessions together hold as many bytes as they may
pub const CRYO_ERR_TOTAL_FULL: i32 = -23;
/// the session owes as many receipts as it may
pub const CRYO_ERR_RECEIPTS_FULL: i32 = -24;
/// there is one of that name already
pub const CRYO_ERR_EXISTS: i32 = -25;
/// there is no such host, or its name could not be looked up
pub const CRYO_ERR_RESOLVE: i32 = -30;
/// the host refused the connection or could not be reached
pub const CRYO_ERR_CONNECT: i32 = -31;
/// the server answered, but not with a WebSocket: the text has its words
pub const CRYO_ERR_HTTP: i32 = -32;
/// the server's certificate is for another name
pub const CRYO_ERR_TLS_NAME: i32 = -33;
/// the server's certificate is signed by nobody whom this side trusts
pub const CRYO_ERR_TLS_UNTRUSTED: i32 = -34;
/// the token provider has no token: the text has its words
pub const CRYO_ERR_TOKEN: i32 = -35;

pub const CRYO_LOG_OFF: i32 = 0;
pub const CRYO_LOG_ERROR: i32 = 1;
pub const CRYO_LOG_WARNING: i32 = 2;
pub const CRYO_LOG_INFO: i32 = 3;
pub const CRYO_LOG_DEBUG: i32 = 4;

pub const CRYO_UTF8: i32 = 1;
pub const CRYO_BINARY: i32 = 2;

/// wanted by either side
pub const CRYO_CLOSE_GRACEFUL: i32 = 4000;
/// the client's fault: silent, or it broke the protocol
pub const CRYO_CLOSE_CLIENT_ERROR: i32 = 4001;
/// the server's fault
pub const CRYO_CLOSE_SERVER_ERROR: i32 = 4002;
/// one side expects CALE encryption, the other does not
pub const CRYO_CLOSE_CALE_MISMATCH: i32 = 4010;
/// the CALE handshake failed
pub const CRYO_CLOSE_CALE_HANDSHAKE: i32 = 4011;
/// seen only: the peer gave no code
pub const CRYO_CLOSE_NO_STATUS: i32 = 1005;
/// seen only: the connection was lost without a close
pub const CRYO_CLOSE_ABNORMAL: i32 = 1006;

/// moving average (alpha 0.2) from message to acknowledgement, in milliseconds
pub const CRYO_STAT_RTT: i32 = 1;
/// WebSocket payload bytes received, since the session began
pub const CRYO_STAT_BYTES_RX: i32 = 2;
/// WebSocket payload bytes handed to the transport, since the session began
pub const CRYO_STAT_BYTES_TX: i32 = 3;
/// messages not acknowledged in time; as an event: since the last such event
pub const CRYO_STAT_ACK_TIMEOUT: i32 = 4;
/// bytes sent by the application and not yet taken by the operating system
pub const CRYO_STAT_QUEUED_BYTES: i32 = 5;
/// messages sent by the application that have not begun to leave
pub const CRYO_STAT_QUEUED_COUNT: i32 = 6;

/// queued messages go, the oldest first, until the new one fits
pub const CRYO_DROP_OLDEST: i32 = 1;
/// the new message is refused
pub const CRYO_DROP_NEWEST: i32 = 2;
/// a queued message with the same key, or else of the same kind and content, is replaced in its
/// place; when the queue is full, the oldest one of the same kind. If the new one is longer, others
/// give way until it fits, the oldest first, its own kind before the other. Only one that is larger
/// than the whole queue may be is refused: what is queued is always the latest
pub const CRYO_DEDUPE_LATEST: i32 = 3;

pub const CRYO_TLS_1_2: i32 = 12;
pub const CRYO_TLS_1_3: i32 = 13;

/// it stays, and the newcomer is refused with 409
pub const CRYO_DUPLICATE_REFUSE: i32 = 1;
/// its peer is pinged: it stays if that shows life, and else gives way
pub const CRYO_DUPLICATE_PROBE: i32 = 2;
/// it gives way
pub const CRYO_DUPLICATE_REPLACE: i32 = 3;

/// none
pub const CRYO_FORWARDED_NONE: i32 = 0;
/// whichever is there; where both are, they must say the same
pub const CRYO_FORWARDED_ANY: i32 = 1;
/// X-Forwarded-For
pub const CRYO_FORWARDED_X_FORWARDED_FOR: i32 = 2;
/// Forwarded (RFC 7239)
pub const CRYO_FORWARDED_RFC7239: i32 = 3;

/// CRYO_TRANSPORT_POLL where it can be had
pub const CRYO_TRANSPORT_AUTO: i32 = 0;
/// libwebsockets: every system
pub const CRYO_TRANSPORT_LIBWEBSOCKETS: i32 = 1;
/// plain sockets, and what the system says of their readiness (epoll, or else libuv)
pub const CRYO_TRANSPORT_POLL: i32 = 2;

/// it made room for a newer one: by CRYO_DROP_OLDEST, or by CRYO_DEDUPE_LATEST for a longer one
pub const CRYO_DROPPED_OLDEST: i32 = 1;
/// there was no room for it when it reached the queue
pub const CRYO_DROPPED_REFUSED: i32 = 2;
/// by CRYO_DEDUPE_LATEST: a newer one stands in its place
pub const CRYO_DROPPED_REPLACED: i32 = 3;
/// all sessions together held as many bytes as they may
pub const CRYO_DROPPED_TOTAL: i32 = 4;

/// the peer has it
pub const CRYO_RECEIPT_ACKNOWLEDGED: i32 = 1;
/// it left, and was not acknowledged in time
pub const CRYO_RECEIPT_TIMED_OUT: i32 = 2;
/// it did not leave: the queue was full
pub const CRYO_RECEIPT_DROPPED: i32 = 3;
/// it did not leave: an extension stopped it
pub const CRYO_RECEIPT_VETOED: i32 = 4;
/// the session closed, or its connection was lost, before one of these was known
pub const CRYO_RECEIPT_CLOSED: i32 = 5;
/// the peer closed the connection because of it: it is too big (1009), or against its rules (1007,
/// 1008). It is not sent again
pub const CRYO_RECEIPT_REFUSED: i32 = 6;

/// live sessions, now
pub const CRYO_SERVER_STAT_SESSIONS: i32 = 1;
/// of these, that wait for their client, now
pub const CRYO_SERVER_STAT_AWAY: i32 = 2;
/// open connections, now
pub const CRYO_SERVER_STAT_CONNECTIONS: i32 = 3;
/// connections that came
pub const CRYO_SERVER_STAT_ACCEPTED_CONNECTIONS: i32 = 4;
/// sessions that were announced
pub const CRYO_SERVER_STAT_ACCEPTED_SESSIONS: i32 = 5;
/// sessions that went on with another connection
pub const CRYO_SERVER_STAT_RESUMED: i32 = 6;
/// sessions that closed
pub const CRYO_SERVER_STAT_CLOSED: i32 = 7;
/// requests that were refused; `of`: with this HTTP status, 400 to 599
pub const CRYO_SERVER_STAT_REFUSED: i32 = 8;
/// TLS handshakes that failed
pub const CRYO_SERVER_STAT_TLS_FAILURES: i32 = 9;
/// what clients sent against the protocol, whether it closed their session or not
pub const CRYO_SERVER_STAT_VIOLATIONS: i32 = 10;
/// messages that were dropped; `of`: for this reason, CRYO_DROPPED_*
pub const CRYO_SERVER_STAT_DROPPED: i32 = 11;
/// receipts that were told; `of`: with this outcome, CRYO_RECEIPT_*
pub const CRYO_SERVER_STAT_RECEIPTS: i32 = 12;
/// messages that were delivered to the application
pub const CRYO_SERVER_STAT_MESSAGES_RX: i32 = 13;
/// messages that have left; one that is sent again counts again
pub const CRYO_SERVER_STAT_MESSAGES_TX: i32 = 14;
/// bytes received on connections, requests included, without what TLS adds
pub const CRYO_SERVER_STAT_BYTES_RX: i32 = 15;
/// bytes sent, likewise
pub const CRYO_SERVER_STAT_BYTES_TX: i32 = 16;
/// calls of other threads that a thread found waiting at once: the most of the last half minute
pub const CRYO_SERVER_STAT_MAILBOX: i32 = 17;
/// times that a thread was held up for 100 ms or more, as by a callback that takes long
pub const CRYO_SERVER_STAT_SLOW_CALLBACKS: i32 = 18;
/// milliseconds that a thread was busy at a stretch: the most of the last half minute
pub const CRYO_SERVER_STAT_LOOP_LAG: i32 = 19;
/// milliseconds that the threads were busy
pub const CRYO_SERVER_STAT_BUSY: i32 = 20;
/// tickets that wait for the validator, now
pub const CRYO_SERVER_STAT_VALIDATIONS: i32 = 21;
/// requests of cryo_server_options_set_health and _set_metrics that were answered
pub const CRYO_SERVER_STAT_HEALTH_CHECKS: i32 = 22;
/// 1 once nobody is let in any more, else 0
pub const CRYO_SERVER_STAT_DRAINING: i32 = 23;

pub const CRYO_BEFORE_SEND: i32 = 1;
pub const CRYO_ON_RECEIVE: i32 = 2;

pub const CRYO_HOOK_PASS: i32 = 1;
pub const CRYO_HOOK_STOP: i32 = 2;

/// _text (the host), _code (the port)
pub const CRYO_EVENT_LISTENING: i32 = 1;
/// _auth, _data (the token)
pub const CRYO_EVENT_AUTH: i32 = 2;
/// _session
pub const CRYO_EVENT_SESSION: i32 = 3;
/// _session, _message_kind, _data
pub const CRYO_EVENT_MESSAGE: i32 = 4;
/// _session, _code, _text (the reason)
pub const CRYO_EVENT_CLOSED: i32 = 5;
/// _session, _code (CRYO_STAT_*), _value
pub const CRYO_EVENT_STAT: i32 = 6;
/// _session, _code, _text
pub const CRYO_EVENT_DISCONNECTED: i32 = 7;
/// _session
pub const CRYO_EVENT_RECONNECTED: i32 = 8;
/// _session, _code (the status), _http_status, _text, _value (ms until the next; -1: none)
pub const CRYO_EVENT_ATTEMPT_FAILED: i32 = 9;
/// _session, _message_kind, _data
pub const CRYO_EVENT_LOST: i32 = 10;
/// _session, _code (CRYO_DROPPED_*), _message_kind, _data
pub const CRYO_EVENT_DROPPED: i32 = 11;
/// _session
pub const CRYO_EVENT_WRITABLE: i32 = 12;
/// _session, _receipt, _code (CRYO_RECEIPT_*), _value (rtt_ms), _text (by)
pub const CRYO_EVENT_RECEIPT: i32 = 13;
/// _session, _hook, _code (the direction), _message_kind, _data, _text (the extension's name)
pub const CRYO_EVENT_HOOK: i32 = 14;
/// _session, _token_request
pub const CRYO_EVENT_TOKEN: i32 = 15;

pub const CRYO_BATCH_VERSION: i32 = 1;
pub const CRYO_BATCH_COUNT: i32 = 4;
pub const CRYO_BATCH_BYTES: i32 = 8;
pub const CRYO_BATCH_FIRST: i32 = 16;
pub const CRYO_BATCH_RECORD_SIZE: i32 = 20;
/// of the head
pub const CRYO_BATCH_SIZE: i32 = 24;
pub const CRYO_RECORD_KIND: i32 = 8;
pub const CRYO_RECORD_MESSAGE_KIND: i32 = 12;
pub const CRYO_RECORD_SESSION: i32 = 16;
pub const CRYO_RECORD_TICKET: i32 = 24;
pub const CRYO_RECORD_DATA_LENGTH: i32 = 32;
pub const CRYO_RECORD_DATA: i32 = 40;
pub const CRYO_RECORD_TEXT: i32 = 44;
pub const CRYO_RECORD_TEXT_LENGTH: i32 = 48;
pub const CRYO_RECORD_CODE: i32 = 52;
pub const CRYO_RECORD_HTTP_STATUS: i32 = 56;
pub const CRYO_RECORD_RECEIPT: i32 = 64;
pub const CRYO_RECORD_MESSAGE_ID: i32 = 72;
pub const CRYO_RECORD_VALUE: i32 = 80;
pub const CRYO_RECORD_SIZE: i32 = 88;

#[repr(C)]
pub struct cryo_server_options {
    _private: [u8; 0],
}

#[repr(C)]
pub struct cryo_events {
    _private: [u8; 0],
}

#[repr(C)]
pub struct cryo_server {
    _private: [u8; 0],
}

/// counted: cryo_session_retain, cryo_session_release
#[repr(C)]
pub struct cryo_session {
    _private: [u8; 0],
}

/// a ticket, gone once it is settled
#[repr(C)]
pub struct cryo_auth {
    _private: [u8; 0],
}

#[repr(C)]
pub struct cryo_client_options {
    _private: [u8; 0],
}

#[repr(C)]
pub struct cryo_client {
    _private: [u8; 0],
}

#[repr(C)]
pub struct cryo_loop {
    _private: [u8; 0],
}

#[repr(C)]
pub struct cryo_extension {
    _private: [u8; 0],
}

/// a ticket, gone once it is settled
#[repr(C)]
pub struct cryo_hook {
    _private: [u8; 0],
}

/// a ticket, gone once it is settled
#[repr(C)]
pub struct cryo_token_request {
    _private: [u8; 0],
}

#[repr(C)]
pub struct cryo_queue {
    _private: [u8; 0],
}

#[repr(C)]
pub struct cryo_event {
    _private: [u8; 0],
}

/// A function that runs once, when `user` is no longer needed.
pub type cryo_finalizer = Option<unsafe extern "C" fn(user: *mut c_void)>;

/// `message` is one line without its end. Called from any thread, one call at a time; must not call
/// cryo_set_log (CRYO_ERR_STATE). What the library would log inside of it is left out.
pub type cryo_log_fn = Option<unsafe extern "C" fn(level: i32, message: *const c_char, user: *mut c_void)>;

/// The server listens. `host` and `port` are what it really bound.
pub type cryo_listening_fn = Option<unsafe extern "C" fn(server: *mut cryo_server, host: *const c_char, port: u16, user: *mut c_void)>;

/// A client was let in, and with CALE the channel is secure. The first event of its session.
pub type cryo_session_fn = Option<unsafe extern "C" fn(session: *mut cryo_session, user: *mut c_void)>;

/// A message came; it is acknowledged already (but see cryo_server_options_set_manual_ack). `kind`
/// is CRYO_UTF8 (valid UTF-8, not NUL-terminated) or CRYO_BINARY. `data` is never NULL; `len` may
/// be 0.
pub type cryo_message_fn = Option<unsafe extern "C" fn(session: *mut cryo_session, kind: i32, data: *const u8, len: usize, user: *mut c_void)>;

/// The session is over. Its last event. `code` and `reason` (never NULL) are the ones that ended
/// it, whichever side they came from; CRYO_CLOSE_ABNORMAL when the connection was lost.
pub type cryo_closed_fn = Option<unsafe extern "C" fn(session: *mut cryo_session, code: i32, reason: *const c_char, user: *mut c_void)>;

/// A statistic, at each keep-alive tick: CRYO_STAT_RTT (once there is a sample), _BYTES_RX,
/// _BYTES_TX, _ACK_TIMEOUT.
pub type cryo_stat_fn = Option<unsafe extern "C" fn(session: *mut cryo_session, stat: i32, value: f64, user: *mut c_void)>;

/// Shall this token come in? Answer with cryo_auth_accept or cryo_auth_reject, now or later, from
/// any thread. A ticket that is left alone is rejected after the validation time-out. `token` is
/// `len` bytes of UTF-8, not NUL-terminated.
pub type cryo_validate_fn = Option<unsafe extern "C" fn(auth: *mut cryo_auth, token: *const c_char, len: usize, user: *mut c_void)>;

/// The connection is lost, and the client tries again, or may come back
/// (cryo_server_options_set_resume_window_ms); the reason as for the closed event.
pub type cryo_disconnected_fn = Option<unsafe extern "C" fn(session: *mut cryo_session, code: i32, reason: *const c_char, user: *mut c_void)>;

/// It is connected again, with the same session id and, with CALE, with new keys.
pub type cryo_reconnected_fn = Option<unsafe extern "C" fn(session: *mut cryo_session, user: *mut c_void)>;

/// Clients and peers only. An attempt to connect has failed: `status` says why (CRYO_ERR_RESOLVE,
/// _CONNECT, _TIMEOUT, _TLS_*, _HTTP, _CLOSED, _TOKEN, …), http_status is the server's answer to
/// the upgrade (0: there was none), `text` is for people. The next attempt comes after `retry_ms`;
/// -1: none will, and the closed event follows.
pub type cryo_attempt_failed_fn = Option<unsafe extern "C" fn(session: *mut cryo_session, status: cryo_status, http_status: i32, text: *const c_char, retry_ms: i64, user: *mut c_void)>;

/// Clients and peers only, at a loss, one call a message in the order of sending: it was sent and
/// not acknowledged, so that the server may or may not have got it. Comes before disconnected or
/// closed. With cryo_client_options_set_resend only for one that the server refuses
/// (CRYO_RECEIPT_REFUSED).
pub type cryo_lost_fn = Option<unsafe extern "C" fn(session: *mut cryo_session, kind: i32, data: *const u8, len: usize, user: *mut c_void)>;

/// A message that was accepted, or was sent to many sessions at once, is dropped: `reason` is one
/// of CRYO_DROPPED_*. A message that cryo_session_send itself refuses is not told again. From
/// inside this function nothing can be dropped: a send that would need it answers CRYO_ERR_FULL.
pub type cryo_dropped_fn = Option<unsafe extern "C" fn(session: *mut cryo_session, reason: i32, kind: i32, data: *const u8, len: usize, user: *mut c_void)>;

/// The queue was held since the high-water mark was reached, and flows again: the peer has taken
/// what there was, down to the low-water mark.
pub type cryo_writable_fn = Option<unsafe extern "C" fn(session: *mut cryo_session, user: *mut c_void)>;

/// The end of a message that was sent with a receipt (cryo_session_send_with): once for each,
/// before the closed event. `outcome` is one of CRYO_RECEIPT_*; rtt_ms the time from leaving to
/// acknowledgement, -1 but for CRYO_RECEIPT_ACKNOWLEDGED; `by` the name of the extension that
/// stopped it, or of the rule that dropped it ("oldest", "refused", "replaced", "total"), else "".
pub type cryo_receipt_fn = Option<unsafe extern "C" fn(session: *mut cryo_session, receipt: u64, outcome: i32, rtt_ms: f64, by: *const c_char, user: *mut c_void)>;

/// A function of a server's.
pub type cryo_server_fn = Option<unsafe extern "C" fn(server: *mut cryo_server, user: *mut c_void)>;

/// A store of the application's own values by key (1 to 255 bytes). Setting replaces (the old
/// value's finalizer runs), NULL removes. Get answers CRYO_ERR_NOT_FOUND where there is none. Where
/// one thread may replace what another one gets, use visit: it calls `fn` once with the value
/// (NULL: none) while nobody can replace it; `fn` must not call set, get or visit on the same
/// session.
pub type cryo_visit_fn = Option<unsafe extern "C" fn(value: *mut c_void, user: *mut c_void)>;

/// With which token shall the client connect? Asked before each attempt to connect, for tokens that
/// expire. Answer with cryo_token_give or cryo_token_fail, now or later, from any thread. A ticket
/// that is left alone times out after the connect time-out, which begins anew for the connection.
/// While the client waits for the answer, nothing else waits for it: it can be closed and freed at
/// once.
pub type cryo_token_fn = Option<unsafe extern "C" fn(request: *mut cryo_token_request, user: *mut c_void)>;

/// Settle the ticket with cryo_hook_pass, _replace, _stop or _fail. A hook that throws, or whose
/// ticket is left alone until the time-out, has failed: see cryo_extension_set_on_failure. `data`
/// lives until the ticket is settled.
pub type cryo_hook_fn = Option<unsafe extern "C" fn(hook: *mut cryo_hook, session: *mut cryo_session, kind: i32, data: *const u8, len: usize, user: *mut c_void)>;

/// Settle the ticket with cryo_hook_pass, _replace, _stop or _fail. A hook that throws, or whose
/// ticket is left alone until the time-out, has failed: see cryo_extension_set_on_failure. `data`
/// lives until the ticket is settled.
pub type cryo_extension_fn = Option<unsafe extern "C" fn(name: *const c_char, user: *mut c_void)>;

extern "C" {
    /// The version of the library that is loaded, as major * 1000000 + minor * 1000 + patch.
    pub fn cryo_version() -> u32;
    /// CRYO_ABI_VERSION of the library that is loaded.
    pub fn cryo_abi_version() -> u32;
    /// For example "0.1.0". Static text.
    pub fn cryo_version_string() -> *const c_char;
    /// What the library was built with and runs on, for bug reports: compiler, libwebsockets,
    /// libuv, what plain connections are carried by, mbedTLS, and which library encrypts for
    /// CALE. Static text.
    pub fn cryo_build_info() -> *const c_char;
    /// The name of a status, "CRYO_ERR_CLOSED" for example; "CRYO_ERR_UNKNOWN" for a number
    /// that is none. Static text.
    pub fn cryo_status_name(status: cryo_status) -> *const c_char;
    /// What the last failed call on this thread had to say: what went wrong, where, and what to
    /// do. Never NULL, "" before the first failure. Lives until the thread's next failed call.
    pub fn cryo_last_error() -> *const c_char;
    /// Where the library's log goes, for the whole process: lines of `level` and below. `fn`
    /// NULL writes to standard error, as it is at the start, with CRYO_LOG_WARNING. A token is
    /// never logged. When the call returns, the former function is not running and never runs
    /// again.
    pub fn cryo_set_log(level: i32, fn_: cryo_log_fn, user: *mut c_void, finalizer: cryo_finalizer) -> cryo_status;
    /// A set of event functions with one `user`. Give it to options with
    /// cryo_server_options_set_events or cryo_client_options_set_events; what is set later does
    /// not reach servers and clients made before.
    pub fn cryo_events_new(user: *mut c_void, finalizer: cryo_finalizer, out: *mut *mut cryo_events) -> cryo_status;
    /// Drops the handle. Servers that were made with the set keep it until they are freed.
    pub fn cryo_events_free(events: *mut cryo_events);
    /// NULL sets a function back to none.
    pub fn cryo_events_on_listening(events: *mut cryo_events, fn_: cryo_listening_fn) -> cryo_status;
    /// NULL sets a function back to none.
    pub fn cryo_events_on_session(events: *mut cryo_events, fn_: cryo_session_fn) -> cryo_status;
    /// NULL sets a function back to none.
    pub fn cryo_events_on_message(events: *mut cryo_events, fn_: cryo_message_fn) -> cryo_status;
    /// NULL sets a function back to none.
    pub fn cryo_events_on_closed(events: *mut cryo_events, fn_: cryo_closed_fn) -> cryo_status;
    /// NULL sets a function back to none.
    pub fn cryo_events_on_stat(events: *mut cryo_events, fn_: cryo_stat_fn) -> cryo_status;
    /// NULL sets a function back to none.
    pub fn cryo_events_on_disconnected(events: *mut cryo_events, fn_: cryo_disconnected_fn) -> cryo_status;
    /// NULL sets a function back to none.
    pub fn cryo_events_on_reconnected(events: *mut cryo_events, fn_: cryo_reconnected_fn) -> cryo_status;
    /// NULL sets a function back to none.
    pub fn cryo_events_on_attempt_failed(events: *mut cryo_events, fn_: cryo_attempt_failed_fn) -> cryo_status;
    /// NULL sets a function back to none.
    pub fn cryo_events_on_lost(events: *mut cryo_events, fn_: cryo_lost_fn) -> cryo_status;
    /// NULL sets a function back to none.
    pub fn cryo_events_on_dropped(events: *mut cryo_events, fn_: cryo_dropped_fn) -> cryo_status;
    /// NULL sets a function back to none.
    pub fn cryo_events_on_writable(events: *mut cryo_events, fn_: cryo_writable_fn) -> cryo_status;
    /// NULL sets a function back to none.
    pub fn cryo_events_on_receipt(events: *mut cryo_events, fn_: cryo_receipt_fn) -> cryo_status;
    /// Puts the events that have no function of their own into `queue` instead (NULL: back to
    /// none). With a queue and no validator set in the options, validation comes out of the
    /// queue too (CRYO_EVENT_AUTH).
    pub fn cryo_events_use_queue(events: *mut cryo_events, queue: *mut cryo_queue) -> cryo_status;
    /// Options with the defaults below. They are copied by cryo_server_new and may be freed or
    /// used again afterwards. An options handle is for one thread at a time.
    pub fn cryo_server_options_new(out: *mut *mut cryo_server_options) -> cryo_status;
    /// Options with the defaults below. They are copied by cryo_server_new and may be freed or
    /// used again afterwards. An options handle is for one thread at a time.
    pub fn cryo_server_options_free(options: *mut cryo_server_options);
    /// The address to bind: numeric IPv4 or IPv6, or a name that resolves to one. "::" takes
    /// IPv4 too. Default "127.0.0.1". "unix:/run/cryo.sock" is a Unix-domain socket with that
    /// path ("unix:@name": one without a file, on Linux); the port means nothing then. A socket
    /// that is there already is removed if nobody listens at it, and the file is removed at the
    /// stop. Who connects to it has the remote address "unix:", and no limit per address.
    pub fn cryo_server_options_set_host(options: *mut cryo_server_options, host: *const c_char) -> cryo_status;
    /// Default 8080; 0 takes any free port (see cryo_server_port).
    pub fn cryo_server_options_set_port(options: *mut cryo_server_options, port: u16) -> cryo_status;
    /// 1: other processes of the same user may listen at the port as well, if they set this
    /// too; the system deals the clients out among them (SO_REUSEPORT). For one server in each
    /// of several processes, made behind the fork. They know nothing of one another: ids,
    /// limits and broadcasts are each one's own. Default 0: then starting a second one answers
    /// CRYO_ERR_ADDRESS_IN_USE.
    pub fn cryo_server_options_set_reuse_port(options: *mut cryo_server_options, on: i32) -> cryo_status;
    /// The mode of that socket's file, which says who may connect: 1 to 0777. Default 0: what
    /// the process's umask leaves.
    pub fn cryo_server_options_set_socket_mode(options: *mut cryo_server_options, mode: u32) -> cryo_status;
    /// Listen on this descriptor instead of host and port: a stream socket that listens
    /// already, from a service manager or a parent process, TCP or Unix. It stays the caller's,
    /// who closes it whenever he likes after cryo_server_start (a connection to it waits for
    /// whoever listens next, if he does not). The library makes it one that does not block, and
    /// reads no environment; `cryo serve` does. Default -1: none.
    pub fn cryo_server_options_set_listen_fd(options: *mut cryo_server_options, fd: i32) -> cryo_status;
    /// What carries the connections. Clients cannot tell, and it changes no limit and no
    /// promise, but memory and time: a connection costs less without libwebsockets.
    /// CRYO_TRANSPORT_POLL carries TLS where libwebsockets was built on OpenSSL; elsewhere
    /// cryo_server_start answers CRYO_ERR_UNSUPPORTED with it and TLS.
    /// CRYO_TRANSPORT_LIBWEBSOCKETS is for who finds that the other one is at fault. Default
    /// CRYO_TRANSPORT_AUTO.
    pub fn cryo_server_options_set_transport(options: *mut cryo_server_options, transport: i32) -> cryo_status;
    /// Service threads, 0 to 256. Default 1. With 0 the server has no thread: the application
    /// calls cryo_server_run_once.
    pub fn cryo_server_options_set_threads(options: *mut cryo_server_options, threads: u32) -> cryo_status;
    /// Who decides about tokens. A server needs a validator, or events that use a queue.
    pub fn cryo_server_options_set_validator(options: *mut cryo_server_options, fn_: cryo_validate_fn, user: *mut c_void, finalizer: cryo_finalizer) -> cryo_status;
    /// Who decides about tokens. A server needs a validator, or events that use a queue.
    pub fn cryo_server_options_set_events(options: *mut cryo_server_options, events: *mut cryo_events) -> cryo_status;
    /// Serve TLS (1.3, and 1.2 with forward secrecy) from PEM: the certificate with its chain,
    /// leaf first, and its private key. They are read and checked by cryo_server_start, by the
    /// library that serves with them. Each call replaces what was set or added before; NULLs
    /// mean no TLS.
    pub fn cryo_server_options_set_tls_files(options: *mut cryo_server_options, certificate_file: *const c_char, key_file: *const c_char) -> cryo_status;
    /// Serve TLS (1.3, and 1.2 with forward secrecy) from PEM: the certificate with its chain,
    /// leaf first, and its private key. They are read and checked by cryo_server_start, by the
    /// library that serves with them. Each call replaces what was set or added before; NULLs
    /// mean no TLS.
    pub fn cryo_server_options_set_tls_memory(options: *mut cryo_server_options, certificate: *const u8, certificate_len: usize, key: *const u8, key_len: usize) -> cryo_status;
    /// More certificates: a client sees the first one that has the name it asks for (SNI) among
    /// its alternative names, exactly or by a wildcard ("*.example.org" stands for one label),
    /// and where none has, or it asks for none, the first of all.
    pub fn cryo_server_options_add_tls_files(options: *mut cryo_server_options, certificate_file: *const c_char, key_file: *const c_char) -> cryo_status;
    /// More certificates: a client sees the first one that has the name it asks for (SNI) among
    /// its alternative names, exactly or by a wildcard ("*.example.org" stands for one label),
    /// and where none has, or it asks for none, the first of all.
    pub fn cryo_server_options_add_tls_memory(options: *mut cryo_server_options, certificate: *const u8, certificate_len: usize, key: *const u8, key_len: usize) -> cryo_status;
    /// The oldest version of TLS that is spoken: CRYO_TLS_1_2, the default, or CRYO_TLS_1_3.
    pub fn cryo_server_options_set_tls_min_version(options: *mut cryo_server_options, version: i32) -> cryo_status;
    /// Ask clients for certificates: PEM of those who may certify them, authorities or ones
    /// between, or of the clients' certificates themselves, from a file or from memory. A
    /// certificate that none of them vouches for is refused in the handshake; the validator,
    /// which is asked as ever, can read one that was taken (cryo_auth_peer_certificate_subject
    /// and its neighbours). What cannot be used in the PEM is passed over with a warning in the
    /// log. Each call replaces what was set before; NULL, the default: they are not asked.
    pub fn cryo_server_options_set_tls_client_ca_file(options: *mut cryo_server_options, file: *const c_char) -> cryo_status;
    /// Ask clients for certificates: PEM of those who may certify them, authorities or ones
    /// between, or of the clients' certificates themselves, from a file or from memory. A
    /// certificate that none of them vouches for is refused in the handshake; the validator,
    /// which is asked as ever, can read one that was taken (cryo_auth_peer_certificate_subject
    /// and its neighbours). What cannot be used in the PEM is passed over with a warning in the
    /// log. Each call replaces what was set before; NULL, the default: they are not asked.
    pub fn cryo_server_options_set_tls_client_ca_memory(options: *mut cryo_server_options, pem: *const u8, len: usize) -> cryo_status;
    /// 1: a client that shows none is refused in the handshake. 0, the default: it is let in
    /// without.
    pub fn cryo_server_options_set_tls_require_client_certificate(options: *mut cryo_server_options, on: i32) -> cryo_status;
    /// A file with an OCSP response (DER), to be shown with the certificate that it is about
    /// (stapling). One for each certificate may be added. Whoever fetches a newer one calls
    /// cryo_server_set_tls. One that cannot be read, or has expired, is not shown, and the log
    /// says so with a warning.
    pub fn cryo_server_options_add_tls_ocsp_file(options: *mut cryo_server_options, file: *const c_char) -> cryo_status;
    /// The keys of session tickets, for several servers behind one balancer, so that a client
    /// that comes back to any of them is known there: 1 to 16 keys of 80 random bytes each, one
    /// after the other (a name of 16 bytes, then 32 for HMAC-SHA-256 and 32 for AES-256, as
    /// nginx and others have them). The first one makes tickets, all of them are taken: to
    /// change the key, put a new one in front everywhere, having first put it at the end
    /// everywhere. Who knows a key can read what was said under its tickets with TLS 1.2. NULL,
    /// the default: the server has keys of its own, for all of its threads, and changes them
    /// each hour.
    pub fn cryo_server_options_set_tls_ticket_keys(options: *mut cryo_server_options, keys: *const u8, len: usize) -> cryo_status;
    /// CALE: 1 encrypts all that sessions say, end to end inside the WebSocket, for deployments
    /// without TLS; 0, the default, does not. Clients must want the same: where one side
    /// expects it and the other does not, the session closes with 4010, or with 4011 when a
    /// client waits in vain for a server that says nothing. It keeps a passive listener from
    /// reading messages. It authenticates nobody: whoever can put himself between client and
    /// server can pose as either, and the token has travelled in the URL before it starts.
    /// Prefer TLS where you can.
    pub fn cryo_server_options_set_cale(options: *mut cryo_server_options, on: i32) -> cryo_status;
    /// Time for CALE's handshake, from the first frame on; one that takes longer closes with
    /// 4011. Default 10000.
    pub fn cryo_server_options_set_cale_timeout_ms(options: *mut cryo_server_options, ms: u32) -> cryo_status;
    /// How often a session is pinged and its statistics are announced. One that shows no life
    /// for a whole interval after a ping is closed with 4001, at once. On a slow link, one that
    /// goes on taking what is in front of the ping lives. Default 15000, 10 at least.
    pub fn cryo_server_options_set_keepalive_ms(options: *mut cryo_server_options, ms: u32) -> cryo_status;
    /// How long a peer may take no byte of what waits for it, whatever it says meanwhile; then
    /// the session is closed with 4001, at once. Against peers that never read and hold a full
    /// queue. Default 60000; 0: for ever.
    pub fn cryo_server_options_set_stall_timeout_ms(options: *mut cryo_server_options, ms: u32) -> cryo_status;
    /// After this a message that is not acknowledged counts as timed out. Default 2500.
    pub fn cryo_server_options_set_ack_timeout_ms(options: *mut cryo_server_options, ms: u32) -> cryo_status;
    /// Time for a client's request head, TLS handshake included, and for a PROXY header before
    /// that: against clients that connect and dawdle. Default 5000.
    pub fn cryo_server_options_set_head_timeout_ms(options: *mut cryo_server_options, ms: u32) -> cryo_status;
    /// The longest request head, request line and headers: against those who make the server
    /// hold much before they are anybody. The target may take all but a 32nd of it (414, else
    /// 431). The memory is taken as it comes, and given back at the upgrade. Default 16384;
    /// 1024 to 65536.
    pub fn cryo_server_options_set_max_head_bytes(options: *mut cryo_server_options, bytes: u32) -> cryo_status;
    /// Reverse proxies and balancers in front of the server, whose word is taken for where a
    /// client is: an address ("192.0.2.7"), a network ("10.0.0.0/8", "2001:db8::/32"), or
    /// "unix" for who connects to a Unix-domain socket. Call it for each. From everybody else
    /// these headers mean nothing: anyone can send them. Name what is yours only; who sits in a
    /// trusted network can pretend to be anywhere. What they say is the client's address then,
    /// for the limit per address, the log, cryo_auth_remote_address and
    /// cryo_session_remote_address; the proxy's own is cryo_auth_proxy_address. It is found
    /// from the right, past those that are trusted; where a station is hidden or malformed, the
    /// last one that is known counts. A trusted address itself is not limited per address.
    /// Default: none. CRYO_ERR_INVALID: neither.
    pub fn cryo_server_options_add_trusted_proxy(options: *mut cryo_server_options, network: *const c_char) -> cryo_status;
    /// Which headers of trusted proxies count: CRYO_FORWARDED_NONE, _ANY, _X_FORWARDED_FOR or
    /// _RFC7239. With _ANY, the default, whichever is there; where both are and name two
    /// clients, one of them is the client's own making, and the request is refused with 400.
    /// Your proxy should replace or remove those that it does not set.
    pub fn cryo_server_options_set_forwarded_header(options: *mut cryo_server_options, which: i32) -> cryo_status;
    /// 1: each connection begins with a PROXY protocol header, version 1 or 2, in front of TLS
    /// too, and comes from one of the trusted proxies; every other one is dropped, with a line
    /// in the log. Without it such a header is refused with 400. Default 0. cryo_server_new
    /// answers CRYO_ERR_INVALID where no proxy is trusted.
    pub fn cryo_server_options_set_proxy_protocol(options: *mut cryo_server_options, on: i32) -> cryo_status;
    /// Time for the validator's answer: a ticket left alone is rejected then. Default 10000.
    pub fn cryo_server_options_set_validation_timeout_ms(options: *mut cryo_server_options, ms: u32) -> cryo_status;
    /// How long the first frame waits for a client that does not answer the WebSocket ping
    /// behind the upgrade. Default 250.
    pub fn cryo_server_options_set_hello_wait_ms(options: *mut cryo_server_options, ms: u32) -> cryo_status;
    /// How long to wait for the peer's half of a close, and for what was sent before it to
    /// leave. Default 2000.
    pub fn cryo_server_options_set_close_timeout_ms(options: *mut cryo_server_options, ms: u32) -> cryo_status;
    /// How long a message that was begun may stand still; then the session is closed with 1008.
    /// As long as it goes on it may take any time. Default 30000.
    pub fn cryo_server_options_set_message_timeout_ms(options: *mut cryo_server_options, ms: u32) -> cryo_status;
    /// Bytes a second below which a message counts as standing still: on average, and not
    /// before the time above has passed. Against clients that send a byte now and then. 0: each
    /// byte starts that time anew. Default 100.
    pub fn cryo_server_options_set_min_message_rate(options: *mut cryo_server_options, bytes_per_second: u32) -> cryo_status;
    /// The longest WebSocket message (a Cryo frame: 21 bytes and its payload) that is taken; a
    /// longer one closes with 1009, without being buffered. Default 16777216; 125 to
    /// 1073741824.
    pub fn cryo_server_options_set_max_message_bytes(options: *mut cryo_server_options, bytes: u64) -> cryo_status;
    /// Fragments of one message, besides one for each KiB that it has brought; more close with
    /// 1008. Default 1024.
    pub fn cryo_server_options_set_max_fragments(options: *mut cryo_server_options, count: u32) -> cryo_status;
    /// Malformed frames that a session may send; one more closes with 4001. Default 16.
    pub fn cryo_server_options_set_max_violations(options: *mut cryo_server_options, count: u32) -> cryo_status;
    /// Bytes handed to the transport and not taken by the kernel, at which a session's queue is
    /// held. Default 4194304: with max_queued_bytes, what one client that takes nothing may
    /// hold.
    pub fn cryo_server_options_set_high_water_mark(options: *mut cryo_server_options, bytes: u64) -> cryo_status;
    /// Below this it flows again; at most the high-water mark. Default 1048576.
    pub fn cryo_server_options_set_low_water_mark(options: *mut cryo_server_options, bytes: u64) -> cryo_status;
    /// Bytes that may wait in a held queue. Beyond, the drop policy decides. Default 4194304.
    pub fn cryo_server_options_set_max_queued_bytes(options: *mut cryo_server_options, bytes: u64) -> cryo_status;
    /// Messages that may wait in a held queue. Default 1024.
    pub fn cryo_server_options_set_max_queue_count(options: *mut cryo_server_options, count: u32) -> cryo_status;
    /// One of CRYO_DROP_OLDEST, the default, CRYO_DROP_NEWEST and CRYO_DEDUPE_LATEST. Only
    /// messages that wait in a held queue are ever dropped; what the protocol itself says
    /// (acknowledgements, pings) never is.
    pub fn cryo_server_options_set_drop_policy(options: *mut cryo_server_options, policy: i32) -> cryo_status;
    /// Bytes that the messages of all sessions together may hold, with what other threads have
    /// sent or broadcast and no loop has taken yet; what would exceed it is refused with
    /// CRYO_ERR_TOTAL_FULL (CRYO_DEDUPE_LATEST first makes room in the session's own queue).
    /// Against many slow peers at once, and against threads that send faster than the loops can
    /// take it. 0: no limit. Default: a quarter of the memory that the process may have, which
    /// is the least of the machine's, of what its control groups allow (version 1 or 2, as
    /// containers and service managers set them) and of RLIMIT_AS, as the first server of the
    /// process finds them.
    pub fn cryo_server_options_set_max_total_queued_bytes(options: *mut cryo_server_options, bytes: u64) -> cryo_status;
    /// Receipts that a session may owe; a send that asks for one more is refused with
    /// CRYO_ERR_RECEIPTS_FULL. Default 65536, 1 at least.
    pub fn cryo_server_options_set_max_receipts(options: *mut cryo_server_options, count: u32) -> cryo_status;
    /// Sessions at once; further clients get 503. Default 0: no limit but the system's, and
    /// that of 131072 descriptors in the process. Who expects more than that says here how
    /// many, and the library prepares for them.
    pub fn cryo_server_options_set_max_sessions(options: *mut cryo_server_options, count: u32) -> cryo_status;
    /// Connections at once from one address (IPv6: one /64 network); further ones get 503. As
    /// many of its sessions again may be without a connection
    /// (cryo_server_options_set_resume_window_ms); where there are as many, a lost one closes.
    /// Default 0: no limit.
    pub fn cryo_server_options_set_max_sessions_per_address(options: *mut cryo_server_options, count: u32) -> cryo_status;
    /// One of CRYO_DUPLICATE_PROBE, the default, _REFUSE and _REPLACE: what becomes of a live
    /// session when a client comes with its id, and its token was accepted and is the same. A
    /// client whose connection is lost often knows that before the server does (a phone that
    /// changes the network, a sleep, a balancer that dies), and comes back while its former
    /// session still seems alive. A session that gives way closes with 4000 `Taken over.`, and
    /// the newcomer's session event comes behind its closed event. With another token the
    /// newcomer is refused with 409, unless the validator says otherwise (cryo_auth_replace);
    /// with another certificate likewise, where clients show one. Sessions of
    /// cryo_server_connect_peer never give way.
    pub fn cryo_server_options_set_duplicate_policy(options: *mut cryo_server_options, policy: i32) -> cryo_status;
    /// For CRYO_DUPLICATE_PROBE: time to show life. Default 1000, 1 at least.
    pub fn cryo_server_options_set_probe_timeout_ms(options: *mut cryo_server_options, ms: u32) -> cryo_status;
    /// How long a session whose connection is lost, not closed, waits for its client. Default
    /// 0: not at all. It tells disconnected and, when a client comes with its id and token,
    /// reconnected; its store, its extensions and its receipts stay. What is sent meanwhile
    /// waits, within the caps and by the drop policy of its queue, and so does what was not
    /// acknowledged; that leaves first, in its order. Then, or when the time is over, it closes
    /// with the code of the loss. A client of this library gets nothing twice, and nothing that
    /// it sent is delivered twice; others may get again what they have not acknowledged. It is
    /// one of the live sessions meanwhile, for limits and broadcasts too. With several threads
    /// its events may come on another thread afterwards, one at a time as always.
    pub fn cryo_server_options_set_resume_window_ms(options: *mut cryo_server_options, ms: u32) -> cryo_status;
    /// Sessions that wait so at once; where there are as many, a lost one closes. 0: no limit.
    /// Default 65536.
    pub fn cryo_server_options_set_max_away_sessions(options: *mut cryo_server_options, count: u32) -> cryo_status;
    /// Tickets waiting for the validator; further clients get 503. Default 1024.
    pub fn cryo_server_options_set_max_pending_validations(options: *mut cryo_server_options, count: u32) -> cryo_status;
    /// 1: answer those who ask whether the server is well, on the same port, with TLS and
    /// without: GET, HEAD or OPTIONS, of HTTP/1.0 and 1.1. /healthz: 200 while it runs.
    /// /readyz, and what balancers ask by default (OPTIONS, GET and HEAD of "/" without a
    /// query): 200 while clients are let in, 503 with Retry-After once it drains or stops. A
    /// server that is full (max_sessions) is ready, and its body says that it is full: clients
    /// that come back to a session of theirs still find it here. Each such connection closes
    /// behind its answer, and counts for no limit. Requests with a word of a WebSocket in them
    /// are clients', whatever their path. Default 0: 426, as for all that is no upgrade.
    pub fn cryo_server_options_set_health(options: *mut cryo_server_options, on: i32) -> cryo_status;
    /// 1: answer GET /metrics on the same port with the text of cryo_server_metrics. `token`
    /// (copied): whoever sends it in the header `Authorization: Bearer TOKEN`, from anywhere;
    /// others get 401. NULL: this machine only, by its loopback addresses, and not with a
    /// header by which a proxy says that it asks for somebody else (Forwarded, X-Forwarded-For,
    /// Via); others get 403. A proxy on this machine that sends no such header passes strangers
    /// off as this machine: set a token there. Default 0: nobody.
    pub fn cryo_server_options_set_metrics(options: *mut cryo_server_options, on: i32, token: *const c_char) -> cryo_status;
    /// 1: messages are acknowledged when the application says so (cryo_message_ack), for
    /// processing at least once: a peer that sends again what was not acknowledged does so
    /// until the application is done with it, whatever happens to connections in between. 0,
    /// the default: the library acknowledges each message when it comes. What an extension
    /// stops is acknowledged by that. Peers count a message that is not acknowledged within
    /// their acknowledgement time-out (cryo_client_options_set_ack_timeout_ms, 2500 ms) as
    /// timed out, for receipts and statistics; it is none the less acknowledged later. A client
    /// of this library sends again with cryo_client_options_set_resend.
    pub fn cryo_server_options_set_manual_ack(options: *mut cryo_server_options, on: i32) -> cryo_status;
    /// With that, messages that a session's application may have in its hands; where there are
    /// as many, further ones wait as in cryo_session_pause_reading. Against an application that
    /// is slower than its peers. Default 1024, 1 at least.
    pub fn cryo_server_options_set_max_unacknowledged(options: *mut cryo_server_options, count: u32) -> cryo_status;
    /// Pages of which origins ("https://app.example.com", with ":port" where it is not the
    /// scheme's own; "null") may connect. Each call adds one; NULL, the default: every origin
    /// may. A browser says with each WebSocket whose page opens it, and asks nobody: without a
    /// list any page in the world can connect with what its visitor's browser knows (cookies, a
    /// token in a URL). Scheme and host are compared without regard to case, and a port that is
    /// the scheme's own is the same as none (RFC 6454). Others get 403, before the validator is
    /// asked. A request without an Origin header comes from no browser, which could say what it
    /// wants, and is let through. CRYO_ERR_INVALID: it is no origin (a path, a wildcard), or
    /// there are 64.
    pub fn cryo_server_options_add_allowed_origin(options: *mut cryo_server_options, origin: *const c_char) -> cryo_status;
    /// A header of the upgrade request that sessions keep, for cryo_session_header:
    /// "User-Agent" for example. Each call adds one, 32 at most; NULL, the default: none.
    /// Tickets have all headers in any case. What is kept costs memory for as long as the
    /// session lives, and no more than a request's head may hold. CRYO_ERR_INVALID: it is no
    /// header's name, or the 33rd.
    pub fn cryo_server_options_add_session_header(options: *mut cryo_server_options, name: *const c_char) -> cryo_status;
    /// Upgrade requests from one address (IPv6: one /64 network) in the window below, whatever
    /// becomes of them; further ones get 429, with the time to wait in Retry-After. They count
    /// evenly: when they are used up, a new one is free after window / count. Against floods of
    /// clients that come and go. Default 0: no limit.
    pub fn cryo_server_options_set_max_attempts_per_address(options: *mut cryo_server_options, count: u32) -> cryo_status;
    /// The same for requests that were refused with 401 or 403, by the validator or for want of
    /// a token: against those who try tokens out. The validator is not asked any more then,
    /// whatever the token. What waits for the validator is counted when it has answered.
    /// Default 0: no limit.
    pub fn cryo_server_options_set_max_failed_tokens_per_address(options: *mut cryo_server_options, count: u32) -> cryo_status;
    /// The window of both, which remember 65536 addresses each; beyond, those that are new do
    /// not count until others are forgotten. Default 60000, 1 at least.
    pub fn cryo_server_options_set_address_window_ms(options: *mut cryo_server_options, ms: u32) -> cryo_status;
    /// A server that is not started yet. CRYO_ERR_INVALID: options that do not fit together;
    /// the text says which.
    pub fn cryo_server_new(options: *const cryo_server_options, out: *mut *mut cryo_server) -> cryo_status;
    /// Binds and listens, and starts the service threads. When it returns CRYO_OK, clients can
    /// connect. CRYO_ERR_STATE (started before), _ADDRESS, _ADDRESS_IN_USE, _PERMISSION,
    /// _TLS_*, _SYSTEM, _UNSUPPORTED. A server that could not be started can be tried again.
    pub fn cryo_server_start(server: *mut cryo_server) -> cryo_status;
    /// The port that it listens on; 0 before cryo_server_start, and for a Unix-domain socket.
    pub fn cryo_server_port(server: *const cryo_server) -> u16;
    /// What carries its connections: CRYO_TRANSPORT_LIBWEBSOCKETS or CRYO_TRANSPORT_POLL,
    /// whatever the options left to the library. CRYO_TRANSPORT_AUTO: that is no server.
    pub fn cryo_server_transport(server: *const cryo_server) -> i32;
    /// threads = 0 only: waits up to timeout_ms (-1: for ever, 0: not at all) for something to
    /// do, does what there is, and returns CRYO_OK. CRYO_ERR_CLOSED: the server has stopped,
    /// nothing will ever happen again. CRYO_ERR_STATE: it has threads, is not started, or this
    /// is inside a callback of it. One thread at a time.
    pub fn cryo_server_run_once(server: *mut cryo_server, timeout_ms: i32) -> cryo_status;
    /// threads = 0 only: ends the waiting of cryo_server_run_once, or of the next one if there
    /// is none now, with CRYO_OK. From any thread, and in a signal handler. CRYO_ERR_STATE: it
    /// has threads, or is not started.
    pub fn cryo_server_wake(server: *mut cryo_server) -> cryo_status;
    /// threads = 0 only: a descriptor that is readable when cryo_server_run_once has something
    /// to do, to be watched by another event loop. Owned by the server. Negative: a status
    /// (CRYO_ERR_UNSUPPORTED where the system has no such descriptor).
    pub fn cryo_server_fd(server: *const cryo_server) -> i32;
    /// threads = 0 only: call cryo_server_run_once after so many milliseconds at the latest
    /// (-1: whenever), descriptor or not. To be asked again after each cryo_server_run_once.
    /// Other negative numbers: a status.
    pub fn cryo_server_timeout_ms(server: *const cryo_server) -> i32;
    /// Exchanges what the server shows by TLS, from any thread: new connections get what
    /// `options` have of it (certificates and keys, client authorities, version, OCSP, ticket
    /// keys if there are any), those that are there keep what they have; nothing else of the
    /// options counts. NULL: what it had, with all files read again, as after a renewal. It
    /// reads files while the caller waits, and no session does. When it fails the server goes
    /// on with what it had: CRYO_ERR_STATE (not started, or without TLS), _CLOSED (it has
    /// stopped), _INVALID (no certificate), _PERMISSION, _TLS_FILE, _TLS_CERTIFICATE, _TLS_KEY,
    /// _TLS_MISMATCH, _TLS_EXPIRED, _TLS, _UNSUPPORTED.
    pub fn cryo_server_set_tls(server: *mut cryo_server, options: *const cryo_server_options) -> cryo_status;
    /// Other keys for session tickets, as of cryo_server_options_set_tls_ticket_keys, at once
    /// and from any thread. NULL: keys of its own. CRYO_ERR_STATE, _CLOSED as above.
    pub fn cryo_server_set_tls_ticket_keys(server: *mut cryo_server, keys: *const u8, len: usize) -> cryo_status;
    /// Begins to stop and returns at once: no new clients; every session closes with 4000
    /// `Server shutdown.`, after what was sent before; of what other threads have sent and no
    /// loop has taken within an eighth of the close time-out (a quarter of a second at most)
    /// the rest is dropped, its receipts are closed. Stopping twice is no error. May be called
    /// in a signal handler; while cryo_server_start is under way, the server stops when it is
    /// through. CRYO_ERR_STATE: it was not started.
    pub fn cryo_server_stop(server: *mut cryo_server) -> cryo_status;
    /// Stops gently, and returns at once. From now on nobody is let in, nor back in: clients
    /// get 503 with Retry-After, so that a balancer sends them elsewhere, /readyz says 503,
    /// sessions that wait for their client (cryo_server_options_set_resume_window_ms) close,
    /// and no peer can be opened. The sessions that are there go on. Every `batch_ms` (at the
    /// beginning too) as many of them are closed as it takes for all to be closed when
    /// `deadline_ms` have passed, evenly spread, with 4000 `Server shutdown.`, after what was
    /// sent before; 0: none before the deadline. As soon as no session is left, and at the
    /// deadline at the latest, the server stops as by cryo_server_stop, which may also be
    /// called meanwhile. Called again, the new times count. CRYO_ERR_STATE: it was not started.
    /// CRYO_OK, and nothing, once it stops.
    pub fn cryo_server_drain(server: *mut cryo_server, deadline_ms: u32, batch_ms: u32) -> cryo_status;
    /// The same with a close of the application's choice, also for the sessions that are left
    /// at the deadline. `code` as for cryo_session_close; `reason` (NULL: none). `retry_ms`,
    /// 3600000 at most: when clients may come back; 0: nothing is said. It is sent as
    /// Retry-After to those who are refused, and stands behind the reason as `(retry in N ms)`,
    /// for which the reason is cut if need be; a client of this library comes back after that
    /// time and a random one more. Without it, 4000 with another reason than `Server shutdown.`
    /// ends such clients for good; after 1001, 1012 and the like they come back.
    pub fn cryo_server_drain_with(server: *mut cryo_server, deadline_ms: u32, batch_ms: u32, code: i32, reason: *const c_char, retry_ms: u32) -> cryo_status;
    /// Waits until the server has stopped (timeout_ms -1: for ever) and its last callback has
    /// returned. CRYO_ERR_TIMEOUT; CRYO_ERR_STATE: not started, threads = 0, or inside a
    /// callback.
    pub fn cryo_server_wait(server: *mut cryo_server, timeout_ms: i32) -> cryo_status;
    /// Stops, waits, and frees; the handle is dead when it returns, and no callback runs any
    /// more. With threads = 0 it runs the callbacks of the closing sessions itself. Inside a
    /// callback of this server it only begins to; the rest happens when the callback has
    /// returned. Session handles that are still held stay valid until they are released.
    pub fn cryo_server_free(server: *mut cryo_server);
    /// One of them, as it stands now. `of` picks one kind where there are several; 0: all.
    /// Before cryo_server_start all are 0; behind the end they stay. Sessions that this server
    /// has opened (cryo_server_connect_peer) count as live ones only. CRYO_ERR_INVALID: there
    /// is no such figure.
    pub fn cryo_server_stat(server: *const cryo_server, stat: i32, of: i32, out: *mut f64) -> cryo_status;
    /// All of them in the text format of Prometheus, version 0.0.4, times in seconds: what
    /// /metrics answers. Each line ends with a line feed.
    pub fn cryo_server_metrics(server: *const cryo_server, out: *mut c_char, capacity: usize, len: *mut usize) -> cryo_status;
    /// How many sessions are live: announced and not closed. 0 for a handle that is none.
    pub fn cryo_server_session_count(server: *const cryo_server) -> usize;
    /// The live sessions: fills `out` with up to `capacity` handles, each retained for the
    /// caller, who releases them. *count gets the number of live sessions, which may be larger
    /// than what fitted.
    pub fn cryo_server_sessions(server: *const cryo_server, out: *mut *mut cryo_session, capacity: usize, count: *mut usize) -> cryo_status;
    /// The live session with this id (16 bytes), retained for the caller. CRYO_ERR_NOT_FOUND.
    pub fn cryo_server_find_session(server: *const cryo_server, id: *const u8, out: *mut *mut cryo_session) -> cryo_status;
    /// Sends to every live session but `except` (may be NULL). The payload is copied once. For
    /// a session that refuses it, the dropped event tells. *count (may be NULL) gets how many
    /// sessions it was sent to; when that is not known at once, which is so outside of the
    /// server's callbacks and with more than one thread, how many were live; what is on its way
    /// then counts against max_total_queued_bytes, and CRYO_ERR_TOTAL_FULL says that it is full
    /// and nobody gets this one. CRYO_ERR_CLOSED: not running.
    pub fn cryo_server_broadcast(server: *mut cryo_server, kind: i32, data: *const u8, len: usize, except: *const cryo_session, count: *mut usize) -> cryo_status;
    /// Calls `fn` once on a thread of the server's, always the same one and never inside of
    /// this call (with `threads` 0: inside cryo_server_run_once); as soon as may be, or after
    /// `ms`. What one thread posts without a time runs in the order of the calls. Each posted
    /// function either runs or is dropped, and the finalizer, if there is one, says that it is
    /// over, exactly once: behind `fn` or without it. Dropped is what has not run when the
    /// server stops. CRYO_ERR_STATE: not started. CRYO_ERR_CLOSED: it stops; the caller keeps
    /// `user`.
    pub fn cryo_server_post(server: *mut cryo_server, fn_: cryo_server_fn, user: *mut c_void, finalizer: cryo_finalizer) -> cryo_status;
    /// Calls `fn` once on a thread of the server's, always the same one and never inside of
    /// this call (with `threads` 0: inside cryo_server_run_once); as soon as may be, or after
    /// `ms`. What one thread posts without a time runs in the order of the calls. Each posted
    /// function either runs or is dropped, and the finalizer, if there is one, says that it is
    /// over, exactly once: behind `fn` or without it. Dropped is what has not run when the
    /// server stops. CRYO_ERR_STATE: not started. CRYO_ERR_CLOSED: it stops; the caller keeps
    /// `user`.
    pub fn cryo_server_post_after_ms(server: *mut cryo_server, ms: u32, fn_: cryo_server_fn, user: *mut c_void, finalizer: cryo_finalizer) -> cryo_status;
    /// Opens a session from this server to another one: a peer. It is a client (see
    /// cryo_client_options; `options` are copied) on one of the server's own loops, and comes
    /// back after a loss as a client does. It tells the server's events, those of clients too:
    /// the session event once it is connected (with CALE: secure), disconnected and
    /// reconnected, closed as the last one, also when it was never connected. From its session
    /// event on it is one of the live sessions while it is connected, and gets what is
    /// broadcast; what is sent by cryo_server_broadcast while it is not is not kept for it. Its
    /// id is taken until it has closed; max_sessions does not count it. The server's stop
    /// closes it like every session, connected or not; to close it alone, and for good, call
    /// cryo_session_close. cryo_session_is_peer tells it from the others; what is said there of
    /// the upgrade request is what this server sent, and the remote address the host and port
    /// of the URL. `out` (may be NULL) gets the session, retained for the caller. When this
    /// returns CRYO_OK, the peer has begun to connect; its first event may come before that.
    /// CRYO_ERR_INVALID: no URL, no token, options that do not fit together, or with events or
    /// a loop of their own. CRYO_ERR_STATE: the server was not started, or a session has the id
    /// that the options ask for (not one whose token is being validated still: that one is
    /// refused). CRYO_ERR_CLOSED: the server stops. Further CRYO_ERR_TLS_*, _SYSTEM, as
    /// cryo_client_start.
    pub fn cryo_server_connect_peer(server: *mut cryo_server, options: *const cryo_client_options, out: *mut *mut cryo_session) -> cryo_status;
    /// Settles the ticket: let the client in. CRYO_ERR_STATE: it was settled before, timed out,
    /// or the client has gone; there is nothing more to do.
    pub fn cryo_auth_accept(auth: *mut cryo_auth) -> cryo_status;
    /// Settles the ticket: let the client in, also in the place of a live session with the same
    /// id, which gives way at once (4000 `Taken over.`), whatever the duplicate policy says and
    /// whatever its token was. With a resume window the session goes on with this client. For
    /// applications whose tokens change: say it only where both belong to the same user.
    /// CRYO_ERR_STATE as above.
    pub fn cryo_auth_replace(auth: *mut cryo_auth) -> cryo_status;
    /// Settles the ticket as cryo_auth_accept, and gives the session its pointer: what the
    /// validator has looked up is there from the session event on, as if by
    /// cryo_session_set_user. When the call answers CRYO_OK the finalizer runs exactly once,
    /// whatever happens: the client may have gone, be refused all the same (the id is taken,
    /// the server is full or stops), or never be announced. When it does not (CRYO_ERR_STATE:
    /// settled before, timed out, the client has gone), the caller keeps `user`. Where a
    /// session goes on with a client that has come back
    /// (cryo_server_options_set_resume_window_ms), this pointer takes the place of the former
    /// one, on the session's thread and in front of the reconnected event; with plain
    /// cryo_auth_accept the former one stays.
    pub fn cryo_auth_accept_with(auth: *mut cryo_auth, user: *mut c_void, finalizer: cryo_finalizer) -> cryo_status;
    /// Before the ticket is settled: a value for the session's store, as by cryo_session_set
    /// (which see) from the session event on. Its finalizer runs exactly once when the call
    /// answers CRYO_OK, also when there will be no session. Where a session goes on, it
    /// replaces that session's value of this key, and others stay. CRYO_ERR_STATE: settled, and
    /// the caller keeps `value`.
    pub fn cryo_auth_set(auth: *mut cryo_auth, key: *const c_char, value: *mut c_void, finalizer: cryo_finalizer) -> cryo_status;
    /// The same for a text, which is copied: something that is known of the client, such as
    /// "user" or "tenant", for cryo_session_claim. `name` has 1 to 255 bytes, `value` is UTF-8
    /// (NULL: takes it back). Only tickets can set them. CRYO_ERR_STATE: settled.
    /// CRYO_ERR_TOO_BIG: names and values of one session have more than 16384 bytes.
    pub fn cryo_auth_set_claim(auth: *mut cryo_auth, name: *const c_char, value: *const c_char) -> cryo_status;
    /// Before the ticket is settled: when the session that it opens shall end, as by
    /// cryo_session_set_expiry_ms (which see), counted from now. One that is over when the
    /// ticket is accepted is refused with 401. Where a session goes on, it replaces the expiry
    /// of that; without this call the former one stays. CRYO_ERR_STATE: settled.
    pub fn cryo_auth_set_expiry_ms(auth: *mut cryo_auth, ms: i64) -> cryo_status;
    /// Settles the ticket: refuse with any status from 400 to 599. `body` (NULL or "": "The
    /// client was refused.") is shown to the client as text, at most 4096 bytes of UTF-8.
    /// `retry_after_ms` becomes a Retry-After header, in seconds and rounded up; 0: none.
    /// Clients of this library come back after 408, 425, 429 and 5xx. CRYO_ERR_STATE as above;
    /// CRYO_ERR_INVALID, CRYO_ERR_TOO_BIG: the ticket stays unsettled.
    pub fn cryo_auth_refuse(auth: *mut cryo_auth, http_status: i32, body: *const c_char, retry_after_ms: u32) -> cryo_status;
    /// Settles the ticket: refuse with 401. `reason` is shown to the client (one line; NULL or
    /// "": "The token was refused."). CRYO_ERR_STATE as above.
    pub fn cryo_auth_reject(auth: *mut cryo_auth, reason: *const c_char) -> cryo_status;
    /// Until the ticket is settled: the token, the client's address ("192.0.2.7:54321",
    /// "\[2001:db8::1\]:54321"; where a proxy has told it, and not the port, "192.0.2.7",
    /// "\[2001:db8::1\]"; "unix:"), the path of the request, and a query parameter, decoded
    /// (the first one of that name; not the token; the session id that the client asks for is
    /// "x-cryo-sid", and not checked yet). CRYO_ERR_STATE: settled. CRYO_ERR_NOT_FOUND: no such
    /// parameter.
    pub fn cryo_auth_token(auth: *const cryo_auth, out: *mut c_char, capacity: usize, len: *mut usize) -> cryo_status;
    /// Until the ticket is settled: the token, the client's address ("192.0.2.7:54321",
    /// "\[2001:db8::1\]:54321"; where a proxy has told it, and not the port, "192.0.2.7",
    /// "\[2001:db8::1\]"; "unix:"), the path of the request, and a query parameter, decoded
    /// (the first one of that name; not the token; the session id that the client asks for is
    /// "x-cryo-sid", and not checked yet). CRYO_ERR_STATE: settled. CRYO_ERR_NOT_FOUND: no such
    /// parameter.
    pub fn cryo_auth_remote_address(auth: *const cryo_auth, out: *mut c_char, capacity: usize, len: *mut usize) -> cryo_status;
    /// The address of the proxy that has told the client's
    /// (cryo_server_options_add_trusted_proxy); "" where the client has come by itself.
    pub fn cryo_auth_proxy_address(auth: *const cryo_auth, out: *mut c_char, capacity: usize, len: *mut usize) -> cryo_status;
    /// The address of the proxy that has told the client's
    /// (cryo_server_options_add_trusted_proxy); "" where the client has come by itself.
    pub fn cryo_auth_path(auth: *const cryo_auth, out: *mut c_char, capacity: usize, len: *mut usize) -> cryo_status;
    /// The address of the proxy that has told the client's
    /// (cryo_server_options_add_trusted_proxy); "" where the client has come by itself.
    pub fn cryo_auth_parameter(auth: *const cryo_auth, name: *const c_char, out: *mut c_char, capacity: usize, len: *mut usize) -> cryo_status;
    /// The certificate that the client has shown, and the server has found good
    /// (cryo_server_options_set_tls_client_ca_file): its subject ("CN=alice,O=Example", RFC
    /// 4514), the index-th of its alternative names ("DNS:a.example", "IP:192.0.2.7",
    /// "email:…", "URI:…", "DirName:…"; others, and those with control characters in them, are
    /// left out), and the SHA-256 of all of it, as 64 hexadecimal digits in lower case.
    /// CRYO_ERR_NOT_FOUND: it has shown none, or it has fewer names. CRYO_ERR_STATE: settled.
    pub fn cryo_auth_peer_certificate_subject(auth: *const cryo_auth, out: *mut c_char, capacity: usize, len: *mut usize) -> cryo_status;
    /// The certificate that the client has shown, and the server has found good
    /// (cryo_server_options_set_tls_client_ca_file): its subject ("CN=alice,O=Example", RFC
    /// 4514), the index-th of its alternative names ("DNS:a.example", "IP:192.0.2.7",
    /// "email:…", "URI:…", "DirName:…"; others, and those with control characters in them, are
    /// left out), and the SHA-256 of all of it, as 64 hexadecimal digits in lower case.
    /// CRYO_ERR_NOT_FOUND: it has shown none, or it has fewer names. CRYO_ERR_STATE: settled.
    pub fn cryo_auth_peer_certificate_name(auth: *const cryo_auth, index: usize, out: *mut c_char, capacity: usize, len: *mut usize) -> cryo_status;
    /// The certificate that the client has shown, and the server has found good
    /// (cryo_server_options_set_tls_client_ca_file): its subject ("CN=alice,O=Example", RFC
    /// 4514), the index-th of its alternative names ("DNS:a.example", "IP:192.0.2.7",
    /// "email:…", "URI:…", "DirName:…"; others, and those with control characters in them, are
    /// left out), and the SHA-256 of all of it, as 64 hexadecimal digits in lower case.
    /// CRYO_ERR_NOT_FOUND: it has shown none, or it has fewer names. CRYO_ERR_STATE: settled.
    pub fn cryo_auth_peer_certificate_fingerprint(auth: *const cryo_auth, out: *mut c_char, capacity: usize, len: *mut usize) -> cryo_status;
    /// Until the ticket is settled: a header of the request, by its name in any case ("Origin",
    /// "Cookie", "User-Agent"). Several of one name are joined with ", ", and Cookie with "; "
    /// (RFC 9110 section 5.3). What is not UTF-8 in it is replaced by U+FFFD. CRYO_ERR_STATE:
    /// settled. CRYO_ERR_NOT_FOUND: the request has none of that name.
    pub fn cryo_auth_header(auth: *const cryo_auth, name: *const c_char, out: *mut c_char, capacity: usize, len: *mut usize) -> cryo_status;
    /// A callback's handle is valid until the callback returns. To keep it, retain it; each
    /// retain needs a release. A session that is held can be used after it closed (and after
    /// its server was freed): sends answer CRYO_ERR_CLOSED, the rest goes on answering. the
    /// same handle; NULL when it is none
    pub fn cryo_session_retain(session: *mut cryo_session) -> *mut cryo_session;
    /// A callback's handle is valid until the callback returns. To keep it, retain it; each
    /// retain needs a release. A session that is held can be used after it closed (and after
    /// its server was freed): sends answer CRYO_ERR_CLOSED, the rest goes on answering.
    pub fn cryo_session_release(session: *mut cryo_session);
    /// Sends a message; `kind` is CRYO_UTF8 or CRYO_BINARY. `data` may be NULL when `len` is 0.
    /// Returns at once: CRYO_OK says that it was accepted, messages leave in the order in which
    /// they were accepted. CRYO_ERR_FULL: the queue is held and full, and no other message may
    /// give way to this one; also while extensions or the mailbox hold as much.
    /// CRYO_ERR_TOTAL_FULL, CRYO_ERR_CLOSED, CRYO_ERR_STATE (a client's session that is not
    /// connected at the moment: see cryo_client_options_set_resend), CRYO_ERR_TOO_BIG (over 1
    /// GiB), CRYO_ERR_INVALID also for text that is not UTF-8.
    pub fn cryo_session_send(session: *mut cryo_session, kind: i32, data: *const u8, len: usize) -> cryo_status;
    /// The same with a key and a receipt. `key` (1 to 255 bytes; NULL: none) is for
    /// CRYO_DEDUPE_LATEST. `receipt` is any number of yours but 0, which asks for none: when
    /// the call answers CRYO_OK, the receipt event comes for it exactly once, whatever happens
    /// to the message. Numbers need not differ. CRYO_ERR_RECEIPTS_FULL, and what
    /// cryo_session_send answers.
    pub fn cryo_session_send_with(session: *mut cryo_session, kind: i32, data: *const u8, len: usize, key: *const c_char, receipt: u64) -> cryo_status;
    /// Sends one message to many sessions, of any servers and clients, as cryo_session_send to
    /// each in turn; the payload is copied and looked at once. `statuses` (may be NULL) gets
    /// what each of the `count` sessions answers, in their order, CRYO_ERR_HANDLE for one that
    /// is none; *sent (may be NULL) how many have accepted it. CRYO_OK says that it was carried
    /// out, whatever they answer; CRYO_ERR_INVALID, CRYO_ERR_TOO_BIG: it went to nobody.
    pub fn cryo_sessions_send(sessions: *const *mut cryo_session, count: usize, kind: i32, data: *const u8, len: usize, statuses: *mut cryo_status, sent: *mut usize) -> cryo_status;
    /// Sends a ping now, beside those of the keep-alive. The peer's answer counts as life.
    /// CRYO_ERR_CLOSED.
    pub fn cryo_session_ping(session: *mut cryo_session) -> cryo_status;
    /// Closes, after what was sent before has left. `code` is one of 1000 to 1003, 1007 to
    /// 1009, 1011 to 1014 or 3000 to 4999 (RFC 6455 section 7.4; 1010 is for clients); `reason`
    /// (NULL: none) is cut to 123 bytes. Nothing is received any more. The closed event follows
    /// when the peer has answered or the close time-out is over. CRYO_ERR_CLOSED: closed or
    /// closing already.
    pub fn cryo_session_close(session: *mut cryo_session, code: i32, reason: *const c_char) -> cryo_status;
    /// 1 while messages can be sent, 0 once it closes; 0 for a handle that is none.
    pub fn cryo_session_is_open(session: *const cryo_session) -> i32;
    /// 1 if CALE encrypts what the session sends and receives (TLS is another matter); 0 if
    /// not, or for a handle that is none.
    pub fn cryo_session_is_secure(session: *const cryo_session) -> i32;
    /// 1 if this server has opened it (cryo_server_connect_peer); 0 if not, or for a handle
    /// that is none.
    pub fn cryo_session_is_peer(session: *const cryo_session) -> i32;
    /// The id that the client chose: 16 bytes, or 36 characters of text.
    pub fn cryo_session_id(session: *const cryo_session, out: *mut u8) -> cryo_status;
    /// The id that the client chose: 16 bytes, or 36 characters of text.
    pub fn cryo_session_id_text(session: *const cryo_session, out: *mut c_char, capacity: usize, len: *mut usize) -> cryo_status;
    /// As for a ticket: what came with the upgrade request. The token of a client or peer is
    /// that of its options; "" where it has a token provider.
    pub fn cryo_session_token(session: *const cryo_session, out: *mut c_char, capacity: usize, len: *mut usize) -> cryo_status;
    /// As for a ticket: what came with the upgrade request. The token of a client or peer is
    /// that of its options; "" where it has a token provider.
    pub fn cryo_session_remote_address(session: *const cryo_session, out: *mut c_char, capacity: usize, len: *mut usize) -> cryo_status;
    /// As for a ticket: what came with the upgrade request. The token of a client or peer is
    /// that of its options; "" where it has a token provider.
    pub fn cryo_session_proxy_address(session: *const cryo_session, out: *mut c_char, capacity: usize, len: *mut usize) -> cryo_status;
    /// As for a ticket: what came with the upgrade request. The token of a client or peer is
    /// that of its options; "" where it has a token provider.
    pub fn cryo_session_path(session: *const cryo_session, out: *mut c_char, capacity: usize, len: *mut usize) -> cryo_status;
    /// As for a ticket: what came with the upgrade request. The token of a client or peer is
    /// that of its options; "" where it has a token provider.
    pub fn cryo_session_parameter(session: *const cryo_session, name: *const c_char, out: *mut c_char, capacity: usize, len: *mut usize) -> cryo_status;
    /// The index-th query parameter (but the token), in the order of the request;
    /// CRYO_ERR_NOT_FOUND ends the list. The names and values are written as by the functions
    /// above.
    pub fn cryo_session_parameter_at(session: *const cryo_session, index: usize, name: *mut c_char, name_capacity: usize, name_len: *mut usize, value: *mut c_char, value_capacity: usize, value_len: *mut usize) -> cryo_status;
    /// As for a ticket: the certificate that the client has shown, of the connection with which
    /// the session began. CRYO_ERR_NOT_FOUND also for sessions of clients and peers.
    pub fn cryo_session_peer_certificate_subject(session: *const cryo_session, out: *mut c_char, capacity: usize, len: *mut usize) -> cryo_status;
    /// As for a ticket: the certificate that the client has shown, of the connection with which
    /// the session began. CRYO_ERR_NOT_FOUND also for sessions of clients and peers.
    pub fn cryo_session_peer_certificate_name(session: *const cryo_session, index: usize, out: *mut c_char, capacity: usize, len: *mut usize) -> cryo_status;
    /// As for a ticket: the certificate that the client has shown, of the connection with which
    /// the session began. CRYO_ERR_NOT_FOUND also for sessions of clients and peers.
    pub fn cryo_session_peer_certificate_fingerprint(session: *const cryo_session, out: *mut c_char, capacity: usize, len: *mut usize) -> cryo_status;
    /// As for a ticket, of those that cryo_server_options_add_session_header names. As all that
    /// came with the request, they are those of its first one, also after a client has come
    /// back to the session. CRYO_ERR_NOT_FOUND: none, or it is not kept; a client's session has
    /// none.
    pub fn cryo_session_header(session: *const cryo_session, name: *const c_char, out: *mut c_char, capacity: usize, len: *mut usize) -> cryo_status;
    /// A text that the validator has set (cryo_auth_set_claim). CRYO_ERR_NOT_FOUND.
    pub fn cryo_session_claim(session: *const cryo_session, name: *const c_char, out: *mut c_char, capacity: usize, len: *mut usize) -> cryo_status;
    /// When the session shall end, in `ms` from now: for tokens that expire. It closes with
    /// 4001 `Token expired.` then, connected or waiting for its client, and does not go on:
    /// that client comes with a new token, to a session of its own. 0 and less is at once,
    /// CRYO_NEVER, the default, takes it back. Each call replaces what was said before, from
    /// any thread. A client of this library comes back if it has a token provider, and closes
    /// for good if not. CRYO_ERR_CLOSED. CRYO_ERR_STATE: it is a client's or a peer's session;
    /// those end by their server.
    pub fn cryo_session_set_expiry_ms(session: *mut cryo_session, ms: i64) -> cryo_status;
    /// One of CRYO_STAT_*, as it stands now (CRYO_STAT_ACK_TIMEOUT: since the session began).
    /// CRYO_ERR_NOT_FOUND: no round trip was measured yet.
    pub fn cryo_session_stat(session: *const cryo_session, stat: i32, out: *mut f64) -> cryo_status;
    /// No messages for now, and messages again; from any thread. On the session's thread it
    /// counts from the next message on; elsewhere some may come before it does, and what is in
    /// a queue comes in any case. What the peer sends meanwhile is acknowledged (but see
    /// cryo_server_options_set_manual_ack) and kept, up to 65536 bytes with what extensions
    /// hold; beyond, the session is not read from, and the peer is held up. Until then its
    /// pings, acknowledgements and close are heard as ever; beyond, it is not taken for silent,
    /// its acknowledgements come late (receipts may time out), and that it has gone shows only
    /// when it is read from again or takes nothing for the stall time-out. The close of a peer
    /// ends a pause: what is kept comes in front of the closed event. A close of this side's
    /// drops it. The session stays paused over a loss of its connection. Twice is once. What
    /// was kept is told behind the call that resumes, not inside of it. CRYO_ERR_CLOSED.
    pub fn cryo_session_pause_reading(session: *mut cryo_session) -> cryo_status;
    /// No messages for now, and messages again; from any thread. On the session's thread it
    /// counts from the next message on; elsewhere some may come before it does, and what is in
    /// a queue comes in any case. What the peer sends meanwhile is acknowledged (but see
    /// cryo_server_options_set_manual_ack) and kept, up to 65536 bytes with what extensions
    /// hold; beyond, the session is not read from, and the peer is held up. Until then its
    /// pings, acknowledgements and close are heard as ever; beyond, it is not taken for silent,
    /// its acknowledgements come late (receipts may time out), and that it has gone shows only
    /// when it is read from again or takes nothing for the stall time-out. The close of a peer
    /// ends a pause: what is kept comes in front of the closed event. A close of this side's
    /// drops it. The session stays paused over a loss of its connection. Twice is once. What
    /// was kept is told behind the call that resumes, not inside of it. CRYO_ERR_CLOSED.
    pub fn cryo_session_resume_reading(session: *mut cryo_session) -> cryo_status;
    /// With cryo_server_options_set_manual_ack, inside of the message function: the id of the
    /// message that is told, never 0; for messages from a queue there is cryo_event_message_id.
    /// 0 elsewhere, without that option, and for a handle that is none.
    pub fn cryo_message_id(session: *const cryo_session) -> u64;
    /// The application is done with the message: its peer is told, and need not send it again.
    /// From any thread, at any time, in any order, once for each; a second time does nothing.
    /// CRYO_ERR_STATE: no such id (the option is off, or this is a client's session), or its
    /// connection was lost since: where its peer comes back, it sends the message again, which
    /// has another id then. CRYO_ERR_CLOSED: closed or closing.
    pub fn cryo_message_ack(session: *mut cryo_session, message: u64) -> cryo_status;
    /// Calls `fn` once on the session's thread, never inside of this call and never at the same
    /// time as its events, as soon as may be or after `ms`; also while it waits for its client,
    /// which it may do on another thread afterwards. What one thread posts without a time, and
    /// sends, stays in its order. As with cryo_server_post it runs or is dropped, and the
    /// finalizer says that it is over. Dropped is what has not run when the session has closed.
    /// CRYO_ERR_CLOSED: it has; the caller keeps `user`.
    pub fn cryo_session_post(session: *mut cryo_session, fn_: cryo_session_fn, user: *mut c_void, finalizer: cryo_finalizer) -> cryo_status;
    /// Calls `fn` once on the session's thread, never inside of this call and never at the same
    /// time as its events, as soon as may be or after `ms`; also while it waits for its client,
    /// which it may do on another thread afterwards. What one thread posts without a time, and
    /// sends, stays in its order. As with cryo_server_post it runs or is dropped, and the
    /// finalizer says that it is over. Dropped is what has not run when the session has closed.
    /// CRYO_ERR_CLOSED: it has; the caller keeps `user`.
    pub fn cryo_session_post_after_ms(session: *mut cryo_session, ms: u32, fn_: cryo_session_fn, user: *mut c_void, finalizer: cryo_finalizer) -> cryo_status;
    /// One pointer of the application's, for example the object that a binding keeps for the
    /// session. The finalizer runs when it is replaced, or with the last reference to the
    /// session.
    pub fn cryo_session_set_user(session: *mut cryo_session, user: *mut c_void, finalizer: cryo_finalizer) -> cryo_status;
    /// One pointer of the application's, for example the object that a binding keeps for the
    /// session. The finalizer runs when it is replaced, or with the last reference to the
    /// session.
    pub fn cryo_session_user(session: *const cryo_session) -> *mut c_void;
    /// A store of the application's own values by key (1 to 255 bytes). Setting replaces (the
    /// old value's finalizer runs), NULL removes. Get answers CRYO_ERR_NOT_FOUND where there is
    /// none. Where one thread may replace what another one gets, use visit: it calls `fn` once
    /// with the value (NULL: none) while nobody can replace it; `fn` must not call set, get or
    /// visit on the same session.
    pub fn cryo_session_set(session: *mut cryo_session, key: *const c_char, value: *mut c_void, finalizer: cryo_finalizer) -> cryo_status;
    /// A store of the application's own values by key (1 to 255 bytes). Setting replaces (the
    /// old value's finalizer runs), NULL removes. Get answers CRYO_ERR_NOT_FOUND where there is
    /// none. Where one thread may replace what another one gets, use visit: it calls `fn` once
    /// with the value (NULL: none) while nobody can replace it; `fn` must not call set, get or
    /// visit on the same session.
    pub fn cryo_session_get(session: *const cryo_session, key: *const c_char, out: *mut *mut c_void) -> cryo_status;
    /// A store of the application's own values by key (1 to 255 bytes). Setting replaces (the
    /// old value's finalizer runs), NULL removes. Get answers CRYO_ERR_NOT_FOUND where there is
    /// none. Where one thread may replace what another one gets, use visit: it calls `fn` once
    /// with the value (NULL: none) while nobody can replace it; `fn` must not call set, get or
    /// visit on the same session.
    pub fn cryo_session_visit(session: *const cryo_session, key: *const c_char, fn_: cryo_visit_fn, user: *mut c_void) -> cryo_status;
    /// Options with the defaults below, copied by cryo_client_new. An options handle is for one
    /// thread at a time.
    pub fn cryo_client_options_new(out: *mut *mut cryo_client_options) -> cryo_status;
    /// Options with the defaults below, copied by cryo_client_new. An options handle is for one
    /// thread at a time.
    pub fn cryo_client_options_free(options: *mut cryo_client_options);
    /// Where to: "ws://host\[:port\]\[/path\]\[?query\]", or wss:// for TLS; an IPv6 address in
    /// brackets, with its zone if it needs one ("ws://\[fe80::1%25eth0\]/", or just %eth0).
    /// "ws+unix:/run/cryo.sock" is a Unix-domain socket, with the path and query of the request
    /// behind a colon if there are any ("ws+unix:/run/cryo.sock:/path?query"). Must be set. A
    /// name is looked up by the system's getaddrinfo, on a thread that nothing waits for; once
    /// there was one, dlclose no longer unloads the library. `authorization` and `x-cryo-sid`
    /// in the query, as servers print them, are the token and the session id, unless the two
    /// functions below say them; cryo_client_new refuses what differs. CRYO_ERR_INVALID: the
    /// text says what is wrong with it.
    pub fn cryo_client_options_set_url(options: *mut cryo_client_options, url: *const c_char) -> cryo_status;
    /// The bearer token. Must be set, unless the URL has it or there is a token provider.
    /// cryo_client_set_token replaces it.
    pub fn cryo_client_options_set_token(options: *mut cryo_client_options, token: *const c_char) -> cryo_status;
    /// Who gives the tokens; the only way for peers, of which there is no client handle. A
    /// token in the options or the URL is not used then. Without a token the attempt has
    /// failed: the attempt_failed event tells it with CRYO_ERR_TOKEN, or CRYO_ERR_TIMEOUT when
    /// the ticket was left alone, and the next attempt comes as after any failure. When the
    /// server refuses a token with 401, the client asks for another one and tries once more (it
    /// may have expired on its way; a provider that keeps tokens forgets this one when
    /// attempt_failed tells of the 401); a second 401 before it is connected is final. `fn`
    /// NULL: the tickets come out of the queue that the events use (CRYO_EVENT_TOKEN);
    /// cryo_client_new answers CRYO_ERR_INVALID where there is none. A peer's come out of its
    /// server's.
    pub fn cryo_client_options_set_token_provider(options: *mut cryo_client_options, fn_: cryo_token_fn, user: *mut c_void, finalizer: cryo_finalizer) -> cryo_status;
    /// The session id, 16 bytes; NULL, the default: a random one for each client. With CALE not
    /// one that begins with eight zero bytes.
    pub fn cryo_client_options_set_session_id(options: *mut cryo_client_options, id: *const u8) -> cryo_status;
    /// One more query parameter; they are encoded as needed.
    pub fn cryo_client_options_add_parameter(options: *mut cryo_client_options, name: *const c_char, value: *const c_char) -> cryo_status;
    /// One more header of each request, as "Origin" or "Cookie"; several of one name are sent
    /// in their order. CRYO_ERR_INVALID: a name that is none or that the handshake needs itself
    /// (Host, Connection, Upgrade, Sec-WebSocket-…, Content-Length and the like), a value with
    /// a line end, or more than 8192 bytes in all.
    pub fn cryo_client_options_add_header(options: *mut cryo_client_options, name: *const c_char, value: *const c_char) -> cryo_status;
    /// One more header of each request, as "Origin" or "Cookie"; several of one name are sent
    /// in their order. CRYO_ERR_INVALID: a name that is none or that the handshake needs itself
    /// (Host, Connection, Upgrade, Sec-WebSocket-…, Content-Length and the like), a value with
    /// a line end, or more than 8192 bytes in all.
    pub fn cryo_client_options_set_events(options: *mut cryo_client_options, events: *mut cryo_events) -> cryo_status;
    /// Where it runs; NULL, the default: on one thread of the library that all such clients
    /// share.
    pub fn cryo_client_options_set_loop(options: *mut cryo_client_options, loop_: *mut cryo_loop) -> cryo_status;
    /// CALE: 1 to speak it, 0, the default, not; as the server does. See
    /// cryo_server_options_set_cale for what it is worth.
    pub fn cryo_client_options_set_cale(options: *mut cryo_client_options, on: i32) -> cryo_status;
    /// Time for its handshake. Default 10000.
    pub fn cryo_client_options_set_cale_timeout_ms(options: *mut cryo_client_options, ms: u32) -> cryo_status;
    /// Who may vouch for servers besides those whom the system trusts: certificates as PEM,
    /// from a file or from memory, of authorities, of ones between, or of servers themselves.
    /// What cannot be used among them is passed over with a warning in the log. Each call
    /// replaces what was set before; NULL: nobody. Read and checked by cryo_client_start.
    pub fn cryo_client_options_set_tls_ca_file(options: *mut cryo_client_options, file: *const c_char) -> cryo_status;
    /// Who may vouch for servers besides those whom the system trusts: certificates as PEM,
    /// from a file or from memory, of authorities, of ones between, or of servers themselves.
    /// What cannot be used among them is passed over with a warning in the log. Each call
    /// replaces what was set before; NULL: nobody. Read and checked by cryo_client_start.
    pub fn cryo_client_options_set_tls_ca_memory(options: *mut cryo_client_options, pem: *const u8, len: usize) -> cryo_status;
    /// 0: do not trust those whom the system trusts. Default 1.
    pub fn cryo_client_options_set_tls_system_ca(options: *mut cryo_client_options, on: i32) -> cryo_status;
    /// The client's own certificate with its chain, and its key, for servers that ask for one.
    /// NULLs: none.
    pub fn cryo_client_options_set_tls_files(options: *mut cryo_client_options, certificate_file: *const c_char, key_file: *const c_char) -> cryo_status;
    /// The client's own certificate with its chain, and its key, for servers that ask for one.
    /// NULLs: none.
    pub fn cryo_client_options_set_tls_memory(options: *mut cryo_client_options, certificate: *const u8, certificate_len: usize, key: *const u8, key_len: usize) -> cryo_status;
    /// As for a server.
    pub fn cryo_client_options_set_tls_min_version(options: *mut cryo_client_options, version: i32) -> cryo_status;
    /// An HTTP proxy to go through (CONNECT), for ws:// and wss:// alike:
    /// "http://user:password@host:port", where all but the host may be missing; the port is 80
    /// then. It looks the server's name up itself. NULL, the default: none. A proxy that
    /// refuses is told as the server would be, by CRYO_ERR_HTTP and its status; the text says
    /// that it was the proxy.
    pub fn cryo_client_options_set_proxy(options: *mut cryo_client_options, url: *const c_char) -> cryo_status;
    /// 1: where no proxy is set, go by the environment as it is at the start: https_proxy or
    /// HTTPS_PROXY for wss://, http_proxy (in lower case only) for ws://, but for the hosts in
    /// no_proxy or NO_PROXY. Default 0.
    pub fn cryo_client_options_use_proxy_from_environment(options: *mut cryo_client_options, on: i32) -> cryo_status;
    /// Time for one attempt: name, connection, TLS and upgrade. Default 10000. A host's
    /// addresses race (RFC 8305): the next one is tried when the one before has failed, or is
    /// silent for 250 ms.
    pub fn cryo_client_options_set_connect_timeout_ms(options: *mut cryo_client_options, ms: u32) -> cryo_status;
    /// After the n-th failure in a row the client waits for a random time from 0 to initial *
    /// 2^(n-1), and no longer than to the maximum. A server's Retry-After counts, as seconds
    /// and as a date, up to an hour: it waits for as long and a random time more. So does
    /// `(retry in N ms)` at the end of a close's reason. Defaults 500 and 30000.
    pub fn cryo_client_options_set_reconnect_initial_ms(options: *mut cryo_client_options, ms: u32) -> cryo_status;
    /// After the n-th failure in a row the client waits for a random time from 0 to initial *
    /// 2^(n-1), and no longer than to the maximum. A server's Retry-After counts, as seconds
    /// and as a date, up to an hour: it waits for as long and a random time more. So does
    /// `(retry in N ms)` at the end of a close's reason. Defaults 500 and 30000.
    pub fn cryo_client_options_set_reconnect_max_ms(options: *mut cryo_client_options, ms: u32) -> cryo_status;
    /// Failures in a row after which it tries again; one more ends it. 0: none, also not after
    /// a loss. Default 4294967295: as many as it takes.
    pub fn cryo_client_options_set_reconnect_attempts(options: *mut cryo_client_options, count: u32) -> cryo_status;
    /// 1: what was sent and not acknowledged at a loss is sent again after the reconnect,
    /// before everything else (the server may get it twice), and what is sent while there is no
    /// connection waits for one. 0, the default: it is lost, the lost event tells, and sends
    /// without a connection answer CRYO_ERR_STATE.
    pub fn cryo_client_options_set_resend(options: *mut cryo_client_options, on: i32) -> cryo_status;
    /// As for a server, which is closed with 4002. A WebSocket ping leaves with each of the
    /// protocol's own, which some servers do not answer; either answer is life.
    pub fn cryo_client_options_set_keepalive_ms(options: *mut cryo_client_options, ms: u32) -> cryo_status;
    /// As for a server, but it is closed with 4002.
    pub fn cryo_client_options_set_stall_timeout_ms(options: *mut cryo_client_options, ms: u32) -> cryo_status;
    /// As for a server.
    pub fn cryo_client_options_set_ack_timeout_ms(options: *mut cryo_client_options, ms: u32) -> cryo_status;
    /// As for a server.
    pub fn cryo_client_options_set_close_timeout_ms(options: *mut cryo_client_options, ms: u32) -> cryo_status;
    /// As for a server.
    pub fn cryo_client_options_set_max_message_bytes(options: *mut cryo_client_options, bytes: u64) -> cryo_status;
    /// As for a server.
    pub fn cryo_client_options_set_max_violations(options: *mut cryo_client_options, count: u32) -> cryo_status;
    /// As for a server.
    pub fn cryo_client_options_set_low_water_mark(options: *mut cryo_client_options, bytes: u64) -> cryo_status;
    /// As for a server.
    pub fn cryo_client_options_set_max_queue_count(options: *mut cryo_client_options, count: u32) -> cryo_status;
    /// As for a server.
    pub fn cryo_client_options_set_drop_policy(options: *mut cryo_client_options, policy: i32) -> cryo_status;
    /// As for a server.
    pub fn cryo_client_options_set_max_receipts(options: *mut cryo_client_options, count: u32) -> cryo_status;
    /// As for a server. Default 16777216.
    pub fn cryo_client_options_set_high_water_mark(options: *mut cryo_client_options, bytes: u64) -> cryo_status;
    /// As for a server. Default 8388608.
    pub fn cryo_client_options_set_max_queued_bytes(options: *mut cryo_client_options, bytes: u64) -> cryo_status;
    /// A client that is not started yet. CRYO_ERR_INVALID: no URL, no token, or options that do
    /// not fit together; the text says which.
    pub fn cryo_client_new(options: *const cryo_client_options, out: *mut *mut cryo_client) -> cryo_status;
    /// Begins to connect, and returns at once; events tell the rest. CRYO_ERR_STATE (started
    /// before), _INVALID (a proxy in the environment that is none), _TLS_FILE,
    /// _TLS_CERTIFICATE, _TLS_KEY, _TLS_MISMATCH, _TLS_EXPIRED, _SYSTEM.
    pub fn cryo_client_start(client: *mut cryo_client) -> cryo_status;
    /// Its session: valid as long as the client, and longer if it is retained. NULL for a
    /// handle that is none.
    pub fn cryo_client_session(client: *const cryo_client) -> *mut cryo_session;
    /// Another token, from the next attempt to connect on: it changes nothing about a
    /// connection that is there, nor about an attempt under way. CRYO_ERR_INVALID as
    /// cryo_client_options_set_token; CRYO_ERR_STATE: it has a token provider. CRYO_ERR_CLOSED:
    /// it has closed. Peers have no such call, and take a token provider instead. Where the
    /// server still has the session, because it has not noticed the loss or keeps lost sessions
    /// (cryo_server_options_set_resume_window_ms), a client with another token is refused with
    /// 409, and tries again, until that session is gone; unless the validator says
    /// cryo_auth_replace.
    pub fn cryo_client_set_token(client: *mut cryo_client, token: *const c_char) -> cryo_status;
    /// Settle the ticket of a token provider. Give: the token (copied) for the attempt that has
    /// asked. CRYO_ERR_INVALID: it is NULL, empty, or no UTF-8; the ticket stays unsettled
    /// then. Fail: there is none, for a `reason` (NULL: none) that the attempt_failed event
    /// tells. CRYO_ERR_STATE: it was settled before, its time is over, or the client was
    /// closed; there is nothing more to do.
    pub fn cryo_token_give(request: *mut cryo_token_request, token: *const c_char) -> cryo_status;
    /// Settle the ticket of a token provider. Give: the token (copied) for the attempt that has
    /// asked. CRYO_ERR_INVALID: it is NULL, empty, or no UTF-8; the ticket stays unsettled
    /// then. Fail: there is none, for a `reason` (NULL: none) that the attempt_failed event
    /// tells. CRYO_ERR_STATE: it was settled before, its time is over, or the client was
    /// closed; there is nothing more to do.
    pub fn cryo_token_fail(request: *mut cryo_token_request, reason: *const c_char) -> cryo_status;
    /// Closes it for good, connected or not: as cryo_session_close of its session.
    /// CRYO_ERR_STATE: not started. CRYO_ERR_CLOSED: closed or closing already.
    pub fn cryo_client_close(client: *mut cryo_client, code: i32, reason: *const c_char) -> cryo_status;
    /// Waits until it has closed (timeout_ms -1: for ever) and its last callback has returned.
    /// CRYO_ERR_TIMEOUT; CRYO_ERR_STATE: not started, on a loop of the application's, or inside
    /// a callback.
    pub fn cryo_client_wait(client: *mut cryo_client, timeout_ms: i32) -> cryo_status;
    /// Closes with 4000, waits, and frees; no callback of it runs any more when it returns. On
    /// a loop of the application's it runs that loop meanwhile. Inside a callback of the same
    /// loop it only begins to.
    pub fn cryo_client_free(client: *mut cryo_client);
    /// `name` (1 to 255 bytes) is what it is known by. An extension handle is for one thread at
    /// a time.
    pub fn cryo_extension_new(name: *const c_char, user: *mut c_void, finalizer: cryo_finalizer, out: *mut *mut cryo_extension) -> cryo_status;
    /// Drops the handle. Servers and clients to which the extension was added keep it.
    pub fn cryo_extension_free(extension: *mut cryo_extension);
    /// Drops the handle. Servers and clients to which the extension was added keep it.
    pub fn cryo_extension_name(extension: *const cryo_extension, out: *mut c_char, capacity: usize, len: *mut usize) -> cryo_status;
    /// The pointer that it was made with; NULL for a handle that is none.
    pub fn cryo_extension_user(extension: *const cryo_extension) -> *mut c_void;
    /// `direction` is CRYO_BEFORE_SEND or CRYO_ON_RECEIVE, `kind` CRYO_UTF8 or CRYO_BINARY.
    /// NULL: messages pass.
    pub fn cryo_extension_set_hook(extension: *mut cryo_extension, direction: i32, kind: i32, fn_: cryo_hook_fn) -> cryo_status;
    /// In the place of a function: the tickets come out of a queue (CRYO_EVENT_HOOK). NULL:
    /// messages pass.
    pub fn cryo_extension_set_queue(extension: *mut cryo_extension, direction: i32, kind: i32, queue: *mut cryo_queue) -> cryo_status;
    /// How long a ticket may be out. Default 5000, 1 at least.
    pub fn cryo_extension_set_timeout_ms(extension: *mut cryo_extension, ms: u32) -> cryo_status;
    /// What becomes of a message whose hook failed: CRYO_HOOK_STOP, the default, as what
    /// filters must not leak; or CRYO_HOOK_PASS, for what only looks. It is logged either way.
    pub fn cryo_extension_set_on_failure(extension: *mut cryo_extension, what: i32) -> cryo_status;
    /// Called once when it has been added, inside of the call that adds it; and once when it
    /// has been removed and no message is in its hands any more, on any thread. NULL: none.
    pub fn cryo_extension_on_register(extension: *mut cryo_extension, fn_: cryo_extension_fn) -> cryo_status;
    /// Called once when it has been added, inside of the call that adds it; and once when it
    /// has been removed and no message is in its hands any more, on any thread. NULL: none.
    pub fn cryo_extension_on_unregister(extension: *mut cryo_extension, fn_: cryo_extension_fn) -> cryo_status;
    /// Adds the extension behind those that are there, at any time. A thread's own sends after
    /// the call meet it. What sessions receive meets it once their thread has taken the call
    /// from its mailbox, where it lies in front of all that is sent there afterwards: a message
    /// that is read just then may still pass by. What must see every message is added before
    /// cryo_server_start. CRYO_ERR_EXISTS: one of that name is there.
    pub fn cryo_server_add_extension(server: *mut cryo_server, extension: *mut cryo_extension) -> cryo_status;
    /// Messages that come to it from now on pass by; tickets that are out still count.
    /// CRYO_ERR_NOT_FOUND.
    pub fn cryo_server_remove_extension(server: *mut cryo_server, name: *const c_char) -> cryo_status;
    /// The extension of that name, by a handle of its own, which the caller frees.
    /// CRYO_ERR_NOT_FOUND.
    pub fn cryo_server_find_extension(server: *const cryo_server, name: *const c_char, out: *mut *mut cryo_extension) -> cryo_status;
    /// The extension of that name, by a handle of its own, which the caller frees.
    /// CRYO_ERR_NOT_FOUND.
    pub fn cryo_client_add_extension(client: *mut cryo_client, extension: *mut cryo_extension) -> cryo_status;
    /// The extension of that name, by a handle of its own, which the caller frees.
    /// CRYO_ERR_NOT_FOUND.
    pub fn cryo_client_remove_extension(client: *mut cryo_client, name: *const c_char) -> cryo_status;
    /// The extension of that name, by a handle of its own, which the caller frees.
    /// CRYO_ERR_NOT_FOUND.
    pub fn cryo_client_find_extension(client: *const cryo_client, name: *const c_char, out: *mut *mut cryo_extension) -> cryo_status;
    /// Settle a ticket, from any thread. CRYO_ERR_STATE: it was settled before, its time is
    /// over, or the session has closed; there is nothing more to do.
    pub fn cryo_hook_pass(hook: *mut cryo_hook) -> cryo_status;
    /// As cryo_hook_pass with another content, of the same kind. CRYO_ERR_TOO_BIG;
    /// CRYO_ERR_INVALID also for text that is not UTF-8: the ticket stays unsettled then.
    pub fn cryo_hook_replace(hook: *mut cryo_hook, data: *const u8, len: usize) -> cryo_status;
    /// As cryo_hook_pass with another content, of the same kind. CRYO_ERR_TOO_BIG;
    /// CRYO_ERR_INVALID also for text that is not UTF-8: the ticket stays unsettled then.
    pub fn cryo_hook_stop(hook: *mut cryo_hook) -> cryo_status;
    /// The hook could not do its work, for a reason that is logged (NULL: none).
    pub fn cryo_hook_fail(hook: *mut cryo_hook, reason: *const c_char) -> cryo_status;
    /// Until the ticket is settled, for whoever settles it: what the hook was given. NULL or 0
    /// afterwards. The session: retain it to keep it.
    pub fn cryo_hook_data(hook: *const cryo_hook, len: *mut usize) -> *const u8;
    /// Until the ticket is settled, for whoever settles it: what the hook was given. NULL or 0
    /// afterwards. The session: retain it to keep it.
    pub fn cryo_hook_kind(hook: *const cryo_hook) -> i32;
    /// Until the ticket is settled, for whoever settles it: what the hook was given. NULL or 0
    /// afterwards. The session: retain it to keep it.
    pub fn cryo_hook_direction(hook: *const cryo_hook) -> i32;
    /// Until the ticket is settled, for whoever settles it: what the hook was given. NULL or 0
    /// afterwards. The session: retain it to keep it.
    pub fn cryo_hook_session(hook: *const cryo_hook) -> *mut cryo_session;
    /// A loop for any number of clients, which the application runs on a thread of its own.
    pub fn cryo_loop_new(out: *mut *mut cryo_loop) -> cryo_status;
    /// As the three calls for a server with 0 threads. One thread at a time. cryo_loop_run_once
    /// answers CRYO_OK also when no client is left; CRYO_ERR_STATE: inside a callback of the
    /// loop, or another thread runs it.
    pub fn cryo_loop_run_once(loop_: *mut cryo_loop, timeout_ms: i32) -> cryo_status;
    /// As cryo_server_wake: from any thread, and in a signal handler.
    pub fn cryo_loop_wake(loop_: *mut cryo_loop) -> cryo_status;
    /// As cryo_server_wake: from any thread, and in a signal handler.
    pub fn cryo_loop_fd(loop_: *const cryo_loop) -> i32;
    /// As cryo_server_wake: from any thread, and in a signal handler.
    pub fn cryo_loop_timeout_ms(loop_: *const cryo_loop) -> i32;
    /// Drops the handle. The loop goes with its last client, and must be run until then by
    /// freeing the clients.
    pub fn cryo_loop_free(loop_: *mut cryo_loop);
    /// The same events, pulled instead of called back: for languages that cannot be called from
    /// a foreign thread, and for event loops. Several servers may share a queue; several
    /// threads may pull.
    pub fn cryo_queue_new(out: *mut *mut cryo_queue) -> cryo_status;
    /// Frees the events that wait in it, and all batches (none may be read meanwhile); tickets
    /// of events that wait are rejected, or fail. Servers that use it drop their events from
    /// then on.
    pub fn cryo_queue_free(queue: *mut cryo_queue);
    /// While more than so many events, or message bytes, wait in the queue, sessions are not
    /// read from. Defaults 16384 and 67108864. Both at least 1.
    pub fn cryo_queue_set_capacity(queue: *mut cryo_queue, events: u32, bytes: u64) -> cryo_status;
    /// A descriptor that is readable while an event waits. Only to be watched: do not read it.
    /// Owned by the queue. Negative: a status. It is kept up to date from the first call on; a
    /// queue that nobody watches costs no system calls for it.
    pub fn cryo_queue_fd(queue: *const cryo_queue) -> i32;
    /// The next event, waiting up to timeout_ms (-1: for ever, 0: not at all) for one. The
    /// caller frees it with cryo_event_free. CRYO_ERR_TIMEOUT: none came. CRYO_ERR_CLOSED: the
    /// queue was freed meanwhile. CRYO_ERR_STATE: woken.
    pub fn cryo_queue_next(queue: *mut cryo_queue, timeout_ms: i32, out: *mut *mut cryo_event) -> cryo_status;
    /// Makes one cryo_queue_next or cryo_queue_next_many that waits, or the next one to come,
    /// return CRYO_ERR_STATE.
    pub fn cryo_queue_wake(queue: *mut cryo_queue) -> cryo_status;
    /// What an event holds; for what it does not, 0, NULL or "". All of it lives until
    /// cryo_event_free: retain the session to keep it. A ticket lives until it is settled or
    /// times out, also after its event. An event handle is for one thread at a time.
    pub fn cryo_event_free(event: *mut cryo_event);
    /// What an event holds; for what it does not, 0, NULL or "". All of it lives until
    /// cryo_event_free: retain the session to keep it. A ticket lives until it is settled or
    /// times out, also after its event. An event handle is for one thread at a time.
    pub fn cryo_event_kind(event: *const cryo_event) -> i32;
    /// What an event holds; for what it does not, 0, NULL or "". All of it lives until
    /// cryo_event_free: retain the session to keep it. A ticket lives until it is settled or
    /// times out, also after its event. An event handle is for one thread at a time.
    pub fn cryo_event_session(event: *const cryo_event) -> *mut cryo_session;
    /// What an event holds; for what it does not, 0, NULL or "". All of it lives until
    /// cryo_event_free: retain the session to keep it. A ticket lives until it is settled or
    /// times out, also after its event. An event handle is for one thread at a time.
    pub fn cryo_event_auth(event: *const cryo_event) -> *mut cryo_auth;
    /// What an event holds; for what it does not, 0, NULL or "". All of it lives until
    /// cryo_event_free: retain the session to keep it. A ticket lives until it is settled or
    /// times out, also after its event. An event handle is for one thread at a time.
    pub fn cryo_event_message_kind(event: *const cryo_event) -> i32;
    /// What an event holds; for what it does not, 0, NULL or "". All of it lives until
    /// cryo_event_free: retain the session to keep it. A ticket lives until it is settled or
    /// times out, also after its event. An event handle is for one thread at a time. never NULL
    /// for a message or a token
    pub fn cryo_event_data(event: *const cryo_event, len: *mut usize) -> *const u8;
    /// What an event holds; for what it does not, 0, NULL or "". All of it lives until
    /// cryo_event_free: retain the session to keep it. A ticket lives until it is settled or
    /// times out, also after its event. An event handle is for one thread at a time.
    pub fn cryo_event_code(event: *const cryo_event) -> i32;
    /// What an event holds; for what it does not, 0, NULL or "". All of it lives until
    /// cryo_event_free: retain the session to keep it. A ticket lives until it is settled or
    /// times out, also after its event. An event handle is for one thread at a time. never
    /// NULL, NUL-terminated
    pub fn cryo_event_text(event: *const cryo_event) -> *const c_char;
    /// What an event holds; for what it does not, 0, NULL or "". All of it lives until
    /// cryo_event_free: retain the session to keep it. A ticket lives until it is settled or
    /// times out, also after its event. An event handle is for one thread at a time.
    pub fn cryo_event_value(event: *const cryo_event) -> f64;
    /// What an event holds; for what it does not, 0, NULL or "". All of it lives until
    /// cryo_event_free: retain the session to keep it. A ticket lives until it is settled or
    /// times out, also after its event. An event handle is for one thread at a time.
    pub fn cryo_event_http_status(event: *const cryo_event) -> i32;
    /// What an event holds; for what it does not, 0, NULL or "". All of it lives until
    /// cryo_event_free: retain the session to keep it. A ticket lives until it is settled or
    /// times out, also after its event. An event handle is for one thread at a time.
    pub fn cryo_event_receipt(event: *const cryo_event) -> u64;
    /// What an event holds; for what it does not, 0, NULL or "". All of it lives until
    /// cryo_event_free: retain the session to keep it. A ticket lives until it is settled or
    /// times out, also after its event. An event handle is for one thread at a time. see
    /// cryo_message_id
    pub fn cryo_event_message_id(event: *const cryo_event) -> u64;
    /// What an event holds; for what it does not, 0, NULL or "". All of it lives until
    /// cryo_event_free: retain the session to keep it. A ticket lives until it is settled or
    /// times out, also after its event. An event handle is for one thread at a time. lives
    /// until it is settled, also after its event
    pub fn cryo_event_hook(event: *const cryo_event) -> *mut cryo_hook;
    /// What an event holds; for what it does not, 0, NULL or "". All of it lives until
    /// cryo_event_free: retain the session to keep it. A ticket lives until it is settled or
    /// times out, also after its event. An event handle is for one thread at a time. the same
    pub fn cryo_event_token_request(event: *const cryo_event) -> *mut cryo_token_request;
    /// Many events at a time, read in memory: one call for a batch instead of a dozen for each
    /// event, no handle and no allocation for any. cryo_queue_next_many waits as
    /// cryo_queue_next does, and gives what lies together of the events that have come: at most
    /// max_events of them (0: no bound; a batch is some hundred short messages), in their
    /// order, never none. `*batch`, which must be NULL or a batch of this queue, is given back
    /// first, as by cryo_queue_release, so that a loop over batches needs one variable;
    /// afterwards it is the new batch, with its size in `*len`, or NULL where there is none
    /// (the statuses are those of cryo_queue_next; with CRYO_ERR_INVALID and CRYO_ERR_HANDLE
    /// nothing has happened). What it holds lives until it is given back, or the queue is
    /// freed: its bytes, and its sessions' handles; retain a session to keep it. Its tickets
    /// are the application's, as those of cryo_queue_next. Several threads may pull batches of
    /// one queue, each with a variable of its own, and some may call cryo_queue_next meanwhile:
    /// each event goes to one of them. A session's events then go to several threads, in their
    /// order; a session whose closed event was taken by cryo_queue_next may be gone for who
    /// still has a batch with its messages. A thread that takes batches and sends by
    /// cryo_session_send has its answers gathered until it takes the next one, or gives the
    /// batch back, or for about a millisecond: then they leave together, each session's in one
    /// write with the acknowledgements of the messages that it answers. So call
    /// cryo_queue_release, or cryo_queue_next_many again, as soon as there is nothing more to
    /// say. A batch is bytes in the processor's order, with fixed-width fields at fixed
    /// offsets. Its head: 0 u32 CRYO_BATCH_VERSION; another one has another layout 4 u32 how
    /// many events it has 8 u64 its bytes in all, as in `*len` 16 u32 where its first event
    /// begins 20 u32 the size of an event's fixed part: CRYO_RECORD_SIZE, or more in a later
    /// version, which adds fields behind An event, always at a multiple of 8: 0 u64 from where
    /// it begins to where the next one does 8 i32 CRYO_EVENT_* 12 i32 message_kind 16 u64
    /// session: the value of a cryo_session *; 0: none 24 u64 the ticket: of a cryo_auth *,
    /// cryo_hook * or cryo_token_request *, by the event's kind; 0: none 32 u64 the length of
    /// its data 40 u32 where its data is, from where the event begins; 8-byte aligned 44 u32
    /// where its text is, likewise, with a NUL behind it; 0: there is none 48 u32 the text's
    /// length 52 i32 code 56 i32 http_status 64 u64 receipt 72 u64 message_id 80 f64 value They
    /// are what the functions above give for the same kind of event; what it does not have is
    /// 0.
    pub fn cryo_queue_next_many(queue: *mut cryo_queue, timeout_ms: i32, max_events: u32, batch: *mut *const u8, len: *mut usize) -> cryo_status;
    /// Gives a batch back before the next one is taken. NULL: only lets answers leave.
    /// CRYO_ERR_INVALID: it is none of this queue's.
    pub fn cryo_queue_release(queue: *mut cryo_queue, batch: *const u8) -> cryo_status;
}
