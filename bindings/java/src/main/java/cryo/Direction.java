package cryo;

/** Which way a message goes. Written by bindings/api/update.py; do not edit. */
public enum Direction {
    BEFORE_SEND(1),
    ON_RECEIVE(2),
    /** One that this package does not know: the library is newer. */
    UNKNOWN(-1);

    private final int value;

    Direction(int value) {
        this.value = value;
    }

    /** The number that cryo.h has for it. */
    public int value() {
        return value;
    }

    /** The one with this number; UNKNOWN where there is none. */
    public static Direction of(int value) {
        for (Direction each : values()) {
            if (each.value == value) {
                return each;
            }
        }
        return UNKNOWN;
    }
}
