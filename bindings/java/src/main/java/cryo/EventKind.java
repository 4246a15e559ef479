package cryo;

/** What an event of a queue tells. Written by bindings/api/update.py; do not edit. */
final class EventKind {
    /** _text (the host), _code (the port). */
    static final int LISTENING = 1;
    /** _auth, _data (the token). */
    static final int AUTH = 2;
    /** _session. */
    static final int SESSION = 3;
    /** _session, _message_kind, _data. */
    static final int MESSAGE = 4;
    /** _session, _code, _text (the reason). */
    static final int CLOSED = 5;
    /** _session, _code (CRYO_STAT_*), _value. */
    static final int STAT = 6;
    /** _session, _code, _text. */
    static final int DISCONNECTED = 7;
    /** _session. */
    static final int RECONNECTED = 8;
    /** _session, _code (the status), _http_status, _text, _value (ms until the next; -1: none). */
    static final int ATTEMPT_FAILED = 9;
    /** _session, _message_kind, _data. */
    static final int LOST = 10;
    /** _session, _code (CRYO_DROPPED_*), _message_kind, _data. */
    static final int DROPPED = 11;
    /** _session. */
    static final int WRITABLE = 12;
    /** _session, _receipt, _code (CRYO_RECEIPT_*), _value (rtt_ms), _text (by). */
    static final int RECEIPT = 13;
    /** _session, _hook, _code (the direction), _message_kind, _data, _text (the extension's name). */
    static final int HOOK = 14;
    /** _session, _token_request. */
    static final int TOKEN = 15;

    private EventKind() {}
}
