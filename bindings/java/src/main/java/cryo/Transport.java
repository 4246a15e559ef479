package cryo;

/** What carries a server's connections. Written by bindings/api/update.py; do not edit. */
public enum Transport {
    /** CRYO_TRANSPORT_POLL where it can be had. */
    AUTO(0),
    /** Libwebsockets: every system. */
    LIBWEBSOCKETS(1),
    /** Plain sockets, and what the system says of their readiness (epoll, or else libuv). */
    POLL(2),
    /** One that this package does not know: the library is newer. */
    UNKNOWN(-1);

    private final int value;

    Transport(int value) {
        this.value = value;
    }

    /** The number that cryo.h has for it. */
    public int value() {
        return value;
    }

    /** The one with this number; UNKNOWN where there is none. */
    public static Transport of(int value) {
        for (Transport each : values()) {
            if (each.value == value) {
                return each;
            }
        }
        return UNKNOWN;
    }
}
