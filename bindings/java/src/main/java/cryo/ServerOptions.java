package cryo;

/**
 * What a server shall do. Each method sets one option and returns this object; what is not set has the library's default. Times are in
 * milliseconds. Mistakes are told when the options are used. For one thread at a time.
 *
 * <p>Written by bindings/api/update.py; do not edit.
 */
public final class ServerOptions extends Options {

    /**
     * The address to bind: numeric IPv4 or IPv6, or a name that resolves to one. "::" takes IPv4 too. Default "127.0.0.1".
     * "unix:/run/cryo.sock" is a Unix-domain socket with that path ("unix:&#64;name": one without a file, on Linux); the
     * port means nothing then. A socket that is there already is removed if nobody listens at it, and the file is removed
     * at the stop. Who connects to it has the remote address "unix:", and no limit per address.
     */
    public ServerOptions host(String host) {
        set(handle -> Abi.cryo_server_options_set_host(handle, Text.of(host)));
        return this;
    }

    /** Default 8080; 0 takes any free port (see cryo_server_port). */
    public ServerOptions port(int port) {
        checkRange("port", port, 0, 0xFFFFL);
        set(handle -> Abi.cryo_server_options_set_port(handle, (short) port));
        return this;
    }

    /**
     * 1: other processes of the same user may listen at the port as well, if they set this too; the system deals the
     * clients out among them (SO_REUSEPORT). For one server in each of several processes, made behind the fork. They know
     * nothing of one another: ids, limits and broadcasts are each one's own. Default 0: then starting a second one answers
     * CRYO_ERR_ADDRESS_IN_USE.
     */
    public ServerOptions reusePort(boolean on) {
        set(handle -> Abi.cryo_server_options_set_reuse_port(handle, on ? 1 : 0));
        return this;
    }

    /**
     * The mode of that socket's file, which says who may connect: 1 to 0777. Default 0: what the process's umask leaves.
     */
    public ServerOptions socketMode(long mode) {
        checkRange("socketMode", mode, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_server_options_set_socket_mode(handle, (int) mode));
        return this;
    }

    /**
     * Listen on this descriptor instead of host and port: a stream socket that listens already, from a service manager or
     * a parent process, TCP or Unix. It stays the caller's, who closes it whenever he likes after cryo_server_start (a
     * connection to it waits for whoever listens next, if he does not). The library makes it one that does not block, and
     * reads no environment; `cryo serve` does. Default -1: none.
     */
    public ServerOptions listenFd(int fd) {
        set(handle -> Abi.cryo_server_options_set_listen_fd(handle, fd));
        return this;
    }

    /**
     * What carries the connections. Clients cannot tell, and it changes no limit and no promise, but memory and time: a
     * connection costs less without libwebsockets. CRYO_TRANSPORT_POLL carries TLS where libwebsockets was built on
     * OpenSSL; elsewhere cryo_server_start answers CRYO_ERR_UNSUPPORTED with it and TLS. CRYO_TRANSPORT_LIBWEBSOCKETS is
     * for who finds that the other one is at fault. Default CRYO_TRANSPORT_AUTO.
     */
    public ServerOptions transport(Transport transport) {
        set(handle -> Abi.cryo_server_options_set_transport(handle, transport.value()));
        return this;
    }

    /**
     * Service threads, 0 to 256. Default 1. With 0 the server has no thread: the application calls cryo_server_run_once.
     */
    public ServerOptions threads(long threads) {
        checkRange("threads", threads, 1, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_server_options_set_threads(handle, (int) threads));
        return this;
    }

    /**
     * Serve TLS (1.3, and 1.2 with forward secrecy) from PEM: the certificate with its chain, leaf first, and its private
     * key. They are read and checked by cryo_server_start, by the library that serves with them. Each call replaces what
     * was set or added before; NULLs mean no TLS.
     */
    public ServerOptions tlsFiles(String certificateFile, String keyFile) {
        set(handle -> Abi.cryo_server_options_set_tls_files(handle, Text.of(certificateFile), Text.of(keyFile)));
        return this;
    }

    /**
     * Serve TLS (1.3, and 1.2 with forward secrecy) from PEM: the certificate with its chain, leaf first, and its private
     * key. They are read and checked by cryo_server_start, by the library that serves with them. Each call replaces what
     * was set or added before; NULLs mean no TLS.
     */
    public ServerOptions tlsMemory(byte[] certificate, byte[] key) {
        set(handle -> Abi.cryo_server_options_set_tls_memory(handle, certificate, length(certificate), key, length(key)));
        return this;
    }

    /**
     * More certificates: a client sees the first one that has the name it asks for (SNI) among its alternative names,
     * exactly or by a wildcard ("*.example.org" stands for one label), and where none has, or it asks for none, the first
     * of all.
     */
    public ServerOptions addTlsFiles(String certificateFile, String keyFile) {
        set(handle -> Abi.cryo_server_options_add_tls_files(handle, Text.of(certificateFile), Text.of(keyFile)));
        return this;
    }

    /**
     * More certificates: a client sees the first one that has the name it asks for (SNI) among its alternative names,
     * exactly or by a wildcard ("*.example.org" stands for one label), and where none has, or it asks for none, the first
     * of all.
     */
    public ServerOptions addTlsMemory(byte[] certificate, byte[] key) {
        set(handle -> Abi.cryo_server_options_add_tls_memory(handle, certificate, length(certificate), key, length(key)));
        return this;
    }

    /** The oldest version of TLS that is spoken: CRYO_TLS_1_2, the default, or CRYO_TLS_1_3. */
    public ServerOptions tlsMinVersion(TlsVersion version) {
        set(handle -> Abi.cryo_server_options_set_tls_min_version(handle, version.value()));
        return this;
    }

    /**
     * Ask clients for certificates: PEM of those who may certify them, authorities or ones between, or of the clients'
     * certificates themselves, from a file or from memory. A certificate that none of them vouches for is refused in the
     * handshake; the validator, which is asked as ever, can read one that was taken (cryo_auth_peer_certificate_subject
     * and its neighbours). What cannot be used in the PEM is passed over with a warning in the log. Each call replaces
     * what was set before; NULL, the default: they are not asked.
     */
    public ServerOptions tlsClientCaFile(String file) {
        set(handle -> Abi.cryo_server_options_set_tls_client_ca_file(handle, Text.of(file)));
        return this;
    }

    /**
     * Ask clients for certificates: PEM of those who may certify them, authorities or ones between, or of the clients'
     * certificates themselves, from a file or from memory. A certificate that none of them vouches for is refused in the
     * handshake; the validator, which is asked as ever, can read one that was taken (cryo_auth_peer_certificate_subject
     * and its neighbours). What cannot be used in the PEM is passed over with a warning in the log. Each call replaces
     * what was set before; NULL, the default: they are not asked.
     */
    public ServerOptions tlsClientCaMemory(byte[] pem) {
        set(handle -> Abi.cryo_server_options_set_tls_client_ca_memory(handle, pem, length(pem)));
        return this;
    }

    /** 1: a client that shows none is refused in the handshake. 0, the default: it is let in without. */
    public ServerOptions tlsRequireClientCertificate(boolean on) {
        set(handle -> Abi.cryo_server_options_set_tls_require_client_certificate(handle, on ? 1 : 0));
        return this;
    }

    /**
     * A file with an OCSP response (DER), to be shown with the certificate that it is about (stapling). One for each
     * certificate may be added. Whoever fetches a newer one calls cryo_server_set_tls. One that cannot be read, or has
     * expired, is not shown, and the log says so with a warning.
     */
    public ServerOptions addTlsOcspFile(String file) {
        set(handle -> Abi.cryo_server_options_add_tls_ocsp_file(handle, Text.of(file)));
        return this;
    }

    /**
     * The keys of session tickets, for several servers behind one balancer, so that a client that comes back to any of
     * them is known there: 1 to 16 keys of 80 random bytes each, one after the other (a name of 16 bytes, then 32 for
     * HMAC-SHA-256 and 32 for AES-256, as nginx and others have them). The first one makes tickets, all of them are taken:
     * to change the key, put a new one in front everywhere, having first put it at the end everywhere. Who knows a key can
     * read what was said under its tickets with TLS 1.2. NULL, the default: the server has keys of its own, for all of its
     * threads, and changes them each hour.
     */
    public ServerOptions tlsTicketKeys(byte[] keys) {
        set(handle -> Abi.cryo_server_options_set_tls_ticket_keys(handle, keys, length(keys)));
        return this;
    }

    /**
     * CALE: 1 encrypts all that sessions say, end to end inside the WebSocket, for deployments without TLS; 0, the
     * default, does not. Clients must want the same: where one side expects it and the other does not, the session closes
     * with 4010, or with 4011 when a client waits in vain for a server that says nothing. It keeps a passive listener from
     * reading messages. It authenticates nobody: whoever can put himself between client and server can pose as either, and
     * the token has travelled in the URL before it starts. Prefer TLS where you can.
     */
    public ServerOptions cale(boolean on) {
        set(handle -> Abi.cryo_server_options_set_cale(handle, on ? 1 : 0));
        return this;
    }

    /** Time for CALE's handshake, from the first frame on; one that takes longer closes with 4011. Default 10000. */
    public ServerOptions caleTimeoutMs(long ms) {
        checkRange("caleTimeoutMs", ms, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_server_options_set_cale_timeout_ms(handle, (int) ms));
        return this;
    }

    /**
     * How often a session is pinged and its statistics are announced. One that shows no life for a whole interval after a
     * ping is closed with 4001, at once. On a slow link, one that goes on taking what is in front of the ping lives.
     * Default 15000, 10 at least.
     */
    public ServerOptions keepaliveMs(long ms) {
        checkRange("keepaliveMs", ms, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_server_options_set_keepalive_ms(handle, (int) ms));
        return this;
    }

    /**
     * How long a peer may take no byte of what waits for it, whatever it says meanwhile; then the session is closed with
     * 4001, at once. Against peers that never read and hold a full queue. Default 60000; 0: for ever.
     */
    public ServerOptions stallTimeoutMs(long ms) {
        checkRange("stallTimeoutMs", ms, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_server_options_set_stall_timeout_ms(handle, (int) ms));
        return this;
    }

    /** After this a message that is not acknowledged counts as timed out. Default 2500. */
    public ServerOptions ackTimeoutMs(long ms) {
        checkRange("ackTimeoutMs", ms, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_server_options_set_ack_timeout_ms(handle, (int) ms));
        return this;
    }

    /**
     * Time for a client's request head, TLS handshake included, and for a PROXY header before that: against clients that
     * connect and dawdle. Default 5000.
     */
    public ServerOptions headTimeoutMs(long ms) {
        checkRange("headTimeoutMs", ms, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_server_options_set_head_timeout_ms(handle, (int) ms));
        return this;
    }

    /**
     * The longest request head, request line and headers: against those who make the server hold much before they are
     * anybody. The target may take all but a 32nd of it (414, else 431). The memory is taken as it comes, and given back
     * at the upgrade. Default 16384; 1024 to 65536.
     */
    public ServerOptions maxHeadBytes(long bytes) {
        checkRange("maxHeadBytes", bytes, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_server_options_set_max_head_bytes(handle, (int) bytes));
        return this;
    }

    /**
     * Reverse proxies and balancers in front of the server, whose word is taken for where a client is: an address
     * ("192.0.2.7"), a network ("10.0.0.0/8", "2001:db8::/32"), or "unix" for who connects to a Unix-domain socket. Call
     * it for each. From everybody else these headers mean nothing: anyone can send them. Name what is yours only; who sits
     * in a trusted network can pretend to be anywhere. What they say is the client's address then, for the limit per
     * address, the log, cryo_auth_remote_address and cryo_session_remote_address; the proxy's own is
     * cryo_auth_proxy_address. It is found from the right, past those that are trusted; where a station is hidden or
     * malformed, the last one that is known counts. A trusted address itself is not limited per address. Default: none.
     * CRYO_ERR_INVALID: neither.
     */
    public ServerOptions addTrustedProxy(String network) {
        set(handle -> Abi.cryo_server_options_add_trusted_proxy(handle, Text.of(network)));
        return this;
    }

    /**
     * Which headers of trusted proxies count: CRYO_FORWARDED_NONE, _ANY, _X_FORWARDED_FOR or _RFC7239. With _ANY, the
     * default, whichever is there; where both are and name two clients, one of them is the client's own making, and the
     * request is refused with 400. Your proxy should replace or remove those that it does not set.
     */
    public ServerOptions forwardedHeader(ForwardedHeader which) {
        set(handle -> Abi.cryo_server_options_set_forwarded_header(handle, which.value()));
        return this;
    }

    /**
     * 1: each connection begins with a PROXY protocol header, version 1 or 2, in front of TLS too, and comes from one of
     * the trusted proxies; every other one is dropped, with a line in the log. Without it such a header is refused with
     * 400. Default 0. cryo_server_new answers CRYO_ERR_INVALID where no proxy is trusted.
     */
    public ServerOptions proxyProtocol(boolean on) {
        set(handle -> Abi.cryo_server_options_set_proxy_protocol(handle, on ? 1 : 0));
        return this;
    }

    /** Time for the validator's answer: a ticket left alone is rejected then. Default 10000. */
    public ServerOptions validationTimeoutMs(long ms) {
        checkRange("validationTimeoutMs", ms, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_server_options_set_validation_timeout_ms(handle, (int) ms));
        return this;
    }

    /**
     * How long the first frame waits for a client that does not answer the WebSocket ping behind the upgrade. Default 250.
     */
    public ServerOptions helloWaitMs(long ms) {
        checkRange("helloWaitMs", ms, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_server_options_set_hello_wait_ms(handle, (int) ms));
        return this;
    }

    /** How long to wait for the peer's half of a close, and for what was sent before it to leave. Default 2000. */
    public ServerOptions closeTimeoutMs(long ms) {
        checkRange("closeTimeoutMs", ms, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_server_options_set_close_timeout_ms(handle, (int) ms));
        return this;
    }

    /**
     * How long a message that was begun may stand still; then the session is closed with 1008. As long as it goes on it
     * may take any time. Default 30000.
     */
    public ServerOptions messageTimeoutMs(long ms) {
        checkRange("messageTimeoutMs", ms, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_server_options_set_message_timeout_ms(handle, (int) ms));
        return this;
    }

    /**
     * Bytes a second below which a message counts as standing still: on average, and not before the time above has passed.
     * Against clients that send a byte now and then. 0: each byte starts that time anew. Default 100.
     */
    public ServerOptions minMessageRate(long bytesPerSecond) {
        checkRange("minMessageRate", bytesPerSecond, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_server_options_set_min_message_rate(handle, (int) bytesPerSecond));
        return this;
    }

    /**
     * The longest WebSocket message (a Cryo frame: 21 bytes and its payload) that is taken; a longer one closes with 1009,
     * without being buffered. Default 16777216; 125 to 1073741824.
     */
    public ServerOptions maxMessageBytes(long bytes) {
        checkRange("maxMessageBytes", bytes, 0, Long.MAX_VALUE);
        set(handle -> Abi.cryo_server_options_set_max_message_bytes(handle, bytes));
        return this;
    }

    /** Fragments of one message, besides one for each KiB that it has brought; more close with 1008. Default 1024. */
    public ServerOptions maxFragments(long count) {
        checkRange("maxFragments", count, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_server_options_set_max_fragments(handle, (int) count));
        return this;
    }

    /** Malformed frames that a session may send; one more closes with 4001. Default 16. */
    public ServerOptions maxViolations(long count) {
        checkRange("maxViolations", count, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_server_options_set_max_violations(handle, (int) count));
        return this;
    }

    /**
     * Bytes handed to the transport and not taken by the kernel, at which a session's queue is held. Default 4194304: with
     * max_queued_bytes, what one client that takes nothing may hold.
     */
    public ServerOptions highWaterMark(long bytes) {
        checkRange("highWaterMark", bytes, 0, Long.MAX_VALUE);
        set(handle -> Abi.cryo_server_options_set_high_water_mark(handle, bytes));
        return this;
    }

    /** Below this it flows again; at most the high-water mark. Default 1048576. */
    public ServerOptions lowWaterMark(long bytes) {
        checkRange("lowWaterMark", bytes, 0, Long.MAX_VALUE);
        set(handle -> Abi.cryo_server_options_set_low_water_mark(handle, bytes));
        return this;
    }

    /** Bytes that may wait in a held queue. Beyond, the drop policy decides. Default 4194304. */
    public ServerOptions maxQueuedBytes(long bytes) {
        checkRange("maxQueuedBytes", bytes, 0, Long.MAX_VALUE);
        set(handle -> Abi.cryo_server_options_set_max_queued_bytes(handle, bytes));
        return this;
    }

    /** Messages that may wait in a held queue. Default 1024. */
    public ServerOptions maxQueueCount(long count) {
        checkRange("maxQueueCount", count, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_server_options_set_max_queue_count(handle, (int) count));
        return this;
    }

    /**
     * One of CRYO_DROP_OLDEST, the default, CRYO_DROP_NEWEST and CRYO_DEDUPE_LATEST. Only messages that wait in a held
     * queue are ever dropped; what the protocol itself says (acknowledgements, pings) never is.
     */
    public ServerOptions dropPolicy(DropPolicy policy) {
        set(handle -> Abi.cryo_server_options_set_drop_policy(handle, policy.value()));
        return this;
    }

    /**
     * Bytes that the messages of all sessions together may hold, with what other threads have sent or broadcast and no
     * loop has taken yet; what would exceed it is refused with CRYO_ERR_TOTAL_FULL (CRYO_DEDUPE_LATEST first makes room in
     * the session's own queue). Against many slow peers at once, and against threads that send faster than the loops can
     * take it. 0: no limit. Default: a quarter of the memory that the process may have, which is the least of the
     * machine's, of what its control groups allow (version 1 or 2, as containers and service managers set them) and of
     * RLIMIT_AS, as the first server of the process finds them.
     */
    public ServerOptions maxTotalQueuedBytes(long bytes) {
        checkRange("maxTotalQueuedBytes", bytes, 0, Long.MAX_VALUE);
        set(handle -> Abi.cryo_server_options_set_max_total_queued_bytes(handle, bytes));
        return this;
    }

    /**
     * Receipts that a session may owe; a send that asks for one more is refused with CRYO_ERR_RECEIPTS_FULL. Default
     * 65536, 1 at least.
     */
    public ServerOptions maxReceipts(long count) {
        checkRange("maxReceipts", count, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_server_options_set_max_receipts(handle, (int) count));
        return this;
    }

    /**
     * Sessions at once; further clients get 503. Default 0: no limit but the system's, and that of 131072 descriptors in
     * the process. Who expects more than that says here how many, and the library prepares for them.
     */
    public ServerOptions maxSessions(long count) {
        checkRange("maxSessions", count, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_server_options_set_max_sessions(handle, (int) count));
        return this;
    }

    /**
     * Connections at once from one address (IPv6: one /64 network); further ones get 503. As many of its sessions again
     * may be without a connection (cryo_server_options_set_resume_window_ms); where there are as many, a lost one closes.
     * Default 0: no limit.
     */
    public ServerOptions maxSessionsPerAddress(long count) {
        checkRange("maxSessionsPerAddress", count, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_server_options_set_max_sessions_per_address(handle, (int) count));
        return this;
    }

    /**
     * One of CRYO_DUPLICATE_PROBE, the default, _REFUSE and _REPLACE: what becomes of a live session when a client comes
     * with its id, and its token was accepted and is the same. A client whose connection is lost often knows that before
     * the server does (a phone that changes the network, a sleep, a balancer that dies), and comes back while its former
     * session still seems alive. A session that gives way closes with 4000 `Taken over.`, and the newcomer's session event
     * comes behind its closed event. With another token the newcomer is refused with 409, unless the validator says
     * otherwise (cryo_auth_replace); with another certificate likewise, where clients show one. Sessions of
     * cryo_server_connect_peer never give way.
     */
    public ServerOptions duplicatePolicy(DuplicatePolicy policy) {
        set(handle -> Abi.cryo_server_options_set_duplicate_policy(handle, policy.value()));
        return this;
    }

    /** For CRYO_DUPLICATE_PROBE: time to show life. Default 1000, 1 at least. */
    public ServerOptions probeTimeoutMs(long ms) {
        checkRange("probeTimeoutMs", ms, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_server_options_set_probe_timeout_ms(handle, (int) ms));
        return this;
    }

    /**
     * How long a session whose connection is lost, not closed, waits for its client. Default 0: not at all. It tells
     * disconnected and, when a client comes with its id and token, reconnected; its store, its extensions and its receipts
     * stay. What is sent meanwhile waits, within the caps and by the drop policy of its queue, and so does what was not
     * acknowledged; that leaves first, in its order. Then, or when the time is over, it closes with the code of the loss.
     * A client of this library gets nothing twice, and nothing that it sent is delivered twice; others may get again what
     * they have not acknowledged. It is one of the live sessions meanwhile, for limits and broadcasts too. With several
     * threads its events may come on another thread afterwards, one at a time as always.
     */
    public ServerOptions resumeWindowMs(long ms) {
        checkRange("resumeWindowMs", ms, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_server_options_set_resume_window_ms(handle, (int) ms));
        return this;
    }

    /** Sessions that wait so at once; where there are as many, a lost one closes. 0: no limit. Default 65536. */
    public ServerOptions maxAwaySessions(long count) {
        checkRange("maxAwaySessions", count, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_server_options_set_max_away_sessions(handle, (int) count));
        return this;
    }

    /** Tickets waiting for the validator; further clients get 503. Default 1024. */
    public ServerOptions maxPendingValidations(long count) {
        checkRange("maxPendingValidations", count, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_server_options_set_max_pending_validations(handle, (int) count));
        return this;
    }

    /**
     * 1: answer those who ask whether the server is well, on the same port, with TLS and without: GET, HEAD or OPTIONS, of
     * HTTP/1.0 and 1.1. /healthz: 200 while it runs. /readyz, and what balancers ask by default (OPTIONS, GET and HEAD of
     * "/" without a query): 200 while clients are let in, 503 with Retry-After once it drains or stops. A server that is
     * full (max_sessions) is ready, and its body says that it is full: clients that come back to a session of theirs still
     * find it here. Each such connection closes behind its answer, and counts for no limit. Requests with a word of a
     * WebSocket in them are clients', whatever their path. Default 0: 426, as for all that is no upgrade.
     */
    public ServerOptions health(boolean on) {
        set(handle -> Abi.cryo_server_options_set_health(handle, on ? 1 : 0));
        return this;
    }

    /**
     * 1: answer GET /metrics on the same port with the text of cryo_server_metrics. `token` (copied): whoever sends it in
     * the header `Authorization: Bearer TOKEN`, from anywhere; others get 401. NULL: this machine only, by its loopback
     * addresses, and not with a header by which a proxy says that it asks for somebody else (Forwarded, X-Forwarded-For,
     * Via); others get 403. A proxy on this machine that sends no such header passes strangers off as this machine: set a
     * token there. Default 0: nobody.
     */
    public ServerOptions metrics(boolean on, String token) {
        set(handle -> Abi.cryo_server_options_set_metrics(handle, on ? 1 : 0, Text.of(token)));
        return this;
    }

    /**
     * 1: messages are acknowledged when the application says so (cryo_message_ack), for processing at least once: a peer
     * that sends again what was not acknowledged does so until the application is done with it, whatever happens to
     * connections in between. 0, the default: the library acknowledges each message when it comes. What an extension stops
     * is acknowledged by that. Peers count a message that is not acknowledged within their acknowledgement time-out
     * (cryo_client_options_set_ack_timeout_ms, 2500 ms) as timed out, for receipts and statistics; it is none the less
     * acknowledged later. A client of this library sends again with cryo_client_options_set_resend.
     */
    public ServerOptions manualAck(boolean on) {
        set(handle -> Abi.cryo_server_options_set_manual_ack(handle, on ? 1 : 0));
        return this;
    }

    /**
     * With that, messages that a session's application may have in its hands; where there are as many, further ones wait
     * as in cryo_session_pause_reading. Against an application that is slower than its peers. Default 1024, 1 at least.
     */
    public ServerOptions maxUnacknowledged(long count) {
        checkRange("maxUnacknowledged", count, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_server_options_set_max_unacknowledged(handle, (int) count));
        return this;
    }

    /**
     * Pages of which origins ("https://app.example.com", with ":port" where it is not the scheme's own; "null") may
     * connect. Each call adds one; NULL, the default: every origin may. A browser says with each WebSocket whose page
     * opens it, and asks nobody: without a list any page in the world can connect with what its visitor's browser knows
     * (cookies, a token in a URL). Scheme and host are compared without regard to case, and a port that is the scheme's
     * own is the same as none (RFC 6454). Others get 403, before the validator is asked. A request without an Origin
     * header comes from no browser, which could say what it wants, and is let through. CRYO_ERR_INVALID: it is no origin
     * (a path, a wildcard), or there are 64.
     */
    public ServerOptions addAllowedOrigin(String origin) {
        set(handle -> Abi.cryo_server_options_add_allowed_origin(handle, Text.of(origin)));
        return this;
    }

    /**
     * A header of the upgrade request that sessions keep, for cryo_session_header: "User-Agent" for example. Each call
     * adds one, 32 at most; NULL, the default: none. Tickets have all headers in any case. What is kept costs memory for
     * as long as the session lives, and no more than a request's head may hold. CRYO_ERR_INVALID: it is no header's name,
     * or the 33rd.
     */
    public ServerOptions addSessionHeader(String name) {
        set(handle -> Abi.cryo_server_options_add_session_header(handle, Text.of(name)));
        return this;
    }

    /**
     * Upgrade requests from one address (IPv6: one /64 network) in the window below, whatever becomes of them; further
     * ones get 429, with the time to wait in Retry-After. They count evenly: when they are used up, a new one is free
     * after window / count. Against floods of clients that come and go. Default 0: no limit.
     */
    public ServerOptions maxAttemptsPerAddress(long count) {
        checkRange("maxAttemptsPerAddress", count, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_server_options_set_max_attempts_per_address(handle, (int) count));
        return this;
    }

    /**
     * The same for requests that were refused with 401 or 403, by the validator or for want of a token: against those who
     * try tokens out. The validator is not asked any more then, whatever the token. What waits for the validator is
     * counted when it has answered. Default 0: no limit.
     */
    public ServerOptions maxFailedTokensPerAddress(long count) {
        checkRange("maxFailedTokensPerAddress", count, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_server_options_set_max_failed_tokens_per_address(handle, (int) count));
        return this;
    }

    /**
     * The window of both, which remember 65536 addresses each; beyond, those that are new do not count until others are
     * forgotten. Default 60000, 1 at least.
     */
    public ServerOptions addressWindowMs(long ms) {
        checkRange("addressWindowMs", ms, 0, 0xFFFFFFFFL);
        set(handle -> Abi.cryo_server_options_set_address_window_ms(handle, (int) ms));
        return this;
    }
}
