package cryo;

/** What a session counts. Written by bindings/api/update.py; do not edit. */
public enum Stat {
    /** Moving average (alpha 0.2) from message to acknowledgement, in milliseconds. */
    RTT(1),
    /** WebSocket payload bytes received, since the session began. */
    BYTES_RX(2),
    /** WebSocket payload bytes handed to the transport, since the session began. */
    BYTES_TX(3),
    /** Messages not acknowledged in time; as an event: since the last such event. */
    ACK_TIMEOUT(4),
    /** Bytes sent by the application and not yet taken by the operating system. */
    QUEUED_BYTES(5),
    /** Messages sent by the application that have not begun to leave. */
    QUEUED_COUNT(6),
    /** One that this package does not know: the library is newer. */
    UNKNOWN(-1);

    private final int value;

    Stat(int value) {
        this.value = value;
    }

    /** The number that cryo.h has for it. */
    public int value() {
        return value;
    }

    /** The one with this number; UNKNOWN where there is none. */
    public static Stat of(int value) {
        for (Stat each : values()) {
            if (each.value == value) {
                return each;
            }
        }
        return UNKNOWN;
    }
}
