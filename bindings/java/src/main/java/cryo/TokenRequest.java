package cryo;

/**
 * With which token shall a client, or a peer, connect? Answer with {@link #give} or {@link #fail}, now or later, from any thread. One
 * that is left alone fails after the option connectTimeoutMs. The methods return false where the answer came too late.
 */
public final class TokenRequest extends Ticket {
    private final Session session;

    TokenRequest(long handle, Session session) {
        super(handle);
        this.session = session;
    }

    /** Whose it is. */
    public Session session() {
        return session;
    }

    /** The token for the attempt. An empty one throws, and the ticket waits on. */
    public boolean give(String token) {
        return settled(Abi.cryo_token_give(handle, Text.of(token)));
    }

    /** There is none, for a reason (null: none) that {@link Listener#onAttemptFailed} tells. */
    public boolean fail(String reason) {
        return settled(Abi.cryo_token_fail(handle, Text.cut(reason)));
    }
}
