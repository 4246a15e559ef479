package cryo;

/**
 * Shall this client come in? Answer with {@link #accept}, {@link #replace}, {@link #reject} or {@link #refuse}, now or later, from
 * any thread. The first answer counts; the methods return false where it came too late. A ticket that is left alone is rejected
 * after the option validationTimeoutMs. Until it is answered it tells what is known of the client; afterwards that throws
 * {@link CryoException.State} or a CryoException with {@link Status#HANDLE}.
 */
public final class Auth extends Ticket {
    private final String token;

    Auth(long handle, String token) {
        super(handle);
        this.token = token;
    }

    /** The token that the client has sent. */
    public String token() {
        return token;
    }

    /** Lets the client in. */
    public boolean accept() {
        return settled(Abi.cryo_auth_accept(handle));
    }

    /** Lets the client in with something that you know of it, which is {@link Session#user} then. */
    public boolean accept(Object user) {
        return give(user) && accept();
    }

    /**
     * Lets the client in, also in the place of a live session with the same id, whatever its token, which closes with 4000 {@code
     * Taken over.} Only where both belong to the same user.
     */
    public boolean replace() {
        return settled(Abi.cryo_auth_replace(handle));
    }

    /** The same with something that you know of the client. */
    public boolean replace(Object user) {
        return give(user) && replace();
    }

    /** Refuses with 401 and a reason of one line (null: none) that is shown to the client. */
    public boolean reject(String reason) {
        return settled(Abi.cryo_auth_reject(handle, Text.of(reason)));
    }

    /** Refuses with 401. */
    public boolean reject() {
        return reject(null);
    }

    /**
     * Refuses with a status of 400 to 599 and a text of at most 4096 bytes (null: none). {@code retryAfterMs}: when the client may
     * come back, up to 2^32 - 1; 0 says nothing of it.
     */
    public boolean refuse(int httpStatus, String body, long retryAfterMs) {
        Options.checkRange("retryAfterMs", retryAfterMs, 0, 0xFFFFFFFFL);
        return settled(Abi.cryo_auth_refuse(handle, httpStatus, Text.of(body), (int) retryAfterMs));
    }

    /** A text that is known of the client, for {@link Session#claim}; null takes it back. */
    public void setClaim(String name, String value) {
        CryoException.check(Abi.cryo_auth_set_claim(handle, Text.of(name), Text.of(value)));
    }

    /** How long the token is good, in milliseconds from now: the session closes then with 4001 {@code Token expired.} */
    public void setExpiry(long ms) {
        CryoException.check(Abi.cryo_auth_set_expiry_ms(handle, ms));
    }

    /** The client's address: "192.0.2.7:54321", "[2001:db8::1]:54321". */
    public String remoteAddress() {
        return Text.read((out, capacity, length) -> Abi.cryo_auth_remote_address(handle, out, capacity, length));
    }

    /** The address of the trusted proxy that has told the client's; "": none has. */
    public String proxyAddress() {
        return Text.read((out, capacity, length) -> Abi.cryo_auth_proxy_address(handle, out, capacity, length));
    }

    /** The path of the request, without the query. */
    public String path() {
        return Text.read((out, capacity, length) -> Abi.cryo_auth_path(handle, out, capacity, length));
    }

    /** A query parameter, decoded; null: none. The session id that the client asks for is "x-cryo-sid", and not checked yet. */
    public String parameter(String name) {
        byte[] wanted = Text.of(name);
        return Text.find((out, capacity, length) -> Abi.cryo_auth_parameter(handle, wanted, out, capacity, length));
    }

    /** A header of the request, by its name in any case; several of one name are joined; null: none. */
    public String header(String name) {
        byte[] wanted = Text.of(name);
        return Text.find((out, capacity, length) -> Abi.cryo_auth_header(handle, wanted, out, capacity, length));
    }

    /** The certificate that the client has shown; null: none. */
    public PeerCertificate peerCertificate() {
        return PeerCertificate.read(
                (out, capacity, length) -> Abi.cryo_auth_peer_certificate_subject(handle, out, capacity, length),
                (index, out, capacity, length) -> Abi.cryo_auth_peer_certificate_name(handle, index, out, capacity, length),
                (out, capacity, length) -> Abi.cryo_auth_peer_certificate_fingerprint(handle, out, capacity, length));
    }

    private boolean give(Object user) {
        long number = Kept.keep(user);
        int status = Abi.cryo_auth_set(handle, Text.of(Session.USER), number, Kept.FINALIZER);
        if (status != Status.OK) {
            Kept.drop(number);
            return settled(status);
        }
        return true;
    }
}
