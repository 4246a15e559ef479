// Written by bindings/api/update.py; do not edit.

//! What a server or client shall do. Each setter says what the option is, and its default, in the
//! words of cryo.h.

use std::time::Duration;

use crate::raw;
use crate::settings::{milliseconds, ClientOptions, ServerOptions};
use crate::{DropPolicy, DuplicatePolicy, Forwarded, TlsVersion, Transport};

impl ServerOptions {
    /// The address to bind: numeric IPv4 or IPv6, or a name that resolves to one. "::" takes
    /// IPv4 too. Default "127.0.0.1". "unix:/run/cryo.sock" is a Unix-domain socket with that
    /// path ("unix:@name": one without a file, on Linux); the port means nothing then. A socket
    /// that is there already is removed if nobody listens at it, and the file is removed at the
    /// stop. Who connects to it has the remote address "unix:", and no limit per address.
    #[must_use]
    pub fn host(self, host: &str) -> Self {
        self.with(|options| raw::cryo_server_options_set_host(options, host))
    }

    /// Default 8080; 0 takes any free port (see cryo_server_port).
    #[must_use]
    pub fn port(self, port: u16) -> Self {
        self.with(|options| raw::cryo_server_options_set_port(options, port))
    }

    /// 1: other processes of the same user may listen at the port as well, if they set this
    /// too; the system deals the clients out among them (SO_REUSEPORT). For one server in each
    /// of several processes, made behind the fork. They know nothing of one another: ids,
    /// limits and broadcasts are each one's own. Default 0: then starting a second one answers
    /// CRYO_ERR_ADDRESS_IN_USE.
    #[must_use]
    pub fn reuse_port(self, on: bool) -> Self {
        self.with(|options| raw::cryo_server_options_set_reuse_port(options, i32::from(on)))
    }

    /// The mode of that socket's file, which says who may connect: 1 to 0777. Default 0: what
    /// the process's umask leaves.
    #[must_use]
    pub fn socket_mode(self, mode: u32) -> Self {
        self.with(|options| raw::cryo_server_options_set_socket_mode(options, mode))
    }

    /// Listen on this descriptor instead of host and port: a stream socket that listens
    /// already, from a service manager or a parent process, TCP or Unix. It stays the caller's,
    /// who closes it whenever he likes after cryo_server_start (a connection to it waits for
    /// whoever listens next, if he does not). The library makes it one that does not block, and
    /// reads no environment; `cryo serve` does. Default -1: none.
    #[must_use]
    pub fn listen_fd(self, fd: i32) -> Self {
        self.with(|options| raw::cryo_server_options_set_listen_fd(options, fd))
    }

    /// What carries the connections. Clients cannot tell, and it changes no limit and no
    /// promise, but memory and time: a connection costs less without libwebsockets.
    /// CRYO_TRANSPORT_POLL carries TLS where libwebsockets was built on OpenSSL; elsewhere
    /// cryo_server_start answers CRYO_ERR_UNSUPPORTED with it and TLS.
    /// CRYO_TRANSPORT_LIBWEBSOCKETS is for who finds that the other one is at fault. Default
    /// CRYO_TRANSPORT_AUTO.
    #[must_use]
    pub fn transport(self, transport: Transport) -> Self {
        self.with(|options| raw::cryo_server_options_set_transport(options, transport.0))
    }

    /// Service threads, 0 to 256. Default 1. With 0 the server has no thread: the application
    /// calls cryo_server_run_once.
    #[must_use]
    pub fn threads(self, threads: u32) -> Self {
        self.with(|options| raw::cryo_server_options_set_threads(options, threads))
    }

    /// Serve TLS (1.3, and 1.2 with forward secrecy) from PEM: the certificate with its chain,
    /// leaf first, and its private key. They are read and checked by cryo_server_start, by the
    /// library that serves with them. Each call replaces what was set or added before; NULLs
    /// mean no TLS.
    #[must_use]
    pub fn tls_files(self, certificate_file: &str, key_file: &str) -> Self {
        self.with(|options| raw::cryo_server_options_set_tls_files(options, certificate_file, key_file))
    }

    /// Serve TLS (1.3, and 1.2 with forward secrecy) from PEM: the certificate with its chain,
    /// leaf first, and its private key. They are read and checked by cryo_server_start, by the
    /// library that serves with them. Each call replaces what was set or added before; NULLs
    /// mean no TLS.
    #[must_use]
    pub fn tls_memory(self, certificate: &[u8], key: &[u8]) -> Self {
        self.with(|options| raw::cryo_server_options_set_tls_memory(options, certificate, key))
    }

    /// More certificates: a client sees the first one that has the name it asks for (SNI) among
    /// its alternative names, exactly or by a wildcard ("*.example.org" stands for one label),
    /// and where none has, or it asks for none, the first of all.
    #[must_use]
    pub fn add_tls_files(self, certificate_file: &str, key_file: &str) -> Self {
        self.with(|options| raw::cryo_server_options_add_tls_files(options, certificate_file, key_file))
    }

    /// More certificates: a client sees the first one that has the name it asks for (SNI) among
    /// its alternative names, exactly or by a wildcard ("*.example.org" stands for one label),
    /// and where none has, or it asks for none, the first of all.
    #[must_use]
    pub fn add_tls_memory(self, certificate: &[u8], key: &[u8]) -> Self {
        self.with(|options| raw::cryo_server_options_add_tls_memory(options, certificate, key))
    }

    /// The oldest version of TLS that is spoken: CRYO_TLS_1_2, the default, or CRYO_TLS_1_3.
    #[must_use]
    pub fn tls_min_version(self, version: TlsVersion) -> Self {
        self.with(|options| raw::cryo_server_options_set_tls_min_version(options, version.0))
    }

    /// Ask clients for certificates: PEM of those who may certify them, authorities or ones
    /// between, or of the clients' certificates themselves, from a file or from memory. A
    /// certificate that none of them vouches for is refused in the handshake; the validator,
    /// which is asked as ever, can read one that was taken (cryo_auth_peer_certificate_subject
    /// and its neighbours). What cannot be used in the PEM is passed over with a warning in the
    /// log. Each call replaces what was set before; NULL, the default: they are not asked.
    #[must_use]
    pub fn tls_client_ca_file(self, file: &str) -> Self {
        self.with(|options| raw::cryo_server_options_set_tls_client_ca_file(options, file))
    }

    /// Ask clients for certificates: PEM of those who may certify them, authorities or ones
    /// between, or of the clients' certificates themselves, from a file or from memory. A
    /// certificate that none of them vouches for is refused in the handshake; the validator,
    /// which is asked as ever, can read one that was taken (cryo_auth_peer_certificate_subject
    /// and its neighbours). What cannot be used in the PEM is passed over with a warning in the
    /// log. Each call replaces what was set before; NULL, the default: they are not asked.
    #[must_use]
    pub fn tls_client_ca_memory(self, pem: &[u8]) -> Self {
        self.with(|options| raw::cryo_server_options_set_tls_client_ca_memory(options, pem))
    }

    /// 1: a client that shows none is refused in the handshake. 0, the default: it is let in
    /// without.
    #[must_use]
    pub fn tls_require_client_certificate(self, on: bool) -> Self {
        self.with(|options| raw::cryo_server_options_set_tls_require_client_certificate(options, i32::from(on)))
    }

    /// A file with an OCSP response (DER), to be shown with the certificate that it is about
    /// (stapling). One for each certificate may be added. Whoever fetches a newer one calls
    /// cryo_server_set_tls. One that cannot be read, or has expired, is not shown, and the log
    /// says so with a warning.
    #[must_use]
    pub fn tls_ocsp_file(self, file: &str) -> Self {
        self.with(|options| raw::cryo_server_options_add_tls_ocsp_file(options, file))
    }

    /// The keys of session tickets, for several servers behind one balancer, so that a client
    /// that comes back to any of them is known there: 1 to 16 keys of 80 random bytes each, one
    /// after the other (a name of 16 bytes, then 32 for HMAC-SHA-256 and 32 for AES-256, as
    /// nginx and others have them). The first one makes tickets, all of them are taken: to
    /// change the key, put a new one in front everywhere, having first put it at the end
    /// everywhere. Who knows a key can read what was said under its tickets with TLS 1.2. NULL,
    /// the default: the server has keys of its own, for all of its threads, and changes them
    /// each hour.
    #[must_use]
    pub fn tls_ticket_keys(self, keys: &[u8]) -> Self {
        self.with(|options| raw::cryo_server_options_set_tls_ticket_keys(options, keys))
    }

    /// CALE: 1 encrypts all that sessions say, end to end inside the WebSocket, for deployments
    /// without TLS; 0, the default, does not. Clients must want the same: where one side
    /// expects it and the other does not, the session closes with 4010, or with 4011 when a
    /// client waits in vain for a server that says nothing. It keeps a passive listener from
    /// reading messages. It authenticates nobody: whoever can put himself between client and
    /// server can pose as either, and the token has travelled in the URL before it starts.
    /// Prefer TLS where you can.
    #[must_use]
    pub fn cale(self, on: bool) -> Self {
        self.with(|options| raw::cryo_server_options_set_cale(options, i32::from(on)))
    }

    /// Time for CALE's handshake, from the first frame on; one that takes longer closes with
    /// 4011. Default 10000.
    #[must_use]
    pub fn cale_timeout(self, after: Duration) -> Self {
        self.with(|options| raw::cryo_server_options_set_cale_timeout_ms(options, milliseconds(after)?))
    }

    /// How often a session is pinged and its statistics are announced. One that shows no life
    /// for a whole interval after a ping is closed with 4001, at once. On a slow link, one that
    /// goes on taking what is in front of the ping lives. Default 15000, 10 at least.
    #[must_use]
    pub fn keepalive(self, after: Duration) -> Self {
        self.with(|options| raw::cryo_server_options_set_keepalive_ms(options, milliseconds(after)?))
    }

    /// How long a peer may take no byte of what waits for it, whatever it says meanwhile; then
    /// the session is closed with 4001, at once. Against peers that never read and hold a full
    /// queue. Default 60000; 0: for ever.
    #[must_use]
    pub fn stall_timeout(self, after: Duration) -> Self {
        self.with(|options| raw::cryo_server_options_set_stall_timeout_ms(options, milliseconds(after)?))
    }

    /// After this a message that is not acknowledged counts as timed out. Default 2500.
    #[must_use]
    pub fn ack_timeout(self, after: Duration) -> Self {
        self.with(|options| raw::cryo_server_options_set_ack_timeout_ms(options, milliseconds(after)?))
    }

    /// Time for a client's request head, TLS handshake included, and for a PROXY header before
    /// that: against clients that connect and dawdle. Default 5000.
    #[must_use]
    pub fn head_timeout(self, after: Duration) -> Self {
        self.with(|options| raw::cryo_server_options_set_head_timeout_ms(options, milliseconds(after)?))
    }

    /// The longest request head, request line and headers: against those who make the server
    /// hold much before they are anybody. The target may take all but a 32nd of it (414, else
    /// 431). The memory is taken as it comes, and given back at the upgrade. Default 16384;
    /// 1024 to 65536.
    #[must_use]
    pub fn max_head_bytes(self, bytes: u32) -> Self {
        self.with(|options| raw::cryo_server_options_set_max_head_bytes(options, bytes))
    }

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
    #[must_use]
    pub fn trusted_proxy(self, network: &str) -> Self {
        self.with(|options| raw::cryo_server_options_add_trusted_proxy(options, network))
    }

    /// Which headers of trusted proxies count: CRYO_FORWARDED_NONE, _ANY, _X_FORWARDED_FOR or
    /// _RFC7239. With _ANY, the default, whichever is there; where both are and name two
    /// clients, one of them is the client's own making, and the request is refused with 400.
    /// Your proxy should replace or remove those that it does not set.
    #[must_use]
    pub fn forwarded_header(self, which: Forwarded) -> Self {
        self.with(|options| raw::cryo_server_options_set_forwarded_header(options, which.0))
    }

    /// 1: each connection begins with a PROXY protocol header, version 1 or 2, in front of TLS
    /// too, and comes from one of the trusted proxies; every other one is dropped, with a line
    /// in the log. Without it such a header is refused with 400. Default 0. cryo_server_new
    /// answers CRYO_ERR_INVALID where no proxy is trusted.
    #[must_use]
    pub fn proxy_protocol(self, on: bool) -> Self {
        self.with(|options| raw::cryo_server_options_set_proxy_protocol(options, i32::from(on)))
    }

    /// Time for the validator's answer: a ticket left alone is rejected then. Default 10000.
    #[must_use]
    pub fn validation_timeout(self, after: Duration) -> Self {
        self.with(|options| raw::cryo_server_options_set_validation_timeout_ms(options, milliseconds(after)?))
    }

    /// How long the first frame waits for a client that does not answer the WebSocket ping
    /// behind the upgrade. Default 250.
    #[must_use]
    pub fn hello_wait(self, after: Duration) -> Self {
        self.with(|options| raw::cryo_server_options_set_hello_wait_ms(options, milliseconds(after)?))
    }

    /// How long to wait for the peer's half of a close, and for what was sent before it to
    /// leave. Default 2000.
    #[must_use]
    pub fn close_timeout(self, after: Duration) -> Self {
        self.with(|options| raw::cryo_server_options_set_close_timeout_ms(options, milliseconds(after)?))
    }

    /// How long a message that was begun may stand still; then the session is closed with 1008.
    /// As long as it goes on it may take any time. Default 30000.
    #[must_use]
    pub fn message_timeout(self, after: Duration) -> Self {
        self.with(|options| raw::cryo_server_options_set_message_timeout_ms(options, milliseconds(after)?))
    }

    /// Bytes a second below which a message counts as standing still: on average, and not
    /// before the time above has passed. Against clients that send a byte now and then. 0: each
    /// byte starts that time anew. Default 100.
    #[must_use]
    pub fn min_message_rate(self, bytes_per_second: u32) -> Self {
        self.with(|options| raw::cryo_server_options_set_min_message_rate(options, bytes_per_second))
    }

    /// The longest WebSocket message (a Cryo frame: 21 bytes and its payload) that is taken; a
    /// longer one closes with 1009, without being buffered. Default 16777216; 125 to
    /// 1073741824.
    #[must_use]
    pub fn max_message_bytes(self, bytes: u64) -> Self {
        self.with(|options| raw::cryo_server_options_set_max_message_bytes(options, bytes))
    }

    /// Fragments of one message, besides one for each KiB that it has brought; more close with
    /// 1008. Default 1024.
    #[must_use]
    pub fn max_fragments(self, count: u32) -> Self {
        self.with(|options| raw::cryo_server_options_set_max_fragments(options, count))
    }

    /// Malformed frames that a session may send; one more closes with 4001. Default 16.
    #[must_use]
    pub fn max_violations(self, count: u32) -> Self {
        self.with(|options| raw::cryo_server_options_set_max_violations(options, count))
    }

    /// Bytes handed to the transport and not taken by the kernel, at which a session's queue is
    /// held. Default 4194304: with max_queued_bytes, what one client that takes nothing may
    /// hold.
    #[must_use]
    pub fn high_water_mark(self, bytes: u64) -> Self {
        self.with(|options| raw::cryo_server_options_set_high_water_mark(options, bytes))
    }

    /// Below this it flows again; at most the high-water mark. Default 1048576.
    #[must_use]
    pub fn low_water_mark(self, bytes: u64) -> Self {
        self.with(|options| raw::cryo_server_options_set_low_water_mark(options, bytes))
    }

    /// Bytes that may wait in a held queue. Beyond, the drop policy decides. Default 4194304.
    #[must_use]
    pub fn max_queued_bytes(self, bytes: u64) -> Self {
        self.with(|options| raw::cryo_server_options_set_max_queued_bytes(options, bytes))
    }

    /// Messages that may wait in a held queue. Default 1024.
    #[must_use]
    pub fn max_queue_count(self, count: u32) -> Self {
        self.with(|options| raw::cryo_server_options_set_max_queue_count(options, count))
    }

    /// One of CRYO_DROP_OLDEST, the default, CRYO_DROP_NEWEST and CRYO_DEDUPE_LATEST. Only
    /// messages that wait in a held queue are ever dropped; what the protocol itself says
    /// (acknowledgements, pings) never is.
    #[must_use]
    pub fn drop_policy(self, policy: DropPolicy) -> Self {
        self.with(|options| raw::cryo_server_options_set_drop_policy(options, policy.0))
    }

    /// Bytes that the messages of all sessions together may hold, with what other threads have
    /// sent or broadcast and no loop has taken yet; what would exceed it is refused with
    /// CRYO_ERR_TOTAL_FULL (CRYO_DEDUPE_LATEST first makes room in the session's own queue).
    /// Against many slow peers at once, and against threads that send faster than the loops can
    /// take it. 0: no limit. Default: a quarter of the memory that the process may have, which
    /// is the least of the machine's, of what its control groups allow (version 1 or 2, as
    /// containers and service managers set them) and of RLIMIT_AS, as the first server of the
    /// process finds them.
    #[must_use]
    pub fn max_total_queued_bytes(self, bytes: u64) -> Self {
        self.with(|options| raw::cryo_server_options_set_max_total_queued_bytes(options, bytes))
    }

    /// Receipts that a session may owe; a send that asks for one more is refused with
    /// CRYO_ERR_RECEIPTS_FULL. Default 65536, 1 at least.
    #[must_use]
    pub fn max_receipts(self, count: u32) -> Self {
        self.with(|options| raw::cryo_server_options_set_max_receipts(options, count))
    }

    /// Sessions at once; further clients get 503. Default 0: no limit but the system's, and
    /// that of 131072 descriptors in the process. Who expects more than that says here how
    /// many, and the library prepares for them.
    #[must_use]
    pub fn max_sessions(self, count: u32) -> Self {
        self.with(|options| raw::cryo_server_options_set_max_sessions(options, count))
    }

    /// Connections at once from one address (IPv6: one /64 network); further ones get 503. As
    /// many of its sessions again may be without a connection
    /// (cryo_server_options_set_resume_window_ms); where there are as many, a lost one closes.
    /// Default 0: no limit.
    #[must_use]
    pub fn max_sessions_per_address(self, count: u32) -> Self {
        self.with(|options| raw::cryo_server_options_set_max_sessions_per_address(options, count))
    }

    /// One of CRYO_DUPLICATE_PROBE, the default, _REFUSE and _REPLACE: what becomes of a live
    /// session when a client comes with its id, and its token was accepted and is the same. A
    /// client whose connection is lost often knows that before the server does (a phone that
    /// changes the network, a sleep, a balancer that dies), and comes back while its former
    /// session still seems alive. A session that gives way closes with 4000 `Taken over.`, and
    /// the newcomer's session event comes behind its closed event. With another token the
    /// newcomer is refused with 409, unless the validator says otherwise (cryo_auth_replace);
    /// with another certificate likewise, where clients show one. Sessions of
    /// cryo_server_connect_peer never give way.
    #[must_use]
    pub fn duplicate_policy(self, policy: DuplicatePolicy) -> Self {
        self.with(|options| raw::cryo_server_options_set_duplicate_policy(options, policy.0))
    }

    /// For CRYO_DUPLICATE_PROBE: time to show life. Default 1000, 1 at least.
    #[must_use]
    pub fn probe_timeout(self, after: Duration) -> Self {
        self.with(|options| raw::cryo_server_options_set_probe_timeout_ms(options, milliseconds(after)?))
    }

    /// How long a session whose connection is lost, not closed, waits for its client. Default
    /// 0: not at all. It tells disconnected and, when a client comes with its id and token,
    /// reconnected; its store, its extensions and its receipts stay. What is sent meanwhile
    /// waits, within the caps and by the drop policy of its queue, and so does what was not
    /// acknowledged; that leaves first, in its order. Then, or when the time is over, it closes
    /// with the code of the loss. A client of this library gets nothing twice, and nothing that
    /// it sent is delivered twice; others may get again what they have not acknowledged. It is
    /// one of the live sessions meanwhile, for limits and broadcasts too. With several threads
    /// its events may come on another thread afterwards, one at a time as always.
    #[must_use]
    pub fn resume_window(self, after: Duration) -> Self {
        self.with(|options| raw::cryo_server_options_set_resume_window_ms(options, milliseconds(after)?))
    }

    /// Sessions that wait so at once; where there are as many, a lost one closes. 0: no limit.
    /// Default 65536.
    #[must_use]
    pub fn max_away_sessions(self, count: u32) -> Self {
        self.with(|options| raw::cryo_server_options_set_max_away_sessions(options, count))
    }

    /// Tickets waiting for the validator; further clients get 503. Default 1024.
    #[must_use]
    pub fn max_pending_validations(self, count: u32) -> Self {
        self.with(|options| raw::cryo_server_options_set_max_pending_validations(options, count))
    }

    /// 1: answer those who ask whether the server is well, on the same port, with TLS and
    /// without: GET, HEAD or OPTIONS, of HTTP/1.0 and 1.1. /healthz: 200 while it runs.
    /// /readyz, and what balancers ask by default (OPTIONS, GET and HEAD of "/" without a
    /// query): 200 while clients are let in, 503 with Retry-After once it drains or stops. A
    /// server that is full (max_sessions) is ready, and its body says that it is full: clients
    /// that come back to a session of theirs still find it here. Each such connection closes
    /// behind its answer, and counts for no limit. Requests with a word of a WebSocket in them
    /// are clients', whatever their path. Default 0: 426, as for all that is no upgrade.
    #[must_use]
    pub fn health(self, on: bool) -> Self {
        self.with(|options| raw::cryo_server_options_set_health(options, i32::from(on)))
    }

    /// 1: answer GET /metrics on the same port with the text of cryo_server_metrics. `token`
    /// (copied): whoever sends it in the header `Authorization: Bearer TOKEN`, from anywhere;
    /// others get 401. NULL: this machine only, by its loopback addresses, and not with a
    /// header by which a proxy says that it asks for somebody else (Forwarded, X-Forwarded-For,
    /// Via); others get 403. A proxy on this machine that sends no such header passes strangers
    /// off as this machine: set a token there. Default 0: nobody.
    #[must_use]
    pub fn metrics(self, on: bool, token: Option<&str>) -> Self {
        self.with(|options| raw::cryo_server_options_set_metrics(options, i32::from(on), token))
    }

    /// 1: messages are acknowledged when the application says so (cryo_message_ack), for
    /// processing at least once: a peer that sends again what was not acknowledged does so
    /// until the application is done with it, whatever happens to connections in between. 0,
    /// the default: the library acknowledges each message when it comes. What an extension
    /// stops is acknowledged by that. Peers count a message that is not acknowledged within
    /// their acknowledgement time-out (cryo_client_options_set_ack_timeout_ms, 2500 ms) as
    /// timed out, for receipts and statistics; it is none the less acknowledged later. A client
    /// of this library sends again with cryo_client_options_set_resend.
    #[must_use]
    pub fn manual_ack(self, on: bool) -> Self {
        self.with(|options| raw::cryo_server_options_set_manual_ack(options, i32::from(on)))
    }

    /// With that, messages that a session's application may have in its hands; where there are
    /// as many, further ones wait as in cryo_session_pause_reading. Against an application that
    /// is slower than its peers. Default 1024, 1 at least.
    #[must_use]
    pub fn max_unacknowledged(self, count: u32) -> Self {
        self.with(|options| raw::cryo_server_options_set_max_unacknowledged(options, count))
    }

    /// Pages of which origins ("https://app.example.com", with ":port" where it is not the
    /// scheme's own; "null") may connect. Each call adds one; NULL, the default: every origin
    /// may. A browser says with each WebSocket whose page opens it, and asks nobody: without a
    /// list any page in the world can connect with what its visitor's browser knows (cookies, a
    /// token in a URL). Scheme and host are compared without regard to case, and a port that is
    /// the scheme's own is the same as none (RFC 6454). Others get 403, before the validator is
    /// asked. A request without an Origin header comes from no browser, which could say what it
    /// wants, and is let through. CRYO_ERR_INVALID: it is no origin (a path, a wildcard), or
    /// there are 64.
    #[must_use]
    pub fn allowed_origin(self, origin: &str) -> Self {
        self.with(|options| raw::cryo_server_options_add_allowed_origin(options, origin))
    }

    /// A header of the upgrade request that sessions keep, for cryo_session_header:
    /// "User-Agent" for example. Each call adds one, 32 at most; NULL, the default: none.
    /// Tickets have all headers in any case. What is kept costs memory for as long as the
    /// session lives, and no more than a request's head may hold. CRYO_ERR_INVALID: it is no
    /// header's name, or the 33rd.
    #[must_use]
    pub fn session_header(self, name: &str) -> Self {
        self.with(|options| raw::cryo_server_options_add_session_header(options, name))
    }

    /// Upgrade requests from one address (IPv6: one /64 network) in the window below, whatever
    /// becomes of them; further ones get 429, with the time to wait in Retry-After. They count
    /// evenly: when they are used up, a new one is free after window / count. Against floods of
    /// clients that come and go. Default 0: no limit.
    #[must_use]
    pub fn max_attempts_per_address(self, count: u32) -> Self {
        self.with(|options| raw::cryo_server_options_set_max_attempts_per_address(options, count))
    }

    /// The same for requests that were refused with 401 or 403, by the validator or for want of
    /// a token: against those who try tokens out. The validator is not asked any more then,
    /// whatever the token. What waits for the validator is counted when it has answered.
    /// Default 0: no limit.
    #[must_use]
    pub fn max_failed_tokens_per_address(self, count: u32) -> Self {
        self.with(|options| raw::cryo_server_options_set_max_failed_tokens_per_address(options, count))
    }

    /// The window of both, which remember 65536 addresses each; beyond, those that are new do
    /// not count until others are forgotten. Default 60000, 1 at least.
    #[must_use]
    pub fn address_window(self, after: Duration) -> Self {
        self.with(|options| raw::cryo_server_options_set_address_window_ms(options, milliseconds(after)?))
    }
}

impl ClientOptions {
    /// Where to: "ws://host\[:port\]\[/path\]\[?query\]", or wss:// for TLS; an IPv6 address in
    /// brackets, with its zone if it needs one ("ws://\[fe80::1%25eth0\]/", or just %eth0).
    /// "ws+unix:/run/cryo.sock" is a Unix-domain socket, with the path and query of the request
    /// behind a colon if there are any ("ws+unix:/run/cryo.sock:/path?query"). Must be set. A
    /// name is looked up by the system's getaddrinfo, on a thread that nothing waits for; once
    /// there was one, dlclose no longer unloads the library. `authorization` and `x-cryo-sid`
    /// in the query, as servers print them, are the token and the session id, unless the two
    /// functions below say them; cryo_client_new refuses what differs. CRYO_ERR_INVALID: the
    /// text says what is wrong with it.
    #[must_use]
    pub fn url(self, url: &str) -> Self {
        self.with(|options| raw::cryo_client_options_set_url(options, url))
    }

    /// The bearer token. Must be set, unless the URL has it or there is a token provider.
    /// cryo_client_set_token replaces it.
    #[must_use]
    pub fn token(self, token: &str) -> Self {
        self.with(|options| raw::cryo_client_options_set_token(options, token))
    }

    /// The session id, 16 bytes; NULL, the default: a random one for each client. With CALE not
    /// one that begins with eight zero bytes.
    #[must_use]
    pub fn session_id(self, id: &[u8; 16]) -> Self {
        self.with(|options| raw::cryo_client_options_set_session_id(options, id))
    }

    /// One more query parameter; they are encoded as needed.
    #[must_use]
    pub fn parameter(self, name: &str, value: &str) -> Self {
        self.with(|options| raw::cryo_client_options_add_parameter(options, name, value))
    }

    /// One more header of each request, as "Origin" or "Cookie"; several of one name are sent
    /// in their order. CRYO_ERR_INVALID: a name that is none or that the handshake needs itself
    /// (Host, Connection, Upgrade, Sec-WebSocket-…, Content-Length and the like), a value with
    /// a line end, or more than 8192 bytes in all.
    #[must_use]
    pub fn header(self, name: &str, value: &str) -> Self {
        self.with(|options| raw::cryo_client_options_add_header(options, name, value))
    }

    /// CALE: 1 to speak it, 0, the default, not; as the server does. See
    /// cryo_server_options_set_cale for what it is worth.
    #[must_use]
    pub fn cale(self, on: bool) -> Self {
        self.with(|options| raw::cryo_client_options_set_cale(options, i32::from(on)))
    }

    /// Time for its handshake. Default 10000.
    #[must_use]
    pub fn cale_timeout(self, after: Duration) -> Self {
        self.with(|options| raw::cryo_client_options_set_cale_timeout_ms(options, milliseconds(after)?))
    }

    /// Who may vouch for servers besides those whom the system trusts: certificates as PEM,
    /// from a file or from memory, of authorities, of ones between, or of servers themselves.
    /// What cannot be used among them is passed over with a warning in the log. Each call
    /// replaces what was set before; NULL: nobody. Read and checked by cryo_client_start.
    #[must_use]
    pub fn tls_ca_file(self, file: &str) -> Self {
        self.with(|options| raw::cryo_client_options_set_tls_ca_file(options, file))
    }

    /// Who may vouch for servers besides those whom the system trusts: certificates as PEM,
    /// from a file or from memory, of authorities, of ones between, or of servers themselves.
    /// What cannot be used among them is passed over with a warning in the log. Each call
    /// replaces what was set before; NULL: nobody. Read and checked by cryo_client_start.
    #[must_use]
    pub fn tls_ca_memory(self, pem: &[u8]) -> Self {
        self.with(|options| raw::cryo_client_options_set_tls_ca_memory(options, pem))
    }

    /// 0: do not trust those whom the system trusts. Default 1.
    #[must_use]
    pub fn tls_system_ca(self, on: bool) -> Self {
        self.with(|options| raw::cryo_client_options_set_tls_system_ca(options, i32::from(on)))
    }

    /// The client's own certificate with its chain, and its key, for servers that ask for one.
    /// NULLs: none.
    #[must_use]
    pub fn tls_files(self, certificate_file: &str, key_file: &str) -> Self {
        self.with(|options| raw::cryo_client_options_set_tls_files(options, certificate_file, key_file))
    }

    /// The client's own certificate with its chain, and its key, for servers that ask for one.
    /// NULLs: none.
    #[must_use]
    pub fn tls_memory(self, certificate: &[u8], key: &[u8]) -> Self {
        self.with(|options| raw::cryo_client_options_set_tls_memory(options, certificate, key))
    }

    /// As for a server.
    #[must_use]
    pub fn tls_min_version(self, version: TlsVersion) -> Self {
        self.with(|options| raw::cryo_client_options_set_tls_min_version(options, version.0))
    }

    /// An HTTP proxy to go through (CONNECT), for ws:// and wss:// alike:
    /// "http://user:password@host:port", where all but the host may be missing; the port is 80
    /// then. It looks the server's name up itself. NULL, the default: none. A proxy that
    /// refuses is told as the server would be, by CRYO_ERR_HTTP and its status; the text says
    /// that it was the proxy.
    #[must_use]
    pub fn proxy(self, url: &str) -> Self {
        self.with(|options| raw::cryo_client_options_set_proxy(options, url))
    }

    /// 1: where no proxy is set, go by the environment as it is at the start: https_proxy or
    /// HTTPS_PROXY for wss://, http_proxy (in lower case only) for ws://, but for the hosts in
    /// no_proxy or NO_PROXY. Default 0.
    #[must_use]
    pub fn proxy_from_environment(self, on: bool) -> Self {
        self.with(|options| raw::cryo_client_options_use_proxy_from_environment(options, i32::from(on)))
    }

    /// Time for one attempt: name, connection, TLS and upgrade. Default 10000. A host's
    /// addresses race (RFC 8305): the next one is tried when the one before has failed, or is
    /// silent for 250 ms.
    #[must_use]
    pub fn connect_timeout(self, after: Duration) -> Self {
        self.with(|options| raw::cryo_client_options_set_connect_timeout_ms(options, milliseconds(after)?))
    }

    /// After the n-th failure in a row the client waits for a random time from 0 to initial *
    /// 2^(n-1), and no longer than to the maximum. A server's Retry-After counts, as seconds
    /// and as a date, up to an hour: it waits for as long and a random time more. So does
    /// `(retry in N ms)` at the end of a close's reason. Defaults 500 and 30000.
    #[must_use]
    pub fn reconnect_initial(self, after: Duration) -> Self {
        self.with(|options| raw::cryo_client_options_set_reconnect_initial_ms(options, milliseconds(after)?))
    }

    /// After the n-th failure in a row the client waits for a random time from 0 to initial *
    /// 2^(n-1), and no longer than to the maximum. A server's Retry-After counts, as seconds
    /// and as a date, up to an hour: it waits for as long and a random time more. So does
    /// `(retry in N ms)` at the end of a close's reason. Defaults 500 and 30000.
    #[must_use]
    pub fn reconnect_max(self, after: Duration) -> Self {
        self.with(|options| raw::cryo_client_options_set_reconnect_max_ms(options, milliseconds(after)?))
    }

    /// Failures in a row after which it tries again; one more ends it. 0: none, also not after
    /// a loss. Default 4294967295: as many as it takes.
    #[must_use]
    pub fn reconnect_attempts(self, count: u32) -> Self {
        self.with(|options| raw::cryo_client_options_set_reconnect_attempts(options, count))
    }

    /// 1: what was sent and not acknowledged at a loss is sent again after the reconnect,
    /// before everything else (the server may get it twice), and what is sent while there is no
    /// connection waits for one. 0, the default: it is lost, the lost event tells, and sends
    /// without a connection answer CRYO_ERR_STATE.
    #[must_use]
    pub fn resend(self, on: bool) -> Self {
        self.with(|options| raw::cryo_client_options_set_resend(options, i32::from(on)))
    }

    /// As for a server, which is closed with 4002. A WebSocket ping leaves with each of the
    /// protocol's own, which some servers do not answer; either answer is life.
    #[must_use]
    pub fn keepalive(self, after: Duration) -> Self {
        self.with(|options| raw::cryo_client_options_set_keepalive_ms(options, milliseconds(after)?))
    }

    /// As for a server, but it is closed with 4002.
    #[must_use]
    pub fn stall_timeout(self, after: Duration) -> Self {
        self.with(|options| raw::cryo_client_options_set_stall_timeout_ms(options, milliseconds(after)?))
    }

    /// As for a server.
    #[must_use]
    pub fn ack_timeout(self, after: Duration) -> Self {
        self.with(|options| raw::cryo_client_options_set_ack_timeout_ms(options, milliseconds(after)?))
    }

    /// As for a server.
    #[must_use]
    pub fn close_timeout(self, after: Duration) -> Self {
        self.with(|options| raw::cryo_client_options_set_close_timeout_ms(options, milliseconds(after)?))
    }

    /// As for a server.
    #[must_use]
    pub fn max_message_bytes(self, bytes: u64) -> Self {
        self.with(|options| raw::cryo_client_options_set_max_message_bytes(options, bytes))
    }

    /// As for a server.
    #[must_use]
    pub fn max_violations(self, count: u32) -> Self {
        self.with(|options| raw::cryo_client_options_set_max_violations(options, count))
    }

    /// As for a server.
    #[must_use]
    pub fn low_water_mark(self, bytes: u64) -> Self {
        self.with(|options| raw::cryo_client_options_set_low_water_mark(options, bytes))
    }

    /// As for a server.
    #[must_use]
    pub fn max_queue_count(self, count: u32) -> Self {
        self.with(|options| raw::cryo_client_options_set_max_queue_count(options, count))
    }

    /// As for a server.
    #[must_use]
    pub fn drop_policy(self, policy: DropPolicy) -> Self {
        self.with(|options| raw::cryo_client_options_set_drop_policy(options, policy.0))
    }

    /// As for a server.
    #[must_use]
    pub fn max_receipts(self, count: u32) -> Self {
        self.with(|options| raw::cryo_client_options_set_max_receipts(options, count))
    }

    /// As for a server. Default 16777216.
    #[must_use]
    pub fn high_water_mark(self, bytes: u64) -> Self {
        self.with(|options| raw::cryo_client_options_set_high_water_mark(options, bytes))
    }

    /// As for a server. Default 8388608.
    #[must_use]
    pub fn max_queued_bytes(self, bytes: u64) -> Self {
        self.with(|options| raw::cryo_client_options_set_max_queued_bytes(options, bytes))
    }
}
