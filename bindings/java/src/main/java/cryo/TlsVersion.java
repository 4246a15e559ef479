package cryo;

/** Versions of TLS. Written by bindings/api/update.py; do not edit. */
public enum TlsVersion {
    TLS_1_2(12),
    TLS_1_3(13),
    /** One that this package does not know: the library is newer. */
    UNKNOWN(-1);

    private final int value;

    TlsVersion(int value) {
        this.value = value;
    }

    /** The number that cryo.h has for it. */
    public int value() {
        return value;
    }

    /** The one with this number; UNKNOWN where there is none. */
    public static TlsVersion of(int value) {
        for (TlsVersion each : values()) {
            if (each.value == value) {
                return each;
            }
        }
        return UNKNOWN;
    }
}
