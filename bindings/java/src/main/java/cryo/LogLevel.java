package cryo;

/** How much is logged. Written by bindings/api/update.py; do not edit. */
public enum LogLevel {
    OFF(0),
    ERROR(1),
    WARNING(2),
    INFO(3),
    DEBUG(4),
    /** One that this package does not know: the library is newer. */
    UNKNOWN(-1);

    private final int value;

    LogLevel(int value) {
        this.value = value;
    }

    /** The number that cryo.h has for it. */
    public int value() {
        return value;
    }

    /** The one with this number; UNKNOWN where there is none. */
    public static LogLevel of(int value) {
        for (LogLevel each : values()) {
            if (each.value == value) {
                return each;
            }
        }
        return UNKNOWN;
    }
}
