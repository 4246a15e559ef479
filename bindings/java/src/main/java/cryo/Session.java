package cryo;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One client that was let in, or a client's own end. Usable from any thread. The same session is always the same object. After
 * its closed event the library has let go of it: it knows its id still, and what it was asked before; other calls throw
 * {@link CryoException.Closed}.
 */
public final class Session {
    /** Where the library keeps what the validator has given. */
    static final String USER = "cryo.user";

    private final long handle;
    private final UUID id;
    private final Map<String, Object> values = new ConcurrentHashMap<>();
    private final Receipts receipts = new Receipts();
    private volatile boolean over;
    private String token;
    private String remoteAddress;
    private String path;

    /** Takes a handle that the caller has retained. */
    Session(long handle) {
        this.handle = handle;
        byte[] bytes = new byte[16];
        Abi.cryo_session_id(handle, bytes);
        this.id = Text.idOf(bytes);
    }

    // ---- sending

    /**
     * Sends a text. Returns at once; messages leave in the order of the calls.
     *
     * @throws CryoException.Full the peer is slower than you send, and nothing may give way
     * @throws CryoException.State a client that is not connected at the moment
     * @throws CryoException.Closed the session is closed or closing
     */
    public void send(String text) {
        send(Message.of(text));
    }

    /** Sends bytes, as {@link #send(String)}. */
    public void send(byte[] data) {
        send(Message.of(data));
    }

    /** Sends a message, as one that has come. */
    public void send(Message message) {
        CryoException.check(Abi.cryo_session_send(live(), message.kind().value(), message.data(), message.data().length));
    }

    /**
     * Sends with a key of 1 to 255 bytes, for {@link DropPolicy#DEDUPE_LATEST}: it takes the place of a queued message with the
     * same key. {@code receipt} is a positive number of yours, which comes back in {@link Listener#onReceipt}; 0: none.
     */
    public void send(Message message, String key, long receipt) {
        if (receipt < 0) {
            throw new IllegalArgumentException("receipt must be 0 or positive");
        }
        sendWith(message, key, receipt);
    }

    /**
     * Sends, and tells what became of the message. The future is completed on the thread of the events, always, whatever
     * happens; it fails only where the message is not taken.
     */
    public CompletableFuture<Receipt> sendForReceipt(Message message) {
        return sendForReceipt(message, null);
    }

    /** The same with a key (null: none). */
    public CompletableFuture<Receipt> sendForReceipt(Message message, String key) {
        CompletableFuture<Receipt> future = new CompletableFuture<>();
        long number = receipts.add(future);
        try {
            sendWith(message, key, number);
        } catch (RuntimeException error) {
            receipts.take(number);
            future.completeExceptionally(error);
        }
        return future;
    }

    private void sendWith(Message message, String key, long number) {
        CryoException.check(Abi.cryo_session_send_with(
                live(), message.kind().value(), message.data(), message.data().length, Text.of(key), number));
    }

    /** With the server's option manualAck: you are done with the message. False: its connection was lost since, and it comes again. */
    public boolean ack(Message message) {
        return ack(message.id());
    }

    /** The same by {@link Message#id}. */
    public boolean ack(long messageId) {
        int status = Abi.cryo_message_ack(live(), messageId);
        if (status == Status.STATE) {
            return false;
        }
        CryoException.check(status);
        return true;
    }

    /** No messages for now; what comes is kept, up to 64 KiB, then the peer is held up. */
    public void pauseReading() {
        CryoException.check(Abi.cryo_session_pause_reading(live()));
    }

    /** Messages again. */
    public void resumeReading() {
        CryoException.check(Abi.cryo_session_resume_reading(live()));
    }

    /** Sends a ping now, beside those of the keep-alive. */
    public void ping() {
        CryoException.check(Abi.cryo_session_ping(live()));
    }

    /** Closes with 4000 and no reason. */
    public void close() {
        close(CloseCode.GRACEFUL, "");
    }

    /**
     * Closes, after what was sent before has left. {@code code} is one of 1000 to 1003, 1007 to 1009, 1011 to 1014 or 3000 to
     * 4999; {@code reason} is cut to 123 bytes of UTF-8. What is closed or closing stays as it is.
     */
    public void close(int code, String reason) {
        if (over) {
            return;
        }
        int status = Abi.cryo_session_close(handle, code, Text.of(reason));
        if (status != Status.CLOSED && status != Status.HANDLE) {
            CryoException.check(status);
        }
    }

    /** Closes with 4001 {@code Token expired.} in so many milliseconds; 0: at once; Long.MAX_VALUE: never. */
    public void setExpiry(long ms) {
        CryoException.check(Abi.cryo_session_set_expiry_ms(live(), ms));
    }

    // ---- asking

    /** The id that the client chose. */
    public UUID id() {
        return id;
    }

    /** The token that the client was let in with. */
    public synchronized String token() {
        if (token == null) {
            token = Text.read((out, capacity, length) -> Abi.cryo_session_token(live(), out, capacity, length));
        }
        return token;
    }

    /** The client's address: "192.0.2.7:54321", "[2001:db8::1]:54321". */
    public synchronized String remoteAddress() {
        if (remoteAddress == null) {
            remoteAddress = Text.read((out, capacity, length) -> Abi.cryo_session_remote_address(live(), out, capacity, length));
        }
        return remoteAddress;
    }

    /** The address of the trusted proxy that has told the client's; "": none has. */
    public String proxyAddress() {
        return Text.read((out, capacity, length) -> Abi.cryo_session_proxy_address(live(), out, capacity, length));
    }

    /** The path of the request, without the query. */
    public synchronized String path() {
        if (path == null) {
            path = Text.read((out, capacity, length) -> Abi.cryo_session_path(live(), out, capacity, length));
        }
        return path;
    }

    /** A query parameter, decoded; null: there is none of that name. */
    public String parameter(String name) {
        byte[] wanted = Text.of(name);
        return Text.find((out, capacity, length) -> Abi.cryo_session_parameter(live(), wanted, out, capacity, length));
    }

    /** All query parameters but the token, decoded, in the order of the request; of several with one name, the first. */
    public Map<String, String> parameters() {
        Map<String, String> found = new LinkedHashMap<>();
        long[] nameLength = new long[1];
        long[] valueLength = new long[1];
        for (long index = 0; ; index++) {
            int status = Abi.cryo_session_parameter_at(live(), index, null, 0, nameLength, null, 0, valueLength);
            if (status == Status.NOT_FOUND) {
                return found;
            }
            CryoException.check(status);
            byte[] name = new byte[(int) nameLength[0] + 1];
            byte[] value = new byte[(int) valueLength[0] + 1];
            CryoException.check(Abi.cryo_session_parameter_at(
                    live(), index, name, name.length, nameLength, value, value.length, valueLength));
            found.putIfAbsent(
                    new String(name, 0, name.length - 1, StandardCharsets.UTF_8),
                    new String(value, 0, value.length - 1, StandardCharsets.UTF_8));
        }
    }

    /** A header of the request that the server's option addSessionHeader names; null: none. */
    public String header(String name) {
        byte[] wanted = Text.of(name);
        return Text.find((out, capacity, length) -> Abi.cryo_session_header(live(), wanted, out, capacity, length));
    }

    /** A text that the validator has set ({@link Auth#setClaim}); null: none. */
    public String claim(String name) {
        byte[] wanted = Text.of(name);
        return Text.find((out, capacity, length) -> Abi.cryo_session_claim(live(), wanted, out, capacity, length));
    }

    /** What the validator has let the client in with ({@link Auth#accept(Object)}); null: nothing. */
    public Object user() {
        long[] number = new long[1];
        int status = Abi.cryo_session_get(live(), Text.of(USER), number);
        if (status == Status.NOT_FOUND) {
            return null;
        }
        CryoException.check(status);
        return Kept.get(number[0]);
    }

    /** The certificate that the client has shown; null: none. */
    public PeerCertificate peerCertificate() {
        return PeerCertificate.read(
                (out, capacity, length) -> Abi.cryo_session_peer_certificate_subject(live(), out, capacity, length),
                (index, out, capacity, length) -> Abi.cryo_session_peer_certificate_name(live(), index, out, capacity, length),
                (out, capacity, length) -> Abi.cryo_session_peer_certificate_fingerprint(live(), out, capacity, length));
    }

    /** Whether messages can be sent. */
    public boolean isOpen() {
        return !over && Abi.cryo_session_is_open(handle) != 0;
    }

    /** Whether CALE encrypts what is sent and received. TLS is another matter. */
    public boolean isSecure() {
        return Abi.cryo_session_is_secure(live()) != 0;
    }

    /** Whether this server has opened it ({@link Server#connectPeer}). */
    public boolean isPeer() {
        return Abi.cryo_session_is_peer(live()) != 0;
    }

    /** All that it counts. */
    public SessionStats stats() {
        return new SessionStats(this);
    }

    /** One of them, as it stands now; NaN: no round trip was measured yet. */
    public double stat(Stat stat) {
        double[] out = new double[1];
        int status = Abi.cryo_session_stat(live(), stat.value(), out);
        if (status == Status.NOT_FOUND) {
            return Double.NaN;
        }
        CryoException.check(status);
        return out[0];
    }

    // ---- values of the application's

    /** The value that was put with this key; null: none. They are kept until the last reference to this object goes. */
    public Object get(String key) {
        return values.get(key);
    }

    /** Keeps a value with the session; null removes it. */
    public void put(String key, Object value) {
        if (value == null) {
            values.remove(key);
        } else {
            values.put(key, value);
        }
    }

    @Override
    public String toString() {
        return "cryo.Session " + id;
    }

    // ---- for the package

    long handle() {
        return handle;
    }

    Receipts receipts() {
        return receipts;
    }

    /** It had its last event. */
    void ended() {
        over = true;
        receipts.closed();
        Abi.cryo_session_release(handle);
    }

    private long live() {
        if (over) {
            throw CryoException.of(Status.CLOSED, "the session has closed");
        }
        return handle;
    }
}
