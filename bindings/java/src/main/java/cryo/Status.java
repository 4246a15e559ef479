package cryo;

/** How a call ended: 0, or what went wrong. Written by bindings/api/update.py; do not edit. */
public final class Status {
    public static final int OK = 0;
    /** An argument is NULL, out of range or malformed. */
    public static final int INVALID = -1;
    /** A handle is NULL, was freed, or is of another type. */
    public static final int HANDLE = -2;
    /** Not now: already started, not connected, already settled, called from inside a callback, …. */
    public static final int STATE = -3;
    /** Memory ran out. */
    public static final int NO_MEMORY = -4;
    /** The session is closed or closing; the server has stopped. */
    public static final int CLOSED = -5;
    /** The session's send queue is full: its peer is slower than you send. */
    public static final int FULL = -6;
    /** A message is longer than any peer could be sent. */
    public static final int TOO_BIG = -7;
    /** Nothing came within the time given. */
    public static final int TIMEOUT = -8;
    /** There is no such thing: parameter, key, session, sample. */
    public static final int NOT_FOUND = -9;
    /** The buffer is too small; *len has the length that is needed. */
    public static final int BUFFER = -10;
    /** The host is no address of this machine, or cannot be resolved. */
    public static final int ADDRESS = -11;
    /** Another program listens on that port. */
    public static final int ADDRESS_IN_USE = -12;
    /** The system does not allow it: a port below 1024, a file that may not be read. */
    public static final int PERMISSION = -13;
    /** A certificate or key file does not exist or cannot be read. */
    public static final int TLS_FILE = -14;
    /** No certificate could be read from what was given. */
    public static final int TLS_CERTIFICATE = -15;
    /** No private key could be read from what was given. */
    public static final int TLS_KEY = -16;
    /** The key does not belong to the certificate. */
    public static final int TLS_MISMATCH = -17;
    /** The certificate is no longer, or not yet, valid. */
    public static final int TLS_EXPIRED = -18;
    /** TLS could not be set up for another reason. */
    public static final int TLS = -19;
    /** The operating system refused: the text has its words. */
    public static final int SYSTEM = -20;
    /** Not on this platform or not in this build. */
    public static final int UNSUPPORTED = -21;
    /** A defect of this library: please report it. */
    public static final int INTERNAL = -22;
    /** All sessions together hold as many bytes as they may. */
    public static final int TOTAL_FULL = -23;
    /** The session owes as many receipts as it may. */
    public static final int RECEIPTS_FULL = -24;
    /** There is one of that name already. */
    public static final int EXISTS = -25;
    /** There is no such host, or its name could not be looked up. */
    public static final int RESOLVE = -30;
    /** The host refused the connection or could not be reached. */
    public static final int CONNECT = -31;
    /** The server answered, but not with a WebSocket: the text has its words. */
    public static final int HTTP = -32;
    /** The server's certificate is for another name. */
    public static final int TLS_NAME = -33;
    /** The server's certificate is signed by nobody whom this side trusts. */
    public static final int TLS_UNTRUSTED = -34;
    /** The token provider has no token: the text has its words. */
    public static final int TOKEN = -35;

    private Status() {}
}
