package cryo;

/** Why a message was dropped. Written by bindings/api/update.py; do not edit. */
public enum DropReason {
    /** It made room for a newer one: by CRYO_DROP_OLDEST, or by CRYO_DEDUPE_LATEST for a longer one. */
    OLDEST(1),
    /** There was no room for it when it reached the queue. */
    REFUSED(2),
    /** By CRYO_DEDUPE_LATEST: a newer one stands in its place. */
    REPLACED(3),
    /** All sessions together held as many bytes as they may. */
    TOTAL(4),
    /** One that this package does not know: the library is newer. */
    UNKNOWN(-1);

    private final int value;

    DropReason(int value) {
        this.value = value;
    }

    /** The number that cryo.h has for it. */
    public int value() {
        return value;
    }

    /** The one with this number; UNKNOWN where there is none. */
    public static DropReason of(int value) {
        for (DropReason each : values()) {
            if (each.value == value) {
                return each;
            }
        }
        return UNKNOWN;
    }
}
