package cryo;

/** What gives way when a session's queue is held and full. Written by bindings/api/update.py; do not edit. */
public enum DropPolicy {
    /** Queued messages go, the oldest first, until the new one fits. */
    OLDEST(1),
    /** The new message is refused. */
    NEWEST(2),
    /**
     * A queued message with the same key, or else of the same kind and content, is replaced in its place; when the queue
     * is full, the oldest one of the same kind. If the new one is longer, others give way until it fits, the oldest first,
     * its own kind before the other. Only one that is larger than the whole queue may be is refused: what is queued is
     * always the latest
     */
    DEDUPE_LATEST(3),
    /** One that this package does not know: the library is newer. */
    UNKNOWN(-1);

    private final int value;

    DropPolicy(int value) {
        this.value = value;
    }

    /** The number that cryo.h has for it. */
    public int value() {
        return value;
    }

    /** The one with this number; UNKNOWN where there is none. */
    public static DropPolicy of(int value) {
        for (DropPolicy each : values()) {
            if (each.value == value) {
                return each;
            }
        }
        return UNKNOWN;
    }
}
