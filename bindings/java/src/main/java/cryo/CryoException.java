package cryo;

/**
 * The library refused a call. Programs branch on {@link #status()}, one of the numbers of {@link Status}; some have a class of
 * their own.
 */
public class CryoException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String name;
    private final String text;

    CryoException(int status, String name, String text) {
        super(text.isEmpty() ? name : text + " (" + name + ")");
        this.status = status;
        this.name = name;
        this.text = text;
    }

    /** One of {@link Status}, always negative. */
    public int status() {
        return status;
    }

    /** Its name in cryo.h, "CRYO_ERR_CLOSED" for example. */
    public String name() {
        return name;
    }

    /** A sentence for people: what went wrong, where, and what to do. */
    public String text() {
        return text;
    }

    /** The session is closed or closing, or the server has stopped. */
    public static final class Closed extends CryoException {
        private static final long serialVersionUID = 1L;

        Closed(int status, String name, String text) {
            super(status, name, text);
        }
    }

    /**
     * The message was not taken: the session's queue is full, because its peer is slower than you send, or all sessions together
     * hold as many bytes as they may, or it owes as many receipts as it may.
     */
    public static final class Full extends CryoException {
        private static final long serialVersionUID = 1L;

        Full(int status, String name, String text) {
            super(status, name, text);
        }
    }

    /** Not now: already started, not connected, already settled, called from inside a handler. */
    public static final class State extends CryoException {
        private static final long serialVersionUID = 1L;

        State(int status, String name, String text) {
            super(status, name, text);
        }
    }

    /** Throws if the status is one of a failure; it must come from a call that this thread has just made. */
    static void check(int status) {
        if (status < 0) {
            throw of(status, Text.at(Abi.cryo_last_error()));
        }
    }

    static CryoException of(int status, String text) {
        String name = Text.at(Abi.cryo_status_name(status));
        switch (status) {
            case Status.CLOSED:
                return new Closed(status, name, text);
            case Status.FULL:
            case Status.TOTAL_FULL:
            case Status.RECEIPTS_FULL:
                return new Full(status, name, text);
            case Status.STATE:
                return new State(status, name, text);
            default:
                return new CryoException(status, name, text);
        }
    }
}
