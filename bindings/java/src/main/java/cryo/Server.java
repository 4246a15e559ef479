package cryo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Accepts WebSocket connections, asks the validator about the token of each, and tells its listener of the sessions. It can be started
 * once; start and close it with try-with-resources, or {@link #run} it.
 */
public final class Server extends Endpoint {
    private final ServerOptions options;
    private final Validator validator;
    private final Map<Long, TokenProvider> providers = new ConcurrentHashMap<>();
    private volatile int port;

    /** Throws CryoException where an option is wrong. */
    public Server(ServerOptions options, Validator validator, Listener listener) {
        super(Objects.requireNonNull(listener));
        this.options = Objects.requireNonNull(options);
        this.validator = Objects.requireNonNull(validator);
        Abi.cryo_server_options_free(makeOptions(options));
        if (validator instanceof AsyncValidator) {
            ((AsyncValidator) validator).reportTo(this::report);
        }
    }

    // ---- running

    /**
     * Binds and listens: when it returns, clients can connect. The CryoException's status may be ADDRESS, ADDRESS_IN_USE, PERMISSION,
     * SYSTEM, UNSUPPORTED, one of those that begin with TLS, or STATE: it was started before. After a failure it can be tried again.
     */
    public Server start() {
        startUp();
        return this;
    }

    /** Starts it and waits until it has stopped. SIGINT and SIGTERM end the program, which closes it. */
    public void run() throws InterruptedException {
        start();
        await();
    }

    /** Begins to stop and returns at once: no new clients; sessions close with 4000, after what was sent before. */
    @Override
    public void stop() {
        Abi.cryo_server_stop(handle());
    }

    /** Stops gently: nobody is let in any more, and sessions close evenly spread until the deadline, with 4000. */
    public void drain(long deadlineMs, long batchMs) {
        drain(deadlineMs, batchMs, CloseCode.GRACEFUL, "Server shutdown.", 0);
    }

    /**
     * The same with a close of your choice. Every {@code batchMs} some sessions are closed (0: none before the deadline). {@code
     * retryMs}, 3600000 at most: when clients may come back; 0 says nothing of it.
     */
    public void drain(long deadlineMs, long batchMs, int code, String reason, long retryMs) {
        Options.checkRange("deadlineMs", deadlineMs, 0, 0xFFFFFFFFL);
        Options.checkRange("batchMs", batchMs, 0, 0xFFFFFFFFL);
        Options.checkRange("retryMs", retryMs, 0, 0xFFFFFFFFL);
        CryoException.check(Abi.cryo_server_drain_with(
                running(), (int) deadlineMs, (int) batchMs, code, Text.of(reason), (int) retryMs));
    }

    /** The port that it listens on; 0 before the start, and for a Unix-domain socket. */
    public int port() {
        return port;
    }

    /** What carries its connections. */
    public Transport transport() {
        return Transport.of(Abi.cryo_server_transport(running()));
    }

    // ---- TLS

    /** Exchanges what the server shows by TLS: new connections get what the options have of it. When it throws, nothing changed. */
    public void setTls(ServerOptions tls) {
        long made = makeOptions(tls);
        try {
            CryoException.check(Abi.cryo_server_set_tls(running(), made));
        } finally {
            Abi.cryo_server_options_free(made);
        }
    }

    /** The same with what it has, all files read again, as after a renewal. */
    public void reloadTls() {
        CryoException.check(Abi.cryo_server_set_tls(running(), 0));
    }

    /** Other keys for session tickets, 80 bytes each; null: keys of its own. */
    public void setTlsTicketKeys(byte[] keys) {
        CryoException.check(Abi.cryo_server_set_tls_ticket_keys(running(), keys, Options.length(keys)));
    }

    // ---- sessions

    /** How many sessions are live. */
    public long sessionCount() {
        return Abi.cryo_server_session_count(handle());
    }

    /** The live sessions. */
    public List<Session> sessions() {
        long made = running();
        long[] count = new long[] {Abi.cryo_server_session_count(made)};
        long[] handles;
        do {
            handles = new long[(int) count[0] + 16];
            CryoException.check(Abi.cryo_server_sessions(made, handles, handles.length, count));
            for (int at = handles.length; count[0] > handles.length && at > 0; at--) {
                Abi.cryo_session_release(handles[at - 1]); // more have come: once more
            }
        } while (count[0] > handles.length);
        List<Session> found = new ArrayList<>();
        for (int at = 0; at < count[0]; at++) {
            found.add(sessions.given(handles[at]));
        }
        return found;
    }

    /** The live session with this id; null: none. */
    public Session find(UUID id) {
        long[] out = new long[1];
        int status = Abi.cryo_server_find_session(running(), Text.bytesOf(id), out);
        if (status == Status.NOT_FOUND) {
            return null;
        }
        CryoException.check(status);
        return sessions.given(out[0]);
    }

    /** Sends a text to every live session; how many that were. */
    public long broadcast(String text) {
        return broadcast(Message.of(text), null);
    }

    /** Sends bytes to every live session; how many that were. */
    public long broadcast(byte[] data) {
        return broadcast(Message.of(data), null);
    }

    /** Sends to every live session but one (null: to all). For those that refuse it, {@link Listener#onDropped} tells. */
    public long broadcast(Message message, Session except) {
        long[] count = new long[1];
        CryoException.check(Abi.cryo_server_broadcast(running(), message.kind().value(), message.data(), message.data().length,
                except == null ? 0 : except.handle(), count));
        return count[0];
    }

    /** Opens a session from this server to another one: a peer, which comes back after a loss. This listener is told of it. */
    public Session connectPeer(ClientOptions options) {
        return connectPeer(options, null);
    }

    /** The same with a token provider (null: none). */
    public Session connectPeer(ClientOptions options, TokenProvider provider) {
        long made = Client.makeOptions(options, provider != null);
        long[] out = new long[1];
        try {
            synchronized (providers) { // its first question may come before this call returns
                CryoException.check(Abi.cryo_server_connect_peer(running(), made, out));
                if (provider != null) {
                    providers.put(out[0], provider);
                }
            }
        } finally {
            Abi.cryo_client_options_free(made);
        }
        return sessions.given(out[0]);
    }

    // ---- figures

    /** What the server counts, all kinds together. */
    public double stat(ServerStat stat) {
        return stat(stat, 0);
    }

    /** The same for one kind: a status of HTTP, or the value of a {@link DropReason} or {@link Outcome}. */
    public double stat(ServerStat stat, int of) {
        double[] out = new double[1];
        CryoException.check(Abi.cryo_server_stat(running(), stat.value(), of, out));
        return out[0];
    }

    /** All of it in the text format of Prometheus, version 0.0.4. */
    public String metrics() {
        long made = running();
        return Text.read((out, capacity, length) -> Abi.cryo_server_metrics(made, out, capacity, length));
    }

    // ---- for the endpoint

    private static long makeOptions(ServerOptions options) {
        long[] out = new long[1];
        CryoException.check(Abi.cryo_server_options_new(out));
        try {
            options.apply(out[0]);
            return out[0];
        } catch (RuntimeException error) {
            Abi.cryo_server_options_free(out[0]);
            throw error;
        }
    }

    @Override
    long make(long events) {
        long made = makeOptions(options);
        try {
            long[] out = new long[1];
            CryoException.check(Abi.cryo_server_options_set_events(made, events));
            CryoException.check(Abi.cryo_server_new(made, out));
            return out[0];
        } finally {
            Abi.cryo_server_options_free(made);
        }
    }

    @Override
    void begin(long made) {
        CryoException.check(Abi.cryo_server_start(made));
        port = Abi.cryo_server_port(made) & 0xFFFF;
    }

    @Override
    int waitFor(long made, int timeoutMs) {
        return Abi.cryo_server_wait(made, timeoutMs);
    }

    @Override
    void free(long made) {
        Abi.cryo_server_free(made);
    }

    @Override
    int addTo(long made, long extension) {
        return Abi.cryo_server_add_extension(made, extension);
    }

    @Override
    int removeFrom(long made, String name) {
        return Abi.cryo_server_remove_extension(made, Text.of(name));
    }

    @Override
    int findIn(long made, String name, long[] out) {
        return Abi.cryo_server_find_extension(made, Text.of(name), out);
    }

    @Override
    void validate(Auth auth) throws Exception {
        validator.validate(auth);
    }

    @Override
    void provide(TokenRequest request) throws Exception {
        TokenProvider provider;
        synchronized (providers) {
            provider = providers.get(request.session().handle());
        }
        if (provider == null) {
            request.fail("there is no token provider");
        } else {
            provider.provide(request);
        }
    }

    @Override
    void forget(Session session) {
        providers.remove(session.handle());
    }
}
