// The numbers of cryo.h by name. Written by bindings/api/update.py; do not edit.

export declare const Status: {
    readonly OK: 0;
    /** an argument is NULL, out of range or malformed */
    readonly ERR_INVALID: -1;
    /** a handle is NULL, was freed, or is of another type */
    readonly ERR_HANDLE: -2;
    /** not now: already started, not connected, already settled, called from inside a callback, … */
    readonly ERR_STATE: -3;
    /** memory ran out */
    readonly ERR_NO_MEMORY: -4;
    /** the session is closed or closing; the server has stopped */
    readonly ERR_CLOSED: -5;
    /** the session's send queue is full: its peer is slower than you send */
    readonly ERR_FULL: -6;
    /** a message is longer than any peer could be sent */
    readonly ERR_TOO_BIG: -7;
    /** nothing came within the time given */
    readonly ERR_TIMEOUT: -8;
    /** there is no such thing: parameter, key, session, sample */
    readonly ERR_NOT_FOUND: -9;
    /** the buffer is too small; *len has the length that is needed */
    readonly ERR_BUFFER: -10;
    /** the host is no address of this machine, or cannot be resolved */
    readonly ERR_ADDRESS: -11;
    /** another program listens on that port */
    readonly ERR_ADDRESS_IN_USE: -12;
    /** the system does not allow it: a port below 1024, a file that may not be read */
    readonly ERR_PERMISSION: -13;
    /** a certificate or key file does not exist or cannot be read */
    readonly ERR_TLS_FILE: -14;
    /** no certificate could be read from what was given */
    readonly ERR_TLS_CERTIFICATE: -15;
    /** no private key could be read from what was given */
    readonly ERR_TLS_KEY: -16;
    /** the key does not belong to the certificate */
    readonly ERR_TLS_MISMATCH: -17;
    /** the certificate is no longer, or not yet, valid */
    readonly ERR_TLS_EXPIRED: -18;
    /** TLS could not be set up for another reason */
    readonly ERR_TLS: -19;
    /** the operating system refused: the text has its words */
    readonly ERR_SYSTEM: -20;
    /** not on this platform or not in this build */
    readonly ERR_UNSUPPORTED: -21;
    /** a defect of this library: please report it */
    readonly ERR_INTERNAL: -22;
    /** all sessions together hold as many bytes as they may */
    readonly ERR_TOTAL_FULL: -23;
    /** the session owes as many receipts as it may */
    readonly ERR_RECEIPTS_FULL: -24;
    /** there is one of that name already */
    readonly ERR_EXISTS: -25;
    /** there is no such host, or its name could not be looked up */
    readonly ERR_RESOLVE: -30;
    /** the host refused the connection or could not be reached */
    readonly ERR_CONNECT: -31;
    /** the server answered, but not with a WebSocket: the text has its words */
    readonly ERR_HTTP: -32;
    /** the server's certificate is for another name */
    readonly ERR_TLS_NAME: -33;
    /** the server's certificate is signed by nobody whom this side trusts */
    readonly ERR_TLS_UNTRUSTED: -34;
    /** the token provider has no token: the text has its words */
    readonly ERR_TOKEN: -35;
};

export declare const LogLevel: {
    readonly OFF: 0;
    readonly ERROR: 1;
    readonly WARNING: 2;
    readonly INFO: 3;
    readonly DEBUG: 4;
};

/** The close codes of the protocol, beside those of RFC 6455 section 7.4. */
export declare const CloseCode: {
    /** wanted by either side */
    readonly GRACEFUL: 4000;
    /** the client's fault: silent, or it broke the protocol */
    readonly CLIENT_ERROR: 4001;
    /** the server's fault */
    readonly SERVER_ERROR: 4002;
    /** one side expects CALE encryption, the other does not */
    readonly CALE_MISMATCH: 4010;
    /** the CALE handshake failed */
    readonly CALE_HANDSHAKE: 4011;
    /** seen only: the peer gave no code */
    readonly NO_STATUS: 1005;
    /** seen only: the connection was lost without a close */
    readonly ABNORMAL: 1006;
};

/** What a session counts. */
export declare const Stat: {
    /** moving average (alpha 0.2) from message to acknowledgement, in milliseconds */
    readonly RTT: 1;
    /** WebSocket payload bytes received, since the session began */
    readonly BYTES_RX: 2;
    /** WebSocket payload bytes handed to the transport, since the session began */
    readonly BYTES_TX: 3;
    /** messages not acknowledged in time; as an event: since the last such event */
    readonly ACK_TIMEOUT: 4;
    /** bytes sent by the application and not yet taken by the operating system */
    readonly QUEUED_BYTES: 5;
    /** messages sent by the application that have not begun to leave */
    readonly QUEUED_COUNT: 6;
};

/** What gives way when a session's queue is held and full: see cryo_server_options_set_drop_policy. */
export declare const DropPolicy: {
    /** queued messages go, the oldest first, until the new one fits */
    readonly DROP_OLDEST: 1;
    /** the new message is refused */
    readonly DROP_NEWEST: 2;
    /**
     * a queued message with the same key, or else of the same kind and content, is replaced in its place; when the
     * queue is full, the oldest one of the same kind. If the new one is longer, others give way until it fits, the
     * oldest first, its own kind before the other. Only one that is larger than the whole queue may be is refused:
     * what is queued is always the latest
     */
    readonly DEDUPE_LATEST: 3;
};
export type DropPolicyName = "oldest" | "newest" | "dedupe-latest";

/** Versions of TLS. */
export declare const TlsVersion: {
    readonly TLS_1_2: 12;
    readonly TLS_1_3: 13;
};
export type TlsVersionName = "1.2" | "1.3";

/** What becomes of a live session when a client comes with its id: see cryo_server_options_set_duplicate_policy. */
export declare const DuplicatePolicy: {
    /** it stays, and the newcomer is refused with 409 */
    readonly REFUSE: 1;
    /** its peer is pinged: it stays if that shows life, and else gives way */
    readonly PROBE: 2;
    /** it gives way */
    readonly REPLACE: 3;
};
export type DuplicatePolicyName = "refuse" | "probe" | "replace";

/** Which headers of a trusted proxy say where a client is: see cryo_server_options_set_forwarded_header. */
export declare const ForwardedHeader: {
    /** none */
    readonly NONE: 0;
    /** whichever is there; where both are, they must say the same */
    readonly ANY: 1;
    /** X-Forwarded-For */
    readonly X_FORWARDED_FOR: 2;
    /** Forwarded (RFC 7239) */
    readonly RFC7239: 3;
};
export type ForwardedHeaderName = "none" | "any" | "x-forwarded-for" | "rfc7239";

/** What carries a server's connections: see cryo_server_options_set_transport. */
export declare const Transport: {
    /** CRYO_TRANSPORT_POLL where it can be had */
    readonly AUTO: 0;
    /** libwebsockets: every system */
    readonly LIBWEBSOCKETS: 1;
    /** plain sockets, and what the system says of their readiness (epoll, or else libuv) */
    readonly POLL: 2;
};
export type TransportName = "auto" | "libwebsockets" | "poll";

/** Why a message was dropped. */
export declare const DropReason: {
    /** it made room for a newer one: by CRYO_DROP_OLDEST, or by CRYO_DEDUPE_LATEST for a longer one */
    readonly OLDEST: 1;
    /** there was no room for it when it reached the queue */
    readonly REFUSED: 2;
    /** by CRYO_DEDUPE_LATEST: a newer one stands in its place */
    readonly REPLACED: 3;
    /** all sessions together held as many bytes as they may */
    readonly TOTAL: 4;
};

/** How a message that was sent with a receipt ended. */
export declare const Outcome: {
    /** the peer has it */
    readonly ACKNOWLEDGED: 1;
    /** it left, and was not acknowledged in time */
    readonly TIMED_OUT: 2;
    /** it did not leave: the queue was full */
    readonly DROPPED: 3;
    /** it did not leave: an extension stopped it */
    readonly VETOED: 4;
    /** the session closed, or its connection was lost, before one of these was known */
    readonly CLOSED: 5;
    /**
     * the peer closed the connection because of it: it is too big (1009), or against its rules (1007, 1008). It is
     * not sent again
     */
    readonly REFUSED: 6;
};

/**
 * What a server counts, of all its threads together. Those that count something go on since cryo_server_start,
 * and never go back.
 */
export declare const ServerStat: {
    /** live sessions, now */
    readonly SESSIONS: 1;
    /** of these, that wait for their client, now */
    readonly AWAY: 2;
    /** open connections, now */
    readonly CONNECTIONS: 3;
    /** connections that came */
    readonly ACCEPTED_CONNECTIONS: 4;
    /** sessions that were announced */
    readonly ACCEPTED_SESSIONS: 5;
    /** sessions that went on with another connection */
    readonly RESUMED: 6;
    /** sessions that closed */
    readonly CLOSED: 7;
    /** requests that were refused; `of`: with this HTTP status, 400 to 599 */
    readonly REFUSED: 8;
    /** TLS handshakes that failed */
    readonly TLS_FAILURES: 9;
    /** what clients sent against the protocol, whether it closed their session or not */
    readonly VIOLATIONS: 10;
    /** messages that were dropped; `of`: for this reason, CRYO_DROPPED_* */
    readonly DROPPED: 11;
    /** receipts that were told; `of`: with this outcome, CRYO_RECEIPT_* */
    readonly RECEIPTS: 12;
    /** messages that were delivered to the application */
    readonly MESSAGES_RX: 13;
    /** messages that have left; one that is sent again counts again */
    readonly MESSAGES_TX: 14;
    /** bytes received on connections, requests included, without what TLS adds */
    readonly BYTES_RX: 15;
    /** bytes sent, likewise */
    readonly BYTES_TX: 16;
    /** calls of other threads that a thread found waiting at once: the most of the last half minute */
    readonly MAILBOX: 17;
    /** times that a thread was held up for 100 ms or more, as by a callback that takes long */
    readonly SLOW_CALLBACKS: 18;
    /** milliseconds that a thread was busy at a stretch: the most of the last half minute */
    readonly LOOP_LAG: 19;
    /** milliseconds that the threads were busy */
    readonly BUSY: 20;
    /** tickets that wait for the validator, now */
    readonly VALIDATIONS: 21;
    /** requests of cryo_server_options_set_health and _set_metrics that were answered */
    readonly HEALTH_CHECKS: 22;
    /** 1 once nobody is let in any more, else 0 */
    readonly DRAINING: 23;
};

export declare const Direction: {
    readonly BEFORE_SEND: 1;
    readonly ON_RECEIVE: 2;
};

export declare const Verdict: {
    readonly PASS: 1;
    readonly STOP: 2;
};
