package cryo;

/** What a server counts, of all its threads together. Written by bindings/api/update.py; do not edit. */
public enum ServerStat {
    /** Live sessions, now. */
    SESSIONS(1),
    /** Of these, that wait for their client, now. */
    AWAY(2),
    /** Open connections, now. */
    CONNECTIONS(3),
    /** Connections that came. */
    ACCEPTED_CONNECTIONS(4),
    /** Sessions that were announced. */
    ACCEPTED_SESSIONS(5),
    /** Sessions that went on with another connection. */
    RESUMED(6),
    /** Sessions that closed. */
    CLOSED(7),
    /** Requests that were refused; `of`: with this HTTP status, 400 to 599. */
    REFUSED(8),
    /** TLS handshakes that failed. */
    TLS_FAILURES(9),
    /** What clients sent against the protocol, whether it closed their session or not. */
    VIOLATIONS(10),
    /** Messages that were dropped; `of`: for this reason, CRYO_DROPPED_*. */
    DROPPED(11),
    /** Receipts that were told; `of`: with this outcome, CRYO_RECEIPT_*. */
    RECEIPTS(12),
    /** Messages that were delivered to the application. */
    MESSAGES_RX(13),
    /** Messages that have left; one that is sent again counts again. */
    MESSAGES_TX(14),
    /** Bytes received on connections, requests included, without what TLS adds. */
    BYTES_RX(15),
    /** Bytes sent, likewise. */
    BYTES_TX(16),
    /** Calls of other threads that a thread found waiting at once: the most of the last half minute. */
    MAILBOX(17),
    /** Times that a thread was held up for 100 ms or more, as by a callback that takes long. */
    SLOW_CALLBACKS(18),
    /** Milliseconds that a thread was busy at a stretch: the most of the last half minute. */
    LOOP_LAG(19),
    /** Milliseconds that the threads were busy. */
    BUSY(20),
    /** Tickets that wait for the validator, now. */
    VALIDATIONS(21),
    /** Requests of cryo_server_options_set_health and _set_metrics that were answered. */
    HEALTH_CHECKS(22),
    /** 1 once nobody is let in any more, else 0. */
    DRAINING(23),
    /** One that this package does not know: the library is newer. */
    UNKNOWN(-1);

    private final int value;

    ServerStat(int value) {
        this.value = value;
    }

    /** The number that cryo.h has for it. */
    public int value() {
        return value;
    }

    /** The one with this number; UNKNOWN where there is none. */
    public static ServerStat of(int value) {
        for (ServerStat each : values()) {
            if (each.value == value) {
                return each;
            }
        }
        return UNKNOWN;
    }
}
