package cryo;

/** An attempt of a client, or a peer, to connect has failed. */
public final class AttemptFailure {
    private final int status;
    private final int httpStatus;
    private final String text;
    private final long retryMs;

    AttemptFailure(int status, int httpStatus, String text, long retryMs) {
        this.status = status;
        this.httpStatus = httpStatus;
        this.text = text;
        this.retryMs = retryMs;
    }

    /** Why, one of {@link Status}. */
    public int status() {
        return status;
    }

    /** The server's answer to the upgrade; 0: there was none. */
    public int httpStatus() {
        return httpStatus;
    }

    /** The same for people. */
    public String text() {
        return text;
    }

    /** Milliseconds until the next attempt; -1: none follows, and the session closes. */
    public long retryMs() {
        return retryMs;
    }

    @Override
    public String toString() {
        return text;
    }
}
