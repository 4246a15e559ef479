package cryo;

/** The kinds of a message. Written by bindings/api/update.py; do not edit. */
public enum MessageKind {
    UTF8(1),
    BINARY(2),
    /** One that this package does not know: the library is newer. */
    UNKNOWN(-1);

    private final int value;

    MessageKind(int value) {
        this.value = value;
    }

    /** The number that cryo.h has for it. */
    public int value() {
        return value;
    }

    /** The one with this number; UNKNOWN where there is none. */
    public static MessageKind of(int value) {
        for (MessageKind each : values()) {
            if (each.value == value) {
                return each;
            }
        }
        return UNKNOWN;
    }
}
