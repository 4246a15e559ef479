package cryo;

/** What becomes of a live session when a client comes with its id. Written by bindings/api/update.py; do not edit. */
public enum DuplicatePolicy {
    /** It stays, and the newcomer is refused with 409. */
    REFUSE(1),
    /** Its peer is pinged: it stays if that shows life, and else gives way. */
    PROBE(2),
    /** It gives way. */
    REPLACE(3),
    /** One that this package does not know: the library is newer. */
    UNKNOWN(-1);

    private final int value;

    DuplicatePolicy(int value) {
        this.value = value;
    }

    /** The number that cryo.h has for it. */
    public int value() {
        return value;
    }

    /** The one with this number; UNKNOWN where there is none. */
    public static DuplicatePolicy of(int value) {
        for (DuplicatePolicy each : values()) {
            if (each.value == value) {
                return each;
            }
        }
        return UNKNOWN;
    }
}
