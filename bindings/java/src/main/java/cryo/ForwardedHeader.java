package cryo;

/** Which headers of a trusted proxy say where a client is. Written by bindings/api/update.py; do not edit. */
public enum ForwardedHeader {
    /** None. */
    NONE(0),
    /** Whichever is there; where both are, they must say the same. */
    ANY(1),
    /** X-Forwarded-For. */
    X_FORWARDED_FOR(2),
    /** Forwarded (RFC 7239). */
    RFC7239(3),
    /** One that this package does not know: the library is newer. */
    UNKNOWN(-1);

    private final int value;

    ForwardedHeader(int value) {
        this.value = value;
    }

    /** The number that cryo.h has for it. */
    public int value() {
        return value;
    }

    /** The one with this number; UNKNOWN where there is none. */
    public static ForwardedHeader of(int value) {
        for (ForwardedHeader each : values()) {
            if (each.value == value) {
                return each;
            }
        }
        return UNKNOWN;
    }
}
