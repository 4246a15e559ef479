package cryo;

/** How a message that was sent with a receipt ended. Written by bindings/api/update.py; do not edit. */
public enum Outcome {
    /** The peer has it. */
    ACKNOWLEDGED(1),
    /** It left, and was not acknowledged in time. */
    TIMED_OUT(2),
    /** It did not leave: the queue was full. */
    DROPPED(3),
    /** It did not leave: an extension stopped it. */
    VETOED(4),
    /** The session closed, or its connection was lost, before one of these was known. */
    CLOSED(5),
    /**
     * The peer closed the connection because of it: it is too big (1009), or against its rules (1007, 1008). It is not
     * sent again
     */
    REFUSED(6),
    /** One that this package does not know: the library is newer. */
    UNKNOWN(-1);

    private final int value;

    Outcome(int value) {
        this.value = value;
    }

    /** The number that cryo.h has for it. */
    public int value() {
        return value;
    }

    /** The one with this number; UNKNOWN where there is none. */
    public static Outcome of(int value) {
        for (Outcome each : values()) {
            if (each.value == value) {
                return each;
            }
        }
        return UNKNOWN;
    }
}
