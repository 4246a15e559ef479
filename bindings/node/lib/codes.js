// The numbers of cryo.h by name. Written by bindings/api/update.py; do not edit.

export const Status = Object.freeze({
    OK: 0,
    ERR_INVALID: -1,
    ERR_HANDLE: -2,
    ERR_STATE: -3,
    ERR_NO_MEMORY: -4,
    ERR_CLOSED: -5,
    ERR_FULL: -6,
    ERR_TOO_BIG: -7,
    ERR_TIMEOUT: -8,
    ERR_NOT_FOUND: -9,
    ERR_BUFFER: -10,
    ERR_ADDRESS: -11,
    ERR_ADDRESS_IN_USE: -12,
    ERR_PERMISSION: -13,
    ERR_TLS_FILE: -14,
    ERR_TLS_CERTIFICATE: -15,
    ERR_TLS_KEY: -16,
    ERR_TLS_MISMATCH: -17,
    ERR_TLS_EXPIRED: -18,
    ERR_TLS: -19,
    ERR_SYSTEM: -20,
    ERR_UNSUPPORTED: -21,
    ERR_INTERNAL: -22,
    ERR_TOTAL_FULL: -23,
    ERR_RECEIPTS_FULL: -24,
    ERR_EXISTS: -25,
    ERR_RESOLVE: -30,
    ERR_CONNECT: -31,
    ERR_HTTP: -32,
    ERR_TLS_NAME: -33,
    ERR_TLS_UNTRUSTED: -34,
    ERR_TOKEN: -35,
});

export const LogLevel = Object.freeze({
    OFF: 0,
    ERROR: 1,
    WARNING: 2,
    INFO: 3,
    DEBUG: 4,
});

export const MessageKind = Object.freeze({
    UTF8: 1,
    BINARY: 2,
});

export const CloseCode = Object.freeze({
    GRACEFUL: 4000,
    CLIENT_ERROR: 4001,
    SERVER_ERROR: 4002,
    CALE_MISMATCH: 4010,
    CALE_HANDSHAKE: 4011,
    NO_STATUS: 1005,
    ABNORMAL: 1006,
});

export const Stat = Object.freeze({
    RTT: 1,
    BYTES_RX: 2,
    BYTES_TX: 3,
    ACK_TIMEOUT: 4,
    QUEUED_BYTES: 5,
    QUEUED_COUNT: 6,
});

export const DropPolicy = Object.freeze({
    DROP_OLDEST: 1,
    DROP_NEWEST: 2,
    DEDUPE_LATEST: 3,
});

export const TlsVersion = Object.freeze({
    TLS_1_2: 12,
    TLS_1_3: 13,
});

export const DuplicatePolicy = Object.freeze({
    REFUSE: 1,
    PROBE: 2,
    REPLACE: 3,
});

export const ForwardedHeader = Object.freeze({
    NONE: 0,
    ANY: 1,
    X_FORWARDED_FOR: 2,
    RFC7239: 3,
});

export const Transport = Object.freeze({
    AUTO: 0,
    LIBWEBSOCKETS: 1,
    POLL: 2,
});

export const DropReason = Object.freeze({
    OLDEST: 1,
    REFUSED: 2,
    REPLACED: 3,
    TOTAL: 4,
});

export const Outcome = Object.freeze({
    ACKNOWLEDGED: 1,
    TIMED_OUT: 2,
    DROPPED: 3,
    VETOED: 4,
    CLOSED: 5,
    REFUSED: 6,
});

export const ServerStat = Object.freeze({
    SESSIONS: 1,
    AWAY: 2,
    CONNECTIONS: 3,
    ACCEPTED_CONNECTIONS: 4,
    ACCEPTED_SESSIONS: 5,
    RESUMED: 6,
    CLOSED: 7,
    REFUSED: 8,
    TLS_FAILURES: 9,
    VIOLATIONS: 10,
    DROPPED: 11,
    RECEIPTS: 12,
    MESSAGES_RX: 13,
    MESSAGES_TX: 14,
    BYTES_RX: 15,
    BYTES_TX: 16,
    MAILBOX: 17,
    SLOW_CALLBACKS: 18,
    LOOP_LAG: 19,
    BUSY: 20,
    VALIDATIONS: 21,
    HEALTH_CHECKS: 22,
    DRAINING: 23,
});

export const Direction = Object.freeze({
    BEFORE_SEND: 1,
    ON_RECEIVE: 2,
});

export const Verdict = Object.freeze({
    PASS: 1,
    STOP: 2,
});

export const EventKind = Object.freeze({
    LISTENING: 1,
    AUTH: 2,
    SESSION: 3,
    MESSAGE: 4,
    CLOSED: 5,
    STAT: 6,
    DISCONNECTED: 7,
    RECONNECTED: 8,
    ATTEMPT_FAILED: 9,
    LOST: 10,
    DROPPED: 11,
    WRITABLE: 12,
    RECEIPT: 13,
    HOOK: 14,
    TOKEN: 15,
});

export const Batch = Object.freeze({
    BATCH_VERSION: 1,
    BATCH_COUNT: 4,
    BATCH_BYTES: 8,
    BATCH_FIRST: 16,
    BATCH_RECORD_SIZE: 20,
    BATCH_SIZE: 24,
    RECORD_KIND: 8,
    RECORD_MESSAGE_KIND: 12,
    RECORD_SESSION: 16,
    RECORD_TICKET: 24,
    RECORD_DATA_LENGTH: 32,
    RECORD_DATA: 40,
    RECORD_TEXT: 44,
    RECORD_TEXT_LENGTH: 48,
    RECORD_CODE: 52,
    RECORD_HTTP_STATUS: 56,
    RECORD_RECEIPT: 64,
    RECORD_MESSAGE_ID: 72,
    RECORD_VALUE: 80,
    RECORD_SIZE: 88,
});
