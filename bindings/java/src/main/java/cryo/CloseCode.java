package cryo;

/** The close codes of the protocol, beside those of RFC 6455 section 7.4. Written by bindings/api/update.py; do not edit. */
public final class CloseCode {
    /** Wanted by either side. */
    public static final int GRACEFUL = 4000;
    /** The client's fault: silent, or it broke the protocol. */
    public static final int CLIENT_ERROR = 4001;
    /** The server's fault. */
    public static final int SERVER_ERROR = 4002;
    /** One side expects CALE encryption, the other does not. */
    public static final int CALE_MISMATCH = 4010;
    /** The CALE handshake failed. */
    public static final int CALE_HANDSHAKE = 4011;
    /** Seen only: the peer gave no code. */
    public static final int NO_STATUS = 1005;
    /** Seen only: the connection was lost without a close. */
    public static final int ABNORMAL = 1006;

    private CloseCode() {}
}
