package cryo;

/** What a session counts, as it stood when it was asked. */
public final class SessionStats {
    private final double rtt;
    private final long bytesRx;
    private final long bytesTx;
    private final long ackTimeouts;
    private final long queuedBytes;
    private final long queuedCount;

    SessionStats(Session session) {
        rtt = session.stat(Stat.RTT);
        bytesRx = (long) session.stat(Stat.BYTES_RX);
        bytesTx = (long) session.stat(Stat.BYTES_TX);
        ackTimeouts = (long) session.stat(Stat.ACK_TIMEOUT);
        queuedBytes = (long) session.stat(Stat.QUEUED_BYTES);
        queuedCount = (long) session.stat(Stat.QUEUED_COUNT);
    }

    /** Moving average from message to acknowledgement, in milliseconds; NaN before the first. */
    public double rtt() {
        return rtt;
    }

    /** WebSocket payload bytes received. */
    public long bytesRx() {
        return bytesRx;
    }

    /** WebSocket payload bytes handed to the transport. */
    public long bytesTx() {
        return bytesTx;
    }

    /** Messages that were not acknowledged in time. */
    public long ackTimeouts() {
        return ackTimeouts;
    }

    /** Bytes sent by the application and not yet taken by the operating system. */
    public long queuedBytes() {
        return queuedBytes;
    }

    /** Messages sent by the application that have not begun to leave. */
    public long queuedCount() {
        return queuedCount;
    }
}
