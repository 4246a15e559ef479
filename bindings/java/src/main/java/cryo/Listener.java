package cryo;

/**
 * What a server or a client tells. Override what you need. All of it is called on one thread of the server's or client's own, one
 * call at a time, in order; what takes long belongs elsewhere. What a method throws goes to {@link #onError}, and ends nothing; but a
 * {@link CryoException.Closed} is not told: the peer has left meanwhile.
 */
public interface Listener {
    /** The server listens; host and port are what it really bound. */
    default void onListening(String host, int port) throws Exception {}

    /** A client was let in; of a client: it is connected for the first time. The first event of its session. */
    default void onSession(Session session) throws Exception {}

    /** A message has come. */
    default void onMessage(Session session, Message message) throws Exception {}

    /** The session is over: its last event. */
    default void onClosed(Session session, int code, String reason) throws Exception {}

    /** A statistic, at each tick of the keep-alive. */
    default void onStat(Session session, Stat stat, double value) throws Exception {}

    /** The connection is lost; the client tries again, or may come back. */
    default void onDisconnected(Session session, int code, String reason) throws Exception {}

    /** It is connected again. */
    default void onReconnected(Session session) throws Exception {}

    /** Clients and peers: an attempt to connect has failed. */
    default void onAttemptFailed(Session session, AttemptFailure failure) throws Exception {}

    /** Clients and peers: the message was sent and not acknowledged when the connection was lost. */
    default void onLost(Session session, Message message) throws Exception {}

    /** A message that was accepted is dropped. */
    default void onDropped(Session session, DropReason reason, Message message) throws Exception {}

    /** The queue was full, and flows again. */
    default void onWritable(Session session) throws Exception {}

    /** What became of a message that was sent with a number of your own. */
    default void onReceipt(Session session, long number, Receipt receipt) throws Exception {}

    /** A method of yours has thrown; {@code where} names it. By default it is printed on standard error. */
    default void onError(Throwable error, String where) {
        synchronized (System.err) {
            System.err.println("cryo: exception in " + where);
            error.printStackTrace();
        }
    }
}
