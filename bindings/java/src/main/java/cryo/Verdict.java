package cryo;

/** What becomes of a message whose hook has failed. Written by bindings/api/update.py; do not edit. */
public enum Verdict {
    PASS(1),
    STOP(2),
    /** One that this package does not know: the library is newer. */
    UNKNOWN(-1);

    private final int value;

    Verdict(int value) {
        this.value = value;
    }

    /** The number that cryo.h has for it. */
    public int value() {
        return value;
    }

    /** The one with this number; UNKNOWN where there is none. */
    public static Verdict of(int value) {
        for (Verdict each : values()) {
            if (each.value == value) {
                return each;
            }
        }
        return UNKNOWN;
    }
}
