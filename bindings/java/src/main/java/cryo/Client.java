package cryo;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * One session from its side: it connects, and when the connection is lost, connects again with the same id. It can be started once.
 * It ends by {@link #close}, or when the server has refused it for good; {@link Listener#onClosed} tells.
 */
public final class Client extends Endpoint {
    private final ClientOptions options;
    private final TokenProvider provider;
    private volatile Session session;

    /** To a server ("ws://host:port/path", "wss://…", "ws+unix:/path") with a token. */
    public Client(String url, String token, Listener listener) {
        this(new ClientOptions().url(url).token(token), listener);
    }

    /** Throws CryoException where an option is wrong. */
    public Client(ClientOptions options, Listener listener) {
        this(options, null, listener);
    }

    /** With a token provider in the place of the option token (null: none). */
    public Client(ClientOptions options, TokenProvider provider, Listener listener) {
        super(Objects.requireNonNull(listener));
        this.options = Objects.requireNonNull(options);
        this.provider = provider;
        Abi.cryo_client_options_free(makeOptions(options, provider != null));
    }

    /**
     * Begins to connect, and returns at once; the listener is told the rest. The CryoException's status may be STATE (started before),
     * INVALID (no URL, no token), SYSTEM, or one of those that begin with TLS.
     */
    public Client start() {
        startUp();
        return this;
    }

    /** Begins to close for good, connected or not, with 4000. */
    @Override
    public void stop() {
        stop(CloseCode.GRACEFUL, "");
    }

    /** The same with a code and a reason, as {@link Session#close(int, String)}. */
    public void stop(int code, String reason) {
        int status = Abi.cryo_client_close(handle(), code, Text.of(reason));
        if (status == Status.INVALID) {
            CryoException.check(status);
        }
    }

    /** Its session, the same one from the start to the end. */
    public Session session() {
        if (session == null) {
            throw CryoException.of(Status.STATE, "the client was not started");
        }
        return session;
    }

    /** Sends a text: see {@link Session#send(String)}. */
    public void send(String text) {
        session().send(text);
    }

    /** Sends bytes. */
    public void send(byte[] data) {
        session().send(data);
    }

    /** Sends a message, and tells what became of it: see {@link Session#sendForReceipt(Message)}. */
    public CompletableFuture<Receipt> sendForReceipt(Message message) {
        return session().sendForReceipt(message);
    }

    /** Another token, from the next attempt to connect on. With a token provider: CryoException.State. */
    public void setToken(String token) {
        CryoException.check(Abi.cryo_client_set_token(running(), Text.of(token)));
    }

    // ---- for the endpoint

    static long makeOptions(ClientOptions options, boolean withProvider) {
        long[] out = new long[1];
        CryoException.check(Abi.cryo_client_options_new(out));
        try {
            options.apply(out[0]);
            if (withProvider) {
                CryoException.check(Abi.cryo_client_options_set_token_provider(out[0], null, 0, null));
            }
            return out[0];
        } catch (RuntimeException error) {
            Abi.cryo_client_options_free(out[0]);
            throw error;
        }
    }

    @Override
    long make(long events) {
        long made = makeOptions(options, provider != null);
        try {
            long[] out = new long[1];
            CryoException.check(Abi.cryo_client_options_set_events(made, events));
            CryoException.check(Abi.cryo_client_new(made, out));
            return out[0];
        } finally {
            Abi.cryo_client_options_free(made);
        }
    }

    @Override
    void begin(long made) {
        session = sessions.lent(Abi.cryo_client_session(made));
        CryoException.check(Abi.cryo_client_start(made));
    }

    @Override
    int waitFor(long made, int timeoutMs) {
        return Abi.cryo_client_wait(made, timeoutMs);
    }

    @Override
    void free(long made) {
        Abi.cryo_client_free(made);
    }

    @Override
    int addTo(long made, long extension) {
        return Abi.cryo_client_add_extension(made, extension);
    }

    @Override
    int removeFrom(long made, String name) {
        return Abi.cryo_client_remove_extension(made, Text.of(name));
    }

    @Override
    int findIn(long made, String name, long[] out) {
        return Abi.cryo_client_find_extension(made, Text.of(name), out);
    }

    @Override
    void validate(Auth auth) {
        auth.reject(); // nobody asks a client
    }

    @Override
    void provide(TokenRequest request) throws Exception {
        provider.provide(request);
    }
}
